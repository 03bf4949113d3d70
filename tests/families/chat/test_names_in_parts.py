"""Each name that a gateway gives a field, a part or a file means what it says."""

import json
from typing import Any

import pytest

from comet_magic.families.chat.chunks import Attachment
from comet_magic.families.chat.reading import read_chunks
from comet_magic.media.medium import Medium
from tests.families.chat.test_parts import BASE64, LINK, attached

# Base64 this short is a picture only in a field for bytes.
SHORT = "iVBORw0K"
FIELDS = (
    "images", "image", "image_url", "image_urls", "imageUrl", "imageUrls", "img", "img_url",
    "picture", "pictures", "image_base64", "b64_json", "videos", "video", "video_url", "video_urls",
    "videoUrl", "attachments", "files", "file", "file_url", "media", "artifacts", "outputs",
    "output", "multi_mod_content", "multimodal_content", "inline_data", "inlineData", "parts",
    "generated_images", "generated_videos", "output_images",
)  # fmt: skip
ADDRESSES = (
    "image_url", "video_url", "imageUrl", "videoUrl", "image_urls", "video_urls", "url", "urls",
    "image", "video", "images", "videos", "file_url", "fileUri", "file_uri", "uri", "src", "link",
    "href",
)  # fmt: skip
BYTES = (
    "b64_json", "base64", "b64", "image_base64", "imageBytes", "bytesBase64Encoded", "data",
    "file_data", "result", "blob",
)  # fmt: skip
HOLDERS = (
    "source", "inline_data", "inlineData", "file", "fileData", "file_data", "data", "content",
    "output", "result", "results", "item",
)  # fmt: skip
MEDIA_TYPES = (
    "media_type", "mime_type", "mimeType", "mime", "content_type", "contentType", "output_format",
    "format",
)  # fmt: skip


def in_message(message: dict[str, Any]) -> tuple[Attachment, ...]:
    """The attachments of an answer with this message."""
    return attached({"choices": [{"index": 0, "message": message}]})


def of_part(part: dict[str, Any]) -> tuple[Attachment, ...]:
    """The attachments of an answer whose content is this part."""
    return in_message({"content": [part]})


def text_of(message: dict[str, Any]) -> str:
    """The text of an answer with this message."""
    (read,) = read_chunks(json.dumps({"choices": [{"index": 0, "message": message}]}))
    return read.choices[0].text


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_a_message(name: str) -> None:
    """It holds addresses, wherever it stands."""
    assert [each.url for each in in_message({name: [LINK]})] == [LINK]
    beside = attached({"choices": [{"message": {"content": ""}}], name: [LINK]})
    assert [each.url for each in beside] == [LINK]


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_in_a_part(name: str) -> None:
    """A link, and a path without an ending that is known."""
    assert [each.url for each in of_part({"type": "file", name: LINK})] == [LINK]
    assert [each.url for each in of_part({"type": "file", name: "media/77"})] == ["media/77"]


@pytest.mark.parametrize("name", BYTES)
def test_bytes_in_a_part(name: str) -> None:
    """However few they are."""
    part = {"type": "image", name: SHORT}
    assert of_part(part) == (Attachment(f"data:image/png;base64,{SHORT}", Medium.IMAGE),)


@pytest.mark.parametrize("name", HOLDERS)
def test_an_object_in_a_part(name: str) -> None:
    """It is a part itself; as a text some of these are words, and no address."""
    assert of_part({"type": "image", name: {"url": LINK}}) == (Attachment(LINK, Medium.IMAGE),)
    is_text = name in ("content", "output", "source", "results")
    assert bool(of_part({"type": "image", name: LINK})) is not is_text
    assert of_part({"type": "image", name: [LINK]}) == (Attachment(LINK, Medium.IMAGE),)


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_a_media_type_in_a_part(name: str) -> None:
    """It says what the bytes are, around them and beside them, and what is no picture."""
    video = Attachment(f"data:video/mp4;base64,{SHORT}", Medium.VIDEO)
    assert of_part({"type": "file", name: "video/mp4", "data": SHORT}) == (video,)
    assert of_part({"type": "file", name: "video/mp4", "data": {"data": SHORT}}) == (video,)
    assert of_part({"type": "file", name: "text/plain", "data": SHORT}) == ()


@pytest.mark.parametrize(
    ("part", "media_type"),
    [
        ({"type": "image", "format": "webp"}, "image/webp"),
        ({"type": "image"}, "image/png"),
        ({"type": "file"}, "image/png"),
        ({"type": "video"}, "video/mp4"),
        ({"type": "video", "format": "webm"}, "video/webm"),
        ({"type": "image", "mime_type": "image/jpeg"}, "image/jpeg"),
    ],
    ids=json.dumps,
)
def test_the_media_type_of_bytes(part: dict[str, Any], media_type: str) -> None:
    """By the type of the part and the name of the format; without both it is PNG."""
    (found,) = of_part({**part, "data": SHORT})
    assert found.url == f"data:{media_type};base64,{SHORT}"


@pytest.mark.parametrize("name", ["data", "result", "results", "predictions", "response"])
def test_results_beside_the_choices(name: str) -> None:
    """A list, an object or one address."""
    for value in ([{"url": LINK}], {"url": LINK}, LINK):
        assert [each.url for each in attached({name: value})] == [LINK]


@pytest.mark.parametrize("name", ["filename", "file_name", "name"])
@pytest.mark.parametrize(
    "ending",
    [
        "pdf", "txt", "md", "csv", "json", "zip", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
        "htm", "html", "py", "mp3", "wav", "ogg", "flac", "m4a", "PDF",
    ],
)  # fmt: skip
def test_a_file_of_another_kind(name: str, ending: str) -> None:
    """It is no picture; a file without a known ending may be one."""
    assert of_part({"type": "file", name: f"report.{ending}", "url": LINK}) == ()
    assert of_part({"type": "file", name: f"report.{ending}.png", "url": LINK}) != ()


@pytest.mark.parametrize(
    "media_type", ["audio/wav", "text/plain", "font/woff", "application/pdf", "AUDIO/WAV"]
)
def test_a_media_type_of_another_kind(media_type: str) -> None:
    """Neither beside an address nor in a data URI is it a picture; bytes of no kind may be one."""
    assert of_part({"type": "file", "mime_type": media_type, "url": LINK}) == ()
    assert of_part({"type": "file", "url": f"data:{media_type};base64,{SHORT}"}) == ()
    anything = "application/octet-stream"
    assert of_part({"type": "file", "mime_type": anything, "url": LINK}) != ()
    assert of_part({"type": "file", "url": f"data:{anything};base64,{SHORT}"}) != ()


@pytest.mark.parametrize(
    "kind", ["audio", "input_audio", "sound", "tool_result", "Function", "url_citation"]
)
def test_a_part_of_another_kind(kind: str) -> None:
    """Its links lead to sounds, tools or sources."""
    assert of_part({"type": kind, "url": LINK}) == ()


@pytest.mark.parametrize(
    ("name", "medium"),
    [
        ("image", Medium.IMAGE),
        ("IMAGE_file", Medium.IMAGE),
        ("img", Medium.IMAGE),
        ("picture", Medium.IMAGE),
        ("my_video", Medium.VIDEO),
        ("VIDEO", Medium.VIDEO),
        ("file", None),
    ],
)
def test_the_medium_in_the_type_of_a_part(name: str, medium: Medium | None) -> None:
    """In the message's content and as the message itself."""
    assert of_part({"type": name, "url": LINK}) == (Attachment(LINK, medium),)
    assert in_message({"type": name, "url": LINK}) == (Attachment(LINK, medium),)


@pytest.mark.parametrize(
    "address",
    [
        *(f"a.{ending}" for ending in
          ("png", "jpg", "jpeg", "webp", "gif", "avif", "mp4", "webm", "mov", "PNG")),
        "/a", "./a", "../a", "//a.example/b", "x.png?size=2",
    ],
)  # fmt: skip
def test_a_relative_address(address: str) -> None:
    """It is told from a word by its ending or its beginning."""
    assert [each.url for each in in_message({"image": address})] == [address]
    assert [each.url for each in attached({"url": address})] == [address]


@pytest.mark.parametrize("word", ["none", "a.pngx", "a.pdf", "two words", "a b.png", "word"])
def test_a_word_is_no_address(word: str) -> None:
    """Neither in a field nor beside the choices."""
    assert in_message({"image": word}) == attached({"url": word}) == ()


@pytest.mark.parametrize(("length", "is_found"), [(60, False), (61, True)])
def test_long_base64_is_found_in_a_field_for_anything(length: int, is_found: bool) -> None:
    """A shorter text is a word."""
    text = BASE64[:length].replace("/", "+")
    found = (Attachment(f"data:image/png;base64,{text}", None),) if is_found else ()
    assert in_message({"media": text}) == found


@pytest.mark.parametrize(
    "text", [BASE64[:99] + " and words", "." + BASE64, BASE64[:198] + "!" + BASE64]
)
def test_long_words_are_no_base64(text: str) -> None:
    """The beginning of the text decides."""
    assert in_message({"media": text}) == ()


def test_a_link_with_blanks_is_one_in_a_field_for_links() -> None:
    """In another it is the beginning of a sentence."""
    link = f"{LINK}/a b"
    assert in_message({"image_url": link}) == (Attachment(link, Medium.IMAGE),)
    assert in_message({"output": link}) == ()


@pytest.mark.parametrize(
    "kind",
    ["thinking", "reasoning", "thought", "redacted_thinking", "tool_use", "function_call"],
)
def test_a_part_that_is_no_text(kind: str) -> None:
    """Thoughts and calls are not the answer."""
    parts = [{"type": kind, "text": "Hm"}, {"type": "text", "text": "Hi"}]
    assert text_of({"content": parts}) == "Hi"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({"text": "Hi"}, "Hi"),
        ({"refusal": "No"}, "No"),
        ({"transcript": "Hi"}, "Hi"),
        ({"type": "output_text", "content": "Hi"}, "Hi"),
        ({"type": "source", "content": "Hi"}, ""),
        ({"text": {"value": "Hi"}}, "Hi"),
        ({"text": 1, "refusal": "No"}, "No"),
        ({"text": "Hi", "thought": True}, ""),
        ({"text": "Hi", "thought": "Hm"}, "Hi"),
        ("Hi", "Hi"),
        (1, ""),
    ],
    ids=json.dumps,
)
def test_the_text_of_a_part(part: Any, text: str) -> None:
    """In the first field with a text."""
    assert text_of({"content": [part]}) == text


def test_one_address_counts_once() -> None:
    """In two fields, and beside the choices."""
    assert in_message({"image": LINK, "image_url": LINK}) == (Attachment(LINK, Medium.IMAGE),)
    assert attached({"data": [LINK], "result": [LINK]}) == (Attachment(LINK, None),)
