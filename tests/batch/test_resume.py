"""The resume file: nothing is lost, and nothing is paid twice."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pytest

import comet_magic as comet
from comet_magic.batch import engine
from comet_magic.batch.identity import Identities
from comet_magic.demo import DemoServer
from comet_magic.kernel.conversation import messages_of
from comet_magic.kernel.session import Session
from comet_magic.media.addresses import data_uri_bytes
from comet_magic.media.images import GeneratedImage
from tests.pictures import encoded

from ..client.scripted import DONE, delta, sse
from .conftest import FILE, Endpoint, after, lines, options, run, status, taken
from .counting import counting_server


def test_a_rerun_asks_only_for_the_rest(endpoint: Endpoint) -> None:
    """What is in the file comes back in its place, as it was."""
    first = run("a", "b")
    second = run("c", "b", "a")
    assert endpoint.prompts == ["a", "b", "c"]
    assert [result.prompt for result in second] == ["c", "b", "a"]
    assert second[1:] == first[::-1]


def test_what_failed_is_asked_again(endpoint: Endpoint) -> None:
    """And what was cut; the new result takes the place of the old one."""
    endpoint.answers["bad"] = status(400)
    assert [result.status_code for result in run("a", "bad")] == [None, 400]
    del endpoint.answers["bad"]
    assert [str(result.status) for result in run("a", "bad")] == ["complete", "complete"]
    assert endpoint.prompts == ["a", "bad", "bad"]
    run("a", "bad")
    assert len(endpoint.prompts) == 3


def test_a_result_is_in_the_file_before_it_is_yielded(endpoint: Endpoint) -> None:
    """So that whatever happens to the process then, it is not lost."""
    for number, result in enumerate(comet.map(list("abcdef"), **options(resume=FILE))):
        kept = [line["result"]["prompt"] for line in lines()]
        assert result.prompt in kept
        assert len(kept) >= number + 1


def test_repeats_of_a_prompt_are_rows_of_their_own(endpoint: Endpoint) -> None:
    """Twice the same is asked twice, and a third time in the rerun."""
    run("a", "a")
    assert endpoint.prompts == ["a", "a"]
    run("a", "a", "a")
    assert endpoint.prompts == ["a", "a", "a"]


@pytest.mark.parametrize(
    "other",
    [
        {"prompt": "b"},
        {"prompt": "a", "model": "gpt-4o"},
        {"prompt": "a", "temperature": 0.5},
        {"prompt": "a", "system": "Be short."},
        {"prompt": "a", "history": [{"role": "user", "content": "x"}]},
    ],
    ids=str,
)
def test_a_row_is_known_by_what_it_asks_for(endpoint: Endpoint, other: Any) -> None:
    """Another model, parameter, system message or history is another row."""
    run("a")
    run(other)
    assert len(endpoint.prompts) == 2


def test_how_a_result_is_kept_does_not_make_another_row(endpoint: Endpoint) -> None:
    """Nor does how long it may take."""
    run("a")
    run({"prompt": "a", "timeout": 30, "save_dir": "elsewhere"}, concurrency=1, ordered=False)
    assert endpoint.prompts == ["a"]


def test_an_interrupt_keeps_what_is_done(endpoint: Endpoint) -> None:
    """What ran is cancelled at once, and what was done is in the file."""

    def prompts() -> Any:
        yield from ("a", "b", "slow")
        while endpoint.at_once == 0 or len(FILE.read_text().splitlines()) < 3:
            time.sleep(0.01)
        raise KeyboardInterrupt

    endpoint.answers["slow"] = after(60)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt, match=r"what is done is in run\.jsonl"):
        list(comet.map(prompts(), **options(resume=FILE)))
    assert time.monotonic() - began < 20
    assert endpoint.at_once == 0
    assert endpoint.cancelled == 1
    assert {line["result"]["prompt"] for line in lines()} == {"a", "b"}
    run("a", "b")
    assert endpoint.prompts == ["a", "b", "slow"]


def test_a_full_disk_stops_the_batch(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing more is paid for that cannot be kept; what was is handed over."""
    prompts = [f"number {number}" for number in range(100)]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    batch = comet.map(prompts, **options(resume=FILE, concurrency=2))
    monkeypatch.setattr(os, "fsync", full)
    results: list[comet.Generation] = []
    with pytest.raises(OSError, match=r"run\.jsonl cannot be written: No space left"):
        taken(batch, results)
    assert len(results) == len(endpoint.prompts) < 20
    assert lines() == []


def test_no_row_is_begun_for_one_that_is_not_kept(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow disk, too, a kill loses no more answers than rows are at work at once."""
    kept, most, sync = 0, 0, os.fsync

    def slow(file: int) -> None:
        nonlocal kept, most
        time.sleep(0.02)
        most = max(most, len(endpoint.prompts) - kept)
        sync(file)
        kept = len(lines())

    batch = comet.map([f"number {n}" for n in range(40)], **options(resume=FILE, concurrency=4))
    monkeypatch.setattr(os, "fsync", slow)
    assert len(list(batch)) == 40
    assert most == 4


def test_what_cannot_be_written_is_handed_over(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the reason is, the batch ends with it, and not before."""

    def broken(_: comet.Generation) -> None:
        raise RecursionError("too deep")

    batch = comet.map(["a", "b", "c"], **options(resume=FILE, concurrency=1))
    monkeypatch.setattr(engine, "to_json", broken)
    results: list[comet.Generation] = []
    with pytest.raises(RecursionError, match="too deep"):
        taken(batch, results)
    assert [result.prompt for result in results] == endpoint.prompts == ["a"]


def test_pictures_are_not_in_the_file(demo: DemoServer, fresh_session: Session) -> None:
    """Their path, size and hash are; a rerun finds them on disk."""
    picture: dict[str, Any] = {
        "progress": False,
        "base_url": demo.base_url,
        "resume": "x/run.jsonl",
    }
    (first,) = comet.map(["A boat"], **picture)
    path = first.images[0].path
    assert path is not None
    line = Path("x/run.jsonl").read_text().splitlines()[1]
    assert len(line) < 5_000
    (kept,) = json.loads(line)["result"]["images"]
    assert kept["size"] == path.stat().st_size
    assert len(kept["sha256"]) == 64
    assert "base64" not in line
    (again,) = comet.map(["A boat"], **picture)
    assert again == first
    assert again.images[0].to_pil().size == (kept["width"], kept["height"])
    path.unlink()
    (lost,) = comet.map(["A boat"], **picture)
    assert lost.images[0].path is None
    assert "not here any more" in lost.notes[-1]
    assert len(fresh_session.ledger) == 1


def test_parameters_may_have_any_name(endpoint: Endpoint) -> None:
    """They are what the model wrote; a `path` among them is none of a picture."""
    written = {"prompt": "x", "path": None, "deeper": {"path": str(Path("cat.png").absolute())}}

    async def write(_: str) -> Any:
        block = f"```json\n{json.dumps(written)}\n```\n"
        return sse(delta(f"{block}![x](https://a.example/x.png)", "stop"), DONE)

    endpoint.answers["a"] = write
    results = [*run("a", model="gpt-4o-image"), *run("a", model="gpt-4o-image")]
    assert [result.parameters for result in results] == [written, written]
    assert endpoint.prompts == ["a"]


@pytest.mark.parametrize("model", ["gemini-2.5-flash-image", "gemini-2.5-flash-image-preview"])
def test_a_kept_picture_can_be_gone_on_from(
    demo: DemoServer, fresh_session: Session, model: str
) -> None:
    """Inline ones, in the text or beside it, are sent out of their files, whole."""
    Path("red.png").write_bytes(encoded())
    call: dict[str, Any] = {"progress": False, "base_url": demo.base_url, "resume": FILE}
    row = {"prompt": "A boat", "model": model, "images": "red.png", "system": "Be brief."}
    (first,) = comet.map([row], **call)
    (kept,) = comet.map([row], **call)
    system, user, answer = messages_of(kept)
    assert (system["content"], user["content"]) == ("Be brief.", "A boat")
    assert isinstance(answer["content"], list)
    link = answer["content"][-1]["image_url"]["url"]
    path = first.images[0].path
    assert path is not None
    assert data_uri_bytes(link) == path.read_bytes()
    assert kept.edit("Make it night", base_url=demo.base_url).images[0].data
    path.unlink()
    (lost,) = comet.map([row], **call)
    assert messages_of(lost)[-1]["content"] == kept.text


def test_a_file_that_kept_no_messages_has_the_prompt(endpoint: Endpoint) -> None:
    """As of rows with pictures in a file of an older run."""
    run("a")
    first, line = FILE.read_text().splitlines()
    entry = json.loads(line)
    del entry["result"]["messages"]
    FILE.write_text(f"{first}\n{json.dumps(entry)}\n")
    (kept,) = run("a")
    assert [message["content"] for message in messages_of([kept])] == ["a", "You said: a"]


def test_rows_with_pictures_are_known_by_their_content(endpoint: Endpoint) -> None:
    """A path stands for what the file holds."""
    identities = [_row_of("one.bin", b"1"), _row_of("two.bin", b"1"), _row_of("one.bin", b"2")]
    assert identities[0] == identities[1] != identities[2]


@pytest.mark.parametrize(
    "images",
    ["gone.png", "", "~nobody-here/cat.png", "a\0b.png", "x" * 5000, float("nan"), [b"no picture"]],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_wrong_with_a_picture_is_said_as_elsewhere(endpoint: Endpoint, images: Any) -> None:
    """In the words that a row without a resume file gets; the rows after it are asked."""
    row = {"prompt": "a", "images": images}
    (alone,) = comet.map([row], **options())
    wrong, after_it = run(row, "b")
    assert wrong.error == alone.error
    assert str(wrong.error).startswith("image ")
    assert after_it.status is comet.Status.COMPLETE
    assert endpoint.prompts == ["b"]


@pytest.mark.parametrize(
    "more",
    [
        {"images": [["red.png"], [None]]},
        {"images": PurePath("red.png")},
        {"images": "HTTPS://cdn.example/red.png"},
        {"images": GeneratedImage("https://cdn.example/red.png", path=Path("gone.png"))},
        {"stop": np.array(["x", "y"])},
    ],
    ids=["nested", "pure-path", "link", "generated", "array"],
)
def test_whatever_can_be_sent_is_known_again(endpoint: Endpoint, more: dict[str, Any]) -> None:
    """It is asked once."""
    Path("red.png").write_bytes(encoded())
    statuses = [str(run({"prompt": "a", **more})[0].status) for _ in range(2)]
    assert statuses == ["complete", "complete"]
    assert len(endpoint.prompts) == 1


def test_how_much_history_is_sent_counts_only_where_there_is_one() -> None:
    """Another default is no reason to pay for a row without a history again."""
    alone = [Identities().of({"prompt": "x", "history_turns": most}) for most in (1, 10)]
    assert alone[0] == alone[1]
    history = [{"role": "user", "content": "Hello"}]
    rows = [{"prompt": "x", "history": history, "history_turns": most} for most in (1, 10)]
    assert Identities().of(rows[0]) != Identities().of(rows[1])


def _row_of(name: str, content: bytes) -> str:
    Path(name).write_bytes(content)
    found = Identities().of({"prompt": "x", "images": [name]})
    assert found == Identities().of({"prompt": "x", "images": Path(name)})
    assert found == Identities().of({"prompt": "x", "images": content})
    return found


def test_the_key_is_not_in_the_file(endpoint: Endpoint) -> None:
    """Not even where the endpoint quotes it."""
    key = "sk-canary-0123456789"
    endpoint.answers["bad"] = status(400, **{"x-request-id": key})
    run("a", "bad", api_key=key)
    assert key not in FILE.read_text()
    assert "[key]" in FILE.read_text()


SCRIPT = """
import sys
import comet_magic as comet
prompts = [f"number {number}" for number in range(300)]
done = comet.map(prompts, model="gpt-4o-mini", resume="run.jsonl", concurrency=8, progress=False)
print(sum(result.text == f"You said: {result.prompt}. That is all." for result in done))
"""


def test_killed_in_mid_batch(tmp_path: Path) -> None:
    """`kill -9`, twice: no result is lost, and none that was kept is asked for again."""
    log = tmp_path / "server.log"
    with counting_server(log, delay=0.02) as url:
        environment = {**os.environ, "COMETAPI_BASE_URL": url}
        kept: dict[str, int] = {}
        for wanted in (60, 150):
            process = subprocess.Popen([sys.executable, "-c", SCRIPT], env=environment)
            while not FILE.exists() or FILE.read_bytes().count(b"\n") < wanted:
                assert process.poll() is None
                time.sleep(0.005)
            process.kill()
            process.wait()
            whole = FILE.read_bytes().rpartition(b"\n")[0].splitlines()[1:]
            asked = Counter(_said(log, "asked"))
            for prompt in (json.loads(line)["result"]["prompt"] for line in whole):
                kept.setdefault(prompt, asked[prompt])
            # What was under way when it was killed is asked again: at most eight each time.
            assert sum(asked.values()) - len(kept) <= 16
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert (done.stdout, done.stderr) == ("300\n", "")
        asked = Counter(_said(log, "asked"))
    assert len(asked) == 300
    assert kept == {prompt: asked[prompt] for prompt in kept}
    assert sum(asked.values()) <= 300 + 16
    assert len({line["row"] for line in lines()}) == len(lines()) == 300


def _said(log: Path, word: str) -> list[str]:
    return [
        line.removeprefix(f"{word} ")
        for line in log.read_text().splitlines()
        if line.startswith(f"{word} ")
    ]


def test_the_rows_own_problem_comes_before_that_of_its_picture(endpoint: Endpoint) -> None:
    """The pictures of all rows cannot be known again; the row has no prompt to begin with."""

    class Figure:
        """Draws itself, and cannot be told from another one."""

        def savefig(self, file: Any, **_: Any) -> None:
            file.write(encoded())

    wrong, unknown = run({"text": "x"}, "right", images=Figure())
    assert "needs a 'prompt'" in str(wrong.error)
    assert "Figure cannot be known again in a rerun" in str(unknown.error)
    assert endpoint.prompts == []
