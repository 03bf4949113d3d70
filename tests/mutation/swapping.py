"""Gives the functions of a module new code, in the process that has imported it."""

import gc
from collections import defaultdict
from collections.abc import Iterator
from types import CodeType, FunctionType


class Functions:
    """All functions of this process, by the files that they come from."""

    def __init__(self) -> None:
        self._by_file: dict[str, list[FunctionType]] = defaultdict(list)
        for each in gc.get_objects():
            if isinstance(each, FunctionType):
                self._by_file[each.__code__.co_filename].append(each)

    def swap(self, path: str, old: bytes, new: bytes) -> bool:
        """Replaces the code of functions by that of a changed file; whether that is possible.

        It is not if a function has no longer the variables that it had from around it.
        """
        before, after = (list(_codes(compile(each, path, "exec"))) for each in (old, new))
        if [code.co_qualname for code in before] != [code.co_qualname for code in after]:
            return False
        changed = {one: two for one, two in zip(before, after, strict=True) if one != two}
        try:
            for function in self._by_file[path]:
                function.__code__ = changed.get(function.__code__, function.__code__)
        except ValueError:
            return False
        return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)
