"""What pictures, videos and sounds share: bytes behind an address, in memory or in a file."""

import itertools
import re
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from ..hooks import Displayed
from .addresses import is_data_uri, short_url
from .medium import Medium
from .sniffing import MediaError, extension, looks_like, media_type_of

# Windows takes these for devices, whatever their extension.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)?", re.IGNORECASE)


class MediaFile(Displayed):
    """Reads, saves and describes a picture, a video or a sound.

    Attributes:
        medium: What it is.
    """

    __slots__ = ()
    medium: ClassVar[Medium]
    # Fields of the dataclasses below it.
    url: str
    data: bytes | None
    media_type: str | None
    path: Path | None

    @property
    def noun(self) -> str:
        """The word for it in messages and file names: `picture`, `video` or `sound`."""
        return self.medium.noun

    def read(self) -> bytes | None:
        """The bytes as received, from memory or from the file; None if there are none.

        Raises:
            OSError: The file cannot be read.
        """
        return self.path.read_bytes() if self.data is None and self.path else self.data

    def save(self, path: str | Path) -> Path:
        """Writes the bytes to a file and returns its path.

        Args:
            path: The file, which is overwritten; or a folder, which gets a new file with the name
                that the address has.

        Raises:
            ValueError: There are no bytes to save.
            OSError: A file cannot be read or written.
        """
        data, path = self.read(), Path(path)
        if data is None:
            raise ValueError(f"there are no bytes to save; the link is {short_url(self.url)}")
        if path.is_dir():
            path = _new_file(path, self._stem(), extension(self.media_type))
        path.write_bytes(data)
        return path

    def _type_of(self, data: bytes) -> str:
        """The media type of its bytes.

        Raises:
            MediaError: They do not begin like a file of its medium.
        """
        media_type = media_type_of(data) or ""
        if media_type.partition("/")[0] != self.medium:
            raise MediaError(f"no {self.noun} but {looks_like(data)}")
        return media_type

    def _stem(self) -> str:
        """The file name in the address without its extension, as every system takes it."""
        name = "" if is_data_uri(self.url) else Path(urlsplit(self.url).path).name
        stem = re.sub(r"[^\w-]+", "-", Path(name).stem).strip("-")[:60]
        return self.noun if _DEVICES.fullmatch(stem) else stem

    def _described(self, size: str | None) -> str:
        """The `repr`: short, and without what signs a link; `size` is None without bytes."""
        saved = f", saved as {self.path}" if self.path else ""
        return f"<{type(self).__name__} {short_url(self.url)}, {size or 'not downloaded'}{saved}>"


def file_size(size: int) -> str:
    """`12 kB`, `3.4 MB`."""
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(size // 1000, 1)} kB"


def _new_file(folder: Path, stem: str, suffix: str) -> Path:
    """The path of an empty new file: made at once, so that nobody else takes the name."""
    for number in itertools.count(1):
        path = folder / (f"{stem}-{number}{suffix}" if number > 1 else stem + suffix)
        with suppress(FileExistsError):
            path.open("xb").close()
            break
    return path
