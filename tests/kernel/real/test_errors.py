"""Cells that fail: short, true, and the kernel goes on."""

import select
import socket
from collections.abc import Iterator

import pytest

from .kernel import Kernel


@pytest.fixture
def trap(kernel: Kernel) -> Iterator[socket.socket]:
    """The endpoint of `kernel`: a socket that notices whoever comes, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kernel.run(f"%env COMETAPI_BASE_URL=http://127.0.0.1:{listener.getsockname()[1]}/v1")
        yield listener


@pytest.mark.parametrize(
    ("model", "ename", "status", "words"),
    [
        pytest.param("demo-error-401", "AuthenticationError", "failed", "401", id="401"),
        pytest.param("demo-error-cut", "StreamError", "interrupted", "cut", id="cut"),
        pytest.param("demo-error-stream", "StreamError", "interrupted", "lost", id="in-stream"),
        pytest.param("demo-error-refused", "GenerationError", "failed", "policies", id="refused"),
        pytest.param("demo-error-html", "NotFoundError", "failed", "base URL", id="web-page"),
    ],
)
def test_a_failed_cell_says_why_in_few_lines(
    kernel: Kernel, model: str, ename: str, status: str, words: str
) -> None:
    """It ends with its error's name and at most four lines, none of them from our stack."""
    cell = kernel.run(f"%%comet {model} -o kept\nA cute kitten")
    assert cell.status == "error"
    assert cell.ename == ename
    assert 1 <= len(cell.traceback) <= 4
    said = "\n".join(cell.traceback)
    assert words in said
    assert "comet_magic/" not in said
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert len(cell.bundles) == 1
    assert status in cell.text
    assert kernel.value("kept is _comet, str(kept.status)") == f"(True, '{status}')"
    assert kernel.run("%%comet gpt-4o-mini\nHello").status == "ok"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        pytest.param("%%comet --temperature 3\nHello", "--temperature", id="out-of-range"),
        pytest.param("%%comet --temprature 1\nHello", "--temperature?", id="unknown-option"),
        pytest.param("%%comet\n", "empty", id="empty-cell"),
        pytest.param("%%comet\n  \n\n", "empty", id="blank-cell"),
        pytest.param("%%comet -o 1x\nHello", "1x", id="no-variable-name"),
    ],
)
def test_a_usage_error_sends_nothing(
    kernel: Kernel, trap: socket.socket, cell: str, words: str
) -> None:
    """A wrong option is one line, and the endpoint never hears of it."""
    failed = kernel.run(cell)
    assert failed.status == "error"
    assert failed.ename == "UsageError"
    assert len(failed.text.splitlines()) == 1
    assert words in failed.text
    assert not select.select([trap], [], [], 0.1)[0]
    assert "Nothing has been generated" in kernel.run("%comet usage").text
    kernel.run("%env COMETAPI_BASE_URL=")
    assert kernel.run("%%comet gpt-4o-mini\nHello").status == "ok"


def test_nobody_at_the_endpoint(kernel: Kernel) -> None:
    """A port where nobody listens is a connection error in a few lines."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    kernel.run(f"%env COMETAPI_BASE_URL=http://127.0.0.1:{port}/v1")
    kernel.run("%config CometMagics.max_retries = 0")
    cell = kernel.run("%%comet\nA cute kitten")
    assert cell.ename == "APIConnectionError"
    assert 1 <= len(cell.traceback) <= 4
    assert kernel.value("str(_comet.status)") == "'failed'"
