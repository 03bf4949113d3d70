"""The two forms of a chat answer: chunks in order of time, and one whole object."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from comet_magic.demo import ids
from comet_magic.demo.families.chat.lessons import STREAM_ERROR
from comet_magic.demo.families.chat.request import ChatRequest
from comet_magic.demo.families.chat.script import Ending, Script
from comet_magic.demo.pacing import PacedBody, PacedEvents, data_line
from comet_magic.demo.resources import Resources

_FINGERPRINT = "fp_demo000001"
_TOKENS_OF_AN_IMAGE = 765


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """An answer that is ready to be sent.

    Attributes:
        created: In seconds since 1970; the same in every chunk.
        scripts: One for each choice, in order of their index.
    """

    id: str
    model: str
    created: int
    scripts: tuple[Script, ...]
    usage: dict[str, Any]

    @property
    def seconds(self) -> float:
        """Time that the answer takes at a pace of 1."""
        return max(script.seconds for script in self.scripts)

    @property
    def ending(self) -> Ending:
        """How the answer ends; all choices end alike."""
        return self.scripts[0].ending


def new_answer(chat: ChatRequest, scripts: tuple[Script, ...]) -> ChatAnswer:
    """Return the answer to a request."""
    return ChatAnswer(
        id=f"chatcmpl-{ids.alnum(29)}",
        model=chat.model,
        created=int(ids.utc_now().timestamp()),
        scripts=scripts,
        usage=_usage(chat, scripts),
    )


def paced_answer(chat: ChatRequest, answer: ChatAnswer, resources: Resources) -> ASGIApp:
    """Return the response that sends an answer in the form that was asked for."""
    is_cut = answer.ending == "cut"
    if chat.stream:
        return PacedEvents(
            _events(answer, include_usage=chat.include_usage),
            pace=resources.pace,
            streaming=resources.streaming(),
            is_cut=is_cut,
        )
    return PacedBody(
        lambda: JSONResponse(STREAM_ERROR if answer.ending == "error" else _whole(answer)),
        seconds=answer.seconds,
        pace=resources.pace,
        is_cut=is_cut,
    )


def _events(answer: ChatAnswer, *, include_usage: bool) -> Iterator[tuple[float, str]]:
    for due, chunk in _chunks(answer, include_usage=include_usage):
        yield due, data_line(chunk)
    if answer.ending == "error":
        yield answer.seconds, data_line(STREAM_ERROR)


def _chunks(answer: ChatAnswer, *, include_usage: bool) -> Iterator[tuple[float, dict[str, Any]]]:
    """Yield each chunk with the second at which it is due; the choices are interleaved."""
    blank: dict[str, Any] = {
        "id": answer.id,
        "object": "chat.completion.chunk",
        "created": answer.created,
        "model": answer.model,
        "system_fingerprint": _FINGERPRINT,
    }
    unknown = {"usage": None} if include_usage else {}
    choices = (_choice(index, script) for index, script in enumerate(answer.scripts))
    for due, choice in heapq.merge(*choices, key=lambda event: event[0]):
        yield due, blank | {"choices": [choice]} | unknown
    if include_usage and answer.ending == "done":
        yield answer.seconds, blank | {"choices": [], "usage": answer.usage}


def _choice(index: int, script: Script) -> Iterator[tuple[float, dict[str, Any]]]:
    def event(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish_reason}

    yield 0.0, event({"role": "assistant", "content": ""})
    for piece in script.pieces:
        delta = {"images": [_image(piece.image)]} if piece.image else {"content": piece.text}
        yield piece.due, event(delta)
    if script.ending == "done":
        yield script.seconds, event({}, script.finish_reason)


def _whole(answer: ChatAnswer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "object": "chat.completion",
        "created": answer.created,
        "model": answer.model,
        "system_fingerprint": _FINGERPRINT,
        "choices": [
            {
                "index": index,
                "message": _message(script),
                "logprobs": None,
                "finish_reason": script.finish_reason,
            }
            for index, script in enumerate(answer.scripts)
        ],
        "usage": answer.usage,
        "data": None,
        "error": {},
    }


def _message(script: Script) -> dict[str, Any]:
    images = {"images": [_image(uri) for uri in script.images]} if script.images else {}
    return {"role": "assistant", "content": script.text, **images}


def _image(uri: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": uri}}


def _usage(chat: ChatRequest, scripts: tuple[Script, ...]) -> dict[str, Any]:
    """Count four characters of a request as a token, and each piece of an answer as one."""
    text_in = sum(4 + len(message.text) // 4 for message in chat.messages)
    images_in = _TOKENS_OF_AN_IMAGE * sum(len(message.images) for message in chat.messages)
    text_out = sum(bool(piece.text) for script in scripts for piece in script.pieces)
    images_out = _TOKENS_OF_AN_IMAGE * sum(len(script.images) for script in scripts)
    return {
        "prompt_tokens": text_in + images_in,
        "completion_tokens": text_out + images_out,
        "total_tokens": text_in + images_in + text_out + images_out,
        "prompt_tokens_details": {
            "cached_tokens": 0,
            "text_tokens": text_in,
            "image_tokens": images_in,
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "text_tokens": text_out,
            "image_tokens": images_out,
            "audio_tokens": 0,
            "reasoning_tokens": 0,
        },
    }
