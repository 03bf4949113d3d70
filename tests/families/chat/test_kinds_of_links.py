"""Each ending, label and tag by which a link is judged."""

import json

import pytest

from comet_magic.families.chat.links import LinkKind, ending, kind_of
from comet_magic.families.chat.transcript import Transcript
from comet_magic.generation import Generation
from comet_magic.media.medium import Medium
from tests.families.chat.test_parts import BASE64
from tests.generation.test_builder import finished

HOST = "https://a.example"
FILE = f"{HOST}/v1/77"
PICTURES = (
    "png", "jpg", "jpeg", "webp", "gif", "avif", "bmp", "tif", "tiff", "heic", "PNG",
)  # fmt: skip
VIDEOS = ("mp4", "webm", "mov", "m4v", "mkv", "MP4")
FILES = (
    "zip", "pdf", "txt", "json", "csv", "htm", "html", "doc", "docx", "xls", "xlsx", "mp3", "wav",
    "exe", "dmg", "tar", "gz", "PDF",
)  # fmt: skip


def kind(label: str, url: str = FILE) -> LinkKind:
    """The kind of a link with this label in the text."""
    return kind_of(label, url, is_image=False)


def images(text: str, model: str = "gpt-4o-image") -> list[str | None]:
    """The addresses of the pictures in an answer."""
    return [image.url for image in finished(text, model).images]


def videos(made: Generation | Transcript) -> list[str]:
    """The addresses of videos."""
    return [video if isinstance(video, str) else video.url for video in made.videos]


@pytest.mark.parametrize("name", [*PICTURES, *VIDEOS])
@pytest.mark.parametrize("rest", ["", "?a=1", "~tplv", "!small", "@2x", ":large"])
def test_the_ending_of_a_file(name: str, rest: str) -> None:
    """It says what an address leads to, also before a style and in the query."""
    medium = Medium.IMAGE if name in PICTURES else Medium.VIDEO
    assert ending(f"{HOST}/x.{name}{rest}") is medium
    assert ending(f"{HOST}/get?name=x.{name}&a=1") is medium
    assert ending(f"{HOST}/x.{name}x") is None
    assert ending(f"{HOST}/{name}") is None


@pytest.mark.parametrize("name", FILES)
def test_the_ending_of_another_file(name: str) -> None:
    """It is no picture, whatever the label says; nor is its bare address."""
    url = f"{HOST}/x.{name}"
    assert kind("Download", url) is LinkKind.OTHER
    assert kind("Watch", url) is LinkKind.OTHER
    assert images(url) == images(json.dumps({"image_url": url})) == []
    assert kind("Download", f"{url}y") is LinkKind.DOWNLOAD


@pytest.mark.parametrize("label", ["Download", "点击下载", "下載", "⏬"])
def test_the_label_of_a_download(label: str) -> None:
    """An address without an ending needs it; one of a picture needs none."""
    assert kind(label) is LinkKind.DOWNLOAD
    assert kind("fox") is LinkKind.OTHER
    assert kind("fox", f"{FILE}.png") is LinkKind.DOWNLOAD


@pytest.mark.parametrize(
    "label",
    ["播放", "在线观看", "觀看", "视频", "視頻", "▶ Watch", "video", "Play"],
)
def test_the_label_of_a_player(label: str) -> None:
    """Unless it leads to a guide."""
    assert kind(label) is LinkKind.PLAYER
    for guide in (
        "how", "guide", "Guides", "tutorial", "help", "doc", "docs", "policy", "如何", "怎么",
        "怎麼", "教程", "帮助", "说明",
    ):  # fmt: skip
        assert kind(f"{guide} {label}") is LinkKind.OTHER
    assert kind("displays") is LinkKind.OTHER


@pytest.mark.parametrize("label", ["Data Preview", "source data", "数据预览", "原始数据"])
def test_the_label_of_a_page(label: str) -> None:
    """A picture with that name is one, and so is a link to a file."""
    assert kind(label) is LinkKind.PAGE
    assert kind_of(label, FILE, is_image=True) is LinkKind.IMAGE
    assert kind(label, f"{FILE}.png") is LinkKind.DOWNLOAD


@pytest.mark.parametrize(
    ("path", "is_page"),
    [
        ("web/77", True),
        ("source/77/", True),
        ("web/77/x", False),
        ("web", False),
        ("a/web/77", False),
        ("web/77.png", False),
    ],
)
def test_the_path_of_a_page(path: str, is_page: bool) -> None:
    """It is no picture, even if it is written as one."""
    found = kind_of("fox", f"{HOST}/{path}", is_image=True)
    assert found is (LinkKind.PAGE if is_page else LinkKind.IMAGE)


@pytest.mark.parametrize("label", ["100", "100%", "..14", "7 %"])
def test_a_number_is_a_preview_in_a_line_of_progress(label: str) -> None:
    """Or if it leads to a picture. Elsewhere it quotes a page."""
    assert kind_of(label, FILE, is_image=False, in_progress=True) is LinkKind.PREVIEW
    assert kind(label, f"{FILE}.png") is LinkKind.PREVIEW
    assert kind(label) is LinkKind.OTHER
    assert kind("1000") is kind("1 2") is LinkKind.OTHER


@pytest.mark.parametrize(("length", "is_picture"), [(8_000, True), (8_001, False)])
def test_how_long_an_address_can_be(length: int, is_picture: bool) -> None:
    """No server takes a longer one."""
    url = f"{HOST}/{'x' * length}"[:length]
    for text in (f"![x]({url})", f"[Download]({url})", url):
        assert images(text) == ([url] if is_picture else [])


@pytest.mark.parametrize(
    ("url", "is_picture"),
    [
        ("HTTP://a.example/77", True),
        ("/v1/77", True),
        ("img/77", True),
        ("77", False),
        ("77.png", True),
        ("ftp://a.example/x.png", False),
        ("sandbox:/x.png", False),
        ("data:text/plain;base64,AAAA", False),
    ],
)
def test_what_can_be_fetched(url: str, is_picture: bool) -> None:
    """Web addresses, and paths that look like one."""
    found = kind_of("x", url, is_image=True)
    assert found is (LinkKind.IMAGE if is_picture else LinkKind.OTHER)


@pytest.mark.parametrize(
    ("tag", "model", "expected"),
    [
        ("<img src='{}'>", "gpt-4o-image", "image"),
        ("<video src='{}'>", "gpt-4o-image", "video"),
        ("<source src={}>", "gpt-4o-image", "video"),
        ("<iframe src='{}'></iframe>", "sora-2", "video"),
        ("<embed src = '{}'>", "sora-2", "video"),
        ('<IMG SRC="{}"/>', "gpt-4o-image", "image"),
        ("<video poster='{}'></video>", "gpt-4o-image", "image"),
        ("<a href='{}'>Download</a>", "gpt-4o-image", "image"),
    ],
)
def test_a_tag_holds_a_link(tag: str, model: str, expected: str) -> None:
    """By its name, and the name of the attribute; nothing of it stays in the answer."""
    made = finished(tag.format(FILE), model)
    assert ([image.url for image in made.images], videos(made)) == (
        ([FILE], []) if expected == "image" else ([], [FILE])
    )
    assert made.answer == ""


@pytest.mark.parametrize(
    "name",
    [
        "a", "p", "div", "center", "span", "br", "hr", "video", "picture", "figure", "figcaption",
        "details", "summary", "iframe", "b", "i", "strong", "em", "h1", "h6", "ul", "ol", "li",
        "table", "tbody", "thead", "tr", "td", "th", "body", "html", "head", "BR",
    ],
)  # fmt: skip
def test_a_tag_around_a_picture(name: str) -> None:
    """It is nothing to read; of another the words stay."""
    picture = f"![x]({HOST}/x.png)"
    assert finished(f"<{name} class='c'>{picture}</{name}>").answer == ""
    assert finished(f"<x{name}>{picture}</x{name}>").answer == f"<x{name}></x{name}>"


@pytest.mark.parametrize("name", ["p", "div", "br", "hr", "li", "tr", "td", "th", "h1"])
def test_a_tag_that_breaks_a_line(name: str) -> None:
    """The words on both sides of it stay apart; those beside other tags do not."""
    picture = f"\n![x]({HOST}/x.png)"
    assert finished(f"One<{name} a='b'>two{picture}").answer == "One\ntwo"
    assert finished(f"One<{name}></{name}>two{picture}").answer == "One\ntwo"
    assert finished(f"O<b>n</b>e{picture}").answer == "One"


@pytest.mark.parametrize(
    "name",
    [
        "image", "picture", "video", "url", "uri", "src", "output", "result", "file", "media",
        "Image_URL",
    ],
)  # fmt: skip
def test_a_name_of_a_result_in_json(name: str) -> None:
    """Its address needs no ending; one of something that was sent or that is a page has none."""
    expected = [] if name == "video" else [FILE]
    assert images(json.dumps({name: FILE})) == expected
    assert images(json.dumps({"a": {name: [FILE]}})) == expected
    assert videos(finished(json.dumps({name: FILE}))) == ([FILE] if name == "video" else [])
    for other in (
        "input", "reference", "ref_", "mask", "poster", "thumb", "cover", "page", "status",
        "callback", "docs", "web", "cancel", "policy",
    ):  # fmt: skip
        assert images(json.dumps({f"{other} {name}": FILE})) == []
    assert images(json.dumps({"name": FILE})) == []


@pytest.mark.parametrize(
    "name",
    [
        "video", "videos", "image", "images", "img", "file", "files", "media", "cdn", "download",
        "downloads", "blob", "blobs", "output", "outputs", "generated", "assets", "content", "mp4",
        "png", "jpg", "jpeg", "webp",
    ],
)  # fmt: skip
def test_a_path_like_that_of_a_file(name: str) -> None:
    """In a sentence it is taken for the result if there is no other; a page is none."""
    for path in (f"{name}", f"v1/{name}/77", f"x_{name}?a=1", f"x.{name}=77", f"{name}7"):
        assert images(f"It is here: {HOST}/{path} now") == [f"{HOST}/{path}"]
    assert images(f"It is here: {HOST}/x{name}x now") == []
    for page in (
        "policy", "terms", "doc", "docs", "help", "guide", "support", "faq", "login", "blog",
    ):  # fmt: skip
        assert images(f"It is here: {HOST}/{name}/{page} now") == []


@pytest.mark.parametrize(("depth", "is_found"), [(12, True), (13, False)])
def test_how_deep_in_json_a_result_can_stand(depth: int, is_found: bool) -> None:
    """Deeper than that nobody writes one."""
    value: object = FILE
    for _ in range(depth):
        value = {"url": value}
    assert images(json.dumps(value)) == ([FILE] if is_found else [])


@pytest.mark.parametrize(("before", "after"), ["``", "<>", "()", ("**", "**"), ("", "")])
def test_marks_around_bytes(before: str, after: str) -> None:
    """They are no part of the address, and nothing to read."""
    uri = f"data:image/png;base64,{BASE64}"
    made = finished(f"{before}{uri}{after}")
    assert ([image.url for image in made.images], made.answer) == ([uri], "")
