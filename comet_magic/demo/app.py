"""The ASGI application: lists of models, stored files, errors, and the routes of the families."""

from collections.abc import Sequence
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from comet_magic.demo.api_errors import HANDLERS, ApiError
from comet_magic.demo.families.demo_family import DemoFamily, DemoModel
from comet_magic.demo.incoming import check_key, with_request_id
from comet_magic.demo.resources import Resources
from comet_magic.demo.store import MEDIA_TYPES

_CREATED = int(datetime.fromisoformat("2025-04-15T00:00:00Z").timestamp())


class DemoApp:
    """Mounts families.

    Args:
        families: In the order in which their models are listed.
        pace: 1 answers at a human pace, 0 without waiting.

    Attributes:
        resources: What the families share.
    """

    def __init__(self, families: Sequence[DemoFamily], pace: float) -> None:
        self.resources = Resources(pace)
        self._models: dict[str, DemoModel] = {}
        self._endpoints: dict[str, list[str]] = {}
        routes = [
            Route("/v1/models", self._list_models),
            Route("/v1/models/{model}", self._show_model),
            Route("/api/models", self._show_catalogue),
            Route("/cdn/{day:int}/{name}", self._send_file),
            Route("/cdn/download/{day:int}/{name}", self._send_file),
            Route("/vg-assets/{name:path}", self._send_file),
        ]
        for family in families:
            mounted = family.routes(self.resources)
            routes += mounted
            self._add_models(family.models, mounted)
        app = Starlette(routes=routes, exception_handlers=HANDLERS)
        app.router.redirect_slashes = False
        self._app = with_request_id(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _add_models(self, models: Sequence[DemoModel], routes: Sequence[Route]) -> None:
        """List the models, with the paths at which their family takes requests."""
        posted = [route.path for route in routes if "POST" in (route.methods or ())]
        paths = [path for path in posted if "{" not in path]
        for model in models:
            self._models.setdefault(model.id, model)
            self._endpoints.setdefault(model.id, []).extend(paths)

    async def _list_models(self, request: Request) -> Response:
        check_key(request)
        listed = [_listed(model) for model in self._models.values()]
        return JSONResponse({"object": "list", "data": listed})

    async def _show_model(self, request: Request) -> Response:
        check_key(request)
        name = request.path_params["model"]
        if name not in self._models:
            raise ApiError(
                404, f"The model {name} does not exist", param="model", code="model_not_found"
            )
        return JSONResponse(_listed(self._models[name]))

    async def _show_catalogue(self, request: Request) -> Response:
        """Send the public catalogue, which needs no key. Nothing here has a price."""
        data = [
            {
                "id": model.id,
                "provider": model.owned_by,
                "model_type": model.makes,
                "endpoints": self._endpoints[model.id],
                "pricing": None,
            }
            for model in self._models.values()
        ]
        head = {"success": True, "page": 0, "page_size": 0, "total": len(data)}
        return JSONResponse({**head, "data": data})

    async def _send_file(self, request: Request) -> Response:
        file = self.resources.store.find(request.scope["path"])
        if file is None:
            raise ApiError(404, "There is no such file", code="not_found")
        data = await self.resources.store.read(file)
        headers = {}
        if request.scope["path"].startswith("/cdn/download/"):
            name = f"{file.id}.{file.suffix}"
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return Response(data, media_type=MEDIA_TYPES[file.suffix], headers=headers)


def _listed(model: DemoModel) -> dict[str, object]:
    return {
        "id": model.id,
        "object": "model",
        "created": _CREATED,
        "owned_by": model.owned_by,
    }
