"""A generation: the question, its answer, and how the answer grows."""

from .builder import GenerationBuilder
from .cost import with_cost
from .inspection import Inspection
from .value import INTERRUPTED, Generation, Status

__all__ = ["INTERRUPTED", "Generation", "GenerationBuilder", "Inspection", "Status", "with_cost"]
