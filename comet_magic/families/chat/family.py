"""The chat completions family. It accepts every model that no other family accepts."""

from collections.abc import Mapping

from ...media.medium import Medium
from ...money.budget import Need
from ...money.prices import Price
from ..ask import Ask
from ..exchange import Exchange
from ..parameters import Parameters
from .exchange import ChatExchange
from .models import made_by


class Chat:
    """`POST /chat/completions`."""

    name = "chat"
    parameters: Mapping[str, object] = Parameters.__annotations__

    def makes(self, model: str) -> Medium:
        """See `Family`; it accepts every model."""
        return made_by(model)

    def begin(self, ask: Ask) -> Exchange:
        """See `Family`."""
        return ChatExchange(ask, self.makes(ask.model))

    def need(self, ask: Ask, price: Price | None) -> Need:
        """See `Family`."""
        return Need.of(ask.model, ask.parameters, price)
