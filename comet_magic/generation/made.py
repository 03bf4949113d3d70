"""Makes results from the facts about them."""

from collections.abc import Mapping
from dataclasses import replace

from ..families.facts import Made
from ..media.addresses import absolute, is_data_uri
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.medium import Medium
from ..media.videos import GeneratedVideo

# Identifies a result: its link, or a number if the answer held its bytes.
Key = str | int


def media_from(fact: Made, alt: str, base_url: str) -> Media:
    """Returns a result without its bytes, unless the answer held them.

    Args:
        fact: What was made.
        alt: What it shows.
        base_url: The URL of the endpoint, to which a relative address is joined.
    """
    media: Media
    url = absolute(fact.url, base_url)
    if fact.medium is Medium.VIDEO:
        still = absolute(fact.poster, base_url)
        poster = GeneratedImage.from_url(still, alt) if still else None
        media = GeneratedVideo.from_url(url, alt, poster)
    elif fact.medium is Medium.AUDIO:
        media = GeneratedAudio.from_url(url, alt)
    else:
        media = GeneratedImage.from_url(url, alt)
    return media if fact.data is None else replace(media, data=fact.data)


def distinct(found: Mapping[Key, Media]) -> list[tuple[Key, Media]]:
    """Returns each result once: some gateways send a picture as bytes and as a link to them.

    Two links are two results, even if the same bytes are behind them.
    """
    inline = {item.data or item.path for item in found.values() if is_data_uri(item.url)}
    return [
        (key, item)
        for key, item in found.items()
        if is_data_uri(item.url) or (item.data or item.path or key) not in inline
    ]
