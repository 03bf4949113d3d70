"""The request of a chat completion."""

from ..ask import Ask
from ..exchange import Call
from .path import PATH


def call(ask: Ask) -> Call:
    """Returns the call that asks; its body contains only what was set."""
    return Call("POST", PATH, body(ask), may_cost=True)


def body(ask: Ask) -> dict[str, object]:
    """Returns the JSON object to send."""
    body: dict[str, object] = {"model": ask.model, "messages": list(ask.messages)}
    body["stream"] = ask.stream
    if ask.stream:
        body["stream_options"] = {"include_usage": True}
    return {**body, **ask.parameters}
