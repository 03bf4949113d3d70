"""Decides which links of an answer are its pictures, its videos and their posters."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...media.medium import Medium
from .links import Link, LinkKind, medium_of_address

_PICTURES = (LinkKind.IMAGE, LinkKind.DOWNLOAD, LinkKind.BARE, LinkKind.PREVIEW)
# A video model's address without an ending is a video. The first of these kinds counts: beside a
# player an image is the poster.
_VIDEOS = (LinkKind.PLAYER, LinkKind.DOWNLOAD, LinkKind.IMAGE, LinkKind.BARE)


@dataclass(frozen=True, slots=True)
class Results:
    """The results of an answer, in order, each once.

    Attributes:
        images: The pictures that are no posters.
        videos: The videos.
        posters: The posters of the videos: beside one a Markdown image is only its poster.
    """

    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    posters: tuple[str, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of the pictures and the videos."""
        return self.images + self.videos


def results(links: Sequence[Link], medium: Medium, *, has_prose: bool) -> Results:
    """Returns the results among `links`.

    The bytes and the ending of an address say what it is; without them the model's medium does,
    and only then the label.

    Args:
        links: The links of the answer, in order.
        medium: What the model makes; text if nothing is known of it.
        has_prose: Whether there is text besides. "See https://…/policies" is not a picture, but
            an answer with only an address is.
    """
    by_kind: dict[LinkKind, list[Link]] = {}
    for link in links:
        is_sure = link.kind is not LinkKind.BARE or medium_of_address(link.url)
        if is_sure or not has_prose:
            by_kind.setdefault(link.kind, []).append(link)
    videos = _once(by_kind.get(LinkKind.VIDEO, []))
    if not videos and medium is Medium.VIDEO:
        for kind in _VIDEOS:
            known: list[Link] = []
            unknown: list[Link] = []
            for link in by_kind.get(kind, []):
                (known if medium_of_address(link.url) else unknown).append(link)
            if unknown:
                videos, by_kind[kind] = _once(unknown), known
                break
    pictures = next((_once(by_kind[kind]) for kind in _PICTURES if by_kind.get(kind)), ())
    if videos:
        return Results(pictures[len(videos) :], videos, pictures[: len(videos)])
    if not pictures and not (medium is Medium.IMAGE and has_prose):
        videos = _once(by_kind.get(LinkKind.PLAYER, []))
    return Results(pictures, videos)


def _once(links: Sequence[Link]) -> tuple[str, ...]:
    """Returns the addresses, one per file."""
    if len(links) < 2:
        return tuple(link.url for link in links)  # hashing a large data URI is slow
    found: dict[str, str] = {}
    for link in links:
        found.setdefault(link.target, link.url)
    return tuple(found.values())
