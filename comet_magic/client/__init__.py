"""The only room that talks HTTP."""
