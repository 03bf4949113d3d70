"""The routes of the chat family: chat completions, and pages about tasks."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from comet_magic.demo.api_errors import no_channel
from comet_magic.demo.families.chat import lessons
from comet_magic.demo.families.chat.answer import new_answer, paced_answer
from comet_magic.demo.families.chat.known_models import MODELS
from comet_magic.demo.families.chat.request import ChatRequest, read_request
from comet_magic.demo.families.chat.scripting import write_scripts
from comet_magic.demo.families.chat.task_pages import TaskPages
from comet_magic.demo.families.demo_family import DemoFamily
from comet_magic.demo.incoming import check_key, read_body, root_of
from comet_magic.demo.resources import Resources

_MAX_REMEMBERED = 1000


class _Chat:
    """What one running server remembers of its chats."""

    def __init__(self, resources: Resources) -> None:
        self.pages = TaskPages()
        self._resources = resources
        self._limited: OrderedDict[int, None] = OrderedDict()

    async def complete(self, request: Request) -> ASGIApp:
        """Answer a chat completion."""
        check_key(request)
        body = await read_body(request)
        # Pictures in a request make it many megabytes: not on the event loop.
        chat = await asyncio.to_thread(read_request, body)
        model = MODELS.get(chat.model)
        if model is None:
            raise no_channel(chat.model)
        if model.lesson in lessons.PAGES:
            status, page = lessons.PAGES[model.lesson]
            return HTMLResponse(page, status)
        error = lessons.error_of(model.lesson)
        if error and not (model.lesson == "429-once" and self._was_limited(chat)):
            raise error
        store = self._resources.store
        scripts = await write_scripts(chat, model, store, self.pages, root_of(request))
        return paced_answer(chat, new_answer(chat, scripts), self._resources)

    def _was_limited(self, chat: ChatRequest) -> bool:
        """Tell whether the prompt was turned away before, and remember that it was asked."""
        prompt = hash(chat.last_user.text)
        known = prompt in self._limited
        self._limited[prompt] = None
        while len(self._limited) > _MAX_REMEMBERED:
            self._limited.popitem(last=False)
        return known


def _routes(resources: Resources) -> Sequence[Route]:
    chat = _Chat(resources)
    completions = Route("/v1/chat/completions", chat.complete, methods=["POST"])
    return [completions, *chat.pages.routes()]


CHAT = DemoFamily("chat", tuple(MODELS.values()), _routes)
