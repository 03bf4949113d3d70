"""Two functions that values call in higher modules: to draw themselves, and to send an edit.

Values must not import these modules. `comet_magic/__init__.py` sets both functions, which import
their modules at the first call (drawing costs 30 ms).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    # Only for type checkers; nothing here is imported at run time.
    from comet_magic.api import Options as Options  # noqa: PLC0414 - reexported
    from comet_magic.generation import Generation as Generation  # noqa: PLC0414


def _unset(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("comet_magic/__init__.py has not run")


draw: Callable[[Any], dict[str, str]] = _unset
"""`comet_magic.render.mimebundle`."""

generate: "Callable[..., Generation]" = _unset
"""`comet_magic.generate`."""


class Displayed:
    """Gives a value its rich display in IPython and Jupyter."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return draw(self._loaded())

    def _loaded(self) -> Any:
        """Returns this value with all pictures and sounds loaded from disk."""
        return self
