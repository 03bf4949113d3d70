"""The text that `%comet` prints; it never contains a key."""

import fnmatch
import getpass
from collections.abc import Mapping, Sequence

from IPython.core.error import StdinNotImplementedError

from ..errors import CometError, short_interrupt
from ..families.messages import Message
from ..families.registry import medium_of
from ..families.turns import limited
from ..kernel.conversation import Conversation
from ..kernel.ledger import Ledger
from ..kernel.session import current
from ..money.budget import shares
from ..money.prices import Price
from ..render.ledger import totals
from ..render.words import count
from ..settings import configuration
from ..settings.settings import Settings
from ..text import one_line
from . import recordings


def run(words: list[str]) -> str:
    """Runs a `%comet` command and returns the text to print.

    Raises:
        LookupError: The words are no command.
        ValueError: A setting is wrong, or the key that was entered, or a speed.
        CometError: The models could not be listed, the front end cannot ask for a key, or a
            recording cannot be used.
        KeyboardInterrupt: The user interrupted the question for a key.
    """
    config = configuration.current()
    match words:
        case []:
            settings = config.settings()
            earlier = current().conversation.messages
            return status(settings, current().ledger, conversation(earlier, settings))
        case ["login"]:
            config.login(_asked_key())
            return "The key is used from now on. It is kept in this kernel only."
        case ["login", *_]:
            # Most likely a key, so the error does not quote it.
            raise ValueError("%comet login takes no key: it asks for one, which is not saved")
        case ["models", *text]:
            settings = config.settings()
            found = current().loop.run(lambda: current().lists.models(settings))
            prices = current().loop.run(lambda: current().lists.prices(settings))
            return models(found, " ".join(text), prices)
        case ["forget"]:
            return forget(current().conversation)
        case ["demo", "on" | "off" as switch]:
            config.demo = switch == "on"
            return endpoint(config.settings())
        case ["record" | "replay", *_]:
            return recordings.run(words)
    raise LookupError


def _asked_key() -> str:
    try:
        # Looked up on each call: a kernel replaces `getpass` while a cell runs.
        return getpass.getpass("API key: ")
    except (StdinNotImplementedError, EOFError):
        raise CometError(
            "This front end cannot ask for a key.\nSet COMETAPI_KEY before the kernel starts."
        ) from None
    except KeyboardInterrupt:
        raise short_interrupt("no key was entered") from None


def endpoint(settings: Settings) -> str:
    """The endpoint, and the source of the key."""
    if settings.replayed:
        return f"Endpoint: none; replayed from {settings.replayed}. Nothing is sent."
    if settings.is_demo:
        return "Endpoint: the demo on this machine; its pictures are made by no model."
    key = f"key from {settings.key_source}" if settings.api_key else "no key is sent"
    return f"Endpoint: {settings.base_url} ({key})"


def forget(dropped: Conversation) -> str:
    """Drops the conversation and says how long it was."""
    turns = dropped.forget()
    if not turns:
        return "There is no conversation to forget."
    return f"{count(turns, 'turn')} forgotten; -c has nothing to continue now."


def conversation(messages: Sequence[Message], settings: Settings) -> str:
    """The earlier turns that `-c` would send."""
    _, notes = limited(messages, settings.history_turns)
    return f"Conversation: -c goes on {notes[0]}" if notes else "Conversation: none to continue"


def status(settings: Settings, ledger: Ledger, turns: str) -> str:
    """The settings in effect, and the totals; `turns` is the line from `conversation`."""
    lines = [
        endpoint(settings),
        f"Model: {settings.model}",
        f"Pictures: saved in {settings.save_dir}",
        turns,
        f"So far: {totals(ledger)}",
        *(f"Budget: {said}" for said, _ in shares(ledger.used, settings.budget)),
        *recordings.status(),
    ]
    if settings.is_demo and not settings.replayed:
        lines.append(
            "For real pictures set COMETAPI_KEY before the kernel starts, or %comet login."
        )
    return "\n".join(lines)


def models(found: Sequence[str], text: str, prices: Mapping[str, Price]) -> str:
    """The ids, one per line, with what the model makes and its price, if known."""
    pattern = f"*{text.lower()}*"
    shown = [model for model in found if fnmatch.fnmatch(model.lower(), pattern)]
    if not shown:
        return f"None of {count(len(found), 'model')} has {text!r} in its id."
    width = max(len(model) for model in shown[:200])
    rows = [
        f"{one_line(model, 100):<{width}}  {medium_of(model):<5}  "
        f"{_price(prices.get(model))}".rstrip()
        for model in shown
    ]
    return "\n".join([*rows, f"{len(shown)} of {count(len(found), 'model')}"])


def _price(price: Price | None) -> str:
    """`$0.15 in, $0.6 out per million tokens`; empty if unknown."""
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
