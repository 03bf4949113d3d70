"""The only folder that talks HTTP."""

from .client import CometClient

__all__ = ["CometClient"]
