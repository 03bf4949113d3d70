"""What the user of this kernel has set, by whatever way: the source of every `Settings`."""

import functools
import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

from ..money.budget import Budget
from .key import KEY_VARIABLES, ApiKey, Unseen
from .settings import Replayed, Settings

_KEYRING = ("comet_magic", "COMETAPI_KEY")


class Configuration:
    """What was set in one kernel; light, so that `%config` works before anything is loaded.

    Attributes:
        values: Settings of `%config CometMagics` that were set, by name.
        demo: True: the demo answers, whatever is set. False: never. None: if there is no key.
        replayed: A recording that answers, whatever is set; None if none does.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self.values: dict[str, Any] = {}
        self.demo: bool | None = None
        self.replayed: Replayed | None = None
        # A function, so that whoever looks at the variables here does not see a key.
        self._environment: Callable[[], Mapping[str, str]] = lambda: environment
        self._key: ApiKey | None = None

    def settings(self, **arguments: Any) -> Settings:
        """The settings in force for a call with these arguments; see `Settings.resolve`."""
        configured = {**self.values, "api_key": self._key}
        return Settings.resolve(
            arguments,
            configured,
            Unseen(self._environment()),
            _keyring_key,
            demo=self.demo,
            replayed=self.replayed,
        )

    @property
    def budget(self) -> Budget:
        """What the kernel may use at most; for this nobody must be there to be asked."""
        return Settings.resolve({}, self.values, Unseen(self._environment()), demo=True).budget

    def mark(self) -> int:
        """A number that is another one when something was set; the keyring is not asked for it."""
        environment = self._environment()
        named = [environment.get(name) for name in (*KEY_VARIABLES, "COMETAPI_BASE_URL")]
        return hash(repr((self.values, self.demo, self.replayed, id(self._key), named)))

    def login(self, key: str) -> None:
        """Uses `key` from now on, in this kernel only.

        Raises:
            ValueError: It is blank or malformed.
        """
        found = ApiKey(key, "%comet login")
        if not found:
            raise ValueError("no key was entered")
        self._key, self.demo = found, None


@functools.cache
def current() -> Configuration:
    """The configuration of this process."""
    return Configuration()


def _keyring_key() -> str | None:
    if not find_spec("keyring"):
        return None
    try:
        import keyring

        found: str | None = keyring.get_password(*_KEYRING)
    # A keyring can fail in as many ways as there are desktops; then there is no key in it.
    except Exception:  # noqa: BLE001
        return None
    return found
