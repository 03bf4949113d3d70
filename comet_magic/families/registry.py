"""Which family takes a model."""

from ..media.medium import Medium
from .chat.family import Chat
from .exchange import Family

# The first that takes a model is asked; chat takes all that are left.
FAMILIES: tuple[Family, ...] = (Chat(),)


def family_of(model: str) -> Family:
    """The family that takes `model`."""
    return next(family for family in FAMILIES if family.makes(model) is not None)


def medium_of(model: str) -> Medium:
    """What `model` makes.

    >>> str(medium_of("gpt-4o-image")), str(medium_of("gpt-4o-mini"))
    ('image', 'text')
    """
    return next(made for family in FAMILIES if (made := family.makes(model)) is not None)
