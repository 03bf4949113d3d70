"""Removes code from an answer that holds nothing but its pictures and videos."""

import re
from collections.abc import Iterable

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


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
            kept += _without_result(block, urls)
            block, fence = [], ""
    kept += _without_result(block, urls)
    return "\n".join(kept).strip()


def _without_result(block: list[str], urls: list[str]) -> list[str]:
    text = "\n".join(block)
    # The … stands for bytes, see `without_bytes`.
    is_result = any(url in text for url in urls) or re.search(r"(?:base64,|^)…", text, re.MULTILINE)
    return [] if is_result else block
