"""Turns answers in other shapes into chat completions: envelopes, and other providers' own APIs.

Gateways that resell a model sometimes pass on the answer as its provider wrote it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .framing import values
from .sent_errors import is_notice

# {"code": 0, "msg": "success", "data": {"choices": …}}
_ENVELOPES = (
    "data", "result", "response", "output", "body", "payload", "completion", "chat_completion",
    "chunk", "message", "content", "choices",
)  # fmt: skip
_TEXTS = (
    "content", "text", "output_text", "response", "result", "answer", "reply", "generated_text",
    "completion", "output",
)  # fmt: skip
_HOLDERS = ("output", "result", "data", "response")
_KEPT = ("id", "model", "usage")
_REASONS = ("finish_reason", "finishReason", "stop_reason", "done_reason")
_DEPTH = 4


def in_envelope(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns the chat completion that an envelope holds; None without one."""
    return _inside(value, _DEPTH)


def as_completion(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns a chat completion with the answer of another API; None if there is none."""
    return _gemini(value) or _event(value) or _plain(value)


def _inside(value: Mapping[str, Any], depth: int) -> dict[str, Any] | None:
    """Returns the completion in an envelope."""
    if isinstance(value.get("choices"), list):
        return dict(value)
    if not depth:
        return None
    for key in _ENVELOPES:
        inner = [each for item in _listed(value.get(key)) if (each := _inside(item, depth - 1))]
        if inner:
            choices = [choice for each in inner for choice in each["choices"]]
            outer = {name: value[name] for name in _KEPT if value.get(name)}
            return {**outer, **inner[-1], "choices": choices}
    choice = value.get("choices")  # {"choices": {"message": …}}
    if isinstance(choice, dict) and ("message" in choice or "delta" in choice):
        return {**value, "choices": [choice]}
    return None


def _listed(value: object) -> Iterator[Mapping[str, Any]]:
    """Yields the objects in an envelope, which can be a list or JSON in a string."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[{", "data:")):
        value = list(values(value)) if '"choices"' in value else None
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _gemini(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """{"candidates": [{"content": {"parts": […]}, "finishReason": "STOP"}], "usageMetadata": …}"""
    candidates = value.get("candidates")
    if not isinstance(candidates, list):
        return None
    return {
        "id": value.get("responseId"),
        "model": value.get("modelVersion"),
        "choices": [
            {**each, "delta": {"content": each.get("content")}}
            for each in candidates
            if isinstance(each, dict)
        ],
        "usage": value.get("usageMetadata"),
    }


def _event(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Reads an event of Anthropic's messages or of OpenAI's responses, by its type."""
    kind = value.get("type")
    delta, item, inner = value.get("delta"), value.get("item"), value.get("response")
    content: object = None
    reason: object = None
    if kind == "content_block_delta" and isinstance(delta, dict):
        content = delta.get("text") if delta.get("type") == "text_delta" else ""
    elif kind == "message_delta" and isinstance(delta, dict):
        content, reason = "", delta.get("stop_reason")
    elif kind == "response.output_text.delta":
        content = delta
    elif kind == "response.output_item.done" and isinstance(item, dict):
        content = [item] if item.get("type") == "image_generation_call" else ""
    elif isinstance(kind, str) and kind.startswith("response."):
        # {"type": "response.completed", "response": {"output": …}}
        return _plain(inner) if isinstance(inner, dict) else _completion({}, {})
    return None if content is None else _completion(value, {"content": content}, reason)


def _plain(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Reads an answer that is a message itself, or holds one, or only its text."""
    reason = next((value[key] for key in _REASONS if value.get(key)), None)
    output = value.get("output")
    inside = [value[key] for key in _HOLDERS if isinstance(value.get(key), dict)]
    # Ollama sends pieces in `message`: {"message": {"content": "Hel"}, "done": false}
    kind = "message" if reason and "done" not in value else "delta"
    for key in ("message", "delta"):
        if isinstance(value.get(key), dict):
            return _completion(value, value[key], reason, kind)
    for each in inside:
        if inner := _plain(each):
            return {**inner, "usage": value.get("usage") or inner["usage"]}
    if isinstance(output, list) and any(isinstance(item, dict) for item in output):
        # {"object": "response", "output": [{"type": "message", "content": […]}]}
        parts: list[Any] = []
        for item in output:
            content = item.get("content") if isinstance(item, dict) else None
            parts += content if isinstance(content, list) else [item]
        is_over = value.get("status") in ("completed", "incomplete")
        return _completion(value, {"content": parts}, "stop" if is_over else None, "message")
    if is_notice(value.get("type"), value.get("event")):
        return None
    for key in _TEXTS:
        content = value.get(key)
        is_parts = key == "content" and isinstance(content, list)
        if is_parts or (isinstance(content, str) and content):
            return _completion(value, {"content": content}, reason, kind)
    return None


def _completion(
    value: Mapping[str, Any], message: Mapping[str, Any], reason: object = None, key: str = "delta"
) -> dict[str, Any]:
    choice = {key: message, "finish_reason": reason}
    return {**{name: value.get(name) for name in _KEPT}, "choices": [choice]}
