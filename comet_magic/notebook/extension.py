"""Loads the magics into a shell, and unloads them."""

import sys
import threading
from contextlib import suppress
from typing import Any

from traitlets.config.loader import DeferredConfig

from ..settings.configuration import current
from ..settings.settings import check_setting
from .magics import CometMagics

# Seconds after loading, when the loading cell has probably ended.
_WRITING = 0.2


def load(shell: Any) -> None:
    """Registers the magics; loading them twice changes nothing."""
    if _loaded(shell):
        return
    _drop_bad_defaults(shell)
    magics = CometMagics(shell, current())
    shell.register_magics(magics)
    if magics.matcher is not None:
        shell.Completer.custom_matchers.append(magics.matcher)
    magics.warm_up = _warm_up()


def unload(shell: Any) -> None:
    """Takes back all that loading and use have set up; what they imported stays imported."""
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
    _unregister_callbacks(shell)
    current.cache_clear()
    session = sys.modules.get("comet_magic.kernel.session")
    if session:
        session.current().close()
        session.renew()


def _unregister_callbacks(shell: Any) -> None:
    """Takes out what panels have registered: they are called after each cell."""
    for event, callbacks in shell.events.callbacks.items():
        for callback in list(callbacks):
            if str(getattr(callback, "__module__", "")).startswith("comet_magic."):
                shell.events.unregister(event, callback)


def _warm_up() -> threading.Timer:
    """Imports in the background what the first cell needs (0.5 s)."""

    def prepare() -> None:
        from ..kernel import session
        from . import cell  # noqa: F401 - only to import it

        # A wrong setting is reported where it is used.
        with suppress(ValueError, TypeError):
            session.current().prepare(current().settings())

    timer = threading.Timer(_WRITING, prepare)
    timer.name, timer.daemon = "comet_magic warm-up", True
    timer.start()
    return timer


def _drop_bad_defaults(shell: Any) -> None:
    """Removes invalid values from the shell's configuration, and prints which.

    They come from `ipython_config.py`, or from a `%config` that was refused: IPython keeps the
    refused value, and the extension could not be loaded any more.
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
