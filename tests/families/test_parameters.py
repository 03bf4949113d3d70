"""The ranges that the endpoint documents, checked before anything is sent."""

from typing import Any

import numpy as np
import pytest

from comet_magic.families.parameters import PARAMETERS, SYSTEM
from comet_magic.words import check_values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 1), ("n", 10), ("temperature", 0), ("temperature", 2), ("temperature", 0.7),
        ("top_p", 0), ("top_p", 1.0), ("max_tokens", 1), ("stop", "END"),
        ("stop", ["a", "b", "c", "d"]), ("presence_penalty", -2), ("frequency_penalty", 2.0),
        ("logit_bias", {"50256": -100}), ("user", "student 7"), ("stream", False),
    ],
)  # fmt: skip
def test_documented_values_pass_unchanged(name: str, value: Any) -> None:
    """A value inside its range is sent as it was given."""
    assert check_values(PARAMETERS.values(), {name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("n", 0, ValueError), ("n", 1.5, TypeError), ("n", True, TypeError), ("n", "2", TypeError),
        ("temperature", 3, ValueError), ("temperature", -0.1, ValueError),
        ("temperature", float("nan"), ValueError), ("temperature", "hot", TypeError),
        ("temperature", True, TypeError), ("top_p", 1.1, ValueError), ("max_tokens", 0, ValueError),
        ("stop", ["a"] * 5, ValueError), ("stop", "", ValueError), ("stop", [], ValueError),
        ("stop", [1], TypeError), ("stop", 7, TypeError), ("stop", b"x", TypeError),
        ("presence_penalty", 2.5, ValueError), ("frequency_penalty", -3, ValueError),
        ("logit_bias", {"1": 101}, ValueError), ("logit_bias", {"cat": 1}, ValueError),
        ("logit_bias", "{}", TypeError), ("logit_bias", {"1": "x"}, TypeError),
        ("user", 7, TypeError), ("stream", 1, TypeError), ("size", "1:1", TypeError),
    ],
)  # fmt: skip
def test_anything_else_is_named_with_its_range(name: str, value: Any, error: type) -> None:
    """A wrong value raises before anything is sent, and the text names the parameter."""
    with pytest.raises(error, match=name):
        check_values(PARAMETERS.values(), {name: value})


def test_unset_values_are_not_sent() -> None:
    """None means that a parameter was not set."""
    assert check_values(PARAMETERS.values(), {"n": None, "temperature": None, "user": None}) == {}


def test_numbers_of_numpy_become_plain_ones() -> None:
    """What a data scientist has at hand can be sent as JSON."""
    checked = check_values(PARAMETERS.values(), {"n": np.int64(2), "temperature": np.float32(0.5)})
    assert checked == {"n": 2, "temperature": 0.5}
    assert [type(value) for value in checked.values()] == [int, float]


SEEN = {
    "n": (("-n",), None, "Pictures", "Pictures or answers wanted, 1 or more"),
    "temperature": (("--temperature",), "T", "Temperature", "0 to 2"),
    "top_p": (("--top-p",), "P", "Top p", "0 to 1"),
    "max_tokens": (("--max-tokens",), "N", "Max tokens", "1 or more"),
    "stop": (("--stop",), "TEXT", "Stop at", "One text a line, up to four"),
    "presence_penalty": (("--presence-penalty",), "P", "Presence penalty", "-2 to 2"),
    "frequency_penalty": (("--frequency-penalty",), "P", "Frequency penalty", "-2 to 2"),
    "logit_bias": (("--logit-bias",), "JSON", "Logit bias", '{"50256": -100}'),
    "user": (("--user",), "ID", "User", "Who asks, for the provider's records"),
    "stream": (("--no-stream",), None, "Stream the answer", "True"),
    "system": (("--system",), "TEXT", "System message", "How the model is to behave"),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_users_see_of_a_parameter(name: str) -> None:
    """Its flags and what stands for its value in the help of a cell; its label and hint."""
    word = {**PARAMETERS, "system": SYSTEM}[name]
    assert (word.flags, word.metavar, word.label, word.hint) == SEEN[name]
    assert word.is_long is (name in ("stop", "system"))
    assert word.names_row is (name != "stream")
    assert word.default is (True if name == "stream" else None)


HELP = {
    "stop": "End the answer here; up to four times.",
    "logit_bias": "Token id to bias, -100 to 100.",
    "stream": "One whole answer.",
    "system": "A system message.",
}


@pytest.mark.parametrize("name", HELP)
def test_the_help_of_a_parameter_with_another_hint(name: str) -> None:
    """It is a sentence."""
    assert {**PARAMETERS, "system": SYSTEM}[name].sentence == HELP[name]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("n", 0, "n must be a whole number from 1 up, not 0"),
        ("n", 1.5, "n must be a whole number from 1 up, not 1.5"),
        ("temperature", 2.01, "temperature must be a number from 0 to 2, not 2.01"),
        ("temperature", True, "temperature must be a number from 0 to 2, not True"),
        ("top_p", -0.01, "top_p must be a number from 0 to 1, not -0.01"),
        ("max_tokens", -1, "max_tokens must be a whole number from 1 up, not -1"),
        ("stop", [], "stop must be a text or up to four texts, none of them empty, not []"),
        ("presence_penalty", 3, "presence_penalty must be a number from -2 to 2, not 3"),
        ("frequency_penalty", -3, "frequency_penalty must be a number from -2 to 2, not -3"),
        ("logit_bias", [1], ("logit_bias must map token ids (whole numbers) to numbers "
                            "from -100 to 100, not [1]")),
        ("logit_bias", {"x": 1}, ("logit_bias must map token ids (whole numbers) to numbers "
                                 "from -100 to 100, not {'x': 1}")),
        ("logit_bias", {1: 101}, "logit_bias[1] must be a number from -100 to 100, not 101"),
        ("logit_bias", {1: -101}, "logit_bias[1] must be a number from -100 to 100, not -101"),
        ("user", 7, "user must be a text, not 7"),
        ("user", b"x" * 80, f"user must be a text, not b'{'x' * 57}…"),
        ("stream", 1, "stream must be True or False, not 1"),
        ("size", 1, ("unknown parameter 'size'; known are frequency_penalty, logit_bias, "
                    "max_tokens, n, presence_penalty, stop, stream, temperature, top_p, user")),
    ],
)  # fmt: skip
def test_what_is_said_of_a_wrong_value(name: str, value: Any, says: str) -> None:
    """What is wanted, and what was given."""
    with pytest.raises((TypeError, ValueError)) as caught:
        check_values(PARAMETERS.values(), {name: value})
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 1), ("n", 10**9), ("temperature", 0), ("temperature", 2), ("top_p", 0), ("top_p", 1),
        ("max_tokens", 1), ("stop", ["a"] * 4), ("presence_penalty", -2), ("presence_penalty", 2),
        ("frequency_penalty", -2), ("frequency_penalty", 2), ("logit_bias", {"1": 100}),
        ("logit_bias", {"1": -100}), ("stream", True), ("user", ""),
    ],
)  # fmt: skip
def test_values_at_a_border_are_sent(name: str, value: Any) -> None:
    """They are in the range."""
    assert check_values(PARAMETERS.values(), {name: value}) == {name: value}
