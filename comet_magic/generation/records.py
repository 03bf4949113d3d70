"""Generations as dicts of plain values, for tables and JSON."""

from collections.abc import Iterable
from typing import Any

from ..media.addresses import is_data_uri, short_url
from . import Generation


def records(generations: Iterable[Generation]) -> list[dict[str, Any]]:
    """A dict of JSON values for each generation: `pandas.DataFrame(records(…))`.

    Every dict has all of these keys: `prompt`, `model`, `status`; `answer` (the model's own words),
    `revised_prompt`; `paths` and `urls` of pictures, then videos, then sounds (None in `paths` for
    one that was not saved; inline data is cut from `urls`); `error`, `error_type`, `status_code`;
    `prompt_tokens`, `completion_tokens`, `total_tokens`; `started` (ISO 8601), `elapsed` and
    `time_to_first_token` in seconds, `attempts`, `finish_reason`, `request_id`, `id`, `endpoint`.
    A value that was not received is None.
    """
    return [_record(generation) for generation in generations]


def _record(generation: Generation) -> dict[str, Any]:
    usage = generation.usage
    urls = [short_url(item.url) if is_data_uri(item.url) else item.url for item in generation.media]
    return {
        "prompt": generation.prompt,
        "model": generation.model,
        "status": str(generation.status),
        "answer": generation.answer,
        "revised_prompt": generation.revised_prompt,
        "paths": [str(item.path) if item.path else None for item in generation.media],
        "urls": urls,
        "error": generation.error,
        "error_type": generation.error_type,
        "status_code": generation.status_code,
        "prompt_tokens": usage.prompt_tokens if usage else None,
        "completion_tokens": usage.completion_tokens if usage else None,
        "total_tokens": usage.total_tokens if usage else None,
        "started": generation.started.isoformat(),
        "elapsed": generation.elapsed,
        "time_to_first_token": generation.time_to_first_token,
        "attempts": generation.attempts,
        "finish_reason": generation.finish_reason,
        "request_id": generation.request_id,
        "id": generation.id,
        "endpoint": generation.endpoint,
    }
