"""Guesses from the id of a model what it makes."""

import re

from ...media.medium import Medium

# One endpoint serves models of many providers, and `GET /models` does not say what they make. A
# model that is missing here still works: its text decides (`Transcript.is_generation`).
_IMAGE = re.compile(
    r"image|dall-?e|flux|midjourney|\bmj[-_]|stable-?diffusion|sdxl|\bsd-?3|seedream|seededit"
    r"|ideogram|recraft|nano-?banana|imagen|hidream|kolors|cogview|playground-v"
    r"|^demo-",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"video|\bsora|\bveo|kling|runway|gen-?[34]-turbo|\bpika|luma|hailuo|seedance|\bwan-?\d|vidu"
    r"|minimax-t2v|cogvideo|hunyuan-?video",
    re.IGNORECASE,
)
# These read pictures and write text; `gpt-4o-image-preview` is not among them.
_READS_IMAGES = re.compile(r"vision|caption|understanding|embed|moderation|rerank", re.IGNORECASE)


def made_by(model: str) -> Medium:
    """Returns what `model` makes; text for an unknown id.

    >>> made_by("gpt-4o-image"), made_by("sora-2"), made_by("gpt-4o-mini")
    (<Medium.IMAGE: 'image'>, <Medium.VIDEO: 'video'>, <Medium.TEXT: 'text'>)
    """
    if _READS_IMAGES.search(model):
        return Medium.TEXT
    if _IMAGE.search(model):  # sora_image makes images
        return Medium.IMAGE
    return Medium.VIDEO if _VIDEO.search(model) else Medium.TEXT
