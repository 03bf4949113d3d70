"""Keeps the key out of what other libraries log of a request: servers quote it in their headers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..settings.key import ApiKey

_key: ContextVar[ApiKey | None] = ContextVar("key", default=None)
# A filter counts for its own logger alone, not for those below it.
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy")


@contextmanager
def hidden_in_logs(key: ApiKey | None) -> Iterator[None]:
    """Blots the key out of every line that is logged in this task meanwhile."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_hide)  # the same one is added once
    token = _key.set(key)
    try:
        yield
    finally:
        _key.reset(token)


def _hide(record: logging.LogRecord) -> bool:
    key = _key.get()
    if key:
        record.msg, record.args = key.hide_in(record.getMessage()), ()
    return True
