"""The API key: where it is found, and how it is kept hidden."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Self

from .pasted import is_blank, key_in

# A shorter beginning of a key can be a word: `token`.
_LEAST = 8
# A shorter text is no key, and could stand anywhere.
_SHORTEST = 4
KEY_VARIABLES = ("COMETAPI_KEY", "COMETAPI_API_KEY")


class ApiKey:
    """A key that shows in no repr, in no traceback's variables and in no pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str, source: str) -> None:
        """Takes the key as it was found: with its variable's name, quotes, `Bearer` around it.

        Raises:
            ValueError: It has a character that no key has. The text does not show the key; it
                names `source`, where the key was found.
        """
        was_blank = is_blank(text)
        text = key_in(text)
        is_bare = text.isascii() and text.isprintable() and not set(text) & set(" \"'\\")
        if not is_bare or not (text or was_blank):
            text = ""  # `%xmode Verbose` shows the variables of every frame
            raise ValueError(
                f"the key from {source} has a space, a line break, a quote or a special character "
                "in it, or is only words around a key; copy it again, alone"
            )
        self._text = text

    def header(self) -> str:
        """The value of `Authorization`."""
        return f"Bearer {self._text}"

    def hide_in(self, text: str) -> str:
        """`text` with `[key]` in place of the key: servers quote what they were sent.

        So is the beginning of the key where the text was cut: at its end, or before `…`.
        """
        text = self._replaced(text, lambda _: "[key]")
        if self._text[:_LEAST] in text:
            for size in range(len(self._text) - 1, _LEAST - 1, -1):
                beginning = self._text[:size]
                text = text.replace(f"{beginning}…", "[key]…")
                if text.endswith(beginning):
                    text = f"{text.removesuffix(beginning)}[key]"
        return text

    def hide_in_bytes(self, data: bytes) -> bytes:
        """`data` with `[key]` in place of the key."""
        return self._replaced_in_bytes(data, lambda _: "[key]")

    def blot_out(self, data: bytes) -> bytes:
        """`data` with asterisks in place of the key, of the same length."""
        return self._replaced_in_bytes(data, lambda size: "*" * size)

    def _replaced_in_bytes(self, data: bytes, stand_in: Callable[[int], str]) -> bytes:
        # The key is ASCII, and in Latin-1 each byte is a character.
        return self._replaced(data.decode("latin-1"), stand_in).encode("latin-1")

    def _replaced(self, text: str, stand_in: Callable[[int], str]) -> str:
        """`text` with what `stand_in` returns for the length of the key in place of it."""
        if len(self._text) < _SHORTEST:
            return text
        text = text.replace(self._text, stand_in(len(self._text)))
        # As in JSON and Markdown, in HTML, and in addresses.
        if "\\" in text or "&#" in text or "%" in text:
            text = _spelled(self._text).sub(lambda found: stand_in(len(found[0])), text)
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "ApiKey(hidden)"

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("an API key is not pickled")


class HiddenEnvironment(Mapping[str, str]):
    """Environment variables, one of which may be a key; they do not show themselves in a repr."""

    __slots__ = ("_variables",)

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> str:
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def __repr__(self) -> str:
        return "HiddenEnvironment(hidden)"


def hide_key(arguments: Any) -> None:
    """Makes an `ApiKey` of the `api_key` in a dict of arguments, in place.

    An error about another argument can have all of them in its traceback.

    Raises:
        ValueError: The key is malformed; then the dict no longer holds it.
    """
    if isinstance(arguments.get("api_key"), str):
        arguments["api_key"] = ApiKey(arguments.pop("api_key"), "the argument api_key")


@cache
def _spelled(key: str) -> re.Pattern[str]:
    """Returns an expression for `key`, each of whose characters may be escaped."""
    characters = []
    for character in key:
        code, plain = f"{ord(character):x}", re.escape(character)
        characters.append(
            rf"(?:{plain}|\\\\{{0,3}}(?:{plain}|u00(?i:{code}))|%(?i:{code})"
            rf"|&#(?:0{{0,5}}{ord(character)}|[xX]0{{0,5}}(?i:{code}));)"
        )
    return re.compile("".join(characters))


def no_key() -> str | None:
    """The keyring of a system that has none."""
    return None


def find_key(
    arguments: Mapping[str, Any],
    configured: Mapping[str, Any],
    environment: Mapping[str, str],
    keyring: Callable[[], str | None],
) -> tuple[ApiKey | None, str]:
    """The key of the first source that has one, and the name of that source; else None and ''.

    Raises:
        ValueError: A key is malformed.
    """
    sources: list[tuple[str, Callable[[], Any]]] = [
        ("the argument api_key", lambda: arguments.get("api_key")),
        ("%comet login", lambda: configured.get("api_key")),
        *((name, lambda name=name: environment.get(name)) for name in KEY_VARIABLES),
        ("the keyring", keyring),
    ]
    for source, find in sources:
        found = find()
        try:
            key = found if isinstance(found, ApiKey) else ApiKey(str(found or ""), source)
        except ValueError:
            del found  # as in `ApiKey`
            raise
        if key:
            return key, source
    return None, ""
