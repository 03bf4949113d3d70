"""Opens files of the user, with an error that helps if there is none."""

import difflib
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# File names that are compared with a misspelt one.
_MOST_NAMES = 10_000


@contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """Opens the file at `path`, in which `~` is the user's home.

    Raises:
        ValueError: There is no such file, or it cannot be read; the text says which.
    """
    try:
        path = path.expanduser()
        if path.is_dir():
            raise ValueError("a folder; name a file in it")
        if not path.is_file():
            raise ValueError(_missing(path))
        with path.open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                raise ValueError("the file is empty")
            yield file
    except OSError as error:
        raise ValueError(f"the file cannot be read ({error.strerror or error})") from error
    except RuntimeError as error:  # the user has no home
        raise ValueError(str(error)) from error


def _missing(path: Path) -> str:
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    with os.scandir(folder) as entries:
        names = [entry.name for entry in itertools.islice(entries, _MOST_NAMES)]
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(path.name.casefold(), folded, n=1)
    hint = f"; did you mean {path.with_name(folded[close[0]])}?" if close else ""
    return f"there is no such file in {folder}{hint}"
