"""Bodies as text: the encoding that they are in, not the one that is named."""

import pytest

from comet_magic.wire.body import decoded

SAID = "拦截提示"


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (SAID.encode(), None, SAID),
        (SAID.encode("gbk"), "gbk", SAID),
        (SAID.encode("gb18030"), "GB18030", SAID),
        (f'<meta charset="gb2312">{SAID}'.encode("gbk"), None, f'<meta charset="gb2312">{SAID}'),
        ("攔截".encode("big5"), "big5", "攔截"),
        (SAID.encode(), "gbk", SAID),
        (SAID.encode("gbk").decode("latin-1").encode(), "gbk", SAID),
        ("é".encode("latin-1"), "iso-8859-1", "é"),
        ("é".encode(), "iso-8859-1", "é"),
        (SAID.encode()[:-1], None, SAID[:-1]),
        (b"\xef\xbb\xbf{}", None, "{}"),
        (b"\xff\xfe", None, "\ufffd\ufffd"),
        (b"\xc3(", "zlib", "\ufffd("),
        (b"\xc3(", "gb-none", "\ufffd("),
        (b"", "gbk", ""),
        ("é".encode(), "windows-1251", "é"),
        ("é".encode("latin-1"), "koi8-r", "И"),
        (b"ascii", "gbk", "ascii"),
    ],
)
def test_a_body_is_decoded(data: bytes, charset: str | None, text: str) -> None:
    """UTF-8 wins; a page in GBK is read as it was meant, also if a proxy spoilt it."""
    assert decoded(data, charset) == text


@pytest.mark.parametrize(("encoding", "half"), [("utf-8", ""), ("gbk", "\ufffd")])
def test_a_body_that_is_cut_anywhere_is_read(encoding: str, half: str) -> None:
    """Of half a character at its end nothing is left, or a mark."""
    data = SAID.encode(encoding)
    width = len(data) // len(SAID)
    for end in range(len(data)):
        rest = half if end % width else ""
        assert decoded(data[:end], encoding) == SAID[: end // width] + rest
