"""Recording and replaying everything that can ask: functions, batches, cells' models, panels."""

import asyncio
import concurrent.futures
import json
import math
import re
import socket
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.demo import DemoServer
from comet_magic.families.compose import compose
from comet_magic.kernel.sending import create
from comet_magic.kernel.session import Session
from comet_magic.kernel.taping import start_recording, start_replay
from comet_magic.notebook.consent import needs_consent
from comet_magic.settings import configuration

TAPE = Path("tape.jsonl")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection can be made, and no name be looked up."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a replay connects to nobody")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", refuse)
    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", refuse)
    monkeypatch.setattr("comet_magic.demo.DemoServer.start", refuse)


def facts(generation: comet.Generation) -> Any:
    """What a replay must give again."""
    return (
        generation.text, generation.status, generation.usage, generation.progress,
        generation.request_id, generation.endpoint, generation.error,
        [(image.url, image.data) for image in generation.images],
        [(video.url, video.path and video.path.read_bytes()) for video in generation.videos],
    )  # fmt: skip


def each() -> list[Any]:
    """A generation of every kind that the demo has."""
    found: list[Any] = []
    for model in (
        "gpt-4o-image", "gpt-4o-mini", "gemini-2.5-flash-image-preview", "gemini-2.5-flash-image",
        "sora-2", "demo-error-401", "demo-error-cut", "demo-error-refused", "demo-error-html",
    ):  # fmt: skip
        try:
            found.append(facts(comet.generate("A kitten, 3:2", model=model, max_retries=0)))
        except comet.CometError as error:
            kept = error.generation
            assert kept
            found.append((type(error).__name__, str(error), facts(kept)))
    first = comet.generate("A kitten", n=2)
    found += [facts(first), facts(first.edit("Make it night")), comet.models()]
    return found


def test_what_the_demo_answered_is_replayed_without_it(
    fresh_session: Session, request: pytest.FixtureRequest
) -> None:
    """Pictures, text, film, edits, errors, models: the same, with nobody to connect to."""
    with comet.record(TAPE) as path:
        recorded = each()
    assert path == TAPE
    fresh_session.close()
    request.getfixturevalue("offline")
    with comet.replay(TAPE, speed="max"):
        assert each() == recorded
    assert max(map(len, TAPE.read_text(encoding="utf-8").split("\n"))) < 5_000


def test_a_list_of_models_that_was_known_is_recorded(fresh_session: Session) -> None:
    """It is asked for again, or whoever replays has none."""
    known = comet.models()
    with comet.record(TAPE):
        comet.models()
    with comet.replay(TAPE, "max"):
        assert comet.models() == known


def test_pictures_are_found_from_another_folder(
    fresh_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook may change it (`%cd`) while it records and while it replays."""
    Path("elsewhere").mkdir()
    with comet.record(TAPE):
        monkeypatch.chdir("elsewhere")
        recorded = facts(comet.generate("A kitten"))
    monkeypatch.chdir(tmp_path)
    assert Path("tape_files").is_dir()
    with comet.replay(TAPE, "max"):
        monkeypatch.chdir("elsewhere")
        assert facts(comet.generate("A kitten")) == recorded


def test_a_generation_says_that_it_was_replayed(fresh_session: Session) -> None:
    """In its value, in its outputs, in the ledger, and in the file beside its picture."""
    with comet.record(TAPE):
        recorded = comet.generate("A kitten")
    date = json.loads(TAPE.read_text(encoding="utf-8").partition("\n")[0])["recorded"][:10]
    said = f"tape.jsonl, recorded {date}"
    with comet.replay(TAPE, "max"):
        replayed = comet.generate("A kitten")
    assert (recorded.replayed, replayed.replayed) == ("", said)
    bundle = replayed._repr_mimebundle_()
    for text in bundle["text/html"], bundle["text/plain"]:
        assert f"replayed from {said}" in text
        assert "demo" in text
    assert "replayed" not in str(recorded._repr_mimebundle_())
    assert [entry.endpoint for entry in fresh_session.ledger] == ["demo", "replay"]
    (image,) = replayed.images
    assert image.path
    assert json.loads(image.path.with_suffix(".json").read_text())["replayed"] == said


def test_a_replay_takes_nothing_of_a_budget(
    fresh_session: Session, monkeypatch: pytest.MonkeyPatch, demo: DemoServer
) -> None:
    """What is not sent cannot be charged: no budget is too small, and nobody is asked."""
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)
    with comet.record(TAPE):
        comet.generate("Hi", model="gpt-4o-mini")
    used = fresh_session.ledger.used
    monkeypatch.setenv("COMET_BUDGET_REQUESTS", "1")
    monkeypatch.setenv("COMET_BUDGET_COST", "0")
    configuration.current().values["confirm"] = True
    with comet.replay(TAPE, "max"):
        assert comet.generate("Hi", model="gpt-4o-mini").replayed
        assert not needs_consent(configuration.current().settings())
    assert needs_consent(configuration.current().settings())
    assert fresh_session.ledger.used == used
    with pytest.raises(comet.BudgetError):
        comet.generate("Hi", model="gpt-4o-mini")


def test_a_replay_needs_no_key_and_looks_for_none(
    fresh_session: Session, monkeypatch: pytest.MonkeyPatch, demo: DemoServer
) -> None:
    """Whatever is set: a key, an address, a demo that is off."""
    with comet.record(TAPE):
        comet.generate("Hi", model="gpt-4o-mini")
    monkeypatch.setenv("COMETAPI_KEY", "sk-never-sent")
    monkeypatch.setattr(configuration, "_keyring_key", lambda: pytest.fail("asked"))
    configuration.current().demo = False
    with comet.replay(TAPE, "max"):
        settings = configuration.current().settings(base_url=demo.base_url, api_key="sk-x")
        assert (settings.api_key, settings.endpoint) == (None, "demo")
        assert comet.generate("Hi", model="gpt-4o-mini", base_url=demo.base_url).replayed


def test_a_real_endpoint_is_named_by_its_replay(
    fresh_session: Session, monkeypatch: pytest.MonkeyPatch, demo: DemoServer
) -> None:
    """It is no demo then; prices are asked for in the recording, which has none."""
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)
    monkeypatch.setenv("COMETAPI_KEY", "sk-canary-0123456789")
    with comet.record(TAPE):
        recorded = comet.generate("Hi", model="gpt-4o-mini")
    monkeypatch.delenv("COMETAPI_BASE_URL")
    monkeypatch.delenv("COMETAPI_KEY")
    assert "/api/models" in TAPE.read_text(encoding="utf-8")
    assert "sk-canary" not in TAPE.read_text(encoding="utf-8")
    with comet.replay(TAPE, "max"):
        replayed = comet.generate("Hi", model="gpt-4o-mini")
        settings = configuration.current().settings()
        assert (settings.base_url, settings.is_demo) == (demo.base_url, False)
    assert replayed.text == recorded.text
    assert replayed.endpoint == recorded.endpoint == demo.base_url.split("/")[2]


def test_the_header_names_the_endpoint_without_the_key(
    fresh_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some gateways have the key in their address; the demo has no lasting one."""
    with comet.record("demo"):
        pass
    monkeypatch.setenv("COMETAPI_KEY", "sk-canary-0123456789")
    monkeypatch.setenv("COMETAPI_BASE_URL", "https://gateway.example/sk-canary-0123456789/v1")
    with comet.record(TAPE):
        pass
    headers = [json.loads(Path(name).read_text()) for name in ("demo.jsonl", TAPE)]
    assert "base_url" not in headers[0]
    assert headers[1]["base_url"] == "https://gateway.example/[key]/v1"


def test_batches_are_recorded_and_replayed(fresh_session: Session) -> None:
    """Several rows at once, each with its own answer; a row that is not there fails alone."""
    prompts = ["A cat", "A dog", "A cow"]
    with comet.record(TAPE):
        recorded = list(comet.map(prompts, progress=False))
    with comet.replay(TAPE, "max"):
        replayed = list(comet.map([*prompts, "A bat"], progress=False))
    assert [each.text for each in replayed[:3]] == [each.text for each in recorded]
    assert [each.images[0].url for each in replayed[:3]] == [
        each.images[0].url for each in recorded
    ]
    assert (replayed[3].error_type, replayed[3].status) == ("NotRecordedError", "failed")
    assert "A bat" in (replayed[3].error or "")


def test_an_executor_is_refused_under_both(fresh_session: Session) -> None:
    """Its workers would ask the endpoint, or leave gaps in the recording."""
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        with comet.record(TAPE), pytest.raises(ValueError, match="without an executor"):
            comet.map(["A cat"], executor=executor)
        with comet.replay(TAPE), pytest.raises(ValueError, match="without an executor"):
            comet.map(["A cat"], executor=executor)
        assert len(list(comet.map(["A cat"], executor=executor, progress=False))) == 1


def test_streams_and_asyncio_are_replayed(fresh_session: Session) -> None:
    """The last snapshot is that of the recording."""

    async def run() -> list[str]:
        one = await comet.agenerate("Hi", model="gpt-4o-mini")
        *_, last = [each async for each in comet.stream("Ho", model="gpt-4o-mini")]
        return [one.text, last.text]

    with comet.record(TAPE):
        recorded = asyncio.run(run())
    with comet.replay(TAPE, "max"):
        assert asyncio.run(run()) == recorded


def test_a_panel_is_recorded_and_replayed(fresh_session: Session) -> None:
    """By the same buttons."""

    def press() -> comet.Generation:
        panel = comet.panel()
        try:
            panel.prompt = "A kitten"
            return panel.generate().result(20)
        finally:
            panel.close()

    with comet.record(TAPE):
        recorded = press()
    with comet.replay(TAPE, "max"):
        replayed = press()
    assert replayed.text == recorded.text
    assert replayed.replayed


def test_two_recordings_of_the_same_differ_in_times_and_ids_alone(fresh_session: Session) -> None:
    """So that a diff shows what changed."""
    names = ("one.jsonl", "two.jsonl")
    for name in names:
        with comet.record(name):
            comet.generate("A kitten, 3:2")
            comet.generate("Hi", model="gpt-4o-mini")
            comet.generate("A dog", model="gemini-2.5-flash-image-preview")
    one, two = (stable(Path(name).read_text(encoding="utf-8")) for name in names)
    assert one == two
    kept = [{path.name for path in Path(f"{name}_files").iterdir()} for name in ("one", "two")]
    assert kept[0] == kept[1]


def stable(text: str) -> list[str]:
    """The lines without times, ids and the random parts of links."""
    text = re.sub(r'"(at|recorded)": "[^"]*"', "", text)
    text = re.sub(r'"after": [\d.]+', "", text)
    text = re.sub(r"created\\\":\d+", "", text)
    text = re.sub(r"chatcmpl-\w+|(gen|task|fp)_\w+|\d{20,}\w{8}", "", text)
    text = re.sub(r"https?://[^ )\"\\]+", "", text)
    return text.splitlines()


def test_an_answer_of_another_endpoint_is_not_recorded(
    fresh_session: Session, demo: DemoServer
) -> None:
    """The label of the recording would be wrong; a note says so."""
    with comet.record(TAPE):
        other = comet.generate("Hi", model="gpt-4o-mini", base_url=demo.base_url)
        same = comet.generate("Hi", model="gpt-4o-mini")
    assert other.notes == ("This is not recorded: tape.jsonl is for demo.",)
    assert same.notes == ()
    assert TAPE.read_text(encoding="utf-8").count('"POST"') == 1


def test_a_recording_may_be_gone_on_with(fresh_session: Session) -> None:
    """Several notebooks make one recording."""
    for prompt in ("A", "B"):
        with comet.record(TAPE, append=True):
            comet.generate(prompt, model="gpt-4o-mini")
        fresh_session.close()  # the demo gets another port
    with comet.replay(TAPE, "max"):
        assert comet.generate("A", model="gpt-4o-mini").text
        assert comet.generate("B", model="gpt-4o-mini").text


def test_one_excludes_the_other(fresh_session: Session) -> None:
    """A replay is not recorded, and one recording is made at a time; what is on goes on."""
    with comet.record(TAPE):
        comet.generate("Hi", model="gpt-4o-mini")
        for other in (comet.record("other"), comet.replay(TAPE)):
            with pytest.raises(comet.RecordingError, match="is being recorded"), other:
                pass
        comet.generate("Ho", model="gpt-4o-mini")
    assert TAPE.read_text(encoding="utf-8").count('"POST"') == 2
    with comet.replay(TAPE, "max"):
        with pytest.raises(comet.RecordingError, match="being replayed"), comet.record("other"):
            pass
        assert comet.generate("Hi", model="gpt-4o-mini").replayed
    assert not Path("other.jsonl").exists()


def test_a_replay_begins_anew_when_it_is_started_again(fresh_session: Session) -> None:
    """A notebook can be run from its top."""
    with comet.record(TAPE):
        texts = [comet.generate("A cat", n=1).text for _ in range(2)]
    for _ in range(2):
        start_replay(TAPE, "max")
        assert comet.generate("A cat", n=1).text == texts[0]
    with comet.replay(TAPE, "max"):
        assert comet.generate("A cat", n=1).text == texts[0]
    # What was on before is on again, where it was.
    assert comet.generate("A cat", n=1).text == texts[1]


def test_after_a_replay_the_endpoint_is_asked_again(fresh_session: Session) -> None:
    """Also for its models, of which the recording may have had other ones."""
    with comet.record(TAPE):
        comet.generate("Hi", model="gpt-4o-mini")
    with comet.replay(TAPE, "max"):
        with pytest.raises(comet.NotRecordedError, match="no list of models"):
            comet.models()
        before = configuration.current().settings()
    assert comet.models()
    assert not comet.generate("Hi", model="gpt-4o-mini").replayed
    # A request that was prepared under the replay is not sent for real.
    asked = compose("Hi", model="gpt-4o-mini")
    with pytest.raises(comet.RecordingError, match="so nothing was sent"):
        fresh_session.loop.run(lambda: create(fresh_session, asked, before))


def test_an_error_ends_what_its_block_began(fresh_session: Session) -> None:
    """The file holds what was recorded before it."""

    def fail() -> None:
        comet.generate("Hi", model="gpt-4o-mini")
        raise KeyError

    with pytest.raises(KeyError), comet.record(TAPE):
        fail()
    assert fresh_session.tape is None
    assert TAPE.read_text(encoding="utf-8").count("[DONE]") == 1
    with pytest.raises(KeyError), comet.replay(TAPE, "max"):
        fail()
    assert fresh_session.replay is None
    assert not configuration.current().settings().replayed


def test_closing_the_session_ends_both(fresh_session: Session) -> None:
    """What is asked then is neither recorded nor sent in place of a replay."""
    start_recording(TAPE)
    comet.generate("Hi", model="gpt-4o-mini")
    fresh_session.close()
    comet.generate("Ho", model="gpt-4o-mini")
    assert TAPE.read_text(encoding="utf-8").count('"POST"') == 1
    start_replay(TAPE)
    fresh_session.close()
    with pytest.raises(comet.RecordingError, match="so nothing was sent"):
        comet.generate("Hi", model="gpt-4o-mini")


@pytest.mark.parametrize("speed", [0, -1, "fast", math.nan, True, None], ids=str)
def test_a_speed_that_is_none_is_refused(fresh_session: Session, speed: Any) -> None:
    """Before anything changes."""
    with comet.record(TAPE):
        pass
    with (
        pytest.raises(ValueError, match="speed must be a number above 0"),
        comet.replay(TAPE, speed),
    ):
        pass
    assert fresh_session.replay is None
