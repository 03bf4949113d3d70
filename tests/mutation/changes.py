"""The small changes that can be made to a piece of code, each of which some test should notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

KINDS = (
    "keyword", "comparison", "operand", "and/or", "string", "number", "boolean", "condition",
    "statement", "return",
)  # fmt: skip
# Keywords that change nothing that a test on this machine could see.
UNSEEN_KEYWORDS = {
    "daemon", "encoding", "flush", "maxsize", "slots", "stacklevel", "strict", "usedforsecurity",
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
# From here on a number is a limit or a size, for which a difference of 1 means nothing.
_LARGE = 100


@dataclass(frozen=True, slots=True)
class Change:
    """What can be changed in one node.

    Attributes:
        kind: One of `KINDS`.
        new: The node that replaces it.
        was: The code that is changed.
        now: What it becomes; empty if it is dropped.
    """

    kind: str
    new: ast.AST
    was: str
    now: str


def changes(node: ast.AST, field: str) -> Iterator[Change]:
    """All changes to a node, which hangs in this field of its parent."""
    for kind, new in _replacements(node, field):
        yield Change(kind, new, ast.unparse(node), ast.unparse(new))
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg and keyword.arg not in UNSEEN_KEYWORDS:
                call = copy.copy(node)
                call.keywords = [each for each in node.keywords if each is not keyword]
                yield Change("keyword", call, ast.unparse(keyword), "")


def _replacements(node: ast.AST, field: str) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left, [operator], right):
            yield "comparison", ast.Compare(left, [_COMPARISONS[type(operator)]()], right)
        case ast.BoolOp(operator, values):
            other = ast.And() if isinstance(operator, ast.Or) else ast.Or()
            yield "and/or", ast.BoolOp(other, values)
            for value in values:
                others = [each for each in values if each is not value]
                yield "operand", ast.BoolOp(operator, others) if others[1:] else others[0]
        case ast.Constant(value):
            yield from ((kind, ast.Constant(new)) for kind, new in _values(value))
        case ast.Return(ast.expr() as value) if ast.unparse(value) != "None":
            yield "return", ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call() | ast.Await()):
            yield "statement", ast.Pass()
    if isinstance(node, ast.expr) and field in ("test", "guard", "ifs"):
        yield "condition", ast.UnaryOp(ast.Not(), node)


def _values(value: object) -> Iterator[tuple[str, bool | float | str]]:
    match value:
        case bool():
            yield "boolean", not value
        case int():
            new = (value * 2, value // 2) if value >= _LARGE else (value + 1, value - 1)
            yield from (("number", each) for each in new)
        case float():
            yield from (("number", each) for each in (value * 2, value / 2))
        case str():
            yield "string", f"{value[:-1]}XX{value[-1:]}"
            if len(value) > 1:
                yield "string", ""
