"""Pictures of libraries that are not imported here: arrays by numpy's protocol, and figures."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image

# Matplotlib cannot draw in two threads at once, and the rows of a batch may share a figure.
_drawing = threading.Lock()


def is_array(value: object) -> bool:
    """Whether `value` is an array, or says that it can become one."""
    wanted = ("__array_interface__", "__array__")
    return not isinstance(value, type) and any(hasattr(value, name) for name in wanted)


def is_figure(value: object) -> bool:
    """Whether `value` can draw itself into a file as figures of matplotlib do."""
    return not isinstance(value, type) and callable(getattr(value, "savefig", None))


def from_array(value: Any) -> Image.Image:
    """The picture in an array of uint8, bool, or floats from 0 to 1.

    Args:
        value: Height × width, × 3 (RGB) or × 4 (RGBA).

    Raises:
        ValueError: It has other values or another shape.
    """
    with explained("it cannot be read as an array"):
        return _from_array(value if hasattr(value, "__array_interface__") else value.__array__())


def drawn(figure: Any) -> io.BytesIO:
    """The figure as a PNG file, at its own resolution.

    Raises:
        ValueError: It cannot be drawn.
    """
    stream = io.BytesIO()
    with _drawing, explained("the figure cannot be drawn"):
        figure.savefig(stream, format="png")
    stream.seek(0)
    return stream


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Says that `what` failed in another library, whatever that raised."""
    try:
        yield
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"{what} ({type(error).__name__}: {error})") from error


def _from_array(array: Any) -> Image.Image:
    # The name of a type does not say in which order its bytes are, as its text does.
    shape, kind = tuple(array.shape), str(getattr(array.dtype, "name", array.dtype))
    if len(shape) not in (2, 3) or shape[2:] not in ((), (3,), (4,)) or 0 in shape:
        sizes = " × ".join(map(str, shape)) or "no size"
        raise ValueError(f"an array of {sizes}; it must be height × width, × 3 or × 4")
    if kind.startswith("float"):
        if not (array.min() >= 0 and array.max() <= 1):  # nor with NaN in it
            raise ValueError("an array of floats that are not all from 0 to 1")
        array = (array * 255).round().astype("uint8")
    elif kind == "bool":
        array = array.astype("uint8") * 255
    elif kind != "uint8":
        raise ValueError(f"an array of {kind}; it must be of uint8, bool, or floats from 0 to 1")
    return Image.fromarray(array)
