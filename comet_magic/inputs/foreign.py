"""Pictures of other libraries, which are not imported: arrays and figures."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image

# Matplotlib cannot draw in two threads at once, and rows of a batch may share a figure.
_drawing = threading.Lock()


def is_array(value: object) -> bool:
    """Whether `value` follows numpy's array protocol."""
    wanted = ("__array_interface__", "__array__")
    return not isinstance(value, type) and any(hasattr(value, name) for name in wanted)


def is_figure(value: object) -> bool:
    """Whether `value` can be saved like a figure of matplotlib."""
    return not isinstance(value, type) and callable(getattr(value, "savefig", None))


def from_array(value: Any) -> Image.Image:
    """The picture in an array.

    Args:
        value: Height × width, × 3 (RGB) or × 4 (RGBA), of uint8, bool, or floats from 0 to 1.

    Raises:
        ValueError: It has another shape or other values.
    """
    with errors_explained("it cannot be read as an array"):
        return _from_array(value if hasattr(value, "__array_interface__") else value.__array__())


def figure_as_png(figure: Any) -> io.BytesIO:
    """The figure as a PNG file, at its own resolution.

    Raises:
        ValueError: It cannot be drawn.
    """
    stream = io.BytesIO()
    with _drawing, errors_explained("the figure cannot be drawn"):
        figure.savefig(stream, format="png")
    stream.seek(0)
    return stream


@contextmanager
def errors_explained(what: str) -> Iterator[None]:
    """Raises a ValueError that begins with `what` for any error of another library."""
    try:
        yield
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"{what} ({type(error).__name__}: {error})") from error


def _from_array(array: Any) -> Image.Image:
    # `dtype.name` is the same for both byte orders; `str(dtype)` is not.
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
