"""Removes code from an answer that holds nothing but its pictures and videos."""

import re
from collections.abc import Iterable

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
# A line of JSON or HTML: `{`, `],`, `"seed": 7,`, `</video>`.
_CODE = re.compile(r'\s*+(?:[{}\]<]|"[^"]*"\s*(?::|,?\s*$)|\[\W*$)')
_BYTES = re.compile(r"(?:base64,|^)…", re.MULTILINE)


def without_results(prose: str, in_code: Iterable[str]) -> str:
    """Returns `prose` without the fenced blocks that hold a result: it is shown itself.

    Args:
        prose: The words of an answer, without bytes.
        in_code: The addresses of the results that were found nowhere else: code that shows how to
            use a picture of the answer is a part of the answer.
    """
    if "```" not in prose and "~~~" not in prose:
        return prose
    urls = [url for url in in_code if url.startswith("http")]
    kept: list[str] = []
    block: list[str] = []
    fence = ""
    for line in prose.split("\n"):
        opening = _FENCE.match(line)
        (block if fence or opening else kept).append(line)
        if not fence and opening:
            fence = opening[1]
        elif fence and line.strip(" \t>") == fence:
            kept += [] if _holds_result(block, urls) else block
            block, fence = [], ""
    if _holds_result(block, urls):  # nobody knows where the code was to end: keep its words
        block = [line for line in block[1:] if not _is_left_out(line, urls)]
    return "\n".join([*kept, *block]).strip()


def _is_left_out(line: str, urls: list[str]) -> bool:
    return _holds_result([line], urls) or _CODE.match(line) is not None


def _holds_result(block: list[str], urls: list[str]) -> bool:
    text = "\n".join(block)
    # The … stands for bytes, see `without_bytes`.
    return any(url in text for url in urls) or bool(_BYTES.search(text))
