"""Every fault in a cell: it fails in three lines, and shows and binds what arrived."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from comet_magic.kernel import session
from comet_magic.settings import configuration
from tests.faults.conftest import filled
from tests.faults.fault import KEY, TEXT, Fault
from tests.faults.server import FaultServer
from tests.faults.table import FAULTS, SILENT

# A second each: of the silent ones some are enough here, the others are played in Python.
HERE = [fault for fault in FAULTS if fault not in SILENT[3:] and not fault.spoils_next]


@pytest.fixture(scope="module")
def ip(own_session: session.Session) -> Iterator[Any]:
    """A shell that shows as a kernel does."""
    config = Config()
    config.HistoryManager.enabled = False
    ip: Any = InteractiveShell.instance(config=config)
    ip.kernel = None
    ip.display_pub = CapturingDisplayPublisher()
    ip.run_line_magic("load_ext", "comet_magic")
    ip.run_cell(
        "%config CometMagics.display_mode = 'stream'\n%config CometMagics.timeout = 1\n"
        "%config CometMagics.first_byte_timeout = 1"
    )
    yield ip
    # Not unloaded: that would end the session of the folder.
    InteractiveShell.clear_instance()
    configuration.current.cache_clear()


@pytest.mark.parametrize("fault", HERE, ids=lambda fault: fault.id)
def test_a_cell_fails_in_three_lines_and_keeps_what_came(
    ip: Any,
    server: FaultServer,
    elsewhere: FaultServer,
    capsys: pytest.CaptureFixture[str],
    fault: Fault,
) -> None:
    """One output that ends with how it ended; the variables are bound; the next cell works."""
    path = f"magic-{fault.id}"
    server.script(
        f"/{path}/v1/chat/completions",
        *([filled(step, elsewhere) for step in answer] for answer in fault.answers),
    )
    ip.display_pub.outputs.clear()
    ip.run_cell(
        f"%config CometMagics.base_url = '{server.url}/{path}/v1'\n"
        f"%config CometMagics.max_retries = {fault.retries}"
    )
    capsys.readouterr()
    result = ip.run_cell("%%comet m -o kept\nHi")
    said = "".join(capsys.readouterr())
    assert type(result.error_in_exec) is (fault.error or type(None))
    if fault.error:
        assert fault.says.split("\n")[0][:40] in said
        assert 1 <= len(said.strip().splitlines()) <= 3
        assert said.startswith(fault.error.__name__)
    kept = ip.user_ns["kept"]
    assert kept is ip.user_ns["_comet"]
    assert (kept.text, kept.attempts) == (fault.text, fault.posts)
    first, *updates = ip.display_pub.outputs
    assert all(each["update"] for each in updates)
    last = (updates or [first])[-1]["data"]
    assert str(kept.status) in last["text/plain"]
    assert fault.text in last["text/plain"]
    assert "<progress" not in last["text/html"]
    assert KEY not in said + json.dumps([each["data"] for each in ip.display_pub.outputs])
    assert len([each for each in server.requests if f"/{path}/" in each.path]) == fault.posts
    ip.run_cell(f"%config CometMagics.base_url = '{server.url}/good/v1'")
    assert ip.run_cell("%%comet m -o good\nHi").error_in_exec is None
    assert ip.user_ns["good"].text == TEXT
