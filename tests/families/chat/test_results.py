"""Which links of an answer are its pictures and videos, in every layout that was met."""

import base64
import json
from typing import Any

import pytest

from comet_magic.families.chat.links import Link, LinkKind, ending, kind_of
from comet_magic.families.chat.rescue import looked_through
from comet_magic.families.chat.results import Results, results
from comet_magic.families.facts import Failed, Made, Percent, Text
from comet_magic.media.medium import Medium
from comet_magic.wire.body import Body
from tests.families.chat.hearing import chunked, exchange, facts_of
from tests.pictures import MP4, encoded
from tests.wire.feeding import feedings

IMAGE_MODEL, VIDEO_MODEL = "gpt-4o-image", "veo-3"
HOST = "https://a.example"
A, B, V = f"{HOST}/img/a.png", f"{HOST}/img/b.png", f"{HOST}/img/v.mp4"
FILE, PAGE = f"{HOST}/v1/files/77", f"{HOST}/guide"
BASE64 = base64.b64encode(encoded()).decode()
URI = f"data:image/png;base64,{BASE64}"
FILM = f"data:video/mp4;base64,{base64.b64encode(MP4).decode()}"


def read(text: str, model: str) -> dict[str, Any]:
    """What the answer of a model says, however its bytes arrive."""
    stream = chunked(text)
    facts = facts_of([stream], model, is_whole=True)
    for parts in feedings(stream, most_cuts=60):
        assert facts_of(parts, model, is_whole=True) == facts
    made = [fact for fact in facts if isinstance(fact, Made)]
    said: dict[str, Any] = {
        "images": [fact.url for fact in made if fact.medium is Medium.IMAGE],
        "videos": [fact.url for fact in made if fact.medium is Medium.VIDEO],
        "posters": [fact.poster for fact in made if fact.poster],
        "progress": [fact.value for fact in facts if isinstance(fact, Percent)],
        "failed": [fact.reason for fact in facts if isinstance(fact, Failed)],
        "answer": [fact.answer for fact in facts if isinstance(fact, Text)][-1],
    }
    return {name: value for name, value in said.items() if value}


VIDEOS = {
    "a bare address": (FILE, [FILE], ""),
    "a bare address in a sentence": (f"Ready: {HOST}/v1/files/video?id=7", None, None),
    "an image without an ending": (f"![video]({FILE})", [FILE], ""),
    "a download without an ending": (f"[Download]({FILE})", [FILE], ""),
    "a player": (f"[▶️ 在线播放]({FILE})", [FILE], ""),
    "a video tag": (f'<video controls src="{FILE}?a=1&amp;b=2"></video>', [f"{FILE}?a=1&b=2"], ""),
    "a source of several lines": (
        f"<video controls>\n<source\n  src='{FILE}'\n  type='video/mp4'\n>\n</video>", [FILE], "",
    ),
    "a source without quotes": (f"<video><source src={V} type=video/mp4/></video>", [V], ""),
    "a frame": (f"<iframe src='{FILE}'></iframe>", [FILE], ""),
    "an anchor": (f"<a href='{V}' target=_blank>Download video</a>", [V], ""),
    "HTML in a fence without an end": (
        f"```html\n<video controls>\n  <source src='{V}'>\n</video>", [V], "",
    ),
    "HTML in a fence": (f"```html\n<video src='{V}' controls></video>\n```", [V], ""),
    "an address in a fence": (f"```\n{HOST}/file/video\n```", [f"{HOST}/file/video"], ""),
    "JSON": (json.dumps({"status": "completed", "video_url": FILE}), [FILE], None),
    "JSON in JSON": (json.dumps({"result": json.dumps({"video_url": FILE})}), [FILE], None),
    "JSON with escapes": (r'{"url": "https:\/\/a.example\/img\/v.mp4"}', [V], None),
    "bytes": (f"[video]({FILM})", [FILM], ""),
    "bytes that call themselves a picture": (
        f"![x]({FILM.replace('video/mp4', 'image/png')})",
        [FILM.replace("video/mp4", "image/png")], "",
    ),
    "a file beside a guide": (f"[video]({V})\n[How to play]({PAGE})", [V], None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "videos", "answer"), VIDEOS.values(), ids=VIDEOS)
def test_videos_are_delivered_in_many_ways(
    text: str, videos: list[str] | None, answer: str | None
) -> None:
    """An address without an ending in a video model's answer is a video, wherever it stands."""
    said = read(text, VIDEO_MODEL)
    assert said.get("videos") == (videos or [text.rpartition(" ")[2]])
    assert "images" not in said
    if answer is not None:
        assert said.get("answer", "") == answer


def test_a_picture_beside_a_video_is_its_poster() -> None:
    """One poster a video; a further picture is one, so that nothing is lost."""
    said = read(f"![a]({A})\n[▶️ Watch]({FILE})\n![b]({B})", VIDEO_MODEL)
    assert said == {"videos": [FILE], "posters": [A], "images": [B]}
    poster = f'<video controls poster="{A}">\n  <source src="{V}">\n</video>\n\n[Download MP4]({V})'
    assert read(poster, VIDEO_MODEL) == {"videos": [V], "posters": [A]}


def test_a_poster_belongs_to_the_video_that_it_stands_beside() -> None:
    """A video in a field of the message has none from the text."""
    message = {"content": f"![a]({A})\n[▶️ Watch]({V})", "videos": [{"url": FILE}]}
    body = json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]})
    asked = exchange(VIDEO_MODEL)
    asked.hear(Body(body.encode()))
    made = [fact for fact in asked.close(is_whole=True) if isinstance(fact, Made)]
    videos = {fact.url: fact.poster for fact in made if fact.medium is Medium.VIDEO}
    assert videos == {FILE: "", V: A}


PICTURES = {
    # Addresses.
    "relative": ("![image](/img/a.png)", ["/img/a.png"], ""),
    "relative without a slash": ("![image](img/a.png)", ["img/a.png"], ""),
    "of the same scheme": ("![x](//cdn.example/a.png)", ["//cdn.example/a.png"], ""),
    "an entity": (f"![x]({A}?k=1&amp;sig=abc)", [f"{A}?k=1&sig=abc"], ""),
    "a blank in the address": (f"![x]({HOST}/my a.png)", [f"{HOST}/my%20a.png"], ""),
    "capitals": (f"![x](DATA:image/PNG;base64,{BASE64})", [URI], ""),
    "another type": (
        f"![x](data:application/octet-stream;base64,{BASE64})",
        [f"data:application/octet-stream;base64,{BASE64}"], "",
    ),
    "base64 as an address": (f"![x]({BASE64})", [URI], ""),
    "base64 alone": (BASE64, [URI], ""),
    "base64 in a sentence": (f"Here it is: {BASE64}", [URI], "Here it is:"),
    "an inline picture in a sentence": (f"Here it is: {URI}", [URI], "Here it is:"),
    "an inline picture in a fence": (f"```\n{URI}\n```", [URI], ""),
    "base64 in JSON": (json.dumps({"data": [{"b64_json": BASE64}]}), [URI], None),
    "an alt text of two lines": (f"![a red\nfox]({A})", [A], ""),
    "an address on a line of its own": (f"![x](\n{A}\n)", [A], ""),
    "a Chinese title": (f"![x]({A} “狐狸”)", [A], ""),
    "wide brackets": (f"![x]（{A}）", [A], ""),
    "a size": (f"![fox]({A} =300x200)", [A], ""),
    # Layouts.
    "a field": (json.dumps({"image_url": A}), [A], ""),
    "a field without an ending": (json.dumps({"image_url": FILE}), [FILE], ""),
    "a list": (json.dumps({"images": [f"{HOST}/f/1", f"{HOST}/f/2"]}),
               [f"{HOST}/f/1", f"{HOST}/f/2"], None),
    "a part": (json.dumps([{"type": "image_url", "image_url": {"url": FILE}}]), [FILE], None),
    "JSON in a fence": (f'```json\n{{"url": "{A}"}}\n```', [A], ""),
    "bold": (f"Here it is: **{A}**", [A], f"Here it is: **{A}**"),
    "bold without a space": (f"**{A}**and", [A], None),
    "an autolink without an ending": (f"<{FILE}>", [FILE], ""),
    "inline code": (f"`{A}`", [A], ""),
    "a table": (f"| {A} | {B} |", [A, B], None),
    "a Chinese sentence": (f"图片地址：{A}，请查看", [A], None),
    "a reference": (f"![fox][1]\n\n[1]: {A}", [A], ""),
    "a reference without an ending": (f"![fox][1]\n\n[1]: <{FILE}> 'x'", [FILE], None),
    "a fence": (f"```markdown\n![x]({A})\n```", [A], ""),
    "a fence without an end": (f"```\nHere it is:\n![x]({A})\nBye", [A], "Here it is:\nBye"),
    "bytes in a fence without an end": (f"Fox:\n```\n{URI}\nBye", [URI], "Fox:\nBye"),
    "JSON in a fence without an end": (
        f'```json\n{{\n  "image": "{A}",\n  "tags": [\n    "red"\n  ],\n  "seed": 7\n}}', [A], "",
    ),
    "JSON and words in a fence without an end": (
        f'```\n{{\n  "image": "{A}"\n}}\nHere "it" is.', [A], 'Here "it" is.',
    ),
    "a remark in a quote": (f"![x]({A})\n\n> **Note:** it is old", [A], "> **Note:** it is old"),
    "a line of the protocol in a quote": (f"![x]({A})\n\n> Model: gpt", [A], ""),
    "an indented line": (f"    ![x]({A})", [A], ""),
    "a style behind the ending": (f"Here {HOST}/x.jpeg~tplv-1.image ok",
                                  [f"{HOST}/x.jpeg~tplv-1.image"], None),
    "a name in the query": (f"Here {HOST}/dl?file=x.png ok", [f"{HOST}/dl?file=x.png"], None),
    "a guide beside it": (f"![x]({A})\n[How to play]({PAGE})", [A], f"[How to play]({PAGE})"),
    "a guide in a sentence": (f"Read [my video tips]({PAGE}) first.\n\n![x]({A})", [A],
                              f"Read [my video tips]({PAGE}) first."),
    "a guide in HTML": (
        f'<p>Read <a href="{PAGE}">my video tips</a></p>\n\n![x]({A})', [A], "Read",
    ),
    "the result in a sentence": (f"Here: [download the picture]({FILE})", [FILE], "Here:"),
    "a player beside it": (f"![x]({A})\n[▶️ Watch]({PAGE})", [A], ""),
    "one in a fence beside another": (f"![a]({A})\n```\n![b]({B})\n```", [A, B], ""),
    "one without an ending in a fence beside another": (
        f"![a]({A})\n```\n![b]({FILE})\n```", [A], None,
    ),
    # What does not stay in the answer.
    "thoughts": (f"<thinking>Plan the fox.</thinking>\n\n![x]({A})", [A], ""),
    "thoughts without an end": (f"![x]({A})\n<think>\nWas it good?", [A], ""),
    "thoughts without a beginning": (f"Plan the fox.\n</think>\n\nDone.\n![x]({A})", [A], "Done."),
    "a preview in thoughts": (f"<think>![p]({B})</think>![x]({A})", [A], ""),
    "paragraphs": (f'<p align="center">\n<a href="{A}"><img src="{A}" alt="fox"/></a>\n</p>', [A],
                   ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "images", "answer"), PICTURES.values(), ids=PICTURES)
def test_pictures_are_delivered_in_many_ways(
    text: str, images: list[str], answer: str | None
) -> None:
    """Addresses as people and gateways write them, in code, JSON, HTML and references."""
    said = read(text, IMAGE_MODEL)
    assert said.get("images") == images
    assert "videos" not in said
    assert BASE64 not in said.get("answer", "")
    if answer is not None:
        assert said.get("answer", "") == answer


REFUSALS = [
    f"I can't draw that person [1]({HOST}/policy).",
    f"Sorry [2]({HOST}/policy) and [3]({HOST}/terms.html).",
    f"See {HOST}/usage-policies for more.",
    f"I can't. [How to play]({PAGE})",
    f"I can't. [Watch]({PAGE})",
    "Done!\n\n![x](sandbox:/mnt/data/fox.png)",
    "Done!\n\n![x](/mnt/data/fox.png)",
    '{"prompt": "a fox", "image_url": "https://a.example/sent.png"}I can’t draw that.',
]


@pytest.mark.parametrize("text", REFUSALS)
def test_pages_and_sent_pictures_are_no_results(text: str) -> None:
    """A citation, a guide, a file of the model's own machine, a picture that was sent."""
    said = read(text, IMAGE_MODEL)
    assert "images" not in said
    assert "videos" not in said
    assert said["failed"]


def test_the_thoughts_are_the_reason_if_nothing_else_is_said() -> None:
    """They are no answer, but better than no reason."""
    said = read("<think>\nThat is not allowed.\n</think>", IMAGE_MODEL)
    assert said == {"failed": ["That is not allowed."]}
    said = read("<think>\nHm.\n</think>\nI can't.", IMAGE_MODEL)
    assert said == {"failed": ["I can't."], "answer": "I can't."}


PROGRESS = {
    "⏳ 任务进度：20%\n🎨 图片生成中 45%\n当前进度 80%": [20, 45, 80],
    "<think>\n正在画图 20%\n正在画图 80%\n</think>": [20, 80],
    "Progress: 10%\nGenerating image... 45%\n[####----] 60%\n99%": [10, 45, 60, 99],
    "图片正在生成中，请稍候... 当前进度 45%\n正在生成图片，请稍候…": [45],
    "🎨 正在绘制… (30％)\n渲染中 **70%**\n图片生成完成！": [30, 70],
    "生成进度: 45/100\n任务进度 60\nCurrent progress: 61": [45, 60, 61],
    "> Rendering 12.5%\n> 正在画图 20%": [12, 20],
    "Creating your image, please wait...": [],
}


@pytest.mark.parametrize(("lines", "progress"), PROGRESS.items())
def test_progress_in_many_words_is_read_and_not_shown(lines: str, progress: list[int]) -> None:
    """Percentages in order; nothing of the lines stays in the answer."""
    said = read(f"{lines}\n\n![fox]({A})", IMAGE_MODEL)
    assert said == {"images": [A], **({"progress": progress} if progress else {})}


@pytest.mark.parametrize(
    "words",
    [
        *["Get 20% off!", "A fox, 30% of it fur.", "120%", "The tail makes up 40% of a red fox."],
        *["Loading 100% cotton", "# 100%", "1. 100%", "这是生成中的第 50% 张"],
    ],
)
def test_a_percentage_in_a_sentence_is_no_progress(words: str) -> None:
    """The model's own words stay."""
    assert read(f"{words}\n![fox]({A})", IMAGE_MODEL) == {"images": [A], "answer": words}


@pytest.mark.parametrize(
    ("medium", "expected"),
    [
        (Medium.VIDEO, Results((), (FILE,), ())),
        (Medium.IMAGE, Results((), (), ())),
        (Medium.TEXT, Results((), (FILE,), ())),
    ],
)
def test_the_label_counts_last(medium: Medium, expected: Results) -> None:
    """A player between words is a video unless the model makes pictures."""
    link = Link(kind_of("▶️ Watch", FILE, is_image=False), "▶️ Watch", FILE)
    assert link.kind is LinkKind.PLAYER
    assert results([link], medium, has_prose=True) == expected


@pytest.mark.parametrize(
    ("url", "medium"),
    [
        (A, Medium.IMAGE),
        (f"{V}?sig=1", Medium.VIDEO),
        (f"{HOST}/x.png!small", Medium.IMAGE),
        (f"{HOST}/x.png.html", None),
        (f"{HOST}/get?name=x.mp4&k=1", Medium.VIDEO),
        (f"{HOST}/get?t=mp4", None),
        ("http://[broken", None),
        (FILE, None),
    ],
)
def test_the_ending_of_an_address(url: str, medium: Medium | None) -> None:
    """It stands in the path or in the query; behind it stores write a style."""
    assert ending(url) is medium


def test_a_million_backslashes_are_looked_through_in_linear_time() -> None:
    """An answer without a picture is searched once more; a square would time out."""
    slashes = "\\" * 1_000_000
    for text, images in ((slashes, ()), (f'{slashes}"{A}"', (A,))):
        found = looked_through(text, [], Medium.IMAGE, has_prose=True, is_whole=True)
        assert found == Results(images)


@pytest.mark.parametrize(
    "words",
    [
        f"Load it:\n\n```python\nfetch('{A}')\nprint('done')\n```",
        f'The page:\n\n```html\n<h1>My fox</h1>\n<img src="{A}">\n```',
    ],
)
def test_code_that_uses_a_picture_stays_beside_it(words: str) -> None:
    """Only code that alone holds the picture is left out: the picture is shown in its place."""
    said = read(f"{words}\n\n![fox]({A})", IMAGE_MODEL)
    assert (said["images"], said["answer"]) == ([A], words)
    alone = read(f"Here:\n\n```\n{A}\n```", IMAGE_MODEL)
    assert (alone["images"], alone["answer"]) == ([A], "Here:")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("One<br>two <b>three</b>", "One\ntwo three"),
        ("<p>One</p><p>two</p>", "One\ntwo"),
        (f'<div><img src="{A}"></div>One', "One"),
    ],
)
def test_words_between_tags_stay_apart(html: str, words: str) -> None:
    """A line break or a block begins a new line; other tags are only taken out."""
    assert read(f"{html}\n![fox]({A})", IMAGE_MODEL)["answer"] == words
