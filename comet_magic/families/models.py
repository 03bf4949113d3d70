"""What the id of a model says about the answer to expect."""

import re
from enum import StrEnum


class Medium(StrEnum):
    """What a model makes besides text."""

    IMAGE = "image"
    VIDEO = "video"


# Ids of many providers pass through one endpoint, and `GET /models` does not say what they make.
# A model that is missing here still works: then the text decides (`Transcript.is_generation`).
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
# They read pictures and write text: `gpt-4o-image-preview` is not one of them.
_READS = re.compile(r"vision|caption|understanding|embed|moderation|rerank", re.IGNORECASE)


def medium_of(model: str) -> Medium | None:
    """What `model` is asked for; None for a text model and for an id that tells nothing.

    >>> medium_of("gpt-4o-image"), medium_of("sora-2"), medium_of("gpt-4o-mini")
    (<Medium.IMAGE: 'image'>, <Medium.VIDEO: 'video'>, None)
    """
    if _READS.search(model):
        return None
    if _IMAGE.search(model):  # sora_image makes images
        return Medium.IMAGE
    return Medium.VIDEO if _VIDEO.search(model) else None
