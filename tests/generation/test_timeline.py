"""The facts of an exchange have the time at which they were known."""

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from comet_magic.families.ask import Ask
from comet_magic.families.registry import family_of
from comet_magic.generation.timeline import Moment, moments, phases
from comet_magic.media.medium import Medium
from comet_magic.wire.log_writer import LogWriter
from tests.client.scripted import DONE, data, delta
from tests.transcripts import IDS, ROWS

MODELS = {Medium.IMAGE: "gpt-4o-image", Medium.VIDEO: "sora-2", Medium.TEXT: "gpt-4o-mini"}


def facts(
    pieces: Sequence[bytes], medium: Medium = Medium.IMAGE, status: int = 200, n: int = 1
) -> list[Moment]:
    """The facts of an answer whose pieces come a second apart, the first of them at 2 s."""
    ticks = count()
    recording = LogWriter(lambda: float(next(ticks)))
    recording.ask("POST", "https://api.example/v1/chat/completions", [])
    recording.answer(status, [("content-type", "x/y")])
    for piece in pieces:
        recording.hear(piece)
    ask = Ask("A cat", MODELS[medium], parameters={"n": n})
    return list(moments(recording.exchange, family_of(ask.model).begin(ask)))


def said(found: Sequence[Moment], *kinds: str) -> list[tuple[float, str, str]]:
    """Time, kind and text of those of these kinds."""
    return [(fact.at, fact.kind, fact.text) for fact in found if fact.kind in kinds]


def test_the_whole_way_of_a_picture() -> None:
    """From the request to the end of the stream, in order, each with its own time."""
    found = facts(
        [
            delta('```\n{"prompt": "A cat", "ratio": "1:1"}\n'),
            delta("```\n\n>🕐 Queuing.\n"),
            b": PING\n\n",
            delta("\n>⚡ Generating..\n\n>🏃 Progress 1"),
            delta("4...3"),
            delta("7..[100](https://a.example/vg/p.png)\n"),
            delta("> ✅ Generation complete\n\n![gen_1](https://a.example/cdn/q.png)", "stop"),
            data({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 1100,
                                           "total_tokens": 1105}}),
            DONE,
        ]
    )  # fmt: skip
    assert [(fact.at, fact.kind, fact.text) for fact in found] == [
        (0, "sent", "POST /v1/chat/completions"),
        (1, "answered", "200 x/y"),
        (2, "first text", '``` {"prompt": "A cat", "ratio": "1:1"}'),
        (2, "parameters", '{"prompt": "A cat", "ratio": "1:1"}'),
        (3, "stage", "queued"),
        (5, "stage", "generating"),
        (6, "progress", "14 %"),
        (7, "preview", "https://a.example/vg/p.png"),
        (7, "progress", "37 %"),
        (7, "progress", "100 %"),
        (8, "stage", "complete"),
        (8, "image", "https://a.example/cdn/q.png"),
        (8, "finish", "stop"),
        (9, "usage", "5 + 1,100 = 1,105 tokens"),
        (10, "done", "[DONE]"),
    ]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
@pytest.mark.parametrize("step", [1, 7, 1_000_000], ids=["single", "seven", "whole"])
def test_real_transcripts_say_the_same_however_they_are_cut(row: dict[str, Any], step: int) -> None:
    """Every percentage once, in order, and each picture."""
    text = row["text"][:3_000]
    pieces = [delta(text[at : at + step]) for at in range(0, len(text), step)]
    found = facts([*pieces, delta("", "stop"), DONE])
    whole = facts([delta(text), delta("", "stop"), DONE])
    kinds = ("stage", "progress", "image", "preview", "download", "page", "video", "parameters")
    assert sorted((fact.kind, fact.text) for fact in found if fact.kind in kinds) == sorted(
        (fact.kind, fact.text) for fact in whole if fact.kind in kinds
    )
    percents = [f"{percent} %" for percent in row["expect"]["progress"]]
    if len(row["text"]) <= 3_000:
        assert [fact.text for fact in found if fact.kind == "progress"] == percents


def test_an_answer_in_one_json_body() -> None:
    """All of it is known when its last byte has come."""
    body = {"object": "chat.completion", "choices": [
        {"index": 0, "message": {"content": "> Generating..\n\n![x](https://a.example/p.png)"},
         "finish_reason": "stop"}], "usage": {"total_tokens": 9}}  # fmt: skip
    text = json.dumps(body, indent=1).encode()
    found = facts([text[:40], text[40:]])
    assert said(found, "stage", "image", "finish", "usage") == [
        (3, "stage", "generating"),
        (3, "image", "https://a.example/p.png"),
        (3, "finish", "stop"),
        (3, "usage", "9 tokens"),
    ]


def test_an_error_is_told_in_the_endpoints_words() -> None:
    """Of a status, in the stream, and as text that is no JSON."""
    body = b'{"error":{"message":"Invalid token"}}'
    assert said(facts([body], status=401), "answered", "error") == [
        (1, "answered", "401 x/y"),
        (2, "error", "Invalid token"),
    ]
    page = b"<!DOCTYPE html><html><title>524: A timeout occurred</title></html>"
    assert said(facts([page], status=524), "error") == [(2, "error", "524: A timeout occurred")]
    found = facts([delta("> Generating.."), data({"error": {"message": "lost"}})])
    assert said(found, "error") == [(3, "error", "lost")]
    assert said(facts([b"data: error: timed out\n\n"]), "error") == [(2, "error", "timed out")]
    found = facts([b': PING\n\n{"error":{"message":"busy"}}'])
    assert said(found, "error") == [(2, "error", "busy")]
    pings = b'event: ping\ndata: {"type": "ping"}\n\ndata: : PROCESSING\n\n'
    assert said(facts([pings + delta("Hi")]), "error") == []


def test_pictures_outside_the_text_are_facts() -> None:
    """As a link, without the bytes in it, and although most of them were not kept."""
    picture = "data:image/png;base64," + "A" * 100_000
    part = {"index": 0, "delta": {"images": [{"type": "image_url", "image_url": {"url": picture}}]}}
    text = data({"choices": [part]})
    found = facts([text[:50_000], text[50_000:]])
    assert said(found, "image", "error") == [(3, "image", "data:image/png;base64,…")]
    top = facts([data({"data": [{"url": "https://a.example/t.png"}]})])
    assert said(top, "image", "error") == [(2, "image", "https://a.example/t.png")]


def test_words_of_a_text_model_are_no_protocol() -> None:
    """It may write what looks like progress: that is its text."""
    found = facts([delta("> Progress 14...37\n"), delta("x", "stop")], Medium.TEXT)
    assert [fact.kind for fact in found] == ["sent", "answered", "first text", "finish"]


def test_several_choices_are_told_apart() -> None:
    """Each has its own stages."""
    found = facts([delta("> Generating..\n", index=0), delta("> Generating..\n", index=1)], n=2)
    stages = [(fact.at, fact.choice) for fact in found if fact.kind == "stage"]
    assert stages == [(2, 0), (3, 1)]


def test_a_half_event_beside_a_gap_says_nothing() -> None:
    """What was cut by us is not read as an error of the endpoint; what follows is read."""
    filler = [delta("x" * 300)] * 1_500
    found = facts([*filler, delta("", "stop"), DONE], Medium.TEXT)
    assert said(found, "error") == []
    assert [kind for _, kind, _ in said(found, "finish", "done")] == ["finish", "done"]


def test_halves_on_both_sides_of_a_gap_say_nothing() -> None:
    """Also where a half looks like an event: of a JSON body, and of an event of several lines."""
    nested = [b"[" + b"1," * 150] * 1_500
    body = [b'{"choices": ', *nested, b"1" + b"]" * 1_500 + b"}"]
    assert said(facts(body), "error", "first text") == []
    filler = [b"x" * 300] * 1_500
    tail = [b'\ndata: "}]}\n\n', delta("after"), DONE]
    found = facts([delta("before"), b'data: {"choices": [{"x": "', *filler, *tail], Medium.TEXT)
    assert said(found, "error") == []
    assert [kind for _, kind, _ in said(found, "first text", "done")] == ["first text", "done"]


def test_the_last_event_may_lack_its_end() -> None:
    """It is read if it is whole, and says nothing if it is not."""
    last = delta("> Progress 61%\n", "stop").rstrip(b"\n")
    assert said(facts([last]), "progress", "error") == [(2, "progress", "61 %")]
    assert said(facts([last[:-20]]), "progress", "error") == []
    assert said(facts([b"event: x\nretry: 3\ndata:[DONE]"]), "done", "error") == [
        (2, "done", "[DONE]")
    ]


def test_a_hostile_answer_has_no_thousands_of_facts() -> None:
    """Each kind is told a few hundred times at most."""
    found = facts([delta(f"> 🏃 Progress {number % 99}..\n") for number in range(500)])
    assert 100 < len(found) < 400


def test_phases_follow_each_other_without_gaps() -> None:
    """A wait before another request is one, and the last of them ends with the answer."""
    found = [
        Moment(0.0, "sent", "POST"), Moment(0.1, "answered", "429"), Moment(0.1, "error", "slow"),
        Moment(1.1, "sent", "POST"), Moment(1.5, "first text", "x"), Moment(1.9, "stage", "queued"),
        Moment(2.5, "stage", "generating"), Moment(2.6, "stage", "generating"),
        Moment(2.7, "stage", "complete"), Moment(2.8, "stage", "queued", choice=1),
    ]  # fmt: skip
    assert [(phase.name, phase.start, phase.end) for phase in phases(found, 4.0)] == [
        ("waiting", 0.0, 0.1),
        ("after an error", 0.1, 1.1),
        ("waiting", 1.1, 1.5),
        ("answering", 1.5, 1.9),
        ("queued", 1.9, 2.5),
        ("generating", 2.5, 4.0),
    ]
    assert phases([], 4.0) == ()
