"""Loading the magics into a shell, and taking them out again."""

import sys
import threading
from contextlib import suppress
from typing import Any

from traitlets.config.loader import DeferredConfig

from ..settings.configuration import current
from ..settings.settings import check_setting
from .magics import CometMagics

# Seconds after loading: not while the cell that loads is still busy.
_WRITING = 0.2


def load(shell: Any) -> None:
    """Registers the magics; a second time changes nothing."""
    if _loaded(shell):
        return
    _drop_bad_defaults(shell)
    magics = CometMagics(shell, current())
    shell.register_magics(magics)
    if magics.matcher is not None:
        shell.Completer.custom_matchers.append(magics.matcher)
    magics.warm_up = _warm_up()


def unload(shell: Any) -> None:
    """Takes out the magics, their defaults and the matcher, and ends loop, demo and connections."""
    for magics in _loaded(shell):
        if magics.warm_up is not None:
            magics.warm_up.cancel()
            magics.warm_up.join()
        for kind in ("line", "cell"):
            shell.magics_manager.magics[kind].pop("comet", None)
        shell.magics_manager.registry.pop("CometMagics", None)
        shell.configurables.remove(magics)
        if magics.matcher is not None:
            shell.Completer.custom_matchers.remove(magics.matcher)
    current.cache_clear()
    session = sys.modules.get("comet_magic.kernel.session")
    if session:
        session.current().close()
        session.renew()


def _warm_up() -> threading.Timer:
    """Does what a first cell needs (0.5 s) while its author still writes it."""

    def prepare() -> None:
        from ..kernel import session
        from . import cell  # noqa: F401 - that it is loaded is all

        # A setting is wrong: that is said where it is used.
        with suppress(ValueError, TypeError):
            session.current().prepare(current().settings())

    timer = threading.Timer(_WRITING, prepare)
    timer.name, timer.daemon = "comet_magic warm-up", True
    timer.start()
    return timer


def _drop_bad_defaults(shell: Any) -> None:
    """Takes impossible values out of the shell's configuration, and says so.

    They come from `ipython_config.py`, or from a `%config` that was refused: IPython keeps what it
    refused, and it would keep the extension from ever being loaded again.
    """
    section = shell.config.get("CometMagics", {})
    for name, trait in CometMagics.class_traits(config=True).items():
        if name not in section:
            continue
        value = section[name]
        try:
            check_setting(
                name, value.get_value(trait) if isinstance(value, DeferredConfig) else value
            )
        except (ValueError, TypeError) as error:
            del section[name]
            print(f"CometMagics.{name} is ignored: {error}", file=sys.stderr)


def _loaded(shell: Any) -> list[CometMagics]:
    return [item for item in shell.configurables if isinstance(item, CometMagics)]
