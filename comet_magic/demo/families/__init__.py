"""Endpoint families of the demo server: one file or folder each, below one strict server.

To add a family, write a file with a `DemoFamily` (see `demo_family.py`): its name, its models,
and a function that returns its routes. Then add it to `FAMILIES` in `served.py`.

    async def submit(request: Request) -> Response:
        check_key(request)
        fields = read_object(await read_body(request))
        ...

    def routes(resources: Resources) -> list[Route]:
        return [Route("/toy/submit", submit, methods=["POST"])]

    TOY = DemoFamily("toy", [DemoModel("toy-1", "image", "demo")], routes)

A family reads its requests strictly, and raises an `ApiError` for what is wrong in them. For
that and for the rest it has `incoming` (key, size of the body), `json_fields` (checked values),
`pacing` (server-sent events at a human pace), `brush` (bytes of pictures and films), and the
`store` of its `Resources`, which serves a file at `path` below `root_of(request)`. The server
lists the models and answers unknown paths and wrong methods.

`DemoServer(families=[TOY])` serves a family that is not in the registry, besides those that are.
"""
