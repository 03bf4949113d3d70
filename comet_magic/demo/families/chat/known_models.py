"""The models of the demo server, and which of them speaks which form of the wire."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "video", "text"]
Layout = Literal[
    "bold-percent",
    "line-a-step",
    "documented",
    "json-block",
    "task-pages",
    "bare-stage",
    "picture-only",
    "bare-url",
    "data-uri",
    "inline",
    "sora",
    "veo",
    "prose",
]


@dataclass(frozen=True, slots=True)
class Model:
    """A model id and how it answers.

    Attributes:
        layout: The form of the assistant's text.
        lesson: What goes wrong, for a teaching model: the id without `demo-error-`; else "".
    """

    id: str
    kind: Kind
    layout: Layout
    owned_by: str
    lesson: str = ""


_REAL = (
    # The letters are those that people use for the drifting layouts, oldest first.
    Model("gpt-4o-image", "image", "documented", "openai"),  # C, as the endpoint documents it
    Model("gpt-4o-all", "image", "bold-percent", "openai"),  # A, bare JSON, `> 进度 **34%**`
    Model("sora_image", "image", "line-a-step", "openai"),  # B, Chinese, the signed link at the end
    Model("gpt-image-1.5", "image", "json-block", "openai"),  # D, may give several pictures
    Model("gpt-4o-image-vip", "image", "task-pages", "openai"),  # E, Chinese, task pages
    Model("gpt-image-1", "image", "bare-stage", "openai"),  # F, no block, no progress
    Model("flux-kontext-pro", "image", "picture-only", "black-forest-labs"),  # G
    Model("flux-kontext-max", "image", "bare-url", "black-forest-labs"),  # G, no Markdown
    Model("gemini-2.5-flash-image-preview", "image", "data-uri", "google"),  # G, a data URI
    Model("gemini-2.5-flash-image", "image", "inline", "google"),  # a data URI in `delta.images`
    Model("sora-2", "video", "sora", "openai"),  # poster and a link to play
    Model("veo3", "video", "veo", "google"),  # no block, a link to play, one to download
    Model("gpt-4o-mini", "text", "prose", "openai"),
    Model("gpt-4o", "text", "prose", "openai"),
    Model("claude-sonnet-4-5", "text", "prose", "anthropic"),
)

_LESSONS = (
    *("400", "401", "403", "404", "413", "429", "429-once", "500", "500-safety", "503", "524"),
    *("html", "cut", "stream", "refused", "failed", "no-picture", "slow"),
)

MODELS: dict[str, Model] = {
    model.id: model
    for model in (
        *_REAL,
        *(Model(f"demo-error-{x}", "image", "documented", "demo", lesson=x) for x in _LESSONS),
    )
}
