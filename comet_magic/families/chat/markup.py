"""Finds the links in a line of a transcript: Markdown, HTML, and addresses without markup."""

import re

from ...media.addresses import cleaned, is_data_uri
from ...media.inline import fold
from ...media.medium import Medium
from .links import LONGEST_URL, Link, LinkKind, is_file, kind_of, medium_of_address
from .stages import reports_progress

# An address, which may contain pairs of parentheses. The quantifiers are possessive, so that a
# long one is read once and without backtracking.
_CHARACTERS = r"[^\s()\[\]<>\"（）]*+"
_TARGET = rf"{_CHARACTERS}(?:\({_CHARACTERS}\){_CHARACTERS})*+"
# ![x](https://a.example/my cat.png)
_SPACED = (
    r"https?://[^\s()\[\]<>\"（）]++(?: [^\s()\[\]<>\"（）]++){1,8}(?<=\.png|\.jpg|jpeg|webp|\.mp4)"
)
# `](address "title")`; some gateways write `![image](u](u)`. `_label` searches the label backwards.
_LINK_END = re.compile(
    rf"\][(（]\s{{0,8}}<?({_SPACED}(?=>?[)）])|{_TARGET})>?(?:\]\({_TARGET}){{0,2}}"
    r"(?:\s{1,8}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|[\"'“「=][^()\n]{0,300}))?\s{0,8}[)）]",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(rf"!?\[([^\[\]]*)\](?:\(\s{{0,8}}<?{_TARGET})?$")
_OPEN_TAG = re.compile(
    r"<[/]?(?:img|video|source|iframe|embed|a|p|div|think|thinking)\b[^<>]{0,4000}$", re.IGNORECASE
)
_MEDIA_TAG = re.compile(r"<(img|video|source|iframe|embed)\b([^<>]*)>", re.IGNORECASE)
_TAG_KINDS = {
    "video": LinkKind.VIDEO,
    "source": LinkKind.VIDEO,
    "iframe": LinkKind.PLAYER,
    "embed": LinkKind.PLAYER,
}
_ANCHOR = re.compile(r"<a\b([^<>]*)>([^<>]{0,300})", re.IGNORECASE)
_WRAPPER = re.compile(
    r"<[/]?(?:a|p|div|center|span|br|hr|video|picture|figure|figcaption|details|summary|iframe|b|i"
    r"|strong|em|h[1-6]|ul|ol|li|table|tbody|thead|tr|td|th|body|html|head)\b[^<>]*>",
    re.IGNORECASE,
)
# Without one of these, the words on both sides would become one.
_BREAKING = re.compile(
    r"(?<=\w)(?:<[/]?(?:p|div|br|hr|li|tr|td|th|h[1-6])\b[^<>]*>)++(?=\w)", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"\b(src|href|poster)\s{0,4}=\s{0,4}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE
)
_FOLDED = re.compile(r"[`<(*_]{0,4}(data:(?:image|video)/folded-\d+)[`>)*_]{0,4}")
# "![fox][1]", and the "[1]: <https://a.example/77>" that it refers to.
REFERENCE = re.compile(r"!\[([^\[\]]{0,1000})\]\[([^\[\]]{0,100})\]")
DEFINITION = re.compile(r"[ \t>]{0,8}\[([^\[\]\n]{1,100})\]:\s{0,4}<?([^\s<>]+)>?[^\n]{0,200}")
_BARE = re.compile(
    r"(?:https?://|data:(?:image|video)/)[^\s\x00-\x1f<>\"'`()\[\]{}*\\|，。；！？、）】」》]+",
    re.IGNORECASE,
)
_DECORATION = " \t<>*_~`\"'|()[]（）【】「」"


def take_links(line: str, *, tidy: bool = True, is_whole: bool = True) -> tuple[str, list[Link]]:
    """Splits `line` into its text and its links.

    Removes pictures, videos, downloads and task pages from the text. Keeps the label of a link
    whose label is a number (`..[100](…)` → `..100`), and keeps any other link as written.

    Args:
        line: A line of the text; a label or a tag may go on for several.
        tidy: Whether to remove the HTML around links, too.
        is_whole: Whether the line is finished.
    """
    line, folded = fold(line, is_whole=is_whole)
    text, links = _markdown(line) if "](" in line or "]（" in line else (line, [])
    if tidy and "[" in text:
        text, more = _references(text)
        links += more
    if "<" in text:
        text, more = _html(text, tidy=tidy)
        links += more
    if not folded:
        return text, links
    for match in _FOLDED.finditer(text):
        links.append(Link(kind_of("", match[1], is_image=True), "", match[1]))
    text = _FOLDED.sub("", text)
    return text, [each.unfolded(folded) for each in links]


def drop_unfinished(line: str) -> str:
    """Removes an unfinished link or tag from the end of `line`, but keeps the link's label."""
    line = line[: _open_tag(line)]
    start = line.rfind("[")
    if start < 0:
        return line
    # In an inline picture a regular expression would check every character.
    far = start + LONGEST_URL
    if len(line) > far and (line.find(")", far) >= 0 or "](" not in line[start:far]):
        return line
    if line[start - 1 : start] == "!":
        start -= 1
    match = _UNFINISHED.match(line, start)
    if match:
        return line[:start] + ("" if line.startswith("!", start) else match[1])
    return line[:start] if line.startswith("![", start) and "]" not in line[start:] else line


def goes_on(line: str) -> bool:
    """Returns whether a link or a tag in `line` goes on in the next line.

    Alt texts can be prompts of several lines, and tags have a line for each attribute.
    """
    if _open_tag(line) is not None:
        return True
    image = line.rfind("![")
    if image < 0 or len(line) - image > LONGEST_URL:
        return False
    target = line.find("](", image)
    return line.find(")", target) < 0 if target > 0 else line.find("]", image) < 0


def bare_links(text: str) -> list[Link]:
    """Returns addresses without markup that may lead to a picture or video.

    Inside a sentence the address must have the ending of a picture or video. An address alone
    on its line needs none.
    """
    if "://" not in text and "data:" not in text:
        return []
    found = []
    whole = text.strip(_DECORATION)
    for match in _BARE.finditer(text):
        url = cleaned(match[0].rstrip(".,;:!?*_~"))
        if len(url) > LONGEST_URL and not is_data_uri(url):
            continue
        kind = kind_of("", url, is_image=False)
        alone = match[0].strip(_DECORATION) == whole
        if kind is LinkKind.VIDEO:
            found.append(Link(kind, "", url))
        elif kind is LinkKind.DOWNLOAD or (alone and kind is LinkKind.OTHER and not is_file(url)):
            found.append(Link(LinkKind.BARE, "", url))
    return found


def _open_tag(line: str) -> int | None:
    """Returns where the unfinished tag at the end of `line` begins; None if there is none."""
    tag = line.rfind("<")
    is_open = tag >= 0 and _OPEN_TAG.match(line, tag) and line.find("](", tag) < 0
    return tag if is_open else None


def is_address(text: str) -> bool:
    """Returns whether `text` is nothing but an address, and marks around it."""
    return _BARE.fullmatch(text.strip(_DECORATION)) is not None


def _markdown(line: str) -> tuple[str, list[Link]]:
    links: list[Link] = []
    kept: list[str] = []
    in_progress = reports_progress(line)
    end = 0
    for match in _LINK_END.finditer(line):
        start, label, is_image = _label(line, end, match.start())
        url = cleaned(match[1]).replace(" ", "%20")
        kind = kind_of(label, url, is_image=is_image, in_progress=in_progress)
        kept.append(line[end:start])
        end = match.end()
        if kind is LinkKind.OTHER:
            kept.append(line[start:end] if label else "")
        else:
            links.append(Link(kind, label, url))
            kept.append(label if kind is LinkKind.PREVIEW else "")
    kept.append(line[end:])
    return "".join(kept), links


def _references(text: str) -> tuple[str, list[Link]]:
    """Takes `![fox][1]`, and the `[1]: https://…/fox.png` that it refers to."""
    found = DEFINITION.fullmatch(text)
    if not found:
        return REFERENCE.sub("", text), []
    url = cleaned(found[2])
    medium = medium_of_address(url)
    if not medium:
        return text, []
    return "", [Link(LinkKind.VIDEO if medium is Medium.VIDEO else LinkKind.IMAGE, "", url)]


def _html(text: str, *, tidy: bool) -> tuple[str, list[Link]]:
    links = []
    for tag in _MEDIA_TAG.finditer(text):
        for name, url in _addresses(tag[2]):
            kind = kind_of("", url, is_image=True)
            if kind is LinkKind.IMAGE and name == "src":
                kind = _TAG_KINDS.get(tag[1].lower(), kind)
            if kind is not LinkKind.OTHER:
                links.append(Link(kind, "", url))
    text = _MEDIA_TAG.sub("", text)
    if not tidy:
        return text, links

    def without_anchor(anchor: re.Match[str]) -> str:
        for _, url in _addresses(anchor[1]):
            kind = kind_of(anchor[2], url, is_image=False)
            if kind not in (LinkKind.OTHER, LinkKind.PREVIEW):
                links.append(Link(kind, anchor[2], url))
                return ""
            if anchor[2].strip():
                return f"[{anchor[2]}]({url})"
        return anchor[0]

    text = _BREAKING.sub("\n", _ANCHOR.sub(without_anchor, text))
    return _WRAPPER.sub("", text), links


def _addresses(attributes: str) -> list[tuple[str, str]]:
    """Returns the name and the address of each attribute that holds one."""
    found = []
    for match in _ATTRIBUTE.finditer(attributes):
        url = match[2] or match[3] or (match[4] or "").removesuffix("/")
        found.append((match[1].lower(), cleaned(url)))
    return found


def _label(line: str, begin: int, end: int) -> tuple[int, str, bool]:
    """Returns the start of the link whose label ends at `end`, the label, and `is_image`."""
    region = line[begin:end]
    image = region.rfind("![")
    start = region.rfind("[")
    if 0 <= image < start - 1 and region.count("]", image + 2) in (0, region.count("[", image + 2)):
        start = image + 1  # ![a [b] c](…)
    if start < 0:
        return end, "", False
    is_image = start > 0 and region[start - 1] == "!"
    return begin + start - is_image, region[start + 1 :], is_image
