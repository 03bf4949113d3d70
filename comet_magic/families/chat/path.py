"""The path of chat completions."""

PATH = "chat/completions"


def base_url_of(url: str) -> str | None:
    """Returns the base URL of a chat request, without a final slash; None for other requests."""
    base, slash, path = url.rpartition(f"/{PATH}")
    return base if slash and not path else None
