"""Splits the data of an event, or a whole body, into its JSON values. It never raises."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ...text import all_mended

# `[DONE]`, `[done]`, `DONE`, `<|DONE|>`, `"[DONE]"`, `[END]`.
_END = re.compile(
    r"[\"'`\s]{0,4}"
    r"(?:DONE[\])>]?|[\[<(]{1,2}\|?\s?(?:DONE|END|EOF|FINISHED)\s?\|?[\])>]{1,2})"
    r"[\"'`.!;]{0,4}(?=(?:\s|\\n|\\r)*+(?:\Z|data:|\{))",
    re.IGNORECASE,
)
# Between two values: `{…}data: {…}`, `{…},{…}`, and line ends that were escaped once too often.
_BETWEEN = re.compile(r"(?:\s|,|;|data:|\\n|\\r)*+", re.IGNORECASE)
_FIELD = re.compile(r"(?:event|id|retry|):", re.IGNORECASE)
# An escaped surrogate. Most come in pairs, which the JSON parser joins to one character.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
# Python reads no whole number of over 4,300 digits, and loses the text around it. Floats have 308.
_LONGEST_NUMBER = 300


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)


# Some gateways leave line ends in strings as they are.
_DECODER = json.JSONDecoder(strict=False, parse_int=_number)


class Mark(Enum):
    """A mark among the values."""

    END = "[DONE]"


@dataclass(frozen=True, slots=True)
class Words:
    """Text that is no JSON."""

    text: str


def values(text: str) -> Iterator[Any]:
    """Yields the JSON values in `text` in order, `Mark.END` for an end mark, and other text.

    Nearly every text is one value. Gateways also send several: `data: {…}data: {…}` on one line,
    lines that no blank line separates, an array of chunks, a value in a string of JSON.
    """
    try:
        value = value_of(text)
    # JSON that is nested too deeply can fail at any step, depending on the version of Python.
    except (ValueError, RecursionError):
        yield from _several(text)
    else:
        yield from _items(value)


def value_of(text: str) -> Any:
    """Returns the JSON value that `text` is.

    Raises:
        ValueError: It is none, or more than one.
        RecursionError: It is nested too deeply.
    """
    value = json.loads(text)
    return _with_whole_characters(value) if "\\" in text and _HALF.search(text) else value


def is_end_mark(text: str) -> bool:
    """Returns whether `text` is an end mark in any spelling, and nothing else."""
    return len(text) < 40 and _sequence(text) == ([Mark.END], len(text))


def _several(text: str) -> Iterator[Any]:
    found, end = _sequence(text)
    yield from found
    # What stops the sequence may be a line of words, so read each of the others alone.
    for line in text[end:].split("\n"):
        found, end = _sequence(line)
        yield from found
        rest = line[end:].strip()
        if rest.lower().startswith("error:"):
            inner = list(values(rest[6:].strip()))
            yield {"error": inner[0] if inner and isinstance(inner[0], dict) else rest[6:].strip()}
        elif rest and not _FIELD.match(rest):
            yield Words(rest)


def _sequence(text: str) -> tuple[list[Any], int]:
    """Returns the values that follow each other at the beginning of `text`, and where they end."""
    found: list[Any] = []
    at = _after(text, 0)
    while at < len(text):
        if mark := _END.match(text, at):
            found.append(Mark.END)
            at = mark.end()
        else:
            try:
                value, end = _DECODER.raw_decode(text, at)
                found += _items(_with_whole_characters(value))
            except (ValueError, RecursionError):
                break
            at = end
        at = _after(text, at)
    return found, at


def _after(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _items(value: Any) -> Iterator[Any]:
    """Yields a value; in place of a list its items, and of a string the values in it."""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str):
            yield item
        elif item.strip().startswith(("{", "[", '"', "data:")) or is_end_mark(item.strip()):
            yield from values(item.strip())
        elif item.strip():
            yield Words(item)


def _with_whole_characters(value: Any, name: str = "") -> Any:
    """Replaces lone surrogates, except in the text, where the next chunk may complete the pair."""
    if isinstance(value, dict):
        return {
            str(all_mended(key)): _with_whole_characters(item, key) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_whole_characters(item) for item in value]
    return value if name in ("content", "text") else all_mended(value)
