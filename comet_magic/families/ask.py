"""A question to a model, before a family turns it into requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .messages import SYSTEM_ROLES, Message, message


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a model, validated. It contains no field names of an endpoint.

    Attributes:
        prompt: The prompt as the user wrote it; it is sent unchanged.
        model: The id of the model.
        system: The system message; None keeps the one in `history`, if there is one.
        inputs: Links and data URIs of the pictures sent with the prompt, in order.
        history: Earlier messages, oldest first.
        parameters: The parameters that were set, by name.
        stream: Whether to stream the answer.
        notes: Remarks for the user, for example that a picture was made smaller. They are shown
            and not sent.
    """

    prompt: str
    model: str
    system: str | None = None
    inputs: tuple[str, ...] = field(default=(), repr=False)
    history: tuple[Message, ...] = field(default=(), repr=False)
    parameters: Mapping[str, object] = field(default_factory=dict)
    stream: bool = True
    notes: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation up to and including the prompt, with the system message first."""
        earlier = list(self.history)
        if self.system is not None:
            earlier = [each for each in earlier if each.get("role") not in SYSTEM_ROLES]
            earlier.insert(0, message("system", self.system))
        return (*earlier, message("user", self.prompt, self.inputs))

    @property
    def wanted(self) -> int:
        """The number of answers or pictures requested, 1 or more."""
        return int(str(self.parameters.get("n", 1)))
