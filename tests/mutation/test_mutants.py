"""Which mutants a file has."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from .changes import KINDS
from .mutants import Mutant, mutants
from .running import ROOT
from .swapping import Functions

PACKAGE = ROOT / "comet_magic"


def of(tmp_path: Path, source: str) -> list[Mutant]:
    """The mutants of a file with this source."""
    path = tmp_path / "file.py"
    path.write_text(source)
    return list(mutants(path, tmp_path))


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("f(a, b=c)", "keyword", ["(f(a))"]),
        ("x = a < b", "comparison", ["x = (a <= b)"]),
        ("x = a or b", "and/or", ["x = (a and b)"]),
        ("x = a and b", "operand", ["x = (b)", "x = (a)"]),
        ("x = a or b or c", "operand", ["x = (b or c)", "x = (a or c)", "x = (a or b)"]),
        ("x = 'word'", "string", ["x = ('worXXd')", "x = ('')"]),
        ("x = f'a {b}'", "string", ["x = (f'aXX {b}')", "x = (f'{b}')"]),
        ("x = ''", "string", ["x = ('XX')"]),
        ("x = 7", "number", ["x = (8)", "x = (6)"]),
        ("x = 800", "number", ["x = (1600)", "x = (400)"]),
        ("x = True", "boolean", ["x = (False)"]),
        ("x = y if a else z", "condition", ["x = y if (not a) else z"]),
        ("if é:\n    f(a)", "statement", ["if é:\n    pass"]),
        ("def f():\n    return a", "return", ["def f():\n    return None"]),
    ],
)  # fmt: skip
def test_each_kind_of_change(tmp_path: Path, source: str, kind: str, expected: list[str]) -> None:
    """Only the changed code is another."""
    found = [each for each in of(tmp_path, source) if each.change.kind == kind]
    assert [(each.applied(source.encode()) or b"").decode() for each in found] == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "__all__ = ['a', 'b']",
        "x: 'Type'",
        "def f(a: 'Type') -> 'Type': ...",
        "x = TypeVar('x', bound='Type')",
        "x = Literal['a']",
        "@dataclass(frozen=True)\nclass A: ...",
        "@overload\ndef f(a=1): return 2",
        "if TYPE_CHECKING:\n    f(a)",
        "x = zip(a, b, strict=True)",
        "return None",
    ],
)  # fmt: skip
def test_what_no_test_could_see_stays(tmp_path: Path, source: str) -> None:
    """Types, docstrings, names for `import *`."""
    assert of(tmp_path, source) == []


def test_what_runs_at_import_is_known(tmp_path: Path) -> None:
    """A default value does; the body of a function does not."""
    source = "A = 1\ndef f(b=2):\n    return 3"
    assert {each.change.was: each.at_import for each in of(tmp_path, source)} == {
        "1": True, "2": True, "3": False, "return 3": False,
    }  # fmt: skip


def test_a_real_file_has_all_kinds() -> None:
    """Each mutant is Python, in the room of its file, and has a line to be shown in."""
    path = PACKAGE / "notebook" / "panel" / "wall.py"
    found = list(mutants(path, PACKAGE))
    assert {each.change.kind for each in found} == {*KINDS}
    for each in found:
        changed = each.applied(path.read_bytes())
        assert changed is None or ast.parse(changed)
        assert each.room == "notebook/panel"
        assert "\n" not in str(each)


@pytest.mark.parametrize(
    ("was", "now", "result"),
    [
        ("return 1", "return 2", 2),
        ("return (lambda: 1)()", "return (lambda: 2)()", 2),
        ("return 1", "return (lambda: 2)()", None),
        ("a = 1\n    return a", "a = 2\n    return a", 2),
    ],
    ids=["a function", "one in a function", "one more", "a variable"],
)
def test_functions_get_the_code_of_a_changed_file(
    tmp_path: Path, was: str, now: str, result: int | None
) -> None:
    """Those of this file alone; not if the file has other functions than before."""
    path = str(tmp_path / "file.py")
    sources = [f"def changed():\n    {body}\n" for body in (was, now)]
    module: dict[str, Callable[[], int]] = {}
    other: dict[str, Callable[[], int]] = {}
    exec(compile(sources[0], path, "exec"), module)
    exec(compile(sources[0], f"{path}x", "exec"), other)
    old, new = (source.encode() for source in sources)
    assert Functions().swap(path, old, new) is (result is not None)
    assert (module["changed"](), other["changed"]()) == (result or 1, 1)


def test_a_function_that_loses_a_variable_around_it_is_not_swapped(tmp_path: Path) -> None:
    """It cannot be given such code."""
    path = str(tmp_path / "file.py")
    sources = [
        f"def outer(a):\n    def inner():\n        return {body}\n    return inner\nkept = outer(1)"
        for body in ("a", "2")
    ]
    module: dict[str, Callable[[], int]] = {}
    exec(compile(sources[0], path, "exec"), module)
    old, new = (source.encode() for source in sources)
    assert not Functions().swap(path, old, new)
    assert module["kept"]() == 1
