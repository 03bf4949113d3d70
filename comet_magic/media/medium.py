"""What a model can make."""

from enum import StrEnum


class Medium(StrEnum):
    """What a model is asked for. Text is what there is without another medium."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"

    @property
    def noun(self) -> str:
        """The word for it in messages."""
        return _NOUNS.get(self, str(self))


_NOUNS = {Medium.IMAGE: "picture", Medium.AUDIO: "sound"}
