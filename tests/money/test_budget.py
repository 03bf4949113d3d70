"""What a budget allows, before anything is sent."""

import re
from typing import Any

import pytest

from comet_magic.errors import BudgetError
from comet_magic.money.budget import Budget, Need, Use, shares
from comet_magic.money.prices import Price
from comet_magic.settings.settings import Settings

PICTURE = Price(per_request=0.1)


def need(price: Price | None = None, **parameters: Any) -> Need:
    """Of a request to a model with this price."""
    return Need.of("a-model", parameters, price)


@pytest.mark.parametrize(
    ("budget", "used", "under_way", "needs"),
    [
        pytest.param(Budget(), Use(10**6, 10**9, 10**6), Use(), [need()], id="no-limit"),
        pytest.param(Budget(requests=3), Use(1), Use(1), [need()], id="the-last-request"),
        pytest.param(Budget(requests=2), Use(), Use(), [need(), need()], id="two-of-two"),
        pytest.param(Budget(tokens=10), Use(5, 9), Use(), [need()], id="one-token-left"),
        pytest.param(Budget(tokens=10), Use(5, 4), Use(), [need(max_tokens=6)], id="just-enough"),
        pytest.param(Budget(cost=0.3), Use(2, 0, 0.2), Use(), [need(PICTURE)], id="0.2+0.1<=0.3"),
        pytest.param(Budget(cost=0.3), Use(), Use(), [need(PICTURE)] * 3, id="3*0.1<=0.3"),
        pytest.param(Budget(cost=0.1), Use(), Use(), [need(Price(input=5))], id="known-later"),
    ],
)
def test_what_is_within_a_budget(
    budget: Budget, used: Use, under_way: Use, needs: list[Need]
) -> None:
    """Up to the limit itself, and not by a rounding less."""
    budget.check(used, under_way, needs)


@pytest.mark.parametrize(
    ("budget", "used", "under_way", "needs", "says"),
    [
        (Budget(requests=0), Use(), Use(), [need()], "budget of 0 requests is used up"),
        (Budget(requests=1), Use(1, 30), Use(), [need()],
         "budget of 1 request is used up (so far 1 request, 30 tokens)"),
        (Budget(requests=10), Use(2), Use(8), [need()], "(so far 2 requests; 8 under way)"),
        (Budget(requests=10), Use(9), Use(), [need(), need()],
         "budget of 10 requests has 1 left, and this may take 2 (so far 9 requests)"),
        (Budget(tokens=0), Use(), Use(), [need()], "budget of 0 tokens is used up"),
        (Budget(tokens=2_000), Use(1, 2_300), Use(), [need()],
         "budget of 2,000 tokens is used up (so far 1 request, 2,300 tokens)"),
        (Budget(tokens=2_000), Use(1, 1_000), Use(), [need(max_tokens=501, n=2)],
         "has 1,000 left, and this may take 1,002"),
        (Budget(tokens=20), Use(), Use(1, 20), [need()], "(so far 0 requests; 1 under way)"),
        (Budget(cost=0), Use(), Use(), [need(PICTURE)], "budget of $0.00 is used up"),
        (Budget(cost=0.25), Use(2, 0, 0.2), Use(), [need(PICTURE)],
         "$0.25 has $0.05 left, and this may take $0.10 (so far 2 requests, about $0.20)"),
        (Budget(cost=0.3), Use(3, 0, 0.7 - 0.4), Use(), [need(Price(input=5))],
         "budget of $0.30 is used up"),
        (Budget(cost=1), Use(), Use(), [need(Price(output=10), max_tokens=200_000)],
         "this may take $2.00"),
        (Budget(requests=9, cost=1), Use(), Use(), [need(PICTURE), need()],
         "no price is known for a-model, so no budget of $1.00 can be kept"),
    ],
)  # fmt: skip
def test_what_would_go_over_is_refused(
    budget: Budget, used: Use, under_way: Use, needs: list[Need], says: str
) -> None:
    """In two lines: what, with what was used so far, and what to do."""
    with pytest.raises(BudgetError, match=re.escape(says)) as raised:
        budget.check(used, under_way, needs)
    first, second = str(raised.value).splitlines()
    assert first.startswith("Not sent: ")
    assert "%config CometMagics." in second


def test_the_text_names_the_setting_that_is_in_the_way() -> None:
    """With its variable, for scripts; of several limits the first."""
    with pytest.raises(BudgetError, match=r"CometMagics.budget_tokens = …, or COMET_BUDGET_TOKENS"):
        Budget(requests=5, tokens=1).check(Use(1, 1), Use(), [need()])


def test_the_whole_cost_is_known_only_without_tokens() -> None:
    """Of a picture at a price each it is; what depends on the answer is not guessed."""
    assert need(PICTURE).estimate == 0.1
    assert need(Price(input=1, per_request=0.1)).estimate is None
    assert need(Price(output=1), max_tokens=5).estimate is None
    assert need().estimate is None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"requests": -1}, "budget_requests must be a whole number from 0 up, not -1"),
        ({"requests": True}, "budget_requests"),
        ({"requests": 1.5}, "budget_requests"),
        ({"tokens": "ten"}, "budget_tokens must be a whole number from 0 up, not 'ten'"),
        ({"cost": float("nan")}, "budget_cost must be a number of US dollars from 0 up, not nan"),
        ({"cost": float("inf")}, "budget_cost"),
        ({"cost": -0.01}, "budget_cost"),
    ],
)
def test_a_limit_is_a_number_from_0_up(values: dict[str, Any], says: str) -> None:
    """Anything else is said by the name of its setting."""
    with pytest.raises(ValueError, match=re.escape(says)):
        Settings(**{f"budget_{name}": value for name, value in values.items()})


def test_shares_are_said_in_words() -> None:
    """With the limit, and that it is reached; never more than all of it."""
    said = shares(Use(7, 2_500, 0.5), Budget(requests=10, tokens=2_000, cost=0))
    assert said == [
        ("7 of 10 requests", 0.7),
        ("2,500 of 2,000 tokens, used up", 1.0),
        ("$0.50 of $0.00, used up", 1.0),
    ]


@pytest.mark.parametrize(
    ("used", "said"),
    [
        (Use(2, 30, 0.5), "2 requests, 30 tokens, about $0.50"),
        (Use(2, 30, 0.5, 30, 0.5),
         "2 requests, about 30 tokens (estimated), about $0.50 (for estimated usage)"),
        (Use(2, 30, 0.5, 7, 0.2),
         ("2 requests, about 30 tokens (about 7 of them estimated), "
          "about $0.50 (about $0.20 for estimated usage)")),
        (Use(1, 30, 0, 7), "1 request, about 30 tokens (about 7 of them estimated)"),
        (Use(1, 0, 0.5, 0, 0.2), "1 request, about $0.50 (about $0.20 for estimated usage)"),
    ],
    ids=["received", "all", "some", "tokens", "cost"],
)  # fmt: skip
def test_what_is_estimated_is_said_to_be_that(used: Use, said: str) -> None:
    """In the amount so far, which is in every refusal."""
    assert str(used) == said
    assert used.is_estimate is ("estimated" in said)
    with pytest.raises(BudgetError, match=re.escape(f"(so far {said})")):
        Budget(requests=0).check(used, Use(), [need()])


def test_estimates_are_added_up_with_the_rest() -> None:
    """And taken away; they make no other amount of it."""
    both = Use(1, 30, 0.5, 7, 0.25) + Use(1, 5, 0.25) + Use(1, 3, 0.25, 3, 0.25)
    assert (both.estimated_tokens, both.estimated_cost) == (10, 0.5)
    assert both == Use(3, 38, 1.0)
    assert not (both - both).is_estimate


def test_shares_say_what_is_estimated() -> None:
    """Beside each limit that it counts for."""
    used = Use(7, 2_500, 0.5, 20, 0.5)
    assert [said for said, _ in shares(used, Budget(requests=10, tokens=2_000, cost=1))] == [
        "7 of 10 requests",
        "about 2,500 of 2,000 tokens (about 20 of them estimated), used up",
        "about $0.50 of $1.00 (for estimated usage)",
    ]


@pytest.mark.parametrize(
    ("budget", "used", "under_way", "needs", "text"),
    [
        (Budget(requests=1), Use(1, 30), Use(2), [need()],
         ("Not sent: the budget of 1 request is used up (so far 1 request, 30 tokens; 2 under way)."
         "\nRaise it with %config CometMagics.budget_requests = …, or COMET_BUDGET_REQUESTS.")),
        (Budget(tokens=2_000), Use(1, 1_000), Use(), [need(max_tokens=501, n=2)],
         ("Not sent: the budget of 2,000 tokens has 1,000 left, and this may take 1,002 "
         "(so far 1 request, 1,000 tokens)."
         "\nRaise it with %config CometMagics.budget_tokens = …, or COMET_BUDGET_TOKENS.")),
        (Budget(tokens=1), Use(0, 2), Use(), [need()],
         ("Not sent: the budget of 1 token is used up (so far 0 requests, 2 tokens)."
         "\nRaise it with %config CometMagics.budget_tokens = …, or COMET_BUDGET_TOKENS.")),
        (Budget(cost=0.25), Use(2, 0, 0.2), Use(), [need(PICTURE)],
         ("Not sent: the budget of $0.25 has $0.05 left, and this may take $0.10 "
         "(so far 2 requests, about $0.20)."
         "\nRaise it with %config CometMagics.budget_cost = …, or COMET_BUDGET_COST.")),
        (Budget(cost=1), Use(), Use(), [Need.of("m" * 101, {}, None)],
         (f"Not sent: no price is known for {'m' * 99}…, so no budget of $1.00 can be kept."
         "\nSay what it costs: "
         f"%config CometMagics.prices = {{'{'m' * 99}…': {{'per_request': 0.02}}}}")),
    ],
    ids=["requests", "tokens", "a token", "cost", "no price"],
)  # fmt: skip
def test_a_refusal_whole(
    budget: Budget, used: Use, under_way: Use, needs: list[Need], text: str
) -> None:
    """What is full or would be, what was used, and what to do."""
    with pytest.raises(BudgetError) as caught:
        budget.check(used, under_way, needs)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("parameters", "price", "use", "estimate"),
    [
        ({}, None, Use(1, 0, 0.0), None),
        ({"n": 3}, None, Use(1, 0, 0.0), None),
        ({"max_tokens": 100}, None, Use(1, 100, 0.0), None),
        ({"max_tokens": 100, "n": 2}, Price(output=10), Use(1, 200, 0.002), None),
        ({}, Price(per_request=0.5, per_second=1), Use(1, 0, 0.5), None),
        ({}, Price(), Use(1, 0, 0.0), 0.0),
    ],
)
def test_what_is_known_of_a_request(
    parameters: dict[str, Any], price: Price | None, use: Use, estimate: float | None
) -> None:
    """The tokens that it may write for all its answers, and what these cost."""
    found = Need.of("m", parameters, price)
    assert (found.use, found.is_priced, found.estimate) == (use, price is not None, estimate)
    assert found.model == "m"


def test_a_share_of_nothing_is_used_up() -> None:
    """As is one that is reached; one below is not."""
    assert shares(Use(1, 1, 1), Budget(requests=1, tokens=0, cost=2)) == [
        ("1 of 1 request, used up", 1.0), ("1 of 0 tokens, used up", 1.0), ("$1.00 of $2.00", 0.5),
    ]  # fmt: skip
    assert shares(Use(), Budget(requests=0)) == [("0 of 0 requests, used up", 1.0)]
    assert not shares(Use(9, 9, 9), Budget())
