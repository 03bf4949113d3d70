"""What the server keeps."""

import asyncio
from datetime import UTC, datetime

import pytest

from comet_magic.demo import store
from comet_magic.demo.store import FileStore, StoredFile

NOW = datetime(2025, 4, 15, tzinfo=UTC)


def work(task: str, data: bytes = b"png", calls: list[str] | None = None) -> StoredFile:
    """Give a work that notes each time it is made."""

    def make() -> bytes:
        if calls is not None:
            calls.append(task)
        return data

    return StoredFile(make, "png", task, promised=NOW)


def test_a_work_is_made_once_however_many_ask() -> None:
    """Readers at the same time wait for one and the same painting."""
    calls: list[str] = []
    one = work("task_a", calls=calls)

    async def read_often() -> list[bytes]:
        return await asyncio.gather(*(one.read() for _ in range(5)))

    assert asyncio.run(read_often()) == [b"png"] * 5
    assert calls == ["task_a"]


def test_every_path_leads_to_its_work() -> None:
    """Link, download and preview are found in any text; the last one counts."""
    kept, first, last = FileStore(), work("task_a"), work("task_b")
    kept.add(first)
    kept.add(last)
    for path in (last.path, last.download_path, last.preview_path()):
        assert kept.find(f"![x](http://h{first.path}) then [y](http://h{path})") is last
    assert kept.find("/cdn/20250415/unknown.png") is None


def test_the_oldest_works_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gallery is bounded in number and in bytes."""
    monkeypatch.setattr(store, "_MAX_FILES", 3)
    monkeypatch.setattr(store, "_MAX_BYTES", 25)
    kept = FileStore()
    works = [work(f"task_{n}", b"x" * 10) for n in range(4)]
    for one in works:
        kept.add(one)
    assert kept.find(works[0].path) is None

    async def read_all() -> None:
        for one in works[1:]:
            await kept.read(one)

    asyncio.run(read_all())
    assert [kept.find(one.path) for one in works] == [None, None, works[2], works[3]]
