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
    "counted_tokens", "counted_cost", "is_estimate",
)  # fmt: skip
# A spreadsheet runs text that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run(shell: Any, file: str) -> None:
    """Shows the usage of this kernel, or writes it to `file` if one is named.

    Raises:
        ValueError: The file exists already, or cannot be written.
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
    """Records as CSV (RFC 4180) with a header; unknown values are empty.

    The name of a model can come from an endpoint, so a name that a spreadsheet would run as a
    formula gets an apostrophe before it.
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
        raise ValueError(f"{path} exists, and is not overwritten; name another file") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a `~name` without a known home
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"{path} cannot be written: {reason}") from error
    return f"{count(len(records), 'generation')} written to {path}"
