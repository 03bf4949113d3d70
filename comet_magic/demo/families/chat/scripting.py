"""From a valid chat request to the script of each choice."""

import asyncio
import re
from collections.abc import Callable
from functools import partial

from comet_magic.demo import brush, ids
from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.families.chat import layouts, prose
from comet_magic.demo.families.chat.known_models import MODELS, ChatModel
from comet_magic.demo.families.chat.layouts import ChatTask, ResultLinks
from comet_magic.demo.families.chat.lessons import MODERATED, REFUSAL, is_refused
from comet_magic.demo.families.chat.request import ChatRequest
from comet_magic.demo.families.chat.script import Script, ScriptWriter
from comet_magic.demo.families.chat.task_pages import TaskPages
from comet_magic.demo.families.chat.uploads import Original, find_original, read_uploads
from comet_magic.demo.painting import find_ratio
from comet_magic.demo.store import FileStore, StoredFile

_COUNT = re.compile(
    r"\b([2-4]|two|three|four)\s+(?:\w+\s+)?(?:images|pictures|versions|variants|variations)\b",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4}
_MAX_RESULTS = 4
# Distance between the variants of two models: more than one request uses.
_APART = 1_000
_MAX_PROMPT = 10_000  # More than the painter can use.
_SLOW_QUEUE = 60.0


async def write_scripts(
    chat: ChatRequest, model: ChatModel, store: FileStore, pages: TaskPages, base_url: str
) -> tuple[Script, ...]:
    """Return the script of each choice. Linked pictures are painted when they are asked for.

    Args:
        chat: The request.
        model: The model that it names.
        store: Where earlier pictures are found and new ones are kept.
        pages: Where each task gets its pages.
        base_url: Root of the server as the client knows it, without a slash at the end.

    Raises:
        ApiError: 400, a picture of the request cannot be read, or there is no prompt.
    """
    prompt = chat.last_user.text[:_MAX_PROMPT]
    uploaded = await read_uploads(chat, store, base_url)
    if model.makes == "text":
        seen = [await asyncio.to_thread(brush.described, data) for data in uploaded]
        return tuple(prose.write_prose(chat, seen, variant) for variant in range(chat.n))
    if not prompt.strip() and not uploaded:
        raise ApiError(
            400, "There is no user message with a prompt", param="messages", code="invalid_value"
        )
    if model.lesson == "refused" or is_refused(prompt):
        return (_plain_script(REFUSAL),) * chat.n
    if model.lesson == "failed":
        return (_plain_script(MODERATED),) * chat.n
    original = await find_original(chat, uploaded, store) if model.makes == "image" else None
    maker = _TaskMaker(prompt, model, original, store, base_url)
    scripts = []
    for variant in range(chat.n):
        task = await maker.make(variant)
        pages.add(task.id, maker.facts(task))
        scripts.append(_task_script(model, task))
    return tuple(scripts)


def _plain_script(text: str) -> Script:
    writer = ScriptWriter()
    for token in prose.tokens(text):
        writer.write(token)
    return writer.script()


def _task_script(model: ChatModel, task: ChatTask) -> Script:
    writer = ScriptWriter()
    match model.lesson:
        case "cut" | "stream":
            layouts.write_cut_short(writer, task)
            return writer.script(ending="cut" if model.lesson == "cut" else "error")
        case "slow":
            layouts.write_documented(writer, task, queue=_SLOW_QUEUE)
        case _:
            layouts.write_layout(model.layout, writer, task)
    return writer.script()


class _TaskMaker:
    """Makes the tasks of one request to an image or video model."""

    def __init__(
        self,
        prompt: str,
        model: ChatModel,
        original: Original | None,
        store: FileStore,
        base_url: str,
    ) -> None:
        self._prompt = prompt
        self._model = model
        self._original = original
        self._store = store
        self._base_url = base_url
        # Each model paints its own picture of a prompt, so that models can be compared.
        self._first_variant = _APART * list(MODELS).index(model.id)
        self._ratio = original.ratio if original else find_ratio(prompt)
        if model.makes == "video" and self._ratio == "1:1":
            self._ratio = "16:9"  # The `orientation` of a film is landscape or portrait.

    async def make(self, variant: int) -> ChatTask:
        """Return the task of one choice; its results are in the store."""
        task_id, original = ids.ulid("task"), self._original
        count = _count(self._prompt) if self._model.layout in {"json-block", "task-pages"} else 1
        first = self._first_variant + variant * _MAX_RESULTS
        results = [await self._result(task_id, index, first + index) for index in range(count)]
        return ChatTask(
            id=task_id,
            prompt=prose.rewritten(self._prompt, restyle=original is None),
            ratio=self._ratio,
            origin=original.origin if original else {},
            results=tuple(results),
            web=f"{self._base_url}/web/{task_id}",
            source=f"{self._base_url}/source/{task_id}",
            variant=variant,
        )

    def facts(self, task: ChatTask) -> dict[str, object]:
        """Return what the pages of a task show."""
        links = [result.url for result in task.results if not result.url.startswith("data:")]
        facts = {"model": self._model.id, "prompt": task.prompt, "ratio": task.ratio}
        return {"id": task.id, **facts, "results": links}

    async def _result(self, task_id: str, index: int, variant: int) -> ResultLinks:
        make, suffix, poster = self._painter(variant), "png", ""
        if self._model.makes == "video":
            make, suffix = partial(brush.film, self._prompt, self._ratio, variant), "webm"
            still = partial(brush.poster, self._prompt, self._ratio, variant)
            frame = StoredFile(still, "webp", task_id, index + _MAX_RESULTS)
            self._store.add(frame)
            poster = self._base_url + frame.path
        file = StoredFile(make, suffix, task_id, index)
        if self._model.lesson != "no-picture":
            self._store.add(file)
        url = self._base_url + file.path
        if self._model.layout in {"data-uri", "inline"}:
            url = await asyncio.to_thread(brush.data_uri, await self._store.read(file))
        return ResultLinks(
            gen_id=file.gen_id,
            url=url,
            download=self._base_url + file.download_path,
            preview=self._base_url + file.preview_path(),
            poster=poster,
        )

    def _painter(self, variant: int) -> Callable[[], bytes]:
        if self._original is not None:
            return partial(brush.edited, self._original.data, self._prompt, variant)
        return partial(brush.painted, self._prompt, self._ratio, variant)


def _count(prompt: str) -> int:
    """Return how many pictures a prompt asks for, as in `two versions`; 1 if it does not say."""
    match = _COUNT.search(prompt)
    return (_NUMBERS.get(match[1].lower()) or int(match[1])) if match else 1
