"""One prompt, several models: the cards as a reader of the page sees them."""

from playwright.sync_api import Locator

from .conftest import OpenDocument, OpenNotebook
from .notebook import LOAD, LOAD_IN_A_HURRY
from .test_picture import watched

PROMPT = "A lighthouse on a cliff at dusk"
CELL = f"%%comet flux-kontext-pro gpt-4o-image gpt-4o-mini\n{PROMPT}"


def lefts(output: Locator) -> list[float]:
    """Where the cards begin, from the left."""
    boxes = [card.bounding_box() for card in output.locator("section").all()]
    return [box["x"] for box in boxes if box]


def test_what_has_ended_is_seen_while_others_run(notebook: OpenNotebook) -> None:
    """The quick model's picture is there before the slow one's, and does not flicker."""
    slow = CELL.replace("gpt-4o-image", "demo-error-slow")
    opened = notebook([LOAD, "%env COMET_DEMO_PACE=0.1", slow, "'below'"])
    opened.run(0)
    opened.run(1)
    opened.record(2)
    opened.output(2).locator("section img").first.wait_for(timeout=20_000)
    opened.page.wait_for_timeout(1_000)  # ten frames more
    opened.interrupt()
    opened.wait()

    frames = opened.frames()

    shown = [frame.picture for frame in frames]
    first = shown.index(True)
    assert frames[first].bar is not None
    assert all(shown[first:])
    output = opened.output(2)
    assert output.locator("section").count() == 3
    text = output.inner_text()
    assert text.count("complete") == 2
    assert text.count("interrupted") == 1
    assert "KeyboardInterrupt" in text


def test_the_cards_stand_side_by_side(notebook: OpenNotebook, document: OpenDocument) -> None:
    """Also in a notebook that is not trusted; each has its own picture or text, and its usage."""
    opened = notebook([LOAD_IN_A_HURRY, CELL])
    opened.run_all()
    places = lefts(opened.output(1))
    text = opened.output(1).inner_text()
    assert len(places) == 3
    assert len(set(places)) >= 2
    for model in ("flux-kontext-pro", "gpt-4o-image", "gpt-4o-mini"):
        assert text.count(model) == 1
    assert text.count("tokens") == 3
    saved = opened.save()
    saved["metadata"]["from"] = "another computer"

    again = document(saved)

    assert not again.is_trusted(1)
    assert lefts(again.output(1)) == places
    assert again.output(1).inner_text() == text


def test_nothing_jumps_while_they_run(notebook: OpenNotebook) -> None:
    """The cell below moves down as answers grow, and not up and down."""
    opened = notebook(
        [LOAD, "%env COMET_DEMO_PACE=0.3", f"%%comet flux-kontext-pro gpt-4o-image\n{PROMPT}", "1"]
    )
    opened.run(0)
    opened.run(1)

    frames = watched(opened, 2)

    tops = [frame.top for frame in frames if frame.bar is not None]
    assert max(tops) - min(tops) < 120
    assert abs(frames[-1].top - tops[-1]) < 60
