"""The kinds of values that only settings take."""

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..words import Kind, number
from .pasted import url_in

if TYPE_CHECKING:
    from ..money.prices import Price

# People paste the address of a method. `/models` alone can be a base: Azure has such ones.
# The expressions are strings for the reason given in `pasted`.
_PASTED_PATH = (
    r"/(?:(?:chat/)?completions|responses|embeddings|images/(?:generations|edits))$"
    r"|(?<=.)(?P<base>/v\d\w{0,8}(?:/openai)?|/openai)/models$"
)
_NOT_IN_URLS = set(" \"'<>\\^`{|}")
_ADDRESS = (
    r"(?i)(?!sk[-_])(?:(?:https?|ftp|wss?):?/|[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}(?:\.[a-z]{2,10}|:\d{1,5})"
    r"(?:[/:]|$))"
)


def check_base_url(url: object) -> str | None:
    """`url` as requests are built from it; None if it is blank.

    Raises:
        ValueError: It is no http(s) URL, or holds a user name, a query or a fragment.
    """
    if not isinstance(url, str):
        raise ValueError(f"base_url must be a URL, not {url!r}")
    url = re.sub(_PASTED_PATH, lambda found: found["base"] or "", url_in(url).rstrip("#?/"))
    if not url:
        return None
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.port != 0
        # `https://https://…` has the host `https`.
        host = parts.hostname or ""
        valid = is_address and host.strip(".") and host not in ("http", "https")
    except ValueError:
        valid = False
    if not valid or not url.isprintable() or set(url) & _NOT_IN_URLS:
        raise ValueError(
            f"the base URL{_as_shown(url)} must start with https:// (or http://) and a host"
        )
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise ValueError("the base URL must hold no user name, password, ? or #")
    return url


def _as_shown(url: str) -> str:
    """The address for an error, without what can be secret in it: a password, or a query.

    Text that looks like no address may be the key, in the wrong variable: it is not shown.
    """
    if not re.match(_ADDRESS, url) or "@" in url:
        return ""
    return f" {re.split('[?#]', url)[0][:100]!r}"


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
