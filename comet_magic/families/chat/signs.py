"""Recognizes the lines that only models write which make pictures or videos.

A text model can write about progress, ids and failures, too: `Progress: 75%`, `❌ Build failed`.
"""

import re

from ..facts import Stage
from .stages import FAILURE_WORDS, percentages, stage_of, status_line

# `> Form submitted` is a quotation. A stage says what is made, or shows that it goes on.
_MAKING = re.compile(
    r"\bqueu|generat|\bprogress\b|排队|排隊|生成|任务已|任務已|绘制|繪製"
    r"|\.\.|…|[⏳⚡🕐🏃🎨🎬✅🎉]",
    re.IGNORECASE,
)
_FAILURE = re.compile(FAILURE_WORDS, re.IGNORECASE)


def is_status(line: str) -> bool:
    """Returns whether a quoted line reports a stage or the progress of a picture or video."""
    status = status_line(line)
    if status is None:
        return False
    if percentages(status, quoted=True):
        return True
    stage = stage_of(status, quoted=True)
    return stage not in (None, Stage.FAILED) and bool(_MAKING.search(status))


def is_failure_line(line: str) -> bool:
    """Returns whether a line says that a picture or video could not be made."""
    return _FAILURE.search(line) is not None
