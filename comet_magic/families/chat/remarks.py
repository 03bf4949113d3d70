"""What an answer says beside its text; it explains an answer without any."""

from collections.abc import Iterator, Mapping

from ...text import one_line
from ...wire.filters import filtered
from ...wire.usage import Usage

# Fields that explain nothing. Nearly all chunks have no others, so they are passed over at once.
ORDINARY = frozenset(
    {
        "id", "object", "created", "model", "choices", "usage", "system_fingerprint",
        "service_tier", "provider", "obfuscation", "index", "delta", "finish_reason", "logprobs",
        "role", "content",
    }
)  # fmt: skip
# Beside a text only; behind it a finish reason says something.
ORDINARY_TEXT = ORDINARY - {"finish_reason"}
THOUGHT = "it thought"
_CALLED = "it called the tool "
_FLAGS = ("input_sensitive", "output_sensitive")
# Gemini's and OpenRouter's words for an end.
_WORDS = (
    "finish_message", "finishMessage", "native_finish_reason", "block_reason_message",
    "blockReasonMessage",
)  # fmt: skip
_BLOCKED = ("block_reason", "blockReason")
_FEEDBACK = ("prompt_feedback", "promptFeedback")
_RATINGS = ("safety_ratings", "safetyRatings")
_IN_FEEDBACK = (*_WORDS, *_BLOCKED, *_RATINGS)
_MOST = 10
_LONGEST = 200
# Reasons that explain no missing result. `FinishReason.STOP` is what a relay makes of an enum.
_USUAL = {"", "stop", "finishreason.stop", "end_turn", "eos", "eos_token", "completed", "complete"}


def remarks(fields: Mapping[str, object]) -> tuple[str, ...]:
    """What the fields of a chunk, a choice or a message explain; often nothing."""
    if ORDINARY.issuperset(fields):
        return ()
    return tuple(dict.fromkeys(_remarks(fields)))[:_MOST]


def _remarks(fields: Mapping[str, object]) -> Iterator[str]:
    yield from _tools(fields)
    for name in ("reasoning_content", "reasoning", "thinking"):
        if fields.get(name):
            yield THOUGHT
    if isinstance(fields.get("audio"), Mapping):
        yield "it sent a sound"
    yield from (name for name in _FLAGS if fields.get(name) is True)
    yield from _filters(fields)


def _filters(fields: Mapping[str, object]) -> Iterator[str]:
    yield from (f"filtered: {kind}" for kind in filtered(fields))
    for name in _WORDS:
        if isinstance(words := fields.get(name), str) and words.lower() not in _USUAL:
            yield one_line(words, _LONGEST)
    for name in _BLOCKED:
        if isinstance(why := fields.get(name), str) and why:
            yield f"blocked: {one_line(why, _LONGEST)}"
    for name in _FEEDBACK:
        if isinstance(feedback := fields.get(name), Mapping):
            yield from _filters({key: feedback.get(key) for key in _IN_FEEDBACK})
    for name in _RATINGS:
        for rating in _list(fields.get(name)):
            if rating.get("blocked") is True:
                yield f"filtered: {one_line(str(rating.get('category')), _LONGEST)}"


def _tools(fields: Mapping[str, object]) -> Iterator[str]:
    calls = [call.get("function") or call for call in _list(fields.get("tool_calls"))]
    for called in (*calls, fields.get("function_call")):
        name = called.get("name") if isinstance(called, Mapping) else None
        if isinstance(name, str) and name:
            yield _CALLED + one_line(name, _LONGEST)


def _list(value: object) -> list[Mapping[str, object]]:
    items = value[:_MOST] if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, Mapping)]


def thought(usage: Usage | None) -> tuple[str, ...]:
    """How many tokens went into thoughts that are not shown; empty if none or unknown."""
    spent = usage.completion_tokens_details.get("reasoning_tokens") if usage else None
    return (f"{spent:,} tokens of reasoning",) if isinstance(spent, int) and spent > 0 else ()


def why_missing(words: str, wanted: str, finish_reason: str | None, notes: tuple[str, ...]) -> str:
    """Says what is missing, and why as far as that is known.

    Args:
        words: The model's own words about it; empty without any.
        wanted: `picture` or `video`; empty for a text.
        finish_reason: As received.
        notes: The remarks.
    """
    reason = one_line(finish_reason or "", _LONGEST)
    why = []
    if reason and (not words or reason.lower() not in _USUAL):
        why.append(f"finish reason {reason}")
    if not words:
        words = f"The model finished without a {wanted}." if wanted else _only(notes)
        known = [note for note in notes if wanted or not note.startswith((THOUGHT, _CALLED))]
        why += [note.rstrip(".") for note in known[:_MOST] if note.lower() != reason.lower()]
        if reason.lower() in ("length", "max_tokens"):
            why.append("a greater max_tokens may help")
    return f"{words.rstrip('.')} ({'; '.join(why)})." if why else words


def _only(notes: tuple[str, ...]) -> str:
    """What a text model did in place of writing."""
    called = [note.removeprefix(_CALLED) for note in notes if note.startswith(_CALLED)]
    if called:
        return f"The model only called a tool: {', '.join(called)}."
    return "The model only thought." if THOUGHT in notes else "The answer is empty."
