"""What the generations of a kernel share, and how it is closed and renewed."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import comet_magic as comet
from comet_magic.errors import RecordingError
from comet_magic.kernel.session import Session, current, renew
from comet_magic.settings.settings import Settings
from tests.client.scripted import BASE_URL

SETTINGS = Settings(base_url=BASE_URL)


@pytest.fixture
def session() -> Iterator[Session]:
    """A session of its own."""
    made = Session()
    yield made
    made.close()


def test_requests_of_a_loop_share_a_client(session: Session) -> None:
    """Another loop has another: connections belong to a loop."""

    async def clients() -> list[object]:
        first, second = await session.endpoint(SETTINGS), await session.endpoint(SETTINGS)
        assert (first.label, first.host, first.pace) == ("api.example", "api.example", 1.0)
        assert first.http is second.http
        return [first.http]

    # Not by `asyncio.run`: where nest_asyncio is in force, as with old Jupyter clients, it takes
    # the same loop each time.
    loops = [asyncio.new_event_loop() for _ in range(2)]
    (one,), (other,) = (loop.run_until_complete(clients()) for loop in loops)
    assert one is not other
    for loop in loops:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def test_the_demo_is_started_once_and_only_if_it_is_asked(session: Session) -> None:
    """Settings without a base URL name it."""

    async def urls() -> set[str]:
        await session.endpoint(SETTINGS)
        assert session._server is None
        demo = Settings()
        assert (await session.endpoint(demo)).label == "demo"
        return {str((await session.endpoint(demo)).url) for _ in range(3)}

    (url,) = asyncio.run(urls())
    assert url.startswith("http://127.0.0.1:")


def test_a_closed_session_can_be_used_again(fresh_session: Session) -> None:
    """It opens what it needs once more, and its ledger goes on."""
    for _ in range(2):
        assert comet.generate("Hi", model="gpt-4o-mini").status == "complete"
        fresh_session.close()
        assert (fresh_session._server, fresh_session._http) == (None, {})
    assert len(fresh_session.ledger) == 2


def test_another_process_closes_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a fork the connections and the demo are the parent's."""
    asyncio.run(session.endpoint(Settings()))
    server = session._server
    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        session.close()
    assert session._server is server


def test_a_renewed_session_is_another() -> None:
    """It is there at once, for all that ask."""
    before = current()
    renew()
    assert current() is current()
    assert current() is not before
    assert len(current().ledger) == 0


def test_a_replay_that_has_ended_answers_nothing(session: Session) -> None:
    """Its name is in the error, and nothing was sent."""
    settings = Settings(base_url=BASE_URL, replayed="lesson.jsonl, recorded 2026-11-25")
    with pytest.raises(RecordingError, match="recorded 2026-11-25, is not being replayed"):
        asyncio.run(session.endpoint(settings))


def test_requests_to_another_endpoint_are_noted(fresh_session: Session, tmp_path: Path) -> None:
    """A recording holds the answers of one endpoint."""
    assert fresh_session.not_recorded(SETTINGS) == []
    with comet.record(tmp_path / "tape.jsonl"):
        assert fresh_session.not_recorded(Settings()) == []
        assert fresh_session.not_recorded(SETTINGS) == [
            "This is not recorded: tape.jsonl is for demo."
        ]
    assert fresh_session.not_recorded(SETTINGS) == []


def test_a_replayed_answer_is_not_noted(fresh_session: Session, tmp_path: Path) -> None:
    """It needs no recording, whatever endpoint it came from."""
    with comet.record(tmp_path / "tape.jsonl"):
        replayed = replace(SETTINGS, replayed="lesson.jsonl, recorded 2026-11-25")
        assert fresh_session.not_recorded(replayed) == []


def test_the_end_of_the_process_is_watched_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first connection on; a session that is not used leaves nothing to do."""
    registered: list[object] = []
    monkeypatch.setattr("atexit.register", registered.append)
    assert registered == []

    async def ask() -> None:
        await session.endpoint(SETTINGS)
        await session.endpoint(SETTINGS)

    asyncio.run(ask())
    assert len(registered) == 1
