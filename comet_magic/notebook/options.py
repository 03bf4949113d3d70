"""The options of `%%comet`: one parser for the command line, its help, and Tab completion."""

import argparse
import json
import keyword
import re
from typing import Any, NoReturn

from IPython.core.error import UsageError

# A quoted word, also as `--system="Be brief"`, or what stands between white space. `shlex` takes
# the backslashes out of C:\\pictures, or reads that option as two words, of which one is a model.
_WORD = re.compile(
    r"""(?:-[\w-]*=)?(?:"[^"]*"|'[^']*')(?!\S) | (?P<open>(?:-[\w-]*=)?["']) | \S+""", re.VERBOSE
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. %%comet? shows the options.")


def number(text: str) -> int | float | str:
    """A number if `text` is one; else `text`, so that the range check can name what it wants."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            pass
    return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be JSON such as '{{\"50256\": -100}}' with values from -100 to 100, not {text!r}"
        ) from None


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
    add("--system", metavar="TEXT", help="a system message")
    add("-n", type=number, help="pictures or answers wanted, 1 or more")
    add("--temperature", type=number, metavar="T", help="0 to 2")
    add("--top-p", type=number, metavar="P", help="0 to 1")
    add("--max-tokens", type=number, metavar="N", help="1 or more")
    add("--stop", action="append", metavar="TEXT", help="end the answer here; up to four times")
    add("--presence-penalty", type=number, metavar="P", help="-2 to 2")
    add("--frequency-penalty", type=number, metavar="P", help="-2 to 2")
    add("--logit-bias", type=_json, metavar="JSON", help="token id to bias, -100 to 100")
    add("--user", metavar="ID", help="who asks, for the provider's records")
    add("--no-stream", dest="stream", action="store_false", default=None, help="one whole answer")
    add(
        "-o", "--out", metavar="NAME", help="variable for the Generation; _comet is always the last"
    )
    add("--save-dir", metavar="DIR", help="where pictures are written")
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
    """The same words with the option written as it is typed: `--top-p`, not `top_p`."""
    name, space, rest = str(error).partition(" ")
    dashed = f"--{name.partition('[')[0].replace('_', '-')}"
    if name == "n":
        dashed = "-n"
    return UsageError(f"{dashed}{space}{rest}" if dashed in OPTIONS else str(error))


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
