"""All that a model can make besides text."""

from .audios import GeneratedAudio
from .images import GeneratedImage
from .videos import GeneratedVideo

Media = GeneratedImage | GeneratedVideo | GeneratedAudio
