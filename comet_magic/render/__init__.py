"""What is shown: a generation, a picture, a video or a sound as a MIME bundle."""

import base64
from collections.abc import Sequence

from ..generation import Generation, Inspection
from ..generation.gallery import Gallery
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.pixels import make_sheet
from ..media.videos import GeneratedVideo
from . import card, parts, plain, words
from .figures import figures, player
from .gallery import gallery_bundle
from .inspection import inspection_bundle
from .sounds import sound_figure
from .style import grid, page

__all__ = ["final_bundles", "live_bundle", "mimebundle"]

Bundle = dict[str, str]


def mimebundle(
    value: Generation | Media | Gallery | Inspection,
) -> Bundle:
    """The MIME bundle of any value that displays itself; a generation is one bundle."""
    if isinstance(value, Gallery):
        return gallery_bundle(value)
    if isinstance(value, Inspection):
        return inspection_bundle(value)
    if isinstance(value, GeneratedImage):
        return _pictures_bundle((value,), demo=False)
    if isinstance(value, GeneratedVideo):
        return _video_bundle(value, demo=False)
    if isinstance(value, GeneratedAudio):
        return _sound_bundle(value, demo=False)
    bundles = final_bundles(value, reason=True)
    if not value.status.is_final:
        bundles.append(live_bundle(value))
    return {
        **bundles[0],  # the pictures, for programs that show no HTML
        "text/html": "".join(bundle["text/html"] for bundle in bundles),
        "text/plain": "\n\n".join(bundle["text/plain"] for bundle in bundles),
    }


def live_bundle(*generations: Generation) -> Bundle:
    """A frame: running generations, side by side if there are several.

    It holds no picture bytes, except small copies in those that have ended while others run.
    """
    text = "\n".join(map(plain.stage_line, generations))
    if len(generations) == 1:
        only = generations[0]
        return {"text/html": page(parts.live(only), wide=bool(only.choices)), "text/plain": text}
    cards = [
        card.ended(each, small=True) if each.status.is_final else card.running(each)
        for each in generations
    ]
    return {"text/html": page(grid(*cards), wide=True), "text/plain": text}


def final_bundles(*generations: Generation, reason: bool = False) -> list[Bundle]:
    """The outputs of a generation that has ended: pictures, each video and sound, the summary.

    Args:
        *generations: Generations that have ended. Several are one output, side by side.
        reason: Whether the summary of a single one shows why it failed; a failed cell has its
            error below. Several always show it, since the error below only names them.
    """
    if len(generations) > 1:
        return [_side_by_side(generations)]
    (generation,) = generations
    demo = generation.endpoint == "demo"
    bundles = [_pictures_bundle(generation.images, demo=demo)] if generation.images else []
    bundles += [_video_bundle(video, demo=demo) for video in words.shown(generation.videos)]
    bundles += [_sound_bundle(sound, demo=demo) for sound in words.shown(generation.audios)]
    if generation.status.is_final:
        html = page(parts.summary(generation, reason=reason))
        text = plain.summary(generation, reason=reason)
        bundles.append({"text/html": html, "text/plain": text})
    return bundles


def _side_by_side(generations: Sequence[Generation]) -> Bundle:
    cards = [card.ended(each) for each in generations]
    return {
        "text/html": page(grid(*cards), wide=True),
        "text/plain": "\n\n".join(map(plain.whole, generations)),
        **_image([image for each in generations for image in each.images]),
    }


def _pictures_bundle(images: Sequence[GeneratedImage], *, demo: bool) -> Bundle:
    return {
        "text/html": page(figures(images), wide=len(images) > 1),
        "text/plain": "\n\n".join(plain.picture(image, demo=demo) for image in words.shown(images)),
        **_image(images),
    }


def _image(images: Sequence[GeneratedImage]) -> Bundle:
    """The picture, or all on one sheet, for programs that show no HTML, such as exports to PDF."""
    previews = [image.preview for image in images if image.preview]
    if not previews:
        return {}
    preview = previews[0] if len(previews) == 1 else make_sheet(previews)
    return {preview.media_type: base64.b64encode(preview.data).decode()}


def _video_bundle(video: GeneratedVideo, *, demo: bool) -> Bundle:
    return {"text/html": page(player(video)), "text/plain": plain.picture(video, demo=demo)}


def _sound_bundle(sound: GeneratedAudio, *, demo: bool) -> Bundle:
    return {"text/html": page(sound_figure(sound)), "text/plain": plain.picture(sound, demo=demo)}
