"""What the user of this kernel has set, in any way: every `Settings` comes from here."""

import functools
import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .key import KEY_VARIABLES, ApiKey, HiddenEnvironment
from .settings import SETTINGS, Replayed, Settings

if TYPE_CHECKING:
    from ..money.budget import Budget

_KEYRING = ("comet_magic", "COMETAPI_KEY")


class Configuration:
    """What was set in one kernel; light, so that `%config` works before anything is loaded.

    Attributes:
        values: Settings of `%config CometMagics` that were set, by name.
        demo: True: the demo answers, whatever is set. False: it never does. None: it does if
            there is no key.
        replayed: The recording that answers, whatever is set; None if none does.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self.values: dict[str, Any] = {}
        self.demo: bool | None = None
        self.replayed: Replayed | None = None
        self._environment = HiddenEnvironment(environment)
        self._key: ApiKey | None = None

    def settings(self, **arguments: Any) -> Settings:
        """The settings in force for a call with these arguments; see `Settings.resolve`."""
        configured = {**self.values, "api_key": self._key}
        return Settings.resolve(
            arguments,
            configured,
            self._environment,
            _keyring_key,
            demo=self.demo,
            replayed=self.replayed,
        )

    @property
    def budget(self) -> "Budget":
        """How much the kernel may use. Unlike `settings` it needs neither a key nor an endpoint."""
        return Settings.resolve({}, self.values, self._environment, demo=True).budget

    def fingerprint(self) -> int:
        """A number that changes when something is set. The keyring is not asked."""
        variables = (*KEY_VARIABLES, *(word.variable for word in SETTINGS.values()))
        found = [self._environment.get(name) for name in variables if name]
        return hash(repr((self.values, self.demo, self.replayed, id(self._key), found)))

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
    # Keyrings fail in as many ways as there are desktops: treat each as an empty one.
    except Exception:  # noqa: BLE001
        return None
    return found
