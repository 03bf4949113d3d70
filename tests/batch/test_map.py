"""`comet.map`: order, failures, laziness, and what a result holds."""

import asyncio
import gc
import pickle
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.demo import DemoServer
from comet_magic.kernel.session import Session
from comet_magic.settings import configuration
from tests.pictures import encoded

from .conftest import Endpoint, after, once, options, status
from .counting import counting_server

PATIENCE = 20.0


def test_results_come_in_the_order_of_the_prompts(endpoint: Endpoint) -> None:
    """Also if an early one is slow, while no more than `concurrency` run at once."""
    prompts = [f"number {number}" for number in range(40)]
    endpoint.answers = dict.fromkeys(prompts[:5], endpoint.together(5))
    endpoint.answers["number 1"] = once(lambda: len(endpoint.prompts) > 15)
    results = list(comet.map(prompts, **options(concurrency=5)))
    assert [result.prompt for result in results] == prompts
    assert all(result.status is comet.Status.COMPLETE for result in results)
    assert endpoint.most == 5


def test_results_can_come_as_they_complete(endpoint: Endpoint) -> None:
    """With `ordered=False` a slow one is last."""
    endpoint.answers["slow"] = after(0.2)
    results = list(comet.map(["slow", "b", "c"], **options(ordered=False)))
    assert results[-1].prompt == "slow"
    assert {result.prompt for result in results} == {"slow", "b", "c"}


def test_prompts_are_read_a_few_ahead(endpoint: Endpoint) -> None:
    """A generator without an end is read no further than four times what runs at once."""
    read: list[int] = []

    def prompts() -> Iterator[str]:
        while True:
            read.append(threading.get_ident())
            yield f"number {len(read)}"

    with comet.map(prompts(), **options(concurrency=2)) as batch:
        assert [next(batch).prompt for _ in range(3)] == ["number 1", "number 2", "number 3"]
    assert len(read) <= 8 + 3
    assert set(read) == {threading.get_ident()}
    assert list(batch) == []


@pytest.mark.parametrize("ordered", [True, False])
def test_slow_prompts_hold_up_no_result(endpoint: Endpoint, *, ordered: bool) -> None:
    """What is there is handed over before the next ones are waited for."""
    read = 0

    def prompts() -> Iterator[str]:
        nonlocal read
        for read in range(1, 31):
            yield f"number {read}"
            while batch._yielded + len(batch._ready) + batch._engine.results.qsize() < read:
                time.sleep(0.001)

    batch = comet.map(prompts(), **options(ordered=ordered))
    for number in range(1, 4):
        assert next(batch).prompt == f"number {number}"
        assert read <= number + 1
    batch.close()


def test_rows_can_be_arguments(endpoint: Endpoint) -> None:
    """A dict's own arguments come before those of the call."""
    rows = [{"prompt": "a", "model": "gpt-4o", "temperature": 0.5}, "b"]
    first, second = comet.map(rows, **options(temperature=1))
    assert (first.prompt, second.prompt) == ("a", "b")
    assert endpoint.prompts == ["a", "b"]


class Figure:
    """A figure that counts how often it is drawn."""

    def __init__(self) -> None:
        self.drawn = 0

    def savefig(self, stream: Any, **_: str) -> None:
        """Writes it."""
        self.drawn += 1
        stream.write(encoded())


def test_a_picture_of_all_rows_is_encoded_once(endpoint: Endpoint) -> None:
    """It goes with each that brings none of its own, and each says so."""
    common, own = Figure(), Figure()
    rows = ["a", "b", {"prompt": "c", "images": own}, {"prompt": "d", "images": None}]
    results = list(comet.map(rows, **options(images=common)))
    assert (common.drawn, own.drawn) == (1, 1)
    assert [len(result.messages[0]["content"]) for result in results[:3]] == [2, 2, 2]  # type: ignore[arg-type]
    assert results[1].notes == ("with image 1, 60 × 40, 1 kB",)
    assert results[3].messages[0]["content"] == "d"


def test_a_failure_is_a_result(endpoint: Endpoint, fresh_session: Session) -> None:
    """With what its error said, for people and for programs; the others are not touched by it."""
    endpoint.answers["bad"] = status(400, **{"x-request-id": "r-17"})
    results = list(comet.map(["a", "bad", "c"], **options()))
    assert [str(result.status) for result in results] == ["complete", "failed", "complete"]
    failed = results[1]
    assert failed.error is not None
    assert failed.error.startswith("400 from api.example: the request was refused")
    assert (failed.error_type, failed.status_code) == ("BadRequestError", 400)
    assert failed.request_id == "r-17"
    assert [entry.status for entry in fresh_session.ledger].count(comet.Status.FAILED) == 1


@pytest.mark.parametrize(
    ("row", "kind", "says"),
    [
        (7, "TypeError", "prompt must be a text, not int"),
        ("", "ValueError", "prompt is empty"),
        ({"prompt": "x", "temperature": 3}, "ValueError", "temperature must be"),
        ({"prompt": "x", "colour": "red"}, "TypeError", "colour"),
        ({"prompt": "x", "api_key": "sk-canary"}, "TypeError", "api_key belongs to the call"),
        ({"prompt": "x", "timeout": -1}, "ValueError", "timeout"),
        ({"prompt": "x", "download": 1}, "TypeError", "download"),
        ({"text": "x"}, "TypeError", "needs a 'prompt'"),
    ],
    ids=str,
)
def test_a_wrong_row_is_a_result(endpoint: Endpoint, row: Any, kind: str, says: str) -> None:
    """Nothing of it is sent, and the others are."""
    wrong, right = comet.map([row, "right"], **options())
    assert wrong.status is comet.Status.FAILED
    assert wrong.error is not None
    assert says in wrong.error
    assert "canary" not in wrong.error
    assert wrong.error_type == kind
    assert right.status is comet.Status.COMPLETE
    assert endpoint.prompts == ["right"]


@pytest.mark.parametrize(
    ("prompts", "arguments", "error", "says"),
    [
        ("one text", {}, TypeError, "not str"),
        (7, {}, TypeError, "not int"),
        ({"prompt": "x"}, {}, TypeError, "not dict"),
        (["a"], {"concurrency": 0}, ValueError, "concurrency must be a whole number from 1"),
        (["a"], {"concurrency": "8"}, TypeError, "concurrency"),
        (["a"], {"temperature": 3}, ValueError, "temperature"),
        (["a"], {"colour": "red"}, TypeError, "colour"),
        (["a"], {"model": ""}, ValueError, "model"),
        (["a"], {"ordered": 1}, TypeError, "ordered"),
        (["a"], {"executor": 4}, TypeError, "executor"),
        (["a"], {"resume": 4}, TypeError, "resume"),
        (["a"], {"resume": "."}, ValueError, "resume"),
        (["a"], {"template": " "}, ValueError, "template is empty"),
        (["a"], {"base_url": "api.example"}, ValueError, "base URL"),
    ],
    ids=str,
)
def test_a_wrong_call_raises_at_once(
    endpoint: Endpoint, prompts: Any, arguments: dict[str, Any], error: type, says: str
) -> None:
    """Before a row is read, and before the first result is asked for."""
    with pytest.raises(error, match=says):
        comet.map(prompts, **options(**arguments))
    assert endpoint.prompts == []


def test_too_few_open_files_are_said(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """A concurrency that the system does not allow is refused, with what would be."""
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    with pytest.raises(ValueError, match=r"^concurrency") as caught:
        comet.map(["a"], **options(concurrency=1000))
    assert str(caught.value) == (
        "concurrency 1000 needs about 1,100 open files, and 256 are allowed here. "
        "Use 232, or raise the limit (ulimit -n)"
    )
    with comet.map([], **options(concurrency=156)):
        pass
    with pytest.raises(ValueError, match=r"^concurrency 157 needs about 257 open files"):
        comet.map(["a"], **options(concurrency=157))
    # The demo's end of each connection is in this process, too.
    configuration.current().demo = True
    with pytest.raises(ValueError, match=r"^concurrency 100 needs about 300 open files"):
        comet.map(["a"], concurrency=100)
    for endless in (resource.RLIM_INFINITY, -1):
        monkeypatch.setattr(resource, "getrlimit", lambda _, most=endless: (most, most))
        with comet.map([], **options(concurrency=1000)):
            pass


def test_a_thousand_at_once(endpoint: Endpoint) -> None:
    """As many requests are under way as were asked for."""
    prompts = [f"number {number}" for number in range(1000)]
    endpoint.answers |= dict.fromkeys(prompts, endpoint.together(1000))
    resource = pytest.importorskip("resource")
    if 0 < resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1100:
        pytest.skip("the system allows fewer open files")
    results = list(comet.map(prompts, **options(concurrency=1000)))
    assert all(result.status is comet.Status.COMPLETE for result in results)


@pytest.mark.usefixtures("fresh_session")
def test_connections_are_used_again(tmp_path: Path) -> None:
    """No more are opened than rows are at work at once: each costs a handshake."""
    log = tmp_path / "server.log"
    with counting_server(log) as url:
        prompts = [f"number {number}" for number in range(60)]
        batch = comet.map(prompts, **options(base_url=url, concurrency=4))
        assert {result.status for result in batch} == {comet.Status.COMPLETE}
    said = log.read_text().splitlines()
    assert sum(line.startswith("asked ") for line in said) == 60
    assert said.count("connected") <= 4


def test_batches_run_in_threads(endpoint: Endpoint) -> None:
    """Several at once, each in a thread of its own."""
    results: list[list[str]] = []

    def run(name: str) -> None:
        prompts = [f"{name} {number}" for number in range(20)]
        results.append([result.prompt for result in comet.map(prompts, **options())])
        assert results[-1] == prompts or name not in results[-1][0]

    threads = [threading.Thread(target=run, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(len(each) for each in results) == [20, 20, 20]


def test_amap_is_the_same_for_asyncio(endpoint: Endpoint) -> None:
    """The loop goes on meanwhile, and arguments are checked at once."""

    async def run() -> list[str]:
        with pytest.raises(TypeError, match="not str"):
            comet.amap("one text")
        results = comet.amap(["a", "b"], **options())
        return [result.prompt async for result in results]

    assert asyncio.run(run()) == ["a", "b"]


def test_pictures_are_on_disk_alone(demo: DemoServer, fresh_session: Session) -> None:
    """A result holds no bytes of them, displays them all the same, and can be pickled."""
    (result,) = comet.map(["A boat"], progress=False, base_url=demo.base_url)
    (image,) = result.images
    assert image.path is not None
    assert image.path.exists()
    assert image.data is None
    assert image.preview is None
    assert image.to_pil().size == (image.width, image.height)
    assert image.save("copy.png").read_bytes() == image.path.read_bytes()
    bundle = pickle.loads(pickle.dumps(result))._repr_mimebundle_()
    assert "data:image/jpeg;base64," in bundle["text/html"]
    assert len(pickle.dumps(result)) < 5_000


async def _living_generations() -> int:
    """How many there are; for the loop's own thread, which then builds none.

    Whoever looks at a tuple that another thread is building breaks it: `bad argument to internal
    function`.
    """
    gc.collect()
    return sum(isinstance(thing, comet.Generation) for thing in gc.get_objects())


def test_memory_does_not_grow_with_the_batch(endpoint: Endpoint, fresh_session: Session) -> None:
    """Results that were taken are gone; the ledger keeps a few hundred bytes of each."""
    alive: list[int] = []
    results = comet.map((f"{n}" for n in range(400)), **options())
    for number, result in enumerate(results, 1):
        assert result.status == "complete", result.error
        if number in (100, 400):
            alive.append(fresh_session.loop.run(_living_generations))
    assert alive[1] <= alive[0] + 20
    assert len(fresh_session.ledger) == 400
    assert len({id(entry.model) for entry in fresh_session.ledger}) == 1
    assert len({id(entry.started.tzinfo) for entry in fresh_session.ledger}) == 1
