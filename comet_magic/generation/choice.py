"""One choice of an answer as it grows."""

from ..protocol.chat import ChunkChoice
from ..protocol.models import Medium
from ..protocol.stages import Stage
from ..protocol.transcript import TranscriptParser
from ..text import mended
from .value import TRANSITIONS, Status

_STATUS_OF = {
    Stage.QUEUED: Status.QUEUED,
    Stage.GENERATING: Status.GENERATING,
    Stage.COMPLETE: Status.GENERATING,  # the text says so; the stream has yet to end
    Stage.FAILED: Status.GENERATING,
}
# An unfinished line that is longer holds a picture: reading it again at each snapshot would cost
# more than all the rest, and there is nothing in it to show.
_LONGEST_LIVE_LINE = 50_000


class Choice:
    """Gathers text and pictures of one choice, and says how far it is.

    Args:
        medium: What the model was asked for; None for a text model.
    """

    def __init__(self, medium: Medium | None) -> None:
        self.medium = medium
        self.status = Status.QUEUED
        self.error: str | None = None
        self.finish_reason: str | None = None
        self.outside: tuple[str, ...] = ()
        self.text = ""
        self._new: list[str] = []
        self._half = ""  # of a character whose other half is still to come
        self._length = 0
        self._line = 0
        self._parser = TranscriptParser()
        self.transcript = self._parser.feed("")

    def add(self, part: ChunkChoice) -> None:
        """Takes one piece."""
        text = part.text if part.whole else self._half + part.text
        self._half = ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        text = mended(text)
        if part.whole and self._length:
            # Some gateways repeat the whole message in their last chunk.
            self._join()
            text = text.removeprefix(self.text)
        if text:
            self._new.append(text)
            self._length += len(text)
        if part.images:
            self.outside += part.images
        if part.finish_reason:
            self.finish_reason = part.finish_reason

    def read(self) -> None:
        """Brings text, transcript and status up to what was added."""
        new = self._join()
        if new:
            end = new.rfind("\n") + 1
            self._line = len(new) - end + (0 if end else self._line)
            transcript = self._parser.feed(new)
            if self._line <= _LONGEST_LIVE_LINE:
                self.transcript = transcript
        if self.status.is_final or not self.text:
            return
        facts = self.transcript
        has_begun = facts.progress or facts.prose.strip("`") or self.image_urls
        if facts.stage:
            status = _STATUS_OF[facts.stage]
        elif has_begun or not self._makes_media or self._line > _LONGEST_LIVE_LINE:
            status = Status.GENERATING
        else:
            status = Status.QUEUED  # the parameters are being written; the work is yet to come
        if status in TRANSITIONS[self.status]:
            self.status = status

    def close(self, *, is_whole: bool) -> None:
        """Reads the text to its end; only if it is whole, its last line is."""
        if self._half:
            self._new.append(mended(self._half))
            self._half = ""
        self.read()
        self.transcript = self._parser.close() if is_whole else self._parser.feed("")

    def finish(self) -> None:
        """The choice came to its end: it is complete, or failed for want of its picture."""
        facts = self.transcript
        if self.image_urls or self.video_urls or not self._makes_media:
            self.end(Status.COMPLETE, None)
        else:
            what = "video" if self.medium is Medium.VIDEO else "picture"
            reason = facts.reason or facts.unfinished
            self.end(Status.FAILED, reason or f"The model finished without a {what}.")

    def end(self, status: Status, error: str | None) -> None:
        """Ends in this status.

        Raises:
            RuntimeError: It has ended before.
        """
        self.read()
        if status not in TRANSITIONS[self.status]:
            raise RuntimeError(f"a generation that is {self.status} cannot become {status}")
        self.status, self.error = status, error

    @property
    def image_urls(self) -> tuple[str, ...]:
        """Pictures outside the text come first; a preview in the text is then only a preview.

        In the answer of a text model a link is a link: only what is written as a picture is one.
        """
        facts = self.transcript
        inside = facts.images if self._makes_media and not self.outside else facts.markdown_images
        return tuple(dict.fromkeys((*self.outside, *inside)))

    @property
    def video_urls(self) -> tuple[str, ...]:
        """Addresses of videos, in order; a text model makes none."""
        return self.transcript.videos if self._makes_media else ()

    @property
    def answer(self) -> str:
        """The model's own words: without the protocol, or all of them for a text model.

        While the block of parameters is being written, the rewritten prompt in it.
        """
        facts = self.transcript
        if not self._makes_media and not self.image_urls:
            return self.text
        beginning = facts.draft or (facts.unfinished if self.status.is_final else "")
        return "\n\n".join(part for part in (facts.prose, beginning) if part)

    @property
    def _makes_media(self) -> bool:
        return bool(self.medium or self.transcript.is_generation)

    def _join(self) -> str:
        new = "".join(self._new)
        if new:
            self._new.clear()
            self.text += new
        return new
