"""The answer of a text model is its text, however much it looks like the work of another model."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from comet_magic.families.chat.chunks import Attachment, ChatCompletionChunk, ChunkChoice
from comet_magic.families.chat.plain_reader import PlainReader
from comet_magic.families.chat.transcript import TranscriptParser
from comet_magic.generation import Generation, Status
from comet_magic.media.medium import Medium
from tests.families.chat.growing import chunk, growing
from tests.families.chat.hearing import chunked, facts_of
from tests.transcripts import ROWS
from tests.wire.feeding import feedings

LINK = "https://a.example/a.png"
PICTURE = f"![alt]({LINK})"
# Cuts that are tried of a long text.
MOST_CUTS = 150
MODELS = ("gpt-4o-mini", "never-heard-of", "individual-assistant")

WORDS = {
    "an id": "Here is the record:\n\nID: 48213\nName: Ann\n",
    "a bold id": "- **Name:** Ann\n- **ID:** 48213\n",
    "YAML": "name: ann\nid: user-001\nrole: admin\n",
    "an id of a task": "Task ID: `abc-12345`\ngen_id: gen_77ab\nJob ID: 12345\n",
    "progress": "Your course:\n\nProgress: 75%\n\nWell done!",
    "progress in a list": "- Chapter 1\n- Progress: 40%\n",
    "progress of five": "**Progress:** 3/5\n",
    "quoted progress": "She wrote:\n\n> Progress: 40%\n\nNot bad.",
    "quoted progress alone": "> Progress: 40%",
    "progress in Chinese": "进度 40%\n进度：80%\n",
    "a link to a percentage": f"Progress 80..[100]({LINK})\n",
    "a failed build": "Results:\n\n✅ Lint passed\n❌ Build failed\n\nFix the import.",
    "a failed build, quoted": "> ⏳ Building...\n> ❌ Build failed: no import\n",
    "a failure in Chinese": "日志:\n\n失败原因：磁盘已满\n\n请清理。",
    "failures in Chinese alone": "生成失败 ❌\n失败原因：磁盘已满",
    "a failed task": "Task failed: disk full",
    "a submitted form": "> Form submitted\n\nDone.",
    "a status with an emoji": "The page shows:\n\n⏳ Processing...\n\nthen the result.",
    "stages without quotes": "Generating...\nDone!\n🕐 Queuing.\n",
    "quoted stages": "The log says:\n\n> Generating...\n> Queued.\n\nThat is all.",
    "JSON with a status": '{"status": "failed", "error": "disk full"}',
    "JSON with an error": '{"error": {"code": 5, "message": "not found"}}',
    "JSON with a prompt": '{"prompt": "a fox", "ratio": "1:1", "status": "failed"}',
    "JSON in a fence": '```json\n{"prompt": "a fox", "n": 2}\n```\n\nUse it.',
    "JSON and words": '{"prompt": "a fox"}\nI hope it helps.\n\n\n\nBye.\n',
    "links": f"[download]({LINK}) or {LINK} or [watch](https://a.example/v.mp4)\n",
    "an address alone": LINK,
    "HTML": f'<p>\n<img src="{LINK}">\n</p>',
}
CODE = {
    "inline": f"Write `a` or `{PICTURE}` there.",
    "inline on two lines": f"Write `a\n{PICTURE}\nb` there.",
    "inline on four lines": f"Write `a\nb\n{PICTURE}\n{PICTURE}` there.",
    "inline in double backticks": f"Write ``a ` {PICTURE}`` there.",
    "inline in three backticks": f"Write ```{PICTURE}``` there.",
    "in a table": f"| a | b |\n|---|---|\n| `{PICTURE}` | x |",
    "escaped": f"Write \\{PICTURE} or !\\[alt\\]({LINK}) there.",
    "indented": f"Write:\n\n    {PICTURE}\n\nThat is all.",
    "fenced": f"```\n{PICTURE}\n```\nDone.",
    "python in braces": f'```{{python}}\nprint("{PICTURE}")\n```\n\nDone.',
    "words behind the fence": f'```markdown title="x"\n{PICTURE}\n```\n\nDone.',
    "tildes": f"~~~ md\n```\n{PICTURE}\n```\n{PICTURE}\n~~~\nDone.",
    "a longer fence": f"````md\n```\n{PICTURE}\n```\n{PICTURE}\n````\nDone.",
    "behind words": f"Here it is: ```md\n{PICTURE}\n```\nDone.",
    "in a list": f"1. Write\n\n   ```md\n   {PICTURE}\n   ```\n2. Read",
    "in a list, not indented": f"- Write\n  ```md\n{PICTURE}\n```\n- Read",
    "in a quote": f"> ```\n> {PICTURE}\n> ```\n\nDone.",
    "without an end": f"```\n{PICTURE}\n\n{PICTURE}",
    "in HTML": f"<pre>\n{PICTURE}\n</pre>\nor <code>{PICTURE}</code>",
    "a transcript": (
        f'```\n{{"prompt": "a fox"}}\n> 🕐 Queuing.\n> 🏃 Progress [100]({LINK})\n{PICTURE}\n```'
    ),
    "a transcript, indented": f"It says:\n\n    > Generating...\n    > 进度 40%\n\n    {PICTURE}\n",
}
# A text, and what is left when its only picture is taken.
PICTURES = {
    "alone": (PICTURE, ""),
    "in a line": (f"Here is {PICTURE} for you.", "Here is  for you."),
    "between lines": (f"Here it is:\n\n{PICTURE}\n\nNice.", "Here it is:\n\nNice."),
    "in a paragraph": (f"Here:\n    {PICTURE}\nNice.", "Here:\nNice."),
    "in an item": (f"1. Look:\n\n   {PICTURE}\n\n2. On", "1. Look:\n\n2. On"),
    "as an item": (f"- {PICTURE}\n- b", "- b"),
    "linked": (f"A [![badge]({LINK})](https://a.example/page) badge", "A  badge"),
    "with code in its alt text": (f"A ![the `x` button]({LINK})", "A"),
    "with a title": (f'A ![a [b] c](<{LINK}> "title (1)")', "A"),
    "beside backticks": (f"Use `a` or {PICTURE} or ` alone", "Use `a` or  or ` alone"),
    "beside code": (
        f"{PICTURE}\n\n```\n{PICTURE}\n\n\n\nx\n```\n    `{PICTURE}`",
        f"```\n{PICTURE}\n\n\n\nx\n```\n    `{PICTURE}`",
    ),
    "behind a quote with a fence": (f"> ```\n> x\n\nSo {PICTURE}", "> ```\n> x\n\nSo"),
    "beside the words of a protocol": (
        f"ID: 48213\nProgress: 75%\n{PICTURE}\n❌ Build failed\n",
        "ID: 48213\nProgress: 75%\n❌ Build failed",
    ),
    "beside a quote": (f"> Form submitted\n\n{PICTURE}\n", "> Form submitted"),
    "an HTML tag with bytes": (
        'A <img alt="a" src="data:image/png;base64,AAAA"> fox', "A  fox",
    ),
}  # fmt: skip


def answer(pieces: Iterable[str], model: str) -> Generation:
    """The end of an answer that came in pieces, with a frame drawn after each."""
    builder = growing(model)
    for piece in pieces:
        builder.add(chunk(piece), 1.0)
        builder.snapshot(1.0)
    builder.add(chunk("", "stop"), 1.0)
    builder.close(is_whole=True)
    return builder.finish(2.0)


def cuts(text: str) -> Iterator[list[str]]:
    """The text whole, character by character, and in two parts at every place, or at many."""
    yield [text]
    yield [*text]
    for at in range(1, len(text), max(1, len(text) // MOST_CUTS)):
        yield [text[:at], text[at:]]


@pytest.mark.parametrize("text", [*WORDS.values(), *CODE.values()], ids=[*WORDS, *CODE])
def test_a_text_is_the_whole_answer(text: str) -> None:
    """Complete, every character of it, with nothing made and nothing reported."""
    for model in MODELS:
        generation = answer([text], model)
        assert (generation.status, generation.error) == (Status.COMPLETE, None)
        assert (generation.text, generation.answer) == (text, text)
        assert generation.media == ()
        reported = (generation.progress, generation.task_id, generation.revised_prompt)
        assert reported == ((), None, None)
        assert (generation.parameters, generation.gen_ids) == ({}, ())
        assert generation.medium is Medium.TEXT


@pytest.mark.parametrize(("text", "rest"), PICTURES.values(), ids=PICTURES)
def test_a_picture_in_a_text_is_one(text: str, rest: str) -> None:
    """It is shown on its own; the rest of the text stays as it is, code included."""
    generation = answer([text], MODELS[0])
    assert len(generation.images) == 1
    assert (generation.status, generation.answer) == (Status.COMPLETE, rest)


ALL = {**WORDS, **CODE, **{name: text for name, (text, _) in PICTURES.items()}}


@pytest.mark.parametrize("text", ALL.values(), ids=[*WORDS, *CODE, *PICTURES])
def test_no_cut_changes_a_text(text: str) -> None:
    """Of the text, or of the bytes of the stream."""
    whole = answer([text], MODELS[0])
    for pieces in cuts(text):
        assert answer(pieces, MODELS[0]) == whole
    stream = chunked(text, 9)
    expected = facts_of([stream], MODELS[0], is_whole=True)
    for parts in feedings(stream, most_cuts=60):
        assert facts_of(parts, MODELS[0], is_whole=True) == expected


MADE = [row for row in ROWS if row["text"].count("\n>") and not row["expect"]["partial"]]


@pytest.mark.parametrize("row", MADE, ids=lambda row: row["id"])
def test_an_unknown_model_that_quotes_its_work_makes_pictures(row: dict[str, Any]) -> None:
    """It reports stages or progress in quotes, and has a picture or video: both are read."""
    expected = row["expect"]
    for pieces in cuts(row["text"]):
        generation = answer(pieces, "never-heard-of")
        assert [image.url for image in generation.images] == expected["images"]
        assert [video.url for video in generation.videos] == expected["videos"]
        assert list(generation.progress) == expected["progress"]
        assert (generation.answer, generation.task_id) == ("", expected["task_id"])
        assert generation.medium is (Medium.VIDEO if expected["videos"] else Medium.IMAGE)


def test_an_unknown_model_is_watched_while_it_makes_a_picture() -> None:
    """From its first status on, and to the end."""
    text = f"> 🕐 Queuing.\n> ⚡ Generating..\n> 🏃 Progress 14..37..\n\n{PICTURE}\n"
    builder = growing("never-heard-of")
    seen = []
    for line in text.splitlines(keepends=True):
        builder.add(chunk(line), 1.0)
        frame = builder.snapshot(1.0)
        seen.append((frame.status, frame.medium, frame.percent, frame.answer))
    generating = (Status.GENERATING, Medium.IMAGE, 37, "")
    assert seen == [
        (Status.QUEUED, Medium.IMAGE, None, ""),
        (Status.GENERATING, Medium.IMAGE, None, ""),
        *[generating] * 3,
    ]


@pytest.mark.parametrize(
    ("beginning", "words"),
    [
        ("> ID: `task_12345`\n> Progress: 40%\n", "\nShe wrote this in May.\n"),
        ("> Generating...\n", "\nThis is the message that you saw.\n"),
    ],
)
def test_a_quotation_is_no_picture_after_all(beginning: str, words: str) -> None:
    """What the frames showed of a picture is gone at the end of a text without one."""
    builder = growing("never-heard-of")
    builder.add(chunk(beginning), 1.0)
    assert builder.snapshot(1.0).medium is Medium.IMAGE
    builder.add(chunk(words, "stop"), 2.0)
    builder.close(is_whole=True)
    generation = builder.finish(3.0)
    assert (generation.status, generation.medium) == (Status.COMPLETE, Medium.TEXT)
    assert generation.answer == beginning + words
    assert (generation.progress, generation.task_id) == ((), None)


@pytest.mark.parametrize(
    ("url", "medium"),
    [(LINK, Medium.IMAGE), ("https://a.example/v.mp4", Medium.VIDEO)],
    ids=["picture", "video"],
)
def test_a_result_beside_the_text_counts_too(url: str, medium: Medium) -> None:
    """The status in the text is then no part of an unknown model's answer."""
    builder = growing("never-heard-of")
    builder.add(chunk("> 🎨 生成中...\n\nDone by you."), 1.0)
    builder.add(ChatCompletionChunk(choices=(ChunkChoice(0, "", "stop", (Attachment(url),)),)), 2.0)
    builder.close(is_whole=True)
    generation = builder.finish(3.0)
    assert [media.url for media in generation.media] == [url]
    assert (generation.answer, generation.medium) == ("Done by you.", medium)


def test_a_cut_in_the_work_of_an_unknown_model_keeps_its_progress() -> None:
    """As far as it came, the text is that of a picture."""
    builder = growing("never-heard-of")
    builder.add(chunk("> 🏃 Progress 10....22....34..4"), 1.0)
    builder.close(is_whole=False)
    generation = builder.interrupt("cut", 2.0)
    assert (generation.medium, generation.progress) == (Medium.IMAGE, (10, 22, 34))


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        (
            "> 排队中.\n> 生成中..\n\n生成失败 ❌\n失败原因：input_moderation\n",
            "input_moderation",
            "",
        ),
        ("> Queuing.\n> ❌ Generation failed: out of credit\n", "out of credit", ""),
        ('> Generating..\n\n{"status": "failed", "error": {"message": "blocked"}}', "blocked", ""),
        (
            '{"prompt": "a fox"}\n> Generating..\n\nI cannot draw that.',
            "I cannot draw that.",
            "I cannot draw that.",
        ),
    ],
    ids=["a status", "a line", "a block", "words"],
)
def test_an_unknown_model_that_fails_says_why(text: str, reason: str, words: str) -> None:
    """Its status and its failure, or the parameters, are those of a picture."""
    for pieces in cuts(text):
        generation = answer(pieces, "never-heard-of")
        assert (generation.status, generation.error) == (Status.FAILED, reason)
        assert (generation.medium, generation.answer) == (Medium.IMAGE, words)


@pytest.mark.parametrize(
    ("line", "medium"),
    [
        (f"![a]({LINK})", Medium.IMAGE),
        (f"[Download]({LINK})", Medium.IMAGE),
        ("[Watch](https://a.example/v.mp4)", Medium.VIDEO),
        (LINK, Medium.IMAGE),
        ("> [100](https://a.example/77)", Medium.TEXT),
        ("[Data preview](https://a.example/web/77)", Medium.TEXT),
        (f"[Download]({LINK}) and more words", Medium.TEXT),
        ("❌ 生成失败", Medium.IMAGE),
    ],
)
def test_a_line_of_its_own_that_is_a_result(line: str, medium: Medium) -> None:
    """It makes the text behind a status that of a picture or video; other lines do not."""
    text = f"> Generating...\n\nHello.\n{line}\n"
    assert answer([text], "never-heard-of").medium is medium


HOSTILE = [
    "![", "![a](", "![[a]", "![a](()", "![a](x)", "[", "](", "<img src=", "<img a>", "`", "``a",
    "`a\n", "- ", "1. ", "- \n", "> ", "> - ", "\n>", "\\", "\\`", "<code>", "<code", "<pre>\n",
    "    x\n", "* ", "\t", "a\n", "a```\n", "```\n", "~~~", "#", "> Progress 1", "> 进度 3%\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_hostile_repetition_is_read_in_linear_time(piece: str) -> None:
    """A hundred thousand characters of any building block are read; a square would time out."""
    text = piece * (100_000 // len(piece))
    parser = TranscriptParser(PlainReader())
    parser.feed(text[:50_000])
    parser.feed(text[50_000:])
    assert len(parser.close().images) <= 1


@pytest.mark.parametrize(
    "line", ["❌ Build failed...", "Read on...", "Build done", "Wait, generating.."]
)
def test_a_quotation_with_dots_is_no_status(line: str) -> None:
    """It is none of a picture that is being made; one beside it is only shown."""
    generation = answer([f"> {line}\n\nHello.\n{PICTURE}\n"], "never-heard-of")
    assert (generation.medium, len(generation.images)) == (Medium.TEXT, 1)
