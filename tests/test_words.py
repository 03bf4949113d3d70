"""The table of words: a row that is added to it is found by every face."""

import dataclasses
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

import comet_magic as comet
from comet_magic.arguments import CALL_SETTINGS, DEFAULTS, OPTIONS, Arguments, CallSettings, Options
from comet_magic.families.parameters import PARAMETERS, Parameters
from comet_magic.notebook.options import PARSER
from comet_magic.settings.settings import SETTINGS, Settings
from comet_magic.words import TEXT, Word, check_values, checked, whole

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
