"""Two pages about each image or video task, which some layouts link to: HTML and JSON."""

import html
from collections import OrderedDict
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from comet_magic.demo.api_errors import ApiError

_MAX_TASKS = 100


class TaskPages:
    """Pages of the last hundred tasks."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, dict[str, object]] = OrderedDict()

    def add(self, task_id: str, facts: dict[str, object]) -> None:
        """Keep the facts that the pages of a task show."""
        self._tasks[task_id] = facts
        while len(self._tasks) > _MAX_TASKS:
            self._tasks.popitem(last=False)

    def routes(self) -> Sequence[Route]:
        """Return the routes of the pages."""
        return [Route("/web/{task}", self._send_page), Route("/source/{task}", self._send_facts)]

    async def _send_facts(self, request: Request) -> Response:
        return JSONResponse(self._facts(request))

    async def _send_page(self, request: Request) -> Response:
        rows = (
            f"<dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd>"
            for name, value in self._facts(request).items()
        )
        page = f"<!DOCTYPE html><title>Demo task</title><h1>Demo task</h1><dl>{''.join(rows)}</dl>"
        return HTMLResponse(page)

    def _facts(self, request: Request) -> dict[str, object]:
        facts = self._tasks.get(request.path_params["task"])
        if facts is None:
            raise ApiError(404, "There is no such task", code="not_found")
        return facts
