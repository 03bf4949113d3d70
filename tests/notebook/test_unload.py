"""What loading and use have set up is gone after `%unload_ext`, whatever was used."""

import gc
import logging
import signal
import sys
import threading
import warnings
import weakref
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.kernel import session
from comet_magic.settings import configuration
from tests.notebook.conftest import Shell

# What is imported stays imported, and values that the user holds are the user's.
_ROOMS = ("batch", "client", "kernel", "notebook", "recording", "settings")


def of_ours(value: object) -> bool:
    """Whether a function or an object comes from this package."""
    name = getattr(value, "__module__", None) or type(value).__module__
    return str(name).startswith("comet_magic.")


def on_loggers() -> Iterator[object]:
    """All filters and handlers of all loggers."""
    loggers = logging.root.manager.loggerDict.values()
    for logger in (logging.root, *loggers):
        if isinstance(logger, logging.Logger):
            yield from (*logger.filters, *logger.handlers)


def of_the_process() -> dict[str, Any]:
    """What a process has once, and what libraries like to change."""
    return {
        "warnings": list(warnings.filters),
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "hooks": (sys.excepthook, sys.unraisablehook, threading.excepthook, sys.displayhook),
        "imports": (list(sys.meta_path), list(sys.path_hooks), list(sys.path)),
    }


def of_the_shell(ip: Any) -> dict[str, Any]:
    """What an extension may add to a shell."""
    return {
        "magics": {kind: sorted(names) for kind, names in ip.magics_manager.magics.items()},
        "registry": sorted(ip.magics_manager.registry),
        "configurables": list(ip.configurables),
        "matchers": list(ip.Completer.custom_matchers),
        "events": {event: list(each) for event, each in ip.events.callbacks.items()},
        "transformers": (list(ip.input_transformers_post), list(ip.ast_transformers)),
        "formatters": {
            name: (set(formatter.type_printers), set(formatter.deferred_printers))
            for name, formatter in ip.display_formatter.formatters.items()
        },
    }


def living() -> Counter[str]:
    """How many objects of each class there are that work and do not just hold values."""
    gc.collect()
    names = (f"{type(each).__module__}.{type(each).__name__}" for each in gc.get_objects())
    rooms = tuple(f"comet_magic.{room}." for room in _ROOMS)
    return Counter(name for name in names if name.startswith(rooms))


def use(shell: Shell) -> None:
    """Everything that starts or registers something."""
    for code in (
        "%config CometMagics.max_retries = 1",
        "%%comet gpt-4o-mini\nHello",
        "%%comet gpt-4o-mini -c\nAnd again",
        "import comet_magic as comet",
        "list(comet.map(['a', 'b'], model='gpt-4o-mini', resume='run.jsonl'));",
        "comet.models();",
        "panel = %comet panel",
        "panel.model, panel.prompt = 'gpt-4o-mini', 'Hello'",
        "panel.generate().result(20);",
        "%comet record tape --append",
        "%%comet gpt-4o-mini\nHello",
    ):
        result = shell.run(code)
        assert result.success, result.error_in_exec


def test_nothing_of_ours_is_left(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the shell, in the process, on the loggers of libraries, and in memory."""
    monkeypatch.delenv("COMETAPI_BASE_URL")  # so the extension starts its own demo
    shell.run("%unload_ext comet_magic")
    process, threads = of_the_process(), set(threading.enumerate())
    shell.run("%load_ext comet_magic")
    use(shell)  # now all is imported that is used below
    shell.run("panel.close(); del panel")
    shell.run("%unload_ext comet_magic")
    of_shell, before = of_the_shell(shell.ip), living()

    shell.run("%load_ext comet_magic")
    states = weakref.ref(session.current()), weakref.ref(configuration.current())
    use(shell)
    assert of_the_shell(shell.ip) != of_shell
    shell.run("%unload_ext comet_magic")

    assert of_the_shell(shell.ip) == of_shell
    assert of_the_process() == process
    assert not set(threading.enumerate()) - threads
    assert not [each for each in on_loggers() if of_ours(each)]
    shell.run("panel.close(); del panel")
    assert living() - before == Counter()
    assert [state() for state in states] == [None, None]


def test_a_panel_that_is_used_after_it_is_told_again(shell: Shell) -> None:
    """Its page is still there; it says who answers as before."""
    shell.run("panel = %comet panel")
    panel = shell.ip.user_ns["panel"]
    shell.run("%unload_ext comet_magic")
    assert not [each for each in shell.ip.events.callbacks["post_run_cell"] if of_ours(each)]
    panel.model, panel.prompt = "gpt-4o-mini", "Hello"
    assert panel.generate().result(20).status is comet.Status.COMPLETE
    shell.run("%load_ext comet_magic")
    shell.run("%comet demo on")
    assert "the demo on this machine" in panel.children[2].value
    panel.close()
    assert not [each for each in shell.ip.events.callbacks["post_run_cell"] if of_ours(each)]


def test_what_was_to_be_loaded_in_the_background_is_not(shell: Shell) -> None:
    """A thread of ours would go on behind the end."""
    shell.run("%unload_ext comet_magic")
    assert not [each for each in threading.enumerate() if each.name == "comet_magic warm-up"]
