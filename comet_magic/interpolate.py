"""`{name}` in a text, replaced from variables: those of a notebook, or a row of a table."""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"\{\{|\{(?P<name>[^\W\d]\w*)(?P<path>(?:\.[^\W\d]\w*|\[[^\[\]{}\n]+\])*)\}|[{}]"
)
_STEP = re.compile(r"\.(\w+)|\[([^\]]+)\]")


def interpolate(text: str, namespace: Mapping[str, Any]) -> tuple[str, list[str]]:
    """`text` with `{name}`, `{name.attr}` and `{name[key]}` replaced, and the names not found.

    `{{` and `}}` are literal braces. Every other brace stays as written, so that JSON and code
    can be pasted; what was put in is not read again.

    >>> interpolate('{style} {"a": {"b": 1}} {{x}} {nobody}', {"style": "cartoon"})
    ('cartoon {"a": {"b": 1}} {x} {nobody}', ['nobody'])
    """
    unknown: list[str] = []
    out: list[str] = []
    opened: list[str] = []  # "{" or "{{": what the next closing brace closes
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
    """The variable `name`, followed by `path`: `.attr` and `[key]`, as often as wanted.

    Raises:
        LookupError: There is none; the text is the name or the step that is missing.
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
