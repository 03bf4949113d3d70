"""Keeping what was paid for: pictures and videos on disk, with what they were made from."""

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

from .images import GeneratedVideo, Media, extension

_PNG = b"\x89PNG\r\n\x1a\n"
_HEADER_END = 8 + 25  # the signature and the IHDR chunk, which must come first
# Windows locks bytes and not files; nobody reads one so far behind the end.
_FAR = 1 << 40


def save_media(
    media: Media, folder: Path, provenance: Mapping[str, object], moment: datetime
) -> Media:
    """Saves `media` in `folder`, which is made if needed, beside a JSON file of `provenance`.

    The name begins with the time and the first words of what is shown; no file is ever
    overwritten, and none is seen half-written. A PNG also carries the provenance in text chunks.
    If only the JSON file cannot be written, there is none.

    Returns:
        The same with `path` set; a video without `data`, which the file now holds.

    Raises:
        OSError: The folder or the file cannot be written.
    """
    data = media.data or b""
    if media.media_type == "image/png":
        data = with_png_text(data, provenance)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{moment:%Y%m%d-%H%M%S}-{slug(media.alt)}".rstrip("-")
    path = _claimed(folder, stem, extension(media.media_type))
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
    """Checks that files can be made in `folder`, or that it can be made.

    Raises:
        ValueError: They cannot; the text says why.
    """
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise ValueError(f"save_dir {folder} cannot be a folder: {existing} is a file")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ValueError(f"save_dir {folder} is not writable")


def slug(text: str) -> str:
    """The first words of `text` as part of a file name that every system takes.

    >>> slug("../../A cute Kitten, 3:2!")
    'a-cute-kitten-3-2'
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text[:500]).casefold())
    joined = "-".join(words)[:48]
    # File systems count bytes: 48 Chinese characters are 144. And some can name no Chinese ones.
    known = sys.getfilesystemencoding()
    joined = joined.encode(known, errors="ignore").decode(known)
    return joined.encode()[:120].decode(errors="ignore").strip("-")


def with_png_text(data: bytes, texts: Mapping[str, object]) -> bytes:
    """The PNG with one `iTXt` chunk for each text; its other bytes unchanged."""
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


def _claimed(folder: Path, stem: str, suffix: str) -> Path:
    """A path that is free, and stays so for others: the name of its sidecar is taken.

    Not the name of the picture: who is killed before it is written would leave an empty one.
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
    """Writes a file that nobody sees half-written.

    Raises:
        OSError: It cannot be written; there is none then, or the one that was there.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def lock(file: IO[bytes]) -> None:
    """Locks a file until `unlock`, or the end of the process; its place becomes its beginning.

    Raises:
        BlockingIOError: Another process has locked it.
        OSError: Nothing can be locked there, as on some network drives.
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
    """Gives a locked file free that is about to be closed."""
    # That alone would not do it: a forked worker has the file open, too, for as long as it lives.
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
