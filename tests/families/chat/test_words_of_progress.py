"""Each word and layout by which a line of a transcript is told from the model's own words."""

import pytest

from comet_magic.families.facts import Stage
from tests.families.chat.test_transcript import read

STAGES = {
    Stage.FAILED: ("Generation failed", "failure", "生成失败", "生成失敗"),
    Stage.QUEUED: (
        "Queuing", "In queue", "waiting", "pending", "submitted", "task created", "排队中",
        "排隊中", "等待", "已创建", "已建立", "已提交", "等待处理中",
    ),
    Stage.COMPLETE: (
        "complete", "Completed", "finished", "generated", "done", "Success", "successfully",
        "完成", "已生成", "成功",
    ),
    Stage.GENERATING: (
        "generating", "Generation started", "processing", "in progress now", "creating",
        "rendering", "drawing", "painting", "生成中", "开始生成", "開始生成", "正在生成", "处理中",
        "處理中", "绘制中",
    ),
}  # fmt: skip
WORDS = [(stage, word) for stage, words in STAGES.items() for word in words]


@pytest.mark.parametrize(("stage", "word"), WORDS, ids=[word for _, word in WORDS])
def test_a_word_for_a_stage(stage: Stage, word: str) -> None:
    """In a quote, or alone with dots or a symbol; not in a sentence."""
    for line in (f"> {word}", f"> **{word}**.", f"{word}..", f"🎨 {word}", f"> {word}, 请稍候"):
        transcript = read(line)
        assert (transcript.stage, transcript.prose) == (stage, ""), line
    sentence = f"This is how {word} looks."
    assert (read(sentence).stage, read(sentence).prose) == (None, sentence)


@pytest.mark.parametrize("mark", ["..", "…", "⏳", "⚡", "🕐", "🎨", "🎬", "✅", "❌", "🎉"])
def test_a_mark_of_a_stage(mark: str) -> None:
    """A few words with it need no quote."""
    assert read(f"{mark} one two generating this").stage == "generating"
    assert read(f"{mark} one two generating this thing").stage is None


@pytest.mark.parametrize(
    "line",
    [f"{verb}{end}！" for verb in ("生成", "绘制", "处理", "制作") for end in ("完成", "成功")]
    + ["图片生成完成", "图像生成完成", "视频生成完成", "任务已生成完成", "正在生成中"],
)
def test_a_stage_that_needs_no_mark(line: str) -> None:
    """In Chinese it is no sentence."""
    assert read(line).stage in ("complete", "generating")
    assert read(line).prose == ""


@pytest.mark.parametrize("sign", [",", ";", "，", "；", "!", "?", "！", "？"])
def test_a_sentence_in_a_quote_is_no_stage(sign: str) -> None:
    """Nor is one that is longer than forty characters."""
    assert read(f"> It is done{sign} look at it").stage is None


@pytest.mark.parametrize(("length", "stage"), [(40, "complete"), (41, None)])
def test_how_long_a_stage_can_be(length: int, stage: str | None) -> None:
    """In characters."""
    assert read("> " + "done".rjust(length, "x").replace("xdone", " done")).stage == stage


@pytest.mark.parametrize("line", ["> ..", "> ✅", "..", "🎉"])
def test_marks_without_words_are_no_stage(line: str) -> None:
    """They say nothing."""
    assert read(line).stage is None


@pytest.mark.parametrize(
    "name",
    ["id", "ID", "task_id", "task id", "task-id", "job_id", "任务ID", "任務 id", "taskid"],
)
def test_the_id_of_a_task(name: str) -> None:
    """With either colon, in marks; an id of a picture is another."""
    for line in (f"{name}: ab-1.c", f"> **{name}：** ab-1.c", f"> {name} : ab-1.c"):
        transcript = read(line)
        assert (transcript.task_id, transcript.gen_ids, transcript.prose) == ("ab-1.c", (), "")
    assert read(f"{name}: abc").task_id is None
    assert read(f"{name}: {'a' * 200}").task_id == "a" * 200
    assert read(f"{name}: {'a' * 201}").task_id is None


@pytest.mark.parametrize("name", ["gen_id", "generation id", "Gen-ID"])
def test_the_id_of_a_picture(name: str) -> None:
    """It is none of a task."""
    transcript = read(f"{name}: gen_77\n{name}: gen_77\n{name}: gen_78")
    assert (transcript.task_id, transcript.gen_ids) == (None, ("gen_77", "gen_78"))


@pytest.mark.parametrize(
    "label",
    [
        "生成失败", "生成失敗", "失败原因", "失敗原因", "Generation failed", "task failed",
        "fail reason", "failure reason", "失败", "失敗",
    ],
)  # fmt: skip
def test_a_label_of_a_reason(label: str) -> None:
    """With either colon, in a quote or not; in a sentence it is none."""
    for line in (f"{label}: no", f"> ❌ {label}： no "):
        transcript = read(line)
        assert (transcript.stage, transcript.reason, transcript.failed) == ("failed", "no", True)


@pytest.mark.parametrize("label", ["错误", "原因", "failed", "Error", "reason"])
def test_a_label_of_a_reason_in_a_quote(label: str) -> None:
    """Outside of one it can be the model's own text."""
    assert (read(f"> {label}: no").stage, read(f"> {label}: no").reason) == ("failed", "no")
    assert read(f"{label}: no").stage is None


@pytest.mark.parametrize(
    ("line", "percents"),
    [
        ("图片生成中 45%", (45,)), ("⏳ 任务进度：20%", (20,)), ("**45%**", (45,)),
        ("Rendering: [####----] 40%", (40,)), ("任务进度 60", (60,)),
        ("Current progress: 60", (60,)),
        ("Loading 100%", (100,)), ("Loading 101%", ()), ("Loading 45 / 100", (45,)),
        ("Loading 4５％", (45,)), ("Loading 45％", (45,)), ("Loading 4.5%", (4,)),
        ("Loading 100% cotton", ()), ("# Loading 45%", ()), ("1. 100%", ()), ("45% 60%", (45, 60)),
        ("one two three Loading 45%", (45,)), ("one two three four Loading 45%", ()),
        ("Cotton 45%", ()), ("正在生成" + "很" * 16 + " 45%", (45,)),
        ("正在生成" + "很" * 17 + " 45%", ()), ("Loading, please wait 45%", (45,)),
        ("Progress 100", (100,)), ("Progress 101", ()), ("> Progress 0", (0,)),
        ("> 進度 7/100", (7,)), ("> Progress 12 34", (12, 34)),
        ("> Progress: 34% about 20", (34,)), ("> Progress: about 20", ()),
        ("> Progress: ", ()), ("> a progress report", ()),
    ],
)  # fmt: skip
def test_percentages_of_a_line(line: str, percents: tuple[int, ...]) -> None:
    """Work that is done, in many words; a share of something else is none."""
    assert read(line).progress == percents


@pytest.mark.parametrize(
    "word",
    [
        "progress", "generating", "drawing", "painting", "rendering", "processing", "loading",
        "creating", "working", "complete", "进度", "進度", "生成", "绘图", "繪圖", "画图", "畫圖",
        "作画", "渲染", "处理", "處理", "制作", "製作", "加载", "进行", "已完成",
    ],
)  # fmt: skip
def test_a_word_for_work(word: str) -> None:
    """Before a share it makes a progress, and behind it too."""
    assert read(f"{word} 45%").progress == (45,)
    assert read(f"45% {word}").progress == (45,)


@pytest.mark.parametrize(
    "wait",
    ["请稍候", "请稍等", "请稍后", "稍候", "请耐心等待", "耐心等待", "please wait", "one moment",
     "Hang tight"],
)  # fmt: skip
def test_words_that_ask_to_wait(wait: str) -> None:
    """They belong to no stage and no progress, and are nothing to read."""
    for line in (f"> Generating, {wait}!", f"图片生成中，{wait}…"):
        assert (read(line).stage, read(line).prose) == ("generating", "")
    assert read(f"图片生成中，{wait} 45%").progress == (45,)
