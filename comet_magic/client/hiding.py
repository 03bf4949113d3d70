"""Hides the key in the logs of other libraries, because servers may quote it in headers."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..settings.key import ApiKey

_key: ContextVar[ApiKey | None] = ContextVar("key", default=None)
# A filter applies only to its own logger, not to child loggers.
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy")


class _Filters:
    """Adds the filters to the loggers while any thread has a request under way."""

    def __init__(self) -> None:
        self._under_way: set[object] = set()
        # Reentrant, because the garbage collector can end an abandoned request at any line.
        self._lock = threading.RLock()

    def add(self, request: object) -> None:
        """Notes that a request begins."""
        with self._lock:
            self._under_way.add(request)
            self._update()

    def remove(self, request: object) -> None:
        """Notes that a request has ended."""
        with self._lock:
            self._under_way.discard(request)
            self._update()

    def reset(self) -> None:
        """Starts afresh in a forked child, which has no requests and may have a locked lock."""
        self._under_way, self._lock = set(), threading.RLock()
        self._update()

    def _update(self) -> None:
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            if self._under_way:
                logger.addFilter(_hide)  # does nothing if it is there
            else:
                logger.removeFilter(_hide)


_filters = _Filters()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_filters.reset)


@contextmanager
def hidden_in_logs(key: ApiKey | None) -> Iterator[None]:
    """Replaces the key in every line that this task logs inside the context."""
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
