"""A whole body of a response."""

import json
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Body:
    """A whole body: JSON, text, or the bytes of a picture or sound.

    Attributes:
        data: As received.
        content_type: As the response names it, in lower case and without its parameters.
    """

    data: bytes = field(repr=False)
    content_type: str = ""

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.data.decode(errors="replace")


def is_json(text: str) -> bool:
    """Whether `text` is JSON as it stands; half an event is not."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
