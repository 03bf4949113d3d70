"""The timeline of a stream as a plot: of elements with inline styles, or of characters.

An untrusted notebook loses SVG, scripts and `flex-grow`. Heights and widths in percent and plain
colours stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..generation import Inspection
from ..generation.timeline import Phase, phases
from .html import Html, tag
from .style import LINE, MUTED
from .words import seconds

_COLUMNS = 48
_HIGH = 44
_WIDTH = round(100 / _COLUMNS, 3)
_BLUE = "rgb(66,133,244)"
_ORANGE = "rgb(230,124,20)"
_BLOCKS = " ▁▂▃▄▅▆▇█"
# The opacity of the phases, in turn; letters name them.
_SHADES = (0.16, 0.34)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The data of a plot: `span` seconds in equal columns.

    Attributes:
        span: Seconds from the request to the last byte.
        events: The number of events in each column.
        progress: The last percentage known in each column; empty if none was received.
        phases: The phases in order.
    """

    span: float
    events: tuple[int, ...]
    progress: tuple[int, ...]
    phases: tuple[Phase, ...]


def timeline(inspection: Inspection) -> Timeline:
    """The timeline of an inspection, as far as its events were kept."""
    facts, times = inspection.facts, inspection.event_times
    span = max([inspection.elapsed, *times, *(fact.at for fact in facts), 0.001])
    counts = [0] * _COLUMNS
    for at in times:
        counts[_column(at, span)] += 1
    steps = [fact for fact in facts if fact.kind == "progress" and fact.choice == 0]
    progress = [0] * _COLUMNS if steps else []
    for step in steps:
        percent = min(100, max(0, int(step.text.partition(" ")[0])))
        first = _column(step.at, span)
        progress[first:] = [percent] * (_COLUMNS - first)
    return Timeline(span, tuple(counts), tuple(progress), phases(facts, span))


def plot(drawn: Timeline) -> Html:
    """The timeline as HTML."""
    most = max(drawn.events, default=0)
    rows = [_phases(drawn)]
    if drawn.progress:
        rows.append(_chart("progress, 0 to 100 %", drawn.progress, 100, _ORANGE))
    if most:
        each = seconds(drawn.span / _COLUMNS) if drawn.span >= 2.4 else "a column"
        label = f"events in {each}, at most {most:,}"
        rows.append(_chart(label, drawn.events, most, _BLUE))
    axis = tag(
        "div", *(tag("span", seconds(drawn.span * part)) for part in (0, 0.5, 1)),
        style=f"display:flex;justify-content:space-between;font-size:12px;{MUTED}",
    )  # fmt: skip
    label = "; ".join(f"{phase.name} until {seconds(phase.end)}" for phase in drawn.phases)
    return tag(
        "div", *rows, axis, role="group", aria_label=f"Timeline: {label}",
        style="margin:8px 0",
    )  # fmt: skip


def characters(drawn: Timeline) -> list[str]:
    """The timeline as lines of text."""
    lines = []
    if drawn.progress:
        lines.append(f"progress  {_sparkline(drawn.progress, 100)}  100 %")
    most = max(drawn.events, default=0)
    if most:
        lines.append(f"events    {_sparkline(drawn.events, most)}  {most:,}")
    end = seconds(drawn.span)
    lines.append(f"          0{' ' * (_COLUMNS - 1 - len(end))}{end}")
    lines += [
        f"          {phase.name}: {seconds(phase.start)} to {seconds(phase.end)}"
        for phase in drawn.phases
    ]
    return lines


def _phases(drawn: Timeline) -> Html:
    """A bar with a part for each phase, and a legend."""
    parts, names = [], []
    for number, phase in enumerate(drawn.phases):
        letter = "abcdefghijklmnopqrstuvwxyz"[number % 26]
        share = 100 * (phase.end - phase.start) / drawn.span
        shade = _SHADES[number % len(_SHADES)]
        style = f"width:{share:.2f}%;min-width:1px;overflow:hidden;text-align:center"
        parts.append(
            tag("div", letter if share > 3 else "", style=f"{style};{_filled(shade)};height:18px")
        )
        length = seconds(phase.end - phase.start)
        names.append(tag("span", f"{letter} {phase.name} {length}", style="white-space:nowrap"))
    bar = tag("div", *parts, style="display:flex;font-size:12px;line-height:18px")
    legend = tag(
        "div", *names,
        style=f"display:flex;flex-wrap:wrap;gap:0 14px;font-size:12px;margin:2px 0 8px;{MUTED}",
    )  # fmt: skip
    return tag("div", bar, legend)


def _chart(label: str, values: Sequence[int], most: int, colour: str) -> Html:
    columns = []
    for value in values:
        high = 100 * value / most
        filled = f"background-color:{colour};" if value else ""
        columns.append(
            tag("div", style=f"width:{_WIDTH}%;{filled}height:{max(high, 3 if value else 0):.0f}%")
        )
    row = f"display:flex;align-items:flex-end;gap:1px;height:{_HIGH}px;border-bottom:1px solid"
    return tag(
        "div",
        tag("div", label, style=f"font-size:12px;{MUTED}"),
        tag("div", *columns, style=f"{row} {LINE}"),
        style="margin:0 0 6px",
    )


def _filled(shade: float) -> str:
    return f"background-color:rgba(128,128,128,{shade})"


def _column(at: float, span: float) -> int:
    return min(_COLUMNS - 1, max(0, int(_COLUMNS * at / span)))


def _sparkline(values: Sequence[int], most: int) -> str:
    top = len(_BLOCKS) - 1
    return "".join(_BLOCKS[-(-top * value // most)] for value in values)
