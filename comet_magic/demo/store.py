"""What the server has made and can still show: pictures, films and the tasks they belong to."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from comet_magic.demo import ids

_MAX_WORKS = 100
_MAX_BYTES = 64 * 1024 * 1024
_ON_CDN = re.compile(r"/cdn/(?:download/)?\d{8}/(\w+)\.\w+")
_PREVIEW = re.compile(r"/vg-assets/assets(?:/|%2F)(task_\w+)(?:/|%2F)src_(\d{1,3})\.png")
MEDIA_TYPES = {"png": "image/png", "webp": "image/webp", "webm": "video/webm"}


@dataclass(slots=True, eq=False)
class Work:
    """One picture or film, made when it is first asked for.

    Attributes:
        id: The name in its link.
        gen_id: The name that a later turn refers to.
        task_id: The task that it is a result of.
        index: Its place among the results of the task, from 0.
        ratio: Such as `3:2`.
        made: When it was promised; a part of its links.
        suffix: A key of `MEDIA_TYPES`.
        make: Gives the bytes; None once it was asked. It may hold the picture that is changed.
    """

    task_id: str
    index: int
    ratio: str
    made: datetime
    suffix: str
    make: Callable[[], bytes] | None
    id: str = field(default_factory=lambda: ids.alnum(30), init=False)
    gen_id: str = field(default_factory=lambda: ids.ulid("gen"), init=False)
    _data: bytes = field(default=b"", init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def path(self) -> str:
        """The path of its link."""
        return f"/cdn/{self.made:%Y%m%d}/{self.id}.{self.suffix}"

    @property
    def download_path(self) -> str:
        """The path of its download link."""
        return f"/cdn/download/{self.made:%Y%m%d}/{self.id}.{self.suffix}"

    def preview_path(self) -> str:
        """Give the path and query of a signed preview link."""
        name = quote(f"assets/{self.task_id}/src_{self.index}.png", safe="")
        return f"/vg-assets/{name}?{ids.preview_query(self.made)}"

    @property
    def size(self) -> int:
        """In bytes; 0 until it is made."""
        return len(self._data)

    async def read(self) -> bytes:
        """Give the bytes; they are made once, in a worker thread."""
        async with self._lock:
            if self.make is not None:
                self._data = await asyncio.to_thread(self.make)
                self.make = None
        return self._data


class Gallery:
    """Keeps a bounded number of works and tasks; the oldest go first."""

    def __init__(self) -> None:
        self._works: OrderedDict[str, Work] = OrderedDict()
        self._tasks: OrderedDict[str, dict[str, object]] = OrderedDict()

    def add(self, work: Work) -> None:
        """Keep a work."""
        self._works[work.id] = work
        while len(self._works) > _MAX_WORKS:
            self._works.popitem(last=False)

    def add_task(self, task_id: str, facts: dict[str, object]) -> None:
        """Keep what the pages of a task say."""
        self._tasks[task_id] = facts
        while len(self._tasks) > _MAX_WORKS:
            self._tasks.popitem(last=False)

    def task(self, task_id: str) -> dict[str, object] | None:
        """Give what the pages of a task say."""
        return self._tasks.get(task_id)

    def find(self, text: str) -> Work | None:
        """Give the work that the last link in a path, a URL or a text leads to."""
        links = [(match.end(), self._works.get(match[1])) for match in _ON_CDN.finditer(text)]
        links += [
            (match.end(), self._by_task(match[1], int(match[2])))
            for match in _PREVIEW.finditer(text)
        ]
        known = [(end, work) for end, work in links if work is not None]
        return max(known, key=lambda link: link[0])[1] if known else None

    async def read(self, work: Work) -> bytes:
        """Give the bytes of a work, and forget the oldest if there are too many."""
        data = await work.read()
        while len(self._works) > 1 and sum(w.size for w in self._works.values()) > _MAX_BYTES:
            self._works.popitem(last=False)
        return data

    def _by_task(self, task_id: str, index: int) -> Work | None:
        works = self._works.values()
        return next((w for w in works if w.task_id == task_id and w.index == index), None)
