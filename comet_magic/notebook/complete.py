"""Tab completion of options, model ids and subcommands."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from .options import OPTIONS, TAKES_VALUE

try:
    from IPython.core.completer import SimpleCompletion, context_matcher
except ImportError:  # IPython < 8.6 has no matchers
    context_matcher = None

SUBCOMMANDS = ("demo", "forget", "login", "models", "panel", "record", "replay", "usage")
# The words that may follow other words; IPython itself completes file names.
_NEXT: dict[tuple[object, ...], tuple[str, ...]] = {
    (): SUBCOMMANDS,
    ("demo",): ("off", "on"),
    ("record",): ("stop",),
    ("replay",): ("stop",),
    ("record", ...): ("--append",),
    ("replay", ...): ("--speed",),
    ("replay", ..., "--speed"): ("1", "4", "max"),
}
_LINE = re.compile(r"\s*(%%?)comet\s(.*)", re.DOTALL)


def candidates(
    line: str,
    models: Callable[[], Iterable[str]],
    pictures: Callable[[str], Iterable[str]] = lambda word: (),
) -> tuple[str, list[str]]:
    """The word at the end of `line`, and what it may be completed to.

    Args:
        line: The line up to the cursor.
        models: Lists the ids of models. It may take a while, so it is called only for a model.
        pictures: Lists the values of `-i` that complete a word.
    """
    match = _LINE.fullmatch(line)
    if not match:
        return "", []
    *before, word = re.split(r"\s+", match[2])
    known: Iterable[str]
    if match[1] == "%":
        known = _NEXT.get(_shape(before), ())
    elif word.startswith("-"):
        known = OPTIONS
    elif before and before[-1] in ("-i", "--image"):
        return word, list(pictures(word))
    elif before and before[-1] in TAKES_VALUE:
        known = ()
    else:
        known = models()
    return word, [item for item in known if item.startswith(word)]


def _shape(words: list[str]) -> tuple[object, ...]:
    """The words, with an ellipsis for the name of a file."""
    return tuple(
        ... if place == 1 and words[0] in ("record", "replay") and word != "stop" else word
        for place, word in enumerate(words)
    )


def matcher(
    models: Callable[[], Iterable[str]], pictures: Callable[[str], Iterable[str]]
) -> Any | None:
    """A matcher for `Completer.custom_matchers`; None if this IPython has no matchers."""
    if context_matcher is None:
        return None

    @context_matcher()
    def comet_matcher(context: Any) -> dict[str, Any]:
        word, found = candidates(context.text_until_cursor, models, pictures)
        kind = "option" if word.startswith("-") else "text"
        return {
            "completions": [SimpleCompletion(text=item, type=kind) for item in found],
            "suppress": bool(found),
            "matched_fragment": word,
        }

    return comet_matcher
