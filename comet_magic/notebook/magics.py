"""`%%comet` and `%comet`: options and defaults. They import the rest when it is needed."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Timer
from typing import Any

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand
from traitlets import (
    Bool,
    CFloat,
    CInt,
    Dict,
    Enum,
    Float,
    Int,
    TraitError,
    Unicode,
    default,
    observe,
    validate,
)  # fmt: skip

from ..errors import short_interrupt
from ..interpolate import interpolate
from ..kernel.interrupts import HeldInterrupt
from ..settings.configuration import Configuration
from ..settings.settings import SETTINGS, check_setting
from ..text import one_line, writable
from ..words import Word
from .complete import matcher
from .options import PARSER, as_usage_error, parse

# The settings of `%config`.
_CONFIG = {name: word for name, word in SETTINGS.items() if word.in_config}
_TRAITS = {"whole": CInt, "number": CFloat, "flag": Bool, "mapping": Dict}
# Without a default a number is not converted: 1.5 requests must not become 1.
_OR_NONE = {"whole": Int, "number": Float}
# JupyterLab waits one second for completions, and then offers none.
_PATIENCE = 0.7


def _traits() -> dict[str, Any]:
    """A trait for each setting, and its default in force where the environment can set that."""
    found: dict[str, Any] = {}
    for name, word in _CONFIG.items():
        found[name] = _trait(word).tag(config=True)
        if word.variable and word.default is not None:
            found[f"_default_{name}"] = default(name)(partial(_in_force, name=name))
    return found


def _trait(word: Word) -> Any:
    kind = word.kind.name
    if kind == "choice":
        return Enum(list(word.kind.choices), word.default, help=word.sentence)
    if kind in _OR_NONE and word.default is None:
        return _OR_NONE[kind](None, allow_none=True, help=word.sentence)
    if kind in _TRAITS:
        return _TRAITS[kind](word.default, help=word.sentence)
    return Unicode(str(word.default or ""), help=word.sentence)


def _in_force(magics: "CometMagics", *, name: str) -> object:
    return getattr(magics._configuration.settings(), name)


@magics_class
class CometMagics(Magics):
    """Defaults of comet_magic: `%config CometMagics.model = "…"`, or in `ipython_config.py`."""

    # In the body of a class `locals()` is its namespace.
    locals().update(_traits())

    def __init__(self, shell: Any, configuration: Configuration) -> None:
        self._configuration = configuration
        super().__init__(shell)
        self.matcher = matcher(self._known_models, self._known_pictures)
        self.warm_up: Timer | None = None

    @no_var_expand
    @cell_magic("comet")
    def comet_cell(self, line: str, cell: str) -> None:
        with _short_errors("the generation was stopped; what arrived is kept"):
            options = parse(line)
            prompt, system = cell.removesuffix("\n"), options.system
            if not prompt.strip():
                raise ValueError("the cell is empty: write the prompt below the line with %%comet")
            if not options.raw:
                prompt, system = self._interpolated(prompt), system and self._interpolated(system)
            # The import takes a moment, and ipykernel 6 would lose an interrupt in it: Python
            # ignores what is raised in its callback of the garbage collector.
            with HeldInterrupt():
                from .cell import run
            run(self.shell, options, prompt, system, lambda result: self._bind(result, options.out))

    comet_cell.__doc__ = f"""Sends the cell to a model and shows the answer as it arrives.

{PARSER.format_help()}
Put a value of several words in quotes: --system "Be brief."
In the cell, {{name}}, {{name.attr}} and {{name[key]}} are replaced by your variables.
Write {{{{ and }}}} for braces; all other braces stay.
%comet shows the settings in effect, %config CometMagics sets the defaults.
"""

    @no_var_expand
    @line_magic("comet")
    def comet_line(self, line: str) -> Any:
        """Shows the settings in effect, and changes them.

        %comet                shows endpoint or demo, key source, model and totals
        %comet login          asks for the key and keeps it in this kernel only
        %comet models [TEXT]  lists the models with TEXT in their id, with prices if known
        %comet usage          shows the usage since the extension was loaded, and the budget
        %comet usage FILE.csv writes the usage to a new file
        %comet panel          shows a form and a gallery; `panel = %comet panel` names it
        %comet forget         drops the conversation that -c continues
        %comet demo on|off    uses the demo always, or never
        %comet record FILE    records requests and answers; `--append` adds to FILE
        %comet record stop    ends the recording
        %comet replay FILE    answers from FILE and sends nothing; `--speed 4` or `max` is faster
        %comet replay stop    ends the replay
        """
        with _short_errors("it was stopped before it had finished"):
            words = line.split()
            if words == ["panel"]:
                from .panel import panel

                return panel()
            if words[:1] == ["usage"]:
                file = line.strip().removeprefix("usage").strip()
                from .usage import run as run_usage

                return run_usage(self.shell, file)
            try:
                from .report import run as run_report

                said = run_report(words)
                print(writable(said, sys.stdout))
            except LookupError:
                raise ValueError(
                    f"%comet {one_line(line, 60)} is unknown; %comet takes panel, login, "
                    "models [TEXT], usage [FILE.csv], forget, demo on|off, "
                    "record FILE [--append]|stop, or replay FILE [--speed N|max]|stop; "
                    "a prompt stands below %%comet"
                ) from None
            return None

    @observe(*_CONFIG)
    def _configure(self, change: Any) -> None:
        self._configuration.values[change["name"]] = change["new"]

    @validate(*_CONFIG)
    def _checked(self, proposal: Any) -> Any:
        try:
            check_setting(proposal["trait"].name, proposal["value"])
        except ValueError as error:
            raise TraitError(str(error)) from error
        return proposal["value"]

    def _interpolated(self, text: str) -> str:
        text, unknown = interpolate(text, self.shell.user_ns)
        if unknown:
            print(writable(_unknown_names(unknown), sys.stdout))
        return text

    def _bind(self, generation: Any, name: str | None) -> None:
        self.shell.user_ns["_comet"] = generation
        if name:
            self.shell.user_ns[name] = generation

    def _known_models(self) -> list[str]:
        try:
            settings = self._configuration.settings()
        except ValueError:
            return []
        from ..kernel.session import current

        return current().lists.known_models(settings, _PATIENCE) or [settings.model]

    def _known_pictures(self, beginning: str) -> list[str]:
        from .references import offered

        return offered(beginning, self.shell.user_ns)


def _unknown_names(names: Sequence[str]) -> str:
    """One line, whatever the number: a pasted formula or style sheet has dozens of names."""
    shown = ", ".join(f"{{{one_line(name, 60)}}}" for name in names[:4])
    if len(names) == 1:
        return f"Note: {shown} is no variable here; it is sent as written."
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"Note: {shown}{more} are no variables here; they are sent as written."


@contextmanager
def _short_errors(stopped: str) -> Iterator[None]:
    """Shortens the tracebacks of wrong arguments and of interrupts to their message.

    Args:
        stopped: The message of an interrupt that has none of its own.
    """
    try:
        yield
    except (ValueError, TypeError) as error:
        raise as_usage_error(error) from error
    except KeyboardInterrupt as stop:
        # An interrupt can arrive while the first cell still imports modules.
        raise stop if hasattr(stop, "_render_traceback_") else short_interrupt(stopped) from stop
