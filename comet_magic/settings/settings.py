"""What is in force: who is asked, with which key, and how results are kept and shown.

Each setting that a user can write is a row of the table of words. To add one, add it to `Settings`.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Self
from urllib.parse import urlsplit

from ..money.limits import LIMITS
from ..words import FLAG, Word, checked, number, one_of, whole, words_in
from .key import ApiKey, find_key, no_key
from .kinds import BASE_URL, FOLDER, KEY, MODEL, PRICES, SECONDS, check_base_url

if TYPE_CHECKING:
    from ..money.budget import Budget
    from ..money.prices import Price

DEFAULT_BASE_URL = "https://api.cometapi.com/v1"


class Replayed(NamedTuple):
    """What answers in place of an endpoint.

    Attributes:
        name: For people: `lesson.jsonl, recorded 2026-11-25`.
        base_url: The URL that was asked when it was recorded; None for the demo.
    """

    name: str
    base_url: str | None


# A setting that a call takes, too, and that does not change which answer is asked for.
_of_call = partial(Word, of_call=True, names_row=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force for one request. `SETTINGS` holds the rows.

    Attributes:
        base_url: The endpoint's URL without a slash at its end; None for the demo.
        api_key: None sends no `Authorization`. Not shown, compared or pickled.
        key_source: Where the key was found; empty without one.
        save_dir: The folder of the pictures; relative to the kernel's folder.
        prices: By model, for the estimate of what a request cost. They win over the endpoint's
            list.
        event_loop: `thread`: the stream runs on a loop of its own. `kernel`: on the kernel's.
        display_mode: `stream`: repaints while it runs. `final`: shows the end only.
        replayed: The recording that answers, for people; empty if the endpoint does.

    Raises:
        ValueError: A value is of the wrong type or out of range; the text names the setting.
    """

    model: Annotated[str, Word(MODEL, "the model where a cell names none")] = "gpt-4o-image"
    base_url: Annotated[
        str | None,
        _of_call(
            BASE_URL, "URL of the endpoint; '' is COMETAPI_BASE_URL", variable="COMETAPI_BASE_URL"
        ),
    ] = None
    api_key: Annotated[ApiKey | None, _of_call(KEY, "the key for this call", in_config=False)] = (
        field(default=None, repr=False, compare=False)
    )
    key_source: str = ""
    save_dir: Annotated[
        Path,
        _of_call(
            FOLDER, "where pictures are written",
            flags=("--save-dir",), metavar="DIR", label="Save in",
        ),
    ] = Path("comet_images")  # fmt: skip
    preview_pixels: Annotated[
        int, _of_call(whole(64, 4096), "long side of previews, 64 to 4096")
    ] = 768
    timeout: Annotated[
        float, _of_call(SECONDS, "seconds an answer may be silent once it has begun")
    ] = 600.0
    first_byte_timeout: Annotated[float, _of_call(SECONDS, "seconds until an answer begins")] = (
        600.0
    )
    connect_timeout: Annotated[
        float, _of_call(number(0.1, 3_600), "seconds to reach the endpoint")
    ] = 10.0
    max_retries: Annotated[
        int, _of_call(whole(0, 10), "times to send again where that is safe")
    ] = 3
    history_turns: Annotated[
        int, _of_call(whole(0, 1000), "earlier turns sent, 0 to 1000", names_row=True)
    ] = 10
    repaints: Annotated[float, Word(number(1, 20), "repaints a second, 1 to 20")] = 10.0
    prices: Annotated[
        Mapping[str, "Price"],
        Word(
            PRICES,
            "by model, US dollars: input, output (per million tokens), per_request, …",
            default={},
        ),
    ] = field(default_factory=dict)
    budget_requests: Annotated[int | None, LIMITS["budget_requests"]] = None
    budget_tokens: Annotated[int | None, LIMITS["budget_tokens"]] = None
    budget_cost: Annotated[float | None, LIMITS["budget_cost"]] = None
    confirm: Annotated[bool, Word(FLAG, "ask before sending to an endpoint; not the demo")] = False
    event_loop: Annotated[str, Word(one_of("thread", "kernel"), "where streams run")] = "thread"
    display_mode: Annotated[
        str, Word(one_of("stream", "final"), "repaint, or only the end", variable="COMET_DISPLAY")
    ] = "stream"
    replayed: str = ""

    def __post_init__(self) -> None:
        for name in SETTINGS:
            object.__setattr__(self, name, check_setting(name, getattr(self, name)))

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
        """The settings in force. The first source that has a setting decides, in this order.

        Args:
            arguments: The arguments of the call; None is unset.
            configured: The values of `%config CometMagics`, and the key of `%comet login`.
            environment: The variables of the settings, and `COMETAPI_KEY` or `COMETAPI_API_KEY`.
            keyring: Reads the system's keyring; it is called if no other source has a key.
            demo: True: the demo answers, whatever is set. False: it never does.
            replayed: The recording that answers, whatever is set; then no key is looked for.

        Raises:
            TypeError: A setting is unknown.
            ValueError: A value is out of range, a key or base URL is malformed, or there is neither
                a key nor a URL and the demo is switched off.
        """
        values: dict[str, Any] = {}
        for given in (configured or {}, arguments or {}):
            values |= {name: value for name, value in given.items() if value is not None}
        if unknown := values.keys() - SETTINGS.keys():
            raise TypeError(f"unknown setting {min(unknown)!r}")
        if values.get("base_url") == "":
            del values["base_url"]  # `%config` cannot set it to None
        known = {*values, "base_url"} if replayed else {*values}
        values |= _from_environment(environment, SETTINGS.keys() - known)
        if replayed is not None:
            values |= {"base_url": replayed.base_url, "api_key": None, "replayed": replayed.name}
            return cls(**values)
        base_url = values.get("base_url")  # None also if the variable is blank, or only `/`
        values["base_url"] = None if base_url is None else check_base_url(base_url)
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
    def budget(self) -> "Budget":
        """How much the kernel may use."""
        from ..money.budget import Budget

        return Budget(self.budget_requests, self.budget_tokens, self.budget_cost)

    def __getstate__(self) -> list[Any]:
        return [getattr(replace(self, api_key=None), item.name) for item in fields(self)]


SETTINGS = words_in(Settings)


def check_setting(name: str, value: Any) -> Any:
    """`value` as the setting `name` is kept.

    Raises:
        ValueError: It cannot have this value; the text says which it can have.
    """
    word = SETTINGS[name]
    return value if value is word.default else checked(word, value)


def _from_environment(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, object]:
    """Those of the settings `names` that are in the environment.

    Raises:
        ValueError: One of them is wrong; the text names the variable.
    """
    found = {}
    for name in sorted(names):
        word = SETTINGS[name]
        text = environment.get(word.variable, "").strip() if word.variable else ""
        if text:
            found[name] = checked(word, word.read(text), word.variable)
    return found
