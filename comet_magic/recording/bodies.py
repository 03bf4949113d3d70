"""How the bodies of requests and answers are written in the lines of a recording."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..media.archive import write_whole
from ..settings.key import ApiKey
from ..wire.log_writer import MEDIA_TYPES
from .folding import file_name, fold, fold_all

# Longer binary bodies are files.
_LONGEST_BASE64 = 1_000
# Media types saved as files; stores often send a generic type.
_MEDIA = (*MEDIA_TYPES, "binary/octet-stream")
_BOUNDARY = b"--boundary"

Line = Mapping[str, Any]
Keep = Callable[[bytes], str]


class Bodies:
    """Turns bodies into fields of a line: as text without the keys, or as a file.

    Args:
        folder: Holds the files; it is made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: list[ApiKey] = []

    def hide(self, key: ApiKey | None) -> None:
        """Replaces a key in everything that is written from now on."""
        if key is not None and key not in self._keys:
            self._keys.append(key)

    def hidden(self, text: str) -> str:
        """`text` without the keys."""
        for key in self._keys:
            text = key.hide_in(text)
        return text

    def request(self, body: bytes) -> Line:
        """The fields for the body of a request; none if it is empty."""
        return request_fields(self._hidden(body), self._keep)

    def piece(self, data: bytes, *, is_medium: bool = False) -> Line:
        """The fields for a piece of an answer; a medium becomes a file."""
        return _fields(self._hidden(data), self._keep, is_medium=is_medium)

    def _hidden(self, data: bytes) -> bytes:
        for key in self._keys:
            data = key.hide_in_bytes(data)
        return data

    def _keep(self, data: bytes) -> str:
        self._folder.mkdir(exist_ok=True)
        name = file_name(data)
        if not (self._folder / name).exists():
            write_whole(self._folder / name, data)
        return name


def is_medium(content_type: str) -> bool:
    """Whether a body of this type is kept as a file."""
    return content_type.startswith(_MEDIA)


def request_fields(body: bytes, keep: Keep = file_name) -> Line:
    """The fields for the body of a request; the same for the same request.

    Args:
        body: As it is sent.
        keep: Stores bytes and returns the name of their file.
    """
    if not body:
        return {}
    try:
        return {"body": fold_all(json.loads(body), keep)}
    except ValueError:
        return _fields(_with_known_boundary(body), keep)


def request_body(line: Line) -> Any:
    """The body in the fields of a line, in a form that can be compared; None without one."""
    return next((line[name] for name in ("body", "text", "base64", "file") if name in line), None)


def _fields(data: bytes, keep: Keep, *, is_medium: bool = False) -> Line:
    if not is_medium:
        try:
            return {"text": fold(data.decode(), keep)}
        except UnicodeDecodeError:
            pass
    if is_medium or len(data) > _LONGEST_BASE64:
        return {"file": keep(data)}
    return {"base64": base64.b64encode(data).decode()}


def _with_known_boundary(body: bytes) -> bytes:
    """A multipart body with a boundary that is not random, so that it can be recognized."""
    boundary, _, _ = body.partition(b"\r\n")
    is_multipart = boundary.startswith(b"--") and body.rstrip().endswith(boundary + b"--")
    return body.replace(boundary, _BOUNDARY) if is_multipart else body
