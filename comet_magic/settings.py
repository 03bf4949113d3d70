"""What is in force: who is asked, with which key, and how results are kept and shown."""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from .prices import Price, read_prices

DEFAULT_BASE_URL = "https://api.cometapi.com/v1"
KEY_VARIABLES = ("COMETAPI_KEY", "COMETAPI_API_KEY")


class ApiKey:
    """A key that does not show itself: not in a repr, a traceback's variables, or a pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str, source: str) -> None:
        """Takes the key as it was found.

        Raises:
            ValueError: Something is inside that no key holds; the text names `source`, where the
                key was found, and not the key.
        """
        # Copied keys come with a line end, a byte order mark, or quotes' worth of white space.
        text = text.strip("\ufeff \t\r\n\v\f\xa0")
        if not text.isascii() or not text.isprintable() or " " in text:
            raise ValueError(
                f"the key from {source} has a space, a line break or a special character inside; "
                "copy it again"
            )
        self._text = text

    def header(self) -> str:
        """The value of `Authorization`."""
        return f"Bearer {self._text}"

    def hide_in(self, text: str) -> str:
        """`text` with the key blotted out: servers quote what they were sent."""
        return text.replace(self._text, "[key]") if len(self._text) >= 4 else text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "ApiKey(hidden)"

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("an API key is not pickled")


def _no_key() -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force for one request.

    Attributes:
        model: The model to ask where none is named.
        base_url: Of the endpoint, without a slash at its end; None for the demo.
        api_key: None sends no `Authorization`. Not shown, compared or pickled.
        key_source: Where the key was found; empty without one.
        save_dir: Where pictures are written; relative to the kernel's folder.
        preview_pixels: Long side of the previews in the notebook, 64 to 4096.
        timeout: Seconds that an answer may be silent once it has begun. Pictures take minutes.
        first_byte_timeout: Seconds until it begins: a whole answer does so when it is finished.
        connect_timeout: Seconds to reach the endpoint.
        max_retries: Times that a request is sent again where that is safe, 0 to 10.
        history_turns: Earlier turns of a conversation that are sent at most, 0 to 1000.
        repaints: A second, 1 to 20, while an answer streams in.
        prices: By model, for the estimate of what a request cost; they win over the endpoint's
            list. A `Price`, or a dict with some of its fields, in US dollars.
        event_loop: `thread`: the stream runs on a loop of its own. `kernel`: on the kernel's.
        display_mode: `stream`: repaints while it runs. `final`: shows the end only.
    """

    model: str = "gpt-4o-image"
    base_url: str | None = None
    api_key: ApiKey | None = field(default=None, repr=False, compare=False)
    key_source: str = ""
    save_dir: Path = Path("comet_images")
    preview_pixels: int = 768
    timeout: float = 600.0
    first_byte_timeout: float = 600.0
    connect_timeout: float = 10.0
    max_retries: int = 3
    history_turns: int = 10
    repaints: float = 10.0
    prices: Mapping[str, Price] = field(default_factory=dict)
    event_loop: str = "thread"
    display_mode: str = "stream"

    def __post_init__(self) -> None:
        """Checks every value.

        Raises:
            ValueError: A value is out of its range; the text names it and the range.
        """
        if not isinstance(self.model, str) or not self.model.strip():
            raise ValueError(f"model must be the id of a model, not {self.model!r}")
        if not isinstance(self.save_dir, str | Path):
            raise ValueError(f"save_dir must be a folder's path, not {self.save_dir!r}")
        _within("preview_pixels", self.preview_pixels, 64, 4096)
        _within("timeout", self.timeout, 1, 86_400)
        _within("first_byte_timeout", self.first_byte_timeout, 1, 86_400)
        _within("connect_timeout", self.connect_timeout, 0.1, 3_600)
        _within("max_retries", self.max_retries, 0, 10)
        _within("history_turns", self.history_turns, 0, 1000)
        if self.history_turns != int(self.history_turns):
            raise ValueError(f"history_turns must be a whole number, not {self.history_turns!r}")
        _within("repaints", self.repaints, 1, 20)
        object.__setattr__(self, "prices", read_prices(self.prices))
        _one_of("event_loop", self.event_loop, ("thread", "kernel"))
        _one_of("display_mode", self.display_mode, ("stream", "final"))

    @classmethod
    def resolve(
        cls,
        arguments: Mapping[str, Any] | None = None,
        configured: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] = os.environ,
        find_key: Callable[[], str | None] = _no_key,
        demo: bool | None = None,
    ) -> Self:
        """The settings in force; for each the first of the sources that names it counts.

        Args:
            arguments: Of the call; None values are unset.
            configured: `%config CometMagics`, and the key of `%comet login`.
            environment: `COMETAPI_KEY`, `COMETAPI_API_KEY`, `COMETAPI_BASE_URL`, `COMET_DISPLAY`.
            find_key: Asks the system's keyring; only called if no other source has a key.
            demo: True asks the demo whatever is set, False never asks it.

        Raises:
            TypeError: An unknown setting.
            ValueError: A value out of range, a malformed key or base URL, or no key and no URL
                where the demo is switched off.
        """
        values: dict[str, Any] = {"display_mode": environment.get("COMET_DISPLAY") or "stream"}
        for given in (configured or {}, arguments or {}):
            values |= {name: value for name, value in given.items() if value is not None}
        unknown = values.keys() - {item.name for item in fields(cls)}
        if unknown:
            raise TypeError(f"unknown setting {min(unknown)!r}")
        if "save_dir" in values:
            values["save_dir"] = Path(values["save_dir"]).expanduser()
        base_url = values.get("base_url") or environment.get("COMETAPI_BASE_URL", "")
        values["base_url"] = check_base_url(base_url)
        values["api_key"], values["key_source"] = None, ""
        if demo is not True:
            if values["base_url"] not in (None, DEFAULT_BASE_URL):
                find_key = _no_key  # the keyring's key is for the default endpoint alone
            key, source = _find_key(arguments or {}, configured or {}, environment, find_key)
            if key:
                values["api_key"], values["key_source"] = key, source
                values["base_url"] = values["base_url"] or DEFAULT_BASE_URL
        if demo is True:
            values["base_url"] = None
        elif demo is False and values["base_url"] is None:
            raise ValueError(
                "no key is set and the demo is off; set COMETAPI_KEY, run %comet login, "
                "or %comet demo on"
            )
        return cls(**values)

    @property
    def is_demo(self) -> bool:
        """Whether the demo answers: there is neither a key nor a base URL."""
        return self.base_url is None

    @property
    def endpoint(self) -> str:
        """Who answers, for people: the host, or `demo`."""
        return urlsplit(self.base_url).netloc if self.base_url else "demo"

    def __getstate__(self) -> list[Any]:
        return [getattr(replace(self, api_key=None), item.name) for item in fields(self)]


def check_setting(name: str, value: Any) -> Any:
    """`value` as the setting `name` takes it.

    Raises:
        ValueError: It cannot have this value; the text says which it can have.
    """
    if name == "base_url":
        return check_base_url(value) or ""
    Settings(**{name: value})
    return value


def check_base_url(url: str) -> str | None:
    """`url` as requests are built from it; None if it is blank.

    Raises:
        ValueError: It is no http(s) URL, or holds a user name, a query or a fragment.
    """
    url = url.strip("\ufeff \t\r\n").rstrip("/").removesuffix("/chat/completions")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not url.isprintable() or " " in url:
        raise ValueError(
            f"the base URL {url[:100]!r} must start with https:// (or http://) and a host"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the base URL must hold no user name, password, ? or #")
    return url


def _find_key(
    arguments: Mapping[str, Any],
    configured: Mapping[str, Any],
    environment: Mapping[str, str],
    find_key: Callable[[], str | None],
) -> tuple[ApiKey | None, str]:
    sources: list[tuple[str, Callable[[], Any]]] = [
        ("the argument api_key", lambda: arguments.get("api_key")),
        ("%comet login", lambda: configured.get("api_key")),
        *((name, lambda name=name: environment.get(name)) for name in KEY_VARIABLES),
        ("the keyring", find_key),
    ]
    for source, find in sources:
        found = find()
        key = found if isinstance(found, ApiKey) else ApiKey(str(found or ""), source)
        if key:
            return key, source
    return None, ""


def _within(name: str, value: float, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}, not {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value:g}")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} must be {' or '.join(known)}, not {value!r}")
