"""The panel: a form and a gallery, made of widgets."""

from .widget import Panel, panel

__all__ = ["Panel", "panel"]
