"""Joins the pieces of a growing text."""

# Characters that are joined to a block.
_BLOCK = 1_000_000


class Pieces:
    """Pieces that were not joined to the text yet.

    Joins them in blocks, because freeing thousands of small strings fragments the memory.
    """

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._pieces: list[str] = []
        self._size = 0

    def append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > _BLOCK:
            self._blocks.append("".join(self._pieces))
            self._pieces.clear()
            self._size = 0

    def append_to(self, text: str) -> str:
        """Returns `text` with all pieces appended, and forgets them."""
        # Skip an empty text, so that a single piece is not copied.
        whole = "".join([*([text] if text else []), *self._blocks, *self._pieces])
        self._blocks.clear()
        self._pieces.clear()
        self._size = 0
        return whole
