"""What the address of a picture says."""

from datetime import UTC, datetime

import pytest

from comet_magic.media.addresses import data_uri, data_uri_bytes, expiry, short_url


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("se=2025-04-21T05%3A40%3A06Z&sig=x", datetime(2025, 4, 21, 5, 40, 6, tzinfo=UTC)),
        ("sig=x&se=2026-01-18", datetime(2026, 1, 18, tzinfo=UTC)),
        ("Expires=1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("x-expires=1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600", datetime(2026, 1, 1, 1, tzinfo=UTC)),
        ("X-Goog-Date=20260101T000000Z&X-Goog-Expires=60", datetime(2026, 1, 1, 0, 1, tzinfo=UTC)),
        ("X-Amz-Expires=3600", None),
        ("se=soon", None),
        ("expires=99999999999999999999", None),
        ("a=1", None),
        ("", None),
    ],
)
def test_signed_links_say_when_they_expire(query: str, expected: datetime | None) -> None:
    """The ways of the large stores are read; nonsense is no date."""
    assert expiry(f"https://a.example/x.png?{query}") == expected


def test_other_addresses_do_not_expire() -> None:
    """Neither does a data URI, nor something that is no URL."""
    assert expiry("data:image/png;base64,?se=2025-04-21") is None
    assert expiry("https://[broken?se=2025-04-21") is None


def test_data_uris() -> None:
    """Base64 with and without its padding, and percent-encoding; broken ones are said to be so."""
    assert data_uri_bytes("data:image/png;base64,AAE=") == b"\0\1"
    assert data_uri_bytes("data:image/png;base64,AAE") == b"\0\1"
    assert data_uri_bytes("data:text/plain,a%20b") == b"a b"
    for written in ("+/+/AAE=", "+/+/\r\nAAE=\n", "-_-_AAE", "%2B%2F%2b%2fAAE%3D", " +/+/AAE"):
        assert data_uri_bytes(f"data:image/png;base64,{written}") == b"\xfb\xff\xbf\0\1"
    for broken in ("data:image/png;base64,A*A=", "data:image/png;base64,A", "data:image/png"):
        with pytest.raises(ValueError, match="data URI"):
            data_uri_bytes(broken)


def test_short_urls_hold_no_query_and_no_data() -> None:
    """What is shown is short, and nobody's signature."""
    assert short_url("https://a.example/x.png?sig=secret") == "https://a.example/x.png"
    assert short_url("data:image/png;base64,AAAA") == "data:image/png;base64,…"
    whole = "https://a.example/" + "x" * 82
    assert short_url(whole) == short_url(f"{whole}?x=1") == whole
    long = "https://a.example/" + "x" * 83 + ".png"
    assert short_url(long) == f"{long[:60]}…{long[-39:]}"
    assert short_url("data:" + "x" * 90) == "data:" + "x" * 35 + ",…"


@pytest.mark.parametrize("content", [b"\xfb\xff\xbf\0\1", "+/+/AAE="])
def test_a_data_uri_holds_bytes_or_their_base64(content: bytes | str) -> None:
    """What is built is what is read."""
    uri = data_uri("image/png", content)
    assert uri == "data:image/png;base64,+/+/AAE="
    assert data_uri_bytes(uri) == b"\xfb\xff\xbf\0\1"
    assert data_uri(None, content).startswith("data:application/octet-stream;base64,")
