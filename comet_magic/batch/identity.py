"""How a row of a batch is recognised in a rerun."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..families.parameters import PARAMETERS
from ..generation import Generation
from ..inputs import read_images
from ..media.images import GeneratedImage
from ..settings.settings import SETTINGS

# These change where and how an answer is kept, and not which one is asked for.
_IGNORED = {name for name, word in (PARAMETERS | SETTINGS).items() if not word.names_row}
_IGNORED.add("download")


class Identities:
    """Names rows by a hash of what they ask for, and numbers the rows that ask for the same."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def of(self, arguments: Mapping[str, Any]) -> str:
        """The name of the next row with these arguments.

        Raises:
            TypeError: A picture is of a type that is none, or that cannot be recognised in a rerun.
            ValueError: A picture cannot be found or read.
        """
        # `history_turns` has no effect without a history.
        apart = {"images"} if arguments.get("history") else {"images", "history_turns"}
        asked = {
            name: _plain(value)
            for name, value in arguments.items()
            if name not in _IGNORED | apart and value is not None
        }
        asked["images"] = _images(arguments.get("images"))
        text = json.dumps(asked, sort_keys=True)
        digest = hashlib.sha256(text.encode()).digest()[:16]
        self._seen[digest] += 1
        return f"{digest.hex()}-{self._seen[digest]}"


def _images(images: Any) -> list[Any]:
    try:
        return [_image(item) for item in _listed(images)]
    except (OSError, RuntimeError, TypeError, ValueError):
        read_images(images)  # its error says what is wrong with the picture
        raise


def _listed(images: Any) -> list[Any]:
    if images is None:
        return []
    if isinstance(images, list | tuple):
        return [item for inner in images for item in _listed(inner)]
    return [images]


def _plain(value: Any) -> Any:
    """`value` in a form that JSON can hold and that is the same in every process."""
    if isinstance(value, Generation):
        value = {"asked": value.messages, "prompt": value.prompt, "answer": value.text}
    elif callable(getattr(value, "tolist", None)):  # a numpy number or an array
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    known = value is None or isinstance(value, bool | int | float | str)
    return value if known else f"{type(value).__name__} {value!s}"


def _image(value: Any) -> Any:
    if isinstance(value, Generation):
        return [_image(image) for image in value.images]
    if isinstance(value, GeneratedImage):
        on_disk = value.path is not None and value.path.is_file()
        value = value.data or (value.path if on_disk else value.url)
    if isinstance(value, str) and value[:8].lower().startswith(("http://", "https://", "data:")):
        return _hash(value.encode())
    if isinstance(value, str | os.PathLike):
        return _hash(Path(value).expanduser().read_bytes())
    if isinstance(value, bytes | bytearray | memoryview):
        return _hash(bytes(value))
    if callable(getattr(value, "tobytes", None)):  # a PIL image or an array
        form = [getattr(value, name, None) for name in ("mode", "size", "shape", "dtype")]
        return [str(form), _hash(value.tobytes())]
    raise TypeError(
        f"a {type(value).__name__} cannot be known again in a rerun: "
        "save it to a file and give its path"
    )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
