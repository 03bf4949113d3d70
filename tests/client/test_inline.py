"""Bytes that stand in a text become a picture, and no output holds them."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

import comet_magic as comet
from comet_magic.generation import Generation
from comet_magic.media.addresses import data_uri
from comet_magic.media.images import GeneratedImage
from comet_magic.media.videos import GeneratedVideo
from tests.client.pictured import fetched
from tests.client.pictured import names as names  # noqa: PLC0414 - a fixture
from tests.client.scripted import BASE_URL, DONE, Endpoint, answer, create, delta, sse
from tests.pictures import MP4, encoded

pytestmark = pytest.mark.usefixtures("without_waits")
# A picture of 3 MB whose preview is small: Pillow ignores what follows the end of a PNG.
LARGE = encoded() + bytes(range(256)) * 12_000
URI = data_uri("image/png", LARGE)
RUN = URI[-1_000:-900]


def generated(text: str, *answers: httpx.Response, model: str = "gpt-4o-image") -> Generation:
    """The generation of an answer with this text."""
    pieces = [delta(text[at : at + 16_000]) for at in range(0, len(text), 16_000)]
    endpoint = Endpoint(sse(*pieces, delta("", "stop"), DONE), *answers)
    return asyncio.run(create(endpoint, model=model, download=True))


@pytest.mark.parametrize(
    "text",
    [f"Here it is: {URI}", f"Here it is:\n\n![fox]({URI})", f"Here it is:\n<img src='{URI}'/>",
     f"Here it is:\n```\n{URI[22:]}\n```"],
    ids=["sentence", "Markdown", "HTML", "base64"],
)  # fmt: skip
def test_no_output_holds_an_inline_picture_of_3_mb(text: str) -> None:
    """Answer, HTML, text, sidecar and inspection are short; the text is kept to go on with."""
    generation = generated(text)
    (image,) = generation.images
    assert image.data == LARGE
    assert generation.answer == "Here it is:"
    assert generation.text == text
    shown = generation._repr_mimebundle_()
    assert sum(map(len, shown.values())) < 20_000
    assert image.path is not None
    sidecar = image.path.with_suffix(".json").read_text()
    assert len(sidecar) < 2_000
    assert image.path.stat().st_size < len(LARGE) + 2_000
    inspected = generation.inspect()._repr_mimebundle_()
    assert sum(map(len, inspected.values())) < 60_000
    for output in (*shown.values(), sidecar, *inspected.values(), repr(generation), repr(image)):
        assert RUN not in output


def test_a_text_model_draws_and_shows_code_without_bytes() -> None:
    """In code they are the model's words: `answer` has them, but no output."""
    text = f"A picture as a style:\n\n```css\na {{ background: url({URI}) }}\n```"
    generation = generated(text, model="gpt-4o-mini")
    assert (generation.images, generation.answer) == ((), text)
    shown = generation._repr_mimebundle_()
    assert sum(map(len, shown.values())) < 10_000
    assert "url(data:image/png;base64,…)" in shown["text/plain"]


@pytest.mark.parametrize("text", [f"![fox]({URI[:-9]}", f"Here: {URI[:-9]}"])
def test_a_picture_that_was_cut_is_not_shown_as_text(text: str) -> None:
    """The stream ends in the midst of it."""
    with pytest.raises(comet.StreamError) as caught:
        asyncio.run(create(Endpoint(sse(delta(text))), model="gpt-4o-image", download=True))
    generation = caught.value.generation
    assert generation is not None
    assert generation.text == text
    for output in (generation.answer, *generation._repr_mimebundle_().values(), str(caught.value)):
        assert len(output) < 20_000
        assert RUN not in output


def test_an_error_says_no_bytes() -> None:
    """Endpoints quote what they were sent, and models repeat it."""
    wrong = {"error": {"message": f"Invalid image {URI}: too large"}}
    with pytest.raises(comet.BadRequestError, match=r"Invalid image data:image/png;base64,…"):
        asyncio.run(create(Endpoint(httpx.Response(400, json=wrong))))
    with pytest.raises(comet.GenerationError) as caught:
        generated(f"I cannot read data:text/plain;base64,{'QUFB' * 1_000} at all.")
    assert "I cannot read data:text/plain;base64,… at all." in str(caught.value)
    assert caught.value.generation is not None
    assert len(caught.value.generation.error or "") < 200


def test_a_prompt_with_bytes_leaves_none_in_the_sidecar() -> None:
    """The rewritten prompt can repeat what was sent."""
    block = json.dumps({"prompt": f"A fox like {URI}", "ratio": "1:1"})
    generation = generated(f"{block}\n![fox](https://pictures.example/x.png)", answer(encoded()))
    (image,) = generation.images
    assert image.path is not None
    assert "A fox like data:image/png;base64,…" in image.path.with_suffix(".json").read_text()
    assert sum(map(len, generation._repr_mimebundle_().values())) < 20_000


def test_a_relative_address_is_joined_to_the_endpoint() -> None:
    """`/files/x.png` is below the host, `files/x.png` below the base URL."""
    for path, expected in (("/files/x.png", "/files/x.png"), ("files/x.png", "/v1/files/x.png")):
        generation, endpoint = fetched(answer(encoded()), links=(path,))
        assert [image.url for image in generation.images] == [
            str(httpx.URL(BASE_URL).join(expected))
        ]
        assert endpoint.requests[1].url.path == expected
        assert generation.images[0].data == encoded()


def test_a_picture_that_comes_twice_is_one() -> None:
    """As bytes and as a link to them: it is shown and saved once. Two links are two."""
    inline = data_uri("image/png", encoded())
    generation, _ = fetched(answer(encoded()), links=("https://pictures.example/x.png", inline))
    (image,) = generation.images
    assert image.path is not None
    assert len(list(image.path.parent.glob("*.png"))) == 1
    assert generation.notes == ()
    links = ("https://pictures.example/x.png", "https://pictures.example/y.png")
    generation, _ = fetched(answer(encoded()), answer(encoded()), links=links)
    assert len({image.path for image in generation.images}) == 2


def test_what_its_bytes_show_it_is() -> None:
    """A "picture" that is a video is one, and a "video" that is a picture, too."""
    generation, _ = fetched(answer(MP4), links=("https://pictures.example/x",))
    (video,) = generation.videos
    assert isinstance(video, GeneratedVideo)
    assert (generation.images, generation.status) == ((), comet.Status.COMPLETE)
    assert Path(str(video.path)).suffix == ".mp4"
    generation = generated("https://pictures.example/x", answer(encoded()), model="veo-3")
    (image,) = generation.images
    assert isinstance(image, GeneratedImage)
    assert (generation.videos, image.width) == ((), 60)
