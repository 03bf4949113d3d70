"""A generation as HTML, while it runs and at its end."""

from ..generation import Generation, Status
from ..media.medium import Medium
from . import words
from .figures import place
from .html import Html, joined, tag
from .markdown import live_markdown, markdown
from .style import LINE, MUTED, WIDEST, aside, grid, prose

SYMBOLS = {Status.COMPLETE: "✓", Status.FAILED: "✗", Status.INTERRUPTED: "◼"}
_ERROR = "#d32f2f"
_WARNING = "#f57c00"
# As high as the summary, which will stand below the picture.
_ROOM = tag("div", style="height:56px")


def live(generation: Generation, *, narrow: bool = False) -> Html:
    """A running generation, without the bytes of pictures.

    Args:
        generation: A running generation.
        narrow: Whether it is as wide as a column.
    """
    status = joined(_progress(generation), _notes(generation))
    if not makes_media(generation):
        # Below the text, in place of the summary: so the text does not move at the end.
        status = tag("div", status, style=f"max-width:{WIDEST}px")
        return joined(_growing(generation.answer), status)
    several = generation.choices
    if not several:
        first = place(generation, status, narrow=narrow)
        return joined(first, _growing(_settled(generation)), _ROOM)
    places = []
    for number, choice in enumerate(several[: words.MOST_SHOWN], 1):
        said = status if number == 1 else joined(words.stage(choice), bar(choice))
        places.append(place(choice, said, number, len(several), narrow=True))
    return joined(grid(*places), _growing(_settled(generation)), _ROOM)


def summary(generation: Generation, *, reason: bool) -> Html:
    """A generation that has ended: the model's own text, status and usage.

    Args:
        generation: A generation that has ended.
        reason: Whether to show why it failed; a failed cell has its error below.
    """
    symbol = SYMBOLS.get(generation.status, "")
    head = tag(
        "div",
        tag("strong", f"{symbol} {words.stage(generation)}".strip()),
        f" · {generation.model}",
        _labels(generation),
    )
    return joined(
        _answers(generation),
        None if generation.media else _revised(generation),
        head,
        error(generation) if reason else None,
        _notes(generation),
        usage(generation),
    )


def _growing(text: str) -> Html | None:
    return prose(live_markdown(text)) if text else None


def _settled(generation: Generation) -> str:
    """The text of an answer with pictures, as far as it is certain to be text."""
    # An open fence holds unfinished parameters, and an unfinished line may be half a link.
    if generation.status is Status.QUEUED or generation.text.count("```") % 2:
        return ""
    whole, _, last = generation.answer.rpartition("\n")
    return whole if generation.text.rstrip(" ").endswith(last) else generation.answer


def makes_media(generation: Generation) -> bool:
    """Whether a picture, video or sound is to come."""
    return generation.medium is not Medium.TEXT


def _progress(generation: Generation) -> Html:
    """The model, the stage, the seconds, and the bar."""
    who = tag(
        "span",
        tag("strong", generation.model),
        " · ",
        tag(
            "span", words.stage(generation), role="status", aria_live="polite",
            style="white-space:nowrap",
        ),
        _labels(generation),
    )  # fmt: skip
    clock = tag(
        "span",
        words.seconds(generation.elapsed),
        style=f"white-space:nowrap;font-variant-numeric:tabular-nums;{MUTED}",
    )
    row = "display:flex;justify-content:space-between;align-items:baseline;gap:12px"
    return joined(tag("div", who, clock, style=row), bar(generation))


def bar(generation: Generation) -> Html:
    stage = words.stage(generation)
    done = generation.percent if generation.status is Status.GENERATING else None
    return tag(
        "progress", stage, max=100, value=done, aria_label=stage,
        style="display:block;width:100%;height:8px;margin:8px 0 4px;"
        "accent-color:var(--jp-brand-color1,#1976d2)",
    )  # fmt: skip


def usage(generation: Generation) -> Html:
    rows = [
        tag("tr",
            tag("th", label, style="text-align:left;font-weight:normal;padding:1px 16px 1px 0"),
            tag("td", value, style="text-align:left;padding:1px 0"))
        for label, value in words.details(generation)
    ]  # fmt: skip
    return tag(
        "details",
        tag("summary", " · ".join(words.summary(generation)), style="cursor:pointer"),
        tag("table", *rows, style="margin:4px 0 0;font-size:12px;border-collapse:collapse"),
        style=f"margin:2px 0 0;{MUTED}",
    )


def _answers(generation: Generation) -> Html | None:
    several = generation.choices
    texts = [
        joined(
            tag("div", tag("strong", f"Answer {number} of {len(several)}")) if several else None,
            markdown(choice.answer),
        )
        for number, choice in enumerate(several or (generation,), 1)
        if choice.answer and not words.is_reason_alone(choice)
    ]
    return prose(*texts) if texts else None


def error(generation: Generation) -> Html | None:
    if not generation.error or generation.error == generation.status:
        return None
    return aside(generation.error, colour=_ERROR)


def _notes(generation: Generation) -> Html | None:
    if not generation.notes:
        return None
    return aside(*(tag("div", f"Note: {note}") for note in generation.notes), colour=_WARNING)


def _revised(generation: Generation) -> Html | None:
    """The prompt as rewritten by the model, if no picture has it as its caption."""
    revised = generation.revised_prompt
    return tag("div", f"“{revised}”", style=f"margin:0 0 6px;{MUTED}") if revised else None


def _labels(generation: Generation) -> Html | None:
    style = (
        "display:inline-block;margin-left:4px;padding:0 7px;font-size:11px;"
        f"border:1px solid {LINE};border-radius:9px"
    )
    titles = {"demo": "Made by the demo server, not by a model"}
    # The space separates them where styles are removed, as on GitHub.
    spans = [
        joined(" ", tag("span", label, style=style, title=titles.get(label, "Nothing was sent")))
        for label in words.labels(generation)
    ]
    return joined(*spans) if spans else None
