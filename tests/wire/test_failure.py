"""What is read out of an error body."""

import json

import pytest

from comet_magic.wire.failure import Failure, failure_from_body, failure_from_json

BODY = (
    '{"error": {"message": "No quota (request id: 20261122abc)", "type": "comet_api_error",'
    ' "param": "", "code": "insufficient_user_quota"}}'
)


def test_a_full_body_gives_all_its_parts() -> None:
    """The request id is taken out of the message; empty fields stay empty."""
    assert failure_from_body(BODY) == Failure(
        "No quota", "comet_api_error", "insufficient_user_quota", "20261122abc"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"error": {"code": 7}}', "code: 7"),
        ('{"error": "plain"}', "plain"),
        ('{"message": "flat", "code": null}', "flat"),
        ('[{"error": {"message": "in a list"}}]', "in a list"),
        ('{"error": {"message": {"message": "nested"}}}', "nested"),
        ("<html><head><title>502 Bad &amp; Gateway</title></head></html>", "502 Bad & Gateway"),
        ("<!DOCTYPE html><body><h1> Gone\n fishing </h1>", "Gone fishing"),
        ("<html></html>", ""),
        ("plain text\n", "plain text"),
        ("", ""),
        ("{broken", "{broken"),
        (
            '{"detail": [{"msg": "bad", "input": "data:image/png;base64,' + "iVBO" * 9_000 + '"}]}',
            "bad",
        ),
        ("bad data:image/jpeg;base64," + "/9j4" * 9, "bad data:image/jpeg;base64,…"),
    ],
)
def test_every_kind_of_body_gives_a_message(text: str, message: str) -> None:
    """JSON in any shape, a proxy's page, or plain text: the words in it are the message."""
    assert failure_from_body(text).message == message


@pytest.mark.parametrize(("depth", "is_empty"), [(8, True), (9, False)])
def test_how_deep_nothing_can_stand(depth: int, is_empty: bool) -> None:
    """Deeper than that it is taken for something."""
    value: object = ""
    for _ in range(depth):
        value = {"a": value}
    assert (failure_from_json(value) is None) is is_empty


@pytest.mark.parametrize(("depth", "message"), [(8, "no"), (9, "error: no"), (10, "")])
def test_how_deep_a_reason_can_stand(depth: int, message: str) -> None:
    """In objects."""
    value: object = "no"
    for _ in range(depth):
        value = {"error": value}
    found = failure_from_json(value)
    assert found is not None
    assert found.message == message


@pytest.mark.parametrize(("depth", "message"), [(3, "no"), (4, "message: no")])
def test_how_deep_json_in_strings_is_read(depth: int, message: str) -> None:
    """Each string is two levels: the text, and the object in it."""
    value = {"message": "no"}
    for _ in range(depth):
        value = {"message": json.dumps(value)}
    found = failure_from_json(value)
    assert found is not None
    assert found.message == message
