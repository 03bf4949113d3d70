"""Which family takes a model, and what the model makes."""

import pytest

from comet_magic.families import registry
from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.chat.family import Chat
from comet_magic.families.compose import compose
from comet_magic.families.registry import family_of, medium_of
from comet_magic.media.medium import Medium
from comet_magic.money.budget import Need
from comet_magic.money.prices import Price

from .toy import Toy, ToyExchange


@pytest.mark.parametrize(
    ("model", "medium"),
    [
        ("gpt-4o-image", Medium.IMAGE), ("dall-e-3", Medium.IMAGE), ("sora_image", Medium.IMAGE),
        ("demo-unstable", Medium.IMAGE), ("GPT-4o-IMAGE", Medium.IMAGE),
        ("sora-2", Medium.VIDEO), ("veo-3", Medium.VIDEO), ("kling-v2", Medium.VIDEO),
        ("gpt-4o-mini", Medium.TEXT), ("gpt-4-vision-preview", Medium.TEXT),
        ("never-heard-of", Medium.TEXT), ("", Medium.TEXT),
    ],
)  # fmt: skip
def test_chat_takes_every_model(model: str, medium: Medium) -> None:
    """What it makes is judged by its id; an id that tells nothing makes text."""
    assert isinstance(family_of(model), Chat)
    assert medium_of(model) is medium


def test_the_first_family_that_takes_a_model_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chat would take it, too, and is asked for all others."""
    monkeypatch.setattr(registry, "FAMILIES", (Toy(), *registry.FAMILIES))
    assert isinstance(family_of("toy-1"), Toy)
    assert medium_of("toy-1") is Medium.IMAGE
    assert isinstance(family_of("gpt-4o-image"), Chat)
    assert isinstance(family_of("toy-1").begin(compose("x", model="toy-1")), ToyExchange)


def test_chat_is_the_last_family() -> None:
    """It refuses no model, so that every model has a family, and none behind it would be asked."""
    assert isinstance(registry.FAMILIES[-1], Chat)
    assert [type(family) for family in registry.FAMILIES].count(Chat) == 1


def test_families_have_names_of_their_own() -> None:
    """People tell them apart by these."""
    names = [family.name for family in registry.FAMILIES]
    assert len({*names}) == len(names)


def test_chat_begins_an_exchange_and_knows_its_need() -> None:
    """What is known of the cost before anything is sent comes from the parameters and a price."""
    ask, price = compose("x", model="gpt-4o-image", max_tokens=7), Price(per_request=2)
    assert isinstance(Chat().begin(ask), ChatExchange)
    assert Chat().need(ask, price) == Need.of("gpt-4o-image", {"max_tokens": 7}, price)
