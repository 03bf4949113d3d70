"""What each setting can be, at its borders, and what is said of other values."""

from typing import Any

import pytest

from comet_magic.settings.kinds import check_base_url
from comet_magic.settings.settings import Replayed, Settings, check_setting

RANGES = {
    "preview_pixels": (64, 4096, "a whole number from 64 to 4096"),
    "timeout": (1, 86_400, "a number from 1 to 86400"),
    "first_byte_timeout": (1, 86_400, "a number from 1 to 86400"),
    "connect_timeout": (0.1, 3_600, "a number from 0.1 to 3600"),
    "max_retries": (0, 10, "a whole number from 0 to 10"),
    "history_turns": (0, 1000, "a whole number from 0 to 1000"),
    "repaints": (1, 20, "a number from 1 to 20"),
    "budget_requests": (0, 10**12, "a whole number from 0 up"),
    "budget_tokens": (0, 10**12, "a whole number from 0 up"),
    "budget_cost": (0, 10**12, "a number of US dollars from 0 up"),
}
URL = "must start with https:// (or http://) and a host"


@pytest.mark.parametrize(("name", "low", "high", "wanted"), [(n, *r) for n, r in RANGES.items()])
def test_each_number_has_a_range(name: str, low: float, high: float, wanted: str) -> None:
    """Its ends are in it, what is next to them is not, and a text or a flag is no number."""
    assert check_setting(name, low) == low
    assert check_setting(name, high) == high
    outside = wanted.removeprefix("a whole number ") if " to " in wanted else wanted
    for value in (
        (low - 0.01, high + 0.01) if wanted.startswith("a number") else (low - 1, high + 1)
    ):
        with pytest.raises(ValueError, match=name) as caught:
            check_setting(name, value)
        assert str(caught.value) == f"{name} must be {outside}, not {value}"
    for wrong in ("x", True):
        with pytest.raises(ValueError, match=name) as caught:
            check_setting(name, wrong)
        assert str(caught.value) == f"{name} must be {wanted}, not {wrong!r}"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("model", "", "model must be the id of a model, not ''"),
        ("model", None, "model must be the id of a model, not None"),
        ("save_dir", 7, "save_dir must be a folder's path, not '7'"),
        ("save_dir", "a\0", r"save_dir must be a folder's path, not 'a\x00'"),
        ("base_url", 7, "base_url must be a URL, not 7"),
        ("base_url", "a.example", f"the base URL 'a.example' {URL}"),
        ("base_url", f"ftp://a.example/{'b' * 100}?c",
         f"the base URL 'ftp://a.example/{'b' * 84}' {URL}"),
        ("base_url", "nonsense", f"the base URL {URL}"),
        ("base_url", "https://u:p@", f"the base URL {URL}"),
        ("base_url", "https://a.example/?b",
         "the base URL must hold no user name, password, ? or #"),
        ("confirm", 1, "confirm must be True or False, not 1"),
        ("display_mode", "x", "display_mode must be stream or final, not 'x'"),
        ("event_loop", "x", "event_loop must be thread or kernel, not 'x'"),
        ("prices", 7, "prices must be a dict of models, not '7'"),
        ("prices", "x" * 70, f"prices must be a dict of models, not {'x' * 60!r}"),
        ("prices", {"m": 7},
         "prices['m'] must be a dict with input, output, per_request, per_second, not '7'"),
        ("prices", {"m" * 70: {"x" * 70: 1}},
         (f"prices[{'m' * 60!r}] has {'x' * 60!r}; "
          "known are input, output, per_request, per_second")),
        ("prices", {"m": {"input": "x" * 70}},
         f"prices['m'] has input {'x' * 60!r}; it must be a number from 0 up"),
        ("prices", {"m": {"input": 1_000_000_001}},
         "prices['m'] has input '1000000001'; it must be a number from 0 up"),
    ],
)  # fmt: skip
def test_what_no_setting_can_be(name: str, value: object, text: str) -> None:
    """The setting, what it can be, and what was given."""
    with pytest.raises(ValueError, match=r".") as caught:
        check_setting(name, value)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://a.example/v1/", "https://a.example/v1"),
        ("https://a.example/v1/completions", "https://a.example/v1"),
        ("https://a.example/v1/responses", "https://a.example/v1"),
        ("https://a.example/v1/embeddings", "https://a.example/v1"),
        ("https://a.example/v1/images/generations", "https://a.example/v1"),
        ("https://a.example/v1/images/edits", "https://a.example/v1"),
        ("https://a.example/v1/models", "https://a.example/v1"),
        ("https://a.example/v1beta/openai/models", "https://a.example/v1beta/openai"),
        ("https://a.example/models", "https://a.example/models"),
        ("http://localhost:1", "http://localhost:1"),
        ("https://a.example#?/", "https://a.example"),
        ("", None),
    ],
)
def test_the_base_of_an_address(url: str, base: str | None) -> None:
    """What people paste along with it is taken away."""
    assert check_base_url(url) == base


@pytest.mark.parametrize("character", [*" \"'<>\\^`{|}"])
def test_a_character_that_is_in_no_address(character: str) -> None:
    """It would be sent in another form."""
    with pytest.raises(ValueError, match="must start with"):
        check_base_url(f"https://a.example/b{character}c")


@pytest.mark.parametrize(
    ("base_url", "is_demo", "endpoint"),
    [(None, True, "demo"), ("https://a.example:8000/v1", False, "a.example:8000")],
)
def test_who_answers(base_url: str | None, is_demo: bool, endpoint: str) -> None:
    """Where there is an address, its host."""
    settings = Settings(base_url=base_url)
    assert (settings.is_demo, settings.endpoint) == (is_demo, endpoint)
    assert not settings.replayed


def test_a_replay_answers_whatever_is_set() -> None:
    """Its address is in force, without a key."""
    environment = {"COMETAPI_KEY": "sk-1234", "COMETAPI_BASE_URL": "nonsense"}
    lesson = Replayed("lesson.jsonl", "https://a.example/v1")
    arguments: dict[str, Any] = {"environment": environment, "replayed": lesson, "demo": False}
    settings = Settings.resolve(**arguments)
    assert (settings.base_url, settings.api_key, settings.key_source) == (lesson.base_url, None, "")
    assert settings.replayed == "lesson.jsonl"


def test_without_a_key_and_without_the_demo_nobody_answers() -> None:
    """What to do is said."""
    with pytest.raises(ValueError, match=r".") as caught:
        Settings.resolve(environment={}, demo=False)
    assert str(caught.value) == (
        "no key is set and the demo is off; set COMETAPI_KEY, run %comet login, or %comet demo on"
    )
    url = {"COMETAPI_BASE_URL": "http://a.example"}
    assert Settings.resolve(environment=url, demo=False).api_key is None
