"""The lessons can be solved: each solution that is hidden in a notebook satisfies its check."""

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.kernel.real.kernel import clean_environment

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
LESSONS = sorted(NOTEBOOKS.glob("lesson_*.ipynb"))
_SOLUTION = re.compile(
    r"<details><summary>A solution</summary>\n\n```\n(.+?)\n```\n\n</details>", re.DOTALL
)
_HINT = "<details><summary>Hint</summary>"
_MOST_BYTES = 700_000


def read(path: Path) -> Any:
    """The notebook at `path`."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def is_exercise(cell: Any) -> bool:
    """Whether a student writes into this cell."""
    return "exercise" in cell.metadata.get("tags", ())


def is_check(cell: Any) -> bool:
    """Whether this cell says how an exercise stands."""
    return bool(cell.cell_type == "code" and cell.source.startswith("# The check of"))


def said(cell: Any) -> str:
    """What the cell printed."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_there_are_five_lessons() -> None:
    """Numbered from 1, in this order."""
    assert [path.stem.split("_")[1] for path in LESSONS] == list("12345")


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_exercise_has_a_hint_a_solution_and_a_check(path: Path) -> None:
    """In this order: the task with both hidden, the cell to write into, the check."""
    cells = read(path).cells
    places = [place for place, cell in enumerate(cells) if is_exercise(cell)]
    assert len(places) >= 2
    assert len(places) == sum(map(is_check, cells))
    for place in places:
        task = cells[place - 1].source
        assert _HINT in task
        assert _SOLUTION.search(task)
        assert is_check(cells[place + 1])
        assert said(cells[place + 1]).startswith("not yet: ")
    assert path.stat().st_size < _MOST_BYTES


@pytest.mark.parametrize(
    ("lesson", "number", "written", "says"),
    [
        (2, 1, {"better": "A dog in the desert in bright sunlight, anime"}, "solved"),
        (2, 2, {"styles": list("abcd"), "four": iter(())}, "list(comet.map(…)) makes a list"),
        (5, 2, {"holds_key": lambda text: re.search("sk-[A-Za-z0-9-]{10,}", text)}, "solved"),
        (5, 2, {"holds_key": lambda text: None}, "it returns nothing yet"),
    ],
)
def test_what_students_write_is_understood(
    lesson: int, number: int, written: dict[str, Any], says: str
) -> None:
    """Other ways to the same end are right, and a step that is missing is named."""
    checks = [cell.source for cell in read(LESSONS[lesson - 1]).cells if is_check(cell)]
    told: list[str] = []

    def check(*steps: tuple[object, str]) -> None:
        told.append(next((todo for done, todo in steps if not done), "solved"))

    exec(checks[number - 1], {"check": check, **written})
    assert says in told[0]


@pytest.mark.kernel
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_solution_satisfies_its_check(path: Path, tmp_path: Path) -> None:
    """With all solutions put into their cells the checks say so, and nothing else breaks."""
    notebook = read(path)
    for task, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
        if is_exercise(cell):
            solution = _SOLUTION.search(task.source)
            assert solution
            cell.source = solution[1]
    shutil.copytree(NOTEBOOKS / "recordings", tmp_path / "recordings")
    resources = {"metadata": {"path": str(tmp_path)}}
    environment = {**clean_environment(tmp_path), "COMET_DEMO_PACE": "0"}
    NotebookClient(notebook, timeout=60, resources=resources).execute(env=environment)
    checks = [said(cell).strip() for cell in notebook.cells if is_check(cell)]
    assert checks == ["solved ✓"] * len(checks)
