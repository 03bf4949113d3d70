"""Parses chunks and bodies in all variants that endpoints send. It never raises."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...wire.events import Event
from ...wire.failure import failure_from_body, failure_from_json
from ...wire.usage import usage_in
from .chunks import Attachment, ChatCompletionChunk, ChunkChoice
from .foreign import as_completion, in_envelope
from .framing import Mark, Words, value_of, values
from .message import choices_from_json, reason_in
from .parts import attachments_beside
from .remarks import ORDINARY_TEXT, remarks
from .sent_errors import has_error, is_error, is_ping

# `event: heartbeat`, with any data
_PING = re.compile(r"\bping|\bpong|heart_?-?beat|keep_?-?alive", re.IGNORECASE)
# Links in search results and sources are no results; a partial picture is followed by a better one.
_NO_RESULT = re.compile(r"search|source|citation|partial", re.IGNORECASE)
# How JSON, an end mark and a line of data begin.
_BEGUN = ("{", "[", '"', "data")
_ERROR = re.compile(r"error|exception|fail", re.IGNORECASE)
# {"done": true}, {"type": "done"}, {"event": "message_stop"}
_OVER = ("done", "is_end", "finished", "finish", "end")
_OVER_NAMES = re.compile(r"done|end|finish(?:ed)?|message_(?:stop|end)|close", re.IGNORECASE)


def is_end(event: Event) -> bool:
    """Returns whether an event marks the end of the answer, alone or behind its last chunk."""
    data = (event.data or "").rstrip()
    if not data or data.endswith("}"):
        return False
    return any(value is Mark.END for value in values(data))


def read_event(event: Event) -> list[ChatCompletionChunk]:
    """Parses an event. Never raises.

    Returns:
        The chunks: nearly always one. Empty for an event that only keeps the connection open: one
        without data, a ping, and the comment that a gateway made an event of (`data: : OPENROUTER
        PROCESSING`). Empty also for a part that the end of the stream cut: that is no error that
        somebody sent.
    """
    data = (event.data or "").strip()
    if not data or data.startswith(":"):
        return []
    name = event.name
    chunks = read_chunks(data, "" if _ERROR.search(name) else name, is_whole=event.is_whole)
    # Without a chunk, the end of the stream cut the error: nobody sent it like that.
    return _named(name, data, chunks) if name and (chunks or event.is_whole) else chunks


def read_chunks(text: str, name: str = "", *, is_whole: bool = True) -> list[ChatCompletionChunk]:
    """Parses the data of one event, or a whole body. Never raises.

    Values that say nothing are left out. Text that is no JSON is an error.

    Args:
        text: The data.
        name: The name of the event; may be empty.
        is_whole: False if the end of the stream cut the data.
    """
    try:
        value = value_of(text)
        if isinstance(value, dict):
            return [chunk_from_json(value, name)]
    except (ValueError, RecursionError):
        pass
    try:
        return _chunks(values(text), name, is_whole=is_whole)
    # JSON that is nested too deeply can fail at any step, depending on the version of Python.
    except RecursionError:
        return [_unread(text)]


def chunk_from_json(value: Mapping[str, Any], name: str = "") -> ChatCompletionChunk:
    """Reads a parsed chunk or a whole answer; ignores unknown fields.

    Args:
        value: The object.
        name: The name of its event; may be empty.
    """
    choices = value.get("choices")
    if not choices or not isinstance(choices, list):
        return _without_choices(value, name)
    read, error = choices_from_json(choices)
    chunk = ChatCompletionChunk(
        _string(value.get("id")),
        _string(value.get("model")),
        tuple(read),
        usage_in(value),
        error,
    )
    if not ORDINARY_TEXT.issuperset(value):
        _add_rare(chunk, value)
    return chunk


def _add_rare(chunk: ChatCompletionChunk, value: Mapping[str, Any]) -> None:
    """Adds what stands beside the choices of few chunks."""
    if has_error(value):
        chunk.error = failure_from_json(value)
    chunk.attachments, chunk.revised_prompt = _beside(value)
    chunk.remarks = remarks(value)
    reason = reason_in(value)
    if reason and not any(choice.finish_reason for choice in chunk.choices):
        *before, last = chunk.choices or (ChunkChoice(0, ""),)
        chunk.choices = (*before, replace(last, finish_reason=reason))


def _without_choices(value: Mapping[str, Any], name: str) -> ChatCompletionChunk:
    enclosed = in_envelope(value)
    inner = enclosed or as_completion(value)
    is_failed = is_error(value, name, has_answer=inner is not None)
    error = failure_from_json(value) if is_failed else None
    if inner and inner["choices"] and not error:
        chunk = chunk_from_json(inner)
        chunk.usage = chunk.usage or usage_in(value)
        chunk.is_foreign = enclosed is None
    else:
        chunk = ChatCompletionChunk(
            _string(value.get("id")),
            _string(value.get("model")),
            usage=usage_in(value),
            error=error,
            remarks=remarks(value),
        )
    names = (value.get("type"), value.get("event"), name)
    if not error and not any(isinstance(each, str) and _NO_RESULT.search(each) for each in names):
        chunk.attachments, chunk.revised_prompt = _beside(value)
    chunk.is_over = not error and _is_over(value)
    return chunk


def _beside(value: Mapping[str, Any]) -> tuple[tuple[Attachment, ...], str | None]:
    """Returns the pictures beside the choices, and their rewritten prompt."""
    found = attachments_beside(value)
    data = value.get("data")
    items = [item for item in (data if isinstance(data, list) else []) if isinstance(item, dict)]
    prompts = [str(item["revised_prompt"]) for item in items if item.get("revised_prompt")]
    return found, prompts[0] if found and prompts else None


def _is_over(value: Mapping[str, Any]) -> bool:
    names = [value.get(key) for key in ("type", "event", "object")]
    return (
        bool(reason_in(value))
        or any(value.get(key) is True for key in _OVER)
        or any(isinstance(name, str) and _OVER_NAMES.fullmatch(name) for name in names)
    )


def _chunks(found: Iterable[Any], name: str, *, is_whole: bool) -> list[ChatCompletionChunk]:
    chunks = []
    words = []
    for value in found:
        if isinstance(value, dict):
            chunks.append(chunk_from_json(value, name))
        elif value is Mark.END:
            chunks.append(ChatCompletionChunk(is_end=True))
        elif isinstance(value, Words) and not is_ping(value.text):
            words.append(value.text)
    if words and not is_whole and (chunks or words[-1].startswith(_BEGUN)):
        words.pop()
    if words:
        chunks.append(_unread("\n".join(words)))
    return chunks


def _named(name: str, data: str, chunks: list[ChatCompletionChunk]) -> list[ChatCompletionChunk]:
    """Reads what the name of an event says of its data."""
    if _ERROR.search(name):
        errors = [chunk for chunk in chunks if chunk.error and not chunk.is_unread]
        inner = next((chunk.error for chunk in errors), None)
        return [ChatCompletionChunk(error=inner or failure_from_body(data))]
    if _PING.search(name):
        return [chunk for chunk in chunks if chunk.choices]
    if _OVER_NAMES.fullmatch(name) and not any(chunk.is_end for chunk in chunks):
        chunks = [chunk for chunk in chunks if not chunk.is_unread]
        return [*chunks, ChatCompletionChunk(is_over=True)]
    return chunks


def _unread(text: str) -> ChatCompletionChunk:
    return ChatCompletionChunk(error=failure_from_body(text), is_unread=True)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
