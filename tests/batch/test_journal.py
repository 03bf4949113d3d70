"""The resume file itself: whose it is, what a kill left of it, and who may write it."""

import errno
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.batch.journal import Journal

from .conftest import BASE_URL, FILE, Endpoint, after, lines, options, run


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"model": "gpt-4o"}, "written with model 'gpt-4o-mini', and now it is 'gpt-4o'"),
        ({"temperature": 1}, "written with temperature None, and now it is 1"),
        ({"system": "x"}, "written with system None, and now it is 'x'"),
        ({"base_url": "http://other/v1"}, "written with endpoint 'api.example', and now"),
    ],
    ids=str,
)
def test_another_call_is_refused(endpoint: Endpoint, more: Any, says: str) -> None:
    """Its results do not belong together with these; the file is as it was."""
    run("a")
    before = FILE.read_bytes()
    with pytest.raises(ValueError, match=says):
        run("b", **more)
    assert FILE.read_bytes() == before


@pytest.mark.parametrize("content", ["{}\n", "[1]\n", "a,b\n1,2\n", "\n", '{"comet_magic":1}\n'])
def test_a_file_of_something_else_is_refused(endpoint: Endpoint, content: str) -> None:
    """And left alone."""
    FILE.write_text(content)
    with pytest.raises(ValueError, match=r"run\.jsonl is no resume file"):
        run("a")
    assert FILE.read_text() == content


def test_a_half_written_line_is_cut_off(endpoint: Endpoint) -> None:
    """A process was killed while it wrote; the row is asked again, and the file is whole."""
    run("a", "b")
    whole = FILE.read_bytes()
    for end in (len(whole) - 1, len(whole) - 40, whole.index(b"\n") + 2):
        FILE.write_bytes(whole[:end])
        assert [result.prompt for result in run("a", "b")] == ["a", "b"]
        assert {line["result"]["prompt"] for line in lines()} == {"a", "b"}


def test_a_half_written_first_line_is_begun_anew(endpoint: Endpoint) -> None:
    """Nothing had been kept yet."""
    run()
    header = FILE.read_bytes()
    FILE.write_bytes(header[:20])
    assert len(run("a")) == 1
    assert len(lines()) == 1
    assert FILE.read_bytes().startswith(header)
    assert len(run("a")) == 1


def test_a_broken_line_in_the_middle_is_named(endpoint: Endpoint) -> None:
    """That was no kill: it is not guessed what it was."""
    run("a", "b")
    broken = FILE.read_text().replace('{"row"', '{"row', 1)
    FILE.write_text(broken)
    with pytest.raises(ValueError, match=r"line 2 of run\.jsonl is no result"):
        run("a")
    assert FILE.read_text() == broken


def test_two_batches_cannot_share_a_file(endpoint: Endpoint) -> None:
    """The second is refused as long as the first is open, also in another process."""
    endpoint.answers["a"] = after(60)
    with comet.map(["a"], **options(resume=FILE)):
        with pytest.raises(ValueError, match=r"run\.jsonl is in use by another batch"):
            run("b")
        code = (
            "import comet_magic as comet\n"
            "comet.map([1], resume='run.jsonl', model='gpt-4o-mini', progress=False)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert "ValueError: run.jsonl is in use" in done.stderr
    assert run("b")[0].status is comet.Status.COMPLETE


@pytest.mark.skipif(os.name == "nt", reason="Windows locks any file that it can open")
def test_a_file_that_cannot_be_locked_is_not_in_use(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a batch that there is not: the file system has no locks."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(import_module("fcntl"), "flock", refuse)
    with pytest.raises(OSError, match=r"run\.jsonl cannot be locked .*Function not implemented"):
        run("a")
    assert endpoint.prompts == []


FORKING = """
import os, sys
from pathlib import Path
from comet_magic.batch.journal import Journal
journal = Journal(Path("run.jsonl"), {})
here, child = os.pipe()
if os.fork() == 0:
    os.write(child, b"running")  # what a fork calls in the child has been called
    sys.stdin.read()
    os._exit(0)
os.read(here, 7)
journal.append([("x", {"status": "complete"})])
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_does_not_keep_the_file(tmp_path: Path) -> None:
    """The workers of an executor live on when the batch has ended, or was killed."""
    code = [sys.executable, "-c", FORKING]
    with subprocess.Popen(code, stdin=subprocess.PIPE, cwd=tmp_path) as process:
        process.wait()
        journal = Journal(tmp_path / "run.jsonl", {})
        assert "x" in journal
        journal.close()


def test_a_journal_that_is_closed_keeps_nothing(tmp_path: Path) -> None:
    """A late result of a batch that was left does no harm."""
    journal = Journal(tmp_path / "run.jsonl", {"endpoint": BASE_URL})
    journal.close()
    journal.append([("x", {"status": "complete"})])
    with pytest.raises(KeyError):
        journal.get("x")
