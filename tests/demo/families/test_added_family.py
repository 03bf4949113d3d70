"""A family that is not in the registry, added to a server with nothing else changed."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from comet_magic.demo import DemoServer, brush
from comet_magic.demo.api_errors import ApiError, no_channel
from comet_magic.demo.families.demo_family import DemoFamily, DemoModel
from comet_magic.demo.incoming import check_key, read_body, root_of
from comet_magic.demo.json_fields import bad_value, read_object, read_text, require
from comet_magic.demo.resources import Resources
from comet_magic.demo.store import StoredFile

MODELS = {model.id: model for model in (DemoModel("toy-1", "image", "demo"),)}


class Toy:
    """A task is submitted, asked for twice, and then has a picture."""

    def __init__(self, resources: Resources) -> None:
        self.store = resources.store
        self.tasks: dict[str, tuple[StoredFile, int]] = {}

    async def submit(self, request: Request) -> Response:
        """Take a task."""
        check_key(request)
        fields = read_object(await read_body(request))
        require(fields, "model", "prompt")
        if read_text(fields, "model") not in MODELS:
            raise no_channel(fields["model"])
        prompt = read_text(fields, "prompt")
        if len(prompt) > 100:
            raise bad_value("prompt", "must have at most 100 characters")
        file = StoredFile(lambda: brush.painted(prompt, "1:1", 0), "png")
        self.store.add(file)
        self.tasks[file.id] = (file, 0)
        return JSONResponse({"id": file.id})

    async def poll(self, request: Request) -> Response:
        """Say how far a task is."""
        check_key(request)
        file, asked = self.tasks.get(request.path_params["task"], (None, 0))
        if file is None:
            raise ApiError(404, "There is no such task", code="task_not_exist")
        self.tasks[file.id] = (file, asked + 1)
        if asked < 2:
            return JSONResponse({"progress": 40 * (asked + 1)})
        return JSONResponse({"progress": 100, "url": root_of(request) + file.path})


def routes(resources: Resources) -> list[Route]:
    """The routes of one running server."""
    toy = Toy(resources)
    return [
        Route("/toy/submit", toy.submit, methods=["POST"]),
        Route("/toy/tasks/{task}", toy.poll),
        Route("/toy/tasks/{task}/cancel", toy.poll, methods=["POST"]),
    ]


TOY = DemoFamily("toy", tuple(MODELS.values()), routes)
TASK = {"model": "toy-1", "prompt": "A boat"}


@pytest.fixture(scope="module")
def toy() -> Iterator[httpx.Client]:
    """A client of a server that has the family."""
    with DemoServer(pace=0, families=[TOY]) as server:
        root = server.base_url.removesuffix("/v1")
        with httpx.Client(base_url=root, timeout=20) as client:
            yield client


def test_its_routes_answer(toy: httpx.Client) -> None:
    """Submit, poll twice with a percentage, and then a picture by its link."""
    task = toy.post("/toy/submit", json=TASK).json()["id"]
    polls = [toy.get(f"/toy/tasks/{task}").json() for _ in range(3)]
    assert [poll["progress"] for poll in polls] == [40, 80, 100]
    picture = toy.get(polls[-1]["url"])
    assert picture.headers["content-type"] == "image/png"
    assert picture.content == brush.painted("A boat", "1:1", 0)


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"prompt": ""}, 400, "invalid_value"),
        ({"prompt": 4}, 400, "invalid_value"),
        ({"prompt": "x" * 101}, 400, "invalid_value"),
        ({"prompt": None}, 500, "invalid_request"),
        ({"model": "gpt-4o"}, 503, "model_not_found"),
    ],
    ids=["empty", "number", "long", "missing", "model"],
)
def test_it_reads_strictly(
    toy: httpx.Client, fields: dict[str, object], status: int, code: str
) -> None:
    """What is wrong is the endpoint's error body, with the id of the request."""
    answer = toy.post("/toy/submit", json=TASK | fields)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert answer.headers["x-cometapi-request-id"] in error["message"]


def test_key_method_and_task_are_checked(toy: httpx.Client) -> None:
    """A family uses the server's checks, and has errors of its own."""
    refused = toy.post("/toy/submit", json=TASK, headers={"Authorization": "Bearer sk-invalid"})
    assert refused.status_code == 401
    assert toy.get("/toy/submit").status_code == 405
    assert toy.get("/toy/tasks/none").json()["error"]["code"] == "task_not_exist"


def test_its_models_are_listed_behind_those_of_the_registry(toy: httpx.Client) -> None:
    """In the list, one by one, and in the public catalogue, with what they make and where."""
    names = [model["id"] for model in toy.get("/v1/models").json()["data"]]
    assert names.index("gpt-4o-image") < names.index("toy-1") == len(names) - 1
    assert toy.get("/v1/models/toy-1").json()["owned_by"] == "demo"
    catalogue = toy.get("/api/models").json()
    rows = {row["id"]: row for row in catalogue["data"]}
    assert [*rows] == names
    assert catalogue["total"] == len(names)
    assert rows["toy-1"]["model_type"] == "image"
    assert rows["toy-1"]["endpoints"] == ["/toy/submit"]
    assert rows["gpt-4o"]["model_type"] == "text"
    assert rows["gpt-4o"]["endpoints"] == ["/v1/chat/completions"]


def test_a_model_of_two_families_is_listed_once() -> None:
    """The catalogue names the paths of both."""
    both = DemoFamily("both", (DemoModel("gpt-4o-image", "image", "demo"),), routes)
    with DemoServer(pace=0, families=[both]) as server:
        found = httpx.get(server.base_url.replace("/v1", "/api/models")).json()["data"]
    (row,) = (row for row in found if row["id"] == "gpt-4o-image")
    assert row["endpoints"] == ["/v1/chat/completions", "/toy/submit"]
    assert row["provider"] == "openai"


def test_a_server_without_it_does_not_have_it(http: httpx.Client) -> None:
    """It is added to one server and not to all."""
    root = str(http.base_url).partition("/v1")[0]
    assert http.post(f"{root}/toy/submit", json=TASK).status_code == 404


def test_the_catalogue_needs_no_key(toy: httpx.Client) -> None:
    """It is public: even a key that is refused elsewhere gets it."""
    headers = {"Authorization": "Bearer sk-invalid"}
    assert toy.get("/v1/models", headers=headers).status_code == 401
    assert toy.get("/api/models", headers=headers).json()["success"] is True


def test_each_start_is_fresh() -> None:
    """Tasks and files of a server that was stopped are gone."""
    server = DemoServer(pace=0, families=[TOY])
    with server:
        root = server.base_url.removesuffix("/v1")
        task = httpx.post(f"{root}/toy/submit", json=TASK).json()["id"]
        assert httpx.get(f"{root}/toy/tasks/{task}").status_code == 200
    with server:
        root = server.base_url.removesuffix("/v1")
        assert httpx.get(f"{root}/toy/tasks/{task}").status_code == 404
