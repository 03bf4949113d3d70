"""Asks before a request that may cost money: `%config CometMagics.confirm = True`."""

import sys
from collections.abc import Sequence
from typing import Any

from IPython.core.error import StdinNotImplementedError

from ..errors import CometError, short_interrupt
from ..money.budget import Need
from ..money.prices import dollars
from ..render.words import count
from ..settings.settings import Settings

_NOBODY = (
    "Not sent: CometMagics.confirm is on, and this front end cannot ask you.\n"
    "%config CometMagics.confirm = False sends without asking."
)


def needs_consent(settings: Settings) -> bool:
    """Whether to ask the user first; the demo and recordings are free."""
    return settings.confirm and not settings.is_demo and not settings.replayed


def question(needs: Sequence[Need], settings: Settings) -> str:
    """`Send 2 requests to api.cometapi.com, about $0.04?`; no amount if a price is unknown."""
    amounts = [need.estimate for need in needs if need.estimate is not None]
    cost = f", about {dollars(sum(amounts))}" if len(amounts) == len(needs) else ""
    return f"Send {count(len(needs), 'request')} to {settings.endpoint}{cost}?"


def ask(shell: Any, text: str) -> None:
    """Asks through the front end, and returns if the user agrees.

    Raises:
        CometError: The user does not agree, or the front end cannot ask.
        KeyboardInterrupt: The user interrupts the question.
    """
    # A kernel knows whether its front end can ask. Outside a kernel, only a terminal can.
    if not hasattr(shell, "kernel") and not sys.stdin.isatty():
        raise CometError(_NOBODY)
    try:
        answer = input(f"{text} [y/N] ")
    except (StdinNotImplementedError, EOFError):
        raise CometError(_NOBODY) from None
    except KeyboardInterrupt:
        raise short_interrupt("nothing was sent") from None
    if answer.strip().lower() not in ("y", "yes"):
        raise CometError("Not sent: you did not agree. Run the cell again to be asked again.")
