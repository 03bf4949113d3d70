"""What is in force: who is asked, with which key, and how results are kept and shown."""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from ..money.budget import Budget, budget_in
from ..money.prices import Price, read_prices
from .key import ApiKey, find_key, no_key

DEFAULT_BASE_URL = "https://api.cometapi.com/v1"


class Replayed(NamedTuple):
    """What answers in place of an endpoint.

    Attributes:
        name: For people: `lesson.jsonl, recorded 2026-11-25`.
        base_url: That was asked when it was recorded; None if that was the demo.
    """

    name: str
    base_url: str | None


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
        budget_requests: Requests that a kernel may send; None is no limit. See `Budget`.
        budget_tokens: Tokens that it may use.
        budget_cost: US dollars that it may cost, by price list.
        confirm: Whether cells and panels ask before they send to an endpoint that is not the demo.
        event_loop: `thread`: the stream runs on a loop of its own. `kernel`: on the kernel's.
        display_mode: `stream`: repaints while it runs. `final`: shows the end only.
        replayed: The recording that answers, for people; empty if the endpoint does.
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
    budget_requests: int | None = None
    budget_tokens: int | None = None
    budget_cost: float | None = None
    confirm: bool = False
    event_loop: str = "thread"
    display_mode: str = "stream"
    replayed: str = ""

    def __post_init__(self) -> None:
        """Checks every value.

        Raises:
            ValueError: A value is out of its range; the text names it and the range.
        """
        if not isinstance(self.model, str) or not self.model.strip():
            raise ValueError(f"model must be the id of a model, not {self.model!r}")
        object.__setattr__(self, "save_dir", _folder(self.save_dir))
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
        _ = self.budget
        if not isinstance(self.confirm, bool):
            raise ValueError(f"confirm must be True or False, not {self.confirm!r}")
        _one_of("event_loop", self.event_loop, ("thread", "kernel"))
        _one_of("display_mode", self.display_mode, ("stream", "final"))

    @classmethod
    def resolve(
        cls,
        arguments: Mapping[str, Any] | None = None,
        configured: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] = os.environ,
        keyring: Callable[[], str | None] = no_key,
        demo: bool | None = None,
        *,
        replayed: Replayed | None = None,
    ) -> Self:
        """The settings in force; for each the first of the sources that names it counts.

        Args:
            arguments: Of the call; None values are unset.
            configured: `%config CometMagics`, and the key of `%comet login`.
            environment: `COMETAPI_KEY`, `COMETAPI_API_KEY`, `COMETAPI_BASE_URL`, `COMET_DISPLAY`,
                and budgets: `COMET_BUDGET_REQUESTS`, `…_TOKENS`, `…_COST`.
            keyring: Asks the system's keyring; only called if no other source has a key.
            demo: True asks the demo whatever is set, False never asks it.
            replayed: Answers whatever is set; no key is looked for.

        Raises:
            TypeError: An unknown setting.
            ValueError: A value out of range, a malformed key or base URL, or no key and no URL
                where the demo is switched off.
        """
        values: dict[str, Any] = {
            "display_mode": environment.get("COMET_DISPLAY") or "stream",
            **budget_in(environment),
        }
        for given in (configured or {}, arguments or {}):
            values |= {name: value for name, value in given.items() if value is not None}
        unknown = values.keys() - {item.name for item in fields(cls)}
        if unknown:
            raise TypeError(f"unknown setting {min(unknown)!r}")
        if replayed is not None:
            values |= {"base_url": replayed.base_url, "api_key": None, "replayed": replayed.name}
            return cls(**values)
        base_url = values.get("base_url") or environment.get("COMETAPI_BASE_URL", "")
        values["base_url"] = check_base_url(base_url)
        values["api_key"], values["key_source"] = None, ""
        if demo is not True:
            if values["base_url"] not in (None, DEFAULT_BASE_URL):
                keyring = no_key  # the keyring's key is for the default endpoint alone
            key, source = find_key(arguments or {}, configured or {}, environment, keyring)
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

    @property
    def budget(self) -> Budget:
        """What the kernel may use at most."""
        return Budget(self.budget_requests, self.budget_tokens, self.budget_cost)

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
    if not isinstance(url, str):
        raise ValueError(f"base_url must be a URL, not {url!r}")
    url = url.strip("\ufeff \t\r\n").rstrip("/").removesuffix("/chat/completions")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not url.isprintable() or " " in url:
        # What looks like no address at all may be the key, in the wrong variable.
        shown = f" {url[:100]!r}" if set(url) & set(".:/") else ""
        raise ValueError(f"the base URL{shown} must start with https:// (or http://) and a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the base URL must hold no user name, password, ? or #")
    return url


def _folder(path: object) -> Path:
    try:
        if isinstance(path, str | Path) and "\0" not in str(path):
            return Path(path).expanduser()
    except RuntimeError:  # `~name`, of whom no home is known
        pass
    raise ValueError(f"save_dir must be a folder's path, not {str(path)!r}")


def _within(name: str, value: float, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}, not {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value:g}")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} must be {' or '.join(known)}, not {value!r}")
