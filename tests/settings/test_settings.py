"""Which settings are in force, and that the key never shows itself."""

import copy
import dataclasses
import pickle
from pathlib import Path
from typing import Any

import pytest

from comet_magic.settings.configuration import Configuration
from comet_magic.settings.key import ApiKey, HiddenEnvironment
from comet_magic.settings.settings import DEFAULT_BASE_URL, Settings, check_setting

KEY = "sk-canary-0123456789"
OTHER = "sk-other-9876543210"


def resolve(environment: dict[str, str] | None = None, **options: Any) -> Settings:
    """The settings in an environment of one's own."""
    return Settings.resolve(environment=environment or {}, **options)


def test_with_nothing_set_the_demo_answers() -> None:
    """No key and no URL: the demo, with no key sent."""
    settings = resolve()
    assert (settings.is_demo, settings.endpoint, settings.api_key) == (True, "demo", None)
    assert settings == Settings()


def test_a_key_leads_to_the_default_endpoint() -> None:
    """The environment's variable, its alias, and where the key came from."""
    for name in ("COMETAPI_KEY", "COMETAPI_API_KEY"):
        settings = resolve({name: f" \ufeff{KEY}\r\n"})
        assert settings.base_url == DEFAULT_BASE_URL
        assert settings.key_source == name
        assert settings.api_key is not None
        assert settings.api_key.header() == f"Bearer {KEY}"
    assert settings.endpoint == "api.cometapi.com"


def test_a_base_url_without_a_key_sends_none() -> None:
    """A server of one's own is no demo, and needs no key."""
    settings = resolve({"COMETAPI_BASE_URL": "http://localhost:8000/v1/ "})
    assert (settings.base_url, settings.api_key) == ("http://localhost:8000/v1", None)
    assert (settings.is_demo, settings.endpoint) == (False, "localhost:8000")


def test_the_first_source_counts() -> None:
    """Argument, then `%config` and login, then environment, then keyring."""
    environment = {
        "COMETAPI_KEY": "from-environment",
        "COMETAPI_BASE_URL": "https://env.example/v1",
    }
    configured = {
        "api_key": ApiKey("from-login", "%comet login"),
        "model": "configured",
        "base_url": "",
    }
    everything: dict[str, Any] = {"environment": environment, "configured": configured}
    by_argument = resolve(arguments={"api_key": "from-argument", "model": "m"}, **everything)
    assert (by_argument.key_source, by_argument.model) == ("the argument api_key", "m")
    by_config = resolve(arguments={"model": None}, **everything)
    assert (by_config.key_source, by_config.model) == ("%comet login", "configured")
    assert by_config.base_url == "https://env.example/v1"
    assert resolve(environment, keyring=lambda: KEY).key_source == "COMETAPI_KEY"
    assert resolve(keyring=lambda: KEY).key_source == "the keyring"


def test_the_keyring_is_for_the_default_endpoint_alone() -> None:
    """Its key is not sent to another server."""
    settings = resolve({"COMETAPI_BASE_URL": "http://localhost:8000/v1"}, keyring=lambda: KEY)
    assert settings.api_key is None


def test_the_demo_can_be_switched_on_and_off() -> None:
    """On: whatever is set. Off: an error that says what to do, if there is nothing to ask."""
    settings = resolve({"COMETAPI_KEY": KEY}, demo=True)
    assert (settings.is_demo, settings.api_key) == (True, None)
    assert not resolve({"COMETAPI_KEY": KEY}, demo=False).is_demo
    with pytest.raises(ValueError, match="COMETAPI_KEY"):
        resolve(demo=False)


@pytest.mark.parametrize("key", ["two words", "a\nb", "ключ", "a\x00b", "a\tb", 'sk-"1'])
def test_a_malformed_key_is_refused_and_not_shown(key: str) -> None:
    """The text names where it was found, and not the key."""
    with pytest.raises(ValueError, match="COMETAPI_KEY") as caught:
        resolve({"COMETAPI_KEY": key})
    assert key not in str(caught.value)


def test_a_malformed_key_is_in_no_frame() -> None:
    """`%xmode Verbose` and error reporters show the variables of each."""
    with pytest.raises(ValueError, match="the key from COMETAPI_KEY") as caught:
        Configuration({"COMETAPI_KEY": "sk canary"}).settings()
    traceback = caught.tb.tb_next
    assert traceback
    while traceback:
        assert "canary" not in repr(traceback.tb_frame.f_locals)
        traceback = traceback.tb_next


@pytest.mark.parametrize(
    "url",
    ["api.example/v1", "ftp://a.example", "https://", "https:///v1", "https://u:p@a.example/v1",
     "https://a.example/v1?key=1", "https://a.example/#x", "https://a b.example", "http://a:x/"],
)  # fmt: skip
def test_a_malformed_base_url_is_refused(url: str) -> None:
    """Before anything is sent, and it says what a base URL looks like."""
    with pytest.raises(ValueError, match="base URL"):
        resolve({"COMETAPI_BASE_URL": url})


def test_a_key_in_the_place_of_the_base_url_is_not_shown() -> None:
    """Only what looks like an address is repeated."""
    with pytest.raises(ValueError, match="base URL must start with https://") as caught:
        resolve({"COMETAPI_BASE_URL": KEY})
    assert KEY not in str(caught.value)


def test_a_whole_address_is_taken_for_its_base() -> None:
    """People paste the address of the method."""
    settings = resolve({"COMETAPI_BASE_URL": "https://a.example/v1/chat/completions"})
    assert settings.base_url == "https://a.example/v1"


@pytest.mark.parametrize("url", ["/", " // ", "/chat/completions", "\ufeff", "\ufeff /\r\n"])
def test_a_base_url_of_nothing_is_none(url: str) -> None:
    """Nothing is left once a slash, a BOM and the method's path are off: the demo answers."""
    assert resolve({"COMETAPI_BASE_URL": url}).is_demo
    assert resolve({"COMETAPI_BASE_URL": url, "COMETAPI_KEY": KEY}).base_url == DEFAULT_BASE_URL


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preview_pixels", 10), ("preview_pixels", "x"), ("timeout", 0), ("timeout", float("nan")),
        ("max_retries", 11), ("max_retries", True), ("connect_timeout", -1), ("repaints", 100),
        ("event_loop", "mine"), ("display_mode", "loud"), ("model", " "), ("model", 7),
        ("save_dir", 7), ("save_dir", "a\0b"), ("save_dir", "~nobody-here/x"), ("base_url", 7),
    ],
)  # fmt: skip
def test_values_out_of_range_are_named(name: str, value: object) -> None:
    """The text names the setting and what it can be."""
    with pytest.raises(ValueError, match=name):
        check_setting(name, value)


def test_unknown_settings_are_errors() -> None:
    """A typing mistake is not passed over."""
    with pytest.raises(TypeError, match="unknown setting 'modle'"):
        resolve(arguments={"modle": "x"})


def test_the_display_mode_comes_from_the_environment() -> None:
    """`COMET_DISPLAY=final` is for readers that do not follow updates."""
    assert resolve({"COMET_DISPLAY": "final"}).display_mode == "final"
    assert (
        resolve({"COMET_DISPLAY": "final"}, configured={"display_mode": "stream"}).display_mode
        == "stream"
    )


def test_limits_are_read_from_the_environment() -> None:
    """What is unset or blank is no limit; what is no number is said by the variable's name."""
    found = resolve(
        {"COMET_BUDGET_REQUESTS": " 20 ", "COMET_BUDGET_COST": "1.50", "COMET_BUDGET_TOKENS": ""}
    )
    assert (found.budget_requests, found.budget_tokens, found.budget_cost) == (20, None, 1.5)
    with pytest.raises(ValueError, match="COMET_BUDGET_TOKENS must be a whole number"):
        resolve({"COMET_BUDGET_TOKENS": "1e3"})


def test_the_key_shows_in_nothing() -> None:
    """Not in a repr, a copy's repr, `asdict`, a comparison or a pickle."""
    settings = resolve({"COMETAPI_KEY": KEY})
    shown = [repr(settings), repr(settings.api_key), f"{settings.api_key}"]
    shown += [repr(dataclasses.asdict(settings)), repr(copy.deepcopy(settings))]
    assert not any(KEY in text for text in shown)
    assert settings == resolve({"COMETAPI_KEY": OTHER})
    pickled = pickle.dumps(settings)
    assert KEY.encode() not in pickled
    assert pickle.loads(pickled) == settings
    assert pickle.loads(pickled).api_key is None
    with pytest.raises(TypeError, match=r"^an API key is not pickled$"):
        pickle.dumps(settings.api_key)
    assert repr(settings.api_key) == "ApiKey(hidden)"
    assert repr(HiddenEnvironment({"COMETAPI_KEY": KEY})) == "HiddenEnvironment(hidden)"


def test_a_short_key_is_not_looked_for() -> None:
    """Three letters are in every other word; and of an empty key each place is one."""
    for text in ("", "abc"):
        key = ApiKey(text, "the test")
        assert key.hide_in("abcabc") == "abcabc"
        assert key.hide_in_bytes(b"abcabc") == key.blot_out(b"abcabc") == b"abcabc"
    assert ApiKey("abcd", "the test").hide_in("abcd is here") == "[key] is here"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bad sk-canary-01… (id 7)", "bad [key]… (id 7)"),
        ("bad sk-canary-0123456", "bad [key]"),
        ("sk-canary-0123456789, sk-canar", "[key], [key]"),
        ("keys begin with sk-can…", "keys begin with sk-can…"),
        ("sk-canary-1… is another", "sk-canary-1… is another"),
    ],
)
def test_the_beginning_of_a_key_is_hidden_where_a_text_was_cut(text: str, shown: str) -> None:
    """A few characters tell nothing, and can be a word."""
    assert ApiKey("sk-canary-0123456789", "the test").hide_in(text) == shown


def test_login_is_for_this_kernel() -> None:
    """The key is used from then on; a blank one changes nothing."""
    configuration = Configuration({})
    configuration.demo = True
    with pytest.raises(ValueError, match="no key"):
        configuration.login("  ")
    assert configuration.demo
    configuration.login(KEY)
    assert configuration.settings().key_source == "%comet login"
    assert configuration.settings(save_dir="~/x").save_dir == Path("~/x").expanduser()


@pytest.mark.parametrize(
    ("key", "blotted"),
    [("sk-1", b"a ****, ****"), ("sk-12", b"a sk-1, sk-1"), ("k", b"a sk-1, sk-1")],
)
def test_a_key_is_blotted_out(key: str, blotted: bytes) -> None:
    """The size stays; what is too short to be a key would be found everywhere."""
    assert ApiKey(key, "x").blot_out(b"a sk-1, sk-1") == blotted


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("model", 7, "model must be the id of a model, not 7"),
        ("model", " ", "model must be the id of a model, not ' '"),
        ("save_dir", 7, "save_dir must be a folder's path, not '7'"),
        ("save_dir", "~nobody-here/x", "save_dir must be a folder's path, not '~nobody-here/x'"),
        ("save_dir", "a\0b", r"save_dir must be a folder's path, not 'a\\x00b'"),
        ("timeout", 0.5, "timeout must be a number from 1 to 86400, not 0.5"),
        ("display_mode", "loud", "display_mode must be stream or final, not 'loud'"),
        ("event_loop", "mine", "event_loop must be thread or kernel, not 'mine'"),
        ("prices", 7, "prices must"),
        ("max_retries", 11, "max_retries must be"),
    ],
)
def test_a_wrong_setting_is_told_what_is_wanted(name: str, value: object, says: str) -> None:
    """In one sentence."""
    with pytest.raises(ValueError, match=says):
        check_setting(name, value)


def test_the_defaults() -> None:
    """Those that the documentation names."""
    found = resolve()
    assert (found.model, str(found.save_dir), found.max_retries) == (
        "gpt-4o-image", "comet_images", 3,
    )  # fmt: skip
    assert (found.preview_pixels, found.history_turns, found.repaints) == (768, 10, 10)
    assert (found.timeout, found.first_byte_timeout, found.connect_timeout) == (600, 600, 10)
    assert (found.confirm, found.event_loop, found.prices) == (False, "thread", {})
