"""Hundreds of prompts: sent a few at a time, kept in a file, gone on with where they stopped."""

from .call import amap, map  # noqa: A004

__all__ = ["amap", "map"]
