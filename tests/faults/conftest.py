"""One fault server and one session for the folder; each fault is played once, and looked at often.

The faults share a session, so each is also the next request after the fault before it.
"""

import asyncio
import logging
import pickle
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

import comet_magic as comet
from comet_magic.kernel import session
from comet_magic.settings.settings import Settings
from tests.conftest import forget_all
from tests.faults.fault import ELSEWHERE, GOOD, KEY, TEXT, Fault
from tests.faults.server import FaultServer, Request, Step
from tests.faults.table import SILENT


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    Attributes:
        error: What was raised; None if nothing was.
        generation: That was returned, or is with the error.
        requests: That the endpoint saw, apart from those for its price list.
        taken: Bytes of the endpoint's answers that were taken.
        elsewhere: Requests that another host saw.
        said: All that could be read anywhere: errors, logs, files.
        variables: Of all frames of the error and its causes.
        seconds: It took.
    """

    error: BaseException | None
    generation: comet.Generation | None
    requests: list[Request]
    taken: int
    elsewhere: list[Request]
    said: dict[str, str]
    variables: str
    seconds: float


Play = Callable[..., Outcome]
# Seconds. Nothing played here takes a tenth of it, on a machine that is busy half; what hangs, or
# has become a square, takes longer.
HANG = 30.0
# As many as were ever used at once.
_MOST_OPEN = len(SILENT) + 4


@pytest.fixture(autouse=True)
def new_process(own_session: session.Session) -> None:
    """In this folder it is not new for each test."""


@pytest.fixture(autouse=True)
def _with_a_key(without_proxies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMETAPI_KEY", KEY)


@pytest.fixture(autouse=True)
def _without_waits(without_waits: list[float]) -> None:
    """No test here waits before a request is sent again."""


@pytest.fixture(scope="package")
def server() -> Iterator[FaultServer]:
    """The endpoint, and the host of its pictures."""
    with FaultServer() as server:
        server.script("/good/v1/chat/completions", [GOOD])
        yield server


@pytest.fixture(scope="package")
def elsewhere() -> Iterator[FaultServer]:
    """Another host on this machine, whose pictures are not for us."""
    with FaultServer("127.0.0.2") as server:
        yield server


@pytest.fixture(scope="package")
def own_session(server: FaultServer) -> Iterator[session.Session]:
    """The session of the folder; when it is closed no connection is left."""
    forget_all()
    # The price list, which it has not, is asked for now and not in the midst of a fault.
    settings = Settings(base_url=f"{server.url}/good/v1")
    assert session.current().loop.run(lambda: session.current().lists.prices(settings)) == {}
    yield session.current()
    forget_all()
    assert server.is_deserted()


@pytest.fixture
def play(
    server: FaultServer,
    elsewhere: FaultServer,
    own_session: session.Session,
    tmp_path: Path,
) -> Iterator[Play]:
    """Plays answers under a path of their own, and checks that nothing is left behind."""

    def run(path: str, *answers: list[Step], **options: object) -> Outcome:
        server.script(f"/{path}/v1/chat/completions", *answers)
        return _play(server, elsewhere, tmp_path, path, options)

    threads = _threads()
    yield run
    assert server.is_quiet()
    # Idle ones are kept for the next request; one that were lost with each test would be too many.
    assert len([each for each in server.connections if not each.closed_by]) <= _MOST_OPEN
    assert not _threads() - threads
    assert own_session.loop.run(_tasks_left) == []
    assert list(tmp_path.rglob("*.part")) == []
    good = comet.generate("Hi", model="m", base_url=f"{server.url}/good/v1")
    assert (good.text, good.status, good.attempts) == (TEXT, "complete", 1)


@pytest.fixture(scope="session")
def played() -> dict[str, Outcome]:
    """What came of the faults of the table that were played already."""
    return {}


@pytest.fixture
def outcome(
    request: pytest.FixtureRequest, played: dict[str, Outcome], elsewhere: FaultServer
) -> Outcome:
    """What comes of the fault that the test is given."""
    fault: Fault = request.getfixturevalue("fault")
    if fault.id not in played:
        play: Play = request.getfixturevalue("play")
        server: FaultServer = request.getfixturevalue("server")

        def run(fault: Fault) -> None:
            answers = [[filled(step, elsewhere) for step in answer] for answer in fault.answers]
            played[fault.id] = play(fault.id, *answers, model="m", max_retries=fault.retries)
            if fault.spoils_next:
                with suppress(comet.CometError):
                    comet.generate("Hi", model="m", base_url=f"{server.url}/good/v1")

        # Silence takes a second to be noticed; all of it can be waited for at once.
        with ThreadPoolExecutor(len(SILENT)) as pool:
            list(pool.map(run, SILENT if fault in SILENT else [fault]))
    return played[fault.id]


def filled(step: Step, elsewhere: FaultServer) -> Step:
    """The step with the address of the other host where it stands for it."""
    if isinstance(step, bytes):
        return step.replace(ELSEWHERE.encode(), elsewhere.url.encode())
    return step


def _play(
    server: FaultServer, elsewhere: FaultServer, folder: Path, path: str, options: object
) -> Outcome:
    assert isinstance(options, dict)
    before = len(server.requests), len(elsewhere.requests)
    # A connection that is kept counts for all of its requests.
    taken_before = server.taken
    arguments = {
        "base_url": f"{server.url}/{path}/v1",
        "timeout": 1,
        "first_byte_timeout": 1,
        **options,
    }
    error: BaseException | None = None
    generation: comet.Generation | None = None
    began = time.monotonic()
    with _Log() as log:
        try:
            generation = comet.generate("Hi", **arguments)
        except Exception as caught:  # noqa: BLE001
            error = caught
            generation = getattr(caught, "generation", None)
    seconds = time.monotonic() - began
    said = {"log": "\n".join(log.lines)}
    if error is not None:
        said |= _words_of(error)
    if generation is not None:
        said["generation"] = repr(generation) + "\n".join(generation.notes)
        said["generation pickled"] = pickle.dumps(generation).decode("latin-1")
        said["shown"] = repr(generation._repr_mimebundle_())
    for file in folder.rglob("*"):
        said[file.name] = file.name + (
            file.read_bytes().decode("latin-1") if file.is_file() else ""
        )
    # A price list that a test before has begun to fetch can come meanwhile.
    ours = [
        request
        for request in server.requests[before[0] :]
        if request.path.startswith(f"/{path}/")
        or (request.method == "GET" and request.path != "/api/models")
    ]
    return Outcome(
        error,
        generation,
        ours,
        server.taken - taken_before,
        elsewhere.requests[before[1] :],
        said,
        _variables(error),
        seconds,
    )


def _words_of(error: BaseException) -> dict[str, str]:
    said = {"pickle": pickle.dumps(error).decode("latin-1")}
    said["traceback"] = "".join(traceback.format_exception(error))
    each: BaseException | None = error
    while each:
        name = type(each).__name__
        said[f"text of {name}"] = str(each) + repr(each)
        said[f"vars of {name}"] = repr(vars(each))
        request = getattr(each, "_request", None)
        said[f"request of {name}"] = repr(request and request.headers.raw)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return said


def _variables(error: BaseException | None) -> str:
    """The variables of every frame, as an error reporter stores them."""
    found = []
    each = error
    while each:
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if "faults" in frame.f_code.co_filename:
                continue
            for name, value in frame.f_locals.items():
                with suppress(Exception):  # a half-built object may have no repr
                    found.append(f"{frame.f_code.co_qualname}: {name} = {value!r}")
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return "\n".join(found)


class _Log(logging.Handler):
    """Everything that is logged anywhere, at every level."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {vars(record)!r}")

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *details: object) -> None:
        logging.getLogger().removeHandler(self)
        logging.getLogger().setLevel(self._level)


def _threads() -> set[threading.Thread]:
    """The threads but for the workers of the loop, which are lent to each other and stay."""
    return {each for each in threading.enumerate() if not each.name.startswith("comet_magic")}


async def _tasks_left() -> list[str]:
    """Tasks that go on after their call has returned; those that are ending may do so."""
    for _ in range(20):
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if not left:
            break
        await asyncio.wait(left, timeout=0.05)
    return [repr(task) for task in left]
