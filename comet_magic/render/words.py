"""Phrases about a generation, for HTML and for terminals."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from ..generation import Generation, Status
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.media_file import file_size
from ..media.medium import Medium
from ..media.sniffing import extension
from ..media.videos import GeneratedVideo
from ..money.prices import dollars
from ..text import lines, one_line
from ..wire.usage import in_words

M = TypeVar("M", GeneratedImage, GeneratedVideo, GeneratedAudio)

# A page shows no more than these, except those that were fetched.
MOST_SHOWN = 100


def stage(generation: Generation) -> str:
    """The stage, such as `queued`, `generating 61 %`, `complete`, `interrupted at 61 %` …"""
    status, percent = generation.status, generation.percent
    if status is Status.GENERATING:
        if media := generation.media:
            return f"fetching the {media[0].noun}"
        if percent is not None:
            return f"generating {percent} %"
        return "answering" if generation.medium is Medium.TEXT else "generating"
    if status is Status.INTERRUPTED and percent is not None and not generation.images:
        return f"interrupted at {percent} %"
    return str(status)


def labels(generation: Generation) -> list[str]:
    """Labels shown beside the model: `demo`, and the recording that it was replayed from."""
    found = ["demo"] if generation.endpoint == "demo" else []
    found += [f"replayed from {one_line(generation.replayed, 100)}"] if generation.replayed else []
    return found


def seconds(value: float) -> str:
    """`0.4 s`, `12 s`, `2 min 05 s`."""
    if value < 9.95:
        return f"{value:.1f} s"
    if value < 119.5:
        return f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02} s"


def cost(generation: Generation) -> str:
    """`about $0.02 (estimate by your prices)`; empty if no price is known."""
    if generation.cost is None:
        return ""
    would = "would be " if labels(generation) else ""
    return f"{would}about {dollars(generation.cost)} (estimate by {generation.cost_source})"


def count(number: int, noun: str) -> str:
    """`1 picture`, `3 pictures`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shown(media: Sequence[M]) -> list[M]:
    """Those of many pictures, videos or sounds that have a place on the page."""
    return [
        item for place, item in enumerate(media) if place < MOST_SHOWN or item.path or item.data
    ]


def all_shown(generation: Generation) -> list[Media]:
    """All media of a generation that have a place on the page."""
    return [*shown(generation.images), *shown(generation.videos), *shown(generation.audios)]


def summary(generation: Generation) -> list[str]:
    """The usage summary in short phrases, without what was not received."""
    parts = []
    if generation.images:
        parts.append(count(len(generation.images), "picture"))
        some = len(shown(generation.images))
        parts += [f"{some:,} of them shown"] if some < len(generation.images) else []
    if generation.videos:
        parts.append(count(len(generation.videos), "video"))
    if generation.audios:
        parts.append(count(len(generation.audios), "sound"))
    if generation.usage:
        parts.append(in_words(generation.usage))
    if generation.cost is not None:
        parts.append(cost(generation))
    if generation.time_to_first_token is not None:
        parts.append(f"first token {seconds(generation.time_to_first_token)}")
    parts.append(f"total {seconds(generation.elapsed)}")
    if generation.finish_reason:
        parts.append(f"finish {one_line(generation.finish_reason, 40)}")
    if generation.attempts > 1:
        parts.append(count(generation.attempts, "attempt"))
    return parts


def details(generation: Generation) -> list[tuple[str, str]]:
    """Labels and values worth knowing later, without what was not received."""
    usage = generation.usage
    rows: list[tuple[str, object]] = [
        ("Request id", generation.request_id),
        ("Completion id", generation.id),
        ("Task id", generation.task_id),
        ("Picture ids", ", ".join(generation.gen_ids)),
        ("Endpoint", generation.endpoint),
        ("Started", f"{generation.started:%Y-%m-%d %H:%M:%S %z}"),
    ]
    rows += [
        (f"Answer's {key}", value)
        for key, value in generation.parameters.items()
        if key != "prompt"
    ]
    if usage:
        rows += _counts("Prompt tokens", usage.prompt_tokens_details)
        rows += _counts("Completion tokens", usage.completion_tokens_details)
    return [(label, one_line(str(value), 200)) for label, value in rows if value not in (None, "")]


def is_reason_alone(choice: Generation) -> bool:
    """Whether the answer holds nothing but the reason of a failure, which is shown elsewhere."""
    if choice.status is not Status.FAILED or not choice.error:
        return False
    # An error shows at most three lines, and the first of them is ours.
    whole = " ".join(lines(choice.error, most=2)) == " ".join(choice.error.split())
    return whole and choice.answer in choice.error


def picture(media: Media) -> str:
    """Size and place of a picture, video or sound: `1024 × 1024 · comet_images/x.png`."""
    parts = []
    if isinstance(media, GeneratedImage) and media.width:
        parts.append(f"{media.width} × {media.height}")
    if isinstance(media, GeneratedVideo) and media.size:
        parts.append(f"{media.size / 1_000_000:.1f} MB {extension(media.media_type)[1:]}")
    if isinstance(media, GeneratedAudio) and media.size:
        parts.append(f"{file_size(media.size)} {extension(media.media_type)[1:]}")
    if media.path:
        parts.append(shown_path(media.path))
    elif not media.data:
        parts.append("not downloaded")
    if not media.path:
        parts.append(expiry(media))
    return " · ".join(part for part in parts if part)


def expiry(media: Media) -> str:
    """`link expires 2026-01-18 06:00 UTC`; empty if the link does not say."""
    return f"link expires {media.expires:%Y-%m-%d %H:%M %Z}" if media.expires else ""


def shown_path(path: Path) -> str:
    """`path` relative to the kernel's folder if it lies inside, with `/` on every system."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _counts(label: str, values: object) -> list[tuple[str, object]]:
    if not isinstance(values, dict):
        return []
    known = [(key, value) for key, value in values.items() if isinstance(value, int) and value]
    return [(f"{label}, {key.removesuffix('_tokens')}", f"{value:,}") for key, value in known]
