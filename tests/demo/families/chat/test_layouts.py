"""The scripts by themselves: when their pieces are due."""

from pathlib import Path
from typing import cast

import pytest

from comet_magic.demo.families.chat.known_models import MODELS, ChatModel, Layout
from comet_magic.demo.families.chat.layouts import (
    ChatTask,
    ResultLinks,
    write_cut_short,
    write_documented,
    write_layout,
)
from comet_magic.demo.families.chat.script import Piece, Script, ScriptWriter

DRAWN = [model for model in MODELS.values() if model.makes != "text" and not model.lesson]


def task(variant: int = 0) -> ChatTask:
    """Give a task with one result."""
    result = ResultLinks("gen_1", "http://h/p.png", "http://h/d.png", "http://h/v.png")
    return ChatTask("task_1", "A boat.", "1:1", {}, (result,), "http://h/w", "http://h/s", variant)


@pytest.mark.parametrize("variant", range(6))
@pytest.mark.parametrize("model", DRAWN, ids=lambda model: model.id)
def test_a_picture_takes_six_to_nine_seconds(model: ChatModel, variant: int) -> None:
    """Every layout keeps a human pace, its pieces in order, none of them empty."""
    writer = ScriptWriter()
    write_layout(model.layout, writer, task(variant))
    script = writer.script()
    moments = [piece.due for piece in script.pieces]
    assert moments == sorted(moments)
    assert moments[0] > 0
    assert 5.5 < script.seconds < 9.5
    assert all(piece.text or piece.image for piece in script.pieces)


def test_a_queue_can_be_long() -> None:
    """The queue moves everything behind it, and shows dots while it lasts."""
    short, long = ScriptWriter(), ScriptWriter()
    write_documented(short, task())
    write_documented(long, task(), queue=60)
    assert long.script().seconds - short.script().seconds == pytest.approx(59)
    assert ">🕐 Queuing" + "." * 30 + "\n" in long.script().text


def test_a_cut_answer_is_the_start_of_a_whole_one() -> None:
    """Up to where it is cut, an answer is like any other."""
    whole, cut = ScriptWriter(), ScriptWriter()
    write_documented(whole, task())
    write_cut_short(cut, task())
    start = cut.script().text.rstrip(".")
    assert whole.script().text.startswith(start)
    assert start[-1].isdigit()


LAYOUTS = (Path(__file__).parents[3] / "data" / "demo_layouts.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("layout", "expected"),
    [tuple(each.rstrip("\n").split("\n", 1)) for each in LAYOUTS.split("# ")[1:]],
)
def test_a_layout_to_the_character(layout: str, expected: str) -> None:
    """Each of its lines, with the second at which it is whole: people read them, and we parse."""
    links = ("gen_1", "http://h/p.png", "http://h/d.png", "http://h/v.png", "http://h/s.webp")
    origin: dict[str, object] = {"referenced_image_ids": ["gen_0"]}
    result, other = ResultLinks(*links), ResultLinks("gen_2", *links[1:])
    made = ChatTask(
        "task_01ARZ3NDEKTSV4RRFFQ69G5FAV", "A boat.", "3:2", origin, (result, other),
        "http://h/w", "http://h/s",
    )  # fmt: skip
    writer = ScriptWriter()
    write_layout(cast("Layout", layout), writer, made)
    assert lines(writer.script()) == expected.split("\n")


def lines(script: Script) -> list[str]:
    """The lines of a script that are not blank, each with its last second."""
    text, found = "", []
    for piece in (*script.pieces, Piece(script.seconds, "\n")):
        text += piece.text or f"<{piece.image}>"
        *whole, text = text.split("\n")
        found += [f"{piece.due:.2f} {line}" for line in whole if line]
    return found
