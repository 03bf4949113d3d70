"""The parameters of a request: the rows of the table of words that are fields on the wire.

To add one, add its row here. Every face of the package then has it.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypedDict

from ..words import FLAG, TEXT, Kind, Word, number, shown, texts, whole, words_in


def _logit_bias(name: str, value: object) -> dict[str, object]:
    wanted = f"{name} must map token ids (whole numbers) to numbers from -100 to 100, not "
    if not isinstance(value, Mapping):
        raise TypeError(wanted + shown(value))
    bias: dict[str, object] = {}
    for token, weight in value.items():
        if not str(token).isdecimal():
            raise ValueError(wanted + shown(value))
        bias[str(token)] = _BIAS.check(f"{name}[{token}]", weight)
    return bias


_BIAS = number(-100, 100)


class Parameters(TypedDict, total=False):
    """What may be set on a request besides model and messages; a field left out is not sent."""

    n: Annotated[
        int | None,
        Word(whole(1), "pictures or answers wanted, 1 or more", flags=("-n",), label="Pictures"),
    ]
    temperature: Annotated[float | None, Word(number(0, 2), "0 to 2", metavar="T")]
    top_p: Annotated[float | None, Word(number(0, 1), "0 to 1", metavar="P")]
    max_tokens: Annotated[int | None, Word(whole(1), "1 or more", metavar="N")]
    stop: Annotated[
        str | Sequence[str] | None,
        Word(
            texts(4, "four"), "end the answer here; up to four times", metavar="TEXT",
            label="Stop at", placeholder="One text a line, up to four", is_long=True,
        ),
    ]  # fmt: skip
    presence_penalty: Annotated[float | None, Word(number(-2, 2), "-2 to 2", metavar="P")]
    frequency_penalty: Annotated[float | None, Word(number(-2, 2), "-2 to 2", metavar="P")]
    logit_bias: Annotated[
        Mapping[str, float] | Mapping[int, float] | None,
        Word(
            Kind("mapping", _logit_bias), "token id to bias, -100 to 100", metavar="JSON",
            placeholder='{"50256": -100}',
        ),
    ]  # fmt: skip
    user: Annotated[str | None, Word(TEXT, "who asks, for the provider's records", metavar="ID")]
    stream: Annotated[
        bool | None,
        Word(
            FLAG, "one whole answer", flags=("--no-stream",), label="Stream the answer",
            default=True, names_row=False,
        ),
    ]  # fmt: skip


PARAMETERS = words_in(Parameters, in_cell=True)
# Faces ask for it like for a parameter; it is sent as the first message.
SYSTEM = Word(
    TEXT, "a system message", flags=("--system",), metavar="TEXT", label="System message",
    placeholder="How the model is to behave", is_long=True, name="system",
)  # fmt: skip
