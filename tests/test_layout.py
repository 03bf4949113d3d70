"""The layers: a file imports only from files above it, and late only where that is meant."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "comet_magic"

# From the top down. A folder stands for its files, which import each other without circles.
ORDER = [
    "text", "interpolate", "errors", "addresses", "displays", "editing", "protocol", "prices",
    "budget", "pixels", "media", "archive", "generation", "gallery", "records", "ledger", "inputs",
    "conversation", "key", "settings", "configuration", "client", "recording", "interrupts",
    "workers", "runtime", "kernel_loop", "session", "taping", "api", "batch", "render", "notebook",
]  # fmt: skip
# It reads the wire on its own, so that it cannot share a mistake with the client.
APART = "demo"
# The lazy public names and the extension's entry points.
MAY_IMPORT_LATE = {"__init__.py"}

FILES = sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    """The entry of ORDER that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> list[tuple[str, bool]]:
    """The modules of the package that a file imports, as dotted names; True for a late import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    package = ["comet_magic", *path.relative_to(PACKAGE).parent.parts]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node in late) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
            found += [(module, node in late), *((name, node in late) for name in names)]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_from_above(path: Path) -> None:
    """A file imports from its own layer and the layers above it; the demo from itself alone."""
    if path.name == "__init__.py" and path.parent == PACKAGE:
        return
    own = layer(path)
    for name, _ in imported(path):
        parts = name.split(".")
        if parts[0] != "comet_magic" or len(parts) < 2:
            continue
        if own == APART:
            assert parts[1] == APART, f"{path} imports {name}"
        elif parts[1] in ORDER:
            assert ORDER.index(parts[1]) <= ORDER.index(own), f"{path} imports {name}"
        else:
            assert parts[1] == "__version__", f"{path} imports {name}, which has no place in ORDER"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_stand_at_the_top(path: Path) -> None:
    """No import hides in a function, but for the lazy public names."""
    if path.name in MAY_IMPORT_LATE:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{path}:{function.lineno}"


def test_files_of_a_folder_do_not_import_in_circles() -> None:
    """Inside each folder the imports can be put in an order, too."""
    graph = {
        ".".join(("comet_magic", *path.relative_to(PACKAGE).with_suffix("").parts)): {
            name for name, _ in imported(path)
        }
        for path in FILES
        if path.name != "__init__.py"
    }
    left = {name: {other for other in needs if other in graph} for name, needs in graph.items()}
    while left:
        free = {name for name, needs in left.items() if not needs & left.keys()}
        assert free, f"a circle among {sorted(left)}"
        left = {name: needs for name, needs in left.items() if name not in free}


def test_only_render_writes_html() -> None:
    """Markup is written in `render` and in the demo's own pages, nowhere else."""
    for path in FILES:
        if layer(path) in ("render", APART):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "</" not in node.value, f"{path}:{node.lineno}"
