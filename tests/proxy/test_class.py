"""A class behind one key: the README's recipe for a proxy, run for real."""

import asyncio
import itertools
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

import comet_magic as comet
from comet_magic.kernel.session import Session
from tests.kernel.real.kernel import Kernel

from .proxy import A_MINUTE, ANSWERS, REAL_KEY, key_of
from .replies import RECORDED, replies, shape

PROMPT = "A red boat"


@pytest.fixture(autouse=True)
def _session(fresh_session: Session) -> Session:
    return fresh_session


def ask(proxy: str, student: str, **arguments: Any) -> comet.Generation:
    """One question of a student."""
    return comet.generate(PROMPT, **{"base_url": proxy, "api_key": key_of(student), **arguments})


async def snapshots(proxy: str, student: str) -> list[comet.Generation]:
    """All that is seen of an answer while it comes."""
    stream = comet.stream(PROMPT, base_url=proxy, api_key=key_of(student))
    return [generation async for generation in stream]


def test_all_that_counts_comes_through(proxy: str) -> None:
    """Progress as it is made, the picture, the provider's usage and its request id."""
    ask(proxy, "Anna", model="gpt-4o-mini")  # its first answer takes the proxy a while
    seen = asyncio.run(snapshots(proxy, "Anna"))
    percents = [generation.percent for generation in seen if generation.percent is not None]
    assert percents == sorted(percents)
    assert len(set(percents)) >= 3
    first = next(generation for generation in seen if generation.percent is not None)
    last = seen[-1]
    assert first.elapsed < last.elapsed - 0.3, "the proxy held the stream back"
    assert last.status is comet.Status.COMPLETE
    assert last.usage is not None
    assert last.usage.total_tokens
    assert last.request_id is not None
    assert last.request_id.startswith("20")
    assert last.attempts == 1
    path = last.images[0].path
    assert path is not None
    assert path.stat().st_size > 1000


def test_pictures_go_in_through_it(proxy: str) -> None:
    """A picture of the student's is sent as a data URI, and the model sees it."""
    generation = ask(proxy, "Anna", model="gpt-4o-mini", images=[Image.new("RGB", (640, 480))])
    assert "640" in generation.text


def test_the_models_of_the_class_are_listed(proxy: str) -> None:
    """`%comet models` lists those of the recipe, and no other of the provider's."""
    headers = {"Authorization": f"Bearer {key_of('Dan')}"}
    listed = httpx.get(f"{proxy}/models", headers=headers).json()["data"]
    assert {"gpt-4o-image", "gpt-4o-mini"} <= {model["id"] for model in listed}
    assert not [each for each in listed if each["id"] in ("sora-2", "gpt-4o")]


def test_answers_that_are_used_up_end_at_once(proxy: str, tmp_path: Path) -> None:
    """The cell fails in three lines that say so, without a wait; another student is not touched."""
    with Kernel(tmp_path, {"COMETAPI_BASE_URL": proxy, "COMETAPI_KEY": key_of("Ben")}) as kernel:
        kernel.run("%load_ext comet_magic")
        for _ in range(ANSWERS):
            assert kernel.run(f"%%comet\n{PROMPT}").status == "ok"
        began = time.monotonic()
        cell = kernel.run(f"%%comet\n{PROMPT}")
    assert time.monotonic() - began < 5
    assert cell.ename == "PermissionDeniedError"
    first, *others = cell.traceback
    assert first.startswith("PermissionDeniedError: 422 from 127.0.0.1:")
    assert first.endswith("the budget of this key is used up.")
    assert others == [
        f"The {ANSWERS} answers of Ben are used up.",
        "Ask whoever gave you the key, or top it up; trying again does not help.",
    ]
    assert ask(proxy, "Cleo").status is comet.Status.COMPLETE


def test_too_many_in_a_minute_wait(proxy: str) -> None:
    """The wait that the proxy asks for is told; without retries it is the error's."""
    for _ in range(A_MINUTE):
        ask(proxy, "Hasty", max_retries=0)
    with pytest.raises(comet.RateLimitError) as caught:
        ask(proxy, "Hasty", max_retries=0)
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 60
    assert len(str(caught.value).splitlines()) == 3
    assert "Limit type: requests" in str(caught.value)

    async def told() -> str:
        async for generation in comet.stream(PROMPT, base_url=proxy, api_key=key_of("Hasty")):
            if generation.notes:
                return generation.notes[0]
        return ""

    note = asyncio.run(told())
    assert note.startswith("429, again in ")
    assert note.endswith(" s, try 2 of 4")


def test_a_key_of_nobody_is_refused(proxy: str) -> None:
    """It says that the key is not one of the class."""
    with pytest.raises(comet.AuthenticationError, match="not in the list of the class"):
        ask(proxy, "Mallory")


@pytest.mark.parametrize("more", [{}, {"api_base": "http://127.0.0.1:1"}], ids=["", "redirected"])
def test_the_real_key_stays_with_the_proxy(proxy: str, more: dict[str, str]) -> None:
    """No page of the proxy tells it to a student, and no request takes it elsewhere."""
    headers = {"Authorization": f"Bearer {key_of('Dan')}"}
    body = {"model": "demo-error-401", "messages": [{"role": "user", "content": "Hi"}], **more}
    said = httpx.post(f"{proxy}/chat/completions", headers=headers, json=body)
    assert said.status_code == (500 if more else 401)
    root = proxy.removesuffix("/v1")
    for path in ("model/info", "v1/model/info", "config/yaml", "get/config/callbacks", "settings"):
        assert REAL_KEY not in httpx.get(f"{root}/{path}", headers=headers).text
    assert REAL_KEY not in said.text


def test_the_replies_of_the_unit_tests_are_still_its_own(proxy: str) -> None:
    """What is recorded is what this proxy says today, but for ids and times."""
    recorded = json.loads(RECORDED.read_text("utf-8"))
    found = replies(proxy, "Eva", "Hasty Ida")
    names = itertools.chain(recorded, found)
    named = json.loads(json.dumps(found).replace("Eva", "Anna"))
    assert {name: shape(named[name]) for name in names} == {
        name: shape(reply) for name, reply in recorded.items()
    }
