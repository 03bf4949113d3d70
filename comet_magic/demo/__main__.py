"""`python -m comet_magic.demo`: the demo server by itself, for any OpenAI client."""

import argparse
import sys
import textwrap
import time
from collections.abc import Sequence
from typing import NoReturn

from comet_magic.demo.families.served import FAMILIES
from comet_magic.demo.server import DemoServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until Ctrl-C and return the exit code."""
    parser = _CommandLine(prog="python -m comet_magic.demo", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one (default 8000)")
    parser.add_argument(
        "--pace", type=float, help="1 is a human pace, 0 no waiting (default COMET_DEMO_PACE or 1)"
    )
    options = parser.parse_args(arguments)
    try:
        with DemoServer(options.host, options.port, options.pace) as server:
            print(_greeting(server.base_url), flush=True)
            while True:  # On Windows an endless wait cannot be interrupted.
                time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        parser.error(error.strerror or str(error))
    except ValueError as error:
        parser.error(str(error))


class _CommandLine(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Exit with one line that says what is wrong, without the usage."""
        self.exit(2, f"{self.prog}: {message}\n")


def _greeting(base_url: str) -> str:
    body = '{"model":"gpt-4o-image","messages":[{"role":"user","content":"A red boat"}]}'
    names = dict.fromkeys(model.id for family in FAMILIES for model in family.models)
    models = " ".join(name for name in names if not name.startswith("demo-"))
    lessons = " ".join(
        name.removeprefix("demo-error-") for name in names if name.startswith("demo-")
    )
    return "\n".join(
        (
            f"Demo server: {base_url}  (any key will do; Ctrl-C ends it)",
            f"Try: curl {base_url}/chat/completions -d '{body}'",
            _wrapped(f"Models: {models}"),
            _wrapped(f"Teaching: demo-error-… {lessons}"),
        )
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, subsequent_indent="  ", break_on_hyphens=False)


if __name__ == "__main__":
    sys.exit(main())
