"""Builds an `Ask` from the arguments of a call, and validates them."""

from collections.abc import Mapping, Sequence

from ..words import check_values
from . import registry
from .ask import Ask
from .exchange import Family
from .messages import Message, sendable
from .parameters import PARAMETERS
from .registry import family_of


def compose(
    prompt: str,
    *,
    model: str,
    system: str | None = None,
    images: Sequence[str] = (),
    history: Sequence[Message] = (),
    notes: Sequence[str] = (),
    **parameters: object,
) -> Ask:
    """Returns a validated question; `prompt` is sent unchanged.

    Args:
        prompt: The user's message.
        model: The id of the model.
        system: Replaces a system message in `history`.
        images: Links and data URIs to send with the prompt, in order.
        history: Earlier messages, oldest first; they are sent unchanged.
        notes: Remarks for the user; they are not sent.
        **parameters: See `Parameters`.

    Raises:
        TypeError: An unknown parameter, or a value of the wrong type.
        ValueError: An empty prompt or model, or a value outside its documented range.
    """
    sendable("model", model)
    given = {name: value for name, value in parameters.items() if value is not None}
    stream = given.pop("stream", True)
    checked = _checked(family_of(model), model, given)
    PARAMETERS["stream"].check(stream)
    sendable("prompt", prompt)
    if system is not None:
        sendable("system", system)
    return Ask(
        prompt,
        model,
        system,
        tuple(images),
        tuple(history),
        checked,
        stream is True,
        tuple(notes),
    )


def _checked(family: Family, model: str, given: Mapping[str, object]) -> dict[str, object]:
    """The parameters as they are sent; one of another family is refused with that family."""
    for name in given:
        others = [each.name for each in registry.FAMILIES if name in each.parameters]
        if others and family.name not in others:
            raise TypeError(
                f"{name} is a parameter of {', '.join(others)}; {model} is asked by {family.name}"
            )
    return check_values(family.parameters.values(), given)
