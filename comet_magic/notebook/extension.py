"""Loading the magics into a shell, and taking them out again."""

import sys
from typing import Any

from traitlets.config.loader import DeferredConfig

from ..configuration import current
from ..settings import check_setting
from .magics import CometMagics


def load(shell: Any) -> None:
    """Registers the magics; a second time changes nothing."""
    if _loaded(shell):
        return
    _drop_bad_defaults(shell)
    magics = CometMagics(shell, current())
    shell.register_magics(magics)
    if magics.matcher is not None:
        shell.Completer.custom_matchers.append(magics.matcher)


def unload(shell: Any) -> None:
    """Takes out the magics, their defaults and the matcher, and ends loop, demo and connections."""
    for magics in _loaded(shell):
        for kind in ("line", "cell"):
            shell.magics_manager.magics[kind].pop("comet", None)
        shell.magics_manager.registry.pop("CometMagics", None)
        shell.configurables.remove(magics)
        if magics.matcher is not None:
            shell.Completer.custom_matchers.remove(magics.matcher)
    current.cache_clear()
    session = sys.modules.get("comet_magic.session")
    if session:
        session.current().close()
        session.current.cache_clear()


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
