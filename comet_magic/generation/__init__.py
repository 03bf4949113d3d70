"""A generation: the question, its answer, and how the answer grows."""

from .builder import GenerationBuilder
from .cost import find_price, with_cost
from .counting import used_by
from .inspection import Inspection
from .value import INTERRUPTED, Generation, Status

__all__ = [
    "INTERRUPTED",
    "Generation",
    "GenerationBuilder",
    "Inspection",
    "Status",
    "find_price",
    "used_by",
    "with_cost",
]
