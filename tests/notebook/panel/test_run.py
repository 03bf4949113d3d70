"""Generating: progress, several at once, stopping, errors, and the future of each."""

import html
import re
import threading
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import pytest

from comet_magic.demo import DemoServer
from comet_magic.errors import AuthenticationError, GenerationError
from comet_magic.generation import Generation, Status
from comet_magic.kernel.session import current
from tests.conftest import Heard

from .conftest import Face, MakePanel, until


def bars(face: Face) -> list[str]:
    """The value of the bar of each tile; a question mark where there is none."""
    found = (re.findall(r"<progress[^>]*>", face.text(tile)) for tile in face.tiles)
    values = (re.search(r'value="(\d+)"', bar[0]) if bar else None for bar in found)
    return [value[1] if value else "?" for value in values]


def is_determinate(face: Face) -> bool:
    """Whether the newest one has a value."""
    return bars(face)[0].isdigit()


def test_a_generation_shows_its_stage_bar_and_seconds(face: Face, slow: DemoServer) -> None:
    """From the moment it is asked for; the bar gets its value when a percentage is known."""
    seen: list[str] = []
    face.panel.prompt = "A kitten"
    face.press("Generate")
    assert bars(face) == ["?"]
    face.tiles[0].children[0].observe(lambda change: seen.append(change["new"]), "value")

    assert until(lambda: is_determinate(face))
    assert until(lambda: len(set(bars(face) + seen)) > 6)

    text = "".join(seen)
    assert re.search(r"generating \d+ %", text)
    assert len(set(re.findall(r"(\d+\.\d) s<", text))) > 3
    assert face.buttons(face.tiles[0]) == ["Stop"]
    assert "A kitten" in face.text(face.tiles[0])


def test_text_streams_into_its_tile(face: Face, slow: DemoServer) -> None:
    """As rendered Markdown, while it comes, and whole at its end."""
    seen: list[str] = []
    face.panel.model = "gpt-4o-mini"
    face.panel.prompt = "Hello"
    future = face.panel.generate()
    face.tiles[0].children[0].observe(lambda change: seen.append(change["new"]), "value")
    assert until(lambda: len({len(each) for each in seen}) > 3)
    assert any("<strong>" in each and "<progress" in each for each in seen)
    assert future.result(20).text
    assert "<progress" not in face.text(face.tiles[0])
    assert "<strong>demo server" in face.text(face.tiles[0])


def test_stop_closes_the_connection_and_keeps_what_came(face: Face, slow: DemoServer) -> None:
    """The button of a tile ends that one alone; the future is cancelled."""
    face.panel.prompt = "A kitten"
    one, two = face.panel.generate(), face.panel.generate()
    assert until(lambda: slow.open_streams == 2)
    assert until(lambda: is_determinate(face))

    face.press("Stop", face.tiles[0])

    assert until(lambda: slow.open_streams == 1, 2)
    assert until(two.done)
    with pytest.raises(CancelledError):
        two.result()
    assert not one.done()
    (kept,) = face.panel.generations
    assert kept.status is Status.INTERRUPTED
    assert kept.progress
    assert "interrupted" in face.text(face.tiles[0])
    assert face.buttons(face.tiles[0]) == ["Try again", "Remove"]
    assert "<progress" in face.text(face.tiles[1])


def test_the_pictures_of_one_request_have_one_stop(face: Face, slow: DemoServer) -> None:
    """It is on the first tile, and ends the whole request."""
    face.field("Pictures").value = 3
    face.panel.prompt = "A kitten"
    future = face.panel.generate()
    assert [face.buttons(tile) for tile in face.tiles] == [["Stop"], [], []]
    assert until(lambda: slow.open_streams == 1)
    face.press("Stop", face.tiles[0])
    assert until(future.done)
    assert until(lambda: slow.open_streams == 0, 2)


def test_stop_of_the_panel_ends_all(face: Face, slow: DemoServer) -> None:
    """The button and the method; it can be pressed only while something runs."""
    stop = face.named("Stop")[0]
    assert stop.disabled
    face.panel.prompt = "A kitten"
    futures = [face.panel.generate() for _ in range(3)]
    assert not stop.disabled
    assert until(lambda: slow.open_streams == 3)
    stop.click()
    assert until(lambda: slow.open_streams == 0, 2)
    assert until(lambda: len(face.panel.generations) == 3)
    assert all(future.cancelled() for future in futures)
    assert until(lambda: stop.disabled)
    face.panel.stop()


def test_cancelling_a_future_stops_it(face: Face, slow: DemoServer) -> None:
    """As asyncio and concurrent.futures do it."""
    face.panel.prompt = "A kitten"
    future = face.panel.generate()
    assert until(lambda: slow.open_streams == 1)
    future.cancel()
    assert until(lambda: slow.open_streams == 0, 2)
    assert until(lambda: len(face.panel.generations) == 1)
    assert face.panel.generations[0].status is Status.INTERRUPTED


def test_several_run_at_once_and_the_caller_goes_on(face: Face, slow: DemoServer) -> None:
    """`generate` returns at once; each has its own tile, the newest first."""
    for prompt in ("one", "two", "three"):
        face.panel.prompt = prompt
        face.press("Generate")
    assert until(lambda: slow.open_streams == 3)
    assert [
        prompt in face.text(tile)
        for tile, prompt in zip(face.tiles, ("three", "two", "one"), strict=True)
    ] == [True] * 3


def test_two_panels_are_independent(new_panel: MakePanel, slow: DemoServer) -> None:
    """The form, the gallery and Stop of one are not those of the other."""
    one, two = new_panel(prompt="one"), new_panel(prompt="two", model="gpt-4o-mini")
    first, second = one.panel.generate(), two.panel.generate()
    assert until(lambda: slow.open_streams == 2)
    one.panel.stop()
    assert until(first.cancelled)
    assert second.result(20).prompt == "two"
    assert [each.prompt for each in one.panel.generations] == ["one"]
    assert [each.prompt for each in two.panel.generations] == ["two"]
    assert (one.panel.model, two.panel.model) == ("gpt-4o-image", "gpt-4o-mini")
    assert len(one.tiles) == len(two.tiles) == 1


@pytest.mark.parametrize(
    ("model", "error", "says", "again"),
    [
        ("demo-error-401", AuthenticationError, "the key was refused", True),
        ("demo-error-refused", GenerationError, "content policies", True),
        ("demo-error-400", Exception, "400 from", False),
    ],
)
def test_errors_stand_in_place_in_the_words_of_the_magic(
    face: Face, model: str, error: type[Exception], says: str, again: bool
) -> None:
    """The future raises what `generate` raises; the tile says the same, and offers another try
    where that makes sense."""
    with pytest.raises(error, match=says) as caught:
        face.make("A kitten", model=model)
    text = face.text(face.tiles[0])
    (kept,) = face.panel.generations
    # Of a refusal the error has a line before the model's own words.
    assert str(caught.value).endswith(kept.error)
    assert all(html.escape(line) in text for line in kept.error.splitlines())
    assert "✗ failed" in text
    assert ("Try again" in face.buttons(face.tiles[0])) is again
    assert kept.status is Status.FAILED


def test_try_again_asks_the_same(face: Face, heard: Heard) -> None:
    """Of what was asked then, and not of what the form says now."""
    with pytest.raises(AuthenticationError):
        face.make("A kitten", model="demo-error-401")
    face.panel.prompt, face.panel.model = "A dog", "gpt-4o-mini"
    face.press("Try again", face.tiles[0])
    assert until(lambda: len(face.panel.generations) == 2)
    assert heard.bodies[0] == heard.bodies[1]
    assert len(face.tiles) == 2


def test_a_screen_reader_is_told_each_stage_once(face: Face, slow: DemoServer) -> None:
    """And not each percentage."""
    status = face.panel._runs.status
    told: list[str] = []
    status.observe(lambda change: told.append(change["new"]), "value")
    face.panel.prompt = "A kitten"
    future = face.panel.generate()
    assert until(lambda: is_determinate(face))
    future.cancel()
    assert until(lambda: "interrupted" in told[-1])
    assert len(told) == len(set(told)) <= 4
    assert not any("%" in each for each in told)
    assert "generating" in "".join(told)


def test_what_was_used_is_summed_up(face: Face) -> None:
    """Of this panel, also what failed."""
    assert "In this panel" not in face.text()
    face.make("A kitten")
    face.make("Hello", model="gpt-4o-mini")
    assert "In this panel: 2 requests, 1 picture, " in face.text()


def test_usage_that_was_not_received_is_summed_up_as_an_estimate(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the sum of the panel; the tile has no word of tokens."""
    monkeypatch.setattr("comet_magic.families.chat.reading.usage_in", lambda chunk: None)
    made = face.make("Hello", model="gpt-4o-mini")
    counted = current().ledger.used.tokens
    assert (made.usage, counted > 0) == (None, True)
    assert f"In this panel: 1 request, 0 pictures, about {counted} tokens by estimate, " in (
        face.text()
    )
    assert "tokens" not in face.text(face.tiles[0])


def test_an_observer_that_raises_loses_nothing(face: Face) -> None:
    """The future has its result, and the gallery its picture."""

    def fail(change: Any) -> None:
        raise RuntimeError("mine")

    face.panel.observe(fail, "generations")
    assert face.make().images
    assert face.buttons(face.tiles[0])[0] == "Full size"


def test_a_result_that_is_not_told_yet_stays_in_the_gallery(face: Face, kitten: Generation) -> None:
    """Whatever becomes of the trait between its end and the moment when it is told."""
    face.panel.model, face.panel.prompt = "gpt-4o-mini", "Hello"
    with face.panel._publishing:
        future = face.panel.generate()
        assert until(lambda: "Continue" in face.buttons(face.tiles[0]))
        face.panel.generations = [kitten]
        assert len(face.tiles) == 2
    future.result(20)
    assert len(face.tiles) == len(face.panel.generations) == 2


def test_many_that_end_together_are_all_kept(face: Face) -> None:
    """However their threads meet; each is told to observers once."""
    told: list[int] = []
    before = set(threading.enumerate())
    face.panel.observe(lambda change: told.append(len(change["new"])), "generations")
    face.panel.model, face.panel.prompt = "gpt-4o-mini", "Hello"
    futures = [face.panel.generate() for _ in range(20)]
    made = [future.result(30) for future in futures]
    assert {each.id for each in face.panel.generations} == {each.id for each in made}
    assert told == list(range(1, 21))
    assert len(face.panel._collection.wall.entries) == 20
    assert len(set(threading.enumerate()) - before) < 60


def test_each_press_that_the_page_waits_for_is_answered(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that is refused, and one that fails: else the page would wait for ever."""

    def answered() -> str:
        (found,) = re.findall(r'data-answered="(\d+)"', face.wire.text.replace("\\", ""))
        return str(found)

    assert answered() == "0"
    face.press("Generate")
    assert "the prompt is empty" in face.problem
    assert answered() == "1"
    face.press("add “, 3:2”")
    assert answered() == "2"

    def fail() -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(face.panel, "generate", fail)
    with suppress(RuntimeError):
        face.press("Generate")
    assert answered() == "3"
