"""What an ended generation counts for: what was received, else an estimate."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from comet_magic.families.ask import Ask
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, GenerationBuilder, Status, used_by
from comet_magic.media.images import GeneratedImage
from comet_magic.media.videos import GeneratedVideo
from comet_magic.money.budget import Use
from comet_magic.money.prices import Price
from comet_magic.wire.usage import Usage

# 10 tokens read, and 20 written, by the estimate.
PROMPT, ANSWER = "p" * 40, "a" * 80
TOKENS = Price(input=1_000_000, output=2_000_000)
REQUEST = Price(per_request=0.02)
SECONDS = Price(per_second=0.1)
IMAGE = GeneratedImage("https://x/y.png")
VIDEO = GeneratedVideo("https://x/y.mp4")


def ended(ask: Ask | None = None, **values: Any) -> Generation:
    """A generation that has ended, with its answer."""
    asked = ask or compose(PROMPT, model="gpt")
    snapshot = GenerationBuilder(asked, datetime.now(UTC), "api.example").snapshot()
    return replace(snapshot, **{"status": Status.COMPLETE, "text": ANSWER, **values})


@pytest.mark.parametrize(
    ("usage", "tokens", "estimated"),
    [
        pytest.param(Usage(11, 7, 18), 18, 0, id="all"),
        pytest.param(Usage(11, 7), 18, 0, id="no-total"),
        pytest.param(Usage(11, 7, 0), 18, 0, id="total-0"),
        pytest.param(Usage(11, 7, 5), 18, 0, id="total-too-small"),
        pytest.param(Usage(11, 7, 40), 40, 0, id="total-with-reasoning"),
        pytest.param(Usage(None, None, 18), 18, 0, id="total-alone"),
        pytest.param(Usage(0, 0, 18), 18, 0, id="total-and-0"),
        pytest.param(Usage(11, None, 18), 18, 0, id="no-completion"),
        pytest.param(Usage(None, 7, 18), 18, 0, id="no-prompt"),
        pytest.param(Usage(11), 31, 20, id="prompt-alone"),
        pytest.param(Usage(11, 0, 11), 31, 20, id="completion-0"),
        pytest.param(Usage(None, 7), 17, 10, id="completion-alone"),
        pytest.param(Usage(0, 7, 7), 17, 10, id="prompt-0"),
        pytest.param(Usage(0, 0, 0), 30, 30, id="all-0"),
        pytest.param(Usage(), 30, 30, id="nothing"),
        pytest.param(None, 30, 30, id="none"),
    ],
)
def test_tokens_are_those_received_and_estimated_otherwise(
    usage: Usage | None, tokens: int, estimated: int
) -> None:
    """A missing total is the sum; a missing part is estimated; a 0 beside an answer is no count."""
    used = used_by(ended(usage=usage))
    assert (used.tokens, used.estimated_tokens) == (tokens, estimated)
    assert used.is_estimate is (estimated > 0)


@pytest.mark.parametrize("status", [Status.COMPLETE, Status.FAILED, Status.INTERRUPTED])
@pytest.mark.parametrize(
    ("values", "tokens"),
    [
        ({}, 30),
        ({"text": ""}, 10),
        ({"text": "é" * 40}, 30),
        ({"text": "四" * 40}, 40),
        ({"text": "\ud800" * 4}, 13),
        ({"text": "", "images": (IMAGE, IMAGE)}, 2_010),
        ({"text": "", "videos": (VIDEO,)}, 1_010),
        ({"choices": (ended(), ended(), ended(text=""))}, 50),
    ],
    ids=["text", "none", "accents", "chinese", "half", "pictures", "video", "choices"],
)
def test_the_estimate_is_of_what_was_sent_and_came(
    values: dict[str, Any], tokens: int, status: Status
) -> None:
    """Four bytes of text a token, a thousand for a picture; what was cut was paid for, too."""
    used = used_by(ended(status=status, **values))
    assert (used.tokens, used.estimated_tokens) == (tokens, tokens)


def test_bytes_of_a_picture_are_no_text() -> None:
    """One that stands in the answer or in a message costs what a picture does, not its base64."""
    text = "![x](data:image/png;base64," + "A" * 3_000_000 + ")"
    asked = compose(PROMPT, model="m", history=({"role": "assistant", "content": text},))
    assert used_by(ended(asked, text=text, images=(IMAGE,))).tokens < 1_100


@pytest.mark.parametrize(
    ("ask", "tokens"),
    [
        (compose(PROMPT, model="m", system="s" * 8), 12),
        (compose(PROMPT, model="m", images=("https://x/a.png", "data:image/png,A")), 2_010),
        (compose(PROMPT, model="m", history=({"role": "user", "content": "h" * 400},)), 110),
        (
            compose(
                PROMPT,
                model="m",
                history=({"role": "user", "content": [{"type": "text", "text": "h" * 400}]},),
            ),
            110,
        ),
    ],
    ids=["system", "pictures", "history", "history-in-parts"],
)  # fmt: skip
def test_all_that_is_sent_is_read(ask: Ask, tokens: int) -> None:
    """The whole conversation, and each picture with it, whatever its size."""
    assert used_by(ended(ask, text="")).tokens == tokens


@pytest.mark.parametrize(
    ("usage", "at_least", "tokens"),
    [
        pytest.param(None, 5, 30, id="estimate-is-more"),
        pytest.param(None, 4_000, 4_000, id="set-aside-is-more"),
        pytest.param(Usage(11), 4_000, 4_000, id="prompt-alone"),
        pytest.param(Usage(None, 7), 4_000, 17, id="completion-is-known"),
        pytest.param(Usage(11, 7, 18), 4_000, 18, id="received"),
    ],
)
def test_what_was_set_aside_may_have_been_used(
    usage: Usage | None, at_least: int, tokens: int
) -> None:
    """Unless the endpoint says otherwise: a model may think without a word."""
    assert used_by(ended(usage=usage), set_aside=Use(1, at_least)).tokens == tokens


@pytest.mark.parametrize(
    ("price", "usage", "cost"),
    [
        pytest.param(TOKENS, None, 50, id="nothing"),
        pytest.param(TOKENS, Usage(0, 0, 0), 50, id="all-0"),
        pytest.param(TOKENS, Usage(11), 51, id="prompt-alone"),
        pytest.param(TOKENS, Usage(None, 7), 24, id="completion-alone"),
        pytest.param(TOKENS, Usage(11, None, 18), 25, id="no-completion"),
        pytest.param(TOKENS, Usage(None, 7, 18), 25, id="no-prompt"),
        pytest.param(TOKENS, Usage(None, None, 18), 36, id="total-alone-and-short"),
        pytest.param(TOKENS, Usage(None, None, 30), 50, id="total-alone"),
        pytest.param(SECONDS, None, 1.0, id="seconds"),
        pytest.param(Price(), None, 0, id="free"),
        pytest.param(None, None, 0, id="no-price"),
    ],
)
def test_a_cost_that_is_not_known_is_estimated(
    price: Price | None, usage: Usage | None, cost: float
) -> None:
    """By the price, and the tokens and seconds as far as they are known."""
    used = used_by(ended(usage=usage), price)
    assert used.cost == used.estimated_cost == pytest.approx(cost)


@pytest.mark.parametrize("status", [Status.FAILED, Status.INTERRUPTED])
def test_a_request_without_an_answer_may_be_charged(status: Status) -> None:
    """Its price counts, and is said to be an estimate."""
    used = used_by(ended(status=status, text=""), REQUEST)
    assert used == Use(1, 10, 0.02)
    assert used.estimated_cost == 0.02


def test_a_known_cost_is_no_estimate() -> None:
    """A price for each request needs no usage."""
    used = used_by(ended(cost=0.02), REQUEST, Use(1, 0, 0.5))
    assert used == Use(1, 30, 0.02)
    assert (used.estimated_tokens, used.estimated_cost) == (30, 0)


def test_a_refused_request_used_nothing() -> None:
    """With an HTTP status and without usage; with it, that counts."""
    refused = ended(text="", status=Status.FAILED, status_code=400)
    assert used_by(refused, REQUEST, Use(1, 50, 0.02)) == Use(1)
    assert not used_by(refused, REQUEST).is_estimate
    counted = replace(refused, usage=Usage(11, 0, 11))
    assert used_by(counted).tokens == 11


def test_0_for_no_answer_is_believed() -> None:
    """Nothing came, and the endpoint says that nothing was used."""
    used = used_by(ended(text="", usage=Usage(0, 0, 0), cost=0.0), None, Use(1, 50, 0.02))
    assert (used, used.is_estimate) == (Use(1), False)


@pytest.mark.parametrize(
    ("duration", "videos", "seconds"),
    [
        (8, 1, 8), (8, 2, 16), (8.5, 1, 8.5), (8, 0, 8), (None, 1, 10), (None, 3, 30),
        (None, 0, 10), ("8", 1, 10), (-1, 1, 10), (0, 1, 10), (1e308, 1, 10), (float("nan"), 1, 10),
        (float("inf"), 1, 10), (10**400, 1, 10), (True, 1, 10),
    ],
    ids=str,
)  # fmt: skip
def test_seconds_of_video_are_estimated(duration: object, videos: int, seconds: float) -> None:
    """As the answer states them, for each video; ten where it does not."""
    generation = ended(parameters={"duration": duration}, videos=(VIDEO,) * videos)
    assert used_by(generation, SECONDS).cost == pytest.approx(0.1 * seconds)
