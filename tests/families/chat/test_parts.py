"""Pictures and videos are found in every field in which gateways send them."""

import json
from typing import Any

import pytest

from comet_magic.families.chat.chunks import Attachment
from comet_magic.families.chat.reading import read_chunks
from comet_magic.media.medium import Medium

BASE64 = "iVBORw0KGgoAAAANSUhEUgAAADAAAAAgCAIAAADbtmxLAAAAPUlEQVR4nO3OoQHAIADAMEDuYk7krPmZSia"
URI = f"data:image/png;base64,{BASE64}"
LINK = "https://a.example/file/77"

# `$` is a link, a data URI or base64.
ANY: list[dict[str, Any]] = [
    {"image_url": {"url": "$"}},
    {"image_url": "$"},
    {"imageUrl": "$"},
    {"image": "$"},
    {"img": "$"},
    {"image": {"url": "$"}},
    {"images": ["$"]},
    {"images": "$"},
    {"images": {"url": "$"}},
    {"images": [{"url": "$"}]},
    {"images": [{"type": "image_url", "image_url": {"url": "$"}}]},
    {"image_urls": ["$"]},
    {"image_url": ["$"]},
    {"image_url": [{"url": "$"}]},
    {"generated_images": [{"url": "$"}]},
    {"outputs": [{"image_url": "$"}]},
    {"attachments": [{"type": "image", "url": "$"}]},
    {"files": [{"mime_type": "image/png", "url": "$"}]},
    {"type": "image_url", "url": "$"},
    {"type": "image_url", "image_url": "$"},
    {"type": "image", "image": "$"},
    {"content": {"type": "image_url", "image_url": {"url": "$"}}},
    {"content": [{"type": "image_url", "text": "", "image_url": {"url": "$"}}]},
    {"content": [{"image": "$"}]},
    {"content": [{"type": "output_image", "image_url": "$"}]},
    {"content": [{"type": "file", "file": {"filename": "a.png", "file_data": "$"}}]},
    {"content": [{"type": "file", "mediaType": "image/png", "url": "$"}]},
    {"content": [{"type": "image", "source": {"type": "url", "url": "$"}}]},
    {"content": [{"fileData": {"mimeType": "image/png", "fileUri": "$"}}]},
]
IN_BYTES: list[dict[str, Any]] = [
    {"b64_json": "$"},
    {"image_base64": "$"},
    {"images": [{"b64_json": "$"}]},
    {"image": {"data": "$"}},
    {"multi_mod_content": [{"text": ""}, {"inlineData": {"mimeType": "image/png", "data": "$"}}]},
    {
        "content": "",
        "multi_mod_content": [{"inline_data": {"mime_type": "image/png", "data": "$"}}],
    },
    {"content": {"parts": [{"inlineData": {"mimeType": "image/png", "data": "$"}}]}},
    {"parts": [{"inline_data": {"mime_type": "image/png", "data": "$"}}]},
    {"content": [{"type": "image", "data": "$", "mimeType": "image/png"}]},
    {"content": [{"type": "image_generation_call", "result": "$", "output_format": "png"}]},
    {"images": [{"bytesBase64Encoded": "$", "mimeType": "image/png"}]},
]


def filled(shape: object, value: str) -> Any:
    """The shape with a value in place of `$`."""
    return json.loads(json.dumps(shape).replace("$", value))


def attached(value: dict[str, Any]) -> tuple[Attachment, ...]:
    """The attachments of a chunk, of its choice and beside it."""
    (read,) = read_chunks(json.dumps(value))
    assert read.error is None
    return (*(each for choice in read.choices for each in choice.attachments), *read.attachments)


@pytest.mark.parametrize("message", [*ANY, *IN_BYTES], ids=json.dumps)
def test_a_picture_is_found_in_a_message(message: dict[str, Any]) -> None:
    """As a link, a data URI or base64, in deltas and messages; once."""
    for value in (LINK, URI, BASE64) if message in ANY else (BASE64, URI):
        expected = URI if value is BASE64 else value
        for key in ("delta", "message"):
            chunk = {"choices": [{"index": 0, key: filled(message, value)}]}
            assert {each.url for each in attached(chunk)} == {expected}


@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"url": "$"}]},
        {"data": ["$"]},
        {"code": 0, "data": {"url": "$"}},
        {"images": ["$"]},
        {"code": 0, "data": {"images": [{"url": "$"}]}},
        {"data": {"image_urls": ["$"]}},
        {"output": ["$"]},
        {"output": {"results": [{"url": "$"}]}},
        {"result": {"images": [{"url": "$"}]}},
        {"image_url": "$"},
        {"object": "response", "output": [{"type": "image_generation_call", "result": "$"}]},
        {"predictions": [{"url": "$", "mimeType": "image/png"}]},
        {"results": [{"url": "$"}]},
        {"choices": [{"message": {"content": ""}}], "images": ["$"]},
        {"choices": [{"message": {"content": ""}, "images": ["$"]}]},
        {"candidates": [{"content": {"parts": [{"fileData": {"fileUri": "$"}}]}}]},
        {"type": "image_generation.completed", "b64_json": "$"},
    ],
    ids=json.dumps,
)
def test_a_picture_is_found_beside_the_choices(body: dict[str, Any]) -> None:
    """In answers of image APIs, in envelopes, and in other providers' own shapes."""
    assert {each.url for each in attached(filled(body, LINK))} == {LINK}


@pytest.mark.parametrize(
    ("message", "medium"),
    [
        ({"video_url": "$"}, Medium.VIDEO),
        ({"video": {"url": "$"}}, Medium.VIDEO),
        ({"videos": ["$"]}, Medium.VIDEO),
        ({"type": "video_url", "url": "$"}, Medium.VIDEO),
        (
            {"content": [{"type": "video", "image_url": "https://p", "video_url": "$"}]},
            Medium.VIDEO,
        ),
        ({"content": [{"fileData": {"mimeType": "video/mp4", "fileUri": "$"}}]}, Medium.VIDEO),
        ({"image_url": "$"}, Medium.IMAGE),
        (
            {"content": [{"type": "file", "file": {"mime_type": "image/png", "url": "$"}}]},
            Medium.IMAGE,
        ),
        ({"images": ["$"]}, None),
        ({"files": [{"url": "$"}]}, None),
    ],
    ids=json.dumps,
)
def test_the_field_says_what_a_thing_is(message: dict[str, Any], medium: Medium | None) -> None:
    """By its name, the type of the part or the media type; gateways put anything into `images`."""
    assert attached({"choices": [{"delta": filled(message, LINK)}]}) == (Attachment(LINK, medium),)


@pytest.mark.parametrize(
    "message",
    [
        {
            "content": [
                {
                    "type": "file",
                    "file": {"filename": "a.pdf", "file_data": "data:application/pdf,x"},
                }
            ]
        },
        {"content": [{"type": "file", "file": {"filename": "a.pdf", "url": LINK}}]},
        {"content": [{"type": "input_audio", "input_audio": {"data": BASE64, "format": "wav"}}]},
        {"content": [{"type": "text", "text": "x", "image_url": None}]},
        {"type": "text", "content": f"{LINK} is it"},
        {"annotations": [{"type": "url_citation", "url_citation": {"url": LINK}}]},
        {"audio": {"data": BASE64, "transcript": "Hi"}},
        {"image": "none", "media": "text", "output": "and/or", "images": None, "video_url": ""},
    ],
    ids=lambda message: json.dumps(message)[:60],
)
def test_other_things_are_no_pictures(message: dict[str, Any]) -> None:
    """Documents, sounds, sources and words."""
    assert attached({"choices": [{"index": 0, "delta": message}]}) == ()


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": None, "audio": {"transcript": "Hi", "data": "AA=="}}, "Hi"),
        ({"content": "Hi", "audio": {"transcript": "Hi"}}, "Hi"),
        ({"content": [{"type": "text", "text": {"value": "Hi", "annotations": []}}]}, "Hi"),
        ({"content": [{"type": "output_text", "text": "Hi"}]}, "Hi"),
        ({"content": [{"type": "refusal", "refusal": "No"}]}, "No"),
        ({"content": [{"type": "thinking", "text": "Hm"}, {"type": "text", "text": "Hi"}]}, "Hi"),
        ({"content": {"parts": [{"text": "Hm", "thought": True}, {"text": "Hi"}]}}, "Hi"),
        ({"content": "", "multi_mod_content": [{"text": "Hi"}]}, "Hi"),
    ],
    ids=json.dumps,
)
def test_the_text_among_parts(message: dict[str, Any], text: str) -> None:
    """Thoughts do not count; a transcript is the text of a sound."""
    (read,) = read_chunks(json.dumps({"choices": [{"index": 0, "delta": message}]}))
    assert read.choices[0].text == text
