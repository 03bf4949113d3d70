"""What the magics print and refuse, to the last letter."""

from datetime import UTC, datetime

import pytest
from IPython.core.error import UsageError

from comet_magic.errors import CometError
from comet_magic.money.prices import Price
from comet_magic.notebook import cell, report
from comet_magic.notebook.magics import CometMagics
from comet_magic.notebook.options import OPTIONS, TAKES_VALUE
from comet_magic.settings.settings import Settings
from tests.generation.test_gallery import generation
from tests.notebook.conftest import Shell

SHOWS = "%%comet? shows the options."
ORDER = "models come before all options, and a value with spaces stands in quotes."
NO_CELL = "no %%comet cell was completed in this kernel. Run one without -c first."
KNOWN = (
    "%comet takes panel, login, models [TEXT], usage [FILE.csv], forget, demo on|off, "
    "record FILE [--append]|stop, or replay FILE [--speed N|max]|stop; "
    "a prompt stands below %%comet"
)
FOR_REAL = "For real pictures set COMETAPI_KEY before the kernel starts, or %comet login.\n"
DEMO = "Endpoint: the demo on this machine; its pictures are made by no model.\n"
STATUS = "Model: gpt-4o-image\nPictures: saved in comet_images\nConversation: none to continue\n"


@pytest.fixture
def demo_shell(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell without an endpoint."""
    monkeypatch.setenv("COMETAPI_BASE_URL", "")
    return shell


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("%%comet --temprature 1\nx",
         f"unknown option --temprature; did you mean --temperature? {SHOWS}"),
        ("%%comet --zzz=a b\nx", f"unknown option --zzz=a. {SHOWS}"),
        ("%%comet --zzz --yyy\nx", f"unknown option --zzz. {SHOWS}"),
        ("%%comet -n x\nx", "-n must be a whole number from 1 up, not 'x'"),
        ("%%comet --system\nx", f"argument --system: expected one argument. {SHOWS}"),
        ('%%comet --system "open\nx',
         "a quote is left open in the options, or a word goes on behind it."),
        ("%%comet one --system Be brief\nx", f"brief is out of place: {ORDER} {SHOWS}"),
        ("%%comet -o 1x\nx", "--out must be a variable name, not '1x'."),
        ("%%comet one two one\nx", "one is named twice; -n 2 asks a model for two pictures."),
        ("%%comet a b b a\nx", "a is named twice; -n 2 asks a model for two pictures."),
        ("%%comet\n \n", "the cell is empty: write the prompt below the line with %%comet"),
        ("%%comet -c\nx", f"-c has nothing to continue: {NO_CELL}"),
        ("%comet nonsense", f"%comet nonsense is unknown; {KNOWN}"),
        (f"%comet {'y' * 61}", f"%comet {'y' * 59}… is unknown; {KNOWN}"),
        ("%comet record", f"%comet record is unknown; {KNOWN}"),
        ("%comet replay a --append", f"%comet replay a --append is unknown; {KNOWN}"),
        ("%comet record a --append --append",
         f"%comet record a --append --append is unknown; {KNOWN}"),
        ("%comet demo", f"%comet demo is unknown; {KNOWN}"),
        ("%comet panel now", f"%comet panel now is unknown; {KNOWN}"),
        ("%comet login sk-1", "%comet login takes no key: it asks for one, which is not saved"),
        ("%comet usage a.txt",
         "%comet usage takes a file whose name ends in .csv, not a.txt"),
        ("%comet usage no/a.csv", "no/a.csv cannot be written: No such file or directory"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_one_line(shell: Shell, code: str, text: str) -> None:
    """What is wrong, and what would be right."""
    error = shell.run(code).error_in_exec
    assert isinstance(error, UsageError)
    assert str(error) == text


def test_a_demo_without_a_cell(demo_shell: Shell) -> None:
    """Each command says what it did."""
    today = f"{datetime.now(UTC).astimezone():%Y-%m-%d}"
    lesson = f"lesson.jsonl, recorded {today}"
    recording = "Recording to lesson.jsonl: requests and answers of demo."
    replaying = f"Replaying {lesson}: 0 requests,"
    nothing = "So far: 0 requests, 0 pictures\n"
    said = {
        "%comet": DEMO + STATUS + nothing + FOR_REAL,
        "%comet usage": "Nothing has been generated in this kernel yet.\n",
        "%comet usage a.csv": "0 generations written to a.csv\n",
        "%comet models -mini": "gpt-4o-mini  text\n1 of 33 models\n",
        "%comet models nothing": "None of 33 models has 'nothing' in its id.\n",
        "%comet forget": "There is no conversation to forget.\n",
        "%comet demo on": DEMO,
        "%comet record lesson": f"{recording}\n%comet record stop ends it.\n",
        "%comet  ": f"{DEMO}{STATUS}{nothing}{recording} So far: 0 requests.\n{FOR_REAL}",
        "%comet record stop": "0 requests recorded to lesson.jsonl.\n",
        "%comet replay lesson": (
            f"{replaying} at the recorded pace. Nothing is sent.\n%comet replay stop ends it.\n"
        ),
        "%comet   ": (
            f"Endpoint: none; replayed from {lesson}. Nothing is sent.\n{STATUS}{nothing}"
        ),
        "%comet replay stop": "The replay of lesson.jsonl has ended.\n",
        "%comet replay lesson --speed 4": (
            f"{replaying} at 4 times the pace. Nothing is sent.\n%comet replay stop ends it.\n"
        ),
        "%comet replay  stop": "The replay of lesson.jsonl has ended.\n",
        "%comet replay 'lesson' --speed=max": (
            f"{replaying} without waiting. Nothing is sent.\n%comet replay stop ends it.\n"
        ),
    }
    assert {code: demo_shell.said(code) for code in said} == said


@pytest.mark.parametrize(
    ("names", "note"),
    [
        (["x"], "Note: {x} is no variable here; it is sent as written."),
        (["x" * 61, "y"], f"Note: {{{'x' * 59}…}}, {{y}} are no variables here; they are sent"),
        ([*"abcd"], "Note: {a}, {b}, {c}, {d} are no variables here; they are sent as written."),
        ([*"abcde"], "Note: {a}, {b}, {c}, {d} and 1 more are no variables here; they are sent"),
    ],
)
def test_names_of_nothing_are_noted(shell: Shell, names: list[str], note: str) -> None:
    """One line, whatever the number."""
    text = " ".join(f"{{{name}}}" for name in names)
    assert shell.said(f"%%comet gpt-4o-mini\n{text}").splitlines()[0].startswith(note)


def test_how_long_a_conversation_is(demo_shell: Shell) -> None:
    """Before it goes on, and when it is dropped."""
    demo_shell.run("%%comet gpt-4o-mini\nHello")
    assert "\nConversation: -c goes on with 1 earlier turn\n" in demo_shell.said("%comet")
    demo_shell.run("%%comet -c\nHello")
    assert "\nConversation: -c goes on with 2 earlier turns\n" in demo_shell.said("%comet")
    assert demo_shell.said("%comet forget") == (
        "2 turns forgotten; -c has nothing to continue now.\n"
    )


def test_files_are_said_once(shell: Shell) -> None:
    """Written, and then there."""
    shell.run("%%comet gpt-4o-mini\nHello")
    assert shell.said("%comet usage a.csv") == "1 generation written to a.csv\n"
    error = shell.run("%comet usage a.csv").error_in_exec
    assert str(error) == "a.csv exists, and is not overwritten; name another file"


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (Settings(), "Endpoint: the demo on this machine; its pictures are made by no model."),
        (Settings(base_url="https://a.example/v1"),
         "Endpoint: https://a.example/v1 (no key is sent)"),
        (Settings(base_url="https://a.example/v1", replayed="a.jsonl, recorded 2026-01-02"),
         "Endpoint: none; replayed from a.jsonl, recorded 2026-01-02. Nothing is sent."),
    ],
)  # fmt: skip
def test_who_answers(settings: Settings, text: str) -> None:
    """The demo, an endpoint without a key, a recording."""
    assert report.endpoint(settings) == text


def test_the_list_of_models_has_what_they_make_and_cost() -> None:
    """A model without a price has none; one whose prices are all 0 is free."""
    prices = {
        "gpt-4o": Price(input=0.15, output=0.6), "gpt-4o-image": Price(per_request=0.02),
        "sora-2": Price(input=1, per_second=0.1), "tts-1": Price(), "a": Price(output=2),
    }  # fmt: skip
    assert report.models(["gpt-4o", "gpt-4o-image", "sora-2", "tts-1", "a", "b"], "", prices) == (
        "gpt-4o        text   $0.15 in, $0.6 out per million tokens\n"
        "gpt-4o-image  image  $0.02 a request\n"
        "sora-2        video  $1 in per million tokens + $0.1 a second of video\n"
        "tts-1         text   free\n"
        "a             text   $2 out per million tokens\n"
        "b             text\n"
        "6 of 6 models"
    )
    assert report.models(["gpt-4o", "B"], "b", {}) == "B  text\n1 of 2 models"
    assert report.models(["b"], "B", {}) == "b  text\n1 of 1 model"
    assert report.models(["b"], "c", {}) == "None of 1 model has 'c' in its id."
    long, cut = "m" * 101, "m" * 99 + "…"
    assert report.models([long, "b"], "", {}).splitlines()[0] == f"{cut}   text"


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ("F", "It broke."),
        (".F", "1 of 2 models failed; what arrived is kept.\nm1: It broke."),
        ("F.F", "2 of 3 models failed; what arrived is kept.\nm0: It broke.\nm2: It broke."),
        ("FFF",
         "3 of 3 models failed; what arrived is kept.\nm0: It broke.\nAlso m1, m2."),
    ],
)  # fmt: skip
def test_which_models_failed(ends: str, text: str) -> None:
    """The first two with their reasons; of more than two the others by name."""
    results = [CometError("It broke.") if end == "F" else generation() for end in ends]
    error = cell._error([f"m{place}" for place in range(len(ends))], results)
    assert str(error) == text
    assert cell._error(["m"], [generation()]) is None
    long = [CometError("e" * 201)] * 3
    said = str(cell._error(["m" * 101, "n" * 150, "o" * 150], long)).splitlines()
    assert said[1] == f"{'m' * 99}…: {'e' * 199}…"
    assert said[2] == f"Also {'n' * 150}, {'o' * 47}…."


def test_options_and_defaults_are_explained() -> None:
    """The same words by Tab, in the help, and by `%config CometMagics`."""
    image = "a picture to change or speak about: a path, a link or a variable; repeatable"
    goes_on = "send the turns so far along; with their model if none is named"
    out = "variable for the Generation; _comet is always the last"
    flags = {
        "-c": goes_on,
        "--continue": goes_on,
        "--no-stream": "one whole answer",
        "--raw": "send braces as written, no interpolation",
    }
    values = {
        "-i": image,
        "--image": image,
        "--system": "a system message",
        "-n": "pictures or answers wanted, 1 or more",
        "--temperature": "0 to 2",
        "--top-p": "0 to 1",
        "--max-tokens": "1 or more",
        "--stop": "end the answer here; up to four times",
        "--presence-penalty": "-2 to 2",
        "--frequency-penalty": "-2 to 2",
        "--logit-bias": "token id to bias, -100 to 100",
        "--user": "who asks, for the provider's records",
        "-o": out,
        "--out": out,
        "--save-dir": "where pictures are written",
    }
    assert flags | values == OPTIONS
    assert set(values) == TAKES_VALUE
    defaults = CometMagics.class_traits(config=True).items()
    assert {name: trait.help for name, trait in defaults} == {
        "base_url": "URL of the endpoint; '' is COMETAPI_BASE_URL.",
        "budget_cost": (
            "US dollars that this kernel may cost; None: COMET_BUDGET_COST, else any amount."
        ),
        "budget_requests": (
            "Requests that this kernel may send; None: COMET_BUDGET_REQUESTS, else any number."
        ),
        "budget_tokens": (
            "Tokens that this kernel may use; None: COMET_BUDGET_TOKENS, else any number."
        ),
        "confirm": "Ask before sending to an endpoint; not the demo.",
        "connect_timeout": "Seconds to reach the endpoint.",
        "display_mode": "Repaint, or only the end.",
        "event_loop": "Where streams run.",
        "first_byte_timeout": "Seconds until an answer begins.",
        "history_turns": "Earlier turns sent, 0 to 1000.",
        "max_retries": "Times to send again where that is safe.",
        "model": "The model where a cell names none.",
        "preview_pixels": "Long side of previews, 64 to 4096.",
        "prices": "By model, US dollars: input, output (per million tokens), per_request, …",
        "repaints": "Repaints a second, 1 to 20.",
        "save_dir": "Where pictures are written.",
        "timeout": "Seconds an answer may be silent once it has begun.",
    }
