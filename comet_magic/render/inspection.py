"""An inspection as HTML and as text: what went over the wire for one generation."""

import json
import re
from collections.abc import Sequence

from ..generation import Inspection
from ..generation.timeline import Moment
from ..text import one_line, printable
from ..wire.log import Attempt, Line
from ..wire.usage import in_words
from . import words
from .html import Content, Html, joined, tag
from .style import LINE, MUTED, RADIUS, page
from .timeline import characters, plot, timeline

# The lines of an answer that a page shows; `inspect().lines` has more.
_FIRST, _LAST = 40, 20
_LONGEST_LINE = 600
_MOST_FACTS = 120
_LONGEST_REQUEST = 20_000
# The text form is for terminals.
_TEXT_LINES = 4
_TEXT_WIDTH = 110
# Base64, also in an event that holds neither its beginning nor its end.
_LONG_RUN = re.compile(r"(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{24})[A-Za-z0-9+/=]{100,}")

_MONO = "font-family:var(--jp-code-font-family,monospace);font-size:12px;line-height:1.45"
_NOT_KEPT = "What went over the wire was not kept for this generation."


def inspection_bundle(inspection: Inspection) -> dict[str, str]:
    """The inspection as a MIME bundle."""
    return {"text/html": _html(inspection), "text/plain": _text(inspection)}


def _html(inspection: Inspection) -> Html:
    head = tag("div", tag("strong", inspection.model), f" · {_summary(inspection)}")
    exchange = inspection.exchange
    if exchange is None or not exchange.attempts:
        return page(head, _NOT_KEPT if exchange is None else "Nothing was sent.")
    facts = inspection.facts
    parts: list[Content] = [head, plot(timeline(inspection)), _facts(facts)]
    parts.append(_details("The request, as sent", _request(inspection)))
    for number, attempt in enumerate(exchange.attempts, 1):
        parts.append(_details(_title(exchange.attempts, number), _answer(attempt)))
    return page(*parts)


def _summary(inspection: Inspection) -> str:
    parts = [inspection.status, *(["demo"] if inspection.endpoint == "demo" else [])]
    parts.append(words.seconds(inspection.elapsed))
    if inspection.exchange and inspection.exchange.attempts:
        attempts = inspection.exchange.attempts
        if len(attempts) > 1:
            parts.append(words.count(len(attempts), "request"))
        parts.append(words.count(len(inspection.event_times), "event"))
        parts.append(_size(attempts[-1].size))
    if inspection.usage:
        parts.append(in_words(inspection.usage))
    return " · ".join(parts)


def _facts(facts: Sequence[Moment]) -> Html:
    cell = "text-align:left;vertical-align:top;padding:1px 10px 1px 0"
    rows = [
        tag("tr",
            tag("td", _at(fact), style=f"{cell};white-space:nowrap"),
            tag("td", _kind(fact), style=f"{cell};white-space:nowrap"),
            tag("td", fact.text, style=cell))
        for fact in facts[:_MOST_FACTS]
    ]  # fmt: skip
    more = len(facts) - _MOST_FACTS
    table = tag("table", *rows, style="margin:0;font-size:12px;border-collapse:collapse")
    box = tag(
        "div", table, f"{more:,} more" if more > 0 else None,
        style=f"max-height:300px;overflow:auto;border:1px solid {LINE};{RADIUS};padding:4px 8px",
    )  # fmt: skip
    return joined(tag("div", "Facts", style="margin:8px 0 2px"), box)


def _details(title: str, *content: Content) -> Html:
    return tag(
        "details", tag("summary", title, style="cursor:pointer"), *content, style="margin:6px 0 0"
    )


def _request(inspection: Inspection) -> Html:
    assert inspection.exchange is not None
    first = inspection.exchange.attempts[0]
    head = "\n".join(
        [f"{first.method} {first.url}", *(f"{name}: {value}" for name, value in first.headers)]
    )
    return _box(f"{head}\n\n{_body(inspection)}")


def _answer(attempt: Attempt) -> Html:
    head = "\n".join(f"{name}: {value}" for name, value in attempt.answer_headers)
    status = "There was no answer." if attempt.status is None else f"HTTP {attempt.status}"
    rows: list[Content] = [f"{status}\n{head}\n\n" if head else f"{status}\n\n"]
    for line in _shown(attempt):
        if isinstance(line, str):
            rows.append(tag("em", f"{line}\n"))
            continue
        time = tag("span", f"{line.at:8.3f} s  ", style=MUTED)
        rows.append(joined(time, _cut(_short(line.text), _LONGEST_LINE), "\n"))
    return _box(joined(*rows))


def _box(content: Content) -> Html:
    style = (
        f"{_MONO};max-height:320px;overflow:auto;white-space:pre-wrap;margin:4px 0;"
        f"padding:6px 8px;border:1px solid {LINE};{RADIUS}"
    )
    return tag("pre", content, style=style)


def _shown(attempt: Attempt) -> list[Line | str]:
    """The lines with text, and a note in place of those that are left out or were not kept."""
    lines, gap = attempt.lines, attempt.gap
    filled = [(place, line) for place, line in enumerate(lines) if line.text]
    left_out = len(filled) - _FIRST - _LAST
    kept = filled if left_out <= 0 else [*filled[:_FIRST], *filled[-_LAST:]]
    shown: list[Line | str] = []
    for number, (place, line) in enumerate(kept):
        if left_out > 0 and number == _FIRST:
            shown.append(_left_out(left_out))
        before = kept[number - 1][0] if number else -1
        if gap is not None and before < gap <= place:
            missing = attempt.size - sum(line.size for line in lines)
            shown.append(f"… {_size(missing)} were not kept here …")
        shown.append(line)
    return shown


def _title(attempts: Sequence[Attempt], number: int) -> str:
    attempt = attempts[number - 1]
    which = f"Answer {number} of {len(attempts)}" if len(attempts) > 1 else "The answer"
    count = sum(1 for line in attempt.lines if line.text)
    return f"{which} as received: {words.count(count, 'line')}, {_size(attempt.size)}"


def _body(inspection: Inspection) -> str:
    text = json.dumps(inspection.request, ensure_ascii=False, indent=2)
    return _cut(_short(text), _LONGEST_REQUEST)


def _short(text: str) -> str:
    return _LONG_RUN.sub(lambda found: f"{found[1]}…{len(found[0]) - 24:,}·more…", text)


def _text(inspection: Inspection) -> str:
    exchange = inspection.exchange
    head = f"{one_line(inspection.model, 80)}: {_summary(inspection)}"
    if exchange is None or not exchange.attempts:
        return f"{head}\n{_NOT_KEPT if exchange is None else 'Nothing was sent.'}"
    facts = inspection.facts
    rows = [head, "", *characters(timeline(inspection)), ""]
    width = max((len(_kind(fact)) for fact in facts), default=0)
    rows += [
        f"{_at(fact):>10}  {_kind(fact):<{width}}  {one_line(fact.text, _TEXT_WIDTH)}".rstrip()
        for fact in facts[:_MOST_FACTS]
    ]
    first = exchange.attempts[0]
    rows += ["", f"{first.method} {one_line(first.url, 200)}"]
    rows += [one_line(f"{name}: {value}", 200) for name, value in first.headers]
    rows += [printable(_body(inspection))]
    for number, attempt in enumerate(exchange.attempts, 1):
        rows += ["", _title(exchange.attempts, number)]
        lines = [line for line in attempt.lines if line.text]
        left_out = len(lines) - 2 * _TEXT_LINES
        few = lines if left_out <= 0 else lines[:_TEXT_LINES]
        rows += [_line(line) for line in few]
        if left_out > 0:
            rows.append(_left_out(left_out))
            rows += [_line(line) for line in lines[-_TEXT_LINES:]]
    return "\n".join(rows)


def _left_out(count: int) -> str:
    return f"… {words.count(count, 'more line')} in inspect().lines …"


def _line(line: Line) -> str:
    # The ids come first, and are the same in all lines.
    head, choices, rest = line.text.partition('"choices"')
    text = f"{head[:20]}… {choices}{rest}" if choices and len(head) > 20 else line.text
    return f"{line.at:8.3f} s  {one_line(_short(text), _TEXT_WIDTH)}"


def _at(fact: Moment) -> str:
    return f"{fact.at:.2f} s"


def _kind(fact: Moment) -> str:
    return f"{fact.kind}, choice {fact.choice + 1}" if fact.choice else fact.kind


def _size(count: int) -> str:
    if count < 1_000:
        return words.count(count, "byte")
    return f"{count / 1_000:,.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"


def _cut(text: str, limit: int) -> str:
    more = len(text) - limit
    return text if more <= 0 else f"{text[:limit]}… ({more:,} more)"
