"""Lists of models in every shape."""

import pytest

from comet_magic.wire.model_list import model_ids


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ({"object": "list", "data": [{"id": "b"}, {"id": "a"}]}, ["b", "a"]),
        ({"data": None}, []),
        ({"data": []}, []),
        (None, []),
        ([], []),
        ({"data": [{"id": "m1"}, None, {"id": None}, {}, {"id": 7}, {"id": " "}]}, ["m1"]),
        ({"data": [None, {"id": None}]}, []),
        ({"data": ["m1", "m2"]}, ["m1", "m2"]),
        ([{"id": "m1", "object": "model"}, {"id": "m2"}], ["m1", "m2"]),
        (["m1"], ["m1"]),
        ({"models": [{"name": "llama3:8b", "model": "llama3:8b"}]}, ["llama3:8b"]),
        ({"models": [{"name": "models/g-1"}], "nextPageToken": ""}, ["models/g-1"]),
        ({"data": None, "models": [{"id": "m1"}]}, ["m1"]),
        ({"code": 0, "data": {"data": [{"id": "m1"}]}}, ["m1"]),
        ({"data": [{"id": "m1"}, {"id": "m1"}]}, ["m1"]),
        ({"data": [{"id": "m\ud800"}]}, ["m\ufffd"]),
        ({"data": [{"id": "\x1b[31mm1\x1b[0m"}, {"id": "m\x07"}]}, ["m1", "m\ufffd"]),
        ({}, None),
        ({"data": "none"}, None),
        ({"data": [1]}, None),
        ({"error": {"message": "no"}}, None),
        ("m1", None),
        (7, None),
        ({"data": {"data": {"data": {"data": []}}}}, None),
    ],
    ids=str,
)
def test_the_ids_are_read(value: object, ids: list[str] | None) -> None:
    """In order and once; a bad item hides no other, and null is an empty list."""
    assert model_ids(value) == ids


@pytest.mark.parametrize(("depth", "ids"), [(3, ["m"]), (4, None)])
def test_how_deep_a_list_can_stand(depth: int, ids: list[str] | None) -> None:
    """In three envelopes."""
    value: object = [{"id": "m"}]
    for _ in range(depth):
        value = {"data": value}
    assert model_ids(value) == ids
