"""`python -m tests.mutation`: changes the package in small ways, and looks whether a test fails.

    python -m tests.mutation --sample 150 --seed 7 [--room render] [--data FOLDER]

It needs the extra `dev`, and forks: Linux or macOS. Takes a random sample of mutants of
`comet_magic` (the painter apart), all of lines that some test runs, and runs for each the tests
that run its line, those of its own file and room first, in a copy of the tree. A test that never
ends fails too. Prints the mutants that lived, and the share that was killed by room and by kind.
Some mutants mean the same as the original: a share of 100 % is out of reach.

The unit tests alone are run; those on real kernels and in browsers kill a few more. Which lines
each test runs is measured once, in about ten minutes, and kept in a folder for temporary files:
afterwards only files of tests that have changed are measured again, or all if lines of the package
have moved or what tests share has changed. A run of 150 takes about 20 minutes.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from .changes import KINDS
from .measuring import Measured
from .mutants import Mutant, mutants
from .running import Tree


def main() -> None:
    """Runs a sample, and prints what lived and the shares."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    kept = Path(tempfile.gettempdir()) / "comet_magic-mutation"
    parser.add_argument("--sample", type=int, default=150, help="number of mutants; default: 150")
    parser.add_argument("--seed", type=int, default=0, help="another sample for each; default: 0")
    parser.add_argument("--room", default="", help="a folder or file of the package; default: all")
    parser.add_argument("--kind", choices=KINDS, help="default: all, equally often")
    parser.add_argument("--data", type=Path, default=kept, help=f"default: {kept}")
    parser.add_argument("--seconds", type=float, default=30, help="of tests a mutant; default: 30")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="comet_magic-mutation-") as folder,
        Tree(Path(folder)) as tree,
    ):
        measured = Measured(options.data, tree)
        chance = random.Random(options.seed)
        tree.park(sorted({test.partition("::")[0] for test in measured.seconds}))
        known = sorted(chance.sample(sorted(measured.seconds), min(100, len(measured.seconds))))
        same = (tree.package / "__init__.py").read_bytes()
        if not tree.test("__init__.py", same, known, 900, at_import=False):
            sys.exit(f"tests fail without any change:\n{tree.output.read_text()}")
        fates = []
        for mutant in _sample(tree.package, chance, options.room, options.kind):
            tests = measured.tests(mutant, options.seconds)
            changed = mutant.applied((tree.package / mutant.file).read_bytes())
            if changed is None or not tests:
                continue
            limit = 60 + 5 * sum(map(measured.seconds.__getitem__, tests))
            lives = tree.test(mutant.file, changed, tests, limit, at_import=mutant.at_import)
            if lives is None:
                continue
            fates.append((mutant, lives))
            print(f"{'LIVED ' if lives else 'killed'} {mutant}", flush=True)
            if len(fates) == options.sample:
                break
    _report(fates)


def _sample(package: Path, chance: random.Random, room: str, kind: str | None) -> Iterator[Mutant]:
    """Mutants by chance, of each kind as many."""
    kinds = defaultdict(list)
    for path in sorted(package.rglob("*.py")):
        file = path.relative_to(package).as_posix()
        if file.startswith(room) and not file.startswith("demo/painting/"):
            for mutant in mutants(path, package):
                kinds[mutant.change.kind].append(mutant)
    for found in kinds.values():
        chance.shuffle(found)
    names = [kind] if kind else sorted(kinds)
    while names := [name for name in names if kinds[name]]:
        yield kinds[chance.choice(names)].pop()


def _report(fates: list[tuple[Mutant, bool]]) -> None:
    print("\nLived:", *(mutant for mutant, lives in fates if lives), sep="\n")
    for title, names in (
        ("room", [mutant.room for mutant, _ in fates]),
        ("kind", [mutant.change.kind for mutant, _ in fates]),
        ("all", ["all" for _ in fates]),
    ):
        print(f"\nkilled by {title}")
        lived = Counter(name for name, (_, lives) in zip(names, fates, strict=True) if lives)
        for name, count in sorted(Counter(names).items()):
            killed = count - lived[name]
            print(f"{name:<16} {killed:>4} of {count:<4} {killed / count:4.0%}")


if __name__ == "__main__":
    main()
