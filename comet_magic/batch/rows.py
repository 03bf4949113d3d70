"""The rows of a batch: prompts, arguments, or a table through a template."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..interpolate import interpolate

# For the whole call: a row with a key of its own would be pickled with it.
_CALL_ONLY = ("api_key", "base_url")
_BRACES = re.compile(r"(?<!\{)\{([^{}\n]+)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One request to make.

    Attributes:
        number: From 0.
        arguments: Arguments of `generate`, the prompt included.
        problem: Why it cannot be sent; None if no reason is known.
    """

    number: int
    arguments: Mapping[str, Any]
    problem: Exception | None = None


def read_rows(
    prompts: Iterable[Any], template: str | None, common: Mapping[str, Any]
) -> Iterator[Row]:
    """Yields the rows one by one, reading `prompts` no further than asked.

    Args:
        prompts: Texts, mappings, or a table.
        template: Filled from each mapping; None if the mappings are arguments.
        common: Arguments of all rows; a row's own override them.
    """
    for number, item in enumerate(_items(prompts)):
        try:
            own = _arguments(item, template)
        except (TypeError, ValueError) as error:
            yield Row(number, {**common, "prompt": str(item)[:1000]}, error)
        else:
            yield Row(number, {**common, **own})


def check_prompts(prompts: object, template: str | None) -> None:
    """Checks what can be checked before the first row is read.

    Raises:
        TypeError: `prompts` holds no rows, or is a table and there is no template.
        ValueError: The template is empty, names a column that the table does not have, or names
            one in a form that would not be replaced.
    """
    if template is not None and not isinstance(template, str):
        raise TypeError(f"template must be a text, not {type(template).__name__}")
    if template is not None and not template.strip():
        raise ValueError("template is empty")
    if _is_table(prompts):
        if template is None:
            raise TypeError('a table needs a template, such as template="A {animal} in {place}"')
        names = [str(name) for name in getattr(prompts, "columns", ())]
        unknown = _roots(interpolate(template, {})[1]) - set(names)
        if unknown:
            raise ValueError(
                f"the table has no column {min(unknown)!r}; it has {', '.join(names)}. "
                "Write {{ and }} for literal braces"
            )
        _check_braces(template, names)
    elif isinstance(prompts, str | bytes | Mapping) or not isinstance(prompts, Iterable):
        raise TypeError(
            f"prompts must be a list or another iterable of prompts, not {type(prompts).__name__}"
        )


def count(prompts: Any) -> int | None:
    """Number of rows; None if it is not known before they are read."""
    try:
        return len(prompts)
    except TypeError:
        return None


def _items(prompts: Any) -> Iterator[Any]:
    if not _is_table(prompts):
        yield from prompts
        return
    names = [str(name) for name in prompts.columns]
    # By column: that is what pandas, polars and similar packages have in common.
    for values in zip(*(prompts[name] for name in prompts.columns), strict=True):
        yield dict(zip(names, values, strict=True))


def _is_table(prompts: object) -> bool:
    return hasattr(prompts, "columns") and hasattr(prompts, "__getitem__")


def _fill(template: str, item: Any) -> str:
    if not isinstance(item, Mapping):
        raise TypeError(
            f"with a template a row must be a dict of its values, not {type(item).__name__}"
        )
    _check_braces(template, item)
    for name in sorted(_roots(interpolate(template, {})[1])):
        if name in item and _is_missing(item[name]):
            raise ValueError(f"the row has no value for {name!r}, which the template names")
    prompt, unknown = interpolate(template, item)
    if unknown:
        raise ValueError(
            f"the row has no {unknown[0]!r} for the template. "
            "Write {{ and }} for literal braces"
        )
    return prompt


def _arguments(item: Any, template: str | None) -> Mapping[str, Any]:
    if template is not None:
        return {"prompt": _fill(template, item)}
    if not isinstance(item, Mapping):
        return {"prompt": item}
    if "prompt" not in item:
        raise TypeError("a row that is a dict needs a 'prompt'; other dicts need a template")
    for name in item:
        if not isinstance(name, str):
            raise TypeError(f"{name!r} is no name of an argument")
        if name in _CALL_ONLY:
            raise TypeError(f"{name} belongs to the call, not to a row")
    return item


def _check_braces(template: str, names: Container[str]) -> None:
    """Refuses `{product name}` and `{price:.2f}` where there is such a column.

    A template does not replace these, so a thousand rows would be sent, and paid for, with them.
    """
    for found in _BRACES.findall(template):
        name = re.split("[:!]", found)[0].strip()
        if name in names and not (name == found and name.isidentifier()):
            raise ValueError(
                f"{{{found}}} would be sent as written: a template replaces only {{name}}, "
                "{name.attr} and {name[key]}. Rename the column, or format its values first. "
                "Write {{ and }} for literal braces"
            )


def _is_missing(value: Any) -> bool:
    """Whether a cell of a table is empty: None, NaN, NaT or NA."""
    try:
        return value is None or bool(value != value)  # noqa: PLR0124
    except Exception:  # noqa: BLE001
        return type(value).__name__ == "NAType"  # comparing pandas.NA gives no bool


def _roots(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0].partition("[")[0] for name in names}
