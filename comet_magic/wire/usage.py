"""What the endpoint says that a request used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Usage:
    """What the endpoint says the request used, in tokens. Nothing here is estimated.

    Attributes:
        prompt_tokens: Tokens read, cached ones included; None if not received.
        completion_tokens: Tokens written; for an image model bookkeeping, not the price.
        total_tokens: As received; not recomputed.
        prompt_tokens_details: As received, for example `cached_tokens`; may be empty.
        completion_tokens_details: As received; may be empty.

    Source:
        The `usage` object of an answer; its last occurrence in a stream counts.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: Mapping[str, Any] = field(default_factory=dict)
    completion_tokens_details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: object) -> Self | None:
        """None where `value` holds no count."""
        if not isinstance(value, Mapping):
            return None
        # Gateways that resell the newer image API pass its names on.
        usage = cls(
            _count(value.get("prompt_tokens", value.get("input_tokens"))),
            _count(value.get("completion_tokens", value.get("output_tokens"))),
            _count(value.get("total_tokens")),
            _mapping(value.get("prompt_tokens_details", value.get("input_tokens_details"))),
            _mapping(value.get("completion_tokens_details", value.get("output_tokens_details"))),
        )
        counts = (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens)
        return None if counts == (None, None, None) else usage


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
