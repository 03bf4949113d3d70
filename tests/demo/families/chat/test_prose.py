"""How prompts are rewritten and texts cut into tokens."""

import json

import pytest

from comet_magic.demo.families.chat import prose
from comet_magic.demo.families.chat.prose import rewritten, tokens
from comet_magic.demo.families.chat.request import read_request
from comet_magic.demo.families.chat.script import Script


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a kitten on a cloud, cartoon style", "A kitten on a cloud, in a cartoon style."),
        ("A hut, in oil painting style", "A hut, in oil painting style."),
        ("an old photo of Rome!", "An old photo of Rome!"),
        ("  ", "The same picture again."),
    ],
)
def test_a_prompt_becomes_a_sentence(prompt: str, expected: str) -> None:
    """Sentence case, one stop at the end, and a style that reads well."""
    assert rewritten(prompt, restyle=True) == expected


def test_a_style_is_added_where_there_is_none() -> None:
    """A new picture gets a style, always the same for the same prompt; an edit does not."""
    styled = rewritten("a red boat", restyle=True)
    assert styled.startswith("A red boat, in a ")
    assert styled == rewritten("a red boat", restyle=True)
    assert rewritten("a red boat", restyle=False) == "A red boat."
    assert rewritten("一只红色的船", restyle=True) == "一只红色的船，柔和的插画风格。"


def test_a_long_prompt_is_shortened() -> None:
    """The block stays small whatever was sent."""
    assert len(rewritten("word " * 100_000, restyle=True)) < 1100


@pytest.mark.parametrize("text", ["", "Hello, **world**!\n\n- 一只猫 🐈‍⬛", " \r\n\tx" * 5])
def test_tokens_joined_are_the_text(text: str) -> None:
    """Nothing is lost or added by the cutting."""
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("What is my name?", "Your name is **Ada Lovelace**: you said so in turn 1."),
        ("which was my favourite colour again?", "Your favourite colour is **green**"),
        ("What is my age?", "That you have not told me yet."),
        ("Go on", "- in turn 2: “my favourite colour is green. Thanks”"),
    ],
)
def test_earlier_turns_are_known(question: str, says: str) -> None:
    """A text model answers from what was written before, and says what that was."""
    written = ("Hi, my name is Ada Lovelace!", "my favourite colour is green.\nThanks", question)
    answer = {"role": "assistant", "content": "Hello!"}
    messages = [one for text in written for one in ({"role": "user", "content": text}, answer)]
    chat = read_request(json.dumps({"model": "gpt-4o", "messages": messages[:-1]}).encode())
    assert says in prose.write_prose(chat, [], 0).text


def test_a_first_turn_recalls_nothing() -> None:
    """There is nothing before it."""
    message = {"role": "user", "content": "What is my name?"}
    chat = read_request(json.dumps({"model": "gpt-4o", "messages": [message]}).encode())
    assert "Before that" not in prose.write_prose(chat, [], 0).text


def script_of(text: str, variant: int = 0, **more: object) -> Script:
    """The script of an answer to one message."""
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": text}], **more}
    return prose.write_prose(read_request(json.dumps(body).encode()), ["a cat"], variant)


def test_an_answer_to_the_character() -> None:
    """Honest about itself; after a third of a second, at the pace of a fast reader."""
    script = script_of("Hi\nthere")
    opening, _, rest = script.text.partition("\n\n")
    assert opening
    assert script_of("Hi", variant=1).text.partition("\n\n")[0] != opening
    assert rest.splitlines() == [
        "You wrote:", "", "> Hi", "> there", "", "**Picture 1:** a cat", "",
        "What I can say for certain:", "",
        "- your message has **8 characters**; I counted them without reading them;",
        "- this is **turn 1** of our conversation;",
        "- it cost **nothing**: no key was used and no real model was called.", "",
        "Given a key and a real endpoint, the same request gets a *real* answer.",
    ]  # fmt: skip
    assert script.pieces[0].due == 0.3
    assert script.pieces[1].due == pytest.approx(0.3 + 1 / 35, abs=0.02)
    assert script.finish_reason == "stop"
    assert "has **1 character**;" in script_of("x").text
    assert "You wrote" not in script_of(" ").text


@pytest.mark.parametrize(("length", "is_cut"), [(300, False), (301, True)])
def test_a_long_message_is_quoted_in_part(length: int, is_cut: bool) -> None:
    """Its beginning."""
    text = script_of("x" * length).text
    assert ("…" in text) is is_cut
    assert text.count("x" * 300) == 1


def test_an_answer_ends_where_it_is_asked_to() -> None:
    """At a number of tokens, or before a text."""
    whole = script_of("Hi")
    cut = script_of("Hi", max_tokens=3)
    assert (len(cut.pieces), cut.finish_reason) == (3, "length")
    assert script_of("Hi", max_tokens=len(whole.pieces)).finish_reason == "stop"
    assert script_of("Hi", stop=["wrote"]).text.endswith("\n\nYou ")
