"""What is read out of an error body."""

import pytest

from comet_magic.wire.failure import Failure, failure_from_body

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
