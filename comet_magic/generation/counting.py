"""What a generation that has ended counts for: what was received, else an estimate."""

from collections.abc import Iterator
from dataclasses import replace

from ..money.budget import Use
from ..money.prices import Price, estimate
from ..money.tokens import estimated_tokens
from ..text import without_bytes
from ..wire.usage import Usage
from .value import Generation

# The length of a video that the answer does not state. Most are made in lengths of 4 to 12.
_SECONDS = 10.0
_MOST_SECONDS = 86_400
_NOTHING = Use()


def received(generation: Generation) -> Usage:
    """The usage as received, without counts that cannot be true.

    A gateway that does not count sends 0. So beside an answer a 0 is no count, and a total that
    holds one of two parts alone is no total.
    """
    usage = generation.usage or Usage()
    if not (generation.text or generation.media):
        return usage
    prompt, completion = usage.prompt_tokens or None, usage.completion_tokens or None
    total = usage.total_tokens or None
    if total and (prompt is None) is not (completion is None):
        total = total if total > (prompt or completion or 0) else None
    return replace(usage, prompt_tokens=prompt, completion_tokens=completion, total_tokens=total)


def stated_seconds(generation: Generation) -> float | None:
    """The length of a video as the answer states it; None if it does not, or it cannot be true."""
    duration = generation.parameters.get("duration")
    if isinstance(duration, bool) or not isinstance(duration, int | float):
        return None
    return duration if 0 < duration < _MOST_SECONDS else None


def used_by(generation: Generation, price: Price | None = None, set_aside: Use = _NOTHING) -> Use:
    """What a request that was sent counts for.

    A total that was not received is the sum of its parts. A part that was not received is estimated
    from what was sent and received; so is a cost that is not known. An estimate is never less than
    what was set aside. A request refused with an HTTP status used nothing.

    Args:
        generation: The generation, at its end.
        price: The price of its model; None if it is not known.
        set_aside: The amount that was set aside for it.
    """
    if generation.usage is None and generation.status_code is not None:
        return Use(1, 0, generation.cost or 0.0)
    prompt, completion, tokens, guessed = _tokens(generation, set_aside.tokens)
    if generation.cost is not None:
        return Use(1, tokens, generation.cost, guessed)
    known = Usage(prompt, completion)
    by_price = estimate(price, known, 1, _seconds(generation)) if price else None
    cost = max(by_price or 0.0, set_aside.cost)
    return Use(1, tokens, cost, guessed, cost)


def _tokens(generation: Generation, at_least: int) -> tuple[int, int, int, int]:
    """The tokens read, written, and in all, and how many of all are estimated."""
    usage = received(generation)
    prompt, completion, total = usage.prompt_tokens, usage.completion_tokens, usage.total_tokens
    if total is not None:
        if completion is None:
            guess = min(total, _written(generation))
            completion = guess if prompt is None else total - prompt
        if prompt is None:
            prompt = total - completion
        prompt, completion = max(0, prompt), max(0, completion)
        return prompt, completion, max(total, prompt + completion), 0
    guessed = 0
    if prompt is None:
        prompt = _read(generation)
        guessed += prompt
    if completion is None:
        completion = max(_written(generation), at_least - prompt)
        guessed += completion
    return prompt, completion, prompt + completion, guessed


def _read(generation: Generation) -> int:
    """The tokens of the messages: an estimate."""
    texts, pictures = 0, 0
    for text in _texts(generation):
        texts += _bytes(text or "")
        pictures += text is None
    return estimated_tokens(texts, pictures)


def _texts(generation: Generation) -> Iterator[str | None]:
    """The texts of the messages, and None for each picture."""
    for message in generation.messages:
        content = message.get("content")
        for part in content if isinstance(content, list) else [{"text": content}]:
            text = part.get("text") if isinstance(part, dict) else part
            yield text if isinstance(text, str) else None


def _written(generation: Generation) -> int:
    """The tokens of the answers: an estimate."""
    answers = generation.choices or (generation,)
    return estimated_tokens(sum(_bytes(each.text) for each in answers), len(generation.media))


def _bytes(text: str) -> int:
    return len(without_bytes(text).encode(errors="surrogatepass"))


def _seconds(generation: Generation) -> float:
    """The seconds of video that are charged for: those the answer states, else an estimate."""
    return (stated_seconds(generation) or _SECONDS) * max(1, len(generation.videos))
