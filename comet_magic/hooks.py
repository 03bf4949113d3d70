"""How a value asks to be displayed without knowing what it looks like."""

from importlib import import_module
from typing import Any


class Displayed:
    """Gives a value its rich display in IPython and Jupyter.

    `render` stands below the values it draws and costs 30 ms to import, so it is looked up by
    name when a value is first displayed.
    """

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        shown = self._with_pictures()
        bundle: dict[str, str] = import_module("comet_magic.render").mimebundle(shown)
        return bundle

    def _with_pictures(self) -> Any:
        """This value with what it shows in memory; pictures may be on disk alone."""
        return self
