"""`generate`, `agenerate`, `stream` and `models` against the demo."""

import asyncio
import pickle
import re
import subprocess
import sys
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import comet_magic as comet
from comet_magic import api
from comet_magic.demo import DemoServer
from comet_magic.families.registry import medium_of
from comet_magic.inputs import read_images
from comet_magic.kernel.session import Session
from comet_magic.settings import configuration
from tests.conftest import Heard
from tests.pictures import encoded

pytestmark = pytest.mark.usefixtures("fresh_session")


@pytest.fixture(autouse=True)
def _endpoint(demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)


def test_generate_returns_a_whole_generation() -> None:
    """A picture with its bytes on disk, the revised prompt, progress and usage."""
    generation = comet.generate("A cute kitten sitting on a cloud, 3:2")
    assert generation.status is comet.Status.COMPLETE
    assert generation.revised_prompt
    assert generation.ratio == "3:2"
    assert generation.progress[-1] == 100
    assert generation.usage is not None
    (image,) = generation.images
    assert image.path is not None
    assert image.path.exists()
    assert image.width is not None
    assert image.height is not None
    assert round(image.width / image.height, 2) == 1.5
    assert image.alt == generation.revised_prompt


_OF_ONE_ANSWER = ("id", "request_id", "task_id", "started", "elapsed", "time_to_first_token",
                  "exchange")  # fmt: skip


def but_for_ids_and_times(generation: comet.Generation) -> dict[str, object]:
    """What two answers to the same request have in common."""
    names = {field.name for field in fields(generation)}.difference(_OF_ONE_ANSWER)
    values: dict[str, object] = {name: getattr(generation, name) for name in names}
    for name in ("text", "answer"):
        values[name] = re.sub(r"(https?:|task_|gen_|s_)[^\s)`\"]+", "", getattr(generation, name))
    images, videos = generation.images, generation.videos
    return values | {
        "gen_ids": len(generation.gen_ids),
        "images": [(image.data, image.alt, image.width, image.height) for image in images],
        "videos": [(video.alt, video.size) for video in videos],
        "choices": [but_for_ids_and_times(choice) for choice in generation.choices],
    }


@pytest.mark.parametrize(
    ("model", "made", "more"),
    [
        ("gpt-4o-image", "images", {}),
        ("flux-kontext-pro", "images", {}),
        ("sora-2", "videos", {}),
        ("gpt-4o-mini", "choices", {"n": 2}),
    ],
)
def test_streamed_and_whole_answers_are_the_same(model: str, made: str, more: Any) -> None:
    """But for ids and times."""
    streamed, whole = (
        comet.generate("A boat", model=model, stream=stream, **more) for stream in (True, False)
    )
    assert streamed.status is comet.Status.COMPLETE
    assert getattr(streamed, made)
    assert streamed.usage
    assert but_for_ids_and_times(streamed) == but_for_ids_and_times(whole)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_uploaded_picture_is_spoken_about_and_edited(mode: str) -> None:
    """From its pixels: a text model names size and colours, an image model makes it night."""
    picture = Image.new(mode, (400, 300), "skyblue" if mode == "RGB" else (0, 0, 0, 0))
    picture.paste((40, 160, 80), (100, 100, 300, 300))
    said = comet.generate("What is it?", model="gpt-4o-mini", images=picture)
    assert "400 × 300 pixels" in said.text
    assert ("sky blue" in said.text) == (mode == "RGB")
    assert "green" in said.text
    night = comet.generate("Make it night and add a hat", images=[picture]).images[0].to_pil()
    assert (night.size, night.mode) == ((400, 300), mode)
    before, after = (one.convert("RGB").getpixel((150, 250)) for one in (picture, night))
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    assert sum(after) < 0.6 * sum(before)
    assert mode == "RGB" or night.getchannel("A").getpixel((20, 20)) == 0


def test_several_choices() -> None:
    """`n` pictures, each a choice of its own."""
    generation = comet.generate("A dog", n=3)
    assert len(generation.images) == len(generation.choices) == 3
    assert len({image.data for image in generation.images}) == 3


def test_without_download_only_the_links_are_there() -> None:
    """Nothing is fetched and nothing is written."""
    generation = comet.generate("A boat", download=False)
    assert generation.images[0].data is None
    assert generation.images[0].url.startswith("http")


def test_stream_yields_growing_snapshots_and_a_final_one() -> None:
    """Each holds at least what the one before it held; the last is the generation."""

    async def run() -> list[comet.Generation]:
        return [snapshot async for snapshot in comet.stream("Hello", model="gpt-4o-mini")]

    seen = asyncio.run(run())
    assert seen[-1].status is comet.Status.COMPLETE
    assert [snapshot.status.is_final for snapshot in seen].count(True) == 1
    for before, after in pairwise(seen):
        assert after.text.startswith(before.text)


def test_leaving_a_stream_closes_its_connection() -> None:
    """`break` cancels the request: nothing more is paid for."""
    with DemoServer(pace=1) as slow:

        async def run() -> None:
            snapshots = comet.stream("A boat", base_url=slow.base_url)
            async for _ in snapshots:
                break
            await snapshots.aclose()  # type: ignore[attr-defined]
            for _ in range(200):
                if slow.open_streams == 0:
                    return
                await asyncio.sleep(0.01)
            raise AssertionError("the stream is still open")

        asyncio.run(run())


def test_many_at_once() -> None:
    """`asyncio.gather` of fifty shares one loop and one pool."""

    async def run() -> list[comet.Generation]:
        return await asyncio.gather(
            *(comet.agenerate(f"number {number}", model="gpt-4o-mini") for number in range(50))
        )

    generations = asyncio.run(run())
    assert all(generation.status is comet.Status.COMPLETE for generation in generations)
    assert len({generation.prompt for generation in generations}) == 50


def test_cancelling_agenerate_cancels_the_request() -> None:
    """A task that is cancelled does not go on paying."""
    with DemoServer(pace=1) as slow:

        async def run() -> None:
            task = asyncio.ensure_future(comet.agenerate("A boat", base_url=slow.base_url))
            while slow.open_streams == 0:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            while slow.open_streams:
                await asyncio.sleep(0.01)

        asyncio.run(run())


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"prompt": ""}, ValueError, "prompt is empty"),
        ({"prompt": 7}, TypeError, "prompt"),
        ({"temperature": 3}, ValueError, "temperature must be a number from 0 to 2, not 3"),
        ({"n": 0}, ValueError, "n must be"),
        ({"images": "cat.png"}, ValueError, "image cat.png: there is no such file"),
        ({"images": [b"x"]}, ValueError, "image 1: no picture but text"),
        ({"images": 7}, TypeError, "image 1: no picture but a value of type int"),
        ({"stop": ["a"] * 5}, ValueError, "stop"),
        ({"savedir": "x"}, TypeError, "unknown option 'savedir'; .*, save_dir, .*, top_p, user"),
        ({"base_url": "api.example"}, ValueError, "base URL"),
        ({"api_key": "a\nb"}, ValueError, "key"),
        ({"max_retries": -1}, ValueError, "max_retries"),
        ({"history_turns": 1001}, ValueError, "history_turns must be from 0 to 1000"),
        ({"history_turns": 1.5}, ValueError, "history_turns must be a whole number"),
        ({"history": "hello"}, TypeError, "history must be a Generation"),
        ({"history": [{"role": "robot", "content": "x"}]}, ValueError, "role"),
    ],
)
def test_wrong_arguments_raise_before_anything_is_sent(
    arguments: dict[str, Any], error: type, says: str, fresh_session: Session
) -> None:
    """The three functions check alike, and the ledger stays empty."""
    arguments = {"prompt": "x", **arguments}
    with pytest.raises(error, match=says):
        comet.generate(**arguments)
    with pytest.raises(error, match=says):
        asyncio.run(comet.agenerate(**arguments))
    assert len(fresh_session.ledger) == 0


@pytest.mark.parametrize(
    ("model", "error", "status"),
    [
        ("demo-error-400", comet.BadRequestError, "failed"),
        ("demo-error-401", comet.AuthenticationError, "failed"),
        ("demo-error-403", comet.PermissionDeniedError, "failed"),
        ("demo-error-404", comet.NotFoundError, "failed"),
        ("demo-error-413", comet.BadRequestError, "failed"),
        ("demo-error-500", comet.InternalServerError, "failed"),
        ("demo-error-503", comet.InternalServerError, "failed"),
        ("demo-error-html", comet.NotFoundError, "failed"),
        ("demo-error-cut", comet.StreamError, "interrupted"),
        ("demo-error-stream", comet.StreamError, "interrupted"),
        ("demo-error-refused", comet.GenerationError, "failed"),
        ("demo-error-failed", comet.GenerationError, "failed"),
    ],
)
def test_teaching_errors(model: str, error: type, status: str, fresh_session: Session) -> None:
    """Each of the demo's errors is raised with what there is of its generation."""
    with pytest.raises(comet.CometError) as caught:
        comet.generate("A boat", model=model, max_retries=0)
    assert type(caught.value) is error
    assert caught.value.generation
    assert caught.value.generation.status == status
    assert caught.value.generation.error
    assert fresh_session.ledger[-1].status == status


@pytest.mark.parametrize("stream", [True, False])
def test_every_model_of_the_demo_is_read(stream: bool) -> None:
    """Each speaks its layout of the wire: picture models make pictures, video models videos."""
    for model in comet.models():
        if model.startswith("demo-"):
            continue
        generation = comet.generate("A boat", model=model, stream=stream)
        # It has all tools and uses the one for pictures; its id does not tell.
        medium = "image" if model == "gpt-4o-all" else medium_of(model)
        assert generation.status is comet.Status.COMPLETE, model
        assert bool(generation.images) == (medium == "image"), model
        assert bool(generation.videos) == (medium == "video"), model
        assert all(image.data for image in generation.images), model
        assert all(video.path for video in generation.videos), model
        assert "进度" not in generation.answer, model
        assert "Progress" not in generation.answer, model
        assert generation.notes == (), model


def test_configured_defaults_count_in_python_too() -> None:
    """`%config CometMagics.model` is for every face."""
    configuration.current().values["model"] = "gpt-4o-mini"
    assert comet.generate("Hello").model == "gpt-4o-mini"


def test_the_demo_is_started_when_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set the same call works, and says who answered."""
    monkeypatch.delenv("COMETAPI_BASE_URL")
    generation = comet.generate("A boat", download=False)
    assert generation.endpoint == "demo"


def test_a_demo_that_could_not_start_is_started_by_the_next_call(
    monkeypatch: pytest.MonkeyPatch, fresh_session: Session
) -> None:
    """For want of files or of an address, which may be there a moment later."""
    monkeypatch.delenv("COMETAPI_BASE_URL")
    with monkeypatch.context() as patch:
        patch.setattr(DemoServer, "start", lambda server: Path("no such file").stat())
        with pytest.raises(OSError, match="no such file"):
            comet.generate("A boat", download=False)
    assert comet.generate("A boat", download=False).endpoint == "demo"


def test_a_script_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left running or said when the interpreter ends, also with the demo started."""
    monkeypatch.delenv("COMETAPI_BASE_URL")
    code = "import comet_magic; print(comet_magic.generate('A boat').status)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("complete", "")


IMAGE_MODELS = [
    *("gpt-4o-image", "gpt-4o-all", "sora_image", "gpt-image-1.5", "gpt-4o-image-vip"),
    *("gpt-image-1", "flux-kontext-pro", "flux-kontext-max", "gemini-2.5-flash-image-preview"),
]


@pytest.mark.parametrize("model", [*IMAGE_MODELS, "gpt-4o-mini"])
def test_edit_sends_the_earlier_texts_unchanged(model: str, heard: Heard) -> None:
    """To the last character of what the server had sent, with the model that made them."""
    generation = comet.generate("A cute kitten sitting on a cloud", model=model, system="Be kind.")
    for prompt in ("make it night", "add a hat"):
        generation = generation.edit(prompt)
    roles = ["system", "user", "assistant", "user", "assistant", "user"]
    assert [message["role"] for message in heard.messages] == roles
    said = [one["content"] for one in heard.messages if one["role"] == "assistant"]
    assert said == heard.texts[:2]
    assert heard.messages[1]["content"] == "A cute kitten sitting on a cloud"
    assert {body["model"] for body in heard.bodies} == {model}
    assert generation.notes == ("with 2 earlier turns",)


@pytest.mark.parametrize("model", ["gpt-4o-image", "gemini-2.5-flash-image"])
def test_edit_changes_the_picture(model: str) -> None:
    """The second is the first one by night, the third that with a hat; both are clearly seen."""
    day = comet.generate("A cute kitten sitting on a cloud", model=model)
    night = day.edit("make it night")
    hat = night.edit("add a hat")
    pictures = [one.images[0].to_pil().convert("L").resize((32, 32)) for one in (day, night, hat)]
    by_day, by_night, with_hat = ([*picture.tobytes()] for picture in pictures)
    assert sum(by_night) < 0.6 * sum(by_day)
    # Only the hat is new: it covers a tenth of the picture.
    changed = sum(abs(a - b) > 12 for a, b in zip(by_night, with_hat, strict=True))
    assert 20 < changed < 250


def test_a_picture_alone_can_be_changed() -> None:
    """Its bytes go along, and no earlier turns; another model than its own may do it."""
    day = comet.generate("A cute kitten sitting on a cloud", model="flux-kontext-pro")
    night = day.images[0].edit("make it night", model="gpt-4o-image")
    assert len(night.messages) == 1
    assert any("1024 × 1024" in note for note in night.notes)
    by_day, by_night = (
        sum(each.images[0].to_pil().convert("L").tobytes()) for each in (day, night)
    )
    assert by_night < 0.6 * by_day


def test_history_is_taken_by_all_three_functions(heard: Heard) -> None:
    """A generation, several, or messages; the same is sent, and noted, by each."""
    first = comet.generate("My name is Ada", model="gpt-4o-mini")
    second = comet.generate("I live in London", history=first)

    async def ask(history: Any) -> list[comet.Generation]:
        asked = {"prompt": "What is my name?", "model": "gpt-4o-mini", "history": history}
        return [await comet.agenerate(**asked), *[each async for each in comet.stream(**asked)]]

    messages = [
        {"role": "user", "content": "My name is Ada"},
        {"role": "assistant", "content": first.text},
        {"role": "user", "content": "I live in London"},
        {"role": "assistant", "content": second.text},
    ]
    for history in (second, [first, second], messages):
        found = asyncio.run(ask(history))
        assert {generation.notes for generation in found} == {("with 2 earlier turns",)}
        assert "Your name is **Ada**" in found[0].text
        assert "Your name is **Ada**" in found[-1].text
        for body in heard.bodies[-2:]:
            asked = {"role": "user", "content": "What is my name?"}
            assert body["messages"] == [*messages, asked]


def test_history_is_bounded_by_a_setting(heard: Heard) -> None:
    """An argument or `%config`; what is left out is said."""
    turns = [
        {"role": role, "content": f"{role} {number}"}
        for number in range(13)
        for role in ("user", "assistant")
    ]
    asked: Any = {"model": "gpt-4o-mini", "history": [{"role": "system", "content": "S"}, *turns]}
    generation = comet.generate("x", **asked)
    assert generation.notes == ("with 10 earlier turns; 3 older ones were left out",)
    assert [one["content"] for one in heard.messages][:2] == ["S", "user 3"]
    configuration.current().values["history_turns"] = 0
    assert comet.generate("x", **asked).notes[0].startswith("with no earlier turns; 13 older")
    assert [one["content"] for one in heard.messages] == ["S", "x"]
    assert comet.generate("x", history_turns=12, **asked).notes[0].startswith("with 12 earlier")


def test_a_generation_can_be_gone_on_from_in_another_process() -> None:
    """A pickle keeps the messages."""
    first = comet.generate("My name is Ada", model="gpt-4o-mini")
    code = (
        "import pickle, sys; g = pickle.load(sys.stdin.buffer)\n"
        "print(g.edit('What is my name?').text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(first), capture_output=True, check=True
    )
    assert "Your name is **Ada**" in done.stdout.decode()


def test_nothing_goes_on_from_a_failure(heard: Heard, fresh_session: Session) -> None:
    """What is not complete says so; nothing is sent."""
    with pytest.raises(comet.StreamError) as caught:
        comet.generate("A boat", model="demo-error-cut")
    generation = caught.value.generation
    assert generation is not None
    with pytest.raises(ValueError, match="is interrupted cannot be continued"):
        generation.edit("make it night")
    assert len(heard.bodies) == len(fresh_session.ledger) == 1


def test_a_picture_asks_for_its_own_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """`edit` of a picture is `generate` with it as the one input image, and no history."""
    image = comet.generate("A boat").images[0]
    asked: list[object] = []
    monkeypatch.setattr(api, "generate", lambda prompt, **more: asked.append((prompt, more)))
    image.edit("make it night", n=2)
    image.edit("again", model="flux-kontext-pro")
    rest = {"images": [image], "system": None, "download": True}
    assert asked == [
        ("make it night", {"model": None, "n": 2, **rest}),
        ("again", {"model": "flux-kontext-pro", **rest}),
    ]


def test_more_pictures_can_go_with_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture is the first of them."""
    image = comet.generate("A boat").images[0]
    notes: list[str] = []
    monkeypatch.setattr(
        api, "generate", lambda prompt, **more: notes.extend(read_images(more["images"]).notes)
    )
    image.edit("put it on", images=[encoded(), "https://cdn.example/a.png"])
    first, second, third = notes
    assert "1024 × 1024" in first
    assert "60 × 40" in second
    assert third == "with https://cdn.example/a.png, sent as a link"
