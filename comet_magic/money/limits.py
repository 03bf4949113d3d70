"""The settings that limit what a kernel uses: their rows in the table of words.

They stand apart from `Budget`, which loading the magics does not need.
"""

from ..words import Word, number, whole

_MOST = 1_000_000_000_000
# In the order of the fields of `Use` and `Budget`.
LIMITS = {
    "budget_requests": Word(
        whole(0, most=_MOST),
        "requests that this kernel may send; None: COMET_BUDGET_REQUESTS, else any number",
        variable="COMET_BUDGET_REQUESTS",
    ),
    "budget_tokens": Word(
        whole(0, most=_MOST),
        "tokens that this kernel may use; None: COMET_BUDGET_TOKENS, else any number",
        variable="COMET_BUDGET_TOKENS",
    ),
    "budget_cost": Word(
        number(0, _MOST, "a number of US dollars from 0 up"),
        "US dollars that this kernel may cost; None: COMET_BUDGET_COST, else any amount",
        variable="COMET_BUDGET_COST",
    ),
}
