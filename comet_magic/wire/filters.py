"""Finds the filters that stopped an answer."""

from collections.abc import Iterator, Mapping

_MOST = 10


def filtered(value: Mapping[str, object]) -> list[str]:
    """What filters found in an answer, a choice or an error: `hate`, `violence`; often nothing.

    Azure writes `"content_filter_results": {"hate": {"filtered": true, "severity": "high"}}`, and
    of the prompt `"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": …}]`.
    """
    return list(dict.fromkeys(_kinds(value)))[:_MOST]


def _kinds(value: Mapping[str, object]) -> Iterator[str]:
    for name in ("content_filter_results", "content_filter_result"):
        found = value.get(name)
        if isinstance(found, Mapping):
            for kind, result in found.items():
                if isinstance(result, Mapping) and (
                    result.get("filtered") is True or result.get("detected") is True
                ):
                    yield str(kind)
    for name in ("prompt_filter_results", "prompt_annotations"):
        found = value.get(name)
        for item in found if isinstance(found, list) else ():
            if isinstance(item, Mapping):
                yield from _kinds(item)
