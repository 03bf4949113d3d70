"""The table of words: a row that is added to it is found by every face."""

import dataclasses
import inspect
import json
import math
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

import comet_magic as comet
from comet_magic.arguments import CALL_SETTINGS, DEFAULTS, OPTIONS, Arguments, CallSettings, Options
from comet_magic.families.parameters import PARAMETERS, Parameters
from comet_magic.notebook.options import PARSER
from comet_magic.settings.settings import SETTINGS, Settings
from comet_magic.words import (
    FLAG,
    TEXT,
    Kind,
    Word,
    check_values,
    checked,
    number,
    one_of,
    texts,
    whole,
)

ROOT = Path(__file__).parent.parent
PARAMETER = (
    "    sparkle: Annotated[\n"
    '        float | None, Word(number(0, 5), "how much it sparkles, 0 to 5", metavar="S")\n'
    "    ]\n"
)
SETTING = (
    '    shine: Annotated[int, Word(whole(1, 9), "how bright, 1 to 9", flags=("--shine",),\n'
    '        label="Shine", variable="COMET_SHINE", of_call=True, names_row=False)] = 3\n'
)


def _insert(path: Path, before: str, row: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count(before) == 1
    path.write_text(source.replace(before, row + before), encoding="utf-8")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the faces of a package with one more parameter and one more setting say."""
    folder = tmp_path_factory.mktemp("words")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "comet_magic", folder / "comet_magic", ignore=ignored)
    _insert(folder / "comet_magic/families/parameters.py", "    n: Annotated[", PARAMETER)
    _insert(folder / "comet_magic/settings/settings.py", "    model: Annotated[", SETTING)
    environment = {**os.environ, "PYTHONPATH": str(folder), "IPYTHONDIR": str(folder / "ipython")}
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "invented_words.py"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_cell_and_its_help_have_it(found: Any) -> None:
    """With its metavar and its help; a setting if it has a flag."""
    assert "--sparkle S" in found["help"]
    assert "how much it sparkles, 0 to 5" in found["help"]
    assert "--shine SHINE" in found["help"]
    assert {"--sparkle", "--shine"} <= set(found["tab"])


def test_config_has_the_setting(found: Any) -> None:
    """With its help and default; a wrong value leaves the one before."""
    assert found["config"] == ["How bright, 1 to 9.", 3, False]
    assert found["shine"] == [5, 7, 7], "from the environment, from %config, refused"


def test_the_panel_has_a_field_and_the_same_cell(found: Any) -> None:
    """A label, a hint, and what is written there in the equivalent cell and in the request."""
    assert found["field sparkle"] == ["Sparkle", "How much it sparkles, 0 to 5"]
    assert found["field shine"] == ["Shine", "3"]
    assert found["cell"] == "%%comet gpt-4o-mini --sparkle 2.5 --shine 4\nx"
    assert found["panel"] == 2.5


def test_a_wrong_value_is_refused_before_sending(found: Any) -> None:
    """By the name that its user wrote: the argument, the option or the variable."""
    assert found["checked"] == {"sparkle": 1}
    assert found["refused"] == [
        "ValueError: sparkle must be a number from 0 to 5, not 9",
        "ValueError: shine must be from 1 to 9, not 0",
        "--sparkle must be a number from 0 to 5, not 9",
        "ValueError: COMET_SHINE must be a whole number from 1 to 9, not 'bright'",
    ]
    assert found["sent before"] == 0


def test_it_is_sent_and_passed_on(found: Any) -> None:
    """By a cell, by `generate`, and by `map`, whose workers get the setting in force."""
    assert found["bodies"] == [2, 3, 4]
    assert found["workers"] == [4, 7]


def test_it_names_a_row_or_not(found: Any) -> None:
    """Another parameter is another row of a batch, and this setting is not."""
    plain, other, same = found["rows"]
    assert other != plain == same


def test_the_docs_have_it(found: Any) -> None:
    """`Options` lists both."""
    assert "    sparkle: How much it sparkles, 0 to 5." in found["docs"]
    assert "    shine: How bright, 1 to 9." in found["docs"]


def test_types_of_call_settings_agree_with_the_table() -> None:
    """Type checkers need them twice; both are the same, but for what a call may write shorter."""
    types = {item.name: get_args(item.type)[0] for item in dataclasses.fields(Settings)
             if item.name in SETTINGS}  # fmt: skip
    assert CallSettings.__annotations__.keys() == CALL_SETTINGS.keys()
    for name, given in CallSettings.__annotations__.items():
        wanted = {"api_key": str, "save_dir": str | Path}.get(name, types[name])
        assert given == wanted | None, name


def test_options_are_parameters_and_settings_of_a_call() -> None:
    """What type checkers know, what is accepted and what the docstring lists are the same."""
    assert Parameters.__annotations__.keys() == PARAMETERS.keys()
    assert Options.__annotations__.keys() == OPTIONS.keys()
    assert Arguments.__annotations__.keys() == OPTIONS.keys() | DEFAULTS.keys()
    for name in OPTIONS:
        assert f"    {name}: " in (Options.__doc__ or "")


@pytest.mark.parametrize("name", ["generate", "agenerate", "stream", "map", "amap"])
def test_signatures_show_what_a_call_takes(name: str) -> None:
    """The arguments one by one, with defaults and types, and then the options."""
    parameters = inspect.signature(getattr(comet, name)).parameters
    assert next(iter(parameters)) == ("prompts" if name in ("map", "amap") else "prompt")
    assert list(parameters)[-6:] == [*DEFAULTS, "options"]
    assert {each: parameters[each].default for each in DEFAULTS} == DEFAULTS
    assert parameters["system"].annotation == str | None


def test_the_readme_has_every_option_of_the_cell() -> None:
    """In its table."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for action in PARSER._actions:
        for flag in action.option_strings:
            assert f"`{flag}" in readme, flag


@pytest.mark.parametrize("word", [*PARAMETERS.values(), *SETTINGS.values()], ids=lambda w: w.name)
def test_a_row_is_whole(word: Word) -> None:
    """It explains itself, its default passes its own check, and only it has its flags."""
    assert word.help
    assert not word.help.endswith(".")
    if word.default is not None:
        assert checked(word, word.default) == word.default
    others = [each for each in (*PARAMETERS.values(), *SETTINGS.values()) if each is not word]
    assert not {*word.flags} & {flag for each in others for flag in each.flags}


def test_words_are_checked_by_the_rows_that_are_given() -> None:
    """As those of one endpoint family; a word that is not among them is named with those."""
    words = [Word(whole(1), name="n"), Word(TEXT, name="voice")]
    assert check_values(words, {"n": 2.0, "voice": None}) == {"n": 2}
    with pytest.raises(TypeError, match="unknown parameter 'size'; known are n, voice"):
        check_values(words, {"size": "1:1"})


@pytest.mark.parametrize(
    ("kind", "value", "error", "says"),
    [
        (number(0, 2), 3, ValueError, "x must be a number from 0 to 2, not 3"),
        (number(0, 2), -0.1, ValueError, "x must be a number from 0 to 2, not -0.1"),
        (number(0, 2), math.nan, ValueError, "x must be a number from 0 to 2, not nan"),
        (number(0, 2), "1", TypeError, "x must be a number from 0 to 2, not '1'"),
        (number(0, 2), True, TypeError, "x must be a number from 0 to 2, not True"),
        (number(0, wanted="a price"), -1, ValueError, "x must be a price, not -1"),
        (whole(1), 0, ValueError, "x must be a whole number from 1 up, not 0"),
        (whole(1), 1.5, TypeError, "x must be a whole number from 1 up, not 1.5"),
        (whole(1), False, TypeError, "x must be a whole number from 1 up, not False"),
        (whole(1), "1", TypeError, "x must be a whole number from 1 up, not '1'"),
        (whole(1, most=9), 10, ValueError, "x must be a whole number from 1 up, not 10"),
        (whole(1, 9), 10, ValueError, "x must be from 1 to 9, not 10"),
        (whole(1, 9), 1.5, TypeError, "x must be a whole number from 1 to 9, not 1.5"),
        (texts(2, "two"), 7, TypeError,
         "x must be a text or up to two texts, none of them empty, not 7"),
        (texts(2, "two"), {"a": 1}, TypeError, "none of them empty, not {'a': 1}"),
        (texts(2, "two"), b"a", TypeError, "none of them empty, not b'a'"),
        (texts(2, "two"), ["a", 1], TypeError, "none of them empty, not ['a', 1]"),
        (texts(2, "two"), [], ValueError, "none of them empty, not []"),
        (texts(2, "two"), "", ValueError, "none of them empty, not ''"),
        (texts(2, "two"), ["a", ""], ValueError, "none of them empty, not ['a', '']"),
        (texts(2, "two"), ["a"] * 3, ValueError, "none of them empty, not ['a', 'a', 'a']"),
        (one_of("a", "b"), "c", ValueError, "x must be a or b, not 'c'"),
        (TEXT, 7, TypeError, "x must be a text, not 7"),
        (FLAG, 1, TypeError, "x must be True or False, not 1"),
        (TEXT, ["a" * 100], TypeError, f"x must be a text, not ['{'a' * 57}…"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_what_is_wanted(
    kind: Kind, value: object, error: type, says: str
) -> None:
    """With the name, in the same words everywhere."""
    with pytest.raises(error, match=f"{re.escape(says)}$"):
        kind.check("x", value)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (number(0, 2), 0, 0), (number(0, 2), 2, 2), (number(0, 2), np.float32(0.5), 0.5),
        (number(0, 2), np.int64(1), 1), (number(0), 1e9, 1e9), (whole(1, 9), 9, 9),
        (whole(1, 9), 1, 1), (whole(1), 10.0, 10), (whole(1), np.int64(3), 3),
        (texts(2, "two"), "a", "a"), (texts(2, "two"), ("a", "b"), ["a", "b"]),
        (one_of("a", "b"), "b", "b"), (TEXT, "", ""), (FLAG, False, False),
    ],
)  # fmt: skip
def test_the_ends_of_a_range_are_kept_as_plain_values(
    kind: Kind, value: object, kept: object
) -> None:
    """JSON can hold them, whatever library they come from."""
    found = kind.check("x", value)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("word", "text", "value"),
    [
        (Word(whole(1)), "3", 3), (Word(whole(1)), "1.5", "1.5"), (Word(number(0)), "1.5", 1.5),
        (Word(number(0)), "3", 3), (Word(number(0)), "x", "x"), (Word(TEXT), "3", "3"),
        (Word(Kind("mapping", lambda _, value: value)), '{"a": 1}', {"a": 1}),
    ],
)  # fmt: skip
def test_a_typed_text_is_read(word: Word, text: str, value: object) -> None:
    """What is no number stays a text, which `check` refuses by its name."""
    found = word.read(text)
    assert found == value
    assert type(found) is type(value)


def test_a_typed_text_that_is_no_json_says_what_would_be() -> None:
    """By an example."""
    word = Word(Kind("mapping", lambda _, value: value), placeholder='{"50256": -100}')
    with pytest.raises(ValueError, match=re.escape("JSON such as {\"50256\": -100}, not '{'")):
        word.read("{")


def test_hints_and_sentences() -> None:
    """An example, else the default, else the help."""
    word = Word(whole(1), "how many, 1 or more")
    assert (word.sentence, word.hint) == ("How many, 1 or more.", "How many, 1 or more")
    assert replace(word, default=3).hint == "3"
    assert replace(word, default=3, placeholder="e.g. 4").hint == "e.g. 4"
    assert replace(word, help="and so on…").sentence == "And so on…"


def test_unknown_names_are_told_the_known_ones() -> None:
    """In alphabetical order."""
    words = [Word(TEXT, name="b"), Word(TEXT, name="a")]
    with pytest.raises(TypeError, match="unknown parameter 'c'; known are a, b"):
        check_values(words, {"a": "x", "c": 1})
    assert check_values(words, {"a": "x", "b": None}) == {"a": "x"}
