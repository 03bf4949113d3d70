"""`%comet usage`: shows the ledger, or writes it into a file."""

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from IPython.display import display

from ..kernel.session import current
from ..render.ledger import ledger_bundle
from ..render.words import count
from ..settings import configuration
from ..text import one_line, writable

_COLUMNS = (
    "started", "model", "endpoint", "status", "pictures", "total_tokens", "elapsed", "cost",
)  # fmt: skip
# What a spreadsheet takes for the beginning of a formula, and runs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run(shell: Any, file: str) -> None:
    """Shows what was used, or writes it into `file` if one is named.

    Raises:
        ValueError: The file cannot be written, or is there already.
    """
    ledger = current().ledger
    if file:
        said = _export([entry.record() for entry in ledger[:]], file)
        print(writable(said, sys.stdout))
        return
    bundle = ledger_bundle(ledger[:], ledger.used, configuration.current().budget)
    if hasattr(shell, "kernel"):
        display(bundle, raw=True)
    else:
        print(writable(bundle["text/plain"], sys.stdout))


def as_csv(records: Sequence[Mapping[str, Any]]) -> str:
    """Records as CSV (RFC 4180) with a header; what is not known is empty.

    A model's name can come from an endpoint. One that a spreadsheet would run as a formula has an
    apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS)
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in each.items()} for each in records)
    return out.getvalue()


def _safe(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(_FORMULA) else value


def _export(records: Sequence[Mapping[str, Any]], file: str) -> str:
    path = Path(file.strip("\"'"))
    if path.suffix.lower() != ".csv":
        raise ValueError(f"%comet usage takes a file whose name ends in .csv, not {one_line(file)}")
    try:
        path = path.expanduser()
        with path.open("x", encoding="utf-8", newline="") as out:
            out.write(as_csv(records))
    except FileExistsError:
        raise ValueError(f"{path} is there already and stays as it is; name another file") from None
    except (OSError, RuntimeError) as error:  # the second: `~name`, of whom no home is known
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"{path} cannot be written: {reason}") from error
    return f"{count(len(records), 'generation')} written to {path}"
