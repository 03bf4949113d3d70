"""Guesses from the id of a model what it makes."""

import re

from ...media.medium import Medium


def _words(words: str) -> re.Pattern[str]:
    """Returns a pattern for whole words: `individual` has no `vidu` in it, `luminous` no `luma`.

    A word can end in a version: `veo3`, `recraftv3`, `viduq2`.
    """
    return re.compile(rf"(?<![a-z])(?:{words})(?=[a-z]?\d|[^a-z]|$)", re.IGNORECASE)


# One endpoint serves models of many providers, and `GET /models` does not say what they make. A
# model that is missing here still works: its text decides (`ChatChoice.medium`).
_IMAGE = _words(
    r"(?:gpt)?images?|imagegeneration|dall-?e|flux|midjourney|mj|niji|nano-?banana|grok-imagine"
    r"|imagen|stable-?diffusion|sdxl|sd[-_]?(?:xl|turbo|[1-3](?:\.\d)?(?!\d*b))|seedream|seededit"
    r"|jimeng|dreamina|ideogram|recraft(?:v\d)?|hidream|kolors|cogview|playground-v\d|kandinsky"
    r"|pixart|omnigen|bria|nova-canvas|photon(?:-flash)?-1"
    r"|(?:t|text|txt|i|img)(?:2|-?to-?)(?:i|im|img)|^demo(?=-)"
)
_VIDEO = _words(
    r"sora|veo|kling(?:ai)?|runway(?:ml)?(?!ml|/)|gen-?[34]a?[-_.](?:turbo|aleph|alpha|5)|pika|luma"
    r"|(?<!x-)ray-?(?:flash-)?2|dream-machine|hailuo|seedance|wanx?[-_]?[12](?!\d*b)|vidu"
    r"|cogvideox?|hunyuan-?video|pixverse|nova-reel|ltx|skyreels|higgsfield|animatediff|omnihuman"
)
# These words say it, whatever else the family makes: `wan2.5-t2v`, `jimeng-video-3.0`.
_SAYS_VIDEO = _words(r"videos?|(?:ti?|i|s|v|flf|text|txt|image|img)(?:2|-?to-?)(?:v|video)")
# These read pictures and write text; `gpt-4o-image-preview` is not among them. Some write prompts
# for models that make pictures: `flux-prompt-enhance`.
_WRITES_TEXT = _words(
    r"vision|vl|llava|ocr|vqa|caption\w*|understand\w*|embed\w*|moderat\w*|re-?rank\w*|classif\w*"
    r"|detect\w*|segment\w*|descri\w+|summar\w+|analy\w+|prompt\w*|tag(?:ger|ging)|guard"
    r"|to-text|[a-z]*2text"
)


def made_by(model: str) -> Medium:
    """Returns what `model` makes; text for an unknown id.

    >>> made_by("gpt-4o-image"), made_by("sora-2"), made_by("gpt-4o-mini")
    (<Medium.IMAGE: 'image'>, <Medium.VIDEO: 'video'>, <Medium.TEXT: 'text'>)
    """
    if _WRITES_TEXT.search(model):
        return Medium.TEXT
    if _SAYS_VIDEO.search(model):
        return Medium.VIDEO
    if _IMAGE.search(model):  # sora_image makes images
        return Medium.IMAGE
    return Medium.VIDEO if _VIDEO.search(model) else Medium.TEXT
