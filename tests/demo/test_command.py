"""`python -m comet_magic.demo`."""

import os
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from comet_magic.demo.__main__ import main

COMMAND = [sys.executable, "-m", "comet_magic.demo"]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process")
def test_it_greets_answers_and_ends_with_ctrl_c() -> None:
    """It prints where it is and what it has, answers, and Ctrl-C ends it without a word."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--pace", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        base_url = first.split()[2]
        assert httpx.get(f"{base_url}/models").status_code == 200
        process.send_signal(signal.SIGINT)
        rest, errors = process.stdout.read(), process.stderr.read()
    assert base_url.startswith("http://127.0.0.1:")
    assert f"curl {base_url}/chat/completions" in rest
    assert "gpt-4o-image" in rest
    assert len(rest.splitlines()) < 10
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--port", "many"], {}, "invalid int value"),
        (["--port", "70000"], {}, "port 70000"),
        (["--pace", "nan"], {}, "pace nan"),
        (["--host", "not a host"], {}, "cannot listen on not a host"),
        ([], {"COMET_DEMO_PACE": "fast"}, "COMET_DEMO_PACE"),
    ],
)
def test_a_bad_setting_is_one_line(
    arguments: list[str],
    environment: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is wrong is said in one line, and the exit code is 2."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.count("\n") == 1
    assert caught.value.code == 2


def test_a_taken_port_is_one_line() -> None:
    """A port that is in use is said in one line, and the exit code is 2."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, "--port", port], check=False, capture_output=True, text=True, timeout=20
        )
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.returncode == 2
