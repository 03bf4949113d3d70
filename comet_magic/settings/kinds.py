"""The kinds of values that only settings take."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..words import Kind, number

if TYPE_CHECKING:
    from ..money.prices import Price


def check_base_url(url: object) -> str | None:
    """`url` as requests are built from it; None if it is blank.

    Raises:
        ValueError: It is no http(s) URL, or holds a user name, a query or a fragment.
    """
    if not isinstance(url, str):
        raise ValueError(f"base_url must be a URL, not {url!r}")
    url = url.strip("\ufeff \t\r\n").rstrip("/").removesuffix("/chat/completions")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not url.isprintable() or " " in url:
        # Text that looks like no address at all may be the key, in the wrong variable.
        shown = f" {url[:100]!r}" if set(url) & set(".:/") else ""
        raise ValueError(f"the base URL{shown} must start with https:// (or http://) and a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the base URL must hold no user name, password, ? or #")
    return url


def _model(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be the id of a model, not {value!r}")
    return value


def _folder(name: str, value: object) -> Path:
    try:
        if isinstance(value, str | Path) and "\0" not in str(value):
            return Path(value).expanduser()
    except RuntimeError:  # `~name` of a user without a known home
        pass
    raise ValueError(f"{name} must be a folder's path, not {str(value)!r}")


def _prices(_: str, value: object) -> "dict[str, Price]":
    from ..money.prices import read_prices

    return read_prices(value)


BASE_URL = Kind("text", lambda _, value: check_base_url(value))
FOLDER = Kind("text", _folder)
KEY = Kind("text", lambda _, value: value)  # `ApiKey` checks itself
MODEL = Kind("text", _model)
PRICES = Kind("mapping", _prices)
SECONDS = number(1, 86_400)
