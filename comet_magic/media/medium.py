"""What a model can make."""

from enum import StrEnum


class Medium(StrEnum):
    """What a model is asked for. Text is what there is without another medium."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
