"""`CometMagics.confirm`: nothing that may be charged is sent before somebody said yes."""

import sys
from collections.abc import Callable
from concurrent.futures import CancelledError
from types import SimpleNamespace

import pytest
from IPython.core.error import StdinNotImplementedError

import comet_magic as comet
from comet_magic.api import prepare
from comet_magic.kernel import session
from comet_magic.money.budget import Budget, Need
from comet_magic.notebook import consent
from comet_magic.notebook.panel import panel
from comet_magic.notebook.panel.draft import Draft
from comet_magic.notebook.panel.run import Run
from tests.conftest import Heard
from tests.notebook.conftest import Shell

NOBODY = (
    "Not sent: CometMagics.confirm is on, and this front end cannot ask you.\n"
    "%config CometMagics.confirm = False sends without asking."
)
PRICES = "%config CometMagics.prices = {'gpt-4o-mini': {'per_request': 0.02}}"


class Typist:
    """Answers what is asked.

    Attributes:
        answer: What is typed.
        asked: The questions.
    """

    def __init__(self) -> None:
        self.answer = ""
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return self.answer


@pytest.fixture
def typist(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Typist:
    """Somebody at the terminal of the shell, where a question is asked before each request."""
    typist = Typist()
    monkeypatch.setattr("builtins.input", typist)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    shell.run("%config CometMagics.confirm = True")
    return typist


@pytest.mark.parametrize("answer", ["y", " YES "])
def test_yes_sends(shell: Shell, heard: Heard, typist: Typist, answer: str) -> None:
    """The question says how many, to whom, and about how much, if all of that is known."""
    typist.answer = answer
    shell.run(PRICES)
    assert shell.run("%%comet gpt-4o-mini\nHello").success
    assert shell.run("%%comet gpt-4o-mini gpt-4o\nHello").success
    first, second = typist.asked
    assert first.startswith("Send 1 request to 127.0.0.1:")
    assert first.endswith(", about $0.02? [y/N] ")
    assert second.startswith("Send 2 requests to 127.0.0.1:")
    assert "$" not in second
    assert len(heard.bodies) == 3


@pytest.mark.parametrize("answer", ["", "n", "no", "yesterday"])
def test_anything_else_does_not(shell: Shell, heard: Heard, typist: Typist, answer: str) -> None:
    """The cell fails, nothing is sent, shown or bound, and no place in the budget is taken."""
    typist.answer = answer
    shell.run("%config CometMagics.budget_requests = 1")
    result = shell.run("%%comet gpt-4o-mini -o g\nHello")
    said = shell.printed()
    assert type(result.error_in_exec) is comet.CometError
    assert "Not sent: you did not agree." in said
    assert "queued" not in said
    assert "g" not in shell.ip.user_ns
    assert heard.bodies == []
    typist.answer = "y"
    assert shell.run("%%comet gpt-4o-mini -o g\nHello").success


def test_the_budget_comes_first(shell: Shell, typist: Typist) -> None:
    """Nobody is asked about what cannot be sent."""
    shell.run("%config CometMagics.budget_requests = 0")
    assert isinstance(shell.run("%%comet\nA cat").error_in_exec, comet.BudgetError)
    assert typist.asked == []


def test_the_demo_is_not_asked_about(
    shell: Shell, typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs nothing."""
    monkeypatch.delenv("COMETAPI_BASE_URL")
    assert shell.run("%%comet gpt-4o-mini\nHello").success
    assert typist.asked == []


def test_functions_do_not_ask(shell: Shell, heard: Heard, typist: Typist) -> None:
    """It is for cells and panels: a script that sends has been told to."""
    comet.generate("Hello", model="gpt-4o-mini")
    assert typist.asked == []
    assert len(heard.bodies) == 1


def test_a_script_is_not_asked(
    shell: Shell, heard: Heard, typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal the next line of its input is no answer; it says what to set."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    result = shell.run("%%comet\nA cat")
    assert type(result.error_in_exec) is comet.CometError
    assert str(result.error_in_exec) == NOBODY
    assert not typist.asked
    assert not heard.bodies


def test_a_kernel_knows_whether_it_can_ask(
    shell: Shell, heard: Heard, typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no terminal, and asks its front end; one that cannot is known when it is asked."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    kernel = SimpleNamespace(kernel=object())
    typist.answer = "y"
    consent.ask(kernel, "Send it?")
    assert typist.asked == ["Send it? [y/N] "]
    typist.answer = "n"
    with pytest.raises(comet.CometError) as caught:
        consent.ask(kernel, "Send it?")
    assert str(caught.value) == (
        "Not sent: you did not agree. Run the cell again to be asked again."
    )
    for missing in (StdinNotImplementedError, EOFError):
        monkeypatch.setattr("builtins.input", raising(missing))
        with pytest.raises(comet.CometError) as caught:
            consent.ask(kernel, "Send it?")
        assert str(caught.value) == NOBODY


def raising(error: type[Exception]) -> Callable[[str], str]:
    """A front end that cannot ask."""

    def ask(question: str) -> str:
        raise error

    return ask


def test_an_interrupt_is_an_answer(
    shell: Shell, heard: Heard, monkeypatch: pytest.MonkeyPatch, typist: Typist
) -> None:
    """It ends the cell, and nothing was sent."""

    def interrupt(question: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupt)
    shell.run("%%comet\nA cat")
    assert "KeyboardInterrupt: nothing was sent" in shell.printed()
    assert heard.bodies == []


def test_a_panel_asks_for_a_second_press(shell: Shell, heard: Heard, typist: Typist) -> None:
    """The question stands below the button and takes no place; another request is another one."""
    shell.run(f"{PRICES}\n%config CometMagics.budget_requests = 2")
    one = panel()
    one.model, one.prompt = "gpt-4o-mini", "Hello"
    with pytest.raises(comet.CometError, match=r"about \$0.02\? Press again to send it"):
        one.generate()
    one.prompt = "Hello again"
    one._generate.click()
    assert "Press again to send it." in one._problem.value
    assert heard.bodies == []
    assert one.generate().result().prompt == "Hello again"
    with pytest.raises(comet.CometError, match="Press again"):
        one.generate()
    assert len(heard.bodies) == 1
    one.close()


def test_what_is_stopped_before_it_begins_takes_no_place(shell: Shell, heard: Heard) -> None:
    """A panel's request gives up its place in the budget at its end, whatever that is."""
    request, settings = prepare(
        "Hello", model="m", system=None, images=(), history=None, options={}
    )
    ledger = session.current().ledger
    (seat,) = ledger.take([Need.of("m", {}, None)], Budget(requests=1))
    draft = Draft("Hello", "m")
    run = Run(draft, request, settings, lambda _: None, lambda _: None, seat=seat)
    run.stop()
    run.start()
    with pytest.raises(CancelledError):
        run.future.result(timeout=10)
    assert ledger.take([seat.need], Budget(requests=1))
    assert not heard.bodies


def test_a_panel_has_the_budget_of_its_kernel(shell: Shell, heard: Heard) -> None:
    """What is refused is said below the button, and leaves nothing in the gallery."""
    shell.run("%config CometMagics.budget_requests = 1")
    one = panel()
    one.model, one.prompt = "gpt-4o-mini", "Hello"
    one.generate().result()
    one._generate.click()
    assert "budget of 1 request is used up" in one._problem.value
    with pytest.raises(comet.BudgetError):
        one.generate()
    assert len(heard.bodies) == len(one.generations) == 1
    one.close()
