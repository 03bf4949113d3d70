"""Addresses of media: data URIs, when a signed link expires, and addresses for people."""

import base64
import binascii
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, unquote_to_bytes, urljoin, urlsplit

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# `&` as HTML and JSON write it.
_AND = re.compile(r"&(?:amp;|#38;|#x26;)+|\\u0026", re.IGNORECASE)
# Where models run their tools: "![fox](/mnt/data/fox.png)" leads nowhere.
_LOCAL_PATH = re.compile(r"/(?:mnt|tmp|home|root|var|usr|opt|Users|workspace)/")


def is_data_uri(url: str) -> bool:
    """Whether the address holds the bytes itself."""
    return url[:5].lower() == "data:"


def data_uri(media_type: str | None, content: bytes | str) -> str:
    """A `data:` URI.

    Args:
        media_type: Of the content; None if it is not known.
        content: The bytes, or their base64 as it was received.
    """
    if isinstance(content, bytes):
        content = base64.b64encode(content).decode()
    return f"data:{media_type or 'application/octet-stream'};base64,{content}"


def cleaned(url: str) -> str:
    """The address as it was meant: without spaces around it, and without HTML's `&amp;`.

    >>> cleaned("https://a.example/p.png?k=1&amp;sig=x ")
    'https://a.example/p.png?k=1&sig=x'
    """
    url = url.strip()
    return url if is_data_uri(url) else _AND.sub("&", url)


def is_relative(url: str) -> bool:
    """Whether the address is a path, to be joined to the endpoint's: `/files/x.png`."""
    return not _SCHEME.match(url) and not _LOCAL_PATH.match(url)


def absolute(url: str, base_url: str) -> str:
    """The address, joined to the endpoint's base URL if it is relative.

    >>> absolute("/files/x.png", "https://a.example/v1")
    'https://a.example/files/x.png'
    """
    if not url or not base_url or not is_relative(url[:200]):
        return url
    try:
        return urljoin(f"{base_url}/", url)
    except ValueError:
        return url


def data_uri_bytes(url: str) -> bytes:
    """The bytes of a `data:` URI.

    Raises:
        ValueError: The URI is malformed.
    """
    head, comma, body = url.partition(",")
    if not comma:
        raise ValueError("a data URI without data")
    try:
        if not head.lower().endswith(";base64"):
            return unquote_to_bytes(body)
        with suppress(binascii.Error):
            return _from_base64(body)
        # Line breaks as in MIME, percent encoding, or the alphabet for URLs.
        plain = "".join(unquote(body).split())
        return _from_base64(plain.replace("-", "+").replace("_", "/"))
    except binascii.Error as error:
        raise ValueError(f"a data URI with bad base64 ({error})") from error


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def expiry(url: str) -> datetime | None:
    """When a signed URL stops working, as Azure, S3, Google and Volcano Engine write it; else None.

    >>> expiry("https://a.example/p.png?se=2026-01-18T06%3A00%3A00Z&sig=x")
    datetime.datetime(2026, 1, 18, 6, 0, tzinfo=datetime.timezone.utc)
    """
    if not url.startswith("http"):
        return None
    try:
        query = {key.lower(): values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        if "se" in query:
            moment = datetime.fromisoformat(query["se"])
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        for key in ("expires", "x-expires"):
            if key in query:
                return datetime.fromtimestamp(int(query[key]), UTC)
        for prefix in ("x-amz-", "x-goog-"):
            if prefix + "expires" in query:
                signed = datetime.strptime(query[prefix + "date"], "%Y%m%dT%H%M%S%z")
                return signed + timedelta(seconds=int(query[prefix + "expires"]))
    except (ValueError, KeyError, OverflowError, OSError):
        pass
    return None


def short_url(url: str) -> str:
    """`url` for people: at most 100 characters, without its query or inline data."""
    if is_data_uri(url):
        return f"{url[:40].partition(',')[0]},…"
    short = url.partition("?")[0]
    return short if len(short) <= 100 else short[:60] + "…" + short[-39:]
