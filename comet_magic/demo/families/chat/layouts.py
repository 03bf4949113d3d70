"""What image and video models say, in every layout that is met in the field."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from comet_magic.demo.families.chat.known_models import Layout
from comet_magic.demo.families.chat.script import Pen


@dataclass(frozen=True, slots=True)
class Links:
    """One result and where it can be fetched.

    Attributes:
        url: http(s), or a data URI for the layouts that carry the bytes themselves.
        poster: A still picture, for a film.
    """

    gen_id: str
    url: str
    download: str
    preview: str
    poster: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What one choice of an image or video model talks about.

    Attributes:
        prompt: As the model rewrote it.
        origin: What the block says about the picture that is changed: `gen_id` or
            `referenced_image_ids`; empty for a new picture.
        results: At least one.
        variant: Differs between the choices of one request.
    """

    id: str
    prompt: str
    ratio: str
    origin: dict[str, object]
    results: tuple[Links, ...]
    web: str
    source: str
    variant: int = 0

    @property
    def result(self) -> Links:
        """The first result, for the layouts that have room for one."""
        return self.results[0]

    @property
    def steps(self) -> list[int]:
        """Four to seven percentages that rise; they depend on prompt and variant only."""
        chance = hashlib.sha256(f"{self.variant}:{self.prompt}".encode()).digest()
        count = 4 + chance[0] % 4
        return [
            (2 * i + 1) * 48 // count + byte % 9 - 4 for i, byte in enumerate(chance[1:][:count])
        ]


def draw(layout: Layout, pen: Pen, task: Task) -> None:
    """Write the whole answer of an image or video model."""
    _LAYOUTS[layout](pen, task)


def documented(pen: Pen, task: Task, *, queue: float = 1.0) -> None:
    """Write layout C, as the endpoint documents it; `queue` in seconds."""
    pen.block("```", {"prompt": task.prompt, "ratio": task.ratio, **task.origin})
    _english_stages(pen, task, queue)
    result = task.result
    pen.write(_english_end(result) + f"![{result.gen_id}]({result.url})", after=0.4)


def cut_short(pen: Pen, task: Task) -> None:
    """Write layout C up to the middle of the progress."""
    pen.block("```", {"prompt": task.prompt, "ratio": task.ratio, **task.origin})
    _english_stages(pen, task, 1.0, steps=2)


def _bold_percent(pen: Pen, task: Task) -> None:
    references = task.origin.get("referenced_image_ids") or list(task.origin.values())
    block: dict[str, object] = {"prompt": task.prompt}
    if references:
        block["referenced_image_ids"] = references
    else:
        block["size"] = _SIZES.get(task.ratio, "1024x1024")
    pen.block("", block)
    for percent in task.steps:
        pen.write("> 进度 ", after=0.6)
        pen.write(f"**{percent}%**\n\n\n", after=0.25)
    result = task.result
    name = "file_" + hashlib.md5(result.gen_id.encode(), usedforsecurity=False).hexdigest()
    pen.write(f"\n![{name}]({result.url})\n[下载⏬]({result.download})\n\n", after=1.5)


def _line_a_step(pen: Pen, task: Task) -> None:
    pen.block("```", {"prompt": task.prompt, "ratio": task.ratio, **task.origin}, after="\n\n\n\n")
    pen.write(f"> ID: `{task.id}`\n")
    _stage(pen, "> 排队中", 1, 1.0, "\n")
    _stage(pen, "> 生成中", 2, 1.0, "\n")
    for percent in task.steps:
        _stage(pen, f"> 进度 {percent}%", 1, 0.7, "\n")
    result = task.result
    end = f"> 生成完成 ✅\n\n> gen_id: `{result.gen_id}`\n\n![{result.gen_id}]({result.preview})"
    pen.write(end, after=0.4)


def _json_block(pen: Pen, task: Task) -> None:
    block = {"prompt": task.prompt, "ratio": task.ratio, "n": len(task.results), **task.origin}
    pen.block("```json", block)
    _english_stages(pen, task, 1.0)
    pen.write(_english_end(task.result) + _downloads(task, "Click to download"), after=0.4)


def _task_pages(pen: Pen, task: Task) -> None:
    block = {"prompt": task.prompt, "ratio": task.ratio, "n": len(task.results), **task.origin}
    pen.block("```json", block)
    _pages(pen, task)
    pen.write("\n")
    _stage(pen, ">🕐 排队中", 1, 1.0)
    _stage(pen, ">⚡ 生成中", 5, 1.5)
    _progress(pen, ">🏃 进度 ", task.steps)
    done = f"[100]({task.result.preview})\n\n> ✅ 生成完成\n\n\n"
    pen.write(done + _downloads(task, "点击下载"), after=0.4)


def _bare_stage(pen: Pen, task: Task) -> None:
    pen.write("\n\n> 🎨 生成中", after=0.5)
    pen.dots(12, each=0.5)
    result = task.result
    pen.write(f"\n\n![{result.url}]({result.url})\n\n[点击下载]({result.download})", after=0.4)


def _picture_only(pen: Pen, task: Task) -> None:
    pen.write(f"![image]({task.result.url})", after=6.0)


def _bare_url(pen: Pen, task: Task) -> None:
    pen.write(task.result.url, after=6.0)


def _inline(pen: Pen, task: Task) -> None:
    pen.spell("Here is your picture.\n", within=0.3)
    pen.show(task.result.url, after=5.5)


def _sora(pen: Pen, task: Task) -> None:
    across, _, up = task.ratio.partition(":")
    portrait = up.isdecimal() and across.isdecimal() and int(up) > int(across)
    orientation = "portrait" if portrait else "landscape"
    pen.block("```json", {"prompt": task.prompt, "orientation": orientation, "duration": 2})
    _pages(pen, task)
    _stage(pen, "> 排队中", 6, 1.5, "\n")
    _stage(pen, "> 生成中", 1, 1.0)
    _progress(pen, ">🏃 进度 ", task.steps)
    film = task.result
    end = f"\n\n> 生成完成 ✅\n> sid: s_{task.id[-26:]}\n\n"
    links = f"![{film.poster}]({film.poster})\n[在线播放▶️]({film.url})"
    pen.write(end + links, after=0.4)


def _veo(pen: Pen, task: Task) -> None:
    pen.write(f"\n\n> 视频生成任务已创建\n> 任务ID: `{task.id}`\n", after=0.3)
    pen.write("> 为了防止任务中断，可以从以下链接持续获取任务进度:\n")
    pen.write(f"> [数据预览]({task.web}) | [原始数据]({task.source})\n")
    _stage(pen, "> 等待处理中", 1, 1.0)
    pen.write("> 类型: 文字生成\n")
    _stage(pen, "> 🎬 开始生成视频", 24, 7.0)
    film = task.result
    links = f"[▶️ 在线观看]({film.url}) | [⏬ 下载视频]({film.download})"
    pen.write(f"> 🎉 高质量视频已生成\n\n{links}", after=0.4)


def _english_stages(pen: Pen, task: Task, queue: float, steps: int | None = None) -> None:
    _stage(pen, ">🕐 Queuing", max(1, round(queue / 2)), queue)
    _stage(pen, ">⚡ Generating", 2, 1.2)
    _progress(pen, ">🏃 Progress ", task.steps[:steps])


def _english_end(result: Links) -> str:
    return f"[100]({result.preview})\n\n> ✅ Generation complete\n\n\n"


def _downloads(task: Task, word: str) -> str:
    return "\n\n\n\n".join(
        f"![{result.gen_id}]({result.url})\n\n[{word}]({result.download})"
        for result in task.results
    )


def _stage(pen: Pen, word: str, dots: int, seconds: float, end: str = "\n\n") -> None:
    pen.write(word)
    pen.dots(dots, each=seconds / (dots + 1))
    pen.write(end, after=seconds / (dots + 1))


def _progress(pen: Pen, word: str, steps: list[int]) -> None:
    pen.write(word)
    for percent in steps:
        pen.write(str(percent), after=0.45)
        pen.dots(2 if percent == steps[-1] else 3, each=0.08)


def _pages(pen: Pen, task: Task) -> None:
    links = f"[数据预览]({task.web}) | [原始数据]({task.source})"
    pen.write(f"> ID: `{task.id}`\n>{links}\n", after=0.2)


_SIZES = {"3:2": "1536x1024", "2:3": "1024x1536"}
_LAYOUTS: dict[Layout, Callable[[Pen, Task], None]] = {
    "documented": documented,
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
