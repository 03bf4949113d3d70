"""The routes of the demo server."""

import asyncio
import html
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from comet_magic.demo import incoming
from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.families.chat import answer as wire
from comet_magic.demo.families.chat import lessons
from comet_magic.demo.families.chat.known_models import MODELS, Model
from comet_magic.demo.families.chat.request import ChatRequest, read_request
from comet_magic.demo.families.chat.scripting import compose
from comet_magic.demo.pacing import EventStream, WholeAnswer
from comet_magic.demo.store import MEDIA_TYPES, Gallery

_MAX_REMEMBERED = 1000
_SINCE = int(datetime.fromisoformat("2025-04-15T00:00:00Z").timestamp())


class DemoApp:
    """The ASGI application.

    Attributes:
        open_streams: How many streamed answers are being sent.
    """

    def __init__(self, pace: float) -> None:
        self.open_streams = 0
        self._pace = pace
        self._gallery = Gallery()
        self._limited: OrderedDict[int, None] = OrderedDict()
        routes = Starlette(
            routes=[
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/models", self._models),
                Route("/v1/models/{model}", self._model),
                Route("/cdn/{day:int}/{name}", self._work),
                Route("/cdn/download/{day:int}/{name}", self._work),
                Route("/vg-assets/{name:path}", self._work),
                Route("/web/{task}", self._task_page),
                Route("/source/{task}", self._task_source),
            ],
            exception_handlers=incoming.HANDLERS,
        )
        routes.router.redirect_slashes = False
        self._app = incoming.with_request_id(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    @contextmanager
    def _opened(self) -> Iterator[None]:
        self.open_streams += 1
        try:
            yield
        finally:
            self.open_streams -= 1

    async def _chat(self, request: Request) -> ASGIApp:
        incoming.check_key(request)
        body = await incoming.read_body(request)
        # Pictures in a request make it many megabytes: not on the event loop.
        chat = await asyncio.to_thread(read_request, body)
        model = MODELS.get(chat.model)
        if model is None:
            raise lessons.no_channel(chat.model)
        if model.lesson in lessons.PAGES:
            status, page = lessons.PAGES[model.lesson]
            return HTMLResponse(page, status)
        error = lessons.error_of(model.lesson)
        if error and not (model.lesson == "429-once" and self._was_limited(chat)):
            raise error
        scripts = await compose(chat, model, self._gallery, incoming.root_of(request))
        answer = wire.answer(chat, scripts)
        if not chat.stream:
            return WholeAnswer(answer, pace=self._pace)
        return EventStream(
            answer, pace=self._pace, include_usage=chat.include_usage, opened=self._opened()
        )

    def _was_limited(self, chat: ChatRequest) -> bool:
        """Say whether the prompt has been turned away before, and remember that it now is."""
        prompt = hash(chat.last_user.text)
        known = prompt in self._limited
        self._limited[prompt] = None
        while len(self._limited) > _MAX_REMEMBERED:
            self._limited.popitem(last=False)
        return known

    async def _models(self, request: Request) -> Response:
        incoming.check_key(request)
        listed = [_listed(model) for model in MODELS.values()]
        return JSONResponse({"object": "list", "data": listed})

    async def _model(self, request: Request) -> Response:
        incoming.check_key(request)
        name = request.path_params["model"]
        if name not in MODELS:
            raise ApiError(
                404, f"The model {name} does not exist", param="model", code="model_not_found"
            )
        return JSONResponse(_listed(MODELS[name]))

    async def _work(self, request: Request) -> Response:
        work = self._gallery.find(request.scope["path"])
        if work is None:
            raise ApiError(404, "There is no such file", code="not_found")
        data = await self._gallery.read(work)
        headers = {}
        if request.scope["path"].startswith("/cdn/download/"):
            name = f"{work.id}.{work.suffix}"
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return Response(data, media_type=MEDIA_TYPES[work.suffix], headers=headers)

    async def _task_source(self, request: Request) -> Response:
        return JSONResponse(self._facts(request))

    async def _task_page(self, request: Request) -> Response:
        rows = (
            f"<dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd>"
            for name, value in self._facts(request).items()
        )
        page = f"<!DOCTYPE html><title>Demo task</title><h1>Demo task</h1><dl>{''.join(rows)}</dl>"
        return HTMLResponse(page)

    def _facts(self, request: Request) -> dict[str, object]:
        facts = self._gallery.task(request.path_params["task"])
        if facts is None:
            raise ApiError(404, "There is no such task", code="not_found")
        return facts


def _listed(model: Model) -> dict[str, object]:
    return {"id": model.id, "object": "model", "created": _SINCE, "owned_by": model.owned_by}
