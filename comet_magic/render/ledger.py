"""The usage of a kernel: totals, budgets, a small plot, and a table of the generations."""

from collections.abc import Sequence

from ..kernel.ledger import LedgerEntry
from ..money.budget import Budget, Use, shares
from ..money.prices import dollars
from ..text import one_line
from .html import Html, tag
from .style import LINE, MUTED, page
from .words import count, seconds

# The rows of the table; `%comet usage FILE.csv` writes all of them.
MOST_LINES = 50
_COLUMNS = ("time", "model", "status", "pictures", "tokens", "cost", "seconds", "endpoint")
_NUMBERS = {"pictures", "tokens", "seconds", "cost"}
_BARS = 60
_HEIGHT = 56
_COLOUR = "rgba(30,125,215,.85)"  # visible on light and dark pages
_CELL = "padding:2px 12px 2px 0;white-space:nowrap;text-align:"
_NOTHING = "Nothing has been generated in this kernel yet."


def ledger_bundle(entries: Sequence[LedgerEntry], used: Use, budget: Budget) -> dict[str, str]:
    """The ledger as a MIME bundle; a long one is cut to its last rows.

    Args:
        entries: The entries of the ledger, oldest first.
        used: The usage that counts against the budget.
        budget: The budget in effect.
    """
    return {"text/html": _html(entries, used, budget), "text/plain": _text(entries, used, budget)}


def totals(entries: Sequence[LedgerEntry]) -> str:
    """The usage of all entries together, on one line; estimates are named as estimates."""
    sent = sum(entry.is_sent for entry in entries)
    parts = [
        count(sent, "request"),
        count(sum(entry.pictures for entry in entries), "picture"),
    ]
    received = [tokens for entry in entries if (tokens := _received(entry)) is not None]
    if received:
        parts.append(f"{sum(received):,} tokens")
    if more := sum(entry.used.estimated_tokens for entry in entries):
        parts.append(f"about {more:,} {'more' if received else 'tokens'} by estimate")
    if entries:
        parts.append(seconds(sum(entry.elapsed for entry in entries)))
    return ", ".join([*parts, *_costs(entries, sent)])


def _costs(entries: Sequence[LedgerEntry], sent: int) -> list[str]:
    """The costs of all entries together: by price list, and for estimated usage."""
    paid = [entry for entry in entries if entry.endpoint not in ("demo", "replay")]
    uncertain = sum(entry.used.cost for entry in paid if entry.cost is None)
    costs = [entry.cost for entry in paid if entry.cost is not None]
    would = ""
    if not costs and (costs := [entry.cost for entry in entries if entry.cost is not None]):
        would = "would be "
    found = []
    if costs:
        part = "" if len(costs) == sent else f" for {len(costs)} of them"
        found.append(f"{would}about {dollars(sum(costs))} (estimate by price list){part}")
    if uncertain:
        found.append(f"about {dollars(uncertain)} {'more ' if costs else ''}for estimated usage")
    return found


def _text(entries: Sequence[LedgerEntry], used: Use, budget: Budget) -> str:
    limits = [f"Budget: {said}" for said, _ in shares(used, budget)]
    if not entries:
        return "\n".join([_NOTHING, *limits])
    header, *rows = _table(entries)
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for name, cell, width in zip(header, row, widths, strict=True)
        ).rstrip()
        for row in (header, *rows)
    ]
    return "\n".join([*lines, *_remarks(entries), f"Total: {totals(entries)}", *limits])


def _html(entries: Sequence[LedgerEntry], used: Use, budget: Budget) -> Html:
    said = totals(entries) if entries else _NOTHING
    bars = [_bar(text, share) for text, share in shares(used, budget)]
    head = tag("div", tag("strong", "Used in this kernel"), tag("div", said))
    parts: list[Html | None] = [head, *bars]
    if entries:
        parts += [_plot(entries), _html_table(entries)]
        parts += [tag("div", line, style=MUTED) for line in _remarks(entries)]
    return page(*parts)


def _table(entries: Sequence[LedgerEntry]) -> list[tuple[str, ...]]:
    """A header and a row for each of the last entries; an empty column is left out."""
    rows = [
        (
            f"{entry.started.astimezone():%H:%M:%S}",
            one_line(entry.model, 40),
            entry.end,
            str(entry.pictures),
            _tokens(entry),
            _cost(entry),
            f"{entry.elapsed:.1f}",
            one_line(entry.endpoint, 60),
        )
        for entry in entries[-MOST_LINES:]
    ]
    columns = zip(_COLUMNS, zip(*rows, strict=True), strict=True)
    kept = [(name, *cells) for name, cells in columns if any(cells)]
    return list(zip(*kept, strict=True))


def _received(entry: LedgerEntry) -> int | None:
    """The tokens that the endpoint counted: a total, or parts; None if it counted none."""
    if entry.total_tokens is not None and not entry.used.estimated_tokens:
        return entry.total_tokens
    return entry.used.tokens - entry.used.estimated_tokens or None


def _tokens(entry: LedgerEntry) -> str:
    if entry.used.estimated_tokens:
        return f"about {entry.used.tokens:,}"
    received = _received(entry)
    return "" if received is None else f"{received:,}"


def _cost(entry: LedgerEntry) -> str:
    if entry.cost is not None:
        return dollars(entry.cost)
    return f"about {dollars(entry.used.cost)}" if entry.used.cost else ""


def _remarks(entries: Sequence[LedgerEntry]) -> list[str]:
    remarks = []
    if len(entries) > MOST_LINES:
        remarks.append(
            f"The last {MOST_LINES} of {len(entries):,}; %comet usage FILE.csv writes all of them."
        )
    if any(entry.used.is_estimate for entry in entries[-MOST_LINES:]):
        remarks.append("about: estimated, as the endpoint did not count it.")
    return remarks


def _bar(text: str, share: float) -> Html:
    bar = tag(
        "progress", text, max=100, value=round(100 * share), aria_label=text,
        style="display:block;width:100%;max-width:24em;height:8px;margin:2px 0 0;"
        "accent-color:var(--jp-brand-color1,#1976d2)",
    )  # fmt: skip
    return tag("div", f"Budget: {text}", bar, style="margin:6px 0")


def _plot(entries: Sequence[LedgerEntry]) -> Html | None:
    """A bar chart of cost, or of tokens if no cost is known; a bar is one or more requests."""
    costs = any(entry.cost for entry in entries)
    amounts = [(entry.cost if costs else _received(entry)) or 0 for entry in entries]
    each = -(-len(amounts) // _BARS)
    sums = [sum(amounts[start : start + each]) for start in range(0, len(amounts), each)]
    most = max(sums)
    if not most or len(sums) < 2:
        return None
    shown = dollars if costs else "{:,} tokens".format
    columns = [
        tag(
            "div",
            title=shown(amount),
            style=f"width:12px;min-width:2px;background:{_COLOUR};"
            f"height:{max(1, round(_HEIGHT * amount / most))}px",
        )
        for amount in sums
    ]
    per = "each request" if each == 1 else f"each {each:,} requests"
    said = f"{'Cost' if costs else 'Tokens'} of {per}, oldest first; most: {shown(most)}"
    row = f"display:flex;align-items:flex-end;gap:2px;border-bottom:1px solid {LINE}"
    caption = tag("figcaption", said, style=f"font-size:12px;{MUTED}")
    return tag("figure", tag("div", *columns, style=row), caption, style="margin:8px 0")


def _html_table(entries: Sequence[LedgerEntry]) -> Html:
    header, *rows = _table(entries)

    def line(kind: str, row: Sequence[str]) -> Html:
        cells = [
            tag(kind, text, style=_CELL + ("right" if name in _NUMBERS else "left"))
            for name, text in zip(header, row, strict=True)
        ]
        return tag("tr", *cells, style=f"border-bottom:1px solid {LINE}")

    style = "margin:0;font-size:12px;border-collapse:collapse;font-variant-numeric:tabular-nums"
    body = tag("tbody", *(line("td", row) for row in rows))
    table = tag("table", tag("thead", line("th", header)), body, style=style)
    return tag("div", table, style="overflow-x:auto")
