"""Earlier messages: which can be sent, and how many of them are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.families.messages import Message
from comet_magic.families.turns import check_messages, limited

SYSTEM = {"role": "system", "content": "Be brief."}
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 1000}}


def said(role: str, content: Any) -> dict[str, Any]:
    """A message."""
    return {"role": role, "content": content}


def turns(number: int, begin: int = 1) -> list[Message]:
    """So many questions with their answers."""
    each = range(begin, begin + number)
    return [said(role, f"{role} {at}") for at in each for role in ("user", "assistant")]


@pytest.mark.parametrize(
    ("number", "most", "kept", "note"),
    [
        (1, 10, 1, "with 1 earlier turn"),
        (2, 10, 2, "with 2 earlier turns"),
        (13, 10, 10, "with 10 earlier turns; 3 older ones were left out"),
        (2, 1, 1, "with 1 earlier turn; 1 older one was left out"),
        (3, 0, 0, "with no earlier turns; 3 older ones were left out"),
    ],
)
def test_the_oldest_turns_go_first(number: int, most: int, kept: int, note: str) -> None:
    """The last ones are sent in their order, a system message always, and the note counts them."""
    sent, notes = limited([SYSTEM, *turns(number)], most)
    assert list(sent) == [SYSTEM, *turns(kept, number - kept + 1)]
    assert notes == (note,)


def test_where_there_is_no_turn_there_is_no_note() -> None:
    """Nothing, or a system message alone."""
    assert limited([], 10) == ((), ())
    assert limited([SYSTEM], 10) == ((SYSTEM,), ())


def test_a_turn_is_all_up_to_the_next_user_message() -> None:
    """An answer in two messages, a question without one, an answer that stands first."""
    first, asked = [said("assistant", "Welcome")], [said("user", "Well?")]
    twice = [said("user", "1"), said("assistant", "a"), said("assistant", "b")]
    messages = [*first, *twice, SYSTEM, *asked]
    assert limited(messages, 3) == (tuple(messages), ("with 3 earlier turns",))
    assert list(limited(messages, 2)[0]) == [*twice, SYSTEM, *asked]
    assert list(limited(messages, 1)[0]) == [SYSTEM, *asked]


def test_turns_with_pictures_go_first_where_all_are_too_large() -> None:
    """The oldest of them first; what was written stays, and so does the last turn."""
    shown = [said("user", [{"type": "text", "text": "Look"}, PICTURE]), said("assistant", "A cat")]
    made = [said("user", "A dog"), said("assistant", f"![dog]({PICTURE['image_url']['url']})")]  # type: ignore[index]
    messages = [*turns(1), *shown, *turns(1, 2), *made, *turns(1, 3), *made]
    sent, notes = limited(messages, 10, most_bytes=2500)
    assert list(sent) == [*turns(1), *turns(1, 2), *made, *turns(1, 3), *made]
    assert notes == ("with 5 earlier turns; 1 more was left out to stay within 0.0025 MB",)
    sent, notes = limited(messages, 10, most_bytes=100)
    assert list(sent) == made
    assert notes == ("with 1 earlier turn; 5 more were left out to stay within 0.0001 MB",)
    size = sum(len(str(each["content"])) for each in turns(2))
    assert list(limited(turns(2), 10, most_bytes=size)[0]) == turns(2)
    assert list(limited(turns(2), 10, most_bytes=size - 1)[0]) == turns(1, 2)
    assert limited(made, 10, most_bytes=10) == (tuple(made), ("with 1 earlier turn",))


@given(
    st.lists(st.sampled_from(["system", "user", "assistant"]), max_size=20),
    st.integers(0, 8),
    st.integers(0, 60),
)
def test_what_is_sent_is_in_order_and_within_the_limits(
    roles: list[str], most: int, most_bytes: int
) -> None:
    """Whatever the messages: system ones stay, no more turns than allowed, the last one whole."""
    messages = [said(role, f"{at:05}") for at, role in enumerate(roles)]
    sent, _ = limited(messages, most, most_bytes)
    assert [message for message in messages if message in sent] == list(sent)
    assert [one for one in sent if one["role"] == "system"] == [
        one for one in messages if one["role"] == "system"
    ]
    spoken = [one for one in sent if one["role"] != "system"]
    assert sum(one["role"] == "user" for one in spoken) <= most
    if most and "user" in roles:
        last = len(roles) - 1 - roles[::-1].index("user")
        assert all(one in sent for one in messages[last:])


@pytest.mark.parametrize(
    ("messages", "error", "says"),
    [
        (["hello"], TypeError, r"history\[0\] must be a message with role and content, not str"),
        ([{"role": "robot", "content": "x"}], ValueError, "history.0. must have the role system"),
        ([{"content": "x"}], ValueError, "must have the role"),
        ([{"role": ["user"], "content": "x"}], ValueError, "must have the role"),
        ([*turns(1), {"role": "user"}], TypeError, r"history\[2\] content must be a text or"),
        ([said("user", b"x")], TypeError, "not bytes"),
        ([said("user", [])], ValueError, "is an empty list"),
        ([said("user", "half \ud83d")], ValueError, "half a character"),
        ([said("user", ["x"])], ValueError, r"content\[0\] must be a part of the type text or"),
        ([said("user", [{"type": "audio"}])], ValueError, "must be a part of the type text or"),
        ([said("user", [{"type": "image_url", "image_url": {"url": ""}}])], ValueError, "is empty"),
        (
            [said("user", [{"type": "image_url", "image_url": {"url": "x", "detail": 1}}])],
            TypeError,
            "must be a text, not int",
        ),
        ([{**said("user", "x"), "name": "Ada"}], ValueError, "has the field 'name'; only role"),
    ],
)  # fmt: skip
def test_messages_that_cannot_be_sent(messages: Any, error: type, says: str) -> None:
    """The text names the message, and what it must be."""
    with pytest.raises(error, match=says):
        check_messages(messages)


def test_messages_are_copies_of_equal_content() -> None:
    """Empty fields of other clients are left out; a later change changes nothing that was sent."""
    given = said("user", [{"type": "text", "text": "Look"}, dict(PICTURE)])
    (checked,) = check_messages([{**given, "refusal": None, "annotations": [], "name": ""}])
    assert checked == given
    given["content"].append({"type": "text", "text": "more"})
    assert checked != given
