"""`%%comet` and `%comet` in a shell, against the demo server."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import StdinNotImplementedError, UsageError

from comet_magic.errors import (
    APIConnectionError,
    AuthenticationError,
    CometError,
    GenerationError,
    StreamError,
)
from comet_magic.generation import Generation, Status
from comet_magic.kernel import session
from comet_magic.notebook.magics import CometMagics
from comet_magic.notebook.options import OPTIONS, parse
from comet_magic.settings import configuration
from comet_magic.settings.settings import Settings
from tests.notebook.conftest import Shell


def test_a_cell_makes_a_picture(shell: Shell) -> None:
    """It is shown as text in a terminal, saved, and bound to `_comet` and to `-o`."""
    said = shell.said("%%comet -o cat\nA cute kitten sitting on a cloud, cartoon style")
    cat = shell.ip.user_ns["cat"]
    assert isinstance(cat, Generation)
    assert shell.ip.user_ns["_comet"] is cat
    assert cat.prompt == "A cute kitten sitting on a cloud, cartoon style"
    assert cat.images[0].path is not None
    assert str(cat.images[0].path) in said
    assert "tokens" in said
    assert "\x1b" not in said


def test_options_are_sent(shell: Shell) -> None:
    """Model, system message and parameters."""
    shell.run(
        '%%comet gpt-4o-mini --system "Be brief." --max-tokens 5 -n 2 --no-stream -o g\nHello'
    )
    generation = shell.ip.user_ns["g"]
    assert generation.model == "gpt-4o-mini"
    assert len(generation.choices) == 2
    assert generation.finish_reason == "length"


def test_a_quoted_value_may_follow_an_equals_sign() -> None:
    """Its words are no models, which would be asked; other quotes stay where they are."""
    line = """gpt-4o --system="Be brief, don't ask" -i='my cat.png' --stop="a=b c" """
    options = parse(line + """-i d["k"] -i C:\\a""")
    assert (options.models, options.system) == (["gpt-4o"], "Be brief, don't ask")
    assert (options.images, options.stop) == (["my cat.png", 'd["k"]', "C:\\a"], ["a=b c"])


def test_names_in_the_cell_are_replaced(shell: Shell) -> None:
    """From the user's variables; unknown ones are sent as written, with a note."""
    shell.ip.user_ns.update(style="cartoon", place={"city": "Kyōto"})
    said = shell.said('%%comet gpt-4o-mini\n{style} {place[city]} {nobody} {{x}} {"a": {"b": 1}}')
    assert shell.ip.user_ns["_comet"].prompt == 'cartoon Kyōto {nobody} {x} {"a": {"b": 1}}'
    assert "{nobody} is no variable" in said
    said = shell.said("%%comet gpt-4o-mini\n" + " ".join(f"{{v{number}}}" for number in range(20)))
    assert "Note: {v0}, {v1}, {v2}, {v3} and 16 more are no variables here" in said
    shell.run("%%comet gpt-4o-mini --raw\n{style} {{x}}")
    assert shell.ip.user_ns["_comet"].prompt == "{style} {{x}}"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("%%comet --colour red\nx", "unknown option --colour"),
        ("%%comet --temprature 1\nx", "did you mean --temperature?"),
        ("%%comet --temperature 3\nx", "--temperature must be a number from 0 to 2, not 3"),
        ("%%comet --temperature hot\nx", "--temperature must be a number from 0 to 2, not 'hot'"),
        ("%%comet --top-p 2\nx", "--top-p must be a number from 0 to 1, not 2"),
        ("%%comet -n 0\nx", "-n must be a whole number from 1 up, not 0"),
        ("%%comet --max-tokens 1.5\nx", "--max-tokens must be a whole number from 1 up"),
        ("%%comet --presence-penalty -3\nx", "--presence-penalty must be a number from -2 to 2"),
        ("%%comet --logit-bias nonsense\nx", "--logit-bias"),
        ('%%comet --logit-bias {"a":1}\nx', "--logit-bias"),
        ("%%comet --stop a --stop b --stop c --stop d --stop e\nx", "--stop must be"),
        ("%%comet --system\nx", "--system"),
        ('%%comet --system "open\nx', "a quote is left open"),
        ('%%comet --system="open gpt-4o\nx', "a quote is left open"),
        ('%%comet --system "Say \\"hi\\""\nx', "a word goes on behind it"),
        ("%%comet one --system Be brief\nx", "brief is out of place: models come before"),
        ("%%comet -o 1x\nx", "--out must be a variable name"),
        ("%%comet -o class\nx", "--out must be a variable name"),
        ("%%comet one two one\nx", "one is named twice"),
        ("%%comet --save-dir /dev/null/x\nx", "--save-dir"),
        ("%%comet --save-dir ~nobody-here\nx", "--save-dir must be a folder's path"),
        ("%comet usage ~nobody-here/u.csv", "cannot be written"),
        ("%comet record ~nobody-here/x", "names a home folder that does not exist"),
        ("%%comet\n", "is empty"),
        ("%%comet\n  \n\n", "the cell is empty"),
        ("%comet nonsense", "%comet nonsense is unknown"),
        ("%comet demo maybe", "is unknown"),
        ("%comet replay --speed 4 lesson", "or replay FILE [--speed N|max]|stop"),
        ("%comet A cute kitten", "a prompt stands below %%comet"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_one_line_and_send_nothing(shell: Shell, cell: str, says: str) -> None:
    """The line names the option and what it can be; the next cell works."""
    result = shell.run(cell)
    said = shell.printed()
    assert isinstance(result.error_in_exec, UsageError)
    assert says in said
    assert len(said.strip().splitlines()) == 1
    assert len(session.current().ledger) == 0
    assert shell.run("1 + 1").result == 2


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("COMETAPI_KEY", "one\ntwo", "the key from COMETAPI_KEY"),
        ("COMETAPI_BASE_URL", "api.example/v1", "https://"),
    ],
)
def test_wrong_settings_are_one_line(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    """A key with a line break, a base URL without a scheme: said by name, nothing is sent."""
    monkeypatch.setenv(variable, value)
    result = shell.run("%%comet\nA cat")
    said = shell.printed()
    assert isinstance(result.error_in_exec, UsageError)
    assert says in said
    assert value not in said or variable == "COMETAPI_BASE_URL"
    assert len(said.strip().splitlines()) == 1


def test_nothing_fails_for_want_of_letters(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe on Windows has few: notes, answers and errors go on without the others."""
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    for cell in ("%%comet gpt-4o-mini\n画 {画}", "%comet", "%comet usage", "%comet models 画"):
        result = shell.ip.run_cell(cell)
        assert result.error_in_exec is None, cell
    assert "?" in CometError("生成失败")._render_traceback_()[0]
    assert "{?} is no variable" in raw.getvalue().decode("cp1252")


@pytest.mark.parametrize(
    ("model", "error", "status"),
    [
        ("demo-error-401", AuthenticationError, Status.FAILED),
        ("demo-error-cut", StreamError, Status.INTERRUPTED),
        ("demo-error-refused", GenerationError, Status.FAILED),
    ],
)
def test_a_failed_generation_fails_the_cell(
    shell: Shell, model: str, error: type[CometError], status: Status
) -> None:
    """With a short message, no stack, and what arrived bound."""
    result = shell.run(f"%%comet {model} -o g\nA cat")
    said = shell.printed()
    failure = result.error_in_exec
    assert type(failure) is error
    assert "Traceback" not in said
    assert "client.py" not in said
    assert failure.generation
    assert shell.ip.user_ns["g"] is shell.ip.user_ns["_comet"] is failure.generation
    assert shell.ip.user_ns["g"].status is status


def test_a_dead_host_fails_the_cell(shell: Shell) -> None:
    """Three lines that name the host; also with `%xmode Verbose` no key and no stack."""
    shell.run("%config CometMagics.max_retries = 0")
    shell.run("%config CometMagics.base_url = 'http://127.0.0.1:9/v1'")
    shell.run("%xmode Verbose")
    result = shell.run("%%comet\nA cat")
    said = shell.printed()
    assert isinstance(result.error_in_exec, APIConnectionError)
    assert "127.0.0.1" in said
    assert "Traceback" not in said


def test_defaults_are_set_by_config(shell: Shell) -> None:
    """`%config CometMagics` sets them for the magic and the functions, and shows them before."""
    assert shell.run("%config CometMagics.model").result == "gpt-4o-image"
    shell.run("%config CometMagics.model = 'gpt-4o-mini'")
    shell.run("%config CometMagics.save_dir = 'elsewhere'")
    shell.run("%%comet\nHello")
    assert shell.ip.user_ns["_comet"].model == "gpt-4o-mini"
    shell.run("import comet_magic\ng = comet_magic.generate('A boat', model='gpt-4o-image')")
    assert shell.ip.user_ns["g"].images[0].path.parent == Path("elsewhere")


def test_config_shows_the_defaults_in_force(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each setting that has one, before anything was set."""
    monkeypatch.delenv("COMET_DISPLAY", raising=False)
    (magics,) = [one for one in shell.ip.configurables if isinstance(one, CometMagics)]
    for name, shown in magics.trait_values(config=True).items():
        in_force = getattr(Settings(), name)
        assert shown == (str(in_force) if name == "save_dir" else in_force or shown), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preview_pixels", "5"),
        ("timeout", "'x'"),
        ("base_url", "'ftp://x'"),
        ("event_loop", "'a'"),
        ("base_url", "5"),
    ],
)
def test_a_bad_default_keeps_the_old_one(shell: Shell, name: str, value: str, caplog: Any) -> None:
    """It is said to be bad, and the extension can be loaded again."""
    before = configuration.current().settings()
    shell.run(f"%config CometMagics.{name} = {value}")
    assert name.replace("base_url", "base URL" if "ftp" in value else name) in caplog.text
    assert configuration.current().settings() == before
    assert "is ignored" in shell.said("%reload_ext comet_magic")
    assert "Endpoint" in shell.said("%comet")
    assert "is ignored" not in shell.said("%reload_ext comet_magic")


def test_status_says_what_is_in_force(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Endpoint, key source and totals; never the key."""
    monkeypatch.setenv("COMETAPI_KEY", "sk-canary-0123456789")
    shell.run("%%comet gpt-4o-mini\nHello")
    said = shell.said("%comet")
    assert "key from COMETAPI_KEY" in said
    assert "Model: gpt-4o-image" in said
    assert "1 request" in said
    assert "canary" not in said


def test_models_and_usage_are_listed(shell: Shell) -> None:
    """All models or those with a text in their id; a line for each generation."""
    assert "gpt-4o-mini" in shell.said("%comet models")
    said = shell.said("%comet models IMAGE")
    assert "gpt-4o-image" in said
    assert "gpt-4o-mini" not in said
    assert "None of" in shell.said("%comet models nothing-like-this")
    assert "Nothing has been generated" in shell.said("%comet usage")
    shell.run("%%comet demo-error-401\nA cat")
    shell.run("%%comet\nA cat")
    said = shell.said("%comet usage")
    assert "failed" in said
    assert "complete" in said
    assert "2 requests, 1 picture" in said


def test_login_does_not_show_the_key(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for without an echo, used from then on, and in no history."""
    monkeypatch.setattr("getpass.getpass", lambda prompt: "sk-canary-0123")
    said = shell.said("%comet login") + shell.said("%comet")
    assert "key from %comet login" in said
    assert "canary" not in said
    monkeypatch.setattr("getpass.getpass", lambda prompt: "a b")
    said = shell.said("%comet login")
    assert "copy it again" in said
    assert "key from %comet login" in shell.said("%comet")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (StdinNotImplementedError(), "CometError: This front end cannot ask for a key"),
        (EOFError(), "CometError: This front end cannot ask for a key"),
        (KeyboardInterrupt(), "KeyboardInterrupt: no key was entered"),
    ],
)
def test_a_login_that_nobody_answers_is_short(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, answer: BaseException, says: str
) -> None:
    """As under nbconvert, at the end of the input, or at Ctrl-C: no stack, and it fails."""

    def ask(prompt: str) -> str:
        raise answer

    monkeypatch.setattr("getpass.getpass", ask)
    result = shell.run("%comet login")
    said = shell.printed()
    assert result.error_in_exec is not None
    assert says in said
    assert "Traceback" not in said


def test_an_interrupted_command_does_not_speak_of_a_generation(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was none."""

    def stopped(*arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("comet_magic.notebook.report.run", stopped)
    assert "KeyboardInterrupt: it was stopped" in shell.said("%comet models")


def test_a_key_on_the_line_of_login_is_not_repeated(shell: Shell) -> None:
    """It would be in the output, too; what to do instead is said."""
    result = shell.run("%comet login sk-canary-0123")
    said = shell.printed()
    assert isinstance(result.error_in_exec, UsageError)
    assert "it asks for one" in said
    assert "canary" not in said


@pytest.mark.parametrize(
    "call",
    [
        "comet.generate('x', api_key=key(), n=0)",
        "comet.generate('x', api_key=key() + ' x')",
        "await comet.agenerate('x', api_key=key(), foo=1)",
        "comet.map(['x'], api_key=key(), n=0)",
        "comet.models(api_key=key(), timeout=0)",
        "os.environ['COMETAPI_KEY'] = key() + ' x'\ncomet.generate('x')",
        "os.environ.update(COMETAPI_KEY=key(), COMET_BUDGET_TOKENS='x')\ncomet.generate('x')",
    ],
)
def test_a_verbose_traceback_has_no_key(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """A wrong argument shows the variables of our frames, and none of them holds the key."""
    monkeypatch.setitem(os.environ, "COMETAPI_KEY", "")
    monkeypatch.setitem(os.environ, "COMET_BUDGET_TOKENS", "")
    shell.run("import os, comet_magic as comet\ndef key(): return 'sk-can' + 'ary-0123'")
    shell.run("%xmode Verbose")
    *before, last = call.split("\n")  # the frame of the cell is the user's own
    shell.run("\n".join(before))
    result = shell.run(last)
    said = shell.printed()
    assert isinstance(result.error_in_exec, ValueError | TypeError)
    assert "settings" in said  # the frames are shown
    assert "canary" not in said


def test_the_demo_can_be_switched(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """On whatever is set; off with nothing set is an error that says what to do."""
    assert "demo" in shell.said("%comet demo on")
    monkeypatch.delenv("COMETAPI_BASE_URL")
    assert "COMETAPI_KEY" in shell.said("%comet demo off")
    assert "COMETAPI_KEY" in shell.said("%%comet\nA cat")


def test_help_lists_the_options(shell: Shell) -> None:
    """`%%comet?` and `%comet?`."""
    cell = shell.ip.magics_manager.magics["cell"]["comet"].__doc__
    line = shell.ip.magics_manager.magics["line"]["comet"].__doc__
    assert "--temperature" in cell
    assert "-i REF, --image REF" in cell
    assert "{name[key]}" in cell
    assert "%comet login" in line


def test_help_explains_each_option(shell: Shell) -> None:
    """In words, and Tab shows the same; so do `%config` for each default."""
    cell = " ".join(shell.ip.magics_manager.magics["cell"]["comet"].__doc__.split())
    assert "MODEL id of the model, or of several; default: yours" in cell
    assert "-c, --continue send the turns so far along; with their model if none is named" in cell
    assert "--stop TEXT end the answer here; up to four times" in cell
    for option, words in OPTIONS.items():
        assert len(words.split()) > 1, option
        assert words in cell, option
    for name, trait in CometMagics.class_traits(config=True).items():
        assert len(trait.help.split()) > 1, name


def test_loading_twice_changes_nothing(shell: Shell) -> None:
    """One set of magics and one matcher."""
    before = len(shell.ip.Completer.custom_matchers)
    shell.run("import comet_magic; comet_magic.load_ipython_extension(get_ipython())")
    shell.run("%reload_ext comet_magic")
    assert len(shell.ip.Completer.custom_matchers) == before
    assert [type(item).__name__ for item in shell.ip.configurables].count("CometMagics") == 1


def test_unloading_leaves_nothing(shell: Shell) -> None:
    """No magic, no default, no matcher; and it can be loaded again."""
    shell.run("%%comet gpt-4o-mini\nHello")
    shell.run("%unload_ext comet_magic")
    assert "comet" not in shell.ip.magics_manager.magics["cell"]
    assert "comet" not in shell.ip.magics_manager.magics["line"]
    assert "CometMagics" not in [type(item).__name__ for item in shell.ip.configurables]
    assert shell.ip.Completer.custom_matchers == []
    shell.run("%load_ext comet_magic")
    assert "So far: 0 requests" in shell.said("%comet")


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("max_retries", "'3'", 3),
        ("connect_timeout", "'2.5'", 2.5),
        ("budget_cost", "1", 1.0),
        ("budget_requests", "None", None),
        ("confirm", "True", True),
        ("prices", "{'m': {'per_request': 0.5}}", {"m": {"per_request": 0.5}}),
        ("display_mode", "'final'", "final"),
        ("model", "'m'", "m"),
    ],
)
def test_each_default_has_a_type(shell: Shell, name: str, given: str, kept: object) -> None:
    """Numbers are read from texts, as the environment has them."""
    shell.run(f"%config CometMagics.{name} = {given}").raise_error()
    shown: Any = shell.run(f"%config CometMagics.{name}").result
    value = shown if shown is not None else magics_of(shell).trait_values()[name]
    assert value == kept
    assert type(value) is type(kept)


def magics_of(shell: Shell) -> Any:
    """The magics that are loaded."""
    (found,) = [each for each in shell.ip.configurables if isinstance(each, CometMagics)]
    return found


def test_login_asks_for_a_key_by_its_name(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says for how long it is kept."""
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return "sk-1"

    monkeypatch.setattr("getpass.getpass", answer)
    said = shell.said("%comet login")
    assert asked == ["API key: "]
    assert said == "The key is used from now on. It is kept in this kernel only.\n"
