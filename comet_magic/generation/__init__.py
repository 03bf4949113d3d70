"""A generation: what was asked, what came of it, and how it grows."""

from .builder import GenerationBuilder
from .cost import with_cost
from .inspection import Inspection
from .value import INTERRUPTED, Generation, Status

__all__ = ["INTERRUPTED", "Generation", "GenerationBuilder", "Inspection", "Status", "with_cost"]
