"""The response headers that hold the id of a request, for questions to the provider."""

from collections.abc import Mapping

_IDS = ("x-cometapi-request-id", "x-oneapi-request-id", "x-request-id")

REQUEST_IDS = (*_IDS, *(f"llm_provider-{name}" for name in _IDS), "x-litellm-call-id")
"""Their names in lower case, the best one first.

The LiteLLM proxy passes on the provider's headers under names of its own, and adds its own id.
"""


def request_id(headers: Mapping[str, str]) -> str | None:
    """The id that the provider gave the request; None without one.

    Args:
        headers: Finds names in lower case, as `httpx.Headers` does.
    """
    return next((value for name in REQUEST_IDS if (value := headers.get(name))), None)
