"""Reads the choices of a chunk or an answer: their text, pictures and finish reasons."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...wire.failure import Failure, failure_from_json
from .chunks import Attachment, ChunkChoice
from .parts import attachments_in, attachments_of, text_in, transcript_in
from .remarks import ORDINARY, ORDINARY_TEXT, remarks

_REASONS = ("finish_reason", "finishReason", "stop_reason", "finish_type")
_ORDINARY_CHOICE = ORDINARY - {"content"}
# Some gateways have a finish reason in every chunk; these say that the choice goes on.
_NO_REASON = re.compile(
    r"\s*(?:null|none|nil|undefined|false|(?:finish_reason_)?unspecified|continue|in_progress"
    r"|running|processing|generating)?\s*",
    re.IGNORECASE,
)
# `error`, `network_error`, and DeepSeek's `insufficient_system_resource`
_FAILED = re.compile(
    r"(?:\w+[_ ])?(?:error|failed|failure|exception|timeout|aborted|abort)"
    r"|insufficient_system_resource",
    re.IGNORECASE,
)


def choices_from_json(
    choices: Sequence[object],
) -> tuple[list[ChunkChoice], Failure | None]:
    """Returns the choices of a chunk, and the error in them."""
    read = []
    error = None
    for position, choice in enumerate(choices):
        if isinstance(choice, dict):
            read.append(_choice(choice, position))
            if "error" in choice:
                error = error or failure_from_json(choice["error"])
    return read, error


def is_failed(reason: str | None) -> bool:
    """Returns whether a finish reason says that the answer was broken off by a failure."""
    return reason is not None and _FAILED.fullmatch(reason) is not None


def _choice(choice: Mapping[str, Any], position: int) -> ChunkChoice:
    message = choice.get("delta")
    if isinstance(message, dict):
        content = message.get("content")
        # Nearly all chunks are a piece of text.
        if (
            isinstance(content, str)
            and choice.get("finish_reason") is None
            and ORDINARY_TEXT.issuperset(message)
            and _ORDINARY_CHOICE.issuperset(choice)
        ):
            return ChunkChoice(_index(choice.get("index"), position), content)
    text, attachments, reason = _message(message) if message else ("", (), None)
    holders = [each for each in (choice, message, choice.get("message")) if isinstance(each, dict)]
    found = dict.fromkeys(remark for each in holders for remark in remarks(each))
    message = choice.get("message")
    whole = False
    if message and not text and not attachments:
        text, attachments, inner = _message(message)
        whole, reason = isinstance(message, dict), reason or inner
    if not text:
        # The older completions form: {"text": "…"}.
        text = text_in(choice.get("text")) or text_in(choice.get("content"))
    return ChunkChoice(
        _index(choice.get("index"), position),
        text,
        reason_in(choice) or reason,
        (*attachments, *attachments_of(choice)),
        whole,
        tuple(found),
    )


def _message(message: object) -> tuple[str, tuple[Attachment, ...], str | None]:
    """Returns the text, the attachments and the finish reason of a delta or a message."""
    if not isinstance(message, dict):
        return text_in(message), tuple(attachments_in(message)), None
    content = message.get("content")
    text = text_in(content)
    for key in ("multi_mod_content", "multimodal_content", "parts", "text"):
        text = text or text_in(message.get(key))
    text = text or transcript_in(message)
    if refusal := message.get("refusal"):
        text += str(refusal)
    attachments = (*attachments_in(content), *attachments_of(message))
    return text, attachments, reason_in(message)


def reason_in(holder: Mapping[str, Any]) -> str | None:
    """Returns the finish reason of a choice or a message; None if it goes on."""
    for key in _REASONS:
        reason = holder.get(key)
        if isinstance(reason, dict):
            reason = reason.get("type")
        if reason and not _NO_REASON.fullmatch(str(reason)):
            return str(reason)
    return None


def _index(index: object, position: int) -> int:
    """Returns the number of a choice; its position if it has none."""
    if type(index) is int:
        return max(index, 0)
    is_number = isinstance(index, str) and index.isdecimal() and len(index) < 9
    return int(str(index)) if is_number else position
