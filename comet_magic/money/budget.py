"""How much a kernel may use, and what is known of a request before it is sent."""

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any, Self

from ..errors import BudgetError
from ..text import one_line
from .limits import LIMITS
from .prices import Price, dollars, estimate


@dataclass(frozen=True, slots=True)
class Use:
    """An amount that was used, or is set aside.

    Attributes:
        requests: Requests that were sent.
        tokens: Tokens that were read and written.
        cost: US dollars by price list.
        estimated_tokens: How many of the tokens were not received, but estimated.
        estimated_cost: How much of the cost is for usage that was not received.
    """

    requests: int = 0
    tokens: int = 0
    cost: float = 0.0
    # Equal amounts are equal, whether received or estimated.
    estimated_tokens: int = field(default=0, compare=False)
    estimated_cost: float = field(default=0.0, compare=False)

    def __add__(self, other: "Use") -> "Use":
        return Use(*map(operator.add, astuple(self), astuple(other)))

    def __sub__(self, other: "Use") -> "Use":
        return Use(*map(operator.sub, astuple(self), astuple(other)))

    @property
    def is_estimate(self) -> bool:
        """Whether a part of it was not received."""
        return bool(self.estimated_tokens or self.estimated_cost)

    def amounts(self) -> dict[str, float]:
        """The amounts, by the names of the settings that limit them."""
        return dict(zip(LIMITS, (self.requests, self.tokens, self.cost), strict=True))

    def estimated(self, name: str) -> str:
        """` (about 300 of them estimated)`: of what this setting limits; empty if none of it is."""
        if name == "budget_tokens" and self.estimated_tokens:
            is_all = self.estimated_tokens == self.tokens
            part = "" if is_all else f"about {self.estimated_tokens:,} of them "
            return f" ({part}estimated)"
        if name == "budget_cost" and self.estimated_cost:
            is_all = math.isclose(self.estimated_cost, self.cost)
            part = "" if is_all else f"about {dollars(self.estimated_cost)} "
            return f" ({part}for estimated usage)"
        return ""

    def __str__(self) -> str:
        parts = ["1 request" if self.requests == 1 else f"{self.requests:,} requests"]
        if self.tokens:
            estimated = self.estimated("budget_tokens")
            about = "about " if estimated else ""
            parts.append(f"{about}{self.tokens:,} tokens{estimated}")
        if self.cost:
            parts.append(f"about {dollars(self.cost)}{self.estimated('budget_cost')}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Need:
    """What is known of one request before it is sent.

    Attributes:
        model: The model that is asked.
        use: The amount to set aside: the most tokens that it asks for, and the known part of its
            cost.
        is_priced: Whether the model's price is known.
        estimate: The whole cost in US dollars; None if it depends on the answer.
    """

    model: str
    use: Use
    is_priced: bool
    estimate: float | None

    @classmethod
    def of(cls, model: str, parameters: Mapping[str, Any], price: Price | None) -> Self:
        """The need of a request with these parameters; an answer without a limit needs 0 tokens."""
        tokens = int(parameters.get("max_tokens", 0)) * int(parameters.get("n", 1))
        known = price or Price()
        cost = known.per_request + known.output * tokens / 1_000_000
        whole = estimate(price, None, 1, None) if price else None
        return cls(model, Use(1, tokens, cost), price is not None, whole)


@dataclass(frozen=True, slots=True)
class Budget:
    """How much one kernel may use. None is no limit, 0 allows nothing.

    Attributes:
        requests: Requests that are sent, whether they succeed or not.
        tokens: Tokens as the endpoint counts them, or estimated where it does not. They are known
            only afterwards, except for those that `max_tokens` asks for.
        cost: US dollars by price list. With this limit a model without a price is not asked.
    """

    requests: int | None = None
    tokens: int | None = None
    cost: float | None = None

    def limits(self) -> dict[str, float]:
        """The limits that are set, by the names of their settings."""
        values = (self.requests, self.tokens, self.cost)
        named = zip(LIMITS, values, strict=True)
        return {name: value for name, value in named if value is not None}

    def check(self, used: Use, under_way: Use, needs: Sequence[Need]) -> None:
        """Checks that all of these requests may be sent.

        Args:
            used: The amount used so far.
            under_way: The amount set aside for requests that have not ended.
            needs: The needs of the requests, which are sent together or not at all.

        Raises:
            BudgetError: They would go over a limit.
        """
        taken = (used + under_way).amounts()
        asked = sum((need.use for need in needs), Use()).amounts()
        for name, limit in self.limits().items():
            if name == "budget_cost":
                self._check_prices(needs)
            # 0.1 + 0.2 is not more than 0.3.
            already, more = round(taken[name], 9), round(asked[name], 9)
            if already < limit and round(already + more, 9) <= limit:
                continue
            left = max(0, limit - already)
            why = f"has {_amount(name, left)} left" if left else "is used up"
            why += f", and this may take {_amount(name, more)}" if left else ""
            waiting = f"; {under_way.requests} under way" if under_way.requests else ""
            raise BudgetError(
                f"Not sent: the {_limit_in_words(name, limit)} {why} (so far {used}{waiting}).\n"
                f"Raise it with %config CometMagics.{name} = …, or {LIMITS[name].variable}."
            )

    def _check_prices(self, needs: Sequence[Need]) -> None:
        for need in needs:
            if not need.is_priced:
                model = one_line(need.model, 100)
                raise BudgetError(
                    f"Not sent: no price is known for {model}, "
                    f"so no {_limit_in_words('budget_cost', self.cost or 0)} can be kept.\n"
                    "Say what it costs: "
                    f"%config CometMagics.prices = {{{model!r}: {{'per_request': 0.02}}}}"
                )


def shares(used: Use, budget: Budget) -> list[tuple[str, float]]:
    """How much of each limit was used: in words (`7 of 10 requests`) and as a share, 0 to 1.

    Estimates are named as estimates.
    """
    amounts = used.amounts()
    return [
        (_share_in_words(used, name, limit), min(1.0, amounts[name] / limit) if limit else 1.0)
        for name, limit in budget.limits().items()
    ]


def _share_in_words(used: Use, name: str, limit: float) -> str:
    """`7 of 10 requests, used up`, `about 300 of 2,000 tokens (about 20 of them estimated)`."""
    amount, estimated = used.amounts()[name], used.estimated(name)
    about = "about " if estimated else ""
    of = _limit_in_words(name, limit).removeprefix("budget ")
    used_up = ", used up" if amount >= limit else ""
    return f"{about}{_amount(name, amount)} {of}{estimated}{used_up}"


def _limit_in_words(name: str, limit: float) -> str:
    """`budget of 10 requests`, `budget of 2,000 tokens`, `budget of $1.00`."""
    unit = "" if name == "budget_cost" else name.removeprefix("budget_")
    unit = unit.removesuffix("s") if limit == 1 else unit
    return f"budget of {_amount(name, limit)} {unit}".rstrip()


def _amount(name: str, value: float) -> str:
    return dollars(value) if name == "budget_cost" else f"{value:,.0f}"
