"""Asking before anything is sent that may be charged: `%config CometMagics.confirm = True`."""

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
    "Not sent: CometMagics.confirm is on, and nobody can be asked here.\n"
    "%config CometMagics.confirm = False sends without asking."
)


def needs_consent(settings: Settings) -> bool:
    """Whether the user is asked first; what the demo or a recording answers is free."""
    return settings.confirm and not settings.is_demo and not settings.replayed


def question(needs: Sequence[Need], settings: Settings) -> str:
    """`Send 2 requests to api.cometapi.com, about $0.04?`; no amount if not all of it is known."""
    amounts = [need.estimate for need in needs if need.estimate is not None]
    cost = f", about {dollars(sum(amounts))}" if len(amounts) == len(needs) else ""
    return f"Send {count(len(needs), 'request')} to {settings.endpoint}{cost}?"


def ask(shell: Any, text: str) -> None:
    """Asks through the front end, and returns if the answer is yes.

    Raises:
        CometError: It is not, or nobody can be asked.
        KeyboardInterrupt: That was the answer.
    """
    # A kernel knows whether its front end can ask; what a script reads is not typed by anybody.
    if not hasattr(shell, "kernel") and not sys.stdin.isatty():
        raise CometError(_NOBODY)
    try:
        answer = input(f"{text} [y/N] ")
    except (StdinNotImplementedError, EOFError):
        raise CometError(_NOBODY) from None
    except KeyboardInterrupt:
        raise short_interrupt("nothing was sent") from None
    if answer.strip().lower() not in ("y", "yes"):
        raise CometError("Not sent, as you said. Run the cell again to be asked again.")
