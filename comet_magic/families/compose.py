"""Builds an `Ask` from the arguments of a call, and validates them."""

from collections.abc import Sequence

from .ask import Ask
from .messages import Message, sendable
from .parameters import check_parameters


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
    checked = check_parameters(parameters)
    stream = checked.pop("stream", True) is True
    sendable("prompt", prompt)
    if system is not None:
        sendable("system", system)
    sendable("model", model)
    return Ask(
        prompt,
        model,
        system,
        tuple(images),
        tuple(history),
        checked,
        stream,
        tuple(notes),
    )
