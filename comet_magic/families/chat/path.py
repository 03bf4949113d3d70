"""Where chat completions are asked for."""

PATH = "chat/completions"


def base_url_of(url: str) -> str | None:
    """The base URL in the address of a request, without a slash at its end; None if not of chat."""
    base, slash, path = url.rpartition(f"/{PATH}")
    return base if slash and not path else None
