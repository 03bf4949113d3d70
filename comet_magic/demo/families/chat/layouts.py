"""Texts of image and video models, in every layout that endpoints send."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from comet_magic.demo.families.chat.known_models import Layout
from comet_magic.demo.families.chat.script import ScriptWriter


@dataclass(frozen=True, slots=True)
class ResultLinks:
    """The links of one result.

    Attributes:
        gen_id: Name of the result in the text.
        url: http(s) URL, or a data URI for the layouts that carry the bytes themselves.
        download: URL that is answered as an attachment.
        preview: Signed URL.
        poster: URL of a still picture, for a film.
    """

    gen_id: str
    url: str
    download: str
    preview: str
    poster: str = ""


@dataclass(frozen=True, slots=True)
class ChatTask:
    """The task that one choice of an image or video model reports on.

    Attributes:
        prompt: The prompt as the model rewrote it.
        origin: What the block says about the picture to change: `gen_id` or
            `referenced_image_ids`; empty for a new picture.
        results: Links of the results, at least one.
        web: URL of the task's page.
        source: URL of the task's JSON.
        variant: Number that differs between the choices of one request.
    """

    id: str
    prompt: str
    ratio: str
    origin: dict[str, object]
    results: tuple[ResultLinks, ...]
    web: str
    source: str
    variant: int = 0

    @property
    def result(self) -> ResultLinks:
        """The first result, for layouts that show only one."""
        return self.results[0]

    @property
    def steps(self) -> list[int]:
        """Four to seven rising percentages, which depend only on prompt and variant."""
        chance = hashlib.sha256(f"{self.variant}:{self.prompt}".encode()).digest()
        count = 4 + chance[0] % 4
        return [
            (2 * i + 1) * 48 // count + byte % 9 - 4 for i, byte in enumerate(chance[1:][:count])
        ]


def write_layout(layout: Layout, writer: ScriptWriter, task: ChatTask) -> None:
    """Write a whole answer in a layout."""
    _LAYOUTS[layout](writer, task)


def write_documented(writer: ScriptWriter, task: ChatTask, *, queue: float = 1.0) -> None:
    """Write layout C, which the endpoint documents; it queues for `queue` seconds."""
    writer.block("```", {"prompt": task.prompt, "ratio": task.ratio, **task.origin})
    _english_stages(writer, task, queue)
    result = task.result
    writer.write(_english_end(result) + f"![{result.gen_id}]({result.url})", after=0.4)


def write_cut_short(writer: ScriptWriter, task: ChatTask) -> None:
    """Write layout C up to the middle of its progress."""
    writer.block("```", {"prompt": task.prompt, "ratio": task.ratio, **task.origin})
    _english_stages(writer, task, 1.0, steps=2)


def _bold_percent(writer: ScriptWriter, task: ChatTask) -> None:
    references = task.origin.get("referenced_image_ids") or list(task.origin.values())
    block: dict[str, object] = {"prompt": task.prompt}
    if references:
        block["referenced_image_ids"] = references
    else:
        block["size"] = _SIZES.get(task.ratio, "1024x1024")
    writer.block("", block)
    for percent in task.steps:
        writer.write("> 进度 ", after=0.6)
        writer.write(f"**{percent}%**\n\n\n", after=0.25)
    result = task.result
    name = "file_" + hashlib.md5(result.gen_id.encode(), usedforsecurity=False).hexdigest()
    writer.write(f"\n![{name}]({result.url})\n[下载⏬]({result.download})\n\n", after=1.5)


def _line_a_step(writer: ScriptWriter, task: ChatTask) -> None:
    writer.block(
        "```", {"prompt": task.prompt, "ratio": task.ratio, **task.origin}, after="\n\n\n\n"
    )
    writer.write(f"> ID: `{task.id}`\n")
    _stage(writer, "> 排队中", 1, 1.0, "\n")
    _stage(writer, "> 生成中", 2, 1.0, "\n")
    for percent in task.steps:
        _stage(writer, f"> 进度 {percent}%", 1, 0.7, "\n")
    result = task.result
    end = f"> 生成完成 ✅\n\n> gen_id: `{result.gen_id}`\n\n![{result.gen_id}]({result.preview})"
    writer.write(end, after=0.4)


def _json_block(writer: ScriptWriter, task: ChatTask) -> None:
    block = {"prompt": task.prompt, "ratio": task.ratio, "n": len(task.results), **task.origin}
    writer.block("```json", block)
    _english_stages(writer, task, 1.0)
    writer.write(_english_end(task.result) + _downloads(task, "Click to download"), after=0.4)


def _task_pages(writer: ScriptWriter, task: ChatTask) -> None:
    block = {"prompt": task.prompt, "ratio": task.ratio, "n": len(task.results), **task.origin}
    writer.block("```json", block)
    _pages(writer, task)
    writer.write("\n")
    _stage(writer, ">🕐 排队中", 1, 1.0)
    _stage(writer, ">⚡ 生成中", 5, 1.5)
    _progress(writer, ">🏃 进度 ", task.steps)
    done = f"[100]({task.result.preview})\n\n> ✅ 生成完成\n\n\n"
    writer.write(done + _downloads(task, "点击下载"), after=0.4)


def _bare_stage(writer: ScriptWriter, task: ChatTask) -> None:
    writer.write("\n\n> 🎨 生成中", after=0.5)
    writer.dots(12, each=0.5)
    result = task.result
    writer.write(f"\n\n![{result.url}]({result.url})\n\n[点击下载]({result.download})", after=0.4)


def _picture_only(writer: ScriptWriter, task: ChatTask) -> None:
    writer.write(f"![image]({task.result.url})", after=6.0)


def _bare_url(writer: ScriptWriter, task: ChatTask) -> None:
    writer.write(task.result.url, after=6.0)


def _inline(writer: ScriptWriter, task: ChatTask) -> None:
    writer.spell("Here is your picture.\n", within=0.3)
    writer.show(task.result.url, after=5.5)


def _sora(writer: ScriptWriter, task: ChatTask) -> None:
    across, _, up = task.ratio.partition(":")
    portrait = up.isdecimal() and across.isdecimal() and int(up) > int(across)
    orientation = "portrait" if portrait else "landscape"
    writer.block("```json", {"prompt": task.prompt, "orientation": orientation, "duration": 2})
    _pages(writer, task)
    _stage(writer, "> 排队中", 6, 1.5, "\n")
    _stage(writer, "> 生成中", 1, 1.0)
    _progress(writer, ">🏃 进度 ", task.steps)
    film = task.result
    end = f"\n\n> 生成完成 ✅\n> sid: s_{task.id[-26:]}\n\n"
    links = f"![{film.poster}]({film.poster})\n[在线播放▶️]({film.url})"
    writer.write(end + links, after=0.4)


def _veo(writer: ScriptWriter, task: ChatTask) -> None:
    writer.write(f"\n\n> 视频生成任务已创建\n> 任务ID: `{task.id}`\n", after=0.3)
    writer.write("> 为了防止任务中断，可以从以下链接持续获取任务进度:\n")
    writer.write(f"> [数据预览]({task.web}) | [原始数据]({task.source})\n")
    _stage(writer, "> 等待处理中", 1, 1.0)
    writer.write("> 类型: 文字生成\n")
    _stage(writer, "> 🎬 开始生成视频", 24, 7.0)
    film = task.result
    links = f"[▶️ 在线观看]({film.url}) | [⏬ 下载视频]({film.download})"
    writer.write(f"> 🎉 高质量视频已生成\n\n{links}", after=0.4)


def _english_stages(
    writer: ScriptWriter, task: ChatTask, queue: float, steps: int | None = None
) -> None:
    _stage(writer, ">🕐 Queuing", max(1, round(queue / 2)), queue)
    _stage(writer, ">⚡ Generating", 2, 1.2)
    _progress(writer, ">🏃 Progress ", task.steps[:steps])


def _english_end(result: ResultLinks) -> str:
    return f"[100]({result.preview})\n\n> ✅ Generation complete\n\n\n"


def _downloads(task: ChatTask, label: str) -> str:
    return "\n\n\n\n".join(
        f"![{result.gen_id}]({result.url})\n\n[{label}]({result.download})"
        for result in task.results
    )


def _stage(writer: ScriptWriter, word: str, dots: int, seconds: float, end: str = "\n\n") -> None:
    writer.write(word)
    writer.dots(dots, each=seconds / (dots + 1))
    writer.write(end, after=seconds / (dots + 1))


def _progress(writer: ScriptWriter, word: str, steps: list[int]) -> None:
    writer.write(word)
    for percent in steps:
        writer.write(str(percent), after=0.45)
        writer.dots(2 if percent == steps[-1] else 3, each=0.08)


def _pages(writer: ScriptWriter, task: ChatTask) -> None:
    links = f"[数据预览]({task.web}) | [原始数据]({task.source})"
    writer.write(f"> ID: `{task.id}`\n>{links}\n", after=0.2)


_SIZES = {"3:2": "1536x1024", "2:3": "1024x1536"}
_LAYOUTS: dict[Layout, Callable[[ScriptWriter, ChatTask], None]] = {
    "documented": write_documented,
    "bold-percent": _bold_percent,
    "line-a-step": _line_a_step,
    "json-block": _json_block,
    "task-pages": _task_pages,
    "bare-stage": _bare_stage,
    "picture-only": _picture_only,
    "bare-url": _bare_url,
    "data-uri": _picture_only,
    "inline": _inline,
    "sora": _sora,
    "veo": _veo,
}
