"""What is asked of a model, in the words of whoever asks; each family makes its requests of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .messages import SYSTEM_ROLES, Message, message


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a model, checked. It holds no words of the wire.

    Attributes:
        prompt: As the user wrote it; it is sent unchanged.
        model: The id of the model.
        system: The system message; None keeps the one in `history`, if there is one.
        inputs: Links and data URIs of the pictures that go with the prompt, in order.
        history: Earlier messages, oldest first.
        parameters: The other words that were set, by their names in the table of parameters.
        stream: Whether the answer is wanted in pieces.
        notes: What the user should know about it, for example that a picture was made smaller.
            They are shown and not sent.
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
        """The conversation that the prompt ends, with the system message first."""
        earlier = list(self.history)
        if self.system is not None:
            earlier = [each for each in earlier if each.get("role") not in SYSTEM_ROLES]
            earlier.insert(0, message("system", self.system))
        return (*earlier, message("user", self.prompt, self.inputs))

    @property
    def wanted(self) -> int:
        """How many answers or pictures are wanted, 1 or more."""
        return int(str(self.parameters.get("n", 1)))
