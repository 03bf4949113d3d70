"""Prints what every face makes of two invented words, as JSON.

`test_words` runs it with a copy of the package that has one more parameter, `sparkle`, and one more
setting, `shine`.
"""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

import comet_magic as comet
from comet_magic.arguments import Options
from comet_magic.batch.identity import Identities
from comet_magic.families.parameters import PARAMETERS
from comet_magic.notebook.complete import candidates
from comet_magic.notebook.magics import CometMagics
from comet_magic.notebook.panel.draft import as_cell
from comet_magic.settings import configuration
from comet_magic.words import check_values

BODIES: list[Any] = []
ANSWER = (
    b'data: {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}\n\n'
    b"data: [DONE]\n\n"
)


class Endpoint(BaseHTTPRequestHandler):
    """An endpoint that takes any request."""

    def do_GET(self) -> None:
        self._send(b'{"data": [{"id": "gpt-4o-mini"}]}', "application/json")

    def do_POST(self) -> None:
        BODIES.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._send(ANSWER, "text/event-stream")

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, data: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Workers(ThreadPoolExecutor):
    """An executor that notes what its workers are given."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given: list[Any] = []

    def submit(self, function: Any, /, *arguments: Any, **more: Any) -> Any:
        self.given.append(arguments[0])
        return super().submit(function, *arguments, **more)


def error(call: Any, *arguments: Any, **more: Any) -> str:
    """What the error of a call says."""
    try:
        call(*arguments, **more)
    except (TypeError, ValueError) as problem:
        return f"{type(problem).__name__}: {problem}"
    return "none"


def row(**arguments: Any) -> str:
    """The name of the row of a batch."""
    return Identities().of({"prompt": "x", **arguments})


def main() -> None:
    """Asks every face."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["COMETAPI_BASE_URL"] = f"http://127.0.0.1:{server.server_port}/v1"
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "comet_magic")
    found: dict[str, Any] = {}

    traits = CometMagics.class_traits(config=True)
    found["config"] = [traits["shine"].help, traits["shine"].default_value, "sparkle" in traits]
    found["help"] = str(CometMagics.comet_cell.__doc__)
    found["docs"] = str(Options.__doc__)
    found["tab"] = candidates("%%comet --s", list)[1]
    found["rows"] = [row(), row(sparkle=1), row(shine=4)]
    found["checked"] = check_values(PARAMETERS.values(), {"sparkle": 1})
    found["refused"] = [error(comet.generate, "x", sparkle=9), error(comet.generate, "x", shine=0)]
    found["refused"] += [str(shell.run_cell("%%comet --sparkle 9\nx").error_in_exec)]
    os.environ["COMET_SHINE"] = "bright"
    found["refused"] += [error(configuration.current().settings)]
    found["sent before"] = len(BODIES)

    os.environ["COMET_SHINE"] = "5"
    found["shine"] = [configuration.current().settings().shine]  # type: ignore[attr-defined]
    shell.run_cell("%config CometMagics.shine = 7")
    found["shine"] += [configuration.current().settings().shine]  # type: ignore[attr-defined]
    with suppress(Exception):
        shell.run_cell("%config CometMagics.shine = 70")
    found["shine"] += [configuration.current().settings().shine]  # type: ignore[attr-defined]

    shell.run_cell("%%comet gpt-4o-mini --sparkle 2 --shine 4\nx").raise_error()
    comet.generate("x", model="gpt-4o-mini", sparkle=3)  # type: ignore[call-arg]
    with Workers() as workers:
        row_of: Any = {"model": "gpt-4o-mini", "sparkle": 4}
        list(comet.map(["x"], executor=workers, progress=False, **row_of))
    found["bodies"] = [body.get("sparkle") for body in BODIES]
    found["workers"] = [workers.given[0].get(name) for name in ("sparkle", "shine")]

    panel = comet.panel(prompt="x", model="gpt-4o-mini")
    for name, value in (("sparkle", "2.5"), ("shine", "4")):
        field = panel._form.options[name]
        found[f"field {name}"] = [field.description, field.placeholder]
        field.value = value
    found["cell"] = as_cell(panel._form.draft())
    panel.generate().result(20)
    found["panel"] = BODIES[-1].get("sparkle")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
