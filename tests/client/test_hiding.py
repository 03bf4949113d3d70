"""The key is blotted out of other libraries' logs, and nothing stays on their loggers."""

import asyncio
import gc
import logging
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from comet_magic.client.hiding import hidden_in_logs
from comet_magic.settings.key import ApiKey

NAMES = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy")


def filters() -> list[object]:
    """What stands on the loggers that are told of requests."""
    return [each for name in NAMES for each in logging.getLogger(name).filters]


def test_the_filters_go_with_the_last_request() -> None:
    """Of two that overlap the first to end leaves them; those of others stay."""
    theirs = logging.Filter()
    logging.getLogger("httpx").addFilter(theirs)
    try:
        first, second = hidden_in_logs(ApiKey("sk-one-0123456789", "x")), hidden_in_logs(None)
        first.__enter__()
        second.__enter__()
        assert len(filters()) == 1 + len(NAMES)
        second.__exit__(None, None, None)
        assert len(filters()) == 1 + len(NAMES)
        first.__exit__(None, None, None)
        assert filters() == [theirs]
    finally:
        logging.getLogger("httpx").removeFilter(theirs)


def test_an_abandoned_request_counts_no_more() -> None:
    """Its context is left when it is collected as garbage."""

    def ask() -> Iterator[None]:
        with hidden_in_logs(None):
            yield

    asking = ask()
    next(asking)
    assert filters()
    del asking
    gc.collect()
    assert not filters()


def test_many_tasks_on_several_loops(caplog: pytest.LogCaptureFixture) -> None:
    """Each line is without the key of its own task, whoever begins and ends meanwhile."""
    caplog.set_level(logging.DEBUG)

    async def ask(number: int) -> None:
        secret = f"sk-canary-{number:010}"
        for _ in range(10):
            with hidden_in_logs(ApiKey(secret, "x")):
                await asyncio.sleep(random.random() / 1000)
                for name in NAMES:
                    logging.getLogger(name).debug("quoted: %s", secret)
            await asyncio.sleep(random.random() / 1000)

    def serve(thread: int) -> None:
        async def ask_all() -> None:
            await asyncio.gather(*(ask(10 * thread + task) for task in range(10)))

        asyncio.run(ask_all())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(serve, range(4)))
    lines = [record.getMessage() for record in caplog.records if record.name in NAMES]
    assert len(lines) == 4 * 10 * 10 * len(NAMES)
    assert "canary" not in "".join(lines)
    assert not filters()


_FORK = """
import logging, os, threading
from comet_magic.client import hiding

def count():
    return len(logging.getLogger("httpx").filters)

taken, end = threading.Event(), threading.Event()
def take():
    with hiding._filters._lock:
        taken.set()
        end.wait()
with hiding.hidden_in_logs(None):
    threading.Thread(target=take).start()
    taken.wait()
    child = os.fork()
    if child == 0:
        print(count(), flush=True)
        with hiding.hidden_in_logs(None):
            print(count(), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    end.set()
    print(count())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_has_none() -> None:
    """Its parent's requests are not its own, and the parent's lock does not hold it up."""
    done = subprocess.run(
        [sys.executable, "-c", _FORK], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.split() == ["0", "1", "1"]
