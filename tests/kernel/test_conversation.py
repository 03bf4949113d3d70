"""What `history` takes, and the turns that `-c` continues."""

import pickle
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from comet_magic.families.chat.chunks import Attachment, ChatCompletionChunk, ChunkChoice
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, Status
from comet_magic.kernel.conversation import CellRun, Conversation, messages_of, model_of
from tests.families.chat.growing import Growing
from tests.sounds import sound, spoken

DATA_URI = "data:image/png;base64,AAAA"


def answered(
    prompt: str,
    *texts: str,
    model: str = "gpt-4o-mini",
    images: tuple[str, ...] = (),
    **request: Any,
) -> Generation:
    """A generation at its end, with a choice for each text."""
    asked = compose(prompt, model=model, **request)
    builder = Growing(asked)
    for index, text in enumerate(texts):
        choice = ChunkChoice(index, text, "stop", tuple(map(Attachment, images)))
        builder.add(ChatCompletionChunk(model=f"{model}-2026", choices=(choice,)), 1.0)
    builder.close(is_whole=True)
    return builder.finish(2.0)


def user(text: str) -> dict[str, str]:
    """A message of the user."""
    return {"role": "user", "content": text}


def assistant(content: object) -> dict[str, object]:
    """A message of the assistant."""
    return {"role": "assistant", "content": content}


SYSTEM = {"role": "system", "content": "Be brief."}


def test_a_generation_stands_for_its_whole_conversation() -> None:
    """All that it was asked with, and its answer to the last character."""
    text = " \n![gen_1](http://h/cdn/1.png)\r\n> ✅ \u2028 "
    first = answered("A cat", text, system="Be brief.")
    second = answered("At night", "![gen_2](http://h/cdn/2.png)", history=messages_of(first))
    expected = [SYSTEM, user("A cat"), assistant(text), user("At night"), assistant(second.text)]
    assert list(messages_of(second)) == expected
    assert list(messages_of(pickle.loads(pickle.dumps(second)))) == expected


def test_several_generations_stand_for_a_turn_each() -> None:
    """In the order given, with the system message of the last, whatever was before them."""
    first = answered("A cat", "Meow", system="Be long.")
    second = answered("A dog", "Woof", history=messages_of(first), system="Be brief.")
    expected = [SYSTEM, user("A cat"), assistant("Meow"), user("A dog"), assistant("Woof")]
    assert list(messages_of([first, second])) == expected
    assert list(messages_of((second,))) == [SYSTEM, user("A dog"), assistant("Woof")]


def test_messages_and_nothing_are_taken_too() -> None:
    """A list of them is what is sent; None and an empty list are no history."""
    messages: list[Mapping[str, object]] = [SYSTEM, user("A cat"), assistant("Meow")]
    assert list(messages_of(messages)) == messages
    assert messages_of(None) == messages_of([]) == ()


def test_the_first_of_several_choices_is_the_answer() -> None:
    """The others can be continued on their own."""
    generation = answered("A cat", "Meow", "Purr", n=2)
    assert messages_of(generation)[-1] == assistant("Meow")
    assert messages_of(generation.choices[1])[-1] == assistant("Purr")


def test_pictures_outside_the_text_go_along_as_parts() -> None:
    """They are nowhere in the text; those that are go once."""
    picture = {"type": "image_url", "image_url": {"url": DATA_URI}}
    made = answered("A cat", "Here it is", model="gpt-4o-image", images=(DATA_URI,))
    said = {"type": "text", "text": "Here it is"}
    assert messages_of(made)[-1] == assistant([said, picture])
    silent = answered("A cat", "", model="gpt-4o-image", images=(DATA_URI,))
    assert messages_of(silent)[-1] == assistant([picture])
    inside = f"![cat]({DATA_URI})"
    both = answered("A cat", inside, model="gpt-4o-image", images=(DATA_URI,))
    assert messages_of(both)[-1] == assistant(inside)


def test_the_model_that_was_asked_goes_on() -> None:
    """Not the name that the provider has for it; messages do not say."""
    generation = answered("A cat", "Meow", model="gpt-4o")
    assert generation.model == "gpt-4o-2026"
    assert model_of(generation) == model_of([generation]) == "gpt-4o"
    assert model_of([user("A cat")]) is model_of([]) is model_of(None) is None


@pytest.mark.parametrize(
    ("history", "error", "says"),
    [
        (replace(answered("x", "y"), status=Status.INTERRUPTED), ValueError, "is interrupted"),
        (replace(answered("x", "y"), status=Status.GENERATING), ValueError, "is generating"),
        (answered("A cat", "Sorry", model="gpt-4o-image"), ValueError, "is failed"),
        (answered("x", ""), ValueError, "is failed cannot be continued"),
        ([answered("x", "y"), answered("x", "")], ValueError, "is failed"),
        ([answered("x", "y"), user("z")], TypeError, "Generations or messages, not both"),
        ("hello", TypeError, "history must be a Generation, or a list of .*, not str"),
        (user("x"), TypeError, "not dict"),
        (7, TypeError, "not int"),
        ([7], TypeError, r"history\[0\] must be a message with role and content, not int"),
    ],
)
def test_what_nothing_can_follow(history: Any, error: type, says: str) -> None:
    """The text says what it is."""
    with pytest.raises(error, match=says):
        messages_of(history)


class Notebook:
    """Runs cells of one notebook: each asks its own id, and is answered."""

    def __init__(self) -> None:
        self.conversation = Conversation()
        self._executions = 0

    def run(self, cell: str | None, *, goes_on: bool = True, text: str = "An answer") -> list[str]:
        """Runs a cell and returns what the earlier turns asked."""
        self._executions += 1
        run = CellRun(cell, str(self._executions))
        place = self.conversation.place(run, goes_on=goes_on)
        generation = answered(f"{cell}", text, history=place.messages)
        self.conversation.enter(place, generation)
        return [str(message["content"]) for message in place.messages if message["role"] == "user"]

    @property
    def asked(self) -> list[str]:
        """What was asked so far."""
        messages = self.conversation.messages
        return [str(message["content"]) for message in messages if message["role"] == "user"]


@pytest.fixture
def notebook() -> Notebook:
    """Three cells, of which two go on."""
    notebook = Notebook()
    assert notebook.run("a", goes_on=False) == []
    assert notebook.run("b") == ["a"]
    assert notebook.run("c") == ["a", "b"]
    return notebook


def test_a_cell_that_runs_again_replaces_its_turn(notebook: Notebook) -> None:
    """And drops the later ones, which answered to what is replaced."""
    assert notebook.run("c") == ["a", "b"]
    assert notebook.asked == ["a", "b", "c"]
    assert notebook.run("b") == ["a"]
    assert notebook.asked == ["a", "b"]
    assert notebook.run("d") == ["a", "b"]


def test_a_cell_that_does_not_go_on_begins_anew(notebook: Notebook) -> None:
    """Also the first one, when it runs again."""
    notebook.run("a", goes_on=False)
    assert notebook.asked == ["a"]
    notebook.run("z", goes_on=False)
    assert notebook.asked == ["z"]


def test_an_answer_that_is_not_whole_leaves_all_as_it_was(notebook: Notebook) -> None:
    """Wherever the cell stands."""
    for cell, goes_on in (("b", True), ("d", True), ("a", False)):
        notebook.run(cell, goes_on=goes_on, text="")
        assert notebook.asked == ["a", "b", "c"]


def test_cells_that_nothing_tells_apart_are_new_each_time() -> None:
    """As in a terminal."""
    notebook = Notebook()
    notebook.run(None, goes_on=False)
    notebook.run(None)
    assert notebook.run(None) == ["None", "None"]


def test_one_execution_can_ask_several_times() -> None:
    """A loop in a cell continues its own turns; when it runs again it replaces them all."""
    conversation = Conversation()
    for execution in ("first", "second"):
        for number in range(3):
            place = conversation.place(CellRun("loop", execution), goes_on=number > 0)
            conversation.enter(place, answered(f"{execution} {number}", "y"))
    asked = [one["content"] for one in conversation.messages if one["role"] == "user"]
    assert asked == ["second 0", "second 1", "second 2"]


def test_nothing_to_go_on_from_is_said(notebook: Notebook) -> None:
    """At the beginning, after `forget`, and in the cell that began the conversation."""
    with pytest.raises(ValueError, match="this cell began the conversation"):
        notebook.run("a")
    assert notebook.asked == ["a", "b", "c"]
    assert notebook.conversation.forget() == 3
    assert notebook.conversation.forget() == 0
    with pytest.raises(ValueError, match="no %%comet cell was completed"):
        notebook.run("b")


def test_the_model_and_the_system_message_of_the_last_exchange_stay() -> None:
    """A new system message takes the place of the old one."""
    conversation = Conversation()
    for at, system in enumerate(("Be long.", "Be brief.", None)):
        place = conversation.place(CellRun(f"{at}", "x"), goes_on=at > 0)
        generation = answered("x", "y", model=f"model-{at}", history=place.messages, system=system)
        conversation.enter(place, generation)
    place = conversation.place(CellRun("last", "x"), goes_on=True)
    assert place.model == "model-2"
    assert [one for one in place.messages if one["role"] == "system"] == [SYSTEM]


def test_threads_do_not_lose_each_other() -> None:
    """Many at once: each chain is one that a thread made whole, never a mixture."""
    conversation = Conversation()

    def talk(name: str) -> None:
        for number in range(50):
            place = conversation.place(CellRun(name, f"{number}"), goes_on=False)
            conversation.enter(place, answered(name, f"{number}"))
            conversation.enter(place, answered(name, f"{number}"))

    threads = [threading.Thread(target=talk, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert len(conversation.messages) in (0, 2)
    assert conversation.forget() == 1


def test_a_sound_is_gone_on_from_by_its_text() -> None:
    """The text that came with it is the answer; a sound alone is none."""
    assert messages_of(spoken(sound(), text="Hello"))[-1] == assistant("Hello")
    with pytest.raises(ValueError, match="without an answer"):
        messages_of(spoken(sound()))
