"""Media on disk, each with a JSON file that says what it was made from."""

import json
import os
import re
import struct
import sys
import unicodedata
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from .kinds import Media
from .sniffing import extension
from .videos import GeneratedVideo

_PNG = b"\x89PNG\r\n\x1a\n"
_HEADER_END = 8 + 25  # the signature, and the IHDR chunk, which must be the first
# Windows locks bytes, not files, and keeps others from reading them: lock one that does not exist.
_FAR = 1 << 40


def save_media(
    media: Media, folder: Path, provenance: Mapping[str, object], moment: datetime
) -> Media:
    """Writes `media` into `folder`, with a JSON file of `provenance` beside it.

    No file is overwritten, and no other process sees half a file. A PNG also gets the provenance
    as text chunks. A JSON file that cannot be written is left out without an error.

    Args:
        media: With its bytes.
        folder: Created if it is missing.
        provenance: What the media was made from.
        moment: The file name begins with this time, and goes on with the first words of `alt`.

    Returns:
        `media` with its `path`; a video without its `data`.

    Raises:
        OSError: The folder or the file cannot be written.
    """
    data = media.data or b""
    if media.media_type == "image/png":
        with suppress(MemoryError):  # the JSON file says the same
            data = with_png_text(data, provenance)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{moment:%Y%m%d-%H%M%S}-{slug(media.alt)}".rstrip("-")
    path = _reserved(folder, stem, extension(media.media_type))
    sidecar = path.with_suffix(".json")
    about = json.dumps({"file": path.name, **provenance}, indent=1, ensure_ascii=False)
    try:
        write_whole(path, data)
    except BaseException:
        sidecar.unlink(missing_ok=True)
        raise
    try:
        write_whole(sidecar, about.encode() + b"\n")
    except OSError:
        sidecar.unlink(missing_ok=True)
    if isinstance(media, GeneratedVideo):
        return replace(media, path=path, data=None)
    return replace(media, path=path)


def check_folder(folder: Path) -> None:
    """Checks that `folder` is writable, or can be created.

    Raises:
        ValueError: It is not; the text says why.
    """
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise ValueError(f"save_dir {folder} cannot be a folder: {existing} is a file")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ValueError(f"save_dir {folder} is not writable")


def slug(text: str) -> str:
    """The first words of `text`, for a file name that is valid on every system.

    >>> slug("../../A cute Kitten, 3:2!")
    'a-cute-kitten-3-2'
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text[:500]).casefold())
    joined = "-".join(words)[:48]
    # File systems limit bytes: 48 Chinese characters are 144. Some cannot encode them at all.
    known = sys.getfilesystemencoding()
    joined = joined.encode(known, errors="ignore").decode(known)
    return joined.encode()[:120].decode(errors="ignore").strip("-")


def with_png_text(data: bytes, texts: Mapping[str, object]) -> bytes:
    """The PNG with an `iTXt` chunk for each non-empty text; its other bytes stay as they are."""
    if not data.startswith(_PNG) or len(data) < _HEADER_END:
        return data
    chunks = []
    for name, value in texts.items():
        if value in (None, "", {}, [], ()):
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        # PNG §11.3.3.4: keyword, no compression, no language, no translated keyword.
        body = b"iTXt" + name.encode("latin-1")[:79] + b"\0\0\0\0\0" + text.encode()
        chunks.append(struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
    return b"".join((data[:_HEADER_END], *chunks, data[_HEADER_END:]))


def _reserved(folder: Path, stem: str, suffix: str) -> Path:
    """A new path, reserved by an empty JSON file beside it.

    The media file itself is not created yet: a process that is killed now would leave an empty
    picture behind.
    """
    number = 1
    while True:
        path = folder / ((stem if number == 1 else f"{stem}-{number}") + suffix)
        sidecar = path.with_suffix(".json")
        number += 1
        try:
            sidecar.open("xb").close()
        except FileExistsError:
            continue
        if not path.exists():
            return path
        sidecar.unlink()


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file in one step: others see the old file or the new one, never a part.

    Raises:
        OSError: It cannot be written; the old file, if there was one, stays.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def lock(file: IO[bytes]) -> None:
    """Locks a file until `unlock` or the end of the process, and seeks to its beginning.

    Raises:
        BlockingIOError: Another process holds the lock.
        OSError: The file system has no locks, as some network drives.
    """
    if sys.platform == "win32":
        import msvcrt

        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    file.seek(0)


def unlock(file: IO[bytes]) -> None:
    """Releases the lock of a file that is about to be closed."""
    # Closing is not enough: forked workers keep the file open for as long as they live.
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
