"""Chance that falls the same way in every process: it is seeded by a digest, never by `hash()`."""

import hashlib
import random


def dice(*parts: object) -> random.Random:
    """Return a random source that depends on the parts only."""
    text = "\x1f".join(str(part) for part in parts)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return random.Random(digest)  # noqa: S311 - it places clouds and trees, it guards nothing
