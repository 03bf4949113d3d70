"""The wall of a panel: its entries, newest first, a page of tiles at a time."""

import threading
from collections.abc import Sequence

from ...render import panel as html
from .controls import Controls, show
from .tile import Actions, Entry, Tile

# Tiles on a page. The newest page grows to twice as many before its older half goes.
PAGE = 12


class Wall:
    """All entries, and the tiles of those on the current page. Any thread may call it.

    A browser gets slow with thousands of widgets, so tiles of other pages are closed.

    Args:
        controls: Makes the buttons.
        actions: The actions of the buttons of the tiles.

    Attributes:
        widget: The tiles and the buttons that turn the page.
    """

    def __init__(self, controls: Controls, actions: Actions) -> None:
        self._controls = controls
        self._actions = actions
        self._lock = threading.RLock()
        self._closed = False
        self._count = 0
        self._entries: list[Entry] = []
        self._tiles: dict[Entry, Tile] = {}
        # The indexes of the first entry on the page and of the one after its last. None: the page
        # shows the newest entry, and will show new ones.
        self._start = 0
        self._end: int | None = None
        self._grid = controls.box(classes="comet-wall")
        self._where = controls.html()
        self._newer = controls.button("Newer", self._turn_to_newer, "comet-button")
        self._older = controls.button("Older", self._turn_to_older, "comet-button")
        self._pager = controls.box(
            self._newer, self._older, self._where, classes="comet-row comet-hidden"
        )
        self.widget = controls.box(self._grid, self._pager, classes="comet-stack")

    @property
    def entries(self) -> list[Entry]:
        """All entries, oldest first."""
        with self._lock:
            return list(self._entries)

    def next_number(self) -> int:
        """The number of the next request; each request has a higher one than those before it."""
        with self._lock:
            self._count += 1
            return self._count

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds newer entries, and turns to their page."""
        with self._lock:
            self._entries += entries
            count = len(self._entries)
            if self._end is not None or count - self._start > 2 * PAGE:
                running = [at for at, entry in enumerate(self._entries) if not entry.result]
                self._start = max(0, min([count - PAGE, *running]))
                self._end = None
            self._show()

    def replace(self, before: Sequence[Entry], after: Sequence[Entry]) -> None:
        """Replaces the entries `before` by `after`, which may contain some of them."""
        with self._lock:
            if not before or before[0] not in self._entries:
                return
            at = self._entries.index(before[0])
            self._entries[at : at + len(before)] = after
            if at < self._start:
                self._start += len(after) - len(before)
            if self._end is not None and at < self._end:
                self._end += len(after) - len(before)
            self._show()
        for entry in after:
            self.paint(entry)

    def remove(self, entry: Entry) -> None:
        """Removes an entry, and moves the keyboard focus to the one that takes its place."""
        with self._lock:
            if entry not in self._entries:
                return
            at = self._entries.index(entry)
            self.replace([entry], [])
            left = self._entries[max(at - 1, 0) : at + 1]
            tile = self._tiles.get(left[0]) if left else None
        if tile:
            tile.focus()

    def focus_newest(self) -> None:
        """Moves the keyboard focus to the newest entry, which may be far from the last one."""
        with self._lock:
            tile = self._tiles.get(self._entries[-1]) if self._entries else None
        if tile:
            tile.focus()

    def close(self) -> None:
        """Closes the tiles and makes no new ones; entries can still be added and replaced."""
        with self._lock:
            self._closed = True
            for tile in self._tiles.values():
                tile.close()
            self._tiles.clear()

    def paint(self, entry: Entry) -> None:
        """Shows the current state of an entry, if it is on the page."""
        tile = self._tiles.get(entry)
        if tile:
            tile.paint()

    def _turn_to_older(self) -> None:
        with self._lock:
            self._end = self._start
            self._start = max(0, self._start - PAGE)
            self._show()

    def _turn_to_newer(self) -> None:
        with self._lock:
            count = len(self._entries)
            self._start = count if self._end is None else self._end
            self._end = self._start + PAGE
            if self._end >= count:
                self._start, self._end = max(0, count - PAGE), None
            self._show()

    def _show(self) -> None:
        if self._closed:
            return
        count = len(self._entries)
        if self._start >= (count if self._end is None else self._end):
            # All entries of the page were removed.
            self._start, self._end = max(0, count - PAGE), None
        end = count if self._end is None else self._end
        shown = self._entries[self._start : end]
        for entry in shown:
            if entry not in self._tiles:
                self._tiles[entry] = Tile(self._controls, self._actions, entry)
        children = tuple(self._tiles[entry].widget for entry in shown)
        if children != self._grid.children:
            self._grid.children = children
        for entry in self._tiles.keys() - set(shown):
            self._tiles.pop(entry).close()
        self._newer.disabled = end >= count
        self._older.disabled = self._start == 0
        self._where.value = html.note(f"{count - end + 1}–{count - self._start} of {count:,}")
        show(self._pager, is_shown=count > len(shown))
