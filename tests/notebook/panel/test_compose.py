"""The form: what is written and chosen in it is what is sent."""

from typing import Any

import pytest

from tests.conftest import Heard

from .conftest import Face, MakePanel, until, walk


def test_what_is_in_the_form_is_sent(face: Face, heard: Heard) -> None:
    """Prompt, model, number and every option, under the names of the wire."""
    face.field("Prompt").value = "A kitten\non a cloud "
    face.field("Model").value = "gpt-4o-mini"
    face.field("Pictures").value = 2
    face.field("More options").value = True
    options = {
        "System message": "Be brief",
        "Temperature": "0.5",
        "Top p": "1",
        "Max tokens": "100",
        "Presence penalty": "-1",
        "Frequency penalty": "1.5",
        "Stop at": "one\ntwo words",
        "Logit bias": '{"50256": -100}',
        "User": "ada",
    }
    for label, value in options.items():
        face.field(label).value = value
    face.field("Stream the answer").value = False

    face.press("Generate")

    assert until(lambda: len(face.panel.generations) == 1)
    body = heard.bodies[-1]
    assert body.pop("messages") == [
        {"role": "system", "content": "Be brief"},
        {"role": "user", "content": "A kitten\non a cloud "},
    ]
    assert body == {
        "model": "gpt-4o-mini", "stream": False, "n": 2, "temperature": 0.5, "top_p": 1,
        "max_tokens": 100, "presence_penalty": -1, "frequency_penalty": 1.5,
        "stop": ["one", "two words"], "logit_bias": {"50256": -100}, "user": "ada",
    }  # fmt: skip


def test_what_is_not_set_is_not_sent(face: Face, heard: Heard) -> None:
    """Nothing but what every request has."""
    face.make("A kitten")
    assert heard.bodies[-1].keys() == {"model", "messages", "stream", "stream_options"}
    assert heard.bodies[-1]["model"] == "gpt-4o-image"


def test_the_other_options_are_behind_more(face: Face) -> None:
    """They are hidden until that is pressed, and then again."""
    assert not face.named("Temperature")
    face.field("More options").value = True
    assert face.named("Temperature")
    face.field("More options").value = False
    assert not face.named("Temperature")


@pytest.mark.parametrize(
    ("before", "ratio", "after"),
    [
        ("A boat", "1:1", "A boat, 1:1"),
        ("A boat, 1:1", "3:2", "A boat, 3:2"),
        ("A boat, 1:1 \n", "2:3", "A boat, 2:3"),
        ("A 3:2 boat", "16:9", "A 3:2 boat, 16:9"),
        ("", "1:1", "1:1"),
    ],
)
def test_a_ratio_is_words_in_the_prompt(face: Face, before: str, ratio: str, after: str) -> None:
    """The button says what it adds; one that was added before is replaced."""
    face.panel.prompt = before
    face.press(f"add “, {ratio}”")
    assert face.panel.prompt == after


def test_the_models_of_the_endpoint_are_offered(face: Face, heard: Heard) -> None:
    """They come when they are listed; another one can be written all the same."""
    model = face.field("Model")
    assert until(lambda: "gpt-4o-mini" in model.options)
    model.value = "my-own-model"
    with pytest.raises(Exception, match="my-own-model"):
        face.make()
    assert heard.bodies[-1]["model"] == "my-own-model"


def test_a_panel_works_without_a_list_of_models(
    new_panel: MakePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as the endpoint does not answer, the model in force stands there."""
    monkeypatch.setenv("COMETAPI_BASE_URL", "http://127.0.0.1:9/v1")
    face = new_panel()
    assert face.field("Model").value == "gpt-4o-image"
    assert face.problem == ""


@pytest.mark.parametrize(
    ("label", "value", "says"),
    [
        ("Prompt", " \n", "the prompt is empty"),
        ("Model", " ", "no model is named"),
        ("Temperature", "3", "temperature must be"),
        ("Temperature", "warm", "temperature must be"),
        ("Max tokens", "0", "max_tokens must be"),
        ("Logit bias", "{", "Logit bias must be JSON"),
        ("Logit bias", "[1]", "logit_bias must map"),
        ("Stop at", "1\n2\n3\n4\n5", "stop must"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_sent(
    face: Face, heard: Heard, label: str, value: str, says: str
) -> None:
    """In the magic's words, below the button; from code it is raised. What was there stays."""
    face.field("More options").value = True
    face.panel.prompt = "A kitten"
    face.field(label).value = value

    face.press("Generate")

    assert says in face.problem
    assert not face.tiles
    with pytest.raises((ValueError, TypeError), match=says):
        face.panel.generate()
    assert face.field(label).value == value
    assert heard.bodies == []
    face.field(label).value = {"Prompt": "A boat", "Model": "gpt-4o-mini"}.get(label, "")
    face.press("Generate")
    assert face.problem == ""


def test_where_the_answer_comes_from_is_said(face: Face, new_panel: MakePanel) -> None:
    """The endpoint, or that it is the demo."""
    assert "127.0.0.1" in face.text()


def test_every_control_has_a_label(face: Face) -> None:
    """Fields and buttons are named in words, and buttons say more when they are pointed at."""
    face.make()
    face.field("More options").value = True
    controls: list[Any] = [
        each
        for each in _all(face.panel)
        if hasattr(each, "disabled") and "comet-bridge" not in each._dom_classes
    ]
    assert len(controls) > 25
    assert [each for each in controls if not each.description] == []


def _all(widget: Any) -> list[Any]:
    return [widget, *(each for child in getattr(widget, "children", ()) for each in _all(child))]


@pytest.mark.parametrize(
    ("label", "value", "text"),
    [
        ("Prompt", " \n", "the prompt is empty: write what you would like to see"),
        ("Model", " ", "no model is named: choose one, or write its id"),
        ("Temperature", "3", "temperature must be a number from 0 to 2, not 3"),
        ("Temperature", " warm ", "temperature must be a number from 0 to 2, not 'warm'"),
        ("Logit bias", "{", "Logit bias must be JSON such as {\"50256\": -100}, not '{'"),
    ],
)
def test_what_is_wrong_with_a_field(face: Face, label: str, value: str, text: str) -> None:
    """One sentence, with the name of the field."""
    face.field("More options").value = True
    face.panel.prompt = "A kitten"
    face.field(label).value = value
    with pytest.raises((ValueError, TypeError)) as caught:
        face.panel.generate()
    assert str(caught.value) == text


def test_fields_are_read_without_the_space_around_them(face: Face, heard: Heard) -> None:
    """Numbers, the model and names; what is said to the model is sent as it is."""
    face.field("More options").value = True
    for label, value in {
        "Model": " gpt-4o-mini ", "Temperature": " 1 ", "User": " ada ", "Stop at": " a \n\nb",
        "System message": " Be brief ", "Save in": " ",
    }.items():  # fmt: skip
        face.field(label).value = value
    face.make(" A kitten ")
    body = heard.bodies[-1]
    assert [each["content"] for each in body["messages"]] == [" Be brief ", " A kitten "]
    assert (body["model"], body["temperature"], body["user"]) == ("gpt-4o-mini", 1, "ada")
    assert body["stop"] == [" a ", "b"]


def test_how_many_pictures_can_be_asked_for(face: Face) -> None:
    """One to ten; more is ten, and less is one."""
    count = face.field("Pictures")
    for given, kept in ((10, 10), (11, 10), (1, 1), (0, 1)):
        count.value = given
        assert count.value == kept


def test_an_answer_that_is_gone_on_from_can_be_let_go(face: Face, heard: Heard) -> None:
    """It is named by its prompt, cut if that is long."""
    face.panel.model = "gpt-4o-mini"
    face.make("p" * 81)
    assert until(lambda: face.tiles and "Continue" in face.buttons(face.tiles[0]))
    face.press("Continue", face.tiles[0])
    assert f">Continues from “{'p' * 79}…”.<" in face.text()
    assert ">The cell continues from the last cell, the panel from the answer above.<" in face.cell
    face.press("Start over")
    assert "Continues from" not in face.text()
    assert not face.named("Start over")
    face.make("Hello")
    assert len(heard.messages) == 1


def test_buttons_wait_and_are_enabled_as_there_is_something_to_do(face: Face) -> None:
    """Stop only while something runs."""
    (stop,) = face.named("Stop")
    (generate,) = face.named("Generate")
    assert (stop.disabled, generate.disabled, generate.button_style) == (True, False, "primary")
    face.panel.prompt = "A kitten"
    future = face.panel.generate()
    assert until(future.done)
    assert until(lambda: stop.disabled)
    assert not face.field("Model").ensure_option
    assert face.field("Prompt").rows == 3
    (upload,) = (each for each in walk(face.panel) if "comet-plain-upload" in each._dom_classes)
    assert (upload.accept, upload.multiple) == ("image/*", True)
