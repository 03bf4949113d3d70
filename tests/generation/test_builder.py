"""A generation grows from its chunks, and ends in one of three ways."""

from typing import Any

import pytest

from comet_magic.families.chat.chunks import Attachment, ChatCompletionChunk, ChunkChoice
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, Status
from comet_magic.media.images import GeneratedImage
from comet_magic.wire.usage import Usage
from tests.families.chat.growing import STARTED, Growing, chunk
from tests.families.chat.growing import growing as builder
from tests.transcripts import IDS, ROWS


def finished(text: str, model: str = "gpt-4o-image") -> Generation:
    """The end of an answer with this text."""
    growing = builder(model)
    growing.add(chunk(text, "stop"), 1.0)
    growing.close(is_whole=True)
    return growing.finish(2.0)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_real_transcripts_end_as_they_should(row: dict[str, Any]) -> None:
    """With a picture or video it is complete; without one it failed, and says why."""
    expected = row["expect"]
    generation = finished(row["text"])
    assert generation.text == row["text"]
    assert generation.revised_prompt == expected["prompt"]
    assert generation.ratio == expected["ratio"]
    assert list(generation.progress) == expected["progress"]
    assert generation.percent == (expected["progress"] or [None])[-1]
    assert [image.url for image in generation.images] == expected["images"]
    assert [video.url for video in generation.videos] == expected["videos"]
    assert generation.task_id == expected["task_id"]
    assert list(generation.gen_ids) == expected["gen_ids"]
    has_media = bool(expected["images"] or expected["videos"])
    assert generation.status is (Status.COMPLETE if has_media else Status.FAILED)
    if expected["failed"]:
        assert generation.error == expected["reason"]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_snapshots_at_every_character_lead_to_the_same_end(row: dict[str, Any]) -> None:
    """Looking on the way changes nothing, and the status only goes forward."""
    growing = builder()
    order = [Status.QUEUED, Status.GENERATING]
    reached = 0
    for position, character in enumerate(row["text"][:1_500]):
        growing.add(chunk(character), position / 1_000)
        now = order.index(growing.snapshot().status)
        assert now >= reached
        reached = now
    growing.add(chunk(row["text"][1_500:], "stop"), 1.0)
    growing.close(is_whole=True)
    assert growing.finish(2.0).images == finished(row["text"]).images


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["expect"]["partial"]], ids=lambda row: row["id"]
)
def test_a_text_cut_in_mid_generation_is_interrupted(row: dict[str, Any]) -> None:
    """What arrived is kept; it is not complete."""
    growing = builder()
    growing.add(chunk(row["text"]), 1.0)
    growing.close(is_whole=False)
    generation = growing.interrupt("cut", 2.0)
    assert (generation.status, generation.error) == (Status.INTERRUPTED, "cut")
    assert list(generation.progress) == row["expect"]["progress"]


def test_a_text_model_needs_no_picture() -> None:
    """Its answer is its text, whole, whatever it looks like."""
    text = '{"prompt": "x"}\nhttps://a.example/x.png [v](https://a.example/v.mp4)\n> a quote'
    generation = finished(text, "gpt-4o-mini")
    assert (generation.status, generation.answer) == (Status.COMPLETE, text)
    assert (generation.images, generation.videos) == ((), ())
    (image,) = finished("Look: ![x](https://a.example/x.png)", "gpt-4o-mini").images
    assert image.url == "https://a.example/x.png"


def test_an_unknown_model_that_follows_the_protocol_is_judged_by_it() -> None:
    """If the text is that of a picture being made, a picture is expected."""
    text = '{"prompt": "x"}\n> Queuing.\n> Progress 14..37..\nI can’t assist with that request.'
    generation = finished(text, "some-new-model")
    assert generation.status is Status.FAILED
    assert generation.error == "I can’t assist with that request."
    assert (
        finished(text + "\n![x](https://a.example/x.png)", "some-new-model").status
        is Status.COMPLETE
    )


@pytest.mark.parametrize("text", ["`", "```json\n", '```\n{\n "pro', "> 排", '{"prompt": "x"}\n'])
def test_a_picture_is_queued_while_its_parameters_are_written(text: str) -> None:
    """The work is yet to come; a text model that writes the same is answering."""
    growing, answering = builder(), builder("gpt-4o-mini")
    for one in (growing, answering):
        one.add(chunk(text), 1.0)
    assert growing.snapshot().status is Status.QUEUED
    assert answering.snapshot().status is Status.GENERATING


def test_times_and_ids_are_those_of_the_wire() -> None:
    """The first token, the end, the model that answered, the last usage."""
    growing = builder()
    growing.request_id = "r1"
    growing.add(ChatCompletionChunk(id="c1", model="answered"), 0.5)
    growing.add(chunk("", usage=Usage(1)), 1.0)
    growing.add(chunk("![x](https://a.example/x.png)", "stop", usage=Usage(1, 2, 3)), 1.5)
    growing.close(is_whole=True)
    generation = growing.finish(4.0)
    assert (generation.id, generation.model, generation.request_id) == ("c1", "answered", "r1")
    assert (generation.time_to_first_token, generation.elapsed) == (1.5, 4.0)
    assert (generation.usage, generation.finish_reason) == (Usage(1, 2, 3), "stop")
    assert (generation.started, generation.endpoint, generation.attempts) == (
        STARTED,
        "api.example",
        1,
    )


def test_pictures_outside_the_text_come_first() -> None:
    """A preview link in the text is then only a preview; the alt text is the revised prompt."""
    growing = builder()
    growing.add(
        chunk('{"prompt": "A tabby"}\n> Progress 14..[100](https://a.example/preview.png)\n'), 1.0
    )
    outside = ChunkChoice(0, "", "stop", (Attachment("data:image/png;base64,AA=="),))
    growing.add(ChatCompletionChunk(choices=(outside,)), 1.0)
    growing.close(is_whole=True)
    (image,) = growing.finish(1.0).images
    assert (image.url, image.alt) == ("data:image/png;base64,AA==", "A tabby")


@pytest.mark.parametrize("url", ["https://a.example/v.mp4?sig=1", "data:video/mp4;base64,AA=="])
def test_a_video_beside_the_text_is_one(url: str) -> None:
    """It stands where pictures stand; one that stands beside it stays a picture."""
    growing = builder("veo-3")
    picture = "https://a.example/p.png"
    attachments = (Attachment(picture), Attachment(url), Attachment(url))
    growing.add(ChatCompletionChunk(choices=(ChunkChoice(0, "", "stop", attachments),)), 1)
    growing.close(is_whole=True)
    generation = growing.finish(1.0)
    assert [video.url for video in generation.videos] == [url]
    assert [image.url for image in generation.images] == [picture]
    assert generation.status is Status.COMPLETE


def test_a_top_level_picture_is_an_end() -> None:
    """The images API has no choices and no finish reason."""
    growing = builder()
    growing.add(
        ChatCompletionChunk(
            attachments=(Attachment("https://a.example/x.png"),), revised_prompt="A tabby"
        ),
        1.0,
    )
    assert growing.has_ended
    growing.close(is_whole=True)
    generation = growing.finish(1.0)
    assert (generation.status, generation.revised_prompt) == (Status.COMPLETE, "A tabby")


def test_a_picture_beside_the_text_is_no_end() -> None:
    """More pictures and words may follow it: models that draw and write send them in turn."""
    growing = builder()
    growing.add(
        ChatCompletionChunk(choices=(ChunkChoice(0, "", None, (Attachment("data:,"),)),)), 1.0
    )
    assert not growing.has_ended
    growing.add(chunk("", "stop"), 2.0)
    assert growing.has_ended


def test_one_failed_choice_of_two_is_no_success() -> None:
    """The pictures of the others are kept."""
    growing = Growing(compose("A cat", model="gpt-4o-image", n=2))
    growing.add(chunk("![x](https://a.example/x.png)", "stop"), 1.0)
    growing.add(chunk("I can’t assist with that request.", "stop", index=1), 1.0)
    growing.close(is_whole=True)
    generation = growing.finish(1.0)
    assert (generation.status, len(generation.images)) == (Status.FAILED, 1)
    assert [choice.status for choice in generation.choices] == [Status.COMPLETE, Status.FAILED]
    assert generation.error == "I can’t assist with that request."
    assert generation.text == "![x](https://a.example/x.png)"


def test_a_cut_leaves_whole_choices_whole() -> None:
    """Of two choices one ended before the stream broke."""
    growing = Growing(compose("A cat", model="gpt-4o-mini", n=2))
    growing.add(chunk("one", "stop"), 1.0)
    growing.add(chunk("tw", index=1), 1.0)
    growing.close(is_whole=False)
    generation = growing.interrupt("cut", 1.0)
    assert generation.status is Status.INTERRUPTED
    assert [choice.status for choice in generation.choices] == [Status.COMPLETE, Status.INTERRUPTED]


def test_stopped_after_the_last_word_none_is_complete() -> None:
    """All choices are whole, but their pictures were still being fetched."""
    growing = Growing(compose("A cat", model="gpt-4o-mini", n=2))
    growing.add(chunk("one", "stop"), 1.0)
    growing.add(chunk("two", "stop", index=1), 1.0)
    growing.close(is_whole=True)
    assert growing.interrupt("stopped", 1.0).status is Status.INTERRUPTED


def test_downloaded_pictures_replace_their_links() -> None:
    """What was made of a link stands in its place."""
    growing = builder()
    growing.add(chunk("![x](https://a.example/x.png)", "stop"), 1.0)
    growing.close(is_whole=True)
    known = GeneratedImage("https://a.example/x.png", b"data")
    growing.set_media(known.url, known)
    assert growing.finish(1.0).images == (known,)


def test_answers_that_have_not_begun_have_their_places() -> None:
    """From the first frame, as many as were asked for; at the end there are those that came."""
    growing = Growing(compose("A cat", model="gpt-4o-image", n=3))
    assert [choice.status for choice in growing.snapshot().choices] == [Status.QUEUED] * 3
    growing.add(chunk("![x](https://a.example/x.png)", "stop"), 1.0)
    assert len(growing.snapshot().choices) == 3
    growing.close(is_whole=True)
    end = growing.finish(1.0)
    assert end.status is Status.COMPLETE
    assert end.choices == ()


def test_a_billion_answers_have_no_billion_places() -> None:
    """What is asked for is not what comes."""
    growing = Growing(compose("A cat", model="gpt-4o-image", n=10**9))
    assert len(growing.snapshot().choices) < 100
