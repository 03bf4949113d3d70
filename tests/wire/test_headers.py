"""The id of a request is found under every name that it has."""

import httpx
import pytest

from comet_magic.wire.headers import REQUEST_IDS, request_id


@pytest.mark.parametrize("name", REQUEST_IDS)
def test_the_id_is_found_under_each_name(name: str) -> None:
    """In whatever case the server writes it."""
    assert request_id(httpx.Headers({name.upper(): "r1"})) == "r1"


def test_the_providers_id_comes_before_the_proxys() -> None:
    """It is the one to ask the provider about; an empty one is none."""
    headers = {"X-Litellm-Call-Id": "c1", "llm_provider-x-request-id": "r1", "X-Request-Id": ""}
    assert request_id(httpx.Headers(headers)) == "r1"
    assert request_id({}) is None
