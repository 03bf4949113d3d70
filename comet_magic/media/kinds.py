"""All that a model can make besides text."""

from .audios import GeneratedAudio
from .images import GeneratedImage
from .sniffing import media_type_of
from .videos import GeneratedVideo

Media = GeneratedImage | GeneratedVideo | GeneratedAudio


def by_bytes(media: Media, data: bytes) -> Media:
    """The result as what its bytes are, without them: a "picture" can be a video, and a video a
    picture, where an address did not say."""
    kind = (media_type_of(data) or "").partition("/")[0]
    if isinstance(media, GeneratedImage) and kind == "video":
        return GeneratedVideo.from_url(media.url, media.alt)
    if isinstance(media, GeneratedVideo) and kind == "image":
        return GeneratedImage.from_url(media.url, media.alt)
    return media
