"""The registry: which families every demo server has."""

from comet_magic.demo.families.chat.routes import CHAT
from comet_magic.demo.families.demo_family import DemoFamily

FAMILIES: tuple[DemoFamily, ...] = (CHAT,)
