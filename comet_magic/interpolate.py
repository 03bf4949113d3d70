"""Replaces `{name}` in a text by variables: those of a notebook, or a row of a table."""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"\{\{|\{(?P<name>[^\W\d]\w*)(?P<path>(?:\.[^\W\d]\w*|\[[^\[\]{}\n]+\])*)\}|[{}]"
)
_STEP = re.compile(r"\.(\w+)|\[([^\]]+)\]")


def interpolate(text: str, namespace: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Replaces `{name}`, `{name.attr}` and `{name[key]}`; returns the text and unknown names.

    `{{` and `}}` are literal braces. Other braces stay as written, so that users can paste JSON
    and code. Inserted values are not interpolated again.

    >>> interpolate('{style} {"a": {"b": 1}} {{x}} {nobody}', {"style": "cartoon"})
    ('cartoon {"a": {"b": 1}} {x} {nobody}', ['nobody'])
    """
    unknown: list[str] = []
    out: list[str] = []
    opened: list[str] = []  # the open braces, each "{" or "{{"
    position = 0
    while match := _TOKEN.search(text, position):
        out.append(text[position : match.start()])
        found, position = match[0], match.end()
        if match["name"]:
            try:
                out.append(str(look_up(namespace, match["name"], match["path"])))
            except LookupError:
                unknown.append(found[1:-1])
                out.append(found)
        elif found == "}":
            out.append(found)
            closes = opened.pop() if opened else "{{"
            if closes == "{{" and text.startswith("}", position):
                position += 1
        else:
            opened.append(found)
            out.append("{")
    out.append(text[position:])
    return "".join(out), list(dict.fromkeys(unknown))


def look_up(namespace: Mapping[str, Any], name: str, path: str) -> Any:
    """Returns the variable `name`, or the value at `path` in it, such as `.attr` and `[key]`.

    Raises:
        LookupError: It does not exist; the text is the missing name or step.
    """
    value = namespace[name]
    for step in _STEP.finditer(path):
        attribute, key = step.groups()
        try:
            if attribute:
                value = getattr(value, attribute)
            elif key.lstrip("-").isdecimal():
                value = value[int(key)]
            else:
                value = value[key.strip("'\"")]
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise LookupError(step[0]) from error
    return value
