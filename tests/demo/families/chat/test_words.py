"""What the demo says of its models, and of what it does not take, whole."""

import json
from collections.abc import Mapping
from typing import Any, cast

import httpx
import pytest

from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.families.chat import scripting
from comet_magic.demo.families.chat.known_models import MODELS
from comet_magic.demo.families.chat.layouts import ChatTask, ResultLinks, write_layout
from comet_magic.demo.families.chat.request import ChatMessage, read_request
from comet_magic.demo.families.chat.script import ScriptWriter
from comet_magic.demo.families.chat.uploads import _is_own
from comet_magic.demo.json_fields import check_number, read_flag, read_text, read_whole
from tests.demo.conftest import Ask

from .test_pictures import LINK, block_of, text_of, turn, uploaded

REAL = {
    "gpt-4o-image": ("image", "openai", "documented"),
    "gpt-4o-all": ("image", "openai", "bold-percent"),
    "sora_image": ("image", "openai", "line-a-step"),
    "gpt-image-1.5": ("image", "openai", "json-block"),
    "gpt-4o-image-vip": ("image", "openai", "task-pages"),
    "gpt-image-1": ("image", "openai", "bare-stage"),
    "flux-kontext-pro": ("image", "black-forest-labs", "picture-only"),
    "flux-kontext-max": ("image", "black-forest-labs", "bare-url"),
    "gemini-2.5-flash-image-preview": ("image", "google", "data-uri"),
    "gemini-2.5-flash-image": ("image", "google", "inline"),
    "sora-2": ("video", "openai", "sora"),
    "veo3": ("video", "google", "veo"),
    "gpt-4o-mini": ("text", "openai", "prose"),
    "gpt-4o": ("text", "openai", "prose"),
    "claude-sonnet-4-5": ("text", "anthropic", "prose"),
}
LESSONS = [
    "400", "401", "403", "404", "413", "429", "429-once", "500", "500-safety", "503", "524",
    "html", "cut", "stream", "refused", "failed", "no-picture", "slow",
]  # fmt: skip


def test_the_models_of_the_demo(http: httpx.Client) -> None:
    """What each makes, whose it is, and how it answers; then the lessons."""
    lessons = {f"demo-error-{name}": ("image", "demo", "documented") for name in LESSONS}
    found = {name: (each.makes, each.owned_by, each.layout) for name, each in MODELS.items()}
    assert found == REAL | lessons
    assert [MODELS[name].lesson for name in lessons] == LESSONS
    assert not any(MODELS[name].lesson for name in REAL)
    listed = {each["id"]: each["owned_by"] for each in http.get("/models").json()["data"]}
    assert listed == {name: owner for name, (_, owner, _) in (REAL | lessons).items()}


@pytest.mark.parametrize(
    ("ratio", "orientation"),
    [("16:9", "landscape"), ("9:16", "portrait"), ("1:1", "landscape"), ("9:10", "portrait"),
     ("x:9", "landscape"), ("9:x", "landscape"), ("", "landscape")],
)  # fmt: skip
def test_a_film_is_wide_or_high(ratio: str, orientation: str) -> None:
    """In the block of the model that asks for it."""
    writer, links = ScriptWriter(), ResultLinks("g", "u", "d", "v", "p")
    write_layout("sora", writer, ChatTask("task_1", "A boat.", ratio, {}, (links,), "w", "s"))
    assert block_of(writer.script().text) == {
        "prompt": "A boat.", "orientation": orientation, "duration": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("two versions", 2), ("Three red variants of it", 3), ("FOUR pictures", 4), ("2 images", 2),
        ("3 variations", 3), ("4 pictures", 4), ("5 images", 1), ("a boat", 1), ("two boats", 1),
        ("1 image", 1), ("two very red images", 1),
    ],
)  # fmt: skip
def test_how_many_pictures_a_prompt_asks_for(prompt: str, count: int) -> None:
    """Two to four, in digits or words, with a word between."""
    assert scripting._count(prompt) == count


MESSAGE = {"role": "user", "content": "Hi"}
ROLES = "assistant, developer, system, tool, user"


@pytest.mark.parametrize(
    ("message", "param", "text"),
    [
        (7, "messages[0]", "messages[0] must be an object"),
        ({"content": "x"}, "messages[0].role", f"messages[0].role must be one of {ROLES}"),
        ({"role": "x", "content": "x"}, "messages[0].role",
         f"messages[0].role must be one of {ROLES}"),
        ({"role": "user"}, "messages[0].content",
         "messages[0].content must be a text or a list of parts"),
        ({"role": "user", "content": []}, "messages[0].content",
         "messages[0].content must be a text or a list of parts"),
        ({"role": "user", "content": [7]}, "messages[0].content[0]",
         "messages[0].content[0] must be an object"),
        ({"role": "user", "content": [{"type": "text"}]}, "messages[0].content[0]",
         "messages[0].content[0] must hold text"),
        ({"role": "user", "content": [{"type": "image_url", "image_url": "x"}]},
         "messages[0].content[0]", "messages[0].content[0] must hold image_url"),
        ({"role": "user", "content": [{"type": "audio"}]}, "messages[0].content[0].type",
         "messages[0].content[0].type must be text or image_url"),
        ({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "ftp://x"}}]},
         "messages[0].content[0].image_url.url",
         "messages[0].content[0].image_url.url must be an http(s) URL or an image data URI"),
    ],
)  # fmt: skip
def test_what_is_no_message(ask: Ask, message: Any, param: str, text: str) -> None:
    """Which part of it is wrong, and what it must be."""
    answer = ask("gpt-4o-mini", [message])
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "invalid_value")
    assert error["message"].startswith(f"{text} (request id: ")
    assert (error["param"], error["type"]) == (param, "comet_api_error")


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ({"role": "assistant", "content": None}, ChatMessage("assistant", "")),
        ({"role": "tool"}, ChatMessage("tool", "")),
        ({"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
         ChatMessage("assistant", "No.")),
        ({"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"},
                                      {"type": "image_url", "image_url": {"url": "http://x"}}]},
         ChatMessage("user", "a\nb", ("http://x",))),
    ],
)  # fmt: skip
def test_what_is_a_message(message: Mapping[str, Any], read: ChatMessage) -> None:
    """With its texts and its pictures."""
    body = json.dumps({"model": "m", "messages": [MESSAGE, message]}).encode()
    assert read_request(body).messages[1] == read


@pytest.mark.parametrize(
    ("check", "value", "text"),
    [
        (lambda f: read_text(f, "x"), None, "x must be a text that is not empty"),
        (lambda f: read_text(f, "x"), "", "x must be a text that is not empty"),
        (lambda f: read_text(f, "x"), 7, "x must be a text that is not empty"),
        (lambda f: read_whole(f, "x"), 0, "x must be a whole number of at least 1"),
        (lambda f: read_whole(f, "x"), True, "x must be a whole number of at least 1"),
        (lambda f: read_whole(f, "x"), 1.0, "x must be a whole number of at least 1"),
        (lambda f: read_whole(f, "x", 5), 6, "x must be at most 5"),
        (lambda f: read_flag(f, "x"), 1, "x must be true or false"),
        (lambda f: check_number(f, "x", 0, 2), 2.1, "x must be a number from 0 to 2"),
        (lambda f: check_number(f, "x", 0, 2), -1, "x must be a number from 0 to 2"),
        (lambda f: check_number(f, "x", 0, 2), True, "x must be a number from 0 to 2"),
        (lambda f: check_number(f, "x", 0, 2), float("inf"), "x must be a number from 0 to 2"),
    ],
)
def test_what_is_no_value(check: Any, value: object, text: str) -> None:
    """By the name of its field."""
    with pytest.raises(ApiError) as caught:
        check({"x": value})
    error = caught.value
    assert (str(error), error.status, error.param, error.code) == (text, 400, "x", "invalid_value")


def test_what_is_a_value() -> None:
    """At the ends of its range; null is unset."""
    assert read_whole({"x": 1}, "x") == 1
    assert read_whole({"x": 5}, "x", 5) == 5
    assert read_whole({"x": None}, "x") is None
    assert [read_flag(each, "x") for each in ({}, {"x": None}, {"x": False}, {"x": True})] == [
        False, False, False, True,
    ]  # fmt: skip
    for value in (None, 0, 2, 1.5):
        check_number({"x": value}, "x", 0, 2)


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("http://127.0.0.1:8000/cdn/x.png", True), ("http://localhost:8000/x.png", True),
        ("http://[::1]:8000/x.png", True), ("http://localhost:8001/x.png", False),
        ("http://a.example:8000/x.png", False), ("http://[bad/x.png", False),
        ("http://localhost:x/x.png", False),
    ],
)  # fmt: skip
def test_which_links_are_the_servers_own(url: str, is_own: bool) -> None:
    """By any of its local names, at its port."""
    assert _is_own(url, "http://127.0.0.1:8000") is is_own
    assert _is_own("http://a.example/x.png", "http://a.example")
    assert not _is_own("http://b.example/x.png", "http://a.example")


def test_the_first_of_several_uploads_is_changed(ask: Ask, http: httpx.Client) -> None:
    """Each has a name of its own in the block."""
    text = text_of(ask("gpt-4o-image", turn(uploaded(90, 60), uploaded(60, 90))))
    block = block_of(text)
    assert block["ratio"] == "3:2"
    names = cast("list[str]", block["referenced_image_ids"])
    assert [name[:5] for name in names] == ["file-", "file-"]
    assert [len(name) for name in names] == [27, 27]
    assert http.get(LINK.findall(text)[-1]).headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (" ", "There is no user message with a prompt"),
        ([{"type": "image_url", "image_url": {"url": "https://a.example/x.png"}}],
         ("The demo has no internet: send the image as a data URI, "
          "or a link to this server")),
        ([{"type": "image_url", "image_url": {"url": "{own}/cdn/20250415/gone.png"}}],
         "There is no such picture on this server"),
    ],
    ids=["no prompt", "elsewhere", "gone"],
)  # fmt: skip
def test_what_cannot_be_painted(ask: Ask, http: httpx.Client, content: Any, text: str) -> None:
    """And why."""
    own = str(http.base_url).partition("/v1")[0]
    if isinstance(content, list):
        address = content[0]["image_url"]["url"].replace("{own}", own)
        content = [{"type": "image_url", "image_url": {"url": address}}]
    answer = ask("gpt-4o-image", [{"role": "user", "content": content}])
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["message"].startswith(f"{text} (request id: ")
    assert error["param"] == "messages"
