"""The request of a chat completion."""

from ..ask import Ask
from ..exchange import Call
from .path import PATH


def call(ask: Ask) -> Call:
    """The one call that asks; what was not set is not in its body."""
    return Call("POST", PATH, body(ask), may_cost=True)


def body(ask: Ask) -> dict[str, object]:
    """The JSON object to send."""
    body: dict[str, object] = {"model": ask.model, "messages": list(ask.messages)}
    body["stream"] = ask.stream
    if ask.stream:
        body["stream_options"] = {"include_usage": True}
    return {**body, **ask.parameters}
