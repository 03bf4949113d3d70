"""The key is hidden in every spelling in which a server can quote it."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from comet_magic.settings.key import ApiKey

KEY = "sk-canary.01/uU"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda each: each,
    "JSON": lambda each: f"\\u{ord(each):04x}",
    "JSON in capitals": lambda each: f"\\u{ord(each):04X}",
    "JSON in JSON": lambda each: f"\\\\u{ord(each):04x}",
    "JSON's slash": lambda each: "\\/" if each == "/" else each,
    "Markdown": lambda each: each if each.isalnum() else f"\\{each}",
    "HTML": lambda each: f"&#{ord(each)};",
    "HTML with zeros": lambda each: f"&#{ord(each):05};",
    "HTML in hexadecimal": lambda each: f"&#x{ord(each):X};",
    "a part of it in HTML": lambda each: "&#45;" if each == "-" else each,
    "an address": lambda each: quote(each, safe=""),
    "an address in small letters": lambda each: f"%{ord(each):02x}",
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=[*SPELLINGS])
def test_the_key_is_hidden(spelled: Callable[[str], str]) -> None:
    """In texts, and in bytes with a word or with asterisks in its place."""
    key = ApiKey(KEY, "the test")
    shown = "".join(map(spelled, KEY))
    text = f"é {shown}, {shown[:-1]} é"
    assert key.hide_in(f"{shown}!") == "[key]!"
    assert key.hide_in_bytes(text.encode()).decode() == f"é [key], {shown[:-1]} é"
    assert key.blot_out(text.encode()).decode() == f"é {'*' * len(shown)}, {shown[:-1]} é"


@pytest.mark.parametrize(
    "text", ["%73k-canary", r"\u0073", "&#115;", "100 % \\ &#", "sk-canary-01/uU%25"]
)
def test_what_is_not_the_key_stays(text: str) -> None:
    """Though it has escaped characters."""
    key = ApiKey("sk-canary-0123456789", "the test")
    assert key.hide_in(text) == text
    assert key.hide_in_bytes(text.encode()) == key.blot_out(text.encode()) == text.encode()
