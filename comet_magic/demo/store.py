"""Files that the server has made and links to: pictures and films, made when somebody asks."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from comet_magic.demo import ids

_MAX_FILES = 100
_MAX_BYTES = 64 * 1024 * 1024
_ON_CDN = re.compile(r"/cdn/(?:download/)?\d{8}/(\w+)\.\w+")
_PREVIEW = re.compile(r"/vg-assets/assets(?:/|%2F)(task_\w+)(?:/|%2F)src_(\d{1,3})\.png")
MEDIA_TYPES = {"png": "image/png", "webp": "image/webp", "webm": "video/webm"}


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file that is made when it is first read.

    Attributes:
        make: Returns the bytes; None after it was called, because it may hold a whole picture.
        suffix: A key of `MEDIA_TYPES`.
        task_id: The task that it is a result of; "" if there is none.
        index: Its position among the results of the task, from 0.
        promised: When its links were made; a part of them.
        id: Its name in links.
        gen_id: Its name in the text of an answer.
    """

    make: Callable[[], bytes] | None
    suffix: str
    task_id: str = ""
    index: int = 0
    promised: datetime = field(default_factory=ids.utc_now)
    id: str = field(default_factory=lambda: ids.alnum(30), init=False)
    gen_id: str = field(default_factory=lambda: ids.ulid("gen"), init=False)
    _data: bytes = field(default=b"", init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def path(self) -> str:
        """Path of its link."""
        return f"/cdn/{self.promised:%Y%m%d}/{self.id}.{self.suffix}"

    @property
    def download_path(self) -> str:
        """Path of its download link."""
        return f"/cdn/download/{self.promised:%Y%m%d}/{self.id}.{self.suffix}"

    def preview_path(self) -> str:
        """Return path and query of a signed preview link."""
        name = quote(f"assets/{self.task_id}/src_{self.index}.png", safe="")
        return f"/vg-assets/{name}?{ids.preview_query(self.promised)}"

    @property
    def size(self) -> int:
        """Number of bytes; 0 before it is made."""
        return len(self._data)

    async def read(self) -> bytes:
        """Return the bytes. They are made once, in a worker thread."""
        async with self._lock:
            if self.make is not None:
                self._data = await asyncio.to_thread(self.make)
                self.make = None
        return self._data


class FileStore:
    """Keeps a bounded number of files and bytes; drops the oldest first."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()

    def add(self, file: StoredFile) -> None:
        """Keep a file, so that its links work."""
        self._files[file.id] = file
        while len(self._files) > _MAX_FILES:
            self._files.popitem(last=False)

    def find(self, text: str) -> StoredFile | None:
        """Return the file that the last working link in a path, a URL or a text leads to."""
        links = [(match.end(), self._files.get(match[1])) for match in _ON_CDN.finditer(text)]
        links += [
            (match.end(), self._by_task(match[1], int(match[2])))
            for match in _PREVIEW.finditer(text)
        ]
        known = [(end, file) for end, file in links if file is not None]
        return max(known, key=lambda link: link[0])[1] if known else None

    async def read(self, file: StoredFile) -> bytes:
        """Return the bytes of a file, and drop the oldest files if there are too many bytes."""
        data = await file.read()
        while len(self._files) > 1 and sum(f.size for f in self._files.values()) > _MAX_BYTES:
            self._files.popitem(last=False)
        return data

    def _by_task(self, task_id: str, index: int) -> StoredFile | None:
        files = self._files.values()
        return next((f for f in files if f.task_id == task_id and f.index == index), None)
