"""What the server keeps."""

import asyncio
from datetime import UTC, datetime

import pytest

from comet_magic.demo import store
from comet_magic.demo.store import FileStore, StoredFile

NOW = datetime(2025, 4, 15, tzinfo=UTC)


def stored(task: str, data: bytes = b"png", calls: list[str] | None = None) -> StoredFile:
    """A file that notes each time it is made."""

    def make() -> bytes:
        if calls is not None:
            calls.append(task)
        return data

    return StoredFile(make, "png", task, promised=NOW)


def test_a_file_is_made_once_however_many_ask() -> None:
    """Readers at the same time wait for one and the same painting."""
    calls: list[str] = []
    one = stored("task_a", calls=calls)

    async def read_often() -> list[bytes]:
        return await asyncio.gather(*(one.read() for _ in range(5)))

    assert asyncio.run(read_often()) == [b"png"] * 5
    assert calls == ["task_a"]


def test_every_path_leads_to_its_file() -> None:
    """Link, download and preview are found in any text; the last one counts."""
    kept, first, last = FileStore(), stored("task_a"), stored("task_b")
    kept.add(first)
    kept.add(last)
    for path in (last.path, last.download_path, last.preview_path()):
        assert kept.find(f"![x](http://h{first.path}) then [y](http://h{path})") is last
    assert kept.find("/cdn/20250415/unknown.png") is None


def test_the_oldest_files_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is bounded in number and in bytes."""
    monkeypatch.setattr(store, "_MAX_FILES", 3)
    monkeypatch.setattr(store, "_MAX_BYTES", 25)
    kept = FileStore()
    files = [stored(f"task_{n}", b"x" * 10) for n in range(4)]
    for one in files:
        kept.add(one)
    assert kept.find(files[0].path) is None

    async def read_all() -> None:
        for one in files[1:]:
            await kept.read(one)

    asyncio.run(read_all())
    assert [kept.find(one.path) for one in files] == [None, None, files[2], files[3]]
