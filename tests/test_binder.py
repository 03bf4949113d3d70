"""Binder opens what the README's badges promise, with what it is given to install."""

import os
import re
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
BINDER = ROOT / "binder"


def test_the_links_lead_to_notebooks_that_are_there() -> None:
    """To a lesson in JupyterLab, and to the panel under Voilà."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"mybinder\.org/v2/gh/[^)\s]+\?urlpath=([^)\s]+)", readme))
    assert targets == {
        "lab/tree/notebooks/lesson_1_first_picture.ipynb",
        "voila/render/notebooks/panel.ipynb",
    }
    for target in targets:
        assert (ROOT / "notebooks" / target.rpartition("/")[2]).is_file()


def test_the_package_is_installed_from_the_repository() -> None:
    """With a `binder` folder repo2docker does not install `pyproject.toml` by itself.

    A bare `.` is not taken for a local path: then `pip install` runs in an empty folder.
    """
    first, *others = requirements()
    assert first == "./"
    assert (BINDER / "runtime.txt").read_text(encoding="utf-8").strip() == "python-3.12"
    for line in others:
        (pin,) = Requirement(line).specifier
        assert pin.operator == "=="


def test_what_the_base_brings_is_not_pinned() -> None:
    """Its JupyterLab, kernel and widgets fit each other, and its hub."""
    names = {Requirement(line).name for line in requirements()[1:]}
    assert "voila" in names
    assert not names & {"jupyterlab", "notebook", "ipykernel", "ipywidgets", "jupyter-server"}


def test_there_is_nothing_that_binder_does_not_need() -> None:
    """What to install, on which Python, and what to do after that."""
    names = ["postBuild", "requirements.txt", "runtime.txt"]
    assert sorted(path.name for path in BINDER.iterdir()) == names
    assert os.access(BINDER / "postBuild", os.X_OK)


def requirements() -> list[str]:
    """The lines of `requirements.txt` that are no comments."""
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
