"""What is shown: a generation, a picture or a video as a MIME bundle."""

import base64

from ..gallery import Gallery
from ..generation import Generation
from ..media import GeneratedImage, GeneratedVideo
from . import parts, plain
from .figures import figure, player
from .gallery import gallery_bundle
from .html import Html
from .style import page

__all__ = ["final_bundles", "live_bundle", "mimebundle"]

Bundle = dict[str, str]


def mimebundle(value: Generation | GeneratedImage | GeneratedVideo | Gallery) -> Bundle:
    """The bundle of any value that displays itself; a whole generation is one bundle."""
    if isinstance(value, Gallery):
        return gallery_bundle(value)
    if isinstance(value, GeneratedImage):
        return _picture_bundle(value, figure(value), demo=False)
    if isinstance(value, GeneratedVideo):
        return _video_bundle(value, demo=False)
    bundles = final_bundles(value, reason=True)
    if not value.status.is_final:
        bundles.append(live_bundle(value))
    return {
        **bundles[0],  # the first picture, for readers that want an image
        "text/html": "".join(bundle["text/html"] for bundle in bundles),
        "text/plain": "\n\n".join(bundle["text/plain"] for bundle in bundles),
    }


def live_bundle(generation: Generation) -> Bundle:
    """One frame while it runs; no picture bytes."""
    return {"text/html": page(parts.live(generation)), "text/plain": plain.stage_line(generation)}


def final_bundles(generation: Generation, *, reason: bool = False) -> list[Bundle]:
    """The outputs of a generation that has ended: each picture, each video, then the summary.

    Args:
        generation: That has ended.
        reason: Whether the summary says why it failed; a cell that failed has its error below.
    """
    demo = generation.endpoint == "demo"
    count = len(generation.images)
    bundles = [
        _picture_bundle(image, figure(image, number, count), demo=demo)
        for number, image in enumerate(generation.images, 1)
    ]
    bundles += [_video_bundle(video, demo=demo) for video in generation.videos]
    if generation.status.is_final:
        html = page(parts.summary(generation, reason=reason))
        text = plain.summary(generation, reason=reason)
        bundles.append({"text/html": html, "text/plain": text})
    return bundles


def _picture_bundle(image: GeneratedImage, shown: Html, *, demo: bool) -> Bundle:
    bundle: Bundle = {"text/html": page(shown), "text/plain": plain.picture(image, demo=demo)}
    if image.preview:
        bundle[image.preview.media_type] = base64.b64encode(image.preview.data).decode()
    return bundle


def _video_bundle(video: GeneratedVideo, *, demo: bool) -> Bundle:
    return {"text/html": page(player(video)), "text/plain": plain.picture(video, demo=demo)}
