"""The families, and which of them handles a model."""

from ..media.medium import Medium
from .chat.family import Chat
from .exchange import Family

# The first family that accepts a model handles it. Chat accepts every model, so it is last.
FAMILIES: tuple[Family, ...] = (Chat(),)


def family_of(model: str) -> Family:
    """Returns the family that handles `model`."""
    return next(family for family in FAMILIES if family.makes(model) is not None)


def medium_of(model: str) -> Medium:
    """Returns what `model` makes.

    >>> str(medium_of("gpt-4o-image")), str(medium_of("gpt-4o-mini"))
    ('image', 'text')
    """
    return next(made for family in FAMILIES if (made := family.makes(model)) is not None)
