"""Binder opens what the README's badge promises."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_badge_leads_to_a_notebook_that_is_there() -> None:
    """Its link names a file of the repository."""
    (target,) = re.findall(
        r"mybinder\.org/v2/\S+urlpath=lab/tree/([^)\s]+)", (ROOT / "README.md").read_text()
    )
    assert (ROOT / target).is_file()


def test_the_package_is_installed_from_the_repository() -> None:
    """With a `binder` folder repo2docker does not install `pyproject.toml` by itself.

    A bare `.` is not taken for a local path: then `pip install` runs in an empty folder.
    """
    lines = (ROOT / "binder" / "requirements.txt").read_text().splitlines()
    assert "./" in lines
    assert (ROOT / "binder" / "runtime.txt").read_text().strip() == "python-3.12"
