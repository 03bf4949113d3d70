"""Mutants: copies of a file of the package with one small change."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .changes import UNSEEN_KEYWORDS, Change, changes

_UNSEEN_DECORATORS = re.compile(r"(functools\.)?(cache|dataclass|lru_cache|overload)\b")
_TYPE_FORMS = {"Annotated", "Literal", "NewType", "ParamSpec", "TypeVar"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one file.

    Attributes:
        file: The path in the package, with slashes.
        lines: The lines of the changed code, from 1; tests that run one of them run it.
        at_import: Whether it runs when the module is imported, or only once in a process.
        change: The change.
        start: The first byte to replace.
        end: The byte behind them.
        text: What replaces them.
    """

    file: str
    lines: range
    at_import: bool
    change: Change
    start: int
    end: int
    text: str

    @property
    def room(self) -> str:
        """The folder of the file; the panel is a room of its own, and so is the package's top."""
        folders = self.file.split("/")[:-1]
        return "/".join(folders[:2] if folders[1:2] == ["panel"] else folders[:1]) or "top"

    def applied(self, source: bytes) -> bytes | None:
        """The changed file; None if that is no Python, or means the same."""
        new = source[: self.start] + self.text.encode() + source[self.end :]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                tree = ast.parse(new)
                compile(new, self.file, "exec")
        except (SyntaxError, SyntaxWarning):
            return None
        return new if ast.dump(tree) != ast.dump(ast.parse(source)) else None

    def __str__(self) -> str:
        shown = _shortened(self.change.was, self.change.now)
        return f"{self.file}:{self.lines.start}: {self.change.kind}: {shown}"


@dataclass(frozen=True, slots=True)
class _Place:
    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(path: Path, package: Path) -> Iterator[Mutant]:
    """All mutants of a file."""
    source = path.read_bytes()
    tree = ast.parse(source)
    file = path.relative_to(package).as_posix()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for span, is_late, change, text in _texts(tree):
        last = span.end_lineno or span.lineno
        yield Mutant(
            file,
            range(span.lineno, last + 1),
            not is_late,
            change,
            starts[span.lineno - 1] + span.col_offset,
            starts[last - 1] + (span.end_col_offset or 0),
            text,
        )


def _texts(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, bool, Change, str]]:
    """The code to replace, whether it runs after the import, the change, and the new code."""
    places = {id(child): place for child, place in _places(tree)}
    unseen = {id(inner) for node in ast.walk(tree) for inner in _unseen(node)}
    for node in [each for each in ast.walk(tree) if id(each) in places.keys() - unseen]:
        above = list(_above(node, places))
        # Python 3.11 does not know where the parts of an f-string are: it is replaced whole.
        strings = [each.parent for each in above if isinstance(each.parent, ast.JoinedStr)]
        span = strings[-1] if strings else node
        inside = [
            each.parent
            for each in above
            if isinstance(each.parent, _FUNCTIONS) and each.field == "body"
        ]
        is_late = bool(inside) and not any(map(_is_cached, inside))
        for change in changes(node, above[0].field):
            above[0].put(change.new)
            with suppress(ValueError):  # what no f-string of Python 3.11 can hold
                text = ast.unparse(change.new if span is node else span)
                assert isinstance(span, ast.expr | ast.stmt)
                yield span, is_late, change, text if isinstance(span, ast.stmt) else f"({text})"
            above[0].put(node)


def _is_cached(function: ast.AST) -> bool:
    decorators = getattr(function, "decorator_list", ())
    return any(re.match(r"(functools\.)?(lru_)?cache\b", ast.unparse(each)) for each in decorators)


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, _Place]]:
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    yield child, _Place(node, field, index if isinstance(value, list) else None)


def _above(node: ast.AST, places: Mapping[int, _Place]) -> Iterator[_Place]:
    while place := places.get(id(node)):
        yield place
        node = place.parent


def _unseen(node: ast.AST) -> Iterator[ast.AST]:
    """What no test could see: docstrings, types, `__all__`, and what decorators save."""
    match node:
        case ast.Expr(ast.Constant(str())):
            yield from ast.walk(node)
        case ast.arg(annotation=ast.AST() as types) | ast.AnnAssign(annotation=types):
            yield from ast.walk(types)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            for types in [getattr(node, "returns", None), *getattr(node, "bases", ())]:
                yield from ast.walk(types) if types else ()
            for decorator in node.decorator_list:
                if name := _UNSEEN_DECORATORS.match(ast.unparse(decorator)):
                    yield from ast.walk(node if name[2] == "overload" else decorator)
        case ast.Assign([ast.Name("__all__" | "__slots__" | "__match_args__")]):
            yield from ast.walk(node)
        case ast.If(ast.Name("TYPE_CHECKING")):
            yield from ast.walk(node)
        case ast.keyword(name) if name in UNSEEN_KEYWORDS:
            yield from ast.walk(node)
        case ast.Call(ast.Name("cast"), [types, *_]):
            yield from ast.walk(types)
        case ast.Call(ast.Name(name)) | ast.Subscript(ast.Name(name)) if name in _TYPE_FORMS:
            yield from ast.walk(node)


def _shortened(was: str, now: str) -> str:
    """Both texts as a diff in one line; of long ones where they differ."""
    same = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
    start = max(0, same - 40)
    old, new = (" ".join(text[start : start + 120].split()) for text in (was, now))
    return f"-{old} +{new}"
