"""Many prompts in one call: a few at a time, saved to a file, resumed where they stopped."""

from .call import amap, map  # noqa: A004

__all__ = ["amap", "map"]
