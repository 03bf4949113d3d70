"""Real assistant texts, with what must be read out of each."""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "transcripts.jsonl"

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()
]
IDS = [row["id"] for row in ROWS]
