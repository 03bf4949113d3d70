"""The two steps upwards: a value is displayed, and a value is edited.

Values stand below what draws them and what sends requests. `comet_magic/__init__.py` sets both
functions; they import what they need when they are first called (drawing costs 30 ms).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    # Types only: nothing here is imported at run time.
    from comet_magic.arguments import Options as Options  # noqa: PLC0414 - for those who import it from here
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
        return draw(self._with_pictures())

    def _with_pictures(self) -> Any:
        """This value with what it shows in memory; pictures may be on disk alone."""
        return self
