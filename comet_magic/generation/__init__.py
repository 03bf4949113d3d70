"""A generation: what was asked, what came of it, and how it grows."""

from .builder import GenerationBuilder
from .value import INTERRUPTED, Generation, Status

__all__ = ["INTERRUPTED", "Generation", "GenerationBuilder", "Status"]
