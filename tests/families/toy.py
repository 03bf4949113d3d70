"""A family in a few lines: a task that ends with a picture by link and a sound as bytes."""

import json
from collections.abc import Iterable, Mapping

from comet_magic.families.ask import Ask
from comet_magic.families.exchange import Call, Pause, PlainExchange
from comet_magic.families.facts import Fact, Failed, Made, Percent, Stage, Staged, TaskId
from comet_magic.media.medium import Medium
from comet_magic.money.budget import Need
from comet_magic.money.prices import Price
from comet_magic.wire.body import Body
from comet_magic.wire.events import Event


class ToyExchange(PlainExchange):
    """Submits, polls until there is a picture, and fetches the sound."""

    def __init__(self, ask: Ask) -> None:
        body = {"model": ask.model, "prompt": ask.prompt, **ask.parameters}
        self._steps: list[Call | Pause] = [Call("POST", "toys", body, may_cost=True)]
        self._id = ""

    def next(self) -> Call | Pause | None:
        return self._steps.pop(0) if self._steps else None

    def hear(self, heard: Event | Body) -> Iterable[Fact]:
        if not isinstance(heard, Body):
            return
        if heard.content_type.startswith("audio/"):
            self._id = ""
            yield Made(Medium.AUDIO, data=heard.data)
            return
        answer = json.loads(heard.data)
        self._id = answer["id"]
        match answer["state"]:
            case "failed":
                yield Failed(answer["why"])
            case "done":
                yield Made(Medium.IMAGE, answer["picture"])
                self._steps = [Call("GET", f"toys/{self._id}/sound")]
            case state:
                yield TaskId(self._id)
                yield Staged(Stage.QUEUED if state == "queued" else Stage.GENERATING)
                if "percent" in answer:
                    yield Percent(answer["percent"])
                self._steps = [Pause(0.01), Call("GET", f"toys/{self._id}")]

    def cancel(self) -> Call | None:
        return Call("POST", f"toys/{self._id}/cancel") if self._id else None


class Toy:
    """Takes the models whose ids begin with `toy-`."""

    name = "toy"
    parameters: Mapping[str, object] = {}

    def makes(self, model: str) -> Medium | None:
        return Medium.IMAGE if model.startswith("toy-") else None

    def begin(self, ask: Ask) -> ToyExchange:
        return ToyExchange(ask)

    def need(self, ask: Ask, price: Price | None) -> Need:
        return Need.of(ask.model, ask.parameters, price)
