"""Finds the links in a line of a transcript, and classifies them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from ...media.addresses import is_data_uri


class LinkKind(StrEnum):
    """The target of a link, judged by its markup and its address."""

    IMAGE = "image"  # ![alt](address)
    DOWNLOAD = "download"  # [Click to download](address), or any link to a picture file
    BARE = "bare"  # an address with no markup around it
    PREVIEW = "preview"  # the [100](address) of a progress line, sent before the picture
    VIDEO = "video"
    PAGE = "page"  # a page about the task, never a picture
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text; `label` is its visible text, or the alt text of a picture."""

    kind: LinkKind
    label: str
    url: str

    @property
    def target(self) -> str:
        """The address without `download/` in its path: the same for both links to one file."""
        if is_data_uri(self.url):
            return self.url
        return self.url.replace("/cdn/download/", "/cdn/", 1)


# An address, which may contain pairs of parentheses. The quantifiers are possessive, so that a data
# URI of 30 MB is read once and without backtracking.
_CHARACTERS = r"[^\s()\[\]<>\"]*+"
_TARGET = rf"{_CHARACTERS}(?:\({_CHARACTERS}\){_CHARACTERS})*+"
# `](address "title")`; some gateways write `![image](u](u)`. `_label` searches the label backwards.
_LINK_END = re.compile(
    rf"\]\(\s{{0,8}}<?({_TARGET})>?(?:\]\({_TARGET}){{0,2}}"
    r"(?:\s{1,8}(?:\"[^\"]*\"|'[^']*'))?\s{0,8}\)"
)
_TAG = re.compile(
    r"<(?:img|video|source)\b[^<>]*?\bsrc\s{0,4}=\s{0,4}[\"']?([^\"'<>\s]+)[^<>]*>", re.IGNORECASE
)
_BARE = re.compile(
    r"(?:https?://|data:(?:image|video)/)[^\s<>\"'`()\[\]，。；！？、）】」》]+", re.IGNORECASE
)
_UNFINISHED = re.compile(rf"!?\[([^\[\]]*)\](?:\(\s{{0,8}}<?{_TARGET})?$")
_IMAGE_PATH = re.compile(r"\.(?:png|jpe?g|webp|gif|avif|bmp|tiff?|heic)$", re.IGNORECASE)
_VIDEO_PATH = re.compile(r"\.(?:mp4|webm|mov|m4v|mkv)$", re.IGNORECASE)
_OTHER_PATH = re.compile(
    r"\.(?:zip|pdf|txt|json|csv|html?|docx?|xlsx?|mp3|wav|exe|dmg|tar|gz)$", re.IGNORECASE
)
_LONGEST = 8_000  # signed links have 700 characters; servers refuse longer ones
_IN_BASE64 = re.compile(r"data:(?:image|video)/[\w.+-]{1,40};base64,")
_PERCENTAGE = re.compile(r"\W*\d{1,3}\s*%?\W*")
_PAGE_PATH = re.compile(r"^/(?:web|source)/[^/]+/?$")
_PAGE_LABEL = re.compile(r"data preview|source data|数据预览|原始数据", re.IGNORECASE)
_DOWNLOAD_LABEL = re.compile(r"download|下载|下載|⏬", re.IGNORECASE)
_VIDEO_LABEL = re.compile(r"播放|观看|觀看|视频|視頻|\bwatch\b|\bvideo\b|\bplay\b", re.IGNORECASE)


def take_links(line: str) -> tuple[str, list[Link]]:
    """Splits `line` into its text and its links.

    Removes pictures, videos, downloads and task pages from the text. Keeps the label of a link
    whose label is a number (`..[100](…)` → `..100`), and keeps any other link as written.
    """
    if "](" not in line and "<" not in line:
        return line, []
    links: list[Link] = []
    kept: list[str] = []
    line, folded = _fold(line)
    end = 0
    for match in _LINK_END.finditer(line):
        start, label, is_image = _label(line, end, match.start())
        url = folded.get(match[1], match[1])
        link = Link(_kind(label, url, is_image=is_image), label, url)
        kept.append(line[end:start])
        end = match.end()
        if link.kind is LinkKind.OTHER:
            kept.append(line[start:end] if label else "")
        else:
            links.append(link)
            kept.append(label if link.kind is LinkKind.PREVIEW else "")
    kept.append(line[end:])
    text = "".join(kept)
    if "<" not in text:
        return text, links
    links += [Link(_kind("", tag[1], is_image=True), "", tag[1]) for tag in _TAG.finditer(text)]
    return _TAG.sub("", text), links


def drop_unfinished(line: str) -> str:
    """Removes an unfinished link from the end of `line`, but keeps its label."""
    start = line.rfind("[")
    if start < 0:
        return line
    # In an inline picture a regular expression would check every character.
    far = start + _LONGEST
    if len(line) > far and (line.find(")", far) >= 0 or "](" not in line[start:far]):
        return line
    if line[start - 1 : start] == "!":
        start -= 1
    match = _UNFINISHED.match(line, start)
    if match:
        return line[:start] + ("" if line.startswith("!", start) else match[1])
    return line[:start] if line.startswith("![", start) and "]" not in line[start:] else line


def bare_links(text: str) -> list[Link]:
    """Returns addresses without markup that may lead to a picture or video.

    Inside a sentence the address must have the extension of a picture or video. An address alone
    on its line needs no extension.
    """
    if "://" not in text and "data:" not in text:
        return []
    found = []
    whole = text.strip()
    for match in _BARE.finditer(text):
        url = match[0].rstrip(".,;:!?")
        if len(url) > _LONGEST and url.startswith("http"):
            continue
        kind = _kind("", url, is_image=False)
        alone = match[0] == whole
        if kind is LinkKind.VIDEO:
            found.append(Link(kind, "", url))
        elif kind is LinkKind.DOWNLOAD or (alone and kind is LinkKind.OTHER and not _is_file(url)):
            found.append(Link(LinkKind.BARE, "", url))
    return found


def without_extension(url: str) -> bool:
    """Returns whether the address lacks the extension of a picture."""
    return not is_data_uri(url) and not _IMAGE_PATH.search(_path(url))


def is_video(url: str) -> bool:
    """Returns whether the address leads to a video."""
    return _kind("", url, is_image=True) is LinkKind.VIDEO


def _fold(line: str) -> tuple[str, dict[str, str]]:
    """Replaces each inline picture in `line` by a short address.

    A regular expression takes 0.2 s for a picture of 20 MB, and `find` a hundredth of that.

    Returns:
        The line, and the data URI for each short address.
    """
    folded: dict[str, str] = {}
    if len(line) <= _LONGEST:
        return line, folded
    parts: list[str] = []
    end = 0
    while (start := line.find("](data:", end)) >= 0:
        start += 2
        stop = line.find(")", start)
        parts.append(line[end:start])
        end = start
        if stop - start > _LONGEST and _IN_BASE64.match(line, start):
            url = line[start:stop]
            if " " not in url and "(" not in url:
                short = f"{url[:11]}folded-{len(folded)}"
                folded[short] = url
                parts.append(short)
                end = stop
    return "".join([*parts, line[end:]]), folded


def _label(line: str, begin: int, end: int) -> tuple[int, str, bool]:
    """Returns the start of the link whose label ends at `end`, the label, and `is_image`."""
    region = line[begin:end]
    image = region.rfind("![")
    start = region.rfind("[")
    if 0 <= image < start - 1 and region.count("[", image + 2) == region.count("]", image + 2):
        start = image + 1  # ![a [b] c](…)
    if start < 0:
        return end, "", False
    is_image = start > 0 and region[start - 1] == "!"
    return begin + start - is_image, region[start + 1 :], is_image


def _kind(label: str, url: str, *, is_image: bool) -> LinkKind:
    scheme = url[:16].lower()
    if scheme.startswith("data:video/"):
        return LinkKind.VIDEO
    if scheme.startswith("data:image/"):
        return LinkKind.IMAGE if is_image else LinkKind.DOWNLOAD
    if not scheme.startswith(("http://", "https://")) or len(url) > _LONGEST:
        return LinkKind.OTHER
    path = _path(url)
    # The first that holds: a page is no picture though it is written as one, and so on down.
    if _PAGE_PATH.search(path) or _PAGE_LABEL.search(label):
        return LinkKind.PAGE
    if is_image or _VIDEO_PATH.search(path):
        return LinkKind.VIDEO if _VIDEO_PATH.search(path) else LinkKind.IMAGE
    return _kind_of_words(label, path)


def _kind_of_words(label: str, path: str) -> LinkKind:
    """The kind of a link that is not written as a picture, and leads to no video file."""
    if _PERCENTAGE.fullmatch(label):
        return LinkKind.PREVIEW
    if _OTHER_PATH.search(path):
        return LinkKind.OTHER
    if _IMAGE_PATH.search(path):
        return LinkKind.DOWNLOAD
    if _VIDEO_LABEL.search(label):
        return LinkKind.VIDEO
    return LinkKind.DOWNLOAD if _DOWNLOAD_LABEL.search(label) else LinkKind.OTHER


def _is_file(url: str) -> bool:
    return bool(_OTHER_PATH.search(_path(url)))


def _path(url: str) -> str:
    try:
        return urlsplit(url[:4_000]).path
    except ValueError:
        return ""
