"""Many at once: threads, forks and processes, each with answers of its own."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import comet_magic as comet
from comet_magic.demo import DemoServer
from comet_magic.kernel import session

from ..batch.counting import counting_server

# Every script begins so.
_HEAD = """
import os, sys, threading, time
import comet_magic as comet

def ask(number):
    return comet.generate(f"number {number}", model="gpt-4o-mini")

def fail(model):
    comet.generate("Hi", model=model, max_retries=0)
"""


def run(folder: Path, script: str, **environment: str) -> list[str]:
    """The lines that a script prints; it ends by itself, and says nothing on stderr."""
    file = folder / "script.py"
    file.write_text(_HEAD + script, encoding="utf-8")
    done = subprocess.run(
        # Python warns of any fork beside a thread, and there is one.
        [sys.executable, "-W", "ignore::DeprecationWarning", file],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


def test_threads_that_ask_first_together_share_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen threads five times: one session, one loop, one demo, every answer to its asker."""
    made = session.Session

    def slowly_made() -> session.Session:
        threading.Event().wait(0.05)
        return made()

    monkeypatch.setattr(session, "Session", slowly_made)
    session.renew()
    monkeypatch.delenv("COMETAPI_BASE_URL", raising=False)
    before = set(threading.enumerate())  # a demo for all tests may be among them
    together = threading.Barrier(16)
    sessions = set()

    def work(worker: int) -> list[tuple[str, comet.Generation]]:
        together.wait(10)
        sessions.add(session.current())
        prompts = [f"question {worker} {number}" for number in range(5)]
        return [(prompt, comet.generate(prompt, model="gpt-4o-mini")) for prompt in prompts]

    try:
        with ThreadPoolExecutor(16) as pool:
            answers = [answer for many in pool.map(work, range(16)) for answer in many]
            names = [thread.name for thread in set(threading.enumerate()) - before]
        started = [names.count(name) for name in ("comet_magic", "comet-demo")]
        assert len(answers) == 80
        assert all(generation.prompt == prompt for prompt, generation in answers)
        assert {str(generation.status) for _, generation in answers} == {"complete"}
        assert (len(sessions), *started) == (1, 1, 1)
        assert len(session.current().ledger) == 80
    finally:
        session.current().close()
    assert not set(threading.enumerate()) - before


@needs_fork
def test_a_fork_while_a_picture_is_read(tmp_path: Path) -> None:
    """The child reads pictures in its turn, and warns as its parent does."""
    lines = run(
        tmp_path,
        """
import warnings
from comet_magic.media.pixels import without_warnings

def read():
    with without_warnings():
        begun.set()
        time.sleep(0.1)

begun = threading.Event()
filters = list(warnings.filters)
threading.Thread(target=read).start()
begun.wait()
pid = os.fork()
if not pid:
    with without_warnings():
        pass
    print(warnings.filters == filters, flush=True)
    os._exit(0)
print(os.waitpid(pid, 0)[1])
""",
    )
    assert lines == ["True", "0"]


def test_threads_that_a_script_leaves_running_get_their_pictures(tmp_path: Path) -> None:
    """Python waits for them when the script has ended, but has no workers for anybody then."""
    with DemoServer(pace=0) as demo:
        lines = run(
            tmp_path,
            """
def late():
    threading.main_thread().join()
    print(comet.generate("A cat").images[0].path.exists())

print(ask(0).status)
threading.Thread(target=late).start()
""",
            COMETAPI_BASE_URL=demo.base_url,
        )
    assert lines == ["complete", "True"]


@needs_fork
def test_a_forked_child_has_a_loop_connections_and_a_demo_of_its_own(tmp_path: Path) -> None:
    """Parent and child go on as if there had been no fork; neither says anything."""
    lines = run(
        tmp_path,
        """
def url_of(generation):
    return generation.inspect().exchange.attempts[-1].url

there = url_of(ask(1))
child = os.fork()
answer = ask(2)
here = url_of(answer)
threads = [t.name for t in threading.enumerate()].count("comet_magic")
if child:
    assert os.waitpid(child, 0)[1] == 0
print("parent" if child else "child", answer.status, here == there, threads,
      len(comet.usage()), ask(3).status)
""",
    )
    assert sorted(lines) == [
        "child complete False 1 1 complete",
        "parent complete True 1 2 complete",
    ]


@needs_fork
def test_a_fork_in_the_middle_of_an_answer(tmp_path: Path) -> None:
    """Whatever lock was held, the child is not stuck, and the parent's answer comes whole."""
    lines = run(
        tmp_path,
        """
from comet_magic.kernel.session import current
running = threading.Thread(target=lambda: print(ask("slow").status))
running.start()
while not [t for t in threading.enumerate() if t.name == "comet_magic"]:
    time.sleep(0.001)
with current()._lock, current().loop._lock:
    child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == 0
    running.join()
else:
    print("child", ask("quick").status)
    sys.exit()
""",
        COMET_DEMO_PACE="0.2",
    )
    assert sorted(lines) == ["child complete", "complete"]


@needs_fork
@pytest.mark.parametrize("first", ["ask(0)", "None"], ids=["used", "only-imported"])
def test_forked_children_cannot_spend_the_budget_again(tmp_path: Path, first: str) -> None:
    """They are refused, in whatever way they ask, and the parent goes on with its own."""
    with counting_server(tmp_path / "server.log") as url:
        lines = run(
            tmp_path,
            f"""
import asyncio, multiprocessing

def refused(send):
    try:
        return send()
    except comet.BudgetError as error:
        return str(error).partition(",")[0]

def work(number):
    return refused(lambda: ask(number).status)

{first}
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(set(pool.map(work, range(4))))
child = os.fork()
if not child:
    print(refused(lambda: asyncio.run(comet.agenerate("Hi"))))
    print(refused(lambda: list(comet.map(["a", "b"], progress=False))).splitlines()[1])
    grandchild = os.fork()
    if grandchild:
        os.waitpid(grandchild, 0)
    else:
        print(work(1))
    sys.exit()
os.waitpid(child, 0)
print([str(work(number)) for number in range(2)])
""",
            COMET_BUDGET_REQUESTS="2",
            COMETAPI_BASE_URL=url,
        )
    no = "Not sent: budget_requests cannot be kept in a forked process"
    full = "Not sent: the budget of 2 requests is used up (so far 2 requests"
    assert lines[:4] == [f"{{'{no}'}}", no, no, no]
    assert lines[4] == str(["complete", full] if first == "ask(0)" else ["complete", "complete"])
    asked = (tmp_path / "server.log").read_text().splitlines()
    assert len([line for line in asked if line.startswith("asked")]) == 2


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pools_of_processes(tmp_path: Path, method: str) -> None:
    """Generations and errors come back from every kind of process, also from a parent in use."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"there is no {method}")
    lines = run(
        tmp_path,
        f"""
if __name__ == "__main__":
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    context = multiprocessing.get_context({method!r})
    print(ask(0).status)
    with context.Pool(2) as pool:
        print([g.prompt for g in pool.map(ask, range(4))])
        try:
            pool.map(fail, ["demo-error-401"])
        except comet.AuthenticationError as error:
            print(error.status_code, error.generation.status)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        print([str(g.status) for g in pool.map(ask, range(4))])
        try:
            list(pool.map(fail, ["demo-error-cut"]))
        except comet.StreamError as error:
            print(error.generation.status)
    print(ask(5).status)
""",
        PYTHONWARNINGS="ignore:This process:DeprecationWarning",
    )
    assert lines == [
        "complete",
        "['number 0', 'number 1', 'number 2', 'number 3']",
        "401 failed",
        "['complete', 'complete', 'complete', 'complete']",
        "interrupted",
        "complete",
    ]


_IN_A_THREAD = """
slow = threading.Thread(target=ask, args=[1], daemon=True)
slow.start()
while not os.path.exists("asked"):
    time.sleep(0.01)
"""
_INTERRUPTED = """
import signal
def interrupt():
    while not os.path.exists("asked"):
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
"""
# What is registered before it asks is called after us.
_LINGERS = """
import atexit
@atexit.register
def linger():
    while not os.path.exists("closed"):
        time.sleep(0.01)
"""
ENDS = {
    "it returns": (_IN_A_THREAD, 0, ""),
    "it lingers": (_LINGERS + _IN_A_THREAD, 0, ""),
    "it exits": (_IN_A_THREAD + "sys.exit(3)", 3, ""),
    "it fails": (_IN_A_THREAD + "raise LookupError('mine')", 1, "LookupError: mine"),
    "it is interrupted": (_INTERRUPTED + "ask(1)", -2, "KeyboardInterrupt"),
}


@pytest.mark.skipif(os.name == "nt", reason="an interrupt is sent in another way there")
@pytest.mark.parametrize(("script", "code", "last"), ENDS.values(), ids=[*ENDS])
def test_a_script_that_ends_in_the_middle_of_an_answer(
    tmp_path: Path, script: str, code: int, last: str
) -> None:
    """Within seconds, without a trouble of ours; the server sees the connection close."""
    with DemoServer(pace=30) as slow:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _HEAD + script],
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "COMETAPI_BASE_URL": slow.base_url},
        )
        while not slow.open_streams:
            assert process.poll() is None
            time.sleep(0.01)
        (tmp_path / "asked").touch()
        deadline = time.monotonic() + 20
        while slow.open_streams and time.monotonic() < deadline:
            time.sleep(0.01)
        open_streams = slow.open_streams
        (tmp_path / "closed").touch()
        _, said = process.communicate(timeout=20)
    assert open_streams == 0
    assert process.returncode == code
    assert said.strip().rpartition("\n")[2] == last
