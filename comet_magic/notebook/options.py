"""The options of `%%comet`: one parser for the command line, its help, and Tab completion."""

import argparse
import keyword
import re
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.core.error import UsageError

from ..families.parameters import PARAMETERS, SYSTEM
from ..settings.settings import SETTINGS
from ..words import Word

# A quoted word, also as `--system="Be brief"`, or what stands between white space. `shlex` takes
# the backslashes out of C:\\pictures, or reads that option as two words, of which one is a model.
_WORD = re.compile(
    r"""(?:-[\w-]*=)?(?:"[^"]*"|'[^']*')(?!\S) | (?P<open>(?:-[\w-]*=)?["']) | \S+""", re.VERBOSE
)

# The parameters and settings that are options of a cell, by name.
CELL_WORDS = {name: word for name, word in (PARAMETERS | SETTINGS).items() if word.flags}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. %%comet? shows the options.")


def _reader(word: Word) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            return word.read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _add(parser: _Parser, word: Word) -> None:
    """Adds the option for a parameter or a setting; one that is not given is None."""
    more: dict[str, Any] = {"metavar": word.metavar}
    if word.kind.name == "flag":
        more = {"action": "store_false" if word.default else "store_true", "default": None}
    elif word.kind.name == "texts":
        more["action"] = "append"
    else:
        more["type"] = _reader(word)
    parser.add_argument(*word.flags, dest=word.name, help=word.help, **more)


def _parser() -> _Parser:
    parser = _Parser(prog="%%comet", add_help=False, allow_abbrev=False)
    add = parser.add_argument
    add("models", nargs="*", metavar="MODEL", help="id of the model, or of several; default: yours")
    add(
        "-i",
        "--image",
        dest="images",
        action="append",
        metavar="REF",
        help="a picture to change or speak about: a path, a link or a variable; repeatable",
    )
    goes_on = "send the turns so far along; with their model if none is named"
    add("-c", "--continue", dest="goes_on", action="store_true", help=goes_on)
    _add(parser, SYSTEM)
    for word in PARAMETERS.values():
        _add(parser, word)
    add(
        "-o", "--out", metavar="NAME", help="variable for the Generation; _comet is always the last"
    )
    for word in CELL_WORDS.values():
        if word.name not in PARAMETERS:
            _add(parser, word)
    add("--raw", action="store_true", help="send braces as written, no interpolation")
    return parser


PARSER = _parser()
_ACTIONS = PARSER._actions  # argparse has no public list of them
OPTIONS = {name: action.help or "" for action in _ACTIONS for name in action.option_strings}
TAKES_VALUE = {
    name for action in _ACTIONS if action.nargs is None for name in action.option_strings
}


def parse(line: str) -> argparse.Namespace:
    """The options on the line of a `%%comet` cell.

    Raises:
        UsageError: One is unknown or malformed; the text names it.
    """
    known, unknown = PARSER.parse_known_args([_unquoted(word) for word in _words(line)])
    if unknown:
        raise UsageError(_unknown_option(unknown[0]))
    if twice := [model for model in known.models if known.models.count(model) > 1]:
        raise UsageError(f"{twice[0]} is named twice; -n 2 asks a model for two pictures.")
    if known.out is not None and (not known.out.isidentifier() or keyword.iskeyword(known.out)):
        raise UsageError(f"--out must be a variable name, not {known.out!r}.")
    return known


def as_usage_error(error: Exception) -> UsageError:
    """The same text with the option as it is typed: `--top-p` for `top_p`."""
    first, space, rest = str(error).partition(" ")
    name = first.partition("[")[0]
    flag = CELL_WORDS[name].flags[-1] if name in CELL_WORDS else f"--{name}"
    return UsageError(f"{flag}{space}{rest}" if flag in OPTIONS else str(error))


def _words(line: str) -> list[str]:
    found = list(_WORD.finditer(line))
    if any(word["open"] for word in found):
        raise UsageError("a quote is left open in the options, or a word goes on behind it.")
    return [word[0] for word in found]


def _unquoted(word: str) -> str:
    head, equals, value = word.partition("=") if word.startswith("-") else ("", "", word)
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return head + equals + value


def _unknown_option(word: str) -> str:
    if not word.startswith("-"):
        return (
            f"{word} is out of place: models come before all options, and a value with spaces "
            "stands in quotes. %%comet? shows the options."
        )
    # Loading the extension would take a tenth longer with it.
    import difflib

    close = difflib.get_close_matches(word.partition("=")[0], OPTIONS, n=1)
    hint = f"; did you mean {close[0]}?" if close else "."
    return f"unknown option {word}{hint} %%comet? shows the options."
