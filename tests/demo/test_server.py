"""The life of the server: starting, stopping, and what it leaves behind."""

import contextlib
import gc
import logging
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from comet_magic.demo import DemoServer, brush

BODY = {
    "model": "demo-error-slow",
    "stream": True,
    "messages": [{"role": "user", "content": "A boat"}],
}


def wait_for(condition: Callable[[], bool], seconds: float = 2.0) -> bool:
    """Say whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


@contextlib.contextmanager
def slow_stream(server: DemoServer) -> Iterator[httpx.Response]:
    """Open a stream that lasts a minute."""
    with (
        httpx.Client(base_url=server.base_url) as client,
        client.stream("POST", "/chat/completions", json=BODY) as answer,
    ):
        assert answer.status_code == 200
        yield answer


def test_a_stopped_server_leaves_no_thread_and_no_listener() -> None:
    """After stop the threads are those of before, and nobody answers; stop again is fine."""
    before = set(threading.enumerate())
    server = DemoServer(pace=0)
    server.start()
    base_url = server.base_url
    with httpx.Client(base_url=base_url) as client:
        body = BODY | {"model": "gemini-2.5-flash-image", "stream": False}
        assert client.post("/chat/completions", json=body).status_code == 200
        start = time.monotonic()
        server.stop()
        assert time.monotonic() - start < 5
    server.stop()
    assert not set(threading.enumerate()) - before
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base_url}/models")
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.base_url


def test_a_server_can_be_started_again() -> None:
    """Each start is a new life; starting twice is one."""
    server = DemoServer(pace=0)
    for _ in range(2):
        with server:
            server.start()
            assert httpx.get(f"{server.base_url}/models").status_code == 200


def test_two_servers_live_side_by_side() -> None:
    """Each has its own port and its own pictures."""
    with DemoServer(pace=0) as one, DemoServer(pace=0) as two:
        assert one.base_url != two.base_url
        body = {"model": "gpt-4o-image", "messages": BODY["messages"]}
        text = httpx.post(f"{one.base_url}/chat/completions", json=body, timeout=20).text
        path = "/cdn/" + text.rpartition("/cdn/")[2].partition(")")[0]
        assert httpx.get(one.base_url.replace("/v1", path), timeout=20).status_code == 200
        assert httpx.get(two.base_url.replace("/v1", path)).status_code == 404


def test_a_taken_port_is_said_clearly() -> None:
    """The error names the address; nothing is left running."""
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}"):
            DemoServer(port=port).start()
    assert not set(threading.enumerate()) - before


@pytest.mark.parametrize("arguments", [{"port": -1}, {"port": 65536}, {"pace": -1}])
def test_impossible_settings_are_refused(arguments: dict[str, Any]) -> None:
    """A port or pace that is none is an error at once."""
    with pytest.raises(ValueError, match=r"port|pace"):
        DemoServer(**arguments)


@pytest.mark.parametrize(("text", "pace"), [("", 1.0), ("0", 0.0), (" 2.5 ", 2.5)])
def test_the_environment_sets_the_pace(
    monkeypatch: pytest.MonkeyPatch, text: str, pace: float
) -> None:
    """`COMET_DEMO_PACE` counts where no pace is given."""
    monkeypatch.setenv("COMET_DEMO_PACE", text)
    assert DemoServer().pace == pace
    assert DemoServer(pace=3).pace == 3


@pytest.mark.parametrize("text", ["fast", "-1", "nan", "inf"])
def test_a_pace_that_is_none_is_said_clearly(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A bad value in the environment is named."""
    monkeypatch.setenv("COMET_DEMO_PACE", text)
    with pytest.raises(ValueError, match="COMET_DEMO_PACE"):
        DemoServer()


def test_a_client_that_goes_away_frees_its_stream() -> None:
    """The count of open streams falls as soon as the client has closed the connection."""
    with DemoServer(pace=1) as server:
        with slow_stream(server), slow_stream(server):
            assert wait_for(lambda: server.open_streams == 2)
        assert wait_for(lambda: server.open_streams == 0)


def test_open_streams_do_not_hold_up_the_end() -> None:
    """Stopping cuts the streams that are open, and is quick."""
    server = DemoServer(pace=1)
    server.start()
    with slow_stream(server) as answer:
        start = time.monotonic()
        server.stop()
        assert time.monotonic() - start < 5
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()
    assert server.open_streams == 0


def test_a_client_that_stopped_reading_does_not_hold_up_the_end() -> None:
    """Megabytes that nobody reads are dropped when the server stops."""
    with DemoServer(pace=0) as server:
        host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        prompt = '{"model":"gemini-2.5-flash-image","messages":[{"role":"user","content":"x"}]}'
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\n"
        with socket.create_connection((host, int(port))) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(f"{head}Content-Length: {len(prompt)}\r\n\r\n{prompt}".encode())
            client.recv(100)
            start = time.monotonic()
            server.stop()
            assert time.monotonic() - start < 5


def test_a_client_that_connects_as_it_stops_leaves_no_socket_open() -> None:
    """Ten times: two in three hit the moment at which asyncio would lose it."""
    gc.collect()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for _ in range(10):
            server = DemoServer(pace=0)
            server.start()
            host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
            with socket.create_connection((host, int(port))):
                server.stop()
        gc.collect()
    assert [str(one.message) for one in said] == []


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_a_human_pace_takes_its_time(stream: bool) -> None:
    """At a tenth of the human pace a picture takes about a tenth of 6 to 9 seconds."""
    body = BODY | {"model": "gpt-4o-image", "stream": stream}
    with DemoServer(pace=0.1) as server:
        start = time.monotonic()
        answer = httpx.post(f"{server.base_url}/chat/completions", json=body)
        seconds = time.monotonic() - start
    assert answer.text.endswith("data: [DONE]\n\n" if stream else "}")
    assert 0.5 < seconds < 5


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Not even a user who logs everything sees the server's connections, cut ones included."""
    caplog.set_level(logging.INFO)
    body = BODY | {"model": "demo-error-cut"}
    with DemoServer(pace=0) as server, httpx.Client(base_url=server.base_url) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/chat/completions", json=body)
        with slow_stream(server):
            server.stop()
    assert [record for record in caplog.records if record.name != "httpx"] == []


def test_a_painting_under_way_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping waits for the worker thread, which ends after its picture."""
    started = threading.Event()

    def slow_painting(*_: object) -> bytes:
        started.set()
        time.sleep(0.2)
        return b"png"

    monkeypatch.setattr(brush, "painted", slow_painting)
    before = set(threading.enumerate())
    server = DemoServer(pace=0)
    server.start()
    body = BODY | {"model": "gemini-2.5-flash-image"}
    asking = threading.Thread(target=lambda: post_quietly(server.base_url, body))
    asking.start()
    assert started.wait(2)
    server.stop()
    asking.join(2)
    assert not set(threading.enumerate()) - before


def test_a_fault_of_the_server_itself_is_an_error_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug is not silent, though there is no log: the answer says what it was."""

    def broken(*_: object) -> bytes:
        raise KeyError("brush")

    monkeypatch.setattr(brush, "painted", broken)
    with DemoServer(pace=0) as server:
        body = BODY | {"model": "gemini-2.5-flash-image"}
        answer = httpx.post(f"{server.base_url}/chat/completions", json=body)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "demo_fault"
    assert "KeyError('brush')" in answer.json()["error"]["message"]


def post_quietly(base_url: str, body: dict[str, object]) -> None:
    """Post a request whose connection will be closed."""
    with contextlib.suppress(httpx.TransportError):
        httpx.post(f"{base_url}/chat/completions", json=body)


def test_importing_the_package_is_light() -> None:
    """The server's libraries are loaded when the server is asked for, not before."""
    program = (
        "import sys, comet_magic.demo\n"
        "heavy = {'uvicorn', 'starlette', 'PIL'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "comet_magic.demo.DemoServer\n"
        "assert 'uvicorn' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_program_may_end_without_stopping_it() -> None:
    """An interpreter that exits with the server running does so quietly and at once."""
    program = (
        "from comet_magic.demo import DemoServer\n"
        "import socket\n"
        "server = DemoServer(); server.start()\n"
        "print(server.base_url)\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("http://127.0.0.1:")
    assert done.stderr == ""
