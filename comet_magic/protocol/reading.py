"""Reading an answer: every form of chunk and body met in the field, without ever failing."""

import json
import re
from typing import Any

from ..text import all_mended
from .chat import ChatCompletionChunk, ChunkChoice, Usage
from .failure import Failure, failure_from_json

# An escaped surrogate; most stand in pairs, which are one character when they are read.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def read_chunk(data: str) -> ChatCompletionChunk:
    """Reads the data of one event, or a whole JSON body. Never raises.

    What is no chat completion is read as an error: some gateways write
    `data: error: upstream timed out` into the stream.
    """
    try:
        value = json.loads(data)
        if _HALF.search(data):
            value = _with_whole_characters(value)
        return chunk_from_json(value)
    # What nests too deeply can fail at any step, on one version of Python at one and on another
    # at the next.
    except (ValueError, RecursionError):
        text = data.strip().removeprefix("error:").strip()
        return ChatCompletionChunk(error=Failure(text[:2_000] or "an empty answer"))


def chunk_from_json(value: object) -> ChatCompletionChunk:
    """Reads a parsed chunk or whole answer; unknown fields are passed over. Never raises."""
    if not isinstance(value, dict):
        unknown = Failure(f"not a chat completion: {value!r}")
        return ChatCompletionChunk(error=failure_from_json(value) or unknown)
    choices = value.get("choices")
    error = failure_from_json(value.get("error"))
    extra = _top_level_data(value.get("data"))
    if not isinstance(choices, list):
        choices = ()
        if error is None and not extra and not value.get("usage") and "object" not in value:
            # {"code": 500, "msg": "…"}, {"detail": "…"}, {"success": false, "message": "…"}
            error = failure_from_json(value)
    for choice in choices:
        if error is None and isinstance(choice, dict) and choice.get("error"):
            error = failure_from_json(choice["error"])
    usage = value.get("usage")
    return ChatCompletionChunk(
        _word(value.get("id")),
        _word(value.get("model")),
        tuple([_choice(choice) for choice in choices if isinstance(choice, dict)]),
        Usage.from_json(usage) if usage else None,
        error,
        tuple([link for item in extra if (link := _picture(item))]),
        next((str(item["revised_prompt"]) for item in extra if item.get("revised_prompt")), None),
    )


def _with_whole_characters(value: Any, name: str = "") -> Any:
    """Without halves of characters; only in the text the other half may come in the next chunk."""
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
    images: list[str] = []
    if not isinstance(content, str):
        content = _read_parts(content, images)
    if refusal := message.get("refusal"):
        content += str(refusal)
    images += [link for part in _items(message.get("images")) if (link := _picture(part))]
    index = choice.get("index")
    return ChunkChoice(
        index if type(index) is int and index >= 0 else 0,
        content,
        None if finish_reason is None else str(finish_reason),
        tuple(images),
        whole,
    )


def _read_parts(content: object, images: list[str]) -> str:
    texts = []
    for part in _items(content):
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict):
            if isinstance(part.get("text"), str):
                texts.append(part["text"])
            elif link := _picture(part):
                images.append(link)
    return "".join(texts)


def _picture(part: object) -> str | None:
    """The link or data URI in `part`: the forms of OpenAI, Anthropic, Google and their gateways."""
    if isinstance(part, str):
        return part or None
    if not isinstance(part, dict):
        return None
    for key in ("image_url", "url"):
        value = part.get(key)
        if isinstance(value, dict):
            value = value.get("url")
        if isinstance(value, str) and value:
            return value
    for key in ("b64_json", "data"):
        value = part.get(key)
        if isinstance(value, str) and value:
            media_type = part.get("media_type") or part.get("mime_type") or part.get("mimeType")
            return f"data:{media_type or 'image/png'};base64,{value}"
    for key in ("source", "inline_data", "inlineData", "image"):
        if isinstance(part.get(key), dict):
            return _picture(part[key])
    return None


def _top_level_data(data: object) -> list[dict[str, Any]]:
    return [item for item in _items(data) if isinstance(item, dict)]


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
