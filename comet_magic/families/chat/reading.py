"""Parses chunks and bodies in all variants that endpoints send. It never raises."""

import json
import re
from typing import Any

from ...media.addresses import data_uri, is_data_uri
from ...media.medium import Medium
from ...text import all_mended
from ...wire.body import is_json
from ...wire.events import Event
from ...wire.failure import Failure, failure_from_json
from ...wire.usage import Usage
from .chunks import Attachment, ChatCompletionChunk, ChunkChoice

# An escaped surrogate. Most come in pairs, which the JSON parser joins to one character.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_DONE = "[DONE]"


def is_end(event: Event) -> bool:
    """Returns whether an event marks the end of the answer."""
    return event.data is not None and event.data.strip() == _DONE


def read_event(event: Event) -> ChatCompletionChunk | None:
    """Parses an event that is not the end. Never raises.

    Returns:
        The chunk. None for an event that only keeps the connection open: one without data,
        Anthropic's `event: ping`, and the comment that a gateway made an event of
        (`data: : OPENROUTER PROCESSING`). None also for an event that the end of the stream cut:
        that is no error that somebody sent.
    """
    data = (event.data or "").strip()
    if not data or event.name == "ping" or data.startswith(":"):
        return None
    if not event.is_whole and data.startswith(("{", "[")) and not is_json(data):
        return None
    chunk = read_chunk(data)
    if event.name == "error" and not chunk.error:
        chunk = read_chunk("error: " + data)
    return chunk


def read_chunk(data: str) -> ChatCompletionChunk:
    """Parses the data of one event, or a whole JSON body. Never raises.

    Everything else is an error: some gateways write `data: error: upstream timed out` into the
    stream.
    """
    try:
        value = json.loads(data)
        if "\\" in data and _HALF.search(data):
            value = _with_whole_characters(value)
        return chunk_from_json(value)
    # JSON that is nested too deeply can fail at any step, depending on the version of Python.
    except (ValueError, RecursionError):
        text = data.strip().removeprefix("error:").strip()
        return ChatCompletionChunk(error=Failure(text[:2_000] or "an empty answer"))


def chunk_from_json(value: object) -> ChatCompletionChunk:
    """Reads a parsed chunk or a whole answer; ignores unknown fields. Never raises."""
    if not isinstance(value, dict):
        unknown = Failure(f"not a chat completion: {value!r}")
        return ChatCompletionChunk(error=failure_from_json(value) or unknown)
    choices = value.get("choices")
    error = failure_from_json(value.get("error"))
    extra = _top_level_data(value.get("data"))
    if not isinstance(choices, list):
        choices = ()
        is_other = value.get("object", "error") != "error"
        if error is None and not extra and not value.get("usage") and not is_other:
            # {"code": 500, "msg": "…"}, {"detail": "…"}, {"object": "error", "message": "…"}
            error = failure_from_json(value)
    usage = value.get("usage")
    read = []
    for choice in choices:
        if isinstance(choice, dict):
            read.append(_choice(choice))
            usage = usage or choice.get("usage")  # Moonshot puts it here
            if "error" in choice:
                error = error or failure_from_json(choice["error"])
    return ChatCompletionChunk(
        _string(value.get("id")),
        _string(value.get("model")),
        tuple(read),
        Usage.from_json(usage) if usage else None,
        error,
        *_outside(extra),
    )


def _outside(data: list[dict[str, Any]]) -> tuple[tuple[Attachment, ...], str | None]:
    """Returns the pictures of a top-level `data` list, and their rewritten prompt."""
    if not data:
        return (), None
    prompts = [str(item["revised_prompt"]) for item in data if item.get("revised_prompt")]
    attachments = tuple([each for item in data if (each := _attachment(item))])
    return attachments, prompts[0] if prompts else None


def _with_whole_characters(value: Any, name: str = "") -> Any:
    """Replaces lone surrogates, except in the text, where the next chunk may complete the pair."""
    if isinstance(value, dict):
        return {
            str(all_mended(key)): _with_whole_characters(item, key) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_whole_characters(item) for item in value]
    return value if name in ("content", "text") else all_mended(value)


def _choice(choice: dict[str, Any]) -> ChunkChoice:
    message = choice.get("delta")
    whole = False
    if not isinstance(message, dict):
        message = choice.get("message")
        whole = isinstance(message, dict)
    finish_reason = choice.get("finish_reason") or None
    if not isinstance(message, dict):
        # The older completions form: {"text": "…"}.
        message = {"content": choice.get("text")}
    content = message.get("content")
    attachments: list[Attachment] = []
    if not isinstance(content, str):
        content = _read_parts(content, attachments)
    if refusal := message.get("refusal"):
        content += str(refusal)
    for key, medium in (("images", None), ("videos", Medium.VIDEO)):
        if key in message:
            parts = _items(message[key])
            attachments += [each for part in parts if (each := _attachment(part, medium))]
    index = choice.get("index")
    return ChunkChoice(
        index if type(index) is int and index >= 0 else 0,
        content,
        None if finish_reason is None else str(finish_reason),
        tuple(attachments),
        whole,
    )


def _read_parts(content: object, attachments: list[Attachment]) -> str:
    texts = []
    for part in _items(content):
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict):
            if isinstance(part.get("text"), str):
                texts.append(part["text"])
            elif attachment := _attachment(part):
                attachments.append(attachment)
    return "".join(texts)


def _attachment(part: object, medium: Medium | None = None) -> Attachment | None:
    """Returns the picture or video in `part`; `medium` is what the field around it says."""
    url = _picture(part)
    if url is None:
        return None
    # {"type": "video_url", "video_url": {"url": …}}, {"image_url": …}
    names = [str(part.get("type") or ""), *part] if isinstance(part, dict) else []
    for each in (Medium.VIDEO, Medium.IMAGE):
        if any(name.startswith(each) for name in names):
            return Attachment(url, each)
    return Attachment(url, medium)


def _picture(part: object) -> str | None:
    """Returns the link or data URI of the picture or video in `part`, in any known format."""
    if isinstance(part, str):
        return part or None
    if not isinstance(part, dict):
        return None
    for key in ("image_url", "video_url", "url", "image", "video"):
        value = part.get(key)
        if isinstance(value, dict):
            value = value.get("url")
        if isinstance(value, str) and value:
            return value
    for key in ("b64_json", "data"):
        value = part.get(key)
        if isinstance(value, str) and value:
            media_type = part.get("media_type") or part.get("mime_type") or part.get("mimeType")
            # Some endpoints put the whole data URI here.
            return value if is_data_uri(value) else data_uri(media_type or "image/png", value)
    for key in ("source", "inline_data", "inlineData", "image"):
        if isinstance(part.get(key), dict):
            return _picture(part[key])
    return None


def _top_level_data(data: object) -> list[dict[str, Any]]:
    return [item for item in _items(data) if isinstance(item, dict)]


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
