"""Keeps the key out of what other libraries log of a request: servers quote it in their headers."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..settings.key import ApiKey

_key: ContextVar[ApiKey | None] = ContextVar("key", default=None)
# A filter works for its own logger only, not for the loggers below it.
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy")


class _Filters:
    """The filters on the loggers: there while a request is under way, on whichever thread."""

    def __init__(self) -> None:
        self._under_way: set[object] = set()
        # Reentrant: the garbage collector can end an abandoned request at any line below.
        self._lock = threading.RLock()

    def add(self, request: object) -> None:
        with self._lock:
            self._under_way.add(request)
            self._update()

    def remove(self, request: object) -> None:
        with self._lock:
            self._under_way.discard(request)
            self._update()

    def reset(self) -> None:
        """In a forked child: no request goes on there, and the lock may have been taken."""
        self._under_way, self._lock = set(), threading.RLock()
        self._update()

    def _update(self) -> None:
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            if self._under_way:
                logger.addFilter(_hide)  # a second time this does nothing
            else:
                logger.removeFilter(_hide)


_filters = _Filters()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_filters.reset)


@contextmanager
def hidden_in_logs(key: ApiKey | None) -> Iterator[None]:
    """Blots the key out of every line that this task logs inside the context."""
    request, token = object(), _key.set(key)
    _filters.add(request)
    try:
        yield
    finally:
        _filters.remove(request)
        _key.reset(token)


def _hide(record: logging.LogRecord) -> bool:
    key = _key.get()
    if key:
        record.msg, record.args = key.hide_in(record.getMessage()), ()
    return True
