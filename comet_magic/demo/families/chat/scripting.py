"""From a valid request to what each choice says."""

import asyncio
import re
from collections.abc import Callable
from functools import partial

from comet_magic.demo import brush, ids
from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.families.chat import layouts, prose
from comet_magic.demo.families.chat.known_models import MODELS, Model
from comet_magic.demo.families.chat.lessons import MODERATED, REFUSAL, is_refused
from comet_magic.demo.families.chat.request import ChatRequest
from comet_magic.demo.families.chat.script import Pen, Script
from comet_magic.demo.families.chat.uploads import Source, source_of, uploads
from comet_magic.demo.painting import find_ratio
from comet_magic.demo.store import Gallery, Work

_COUNT = re.compile(
    r"\b([2-4]|two|three|four)\s+(?:\w+\s+)?(?:images|pictures|versions|variants|variations)\b",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4}
_MAX_RESULTS = 4
# Variants between two models: more than the choices of one request have.
_APART = 1_000
_MAX_PROMPT = 10_000  # More than a painter can use.
_SLOW_QUEUE = 60.0


async def compose(
    chat: ChatRequest, model: Model, gallery: Gallery, base_url: str
) -> tuple[Script, ...]:
    """Give the script of each choice. Its pictures are in the gallery, painted when asked for.

    Args:
        chat: The request.
        model: The model that it names.
        gallery: Where earlier pictures are found and new ones kept.
        base_url: The root of the server as the client knows it, without a slash at the end.

    Raises:
        ApiError: 400, a picture of the request cannot be read, or there is no prompt.
    """
    prompt = chat.last_user.text[:_MAX_PROMPT]
    uploaded = await uploads(chat, gallery, base_url)
    if model.kind == "text":
        seen = [await asyncio.to_thread(brush.described, data) for data in uploaded]
        return tuple(prose.answer(chat, seen, variant) for variant in range(chat.n))
    if not prompt.strip() and not uploaded:
        raise ApiError(
            400, "There is no user message with a prompt", param="messages", code="invalid_value"
        )
    if model.lesson == "refused" or is_refused(prompt):
        return (_said(REFUSAL),) * chat.n
    if model.lesson == "failed":
        return (_said(MODERATED),) * chat.n
    source = await source_of(chat, uploaded, gallery) if model.kind == "image" else None
    studio = _Studio(prompt, model, source, gallery, base_url)
    return tuple([_script(model, await studio.task(variant)) for variant in range(chat.n)])


def _said(text: str) -> Script:
    pen = Pen()
    for word in prose.tokens(text):
        pen.write(word)
    return pen.script()


def _script(model: Model, task: layouts.Task) -> Script:
    pen = Pen()
    match model.lesson:
        case "cut" | "stream":
            layouts.cut_short(pen, task)
            return pen.script(ending="cut" if model.lesson == "cut" else "error")
        case "slow":
            layouts.documented(pen, task, queue=_SLOW_QUEUE)
        case _:
            layouts.draw(model.layout, pen, task)
    return pen.script()


class _Studio:
    """Makes the tasks of one request to an image or video model."""

    def __init__(
        self, prompt: str, model: Model, source: Source | None, gallery: Gallery, base_url: str
    ) -> None:
        self._prompt = prompt
        self._model = model
        self._source = source
        self._gallery = gallery
        self._base_url = base_url
        # Each model has its own idea of a prompt, for those who compare them.
        self._hand = _APART * list(MODELS).index(model.id)
        self._ratio = source.ratio if source else find_ratio(prompt)
        if model.kind == "video" and self._ratio == "1:1":
            self._ratio = "16:9"  # a film is wide or high, as its `orientation` says

    async def task(self, variant: int) -> layouts.Task:
        """Give the task of one choice, with its results and its pages."""
        task_id, source = ids.ulid("task"), self._source
        count = _count(self._prompt) if self._model.layout in {"json-block", "task-pages"} else 1
        results = [
            await self._result(task_id, index, self._hand + variant * _MAX_RESULTS + index)
            for index in range(count)
        ]
        task = layouts.Task(
            id=task_id,
            prompt=prose.rewritten(self._prompt, restyle=source is None),
            ratio=self._ratio,
            origin=source.origin if source else {},
            results=tuple(results),
            web=f"{self._base_url}/web/{task_id}",
            source=f"{self._base_url}/source/{task_id}",
            variant=variant,
        )
        links = [result.url for result in results if not result.url.startswith("data:")]
        facts = {"model": self._model.id, "prompt": task.prompt, "ratio": task.ratio}
        self._gallery.add_task(task_id, {"id": task_id, **facts, "results": links})
        return task

    async def _result(self, task_id: str, index: int, variant: int) -> layouts.Links:
        make, suffix, poster = self._maker(variant), "png", ""
        if self._model.kind == "video":
            make, suffix = partial(brush.film, self._prompt, self._ratio, variant), "webm"
            still = partial(brush.poster, self._prompt, self._ratio, variant)
            first = self._work(task_id, index + _MAX_RESULTS, "webp", still)
            self._gallery.add(first)
            poster = self._base_url + first.path
        work = self._work(task_id, index, suffix, make)
        if self._model.lesson != "no-picture":
            self._gallery.add(work)
        url = self._base_url + work.path
        if self._model.layout in {"data-uri", "inline"}:
            url = await asyncio.to_thread(brush.data_uri, await self._gallery.read(work))
        return layouts.Links(
            gen_id=work.gen_id,
            url=url,
            download=self._base_url + work.download_path,
            preview=self._base_url + work.preview_path(),
            poster=poster,
        )

    def _maker(self, variant: int) -> Callable[[], bytes]:
        if self._source is not None:
            return partial(brush.edited, self._source.data, self._prompt, variant)
        return partial(brush.painted, self._prompt, self._ratio, variant)

    def _work(self, task_id: str, index: int, suffix: str, make: Callable[[], bytes]) -> Work:
        return Work(task_id, index, self._ratio, ids.utc_now(), suffix, make)


def _count(prompt: str) -> int:
    """Say how many pictures the prompt asks for, such as `two versions`; 1 if it does not."""
    match = _COUNT.search(prompt)
    return (_NUMBERS.get(match[1].lower()) or int(match[1])) if match else 1
