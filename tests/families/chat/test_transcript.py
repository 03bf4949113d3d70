"""What is read out of an image model's text, however it arrives."""

import codecs
from typing import Any

import pytest

from comet_magic.families.chat.transcript import Transcript, TranscriptParser
from tests.transcripts import IDS, ROWS


def read(*pieces: str, close: bool = True) -> Transcript:
    """The facts of a text that came in pieces."""
    parser = TranscriptParser()
    transcript = parser.feed("")
    for piece in pieces:
        transcript = parser.feed(piece)
    return parser.close() if close else transcript


def facts(transcript: Transcript) -> dict[str, Any]:
    """What the rows of the data file expect, read from a transcript."""
    names = ("prompt", "ratio", "progress", "images", "videos", "task_id", "gen_ids", "partial")
    values = {name: getattr(transcript, name) for name in names}
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in values.items()
    }


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_reads_real_transcripts(row: dict[str, Any]) -> None:
    """Each real text gives exactly the facts it holds."""
    expected = row["expect"]
    transcript = read(row["text"])
    assert facts(transcript) == {key: expected[key] for key in facts(transcript)}
    if expected["failed"]:
        assert transcript.reason == expected["reason"]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_every_cut_in_two_reads_the_same(row: dict[str, Any]) -> None:
    """Where the text is cut in two makes no difference."""
    text = row["text"]
    whole = read(text).facts
    for position in range(len(text) + 1):
        assert read(text[:position], text[position:]).facts == whole, position


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_byte_by_byte_reads_the_same(row: dict[str, Any]) -> None:
    """Neither does a text that arrives one byte at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    pieces = [decoder.decode(bytes([byte])) for byte in row["text"].encode()]
    assert read(*pieces).facts == read(row["text"]).facts


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_transcript_does_not_change_when_the_parser_is_fed_on(row: dict[str, Any]) -> None:
    """The facts of a beginning are the same whether they are read now or after the rest came."""
    text = row["text"]
    parser = TranscriptParser()
    early = [parser.feed(character) for character in text]
    for length in range(1, len(text) + 1, 7):
        assert early[length - 1].facts == read(text[:length], close=False).facts, length


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_crlf_reads_like_lf(row: dict[str, Any]) -> None:
    """A gateway that sends `\\r\\n` changes nothing."""
    assert facts(read(row["text"].replace("\n", "\r\n"))) == facts(read(row["text"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> 进度 **34%**\n", [34]),
        ("> 进度 14%.\n> 进度 44%.\n> 进度 83%\n", [14, 44, 83]),
        (">🏃 Progress 14...37...61..[100](https://a.example/100/77.png)\n", [14, 37, 61, 100]),
        (">🏃 进度 48..[100](https://a.example/x.png?n=55)\n", [48, 100]),
        ("> Progress: 34.5%, 70/100\n", [34, 70]),
        (">🏃 Progress [100](https://a.example/x.png)", [100]),
        ("> 🏃 Progress 5..5..80\n", [5, 5, 80]),
        ("Progress 40%\n", [40]),
        ("> Progress 34% (about 20 s left)\n", [34]),
        ("> ⚡ Generating.. Progress 14..\n", [14]),
        ("> Progress 300..20\n", [20]),
        ("> Progress in science is slow: 50 years\n", []),
        ("We made Progress 50 years ago\n", []),
        (">🏃 Progress 14..[100](https://a.example/1", [14, 100]),
        ("> 🎬 开始生成视频" + "." * 3_000 + "\n> 进度 9" + "." * 3_000 + "12..\n", [9, 12]),
    ],
)  # fmt: skip
def test_progress_in_every_layout(text: str, expected: list[int]) -> None:
    """Percentages are read in order; digits of links and of sentences are none."""
    assert list(read(text).progress) == expected


def test_a_number_still_being_written_is_not_yet_a_percentage() -> None:
    """`Progress 3` may become `37`: the last number counts once something follows it."""
    parser = TranscriptParser()
    assert parser.feed("> Progress 14..3").progress == (14,)
    assert parser.feed("7").progress == (14,)
    assert parser.feed(".").progress == (14, 37)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        (">🕐 Queuing.\n", "queued"),
        ("> 排队中.\n", "queued"),
        ("> 等待处理中.\n", "queued"),
        ("> 视频生成任务已创建\n", "queued"),
        (">⚡ Generating..\n", "generating"),
        ("> 🎨 生成中...\n", "generating"),
        ("> 🎬 开始生成视频....\n", "generating"),
        ("> ✅ Generation complete\n", "complete"),
        ("> 生成完成 ✅\n", "complete"),
        ("> 🎉 高质量视频已生成\n", "complete"),
        ("生成失败 ❌\n", "failed"),
        ("> ❌ Generation failed: out of credit\n", "failed"),
        ('{"status": "failed", "error": {"message": "moderation"}}', "failed"),
        ("The cat is waiting at the door.\n", None),
        ("> To be, or not to be, that is the question; we are generating it now\n", None),
    ],
)
def test_stages_in_every_layout(text: str, stage: str | None) -> None:
    """A status line names its stage in both languages; a sentence names none."""
    assert read(text).stage == stage


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![a](https://a.example/x_(1).png)", ["https://a.example/x_(1).png"]),
        ('![a](<https://a.example/x.png> "title")', ["https://a.example/x.png"]),
        ("![a [b] c](https://a.example/x.png)", ["https://a.example/x.png"]),
        ("[![a](https://a.example/x.png)](https://a.example/page)", ["https://a.example/x.png"]),
        ("![image](https://a.example/x.png](https://a.example/x.png)", ["https://a.example/x.png"]),
        ("![a](https://a.example/1.png) ![b](https://a.example/2.png)\n![a](https://a.example/1.png)",
         ["https://a.example/1.png", "https://a.example/2.png"]),
        ("![a](https://a.example/cdn/1.png)\n[下载](https://a.example/cdn/download/1.png)",
         ["https://a.example/cdn/1.png"]),
        ("[点击下载](https://a.example/cdn/download/1.png)\n[点击下载](https://a.example/cdn/2.png)",
         ["https://a.example/cdn/download/1.png", "https://a.example/cdn/2.png"]),
        ("https://a.example/pictures/77", ["https://a.example/pictures/77"]),
        ("Here you are: https://a.example/x.png.", ["https://a.example/x.png"]),
        ("Sorry. See https://a.example/policies for more.", []),
        ("Sorry.\nhttps://a.example/policies", []),
        ("[Data Preview](https://a.example/web/7) | [Source Data](https://a.example/source/7)", []),
        ("[Download the report](https://a.example/report.pdf)", []),
        ("> Progress 80..[100](https://a.example/p.png)\n", ["https://a.example/p.png"]),
        ("> Progress 80..[100](https://a.example/p.png)\n![x](https://a.example/x.png)",
         ["https://a.example/x.png"]),
        ('<img src="https://a.example/x.png" onerror="alert(1)">', ["https://a.example/x.png"]),
        ("![x](javascript:alert(1))", []),
        ("![x](file:///etc/passwd)", []),
        ("![x](https://a.example/cut", []),
        ("```\n![x](https://a.example/x.png)\n```", []),
    ],
)  # fmt: skip
def test_which_links_are_the_pictures(text: str, expected: list[str]) -> None:
    """Markdown images first, then downloads, then bare addresses, then the preview; each once."""
    assert list(read(text).images) == expected


def test_a_poster_is_no_picture() -> None:
    """In a video reply the Markdown image is the poster of the video."""
    transcript = read("![p.webp](https://a.example/p.webp)\n[▶️ Watch](https://a.example/v.mp4)")
    assert transcript.videos == ("https://a.example/v.mp4",)
    assert transcript.results.posters == ("https://a.example/p.webp",)
    assert transcript.images == ()


@pytest.mark.parametrize(
    ("block", "prompt", "ratio"),
    [
        ('{"prompt": "a \\"b\\" {c}\\n```", "ratio": "3:2"}', 'a "b" {c}\n```', "3:2"),
        ('```json\n{"user_prompt": "x", "aspect_ratio": "16:9", "n": 2}\n```', "x", "16:9"),
        ('```\n{\n "prompt": "x}",\n "size": "1024x1024"\n}\n```', "x}", None),
        ('{"prompt": ["one", "two"]}', "one\ntwo", None),
        ('\n\n```JSON\n\n{"prompt": "x"}```\nand more', "x", None),
        ("```python\nx = {'prompt': 1}\n```", None, None),
        ('{"answer": 42}', None, None),
        ('{"prompt": "never closed', None, None),
    ],
)
def test_the_parameter_block(block: str, prompt: str | None, ratio: str | None) -> None:
    """The block is JSON, bare or fenced; anything else is the model's own text."""
    transcript = read(block)
    assert (transcript.prompt, transcript.ratio) == (prompt, ratio)


def test_prose_glued_to_the_block_is_the_reason() -> None:
    """What follows the closing brace on its line is not lost."""
    transcript = read('{"prompt": "a tiger"}I can’t assist with that request.')
    assert transcript.prompt == "a tiger"
    assert transcript.reason == "I can’t assist with that request."


def test_code_that_is_no_parameters_stays_code() -> None:
    """A fenced block of another kind is the model's text, fences included."""
    text = 'Look:\n```json\n{"a": 1}\n```\nDone with it.'
    assert read(text).prose == text


def test_the_protocol_is_not_prose() -> None:
    """Of a whole picture answer nothing is left; of a text answer everything."""
    assert read(ROWS[0]["text"]).prose == ""
    assert (
        read("# Hello\n\n> a quote\n\n- one\n- two").prose == "# Hello\n\n> a quote\n\n- one\n- two"
    )


def test_a_gap_is_a_gap_however_wide_it_is() -> None:
    """A million blank lines cost no more than two; in a block that is written they are text."""
    text = "a" + "\n" * 1_000_000 + "b"
    transcript = read(text)
    assert transcript.prose == "a\n\nb"
    assert len(transcript.facts) < 10
    assert TranscriptParser().feed('\n\n\n{"prompt": "a\n\n\n\nb').draft == "a\n\n\n\nb"


def test_a_block_being_written_can_be_watched() -> None:
    """Until it is whole the block's text is `unfinished`, and then it is the parameters."""
    parser = TranscriptParser()
    transcript = parser.feed('```\n{\n "prompt": "A \\"cu')
    assert transcript.unfinished == '{\n "prompt": "A \\"cu'
    assert transcript.draft == 'A "cu'
    assert parser.feed("te\\").draft == 'A "cute'
    transcript = parser.feed('" cat"\n}\n```\n')
    assert (transcript.unfinished, transcript.draft) == ("", "")
    assert transcript.prompt == 'A "cute" cat'


HOSTILE = [
    "![", "[", "](", "![a](", "![a](http://x", '![a](b "', "<img src=", "> ", "{", "```\n",
    "进度 ", "> Progress 1", "\n>", "[100](http://x", " ", "https://", "(", "`", "![a](u](u", "*",
    "tail```\n", '```{"', "```{", "```json ", "`` ```",
    "> ID: ", ".", '{"a":', "\u2028", "\x00",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_hostile_repetition_is_read_in_linear_time(piece: str) -> None:
    """A hundred thousand characters of any building block are read; a square would time out."""
    transcript = read(piece * (100_000 // len(piece)))
    assert transcript.images == ()
    assert len(transcript.progress) < 100


@pytest.mark.parametrize("size", [100, 100_000], ids=["short", "long"])
def test_an_inline_picture_reads_the_same_however_large(size: int) -> None:
    """Label, address and the text around it; several on a line; one with a space is none."""
    address = "data:image/png;base64," + "A" * size
    other = "data:image/webp;base64," + "B" * size
    broken = address.replace("AA", "A A", 1)
    parser = TranscriptParser()
    parser.feed(f"Here: ![a cat]({address}) and ![]({other}), not ![x]({broken}).\n")
    facts = parser.feed(f"[download]({address})\n")
    assert facts.images == (address, other)
    assert facts.alt(address) == "a cat"
    assert facts.prose == f"Here:  and , not ![x]({broken})."
    assert parser.feed(f"![b]({other}").images == (address, other)


def test_a_label_in_a_quote_is_the_reason_if_nothing_else_is_said() -> None:
    """It is no answer, but better than no reason."""
    assert (read("> Cost: 5 credits").reason, read("> Cost: 5 credits").prose) == (
        "Cost: 5 credits", "",
    )  # fmt: skip
    assert read("> Cost: 5 credits\nI cannot.").reason == "I cannot."


@pytest.mark.parametrize("name", ["x.zip", "x.pdf"])
def test_an_address_of_another_file_stays_in_the_text(name: str) -> None:
    """It is no picture, and must not be lost."""
    assert read(f"https://a.example/{name}").prose == f"https://a.example/{name}"
