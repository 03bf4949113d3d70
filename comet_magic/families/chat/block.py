"""Finds the JSON block at the start of an image model's answer, by its braces."""

import json
import re
from typing import Any

from ...text import all_mended
from ...wire.failure import Failure, failure_from_json

# Keys seen in real answers. A block with a prompt, or with only these keys, is the parameters.
_PROMPTS = {"prompt", "user_prompt"}
_KNOWN = _PROMPTS | {
    "ratio", "n", "gen_id", "size", "aspect_ratio", "orientation", "duration",
    "referenced_image_ids", "image_url",
}  # fmt: skip
_FAILED = {
    "fail", "failed", "failure", "error", "rejected", "blocked", "cancelled", "canceled",
}  # fmt: skip
_TOKENS = re.compile(r"\\.|[\"{}]")


# A pretty-printed block has a dozen lines; a block with more than this is something else.
_MOST_LINES = 300


class JsonBlock:
    """Collects lines from an opening brace to the brace that closes it.

    Args:
        opening: The line that opens the fence around it; empty without a fence.
        fence: The backticks of that line.
    """

    def __init__(self, opening: str = "", fence: str = "") -> None:
        self.opening = opening
        self.fence = fence
        self.lines: list[str] = []
        self._depth = 0
        self._quoted = False
        self._end = 0

    def copy(self) -> "JsonBlock":
        """Returns an independent copy."""
        twin = JsonBlock(self.opening, self.fence)
        twin.lines = self.lines.copy()
        twin._depth, twin._quoted, twin._end = self._depth, self._quoted, self._end
        return twin

    def is_broken_by(self, line: str) -> bool:
        """Returns whether `line` shows that this is not a JSON block, or that it never ends."""
        start = line.strip()
        if len(self.lines) >= _MOST_LINES:
            return True
        if self.fence:
            return start == self.fence or (not self._depth and start[:1] not in ("", "{"))
        return start.startswith((">", "!["))

    def feed(self, line: str) -> str | None:
        """Takes a line. Returns the rest after the closing brace; None while the block is open."""
        self.lines.append(line)
        for token in _TOKENS.finditer(line):
            if token[0] == '"':
                self._quoted = not self._quoted
            elif not self._quoted and token[0] in "{}":
                self._depth += 1 if token[0] == "{" else -1
                if self._depth == 0:
                    self._end = token.end()
                    return line[self._end :]
        return None

    def value(self) -> dict[str, Any] | None:
        """Returns the collected object; None if it is not a JSON object."""
        *before, last = self.lines
        try:
            value = json.loads("\n".join((*before, last[: self._end])), strict=False)
        except (ValueError, RecursionError):
            return None
        return all_mended(value) if isinstance(value, dict) else None


def is_parameters(value: dict[str, Any]) -> bool:
    """Returns whether the object contains the parameters of a generation."""
    return bool(_PROMPTS & value.keys()) or bool(value and value.keys() <= _KNOWN)


def is_failure(value: dict[str, Any]) -> bool:
    """Returns whether the object reports that the generation failed, whatever else it contains."""
    return str(value.get("status", "")).lower() in _FAILED or bool(value.get("error"))


def failure_of(value: dict[str, Any]) -> Failure | None:
    """Returns the failure that such an object reports; None if it gives no reason.

    `{"prompt": "…", "status": "failed", "error": {"message": "…"}}`: the prompt is no reason.
    """
    rest = {key: item for key, item in value.items() if key not in {"status", *_KNOWN}}
    return failure_from_json(rest)
