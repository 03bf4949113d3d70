"""The functions inside kernel cells, where a loop already runs."""

import pytest

from comet_magic.demo import DemoServer

from .kernel import Kernel, holds_within


@pytest.fixture
def comet(kernel: Kernel) -> Kernel:
    """The kernel with `comet` and `asyncio` imported."""
    kernel.run("import asyncio\nimport comet_magic as comet")
    return kernel


def test_generate_in_a_cell(comet: Kernel) -> None:
    """`generate()` returns the answer and shows nothing of its own."""
    cell = comet.run("answer = comet.generate('Hello', model='gpt-4o-mini')")
    assert cell.status == "ok"
    assert not cell.outputs
    assert comet.value("str(answer.status), 'Hello' in answer.text") == "('complete', True)"


def test_a_generation_displays_itself(comet: Kernel) -> None:
    """As the last expression of a cell it is shown with its picture."""
    cell = comet.run("comet.generate('A cute kitten')")
    assert {"text/html", "text/plain", "image/jpeg"} <= set(cell.outputs[-1].data)


def test_agenerate_in_a_cell(comet: Kernel) -> None:
    """`await agenerate()` works at the top level of a cell."""
    cell = comet.run("answer = await comet.agenerate('Hello', model='gpt-4o-mini')")
    assert cell.status == "ok"
    assert comet.value("str(answer.status)") == "'complete'"


def test_agenerate_lets_other_tasks_run(comet: Kernel) -> None:
    """While a cell awaits an answer, a task of the user's goes on."""
    comet.run("%env COMET_DEMO_PACE=0.2\nticks = 0")
    comet.run(
        "async def tick():\n    global ticks\n    while True:\n"
        "        ticks += 1\n        await asyncio.sleep(0.02)\n"
        "task = asyncio.ensure_future(tick())\n"
        "answer = await comet.agenerate('Hello', model='gpt-4o-mini')\ntask.cancel()"
    )
    assert int(comet.value("ticks")) > 5


def test_stream_in_a_cell(comet: Kernel) -> None:
    """`stream()` yields growing answers, the last one final."""
    comet.run("%env COMET_DEMO_PACE=0.2")
    comet.run(
        "seen = []\n"
        "async for each in comet.stream('Hello', model='gpt-4o-mini'):\n"
        "    seen.append((len(each.text), str(each.status)))"
    )
    found = comet.value("len(seen) > 2, seen == sorted(seen, key=lambda one: one[0]), seen[-1][1]")
    assert found == "(True, True, 'complete')"


def test_leaving_a_stream_early_ends_the_request(comet: Kernel, slow_server: DemoServer) -> None:
    """A `break` out of `async for` closes the connection."""
    cell = comet.run(
        "async for each in comet.stream('Hello', model='gpt-4o-mini'):\n    if each.text: break"
    )
    assert cell.status == "ok"
    assert holds_within(2, lambda: slow_server.open_streams == 0)


def test_ten_at_once(comet: Kernel) -> None:
    """`asyncio.gather` of ten answers takes about as long as one."""
    comet.run("%env COMET_DEMO_PACE=0.3")
    cell = comet.run(
        "answers = await asyncio.gather(*("
        "comet.agenerate(f'Number {n}', model='gpt-4o-mini') for n in range(10)))"
    )
    assert cell.status == "ok"
    assert cell.ended - cell.started < 5
    found = comet.value("[f'Number {n}' in answer.text for n, answer in enumerate(answers)]")
    assert found == str([True] * 10)


def test_an_error_in_a_function_is_short(comet: Kernel) -> None:
    """An uncaught error of `generate()` shows its words and no stack."""
    cell = comet.run("comet.generate('Hello', model='demo-error-401')")
    assert cell.ename == "AuthenticationError"
    assert len(cell.traceback) <= 4
