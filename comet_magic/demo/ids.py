"""Identifiers with the length and alphabet of the endpoint's; the rest of them is random."""

import base64
import secrets
import string
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

_ALNUM = string.ascii_letters + string.digits
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
PREVIEW_LIFETIME = timedelta(days=6)


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def request_id(now: datetime) -> str:
    """Return an id such as `20250415044006123456789K3xQ9aBc`: time in ns, then 8 characters."""
    return f"{now:%Y%m%d%H%M%S%f}{secrets.randbelow(1000):03d}{_random(_ALNUM, 8)}"


def ulid(prefix: str) -> str:
    """Return an id such as `gen_01jrw0e7j2fc2rp7evwe19y0q7`."""
    return f"{prefix}_01{_random(_CROCKFORD, 24)}"


def alnum(length: int) -> str:
    """Return random letters and digits, as in the path of a picture."""
    return _random(_ALNUM, length)


def preview_query(now: datetime) -> str:
    """Return the query of a signed preview link; `se` is when it expires."""
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    signature = base64.b64encode(secrets.token_bytes(32)).decode()
    return urlencode(
        {
            "st": now.strftime(stamp),
            "se": (now + PREVIEW_LIFETIME).strftime(stamp),
            "sks": "b",
            "sv": "2018-11-09",
            "sr": "b",
            "sp": "r",
            "sig": signature,
            "az": "demo",
        }
    )


def utc_now() -> datetime:
    """Return the time for ids, paths and `created`."""
    return datetime.now(UTC)
