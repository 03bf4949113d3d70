"""Fences and blocks in the answer of an image model, wherever they stand."""

import textwrap
from typing import Any

import pytest

from comet_magic.families.chat.line_facts import Prose
from tests.families.chat.test_transcript import facts, read
from tests.transcripts import IDS, ROWS

BLOCK, IMAGE = '{"prompt": "a fox"}', "https://a.example/x.png"
FENCES = {
    "indented": " " * 16 + f"```json\n{BLOCK}\n```\n",
    "indented at its end": f"```json\n{BLOCK}\n" + " " * 16 + "```\n",
    "glued to words": f"tail```\n{BLOCK}\n```\n",
    "with a language, glued to words": f"Here:```json\n{BLOCK}\n```\n",
    "with several words": f'```json title="parameters" {{1}}\n{BLOCK}\n```\n',
    "glued to the block": f"```{BLOCK}```\n",
    "with a language, glued to the block": f"```json{BLOCK}\n```\n",
    "an end glued to words": f"```json\n{BLOCK}tail```\n",
    "an end alone": f"{BLOCK}\n```\n",
    "tildes": f"~~~json\n{BLOCK}\n~~~\n",
    "a longer end": f"```json\n{BLOCK}\n`````\n",
    "longer": f"````\n{BLOCK}\n````\n",
    "another fence behind it": f"```\n{BLOCK}\n```\n```json\n{BLOCK}\n```\n",
}
WORDS = {
    "glued to words": "tail",
    "with a language, glued to words": "Here:",
    "an end glued to words": "tail",
}
CODE = {
    "an end glued to words": "```\nprint(1) tail```\n",
    "a longer end": "```python\nprint(1)\n````\n",
    "glued to words": "tail```python\nprint(1)\n```\n",
    "glued to words, without an end": "Look at the tail```\n",
    "in braces": "```{python}\nprint(1)\n```\n",
    "indented": "                ```\n                x\n                ```\n",
}


@pytest.mark.parametrize("name", FENCES)
def test_a_fence_in_any_place_hides_nothing(name: str) -> None:
    """The parameters in it are read, and so are the picture behind it and words beside it."""
    text = f"{FENCES[name]}\n> Generating..\n\n![x]({IMAGE})"
    for at in range(len(text)):
        transcript = read(text[:at], text[at:])
        assert (transcript.prompt, transcript.images) == ("a fox", (IMAGE,)), at
        assert transcript.prose == WORDS.get(name, "")


@pytest.mark.parametrize("beginning", CODE.values(), ids=CODE)
def test_code_ends_before_the_picture(beginning: str) -> None:
    """Wherever its fences stand."""
    text = f"{beginning}![x]({IMAGE})"
    for at in range(len(text)):
        assert read(text[:at], text[at:]).images == (IMAGE,), at


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_an_answer_that_is_indented_as_a_whole_reads_the_same(row: dict[str, Any]) -> None:
    """Some relays write 16 blanks before each line."""
    expected, text = row["expect"], textwrap.indent(row["text"], " " * 16)
    names = set(expected) - {"failed", "reason"}
    transcript = read(text)
    assert {name: facts(transcript)[name] for name in names} == {
        name: expected[name] for name in names
    }


def test_a_picture_behind_backticks_is_no_word_of_a_fence() -> None:
    """Neither alone, nor before an end that is missing."""
    for text in (f"```![x]({IMAGE})```", f"```![x]({IMAGE})\n```", f"```![x]({IMAGE})"):
        assert read(text).images == (IMAGE,)


def test_lines_of_code_are_known_as_such() -> None:
    """They are text, and a link in them can still be looked for."""
    transcript = read(f"a\n```md\n![x]({IMAGE})\n```\nb")
    lines = [(fact.line, fact.is_code) for fact in transcript.facts if isinstance(fact, Prose)]
    assert lines == [
        ("a", False), ("```md", True), (f"![x]({IMAGE})", True), ("```", True), ("b", False),
        ("", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ('{"prompt": "a fox", "status": "failed", "error": {"message": "blocked"}}', "blocked"),
        ('{\n "prompt": "a fox",\n "status": "FAILED",\n "error": "blocked"\n}', "blocked"),
        ('```json\n{"status": "failed", "error": {"message": "blocked"}}\n```', "blocked"),
        ('{"prompt": "a fox", "error": {"message": "blocked", "code": 5}}', "blocked"),
        ('{"prompt": "a fox", "status": "cancelled", "message": "by user"}', "by user"),
        ('{"prompt": "a fox", "n": 1, "status": "failed"}', None),
        ('{"prompt": "a fox", "status": "failed"}I cannot.', "I cannot."),
    ],
)
def test_a_block_that_says_failed_is_a_failure(block: str, reason: str | None) -> None:
    """Also one with a prompt, which is not the reason."""
    transcript = read(block)
    assert (transcript.stage, transcript.failed, transcript.reason) == ("failed", True, reason)
    assert transcript.prompt == ("a fox" if "prompt" in block else None)


def test_a_block_without_an_error_is_no_failure() -> None:
    """Some relays list all fields, also those that are empty."""
    block = '{"prompt": "a fox", "status": "completed", "error": null}'
    transcript = read(f"{block}\n![x]({IMAGE})")
    assert (transcript.stage, transcript.images) == (None, (IMAGE,))


@pytest.mark.parametrize("begin", ["{\n", "{ "], ids=["a line", "the same line"])
def test_a_link_in_braces_that_hold_no_parameters_is_one(begin: str) -> None:
    """The lines are read as if no brace stood there."""
    assert read(f"{begin}see {IMAGE}\n}}\n").images == (IMAGE,)


@pytest.mark.parametrize(
    ("end", "is_known"), [("", False), (" ", True), (".", True), (")", True), ("\n", True)]
)
def test_an_address_is_known_when_it_has_ended(end: str, is_known: bool) -> None:
    """Before that it may become another one."""
    transcript = read(f"It is {IMAGE}{end}", close=False)
    assert transcript.images == ((IMAGE,) if is_known else ())


def test_words_before_what_goes_on_are_read() -> None:
    """Before an alt text that never ends, and before a thought."""
    assert read("Hello ![x\n", close=False).prose == "Hello ![x"
    assert read("Hello ![x\n\nmore\n").prose == "Hello ![x\n\nmore"
    assert read(f"It is {IMAGE}<think>", close=False).images == (IMAGE,)


@pytest.mark.parametrize(
    ("line", "is_end"),
    [("```", True), ("x```", True), ("Use ```x```", False), ("``` x", False), ("````", True)],
)
def test_a_line_that_ends_code(line: str, is_end: bool) -> None:
    """Alone, or glued to the last words; not one that holds code itself."""
    assert bool(read(f"```\n{line}\n![x]({IMAGE})").images) is is_end


def test_a_thousand_blank_lines_are_two() -> None:
    """More of them say no more, also while they come one by one."""
    assert len(read("a" + "\n" * 1_000).facts) == len(read("a\n\n").facts)
    assert len(read("a", *["\n"] * 1_000).facts) == len(read("a\n\n").facts)
