"""Pictures: every layout, their links, uploads, and a conversation about them."""

import base64
import io
import json
import re
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.demo.conftest import Ask

LINK = re.compile(r"\]\((http[^)\s]+)\)")


def text_of(answer: httpx.Response) -> str:
    """Give the assistant's text of the first choice."""
    answer.raise_for_status()
    text = answer.json()["choices"][0]["message"]["content"]
    assert isinstance(text, str)
    return text


def block_of(text: str) -> dict[str, Any]:
    """Give the parameter block of a text."""
    block, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    assert isinstance(block, dict)
    return block


def uploaded(width: int = 60, height: int = 40, mode: str = "RGB") -> dict[str, Any]:
    """Give an image part with a small picture."""
    output = io.BytesIO()
    Image.new(mode, (width, height)).save(output, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(output.getvalue()).decode()}"
    return {"type": "image_url", "image_url": {"url": url}}


def turn(*parts: dict[str, Any], text: str = "Make it blue") -> list[dict[str, Any]]:
    """Give one user message with a text and image parts."""
    return [{"role": "user", "content": [{"type": "text", "text": text}, *parts]}]


@pytest.mark.parametrize(
    ("model", "signs"),
    [
        (
            "gpt-4o-image",
            ["```\n{", ">🕐 Queuing.\n\n>⚡ Generating..\n\n>🏃 Progress ", "..[100]("],
        ),
        ("gpt-4o-all", ['{\n  "prompt"', '"size": "1024x1024"', "> 进度 **", "%**\n", "[下载⏬]("]),
        (
            "sora_image",
            ["> ID: `task_", "> 排队中.\n> 生成中..\n> 进度 ", "%.\n", "> gen_id: `gen_"],
        ),
        ("gpt-image-1.5", ["```json\n{", '"n": 1', ">🕐 Queuing.", "[Click to download]("]),
        ("gpt-4o-image-vip", [">[数据预览](", "/source/task_", ">⚡ 生成中.....\n", "[点击下载]("]),
        ("gpt-image-1", ["> 🎨 生成中...", "[点击下载]("]),
        ("flux-kontext-pro", ["![image](http"]),
        ("flux-kontext-max", ["http"]),
        ("gemini-2.5-flash-image-preview", ["![image](data:image/png;base64,iVBOR"]),
    ],
)
def test_each_image_model_speaks_its_layout(ask: Ask, model: str, signs: list[str]) -> None:
    """The signs of the layout are found in their order."""
    text = text_of(ask(model, "A boat on a lake"))
    at = 0
    for sign in signs:
        assert sign in text[at:]
        at = text.index(sign, at) + len(sign)


def test_every_link_of_an_answer_leads_to_its_thing(ask: Ask, http: httpx.Client) -> None:
    """Preview, picture and download are the same PNG; the task pages are HTML and JSON."""
    text = text_of(ask("gpt-4o-image-vip", "A boat, 3:2"))
    web, source, preview, picture, download = LINK.findall(text)
    png = http.get(picture)
    assert png.headers["content-type"] == "image/png"
    assert int(png.headers["content-length"]) == len(png.content)
    with Image.open(io.BytesIO(png.content)) as image:
        assert image.width * 2 == pytest.approx(image.height * 3, abs=3)
    assert http.get(preview).content == http.get(download).content == png.content
    assert "attachment" in http.get(download).headers["content-disposition"]
    assert "A boat, 3:2" in http.get(web).text
    assert http.get(source).json()["results"] == [picture]
    assert re.search(r"[?&]se=\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\dZ&.*sig=", preview)


def test_progress_rises_and_differs_between_choices(ask: Ask) -> None:
    """Four to seven percentages rise below 100; the choices of one answer go their own way."""
    choices = ask("gpt-4o-image", "A boat", n=2).json()["choices"]
    found = [
        [int(step) for step in re.findall(r"(\d+)\.\.", choice["message"]["content"])]
        for choice in choices
    ]
    assert all(4 <= len(steps) <= 7 and steps == sorted(set(steps)) for steps in found)
    assert all(steps[0] > 0 and steps[-1] < 100 for steps in found)
    assert found[0] != found[1]


def test_each_model_has_its_own_idea(ask: Ask, http: httpx.Client) -> None:
    """For those who compare them; the same model paints the same again."""
    models = ("gpt-4o-image", "flux-kontext-pro", "gpt-4o-image")
    links = [LINK.findall(text_of(ask(model, "A lighthouse")))[-1] for model in models]
    first, other, again = (http.get(link).content for link in links)
    assert first == again != other


def test_the_block_repeats_the_prompt_and_the_ratio(ask: Ask) -> None:
    """Quotes, line breaks and other alphabets survive in the JSON of the block."""
    block = block_of(text_of(ask("gpt-4o-image", 'a sign with "hi"\nand 猫, watercolour, 16:9')))
    assert block == {
        "prompt": 'A sign with "hi"\nand 猫, watercolour, 16:9.',
        "ratio": "16:9",
    }


def test_a_prompt_can_ask_for_several_pictures(ask: Ask, http: httpx.Client) -> None:
    """The layouts with `n` in their block give as many pictures as the prompt names."""
    text = text_of(ask("gpt-image-1.5", "Two versions of a boat"))
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert block_of(text)["n"] == 2
    assert len({http.get(picture).content for picture in pictures}) == 2


def test_the_last_picture_of_a_conversation_is_edited(ask: Ask, http: httpx.Client) -> None:
    """With an earlier answer sent back, the block names its picture and the new one differs."""
    first = text_of(ask("gpt-4o-image", "A boat, 3:2"))
    said = {"role": "assistant", "content": first}
    second = text_of(ask("gpt-4o-image", [*turn(text="A boat, 3:2"), said, *turn()]))
    assert block_of(second) == {
        "prompt": "Make it blue.",
        "ratio": "3:2",
        "gen_id": first.rpartition("![")[2].partition("]")[0],
    }
    pictures = [http.get(LINK.findall(text)[-1]).content for text in (first, second)]
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("model", ["sora_image", "gemini-2.5-flash-image-preview"])
def test_previews_and_inline_pictures_are_edited_too(ask: Ask, model: str) -> None:
    """A signed preview link or a data URI in an earlier answer leads to its picture."""
    said = {"role": "assistant", "content": text_of(ask(model, "A boat"))}
    block = block_of(text_of(ask("gpt-4o-image", [*turn(), said, *turn()])))
    assert {"gen_id", "referenced_image_ids"} & set(block)


def test_a_picture_of_somebody_else_does_not_matter(ask: Ask) -> None:
    """A link in an earlier answer that is not of this server is no error; a new picture comes."""
    said = {"role": "assistant", "content": "![x](https://example.org/cdn/20250415/abc.png)"}
    block = block_of(text_of(ask("gpt-4o-image", [*turn(), said, *turn()])))
    assert set(block) == {"prompt", "ratio"}


def test_uploaded_pictures_are_referenced(ask: Ask, http: httpx.Client) -> None:
    """Each upload has an id in the block; the first one is edited and keeps its ratio."""
    parts = [uploaded(90, 60, "LA"), uploaded()]
    text = text_of(ask("gpt-4o-image", turn(*parts)))
    block = block_of(text)
    assert len(block["referenced_image_ids"]) == 2
    assert block["ratio"] == "3:2"
    assert http.get(LINK.findall(text)[-1]).status_code == 200


def test_a_picture_of_this_server_can_be_uploaded_by_its_link(ask: Ask) -> None:
    """An http URL of the server itself is fine, by any of its local names."""
    link = LINK.findall(text_of(ask("gpt-4o-image", "A boat")))[-1]
    part = {"type": "image_url", "image_url": {"url": link.replace("127.0.0.1", "localhost")}}
    assert "**Picture 1:**" in text_of(ask("gpt-4o", turn(part)))


def test_a_text_model_describes_each_upload(ask: Ask) -> None:
    """A vision question is answered picture by picture, and its tokens are counted."""
    answer = ask("gpt-4o", turn(uploaded(), uploaded(), text="What is this?"))
    assert re.findall(r"\*\*Picture (\d):\*\* .+", text_of(answer)) == ["1", "2"]
    assert answer.json()["usage"]["prompt_tokens_details"]["image_tokens"] > 0


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64,AAAA",
        "data:image/png;base64,***",
        "data:image/png,AAAA",
        "https://example.org/cat.png",
        "http://[bad/cat.png",
        "{own}/cdn/20250415/gone.png",
    ],
    ids=["no-image", "no-base64", "no-encoding", "elsewhere", "no-url", "gone"],
)
@pytest.mark.parametrize("model", ["gpt-4o-image", "gpt-4o"])
def test_a_picture_that_cannot_be_had_is_refused(
    ask: Ask, http: httpx.Client, model: str, url: str
) -> None:
    """A broken upload, and a link out of this machine, are a clear 400."""
    own = str(http.base_url).partition("/v1")[0]
    part = {"type": "image_url", "image_url": {"url": url.replace("{own}", own)}}
    answer = ask(model, turn(part))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in {"invalid_image", "invalid_image_url"}


def test_an_image_model_needs_a_prompt_or_a_picture(ask: Ask) -> None:
    """Without words of a user there is nothing to paint."""
    assert ask("gpt-4o-image", " ").status_code == 400
    assert ask("gpt-4o-image", [{"role": "system", "content": "Be kind"}]).status_code == 400
    assert ask("gpt-4o-image", turn(uploaded(), text="")).status_code == 200


def test_links_are_built_from_the_host_that_was_asked(ask: Ask, http: httpx.Client) -> None:
    """Behind another name, the links use that name."""
    body = {"model": "gpt-4o-image", "messages": turn(text="A boat")}
    answer = http.post("/chat/completions", json=body, headers={"Host": "demo.test:81"})
    assert LINK.findall(text_of(answer))[-1].startswith("http://demo.test:81/cdn/")
