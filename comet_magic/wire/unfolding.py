"""Finds the objects in texts: JSON in a string, XML, a web page, a part of JSON that was cut."""

import html
import json
import re
from collections.abc import Iterator, Mapping

_DECODER = json.JSONDecoder()
# Objects that are looked for in one text; the rest of it stays as it is.
_MOST_OBJECTS = 5
# Characters of the beginning and of the end of a text. Between them is a picture of some megabytes.
_MOST = 100_000
# Characters of a page or of cut JSON that are looked through.
_HEAD = 64_000
_MOST_FIELDS = 100
_PAGE = re.compile("<(?:html|!doctype)", re.IGNORECASE)
_TITLE = re.compile(r"<(title|h1)[^<>]{0,200}>([^<]{1,300})<", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:<[/]\1\s{0,20}>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[!?/a-zA-Z][^<>]{0,500}>")
# A leaf of XML: `<Code>AccessDenied</Code>`, `<ns:Message><![CDATA[…]]></ns:Message>`.
_LEAF = re.compile(
    r"<(?:\w{1,40}:)?(\w{1,40})(?:\s[^<>]{0,200})?>\s{0,100}"
    r"(?:<!\[CDATA\[([^]]{1,4000})\]\]>|([^<]{1,4000}))\s{0,100}<[/]"
)
# A field of JSON that is cut, or of a Python dict: `Error code: 400 - {'error': {'message': '…`.
_FIELD = re.compile(
    r"""["'](\w[\w-]{0,40})["']\s{0,20}:\s{0,20}"""
    r"""(?:"((?:[^"\\]|\\.)*+)|'((?:[^'\\]|\\.)*+)|(-?\d{1,20}))""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": ""}


def is_web_page(text: str) -> bool:
    """Whether `text` begins as HTML does."""
    head = text[:1_000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith("<?xml"):
        head = head.partition("?>")[2].lstrip()
    return head.startswith(("<!doctype", "<html", "<head"))


def unfolded(text: str) -> list[str | Mapping[str, object] | list[object]]:
    """Splits a text into its words and the objects between them, in order.

    `Upstream said {"error": …}` is two parts. A page is its title, XML an object of its leaves. Of
    a long text the middle is left out.
    """
    if len(text) > 2 * _MOST:
        text = f"{text[:_MOST]}…{text[-_MOST:]}"
    text = text.strip("\ufeff \t\r\n")
    if text.startswith("<"):
        return [_marked_up(text)]
    if page := _PAGE.search(text, 0, _HEAD):
        return [*unfolded(text[: page.start()]), _marked_up(text[page.start() :])]
    return [*_parts(text)] if "{" in text else [text]


def _parts(text: str) -> Iterator[str | Mapping[str, object] | list[object]]:
    rest = 0
    start = text.find("{")
    for _ in range(_MOST_OBJECTS):
        if start < 0:
            break
        if text[start - 1 : start] == "[":
            start -= 1
        try:
            value, end = _DECODER.raw_decode(text, start)
        # JSON that is nested too deeply is none.
        except (ValueError, RecursionError):
            if fields := _fields(text[start : start + _HEAD]):
                yield text[rest:start]
                yield fields
                return
            end = start + 2
        else:
            yield text[rest:start]
            yield value
            rest = end
        start = text.find("{", end)
    yield text[rest:]


def _fields(text: str) -> dict[str, object]:
    """The fields in cut JSON or in a Python dict; of each name the first one."""
    fields: dict[str, object] = {}
    for number, (name, double, single, digits) in enumerate(_FIELD.findall(text)):
        if number == _MOST_FIELDS:
            break
        fields.setdefault(name, _ESCAPE.sub(_unescaped, double or single) or digits)
    return fields


def _unescaped(match: re.Match[str]) -> str:
    name = match[1]
    return chr(int(name[1:], 16)) if len(name) > 1 else _ESCAPED.get(name, name)


def _marked_up(text: str) -> str | dict[str, object]:
    text = text[:_HEAD]
    is_page = is_web_page(text)
    if is_page and (title := _TITLE.search(text)):
        return _words(title[2])
    if not is_page:
        leaves: dict[str, str] = {}
        for name, quoted, plain in _LEAF.findall(text):
            leaves.setdefault(name, _words(quoted or plain))
        if leaves:
            # One alone has a name that says nothing: `<string>The store is closed</string>`.
            return dict(leaves) if len(leaves) > 1 else next(iter(leaves.values()))
    return _words(_TAG.sub(" ", _UNSEEN.sub(" ", text)))


def _words(text: str) -> str:
    return " ".join(html.unescape(text).split())
