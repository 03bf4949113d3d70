"""`executor=`: the same batch in threads, processes, and real clusters on this machine."""

import concurrent.futures
import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.batch import work
from comet_magic.demo import DemoServer
from comet_magic.kernel.session import Session

from .conftest import Endpoint, options, status
from .work import KINDS

_NEEDS = {"dask": "distributed", "ipyparallel": "ipyparallel"}
_ROOT = Path(__file__).parents[2]
KEY = "sk-canary-0123456789"


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_on_an_executor(kind: str, demo: DemoServer, tmp_path: Path) -> None:
    """Equal rows are asked for twice, a failure is a result, pictures are saved by the worker."""
    if kind in _NEEDS and not find_spec(_NEEDS[kind]):
        pytest.skip(f"{_NEEDS[kind]} is not installed: it is in the extra `cluster`")
    environment = {
        **os.environ,
        "COMETAPI_KEY": KEY,
        "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.batch.work", kind, demo.base_url],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    records = found["records"]
    assert [record["status"] for record in records] == [
        "complete", "complete", "failed", "failed", "complete",
    ]  # fmt: skip
    assert records[0]["id"] != records[1]["id"]
    assert (records[2]["status_code"], records[3]["error_type"]) == (400, "TypeError")
    (path,) = records[4]["paths"]
    assert Path(tmp_path, path).parent == tmp_path / "comet_images"
    assert Path(tmp_path, path).exists()
    # What the workers used is in the ledger of the caller; the wrong row used nothing.
    assert found["used"] == 4
    assert KEY not in done.stdout + done.stderr + (tmp_path / "run.jsonl").read_text()


class Pickling(concurrent.futures.Executor):
    """Does the work at once, on what is left of it after pickling."""

    def __init__(self) -> None:
        self.sent = b""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> concurrent.futures.Future[Any]:
        self.sent += pickle.dumps((fn, args, kwargs))
        assert fn is work.perform
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        again, arguments, _ = pickle.loads(pickle.dumps((fn, args, kwargs)))
        with ThreadPoolExecutor(1) as pool:
            outcome = pool.submit(again, *arguments).result()
        future.set_result(pickle.loads(pickle.dumps(outcome)))
        return future


def test_the_key_is_not_pickled(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker finds it in its own environment."""
    monkeypatch.setenv("COMETAPI_KEY", KEY)
    executor = Pickling()
    (result,) = comet.map(["a"], **options(executor=executor))
    assert result.status is comet.Status.COMPLETE
    assert KEY.encode() not in executor.sent
    with pytest.raises(ValueError, match="api_key is not sent to an executor's workers"):
        comet.map(["a"], **options(executor=executor, api_key=KEY))


def test_a_worker_without_a_key_says_so(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the batch ends there: the other rows would find none either."""

    class Elsewhere(Pickling):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            monkeypatch.delenv("COMETAPI_KEY", raising=False)
            return super().submit(fn, *args, **kwargs)

    monkeypatch.setenv("COMETAPI_KEY", KEY)
    with pytest.raises(comet.AuthenticationError, match="Set COMETAPI_KEY in the environment"):
        list(comet.map(["a", "b"], **options(executor=Elsewhere())))
    assert endpoint.prompts == []


def test_a_limit_holds_all_workers(endpoint: Endpoint, fresh_session: Session) -> None:
    """A worker does not wait by itself: the row comes back, and is sent again with the others."""
    answers = [status(429, **{"Retry-After": "0"})]

    async def once(prompt: str) -> Any:
        return await (answers.pop() if answers else status(400))(prompt)

    endpoint.answers["a"] = once
    with ThreadPoolExecutor(2) as pool:
        (result,) = comet.map(["a"], **options(executor=pool))
    assert (result.status_code, result.attempts) == (400, 2)
    assert endpoint.prompts == ["a", "a"]
    assert len(fresh_session.ledger) == 1


def test_what_an_executor_refuses_is_a_result(endpoint: Endpoint) -> None:
    """Work that cannot be pickled, for example; the others are done."""

    class Refusing(Pickling):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            if args[0]["prompt"] == "bad":
                raise pickle.PicklingError("not this")
            return super().submit(fn, *args, **kwargs)

    first, second = comet.map(["bad", "b"], **options(executor=Refusing()))
    assert first.error == "The executor failed: PicklingError: not this"
    assert second.status is comet.Status.COMPLETE


def test_a_broken_pool_ends_the_batch(endpoint: Endpoint) -> None:
    """Its workers are gone: nothing else can be done there."""

    class Broken(Pickling):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            raise concurrent.futures.BrokenExecutor("a worker was killed")

    with pytest.raises(concurrent.futures.BrokenExecutor, match="a worker was killed"):
        list(comet.map([str(n) for n in range(50)], **options(executor=Broken())))


def test_work_that_an_executor_gives_back_is_a_result(endpoint: Endpoint) -> None:
    """A future that somebody else cancelled does not leave the batch waiting."""

    class Cancelling(Pickling):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            future: concurrent.futures.Future[Any] = concurrent.futures.Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    (result,) = comet.map(["a"], **options(executor=Cancelling()))
    assert result.status is comet.Status.FAILED
    assert result.error == "The executor failed: CancelledError"


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(1)], ids=repr)
def test_a_worker_that_is_interrupted_ends_its_row_alone(
    endpoint: Endpoint, end: BaseException
) -> None:
    """Ctrl-C reaches the workers of a pool, too; what is asked next finds a loop that runs."""

    class Interrupted(Pickling):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            if args[0]["prompt"] != "bad":
                return super().submit(fn, *args, **kwargs)
            future: concurrent.futures.Future[Any] = concurrent.futures.Future()
            future.set_exception(end)
            return future

    first, second = comet.map(["bad", "b"], **options(executor=Interrupted()))
    assert first.error == f"The executor failed: {type(end).__name__}: {end}".rstrip(": ")
    assert second.status is comet.Status.COMPLETE
