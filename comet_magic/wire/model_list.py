"""Reads lists of models."""

from collections.abc import Mapping

from ..text import mended, visible

# Where a list stands: OpenAI's `data`, Ollama's `models`, an envelope's `result`.
_LISTS = ("data", "models", "result", "items")
_IDS = ("id", "model", "name")
_DEEPEST = 3


def model_ids(value: object, depth: int = 0) -> list[str] | None:
    """The ids in a list of models, in order and each once; None if `value` is no such list.

    A list that is null is empty, and an item without an id hides no other.

    Args:
        value: A JSON value: the list, or an object that holds it.
        depth: The level at which it stands.
    """
    if isinstance(value, Mapping) and depth < _DEEPEST:
        found = [model_ids(value[name], depth + 1) for name in _LISTS if name in value]
        return max((ids for ids in found if ids is not None), key=bool, default=None)
    if value is None:
        return []
    if not isinstance(value, list):
        return None
    ids = [id_ for item in value if (id_ := _id(item))]
    if not ids and any(isinstance(item, int | float | list) for item in value):
        return None
    return list(dict.fromkeys(ids))


def _id(item: object) -> str:
    if isinstance(item, Mapping):
        item = next((item[name] for name in _IDS if isinstance(item.get(name), str)), "")
    return visible(mended(item)).strip() if isinstance(item, str) else ""
