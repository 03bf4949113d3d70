"""What an endpoint family of the demo server declares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.routing import Route

from comet_magic.demo.resources import Resources


@dataclass(frozen=True, slots=True)
class DemoModel:
    """A model that the demo server lists.

    Attributes:
        id: Name in requests.
        makes: What the public catalogue calls its `model_type`.
        owned_by: Name of the provider.
    """

    id: str
    makes: Literal["text", "image", "video", "audio"]
    owned_by: str


@dataclass(frozen=True, slots=True)
class DemoFamily:
    """An endpoint family.

    Attributes:
        name: That of the family in the client.
        models: Models that its routes accept; another family may have one of them, too.
        routes: Called once for each start of the server. What a route has to remember between
            requests lives in what this returns, so that two servers share nothing.
    """

    name: str
    models: Sequence[DemoModel]
    routes: Callable[[Resources], Sequence[Route]]
