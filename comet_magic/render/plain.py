"""Generations as plain text: for terminals, and as the fallback of every output."""

from ..generation import Generation
from ..media.addresses import short_url
from ..media.kinds import Media
from ..text import lines, one_line, printable
from . import words


def stage_line(generation: Generation) -> str:
    """`gpt-4o-image: generating 61 %`."""
    labels = ", ".join(words.labels(generation))
    label = f" ({labels})" if labels else ""
    return f"{one_line(generation.model, 80)}{label}: {words.stage(generation)}"


def picture(media: Media, *, demo: bool = False) -> str:
    """Two lines: the caption, and where the file is."""
    where = words.picture(media)
    if not media.path:
        where = " · ".join(part for part in (where, short_url(media.url)) if part)
    label = f"{media.noun}, demo" if demo else media.noun
    return f"[{label}] {one_line(media.alt, 500)}\n{printable(where)}"


def answer(generation: Generation) -> str:
    """The model's own text; several choices have a heading each.

    Without the reason of a failure, which `ending` shows.
    """
    several = generation.choices
    if not several:
        return "" if words.is_reason_alone(generation) else printable(generation.answer)
    return "\n\n".join(
        f"Answer {number} of {len(several)}:\n{printable(choice.answer)}"
        for number, choice in enumerate(several, 1)
        if choice.answer and not words.is_reason_alone(choice)
    )


def ending(generation: Generation, *, reason: bool = False) -> str:
    """Status and usage; with `reason` also why it failed, for outputs without an error below."""
    parts = [stage_line(generation)]
    if reason and generation.error and generation.error != generation.status:
        parts += lines(generation.error, most=6)
    parts += [f"Note: {one_line(note)}" for note in generation.notes]
    parts.append(" · ".join(words.summary(generation)))
    return "\n".join(parts)


def summary(generation: Generation, *, reason: bool) -> str:
    """The model's own text, then status and usage."""
    parts = (answer(generation), ending(generation, reason=reason))
    return "\n\n".join(part for part in parts if part)


def whole(generation: Generation) -> str:
    """All of a generation that has ended: its pictures, videos and sounds, then the summary."""
    demo = generation.endpoint == "demo"
    shown = [picture(each, demo=demo) for each in words.all_shown(generation)]
    return "\n\n".join([*shown, summary(generation, reason=True)])
