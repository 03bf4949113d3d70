"""Judges where a link of a transcript leads: by its address, its markup and its label."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from ...media.addresses import is_data_uri, is_relative
from ...media.inline import inline_medium
from ...media.medium import Medium


class LinkKind(StrEnum):
    """The target of a link, judged by its markup and its address."""

    IMAGE = "image"  # ![alt](address), or bytes in the text
    DOWNLOAD = "download"  # [Click to download](address), or any link to a picture file
    BARE = "bare"  # an address with no markup around it
    PREVIEW = "preview"  # the [100](address) of a progress line, sent before the picture
    VIDEO = "video"  # the address of a video file, or a player
    PLAYER = "player"  # [▶️ Watch](address); only a video model's answer makes it a video
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

    @property
    def is_judged_by_label(self) -> bool:
        """Whether only its label says that it may lead to a result."""
        is_named = self.kind in (LinkKind.DOWNLOAD, LinkKind.PLAYER)
        return is_named and medium_of_address(self.url) is None

    def unfolded(self, folded: Mapping[str, str]) -> "Link":
        """Returns the link with its whole address, if `fold` has made it short."""
        url = folded.get(self.url)
        return replace(self, url=url) if url else self


LONGEST_URL = 8_000  # signed links have 700 characters; servers refuse longer ones
# Stores write a size or a style behind the ending: x.png!small, x.jpeg~tplv-1.image
_IMAGE_PATH = re.compile(r"\.(?:png|jpe?g|webp|gif|avif|bmp|tiff?|heic)(?=$|[~!@:])", re.IGNORECASE)
_VIDEO_PATH = re.compile(r"\.(?:mp4|webm|mov|m4v|mkv)(?=$|[~!@:])", re.IGNORECASE)
_OTHER_PATH = re.compile(
    r"\.(?:zip|pdf|txt|json|csv|html?|docx?|xlsx?|mp3|wav|exe|dmg|tar|gz)$", re.IGNORECASE
)
_PERCENTAGE = re.compile(r"\W*\d{1,3}\s*%?\W*")
_PAGE_PATH = re.compile(r"^/(?:web|source)/[^/]+/?$")
_PAGE_LABEL = re.compile(r"data preview|source data|数据预览|原始数据", re.IGNORECASE)
_DOWNLOAD_LABEL = re.compile(r"download|下载|下載|⏬", re.IGNORECASE)
_PLAYER_LABEL = re.compile(r"播放|观看|觀看|视频|視頻|\bwatch\b|\bvideo\b|\bplay\b", re.IGNORECASE)
_GUIDE_LABEL = re.compile(
    r"\bhow\b|\bguide|tutorial|\bhelp\b|\bdocs?\b|\bpolic|如何|怎么|怎麼|教程|帮助|说明",
    re.IGNORECASE,
)


def kind_of(label: str, url: str, *, is_image: bool, in_progress: bool = False) -> LinkKind:
    """Returns the kind of a link.

    Args:
        label: Its visible text.
        url: Its address.
        is_image: Whether it is written as an image.
        in_progress: Whether it stands in a line that reports progress.
    """
    medium = medium_of_address(url)
    if not (medium if is_data_uri(url) else _is_link(url, medium, is_image=is_image)):
        return LinkKind.OTHER
    # A task page is not a picture, even if it is written as an image.
    is_page = _PAGE_PATH.search(_path(url)) or (_PAGE_LABEL.search(label) and not is_image)
    if is_page and not medium:
        return LinkKind.PAGE
    if is_image or medium is Medium.VIDEO:
        return LinkKind.VIDEO if medium is Medium.VIDEO else LinkKind.IMAGE
    if _PERCENTAGE.fullmatch(label):
        # "I can't draw that person [1](https://…/policy)." quotes a page.
        return LinkKind.PREVIEW if in_progress or medium else LinkKind.OTHER
    return LinkKind.DOWNLOAD if medium else _kind_by_label(label, url)


def _is_link(url: str, medium: Medium | None, *, is_image: bool) -> bool:
    """Returns whether the address can be followed; a relative one must look like one."""
    if len(url) > LONGEST_URL:
        return False
    return is_http(url) or (is_relative(url) and bool(medium or (is_image and "/" in url)))


def is_http(url: str) -> bool:
    """Returns whether the address is an absolute link."""
    return url[:8].lower().startswith(("http://", "https://"))


def ending(url: str) -> Medium | None:
    """Returns what the ending of an address says that it leads to; None if it does not say.

    The ending stands in the path, or in the query as `?file=fox.png`.
    """
    for part in _parts(url):
        if _IMAGE_PATH.search(part):
            return Medium.IMAGE
        if _VIDEO_PATH.search(part):
            return Medium.VIDEO
    return None


def medium_of_address(url: str) -> Medium | None:
    """Returns what the bytes or the ending of an address say; None if they do not say."""
    return inline_medium(url) if is_data_uri(url) else ending(url)


def is_file(url: str) -> bool:
    """Returns whether the address is that of a file which is neither a picture nor a video."""
    return bool(_OTHER_PATH.search(_path(url)))


def _kind_by_label(label: str, url: str) -> LinkKind:
    if is_file(url):
        return LinkKind.OTHER
    if _PLAYER_LABEL.search(label):
        return LinkKind.OTHER if _GUIDE_LABEL.search(label) else LinkKind.PLAYER
    return LinkKind.DOWNLOAD if _DOWNLOAD_LABEL.search(label) else LinkKind.OTHER


def _path(url: str) -> str:
    return next(_parts(url), "")


def _parts(url: str) -> Iterator[str]:
    """Yields the path of an address, then the values of its query."""
    try:
        split = urlsplit(url[:4_000])
    except ValueError:
        return
    yield split.path
    if "." in split.query:
        yield from split.query.split("&")
