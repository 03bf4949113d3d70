"""Looks a whole answer through for pictures and videos, wherever in it they stand.

A model that makes pictures was paid for them. So pictures in code fences, HTML, JSON and reference
links count, too, where the reading by layout finds no others.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from ...media.addresses import cleaned, is_data_uri, is_relative
from ...media.inline import fold
from ...media.medium import Medium
from .block import is_parameters
from .links import Link, LinkKind, is_file, is_http, medium_of_address
from .markup import DEFINITION, REFERENCE, bare_links, take_links
from .results import Results, results

# "![fox]", if "[fox]: https://a.example/77" follows.
_SHORT_REFERENCE = re.compile(r"!\[([^\[\]]{1,100})\](?![\[(])")
# Where the reading by layout looks for no links: in code, and in JSON.
_CODE = re.compile(r"```|~~~|\{")
_ESCAPE = re.compile(r"(?<!\\)\\++(?=[\"/])")
_CUT_ADDRESS = re.compile(r"https?://[^\s()<>\"']*$")
_OPENING = re.compile(r"[{\[]")
# Values that are tried: an answer has one or two, and each may be all that is left of it.
_MOST_JSON, _MOST_DEPTH = 20, 12
_RESULT = re.compile(r"image|picture|video|url|uri|src|output|result|file|media", re.IGNORECASE)
_NO_RESULT = re.compile(
    r"input|reference|ref_|mask|poster|thumb|cover|page|status|callback|docs|web|cancel|policy",
    re.IGNORECASE,
)
# Addresses like those of files: "/v1/files/video?id=77", "/file/77"; not "/content-policy".
_FILES = re.compile(
    r"[/_.=](?:videos?|images?|img|files?|media|cdn|downloads?|blobs?|outputs?|generated|assets"
    r"|content|mp4|png|jpe?g|webp)(?:[/_.=&?\d]|$)",
    re.IGNORECASE,
)
_PAGES = re.compile(r"polic|terms|docs?\b|help|guide|support|faq|login|blog", re.IGNORECASE)


def looked_through(
    text: str, links: list[Link], medium: Medium, *, has_prose: bool, is_whole: bool
) -> Results:
    """Returns the results of an answer that has ended.

    Args:
        text: The whole answer.
        links: The links that the reading by layout found in it.
        medium: What the model makes.
        has_prose: Whether that reading left text.
        is_whole: Whether the answer was not cut.
    """
    found = results(links, medium, has_prose=has_prose)
    # A link without a label is the end of one whose alt text has several paragraphs.
    is_read = all(link.label or link.kind is not LinkKind.DOWNLOAD for link in links)
    if found.urls and is_read and not _CODE.search(text):
        return found
    text, folded = fold(text, is_whole=is_whole)
    if not is_whole:
        text = _CUT_ADDRESS.sub("", text)
    known = {link.url for link in links if _counts_in_code(link)}
    markup = [link.unfolded(folded) for link in take_links(text)[1]]
    whole = [link for link in markup if link.url not in known and _counts_in_code(link)]
    found = results([*links, *whole], medium, has_prose=has_prose)
    if found.urls:
        return found
    text = _ESCAPE.sub("", _without_parameters(text))
    for search in (_by_ending, _by_name, _by_reference, _by_path):
        links = [link.unfolded(folded) for link in search(text)]
        found = results(links, medium, has_prose=True)
        if found.urls:
            break
    return found


def _counts_in_code(link: Link) -> bool:
    """Returns whether it is an image or video whose bytes or ending say so."""
    if link.kind not in (LinkKind.IMAGE, LinkKind.VIDEO):
        return False
    return medium_of_address(link.url) is not None


def _without_parameters(text: str) -> str:
    """Returns `text` without the parameters, which may name pictures that were sent.

    Parameters alone are kept: some gateways answer with nothing else.
    """
    rest, end = [], 0
    for value, start, stop in _json_values(text):
        if isinstance(value, dict) and "prompt" in value and is_parameters(value):
            rest.append(text[end:start])
            end = stop
    left = "".join([*rest, text[end:]])
    return left if left.strip("`~ \t\r\njson") else text


def _by_ending(text: str) -> Iterator[Link]:
    rest, links = take_links(text)
    for link in (*links, *bare_links(rest)):
        if medium_of_address(link.url):
            yield link


def _by_name(text: str) -> Iterator[Link]:
    for value, _, _ in _json_values(text):
        yield from _named(value, "", 0)


def _named(value: Any, name: str, depth: int) -> Iterator[Link]:
    """Yields the addresses in a JSON value below names such as `video_url`."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _named(item, f"{name} {key}"[-100:], depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, name, depth + 1)
    elif isinstance(value, str) and _RESULT.search(name) and not _NO_RESULT.search(name):
        url = cleaned(value)
        is_path = url.startswith("/") and is_relative(url)
        if (is_http(url) or is_data_uri(url) or is_path) and not is_file(url):
            yield Link(LinkKind.VIDEO if "video" in name.lower() else LinkKind.IMAGE, "", url)


def _by_reference(text: str) -> Iterator[Link]:
    definitions = [found for line in text.split("\n") if (found := DEFINITION.match(line))]
    urls = {found[1].lower(): cleaned(found[2]) for found in definitions}
    names = [image[2] or image[1] for image in REFERENCE.finditer(text)] if urls else []
    names += [image[1] for image in _SHORT_REFERENCE.finditer(text)] if urls else []
    for name in names:
        if is_http(url := urls.get(name.lower(), "")):
            yield Link(LinkKind.IMAGE, name, url)
    for link in take_links(text)[1]:
        if link.kind in (LinkKind.IMAGE, LinkKind.VIDEO, LinkKind.PLAYER):
            yield link


def _by_path(text: str) -> Iterator[Link]:
    for part in text.split():
        for link in bare_links(part):
            address = link.url.partition("://")[2]
            path = address[address.find("/") :] if "/" in address else ""
            if _FILES.search(path) and not _PAGES.search(path):
                yield Link(LinkKind.IMAGE, "", link.url)


def _json_values(text: str) -> Iterator[tuple[Any, int, int]]:
    """Yields the JSON values in `text` that hold others, with their places."""
    decoder = json.JSONDecoder(strict=False)
    end = 0
    for _ in range(_MOST_JSON):
        begins = _OPENING.search(text, end)
        if not begins:
            return
        try:
            value, end = decoder.raw_decode(text, begins.start())
        except (ValueError, RecursionError):
            end = begins.end()
        else:
            yield value, begins.start(), end
