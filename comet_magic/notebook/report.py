"""What `%comet` says: plain text, never a key."""

import fnmatch
import getpass
from collections.abc import Mapping, Sequence

from .. import configuration
from ..conversation import Conversation
from ..prices import Price
from ..protocol.chat import Message
from ..protocol.models import medium_of
from ..protocol.turns import limited
from ..render.words import count, dollars, seconds
from ..session import LedgerEntry, current
from ..settings import Settings
from ..text import one_line


def run(words: list[str]) -> str:
    """Does what `%comet` was asked and returns what to print.

    Raises:
        LookupError: The words are no command.
        ValueError: A setting is wrong, or the key that was entered.
        CometError: The models could not be listed.
    """
    config = configuration.current()
    match words:
        case []:
            settings = config.settings()
            earlier = current().conversation.messages
            return status(settings, current().ledger, conversation(earlier, settings))
        case ["login"]:
            # Looked up when it is called: a kernel puts its own in place while a cell runs.
            config.login(getpass.getpass("API key: "))
            return "The key is used from now on. It is kept in this kernel only."
        case ["models", *text]:
            settings = config.settings()
            found = current().loop.run(lambda: current().models(settings))
            prices = current().loop.run(lambda: current().prices(settings))
            return models(found, " ".join(text), prices)
        case ["usage"]:
            return usage(current().ledger)
        case ["forget"]:
            return forget(current().conversation)
        case ["demo", "on" | "off" as switch]:
            config.demo = switch == "on"
            return endpoint(config.settings())
    raise LookupError


def endpoint(settings: Settings) -> str:
    """Who answers, and where the key came from."""
    if settings.is_demo:
        return "Endpoint: the demo on this machine; its pictures are made by no model."
    key = f"key from {settings.key_source}" if settings.api_key else "no key is sent"
    return f"Endpoint: {settings.base_url} ({key})"


def forget(talk: Conversation) -> str:
    """Drops the conversation and says what that was."""
    turns = talk.forget()
    if not turns:
        return "There is no conversation to forget."
    return f"{count(turns, 'turn')} forgotten; -c has nothing to go on from now."


def conversation(messages: Sequence[Message], settings: Settings) -> str:
    """What `-c` would send."""
    _, notes = limited(messages, settings.history_turns)
    return f"Conversation: -c goes on {notes[0]}" if notes else "Conversation: none to go on from"


def status(settings: Settings, ledger: Sequence[LedgerEntry], talk: str) -> str:
    """What is in force; `talk` is what `conversation` says."""
    lines = [
        endpoint(settings),
        f"Model: {settings.model}",
        f"Pictures: saved in {settings.save_dir}",
        talk,
        f"So far: {totals(ledger)}",
    ]
    if settings.is_demo:
        lines.append(
            "For real pictures set COMETAPI_KEY before the kernel starts, or %comet login."
        )
    return "\n".join(lines)


def models(found: Sequence[str], text: str, prices: Mapping[str, Price]) -> str:
    """The ids, one a line, with what they make where the id tells, and their price if known."""
    pattern = f"*{text.lower()}*"
    shown = [model for model in found if fnmatch.fnmatch(model.lower(), pattern)]
    if not shown:
        return f"None of {count(len(found), 'model')} has {text!r} in its id."
    width = max(len(model) for model in shown[:200])
    rows = [
        f"{one_line(model, 100):<{width}}  {medium_of(model) or 'text':<5}  "
        f"{_price(prices.get(model))}".rstrip()
        for model in shown
    ]
    return "\n".join([*rows, f"{len(shown)} of {count(len(found), 'model')}"])


def _price(price: Price | None) -> str:
    """`$0.15 in, $0.6 out per million tokens`; empty if it is not known."""
    if price is None:
        return ""
    per_million = [
        f"${amount:g} {name}"
        for amount, name in ((price.input, "in"), (price.output, "out"))
        if amount
    ]
    parts = [f"{', '.join(per_million)} per million tokens"] if per_million else []
    parts += [f"${price.per_request:g} a request"] if price.per_request else []
    parts += [f"${price.per_second:g} a second of video"] if price.per_second else []
    return " + ".join(parts) or "free"


def usage(ledger: Sequence[LedgerEntry]) -> str:
    """A line for each generation of this kernel, and the totals."""
    if not ledger:
        return "Nothing was generated in this kernel yet."
    header = ("time", "model", "status", "pictures", "tokens", "seconds", "cost", "endpoint")
    rows: list[tuple[str, ...]] = [header]
    rows += [
        (
            f"{entry.started.astimezone():%H:%M:%S}",
            one_line(entry.model, 40),
            str(entry.status),
            str(entry.pictures),
            "" if entry.total_tokens is None else f"{entry.total_tokens:,}",
            f"{entry.elapsed:.1f}",
            "" if entry.cost is None else dollars(entry.cost),
            entry.endpoint,
        )
        for entry in ledger
    ]
    if all(entry.cost is None for entry in ledger):
        rows = [(*row[:6], row[7]) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    numbers = {3, 4, 5, len(rows[0]) - 2}
    lines = [
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, f"In all: {totals(ledger)}"])


def totals(ledger: Sequence[LedgerEntry]) -> str:
    """What all of it used, on one line."""
    tokens = [entry.total_tokens for entry in ledger if entry.total_tokens is not None]
    parts = [
        count(len(ledger), "request"),
        count(sum(entry.pictures for entry in ledger), "picture"),
    ]
    if tokens:
        parts.append(f"{sum(tokens):,} tokens")
    if ledger:
        parts.append(seconds(sum(entry.elapsed for entry in ledger)))
    known = [entry for entry in ledger if entry.cost is not None]
    paid = [entry for entry in known if entry.endpoint != "demo"]
    if costs := [entry.cost or 0 for entry in paid or known]:
        would = "" if paid else "would be "
        part = "" if len(costs) == len(ledger) else f" for {len(costs)} of them"
        parts.append(f"{would}about {dollars(sum(costs))} by price list{part}")
    return ", ".join(parts)
