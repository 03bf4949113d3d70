"""A whole body of a response."""

import codecs
import json
import re
from dataclasses import dataclass, field

_CHARSET = re.compile(rb"charset=[\"']?([\w-]{3,20})", re.IGNORECASE)
# Encodings of several bytes a character that pages of gateways are in.
_WIDE = ("gb", "big5", "shift", "sjis", "euc", "hz")
_NARROW = ("iso-8859", "latin", "windows-12", "cp12", "us-ascii", "koi8")
_HEAD = 2_000


@dataclass(frozen=True, slots=True)
class Body:
    """A whole body: JSON, text, or the bytes of a picture or sound.

    Attributes:
        data: As received.
        content_type: As the response names it, in lower case and without its parameters.
    """

    data: bytes = field(repr=False)
    content_type: str = ""

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.data.decode(errors="replace")


def decoded(data: bytes, charset: str | None = None) -> str:
    """The text of a body, which may be cut anywhere.

    Args:
        data: As received.
        charset: The encoding that the response names; None if it names none. UTF-8 is tried first,
            as gateways name others and send it.
    """
    if charset is None and (found := _CHARSET.search(data[:_HEAD])):
        charset = found[1].decode()
    named = (charset or "").lower()
    is_wide, is_narrow = named.startswith(_WIDE), named.startswith(_NARROW)
    try:
        # If it is not final, the last character may be cut.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=is_narrow)
        # A proxy took a page in GBK for Latin-1, and sent that as UTF-8: `À¹½ØÌáÊ¾`.
        if is_wide and not text.isascii():
            return text.encode("latin-1").decode(named)
    except UnicodeEncodeError:
        return text
    except (UnicodeDecodeError, LookupError):
        pass
    else:
        return text
    try:
        return data.decode(named if is_wide or is_narrow else "utf-8", "replace")
    except LookupError:
        return data.decode(errors="replace")


def is_json(text: str) -> bool:
    """Whether `text` is JSON as it stands; half an event is not."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
