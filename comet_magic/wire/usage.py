"""What the endpoint says that a request used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self

# No request uses more tokens than this; such a count is a mistake.
_MOST = 1_000_000_000
# Entries of the details that are kept. Real ones have at most ten.
_MOST_DETAILS = 50
# `18`, `18.0`, `1,234`: some gateways send numbers as text.
_NUMBER = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0*)?")
_OLLAMA = ("prompt_eval_count", "eval_count")
# OpenAI's names and those of its newer APIs; Vercel's; Google's; Ollama's.
_PROMPT = (
    "prompt_tokens", "input_tokens", "promptTokens", "inputTokens", "promptTokenCount", _OLLAMA[0]
)  # fmt: skip
_COMPLETION = (
    "completion_tokens", "output_tokens", "completionTokens", "outputTokens",
    "candidatesTokenCount", _OLLAMA[1],
)  # fmt: skip
_TOTAL = ("total_tokens", "totalTokens", "totalTokenCount")


@dataclass(frozen=True, slots=True)
class Usage:
    """What the endpoint says the request used, in tokens. Nothing here is estimated.

    A count is None if it was not received, or cannot be one: `-1` stands for unknown.

    Attributes:
        prompt_tokens: Tokens read, cached ones included.
        completion_tokens: Tokens written; for an image model bookkeeping, not the price.
        total_tokens: As received; not recomputed.
        prompt_tokens_details: The counts in it, for example `cached_tokens`; may be empty.
        completion_tokens_details: Likewise.

    Source:
        The `usage` object of an answer. In a stream the last count of each kind counts.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: Mapping[str, Any] = field(default_factory=dict)
    completion_tokens_details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: object) -> Self | None:
        """None where `value` holds no count. It may be wrapped: `{"tokens": {…}}`."""
        if not isinstance(value, Mapping):
            return None
        if usage := cls._from_names(value):
            return usage
        for name, item in value.items():
            is_wrapper = isinstance(item, Mapping) and not str(name).endswith("_details")
            if is_wrapper and (usage := cls._from_names(item)):
                return usage
        return None

    def after(self, earlier: "Usage | None") -> "Usage":
        """This usage with the parts that only an earlier one of the same stream has.

        Anthropic sends what was read first and what was written last; some gateways end a stream
        with zeros. A total without its parts would be out of date.
        """
        if earlier is None:
            return self
        prompt = self.prompt_tokens or earlier.prompt_tokens
        completion = self.completion_tokens or earlier.completion_tokens
        is_same = (prompt, completion) == (earlier.prompt_tokens, earlier.completion_tokens)
        return Usage(
            self.prompt_tokens if prompt is None else prompt,
            self.completion_tokens if completion is None else completion,
            self.total_tokens or (earlier.total_tokens if is_same else self.total_tokens),
            self.prompt_tokens_details or earlier.prompt_tokens_details,
            self.completion_tokens_details or earlier.completion_tokens_details,
        )

    @classmethod
    def _from_names(cls, value: Mapping[str, Any]) -> Self | None:
        prompt, completion, total = (
            _first_count(value, names) for names in (_PROMPT, _COMPLETION, _TOTAL)
        )
        if prompt is completion is total is None:
            return None
        read, written = (
            _details(value.get(f"{old}_tokens_details", value.get(f"{new}_tokens_details")))
            for old, new in (("prompt", "input"), ("completion", "output"))
        )
        return cls(prompt, completion, total, read, written)


def usage_in(chunk: Mapping[str, Any]) -> Usage | None:
    """The usage in a chunk or a whole answer; None if there is none.

    It stands at the top, in a choice (Moonshot), or in an object of the gateway (Groq's `x_groq`).
    Ollama's counts stand beside its message.
    """
    choices = chunk.get("choices")
    # This runs for every token, so nothing is made here.
    for holders in ((chunk,), choices if isinstance(choices, list) else (), chunk.values()):
        for holder in holders:
            if type(holder) is dict:
                found = holder.get("usage") or holder.get("usageMetadata")
                if found and (usage := Usage.from_json(found)):
                    return usage
    if _OLLAMA[1] in chunk or _OLLAMA[0] in chunk:
        return Usage.from_json({name: chunk.get(name) for name in _OLLAMA})
    return None


def in_words(usage: Usage) -> str:
    """`24 + 1,120 = 1,144 tokens`. It says no sum that was not received, and none that is wrong.

    >>> in_words(Usage(24, 1_120)), in_words(Usage(24)), in_words(Usage(24, 1_120, 2_000))
    ('24 + 1,120 tokens', '24 tokens read', '2,000 tokens (24 + 1,120)')
    """
    prompt, completion, total = usage.prompt_tokens, usage.completion_tokens, usage.total_tokens
    if prompt is None or completion is None:
        if total is not None:
            return f"{total:,} tokens"
        return (
            f"{completion or 0:,} tokens written" if prompt is None else f"{prompt:,} tokens read"
        )
    parts = f"{prompt:,} + {completion:,}"
    if total is None:
        return f"{parts} tokens"
    is_sum = total == prompt + completion
    return f"{parts} = {total:,} tokens" if is_sum else f"{total:,} tokens ({parts})"


def _first_count(value: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    found = (_count(value[name]) for name in names if name in value)
    return next((count for count in found if count is not None), None)


def _count(value: object) -> int | None:
    """The whole number from 0 up that `value` is or says; else None."""
    if isinstance(value, str):
        text = value.strip() if len(value) < 40 else ""
        if not _NUMBER.fullmatch(text):
            return None
        value = int(text.partition(".")[0].replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        return None
    return int(value) if value == int(value) else None


def _details(value: object, *, is_inner: bool = False) -> dict[str, Any]:
    """The counts in a mapping, and in the mappings in it."""
    found: dict[str, Any] = {}
    if not isinstance(value, Mapping):
        return found
    for name, item in islice(value.items(), _MOST_DETAILS):
        count = _count(item)
        if count is not None:
            found[str(name)[:100]] = count
        elif not is_inner and (inner := _details(item, is_inner=True)):
            found[str(name)[:100]] = inner
    return found
