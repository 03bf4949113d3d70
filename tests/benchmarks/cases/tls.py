"""The second request over TLS: whether it finds a connection, and what that saves."""

import os
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import comet_magic as comet

from .. import wire
from ..report import Row
from ..run import Run, ratio, say
from ..server import log_of, raw_server


def measure(run: Run) -> list[Row]:
    """Connections that the server saw, and the time to the first word."""
    if not find_spec("trustme"):
        say("needs trustme, which is not installed")
        return []
    with tempfile.TemporaryDirectory() as folder:
        authority, certificate = Path(folder, "ca.pem"), Path(folder, "server.pem")
        ca = import_module("trustme").CA()
        ca.cert_pem.write_to_path(authority)
        ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
        # For the clients, which are processes of their own.
        os.environ["SSL_CERT_FILE"] = str(authority)
        try:
            with raw_server(certificate) as url:
                found = run.measure("tls", ["reused", "a new one"], f"{url}/text/3/0/v1", url)
        finally:
            del os.environ["SSL_CERT_FILE"]
    most = max(each["connections"] for each in found["reused"])
    return [
        Row("second request over TLS", "new connections", most, "", 0),
        Row("second request over TLS", "time to the first word, a new connection",
            ratio(found, "reused", "a new one", "first"), " ×"),
    ]  # fmt: skip


def contestant(name: str, url: str, root: str) -> Callable[[], dict[str, float]]:
    """Asks once; "a new one" drops its connections before."""
    session = import_module("comet_magic.kernel.session")

    def once() -> dict[str, float]:
        if name == "a new one":
            session.current().close()
        log_of(root)
        generation = comet.generate("go on", model=wire.MODEL, base_url=url, download=False)
        assert generation.text == "".join(wire.tokens(3))
        assert generation.time_to_first_token is not None
        return {
            "first": generation.time_to_first_token,
            "connections": log_of(root).connections,
        }

    return once
