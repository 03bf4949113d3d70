"""The block of JSON that an image model's answer starts with: found by its braces, cut anywhere."""

import json
import re
from typing import Any

from ...text import all_mended

# Keys met in the field. A block with a prompt, or with nothing but these, is the parameters.
_PROMPTS = {"prompt", "user_prompt"}
_KNOWN = _PROMPTS | {
    "ratio", "n", "gen_id", "size", "aspect_ratio", "orientation", "duration",
    "referenced_image_ids", "image_url",
}  # fmt: skip
_FAILED = {"failed", "failure", "error", "rejected", "blocked"}
_MARKS = re.compile(r"\\.|[\"{}]")


# A pretty-printed block has a dozen lines; beyond this it is something else.
_MOST_LINES = 300


class JsonBlock:
    """Collects lines from an opening brace to the brace that closes it.

    Args:
        opening: The line that opened the fence around it; empty if there is none.
        fence: That line's backticks.
    """

    def __init__(self, opening: str = "", fence: str = "") -> None:
        self.opening = opening
        self.fence = fence
        self.lines: list[str] = []
        self._depth = 0
        self._quoted = False
        self._end = 0

    def copy(self) -> "JsonBlock":
        """A block that goes on from here on its own."""
        twin = JsonBlock(self.opening, self.fence)
        twin.lines = self.lines.copy()
        twin._depth, twin._quoted, twin._end = self._depth, self._quoted, self._end
        return twin

    def is_broken_by(self, line: str) -> bool:
        """Whether `line` shows that this is no block of JSON, or that it never ends."""
        start = line.strip()
        if len(self.lines) >= _MOST_LINES:
            return True
        if self.fence:
            return start == self.fence or (not self._depth and start[:1] not in ("", "{"))
        return start.startswith((">", "!["))

    def feed(self, line: str) -> str | None:
        """Takes one line; returns what follows the closing brace on it, None while it is open."""
        self.lines.append(line)
        for mark in _MARKS.finditer(line):
            if mark[0] == '"':
                self._quoted = not self._quoted
            elif not self._quoted and mark[0] in "{}":
                self._depth += 1 if mark[0] == "{" else -1
                if self._depth == 0:
                    self._end = mark.end()
                    return line[self._end :]
        return None

    def value(self) -> dict[str, Any] | None:
        """The object that was collected; None if it is none."""
        *before, last = self.lines
        try:
            value = json.loads("\n".join((*before, last[: self._end])), strict=False)
        except (ValueError, RecursionError):
            return None
        return all_mended(value) if isinstance(value, dict) else None


def is_parameters(value: dict[str, Any]) -> bool:
    """Whether the object holds the parameters of a generation."""
    return bool(_PROMPTS & value.keys()) or bool(value and value.keys() <= _KNOWN)


def is_failure(value: dict[str, Any]) -> bool:
    """Whether the object says that the generation failed."""
    return str(value.get("status", "")).lower() in _FAILED or (
        bool(value.get("error")) and not is_parameters(value)
    )
