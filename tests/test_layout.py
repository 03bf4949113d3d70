"""The rooms: what each of them may import, what is imported late, and that nothing goes in circles.

A room is a folder of the package, or a module beside them. Every import counts: at the top of a
file, inside a function, for types alone, and by `import_module` with a name in it.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "comet_magic"
FILES = sorted(PACKAGE.rglob("*.py"))

# Room: the rooms that it stands on. It may import these, and what these may import.
ROOMS: Mapping[str, tuple[str, ...]] = {
    "text": (),
    "interpolate": (),
    "words": (),
    "hooks": (),
    "errors": ("text", "hooks"),
    "wire": ("errors",),
    "media": ("errors",),
    "money": ("errors", "words"),
    "families": ("wire", "media", "money"),
    "generation": ("families",),
    "settings": ("money",),
    "client": ("settings", "generation"),
    "recording": ("client",),
    "kernel": ("recording",),
    "inputs": ("generation",),
    "arguments": ("kernel",),
    "api": ("arguments", "inputs"),
    "batch": ("api", "interpolate"),
    "render": ("generation", "kernel"),
    "notebook": ("batch", "render"),
    # It reads the wire on its own, so that it cannot share a mistake with the client.
    "demo": (),
    "demo.painting": (),
}
# Rooms that another room enters only inside a function.
LATE_ROOMS: Mapping[str, tuple[str, ...]] = {"kernel": ("demo",)}

# What is imported inside a function: why it does not stand at the top.
LATE = {
    ("batch/bar.py", "IPython.display"): "a script may have no notebook",
    ("batch/bar.py", "ipywidgets"): "a script may have no notebook",
    ("batch/call.py", "resource"): "Windows has none",
    ("kernel/nested_job.py", "nest_asyncio"): "one of two packages, and only if the user wants it",
    ("kernel/nested_job.py", "nest_asyncio2"): "one of two packages, and only if the user wants it",
    ("kernel/session.py", "comet_magic.demo"): "0.2 s, and only the demo needs it",
    ("media/archive.py", "fcntl"): "Windows has none",
    ("media/archive.py", "msvcrt"): "only Windows has it",
    ("demo/__init__.py", "comet_magic.demo.server"): "0.2 s, and the demo's key needs none of it",
    ("notebook/extension.py", "comet_magic.kernel"): "0.5 s of httpx and Pillow: the warm-up",
    ("notebook/extension.py", "comet_magic.notebook.cell"): "0.5 s of Pillow: the warm-up",
    ("notebook/frontend.py", "psutil"): "it comes with ipykernel alone",
    ("notebook/magics.py", "comet_magic.kernel.session"): "0.3 s of httpx, not needed to load",
    ("notebook/magics.py", "comet_magic.notebook.cell"): "0.5 s, not needed to load",
    ("notebook/magics.py", "comet_magic.notebook.panel"): "0.5 s of widgets, not needed to load",
    ("notebook/magics.py", "comet_magic.notebook.references"): "0.2 s of Pillow, for Tab alone",
    ("notebook/magics.py", "comet_magic.notebook.report"): "0.4 s, not needed to load",
    ("notebook/magics.py", "comet_magic.notebook.usage"): "0.4 s, not needed to load",
    ("notebook/options.py", "difflib"): "1 ms of the 10 that loading takes",
    ("settings/configuration.py", "keyring"): "an optional package",
    ("settings/settings.py", "comet_magic.money.budget"): "a tenth of what loading takes",
    ("settings/kinds.py", "comet_magic.money.prices"): "a tenth of what loading takes",
}
# The lazy public names and the extension's entry points; the two hooks are set here.
ENTRANCE = PACKAGE / "__init__.py"
# Its imports are for types alone.
HOOKS = PACKAGE / "hooks.py"


@dataclass(frozen=True)
class Imported:
    """One name that a file imports; `module` is where it is found."""

    module: str
    line: int
    is_late: bool


def dotted(path: Path) -> str:
    """`comet_magic.media.images` for its file."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in FILES}


def imports(path: Path) -> Iterator[Imported]:
    """Everything that a file imports, by whatever way."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    late = {id(inner) for function in functions for inner in ast.walk(function)}
    package = ["comet_magic", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [
                name if (name := f"{module}.{alias.name}") in MODULES else module
                for alias in node.names
            ]
        elif isinstance(node, ast.Call) and _is_import_module(node):
            names = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
        for name in dict.fromkeys(names):
            line = getattr(node, "lineno", 0)
            yield Imported(name, line, id(node) in late)


def _is_import_module(call: ast.Call) -> bool:
    function = call.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name in ("import_module", "__import__")


def room(module: str) -> str | None:
    """The room that a module stands in; None if it is not ours, or is the package itself."""
    first, *parts = module.split(".")
    if first != "comet_magic" or not parts:
        return None
    return "demo.painting" if parts[:2] == ["demo", "painting"] else parts[0]


def allowed(name: str) -> set[str]:
    """The room itself and all that it stands on."""
    found = {name}
    for below in ROOMS[name]:
        found |= allowed(below)
    return found


def names(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=names)
def test_a_room_imports_only_what_its_table_allows(path: Path) -> None:
    """A file imports from its own room and from those that this stands on."""
    if path in (ENTRANCE, HOOKS):
        return
    own = room(dotted(path)) or ""
    assert own in ROOMS, f"{path} stands in no room"
    for each in imports(path):
        other = room(each.module)
        if other is None or (each.is_late and other in LATE_ROOMS.get(own, ())):
            continue
        if own == "demo" and other == "demo.painting":
            continue
        assert other in allowed(own), f"{path}:{each.line}: {own} imports {each.module}"


@pytest.mark.parametrize("path", FILES, ids=names)
def test_late_imports_have_a_reason(path: Path) -> None:
    """No import hides in a function, but for those in the table; none is made of a text."""
    if path == ENTRANCE:
        return
    for each in imports(path):
        known = {(names(path), each.module), (names(path), each.module.rpartition(".")[0])}
        assert not each.is_late or known & LATE.keys(), f"{path}:{each.line}: {each.module}"


def test_no_late_import_is_listed_in_vain() -> None:
    """What the table of late imports names is there."""
    late = {
        (names(path), module)
        for path in FILES
        for each in imports(path)
        if each.is_late
        for module in (each.module, each.module.rpartition(".")[0])
    }
    assert LATE.keys() <= late


def test_the_hooks_import_for_types_alone() -> None:
    """Nothing that `hooks` imports from above is imported at run time."""
    tree = ast.parse(HOOKS.read_text(encoding="utf-8"))
    guarded = {
        id(inner) for node in tree.body if isinstance(node, ast.If) for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("comet_magic"):
            assert id(node) in guarded


def test_no_files_stand_in_a_circle() -> None:
    """All files can be put in an order in which each imports only from those before it."""
    left = {
        name: {each.module for each in imports(path)} - {name}
        for name, path in MODULES.items()
        if path not in (ENTRANCE, HOOKS)
    }
    while left:
        free = {name for name, needs in left.items() if not needs & left.keys()}
        assert free, f"a circle among {sorted(left)}"
        left = {name: needs for name, needs in left.items() if name not in free}


def test_a_public_class_name_means_one_thing() -> None:
    """No two public classes have one name; the demo apart, which shares nothing."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        if (room(dotted(path)) or "").startswith("demo"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(names(path))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_only_render_writes_html() -> None:
    """Markup is written in `render` and in the demo's own pages, nowhere else."""
    for path in FILES:
        if room(dotted(path)) in ("render", "demo", "demo.painting"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "</" not in node.value, f"{path}:{node.lineno}"
