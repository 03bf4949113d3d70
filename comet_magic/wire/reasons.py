"""Finds the reason in an error, whatever its shape: its words, its codes, the id of the request.

Names are compared in lower case and without `_` and `-`: `Message`, `error_msg`, `X-Request-Id`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from .filters import filtered
from .unfolding import unfolded

# Levels of objects in objects, and of JSON in strings; items of a list.
_DEEPEST = 8
_MOST_ITEMS = 10
# Characters of a code or another word.
_LONGEST = 500
# Where the words stand, the best place first; of these one is the message. An `error` that is an
# object comes before all.
_MESSAGES = (
    "message", "msg", "errormessage", "errormsg", "errmsg", "errordescription", "statusmsg",
    "statusmessage", "faultstring", "detail", "error", "baseresp", "fault", "response",
    "responsemetadata", "title", "description", "reason", "errors",
)  # fmt: skip
# OpenRouter's `metadata.raw` holds what its provider answered, often JSON; a moderation has
# `metadata.reasons`. What of these is not in the message is added to it.
_MORE = ("metadata", "raw", "reasons", "reason", "errors", "details", "detail", "innererror")
_OUTER = ("error", "fault", "response", "responsemetadata")
_INSIDE = {*_MESSAGES, *_MORE}
# What has no words in these is listed if there are no others: `{"error": {"code": 7}}`. The fields
# of `errors` have free names: `{"errors": {"model": ["is unknown"]}}`.
_FREE = ("detail", *_OUTER)
# Which field of the request a validator speaks of: FastAPI's `loc`, Zod's `path`.
_PLACES = ("loc", "path", "field", "property", "location")
# The rest of an error that has no words is listed, but for these.
_UNSAID = {"input", "ctx", "url", "stack", "trace", "timestamp", "success", "object"}
_TYPES = ("type", "errortype", "status")
_CODES = ("code", "errorcode", "statuscode", "errcode", "errno")
_IDS = ("requestid", "xrequestid", "reqid", "traceid", "xtraceid", "logid", "correlationid")


def named(value: Mapping[str, object]) -> dict[str, object]:
    """The fields by their names in lower case, without `_` and `-`."""
    return {
        str(name).lower().replace("_", "").replace("-", ""): item for name, item in value.items()
    }


def is_blank(value: object, depth: int = 0) -> bool:
    """Whether a part of an answer says nothing: `{"message": "", "code": null}`."""
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return all(is_blank(item, depth + 1) for item in value.values())
    return not value


def sentence(value: object, depth: int = 0, *, in_full: bool = False) -> str:
    """The words of an error; empty if it has none.

    Args:
        value: A JSON value.
        depth: The level at which it stands.
        in_full: Whether an object without words is listed field by field.
    """
    if depth > _DEEPEST:
        return ""
    if isinstance(value, str):
        parts = unfolded(value)
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        return _sequence([sentence(part, depth + 1, in_full=True) for part in parts])
    if isinstance(value, list):
        return _joined(_item(item, depth + 1) for item in value[:_MOST_ITEMS])
    return _of_object(value, depth, in_full=in_full) if isinstance(value, Mapping) else ""


def objects(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """The objects of an error, from the outside in, with names as `named` gives them."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        for part in unfolded(value):
            if not isinstance(part, str):
                yield from objects(part, depth + 1)
    elif isinstance(value, list):
        for item in value[:_MOST_ITEMS]:
            yield from objects(item, depth + 1)
    elif isinstance(value, Mapping):
        fields = named(value)
        yield fields
        for name, item in fields.items():
            if name in _INSIDE:
                yield from objects(item, depth + 1)


def types(parts: Sequence[Mapping[str, object]]) -> list[str]:
    """The kinds of an error, such as `invalid_request_error`; `parts` are its `objects`."""
    found = _scalars(parts, _TYPES)
    said = ("error", "failed", "failure")
    return [each for each in found if not each.isdecimal() and each.lower() not in said]


def codes(parts: Sequence[Mapping[str, object]]) -> list[str]:
    """The codes of an error, those in words before numbers; `parts` are its `objects`."""
    return sorted(_scalars(parts, _CODES), key=str.isdecimal)


def request_id(parts: Sequence[Mapping[str, object]]) -> str:
    """The id of the request, in one of an error's `objects`; empty if there is none."""
    return next(iter(_scalars(parts, _IDS)), "")


def _of_object(value: Mapping[str, object], depth: int, *, in_full: bool) -> str:
    fields = named(value)
    # Each is read once: twice would be 2⁸ times in objects that are eight levels deep.
    is_alone = not any(isinstance(fields.get(name), str) for name in _MESSAGES)
    words = {
        name: sentence(item, depth + 1, in_full=name == "errors" or (is_alone and name in _FREE))
        for name, item in fields.items()
        if name in _INSIDE
    }
    outer = [name for name in _OUTER if isinstance(fields.get(name), Mapping | list)]
    said = [next((words[name] for name in (*outer, *_MESSAGES) if words.get(name)), "")]
    for name in _MORE:
        more = words.get(name, "")
        if more and not any(more in before for before in said):
            said.append(more)
    if kinds := filtered(value):
        said.append(f"(filtered: {', '.join(kinds)})")
    found = _sequence(said)
    return found or (_listed(value, depth) if in_full else "")


def _listed(value: Mapping[str, object], depth: int) -> str:
    """The fields one by one, for `{"model": ["is unknown"], "code": 7}`."""
    said = []
    for name, item in list(value.items())[:_MOST_ITEMS]:
        if str(name).lower() not in _UNSAID:
            # Deeper than it is, as `_of_object` has read some of these: twice a level adds up.
            words = _scalar(item) or sentence(item, depth + 4, in_full=True)
            said.append(f"{name}: {words}" if words else "")
    return _joined(said)


def _item(item: object, depth: int) -> str:
    """An entry of a list of errors, with the place that it is about."""
    words = sentence(item, depth, in_full=True)
    place = _place(named(item)) if isinstance(item, Mapping) else ""
    return f"{place}: {words}" if place and words and not words.startswith(place) else words


def _place(fields: Mapping[str, object]) -> str:
    for name in _PLACES:
        found = fields.get(name)
        steps = found[-_MOST_ITEMS:] if isinstance(found, list) else [found]
        texts = [str(step) for step in steps if isinstance(step, str | int)]
        if path := ".".join(text for text in texts if text != "body"):
            return path
    return ""


def _scalars(parts: Sequence[Mapping[str, object]], names: tuple[str, ...]) -> list[str]:
    found = [_scalar(fields.get(name)) for fields in parts for name in names]
    return [each for each in found if each]


def _scalar(value: object) -> str:
    """A word or number as text; empty for everything else, and for no, none and zero."""
    if not value or isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value[:_LONGEST] if isinstance(value, str) else value).strip()


_ENDS = re.compile(r"[.!?:;,，。：；！？…]$")


def _sequence(said: list[str]) -> str:
    """The parts one after the other: `Provider returned error: it is busy`."""
    text = ""
    for part in map(str.strip, said):
        if not any(character.isalnum() for character in part):
            continue
        if text:
            text = text.rstrip(" -–—")
            text += " " if _ENDS.search(text) or part.startswith(("(", "[")) else ": "
        text += part
    return text


def _joined(said: "Iterator[str] | list[str]") -> str:
    return "; ".join(dict.fromkeys(each for each in said if each))
