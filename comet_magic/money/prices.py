"""The prices of models, and what a request cost by them: an estimate, never a bill."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Protocol, Self

_MILLION = 1_000_000
# More dollars, tokens or seconds than this are a mistake.
_MOST = 1_000_000_000


class Tokens(Protocol):
    """The counts of a `Usage`. Importing that takes 10 ms, which checking a setting need not."""

    @property
    def prompt_tokens(self) -> int | None:
        """Tokens read."""

    @property
    def completion_tokens(self) -> int | None:
        """Tokens written."""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a model in US dollars; 0 where nothing is charged.

    Attributes:
        input: The price of a million tokens read.
        output: The price of a million tokens written.
        per_request: The price of a request, whether it succeeds or not.
        per_second: The price of a second of video.
    """

    input: float = 0.0
    output: float = 0.0
    per_request: float = 0.0
    per_second: float = 0.0

    @classmethod
    def from_mapping(cls, value: object) -> Self:
        """The price in a mapping with some of these names; None counts as 0.

        Raises:
            ValueError: A name is unknown, or a value is no number from 0 up.
        """
        names = [item.name for item in fields(cls)]
        if not isinstance(value, Mapping) or not value:
            raise ValueError(f"must be a dict with {', '.join(names)}, not {str(value)[:60]!r}")
        for name, amount in value.items():
            if name not in names:
                raise ValueError(f"has {str(name)[:60]!r}; known are {', '.join(names)}")
            if amount is not None and not _is_amount(amount):
                raise ValueError(f"has {name} {str(amount)[:60]!r}; it must be a number from 0 up")
        return cls(**{name: float(value.get(name) or 0) for name in names})


def estimate(
    price: Price, usage: Tokens | None, requests: int | None, seconds: float | None
) -> float | None:
    """The cost of what was used, in US dollars.

    Args:
        price: The price of the model.
        usage: The usage as received; None if there was none.
        requests: The number of requests that are charged; None if it is not known.
        seconds: The seconds of video that were made; None if they are not known.

    Returns:
        None if an amount that is charged for is not known, or is impossible.
    """
    parts: list[tuple[float, float | None, int]] = [
        (price.input, usage.prompt_tokens if usage else None, _MILLION),
        (price.output, usage.completion_tokens if usage else None, _MILLION),
        (price.per_request, requests, 1),
        (price.per_second, seconds, 1),
    ]
    total = 0.0
    for amount, count, unit in parts:
        if amount:
            if count is None or not 0 <= count <= _MOST:
                return None
            total += amount * count / unit
    return total


def dollars(value: float) -> str:
    """`$12.50`, `$0.02`, `$0.00035`: in cents, or with two digits if it is less than a cent.

    >>> dollars(0.02), dollars(0.0034567), dollars(1234.5), dollars(0)
    ('$0.02', '$0.0035', '$1,234.50', '$0.00')
    """
    if 0 < value < 0.000001:
        return "less than $0.000001"
    digits = 2 if value == 0 else max(2, 1 - math.floor(math.log10(value)))
    whole, _, rest = f"{value:,.{digits}f}".partition(".")
    return f"${whole}.{rest[:2]}{rest[2:].rstrip('0')}"


def read_prices(value: object) -> dict[str, Price]:
    """The prices by model that a user has written.

    Raises:
        ValueError: A price is malformed; the text names the model and what is wrong.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"prices must be a dict of models, not {str(value)[:60]!r}")
    found = {}
    for model, price in value.items():
        try:
            found[str(model)] = price if isinstance(price, Price) else Price.from_mapping(price)
        except ValueError as error:
            raise ValueError(f"prices[{str(model)[:60]!r}] {error}") from error
    return found


def read_catalogue(value: object) -> dict[str, Price]:
    """The prices by model in `data[].{id, pricing}` of a public catalogue.

    Entries that are malformed are left out, and so are models whose prices are all 0: these may
    just as well be unknown.
    """
    data = value.get("data") if isinstance(value, Mapping) else None
    found = {}
    for entry in data if isinstance(data, list) else ():
        pricing = entry.get("pricing") if isinstance(entry, Mapping) else None
        if not isinstance(pricing, Mapping) or not isinstance(entry.get("id"), str):
            continue
        known = {item.name: pricing.get(item.name) for item in fields(Price)}
        try:
            price = Price.from_mapping(known)
        except ValueError:
            continue
        if price != Price():
            found[entry["id"]] = price
    return found


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= _MOST
