"""Paints pictures from words with Pillow alone, changes pictures, and says what is in them."""

from comet_magic.demo.painting.edit import edit
from comet_magic.demo.painting.look import describe
from comet_magic.demo.painting.ratio import find_ratio
from comet_magic.demo.painting.studio import paint

__all__ = ["describe", "edit", "find_ratio", "paint"]
