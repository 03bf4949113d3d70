"""The table of words: every request parameter and every setting is declared once, as one row.

A row stands beside the type, in the annotation, so that type checkers read the same line:

    n: Annotated[int | None, Word(whole(1), "pictures wanted, 1 or more", flags=("-n",))]

`families/parameters.py` declares the parameters and `settings/settings.py` the settings. Everything
that shows, reads, checks or passes on a word looks it up there: the parser and the help of
`%%comet`, `%config CometMagics`, the panel's form and its equivalent cell, Tab, the checks before
anything is sent, and batches. This module is imported when the magics load, so it is small.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from numbers import Integral, Real
from typing import Any, Literal, NamedTuple

Check = Callable[[str, object], object]


class Kind(NamedTuple):
    """What values a word takes.

    Attributes:
        name: Decides how the faces ask for a value: as a flag, a number, one or several texts, …
        check: Takes a name and a value, and gives the value as it is kept. Raises `TypeError` for
            a wrong type and `ValueError` for a value out of range; the text begins with the name.
        choices: All values that are possible, if they can be listed.
    """

    name: Literal["text", "texts", "number", "whole", "flag", "choice", "mapping"]
    check: Check
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word that a user can write.

    Attributes:
        kind: What values it takes.
        help: What it is and which values it takes, as a phrase without a full stop.
        flags: Its names on the line of a cell, the long one last; empty if it has none there.
        metavar: What stands for its value in the help of the cell.
        label: Its label in the panel's form; empty if it is not in the form.
        placeholder: An example or a hint in the empty field, in place of the default or the help.
        is_long: Whether its field in the form has several lines.
        default: What holds if it is not set, as far as that is known here.
        names_row: Whether another value makes another row in a rerun of a batch. False for words
            that change how and where an answer is kept, and not which one is asked for.
        variable: The environment variable that sets it; empty if none does.
        of_call: Whether a call takes this setting (`generate(…, save_dir=…)`). A batch passes it
            on to its workers, wherever these are.
        in_config: Whether `%config CometMagics` sets it.
        name: As it is written in Python; filled in by `words_in`.
    """

    kind: Kind
    help: str = ""
    flags: tuple[str, ...] = ()
    metavar: str | None = None
    label: str = ""
    placeholder: str = ""
    is_long: bool = False
    default: Any = None
    names_row: bool = True
    variable: str = ""
    of_call: bool = False
    in_config: bool = True
    name: str = ""

    @property
    def sentence(self) -> str:
        """The help as a sentence."""
        return f"{self.help[:1].upper()}{self.help[1:]}{'' if self.help.endswith('…') else '.'}"

    @property
    def hint(self) -> str:
        """What an empty field shows."""
        return self.placeholder or str(self.default or "") or self.sentence.removesuffix(".")

    def read(self, text: str) -> object:
        """The value that a typed text stands for. What is no number stays a text, so that `check`
        can say what is wanted.

        Raises:
            ValueError: It should be JSON and is not; the text does not have the name.
        """
        if self.kind.name == "mapping":
            try:
                return json.loads(text)
            except ValueError:
                wanted = f"must be JSON such as {self.placeholder}, not {shown(text)}"
                raise ValueError(wanted) from None
        for number in {"whole": (int,), "number": (int, float)}.get(self.kind.name, ()):
            try:
                return number(text)
            except ValueError:
                pass
        return text

    def check(self, value: object) -> object:
        """The value as it is kept.

        Raises:
            TypeError: It is of the wrong type; the text has the name and what is wanted.
            ValueError: It is out of range.
        """
        return self.kind.check(self.name, value)


def words_in(declared: type, *, in_cell: bool = False) -> dict[str, Word]:
    """The rows in the annotations of a class, by name and in order, with their names filled in.

    Args:
        declared: A `TypedDict`, or a dataclass, whose defaults become those of the words.
        in_cell: Whether all of them are options of a cell and fields of the form: where a row says
            nothing else, `top_p` has the flag `--top-p` and the label `Top p`.
    """
    defaults = {}
    if is_dataclass(declared):
        defaults = {item.name: item.default for item in fields(declared)}
    rows = {}
    for name, annotation in declared.__annotations__.items():
        for word in getattr(annotation, "__metadata__", ()):
            flags, label = word.flags, word.label
            if in_cell:
                flags = flags or (f"--{name.replace('_', '-')}",)
                label = label or name.replace("_", " ").capitalize()
            default = defaults.get(name, MISSING)
            default = word.default if default is MISSING else default
            rows[name] = replace(word, name=name, flags=flags, label=label, default=default)
    return rows


def check_values(words: Iterable[Word], values: Mapping[str, object]) -> dict[str, object]:
    """`values` as they are sent, the unset ones (None) left out.

    Args:
        words: The words that are possible, for example those of one endpoint family.
        values: By name.

    Raises:
        TypeError: An unknown name, or a value of the wrong type.
        ValueError: A value out of range.
    """
    known = {word.name: word for word in words}
    if unknown := [name for name in values if name not in known]:
        raise TypeError(f"unknown parameter {unknown[0]!r}; known are {', '.join(sorted(known))}")
    return {name: known[name].check(value) for name, value in values.items() if value is not None}


def checked(word: Word, value: object, name: str = "") -> object:
    """The value of a setting as it is kept: like `word.check`, but all its errors are of one type.

    Args:
        word: The setting.
        value: To be checked.
        name: What an error calls it, in place of the word's name.

    Raises:
        ValueError: It is of the wrong type or out of range.
    """
    try:
        return word.kind.check(name or word.name, value)
    except TypeError as error:
        raise ValueError(str(error)) from None


def number(low: float, high: float = math.inf, wanted: str = "") -> Kind:
    """Numbers in a range, as plain int or float.

    Args:
        low: The least.
        high: The greatest.
        wanted: What the error asks for, in place of `a number from 0 to 2`.
    """
    wanted = wanted or f"a number from {low:g} to {high:g}"

    def check(name: str, value: object) -> float:
        message = f"{name} must be {wanted}, not {shown(value)}"
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(message)
        value = int(value) if isinstance(value, Integral) else float(value)
        if math.isnan(value) or not low <= value <= high:
            raise ValueError(message)
        return value

    return Kind("number", check)


def whole(low: int, high: int | None = None, *, most: float = math.inf) -> Kind:
    """Whole numbers in a range.

    Args:
        low: The least.
        high: The greatest; None if there is no limit that a user should know.
        most: The greatest if `high` is None.
    """
    wanted = f"a whole number from {low} {'up' if high is None else f'to {high}'}"
    limit = most if high is None else high

    def check(name: str, value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # tables and JSON hold 10.0
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise TypeError(f"{name} must be {wanted}, not {shown(value)}")
        count = int(value)
        if not low <= count <= limit:
            right = wanted if high is None else f"from {low} to {high}"
            raise ValueError(f"{name} must be {right}, not {shown(value)}")
        return count

    return Kind("whole", check)


def texts(most: int, in_words: str) -> Kind:
    """One text, or a list of some, none of them empty.

    Args:
        most: How many there may be.
        in_words: The same number in words.
    """

    def check(name: str, value: object) -> str | list[str]:
        wanted = f"{name} must be a text or up to {in_words} texts, none of them empty, "
        wanted += f"not {shown(value)}"
        if isinstance(value, Mapping | bytes) or not isinstance(value, Iterable):
            raise TypeError(wanted)
        given = [value] if isinstance(value, str) else list(value)
        if not all(isinstance(each, str) for each in given):
            raise TypeError(wanted)
        if not 1 <= len(given) <= most or not all(given):
            raise ValueError(wanted)
        return value if isinstance(value, str) else given

    return Kind("texts", check)


def one_of(*choices: str) -> Kind:
    """One of these texts."""

    def check(name: str, value: object) -> object:
        if value not in choices:
            raise ValueError(f"{name} must be {' or '.join(choices)}, not {shown(value)}")
        return value

    return Kind("choice", check, choices)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {shown(value)}")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {shown(value)}")
    return value


def shown(value: object) -> str:
    """`value` as an error shows it: not too long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


TEXT = Kind("text", _text)
FLAG = Kind("flag", _flag)
