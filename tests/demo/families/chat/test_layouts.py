"""The scripts by themselves: when their pieces are due."""

import pytest

from comet_magic.demo.families.chat.known_models import MODELS, Model
from comet_magic.demo.families.chat.layouts import Links, Task, cut_short, documented, draw
from comet_magic.demo.families.chat.script import Pen

DRAWN = [model for model in MODELS.values() if model.kind != "text" and not model.lesson]


def task(variant: int = 0) -> Task:
    """Give a task with one result."""
    result = Links("gen_1", "http://h/p.png", "http://h/d.png", "http://h/v.png")
    return Task("task_1", "A boat.", "1:1", {}, (result,), "http://h/w", "http://h/s", variant)


@pytest.mark.parametrize("variant", range(6))
@pytest.mark.parametrize("model", DRAWN, ids=lambda model: model.id)
def test_a_picture_takes_six_to_nine_seconds(model: Model, variant: int) -> None:
    """Every layout keeps a human pace, its pieces in order, none of them empty."""
    pen = Pen()
    draw(model.layout, pen, task(variant))
    script = pen.script()
    moments = [piece.at for piece in script.pieces]
    assert moments == sorted(moments)
    assert moments[0] > 0
    assert 5.5 < script.seconds < 9.5
    assert all(piece.text or piece.image for piece in script.pieces)


def test_a_queue_can_be_long() -> None:
    """The queue moves everything behind it, and shows dots while it lasts."""
    short, long = Pen(), Pen()
    documented(short, task())
    documented(long, task(), queue=60)
    assert long.script().seconds - short.script().seconds == pytest.approx(59)
    assert ">🕐 Queuing" + "." * 30 + "\n" in long.script().text


def test_a_cut_answer_is_the_start_of_a_whole_one() -> None:
    """Up to where it is cut, an answer is like any other."""
    whole, cut = Pen(), Pen()
    documented(whole, task())
    cut_short(cut, task())
    start = cut.script().text.rstrip(".")
    assert whole.script().text.startswith(start)
    assert start[-1].isdigit()
