"""An `Ask` from the arguments of a call, checked by the family that takes its model."""

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
    """What is asked, checked; `prompt` is sent unchanged.

    Args:
        prompt: The text of the message.
        model: The id of the model.
        system: Replaces a system message in `history`.
        images: Links and data URIs that go with the prompt, in order.
        history: Earlier messages, oldest first; they are sent as they are.
        notes: Shown, not sent.
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
