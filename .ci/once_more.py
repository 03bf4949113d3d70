"""Runs failed tests of a suite once more, each alone: those that pass then are flaky, not broken.

    python3 .ci/once_more.py SUITE FLAKY PYTEST [OPTION...]

Run it where PYTEST was run. Exit 0: every failed test of that run is of the suite and passes now.

Args:
    SUITE: How the ids of tests begin that may be run again; others are never.
    FLAKY: A file that lists the flaky tests of all suites, one a line; more are added to it.
    PYTEST: The command that ran the tests, and its options without folders and files.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

# pytest itself keeps here what failed: by their ids, however these are spelled.
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
MOST = 3


def main(suite: str, flaky: Path, pytest: list[str]) -> int:
    """The exit code, once all were run again, or enough of them to know it."""
    failed = list(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []
    others = [name for name in failed if not name.startswith(suite) or "::" not in name]
    if others or not failed:
        print("Nothing is run again:", *(others or ["what failed is no test"]), sep="\n")
        return 1
    for name in failed:
        if not passes([*pytest, "--numprocesses=0", name]):
            print(f"failed twice: {name}")
            return 1
        print(f"flaky: {name}", flush=True)
        with flaky.open("a") as file:
            file.write(f"{name}\n")
        if len(flaky.read_text().splitlines()) > MOST:
            print(f"More than {MOST} tests are flaky.")
            return 1
    return 0


def passes(command: list[str]) -> bool:
    """Whether this runs one test, which passes; one that is skipped does not."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    print(done.stdout, flush=True)
    return done.returncode == 0 and bool(re.search(r"\b1 passed\b", done.stdout))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
