"""Proxies and certificates that the environment names; httpx makes no client with some of them."""

import sys
from pathlib import Path

import httpx
import pytest

import comet_magic as comet
from comet_magic.client.environment import transports
from comet_magic.kernel.session import Session


@pytest.fixture(autouse=True)
def _none_named(
    without_proxies: None, fresh_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)


def failure(base_url: str) -> str:
    """What is said of a request to `base_url`."""
    with pytest.raises(comet.APIConnectionError) as caught:
        comet.generate("A cat", base_url=base_url, max_retries=0)
    return str(caught.value)


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:9", "socks://127.0.0.1:9/", "http://[::"])
def test_the_demo_needs_no_proxy(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As VPN clients and desktops set one for all programs."""
    monkeypatch.setenv("ALL_PROXY", url)
    assert comet.generate("A cat").images[0].path


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("socks5://127.0.0.1:9", "SOCKS needs a package: pip install 'httpx"),
        ("socks://127.0.0.1:9/", "its address must begin with http://"),
    ],
)
def test_who_needs_it_is_told_why_not(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch, fresh_session: Session
) -> None:
    """In two lines; nothing was sent."""
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", url)
    said = failure("http://api.example/v1")
    assert (
        f"api.example could not be reached: the proxy in ALL_PROXY cannot be used: {says}" in said
    )
    assert [entry.end for entry in fresh_session.ledger] == ["not sent"]


def test_another_proxy_that_can_be_used_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """`HTTP_PROXY` comes before `ALL_PROXY`."""
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")
    monkeypatch.setenv("HTTP_PROXY", "127.0.0.1:1")
    assert "All connection attempts failed" in failure("http://api.example/v1")


@pytest.mark.parametrize(
    "hosts", ["127.0.0.2", "x.example, 127.0.0.2", "*", "127.0.0.2,[::,::1,fe80::/10", ".0.0.2"]
)
def test_no_proxy_is_heeded(hosts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that is named there is asked directly."""
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")
    monkeypatch.setenv("NO_PROXY", hosts)
    assert "Connection refused" in failure("http://127.0.0.2:1/v1")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_this_machine_is_asked_directly(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy is named, and without an exception for it."""
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")
    assert "proxy" not in failure(f"http://{host}:1/v1")


@pytest.mark.parametrize(
    ("hosts", "url", "is_direct"),
    [
        ("a.example", "http://a.example", True),
        ("a.example", "http://b.a.example", True),
        ("a.example", "http://b.example", False),
        (".a.example", "http://b.a.example", True),
        ("10.0.0.1", "http://10.0.0.1", True),
        ("10.0.0.1", "http://10.0.0.2", False),
        ("fe80::1", "http://[fe80::1]", True),
        ("https://a.example", "https://a.example", True),
        ("https://a.example", "http://a.example", False),
        (" , a.example ,", "http://a.example", True),
        ("*", "http://b.example", True),
        ("", "http://b.example", False),
    ],
)
def test_which_hosts_are_excepted(
    hosts: str, url: str, is_direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As httpx reads them: a name includes those below it."""
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", hosts)
    transport, mounts = transports()
    client = httpx.AsyncClient(mounts=mounts, transport=transport)
    assert (client._transport_for_url(httpx.URL(url)) is transport) is is_direct


@pytest.mark.parametrize("scheme", ["http", "https", "all"])
def test_the_variable_of_a_proxy_is_named(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In capitals."""
    monkeypatch.setenv(f"{scheme}_proxy", "socks://127.0.0.1:9/")
    said = failure(f"{'http' if scheme == 'all' else scheme}://api.example/v1")
    assert said.splitlines()[0] == (
        f"api.example could not be reached: the proxy in {scheme.upper()}_PROXY cannot be used: "
        "its address must begin with http://, https:// or socks5://."
    )


@pytest.mark.parametrize("proxy", ["", "127.0.0.1:1", "socks://127.0.0.1:9/"])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_are_not_there_are_named(
    content: str | None, proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As conda leaves them behind: the demo needs none, and who does is told which they are."""
    file = tmp_path / "cacert.pem"
    if content:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert comet.generate("A cat").images[0].path
    said = failure("https://api.example/v1")
    assert said.startswith("api.example could not be reached: SSL_CERT_FILE cannot be used: ")
    assert "SSL_CERT_FILE" not in failure("http://127.0.0.1:1/v1")
