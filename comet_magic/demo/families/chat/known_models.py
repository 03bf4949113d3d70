"""Models of the chat family, and the layout in which each of them answers."""

from dataclasses import dataclass
from typing import Literal

from comet_magic.demo.families.demo_family import DemoModel

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
class ChatModel(DemoModel):
    """A model id and how it answers.

    Attributes:
        layout: Form of the assistant's text.
        lesson: What goes wrong, for a teaching model: its id without `demo-error-`; else "".
    """

    layout: Layout
    lesson: str = ""


_REAL = (
    # The letters are those that people use for the drifting layouts, oldest first.
    ChatModel("gpt-4o-image", "image", "openai", "documented"),  # C, as the endpoint documents it
    ChatModel("gpt-4o-all", "image", "openai", "bold-percent"),  # A, bare JSON, `> 进度 **34%**`
    ChatModel("sora_image", "image", "openai", "line-a-step"),  # B, Chinese, signed link at the end
    ChatModel("gpt-image-1.5", "image", "openai", "json-block"),  # D, may give several pictures
    ChatModel("gpt-4o-image-vip", "image", "openai", "task-pages"),  # E, Chinese, task pages
    ChatModel("gpt-image-1", "image", "openai", "bare-stage"),  # F, no block, no progress
    ChatModel("flux-kontext-pro", "image", "black-forest-labs", "picture-only"),  # G
    ChatModel("flux-kontext-max", "image", "black-forest-labs", "bare-url"),  # G, no Markdown
    ChatModel("gemini-2.5-flash-image-preview", "image", "google", "data-uri"),  # G, a data URI
    ChatModel("gemini-2.5-flash-image", "image", "google", "inline"),  # a URI in `delta.images`
    ChatModel("sora-2", "video", "openai", "sora"),  # poster and a link to play
    ChatModel("veo3", "video", "google", "veo"),  # no block; links to play and to download
    ChatModel("gpt-4o-mini", "text", "openai", "prose"),
    ChatModel("gpt-4o", "text", "openai", "prose"),
    ChatModel("claude-sonnet-4-5", "text", "anthropic", "prose"),
)

_LESSONS = (
    *("400", "401", "403", "404", "413", "429", "429-once", "500", "500-safety", "503", "524"),
    *("html", "cut", "stream", "refused", "failed", "no-picture", "slow"),
)

MODELS: dict[str, ChatModel] = {
    model.id: model
    for model in (
        *_REAL,
        *(ChatModel(f"demo-error-{x}", "image", "demo", "documented", lesson=x) for x in _LESSONS),
    )
}
