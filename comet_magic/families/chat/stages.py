"""Parses progress lines, in the languages and layouts that endpoints use."""

import re

from ..facts import Stage

# The order matters: 等待处理中 (waiting to be processed) is queued, but contains 处理中.
_STAGES = (
    (Stage.FAILED, r"\bfail(?:ed|ure)\b|失败|失敗"),
    (
        Stage.QUEUED,
        (
            r"\bqueu|\bwaiting\b|\bpending\b|\bsubmitted\b|\btask created\b"
            r"|排队|排隊|等待|已创建|已建立|已提交"
        ),
    ),
    (
        Stage.COMPLETE,
        r"\bcompleted?\b|\bfinished\b|\bgenerated\b|\bdone\b|\bsuccess|完成|已生成|成功",
    ),
    (
        Stage.GENERATING,
        (
            r"\bgenerating\b|\bgeneration start|\bprocessing\b|\bin progress\b|\bcreating\b"
            r"|\brendering\b|\bdrawing\b|\bpainting\b"
            r"|生成中|开始生成|開始生成|正在生成|处理中|處理中|绘制中"
        ),
    ),
)
_STAGE_WORDS = [(stage, re.compile(words, re.IGNORECASE)) for stage, words in _STAGES]
_MOVING = re.compile(r"\.\.|[…⏳⚡🕐🎨🎬✅❌🎉]")
_PROGRESS = re.compile(r"(?:\bprogress|进度|進度)\W{0,3}?(?=[\d*.…\[%]|$)", re.IGNORECASE)
_OF_HUNDRED = re.compile(r"/\s?100\b")
_NUMBER = re.compile(r"(?<!\d)(\d{1,3})(?:\.\d+(?=\s?\**%))?(?!\d)")
_NUMBER_WITH_SIGN = re.compile(r"(?<!\d)(\d{1,3})(?:\.\d+)?(?=\s?\**%)")
# Possessive: thousands of brackets are read once, and not from each of them again.
_IDENTIFIER = re.compile(
    r"\W*+((?:task|gen|generation|job|任务|任務)?[ _-]?id)\s*[:：]\W{0,3}([\w:.-]{4,200})\W*",
    re.IGNORECASE,
)
FAILURE_WORDS = (
    r"生成失败|生成失敗|失败原因|失敗原因"
    r"|\b(?:generation|task) failed\b|\bfail(?:ure)? reason\b"
)
_REASON = re.compile(rf"\W*+(?:{FAILURE_WORDS}|失败|失敗)\s*[:：]\s*(\S.*)", re.IGNORECASE)
_QUOTED_REASON = re.compile(
    r"\W*+(?:错误|原因|failed|error|reason)\s*[:：]\s*(\S.*)", re.IGNORECASE
)
# "> Note: the left one is older" is said to the reader.
_REMARK = re.compile(
    r"\W*+(?:note|hint|tip|remark|注意?|备注|備註|提示)\s*[:：]\s*\S", re.IGNORECASE
)
_NOTE = re.compile(r"\W*[\w ]{1,16}\s*[:：]\s*\S.{0,80}|.{1,80}[:：]\s*")
# "图片生成中 45%", "⏳ 任务进度：20%", "Rendering: [####----] 40%", "**45%**"
_WORK = re.compile(
    r"progress|generat|draw|paint|render|process|load|creat|working|complete"
    r"|进度|進度|生成|绘|繪|画图|畫圖|作画|渲染|处理|處理|制作|製作|加载|进行|已完成",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"(?<![\d.])(\d{1,3})(?:\.\d+)?\s?\**(?:[%％]|/\s?100\b)")
# "任务进度 60", "Current progress: 60"
_UNSIGNED = re.compile(
    r"\W*(?:[\u3400-\u9fff]{0,6}(?:进度|進度)|(?:\w{1,12} )?progress)\W{0,3}(100|\d{1,2})\W*",
    re.IGNORECASE,
)
# "图片生成完成！" needs no dots and no symbol.
_PLAIN_STAGE = re.compile(
    r"\W*(?:图[片像]|视频|任务)?已?(?:正在)?(?:生成|绘制|处理|制作)(?:中|完成|成功|完毕)\W*"
)
_WAIT = re.compile(
    r"[,，。.…\s]*(?:请?稍[候等后]|请?耐心等待|please wait|one moment|hang tight)[^\w%]*",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MOST_WORDS, _MOST_HAN = 4, 20
_DOTS = re.compile(r"([.…。])[.…。]{3,}")

# A stage is a few words; a longer line is a sentence of the model's own text.
_LONGEST_STAGE = 40
# A hundred percentages with dots between them have 600 characters.
_LONGEST_LINE = 2_000


def status_line(line: str) -> str | None:
    """Returns `line` with long runs of dots shortened, as the functions below expect it.

    Returns None if it is too long for a progress line. Only the dots of such a line grow: one is
    sent every second or two.
    """
    line = _DOTS.sub(r"\1\1\1", line)
    return line if len(line) <= _LONGEST_LINE else None


def reports_progress(line: str) -> bool:
    """Returns whether the line names the progress: `> 🏃 进度 48..[100](…)`."""
    return _PROGRESS.search(line) is not None


def percentages(line: str, *, quoted: bool) -> list[int] | None:
    """Returns the percentages of a progress line, in order; None if `line` is not one.

    `34.5%` and `34/100` count as 34. Outside a `>` quote the line must contain nothing else.
    """
    match = _PROGRESS.search(line)
    if not match:
        return None
    before, after = line[: match.start()], _OF_HUNDRED.sub("", line[match.end() :])
    pattern = _NUMBER
    if _LETTER.search(after):  # "34% (about 20 s left)": count only numbers with a sign
        pattern = _NUMBER_WITH_SIGN
        if not quoted or not pattern.search(after):
            return None
    if not quoted and re.search(r"\w", before):
        return None
    return [number for digits in pattern.findall(after) if (number := int(digits)) <= 100]


def work_done(line: str) -> list[int] | None:
    """Returns the percentages of a line that only says how far the work is; None for others.

    The answer of a model that makes pictures has such lines in many words: `图片生成中 45%`.
    """
    if unsigned := _UNSIGNED.fullmatch(line):
        return [int(unsigned[1])]
    line = _WAIT.sub(" ", line)
    signs = [*_SIGNED.finditer(line)]
    numbers = [int(sign[1]) for sign in signs]
    if not numbers or max(numbers) > 100 or line.startswith("#"):
        return None
    after = line[signs[-1].end() :]
    if _LETTER.search(after) and not _WORK.search(after):
        return None  # Loading 100% cotton
    rest = _SIGNED.sub("", line)
    words = re.findall(r"[^\W\d_]+", rest)
    if not words and re.search(r"\d", rest):
        return None  # 1. 100%
    is_short = len(words) <= _MOST_WORDS and len(_HAN.findall(rest)) <= _MOST_HAN
    return numbers if is_short and (not words or _WORK.search(rest)) else None


def stage_of(line: str, *, quoted: bool) -> Stage | None:
    """Returns the stage that `line` reports; None if it reports none.

    Outside a `>` quote the line must look like a status: at most four words with dots or a symbol.
    """
    if not quoted and not _MOVING.search(line) and not _PLAIN_STAGE.fullmatch(line):
        return None  # check this first: it is fast, and most lines end here
    words = re.sub(r"^[\W_]+", "", _WAIT.sub("", line)).rstrip(" \t*_`.…。:：!！~✅❌🎉⏳⚡")
    if not words or len(words) > _LONGEST_STAGE or re.search(r"[,;，；!?！？]", words):
        return None
    if not quoted and len(words.split()) > 4:
        return None
    return next((stage for stage, pattern in _STAGE_WORDS if pattern.search(words)), None)


def identifier(line: str) -> tuple[str, str] | None:
    """Returns `("gen_id", "gen_01…")` for an id line, with the name in lower case."""
    match = _IDENTIFIER.fullmatch(line)
    return (match[1].lower(), match[2]) if match else None


def reason(line: str, *, quoted: bool) -> str | None:
    """Returns the reason of a failure from a line such as `失败原因：input_moderation`."""
    match = _REASON.fullmatch(line) or (_QUOTED_REASON.fullmatch(line) if quoted else None)
    return match[1].strip() if match else None


def is_note(line: str) -> bool:
    """Returns whether a quoted line is a label with a value, or a heading that ends in a colon."""
    return _NOTE.fullmatch(line) is not None and not _REMARK.match(line)
