"""Connections of our own making: TLS, bounds in both directions, and ends that nobody waits for."""

import asyncio
import gc
import itertools
import socket
import ssl
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import httpx
import pytest
import trustme

from comet_magic.client.network import Network
from comet_magic.client.transport import DirectTransport
from tests.faults.server import CLOSE, STALL, Connection, FaultServer, Repeat, head, whole

T = TypeVar("T")
CA = trustme.CA()
MB = b"x" * 1_000_000
Use = Callable[[httpx.AsyncClient], Awaitable[T]]


@pytest.fixture(params=["plain", "TLS"])
def server(request: pytest.FixtureRequest) -> Iterator[FaultServer]:
    """Answers `/` with a word; of both kinds."""
    certificates = None
    if request.param == "TLS":
        certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        CA.issue_cert("127.0.0.1").configure_cert(certificates)
    with FaultServer(certificates=certificates) as server:
        server.script("/", [whole(200, "word")])
        yield server


def run(use: Use[T], *, trusted: bool = True, **options: Any) -> T:
    """What comes of using a client, whose connections are closed behind it."""
    certificates = httpx.create_ssl_context(trust_env=False)
    if trusted:
        CA.configure_trust(certificates)

    async def main() -> T:
        transport = DirectTransport(certificates)
        async with httpx.AsyncClient(transport=transport, **options) as client:
            return await use(client)

    return asyncio.run(main())


def test_a_connection_is_used_again(server: FaultServer) -> None:
    """By one request after the other."""

    async def three(client: httpx.AsyncClient) -> list[str]:
        return [(await client.get(server.url)).text for _ in range(3)]

    assert run(three) == ["word"] * 3
    assert len(server.connections) == 1
    assert server.is_deserted()


def test_a_crowd_shares_connections_and_leaves_few(server: FaultServer) -> None:
    """Of two hundred at once, wave after wave, none fails, and what is idle is bounded."""

    async def waves(client: httpx.AsyncClient) -> None:
        for _ in range(4):
            crowd = [client.get(server.url) for _ in range(200)]
            assert {response.text for response in await asyncio.gather(*crowd)} == {"word"}
        assert await asyncio.to_thread(server.wait_until, lambda: len(open_now()) <= 32)
        # Those that were kept are used.
        before = len(server.connections)
        assert (await client.get(server.url)).text == "word"
        assert len(server.connections) == before

    def open_now() -> list[Connection]:
        return [connection for connection in server.connections if not connection.closed_by]

    run(waves, timeout=20)
    assert server.is_deserted()


def test_a_crowd_that_is_given_up_leaves_nothing(server: FaultServer) -> None:
    """Whatever the tasks were waiting for when they were cancelled."""
    server.script("/", [head(200, "Content-Length: 9"), STALL])

    async def waiting(client: httpx.AsyncClient) -> None:
        crowd = [asyncio.ensure_future(client.get(server.url)) for _ in range(100)]

        def stalled() -> bool:
            return sum(connection.stalls for connection in server.connections) > 50

        # A hundred TLS handshakes take up to five seconds on a machine that is busy.
        assert await asyncio.to_thread(server.wait_until, stalled, 15)
        for task in crowd:
            task.cancel()
        ended = await asyncio.gather(*crowd, return_exceptions=True)
        assert {type(error) for error in ended} == {asyncio.CancelledError}
        assert await asyncio.to_thread(server.is_deserted)

    run(waiting, timeout=20)


def test_a_request_that_is_given_up_leaves_nothing(server: FaultServer) -> None:
    """After each step of the loop until it is sent, the one that made the connection included."""

    async def each_step(client: httpx.AsyncClient) -> None:
        for steps in itertools.count():
            asking = asyncio.create_task(client.get(server.url))
            for _ in range(steps):
                await asyncio.sleep(0)
                time.sleep(0.01)  # the server answers in time, so that a step is always the same
            asking.cancel()
            await asyncio.wait([asking])
            if server.requests:
                break  # an answer that came may leave its connection for the next request
            assert await asyncio.to_thread(server.is_deserted)

    run(each_step)


def test_megabytes_go_both_ways(server: FaultServer) -> None:
    """Nothing is lost or out of order, however it is cut."""
    sent = b"".join(b"%08d" % number for number in range(1_000_000))
    server.script("/", [whole(200, sent)])

    async def post(client: httpx.AsyncClient) -> bytes:
        return (await client.post(server.url, content=sent)).content

    assert run(post) == sent
    assert server.requests[0].body == sent


@pytest.mark.parametrize("server", ["TLS"], indirect=True)
def test_a_certificate_that_nobody_vouches_for(server: FaultServer) -> None:
    """Nothing is sent behind it."""

    async def get(client: httpx.AsyncClient) -> None:
        await client.get(server.url)

    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        run(get, trusted=False)
    assert server.requests == []
    assert server.is_deserted()


def test_an_answer_is_not_read_far_ahead(server: FaultServer) -> None:
    """Whoever does not take it holds the server up, and not the memory."""
    server.script("/", [head(200, "Content-Length: 400000000"), Repeat(MB, 400)])

    async def first(client: httpx.AsyncClient) -> int:
        async with client.stream("GET", server.url) as response:
            parts = response.aiter_raw()
            total = len(await anext(parts))
            sent = -1
            while sent < (sent := server.connections[0].sent):
                await asyncio.sleep(0.1)
            # It goes on as soon as somebody takes it.
            while total < 50_000_000:
                total += len(await anext(parts))
            return sent

    assert run(first) < 30_000_000  # most of it in the system's own buffers
    assert server.connections[0].sent > 50_000_000
    assert server.is_deserted()


def test_an_end_between_two_requests_is_no_error(server: FaultServer) -> None:
    """The next request takes a connection of its own, the end being noticed or not."""
    server.script("/", [whole(200, "word"), CLOSE])

    async def three(client: httpx.AsyncClient) -> list[str]:
        texts = [(await client.get(server.url)).text]
        assert server.is_deserted()
        time.sleep(0.05)  # the loop sees nothing of it
        texts.append((await client.get(server.url)).text)
        assert server.is_deserted()
        await asyncio.sleep(0.05)
        return [*texts, (await client.get(server.url)).text]

    assert run(three) == ["word"] * 3
    assert len(server.connections) == 3


def test_silence_ends_in_time(server: FaultServer) -> None:
    """And so does a wait that is given up; the server sees it go."""
    server.script("/", [head(200, "Content-Length: 9"), STALL])

    async def get(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(server.url, timeout=0.1)
        assert await asyncio.to_thread(server.is_deserted)
        task = asyncio.ensure_future(client.get(server.url, timeout=None))
        assert await asyncio.to_thread(server.wait_until, lambda: server.connections[-1].stalls)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.is_deserted)

    run(get)
    assert [each.closed_by for each in server.connections] == ["client"] * 2


def test_a_server_that_takes_nothing_is_given_up() -> None:
    """A request is many megabytes with pictures in it."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in itertools.repeat(None):
            yield MB

    async def post(client: httpx.AsyncClient) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with pytest.raises(httpx.WriteTimeout):
                await client.post(url, content=endless(), timeout=0.2)

    run(post)


def test_the_next_address_of_a_host_is_tried(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where IPv6 leads nowhere."""

    async def get(client: httpx.AsyncClient) -> str:
        loop = asyncio.get_running_loop()

        async def two(host: str, port: int, **_: object) -> list[Any]:
            kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
            return [(*kind, ("127.0.0.3", 1)), (*kind, ("127.0.0.1", port))]

        monkeypatch.setattr(loop, "getaddrinfo", two)
        url = server.url.replace("127.0.0.1", "two.example")
        return (await client.get(url, extensions={"sni_hostname": "127.0.0.1"})).text

    assert run(get) == "word"


def test_why_there_is_no_connection() -> None:
    """In the system's words."""

    async def get(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ConnectError, match=r"^Connection refused$"):
            await client.get("http://127.0.0.1:1")
        with pytest.raises(httpx.ConnectError, match=r"^all connection attempts failed$|refused"):
            await client.get("http://localhost:1")
        with pytest.raises(httpx.ConnectError, match=r"Name or service not known|resolution"):
            await client.get("http://nowhere.invalid")

    run(get)


def test_a_client_that_is_closed_while_it_connects_leaves_nothing_open(server: FaultServer) -> None:
    """After each step of the loop; httpcore does not know a connection that is being made."""

    async def close(client: httpx.AsyncClient, steps: int) -> None:
        asking = asyncio.create_task(client.get(server.url))
        for _ in range(steps):
            await asyncio.sleep(0)
        await client.aclose()
        await asyncio.wait([asking], timeout=20)
        assert isinstance(asking.exception(), httpx.HTTPError | RuntimeError)

    for steps in range(8):
        run(lambda client, steps=steps: close(client, steps))  # type: ignore[misc]
    assert server.is_deserted()


def test_a_connection_that_is_given_up_while_it_is_made_is_closed() -> None:
    """After each step of the loop."""

    async def give_up(port: int, steps: int) -> None:
        connecting = asyncio.create_task(Network().connect_tcp("127.0.0.1", port))
        for _ in range(steps):
            await asyncio.sleep(0)
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            await (await connecting).aclose()

    gc.collect()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with socket.create_server(("127.0.0.1", 0)) as server:
            for steps in range(12):
                asyncio.run(give_up(server.getsockname()[1], steps))
        gc.collect()
    assert [str(one.message) for one in said] == []
