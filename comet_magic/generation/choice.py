"""One choice of an answer as it grows."""

from ..families.chat.chunks import ChunkChoice
from ..families.chat.links import is_video
from ..families.chat.stages import Stage
from ..families.chat.transcript import TranscriptParser
from ..families.models import Medium
from ..text import mended
from .value import TRANSITIONS, Status

_STATUS_OF = {
    Stage.QUEUED: Status.QUEUED,
    Stage.GENERATING: Status.GENERATING,
    Stage.COMPLETE: Status.GENERATING,  # the text says so; the stream has yet to end
    Stage.FAILED: Status.GENERATING,
}
# An unfinished line that is longer holds a picture: joining and reading it again at each snapshot
# would cost more than all the rest, and there is nothing in it to show.
_LONGEST_LIVE_LINE = 50_000
# Characters of an answer that are joined before all of it is.
_BLOCK = 1_000_000


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
        self._new = _Pieces()
        self._half = ""  # of a character whose other half is still to come
        self._length = 0
        self._read = 0  # characters of it that were
        self._line = 0  # of these, since the last line end
        self._line_ended = False
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
            # Some gateways repeat the whole message in their last chunk, or tidied up.
            self._join()
            is_same = part.finish_reason and text.strip() == self.text.strip()
            text = "" if is_same else text.removeprefix(self.text)
        if text:
            self._new.append(text)
            self._length += len(text)
            self._line_ended = self._line_ended or "\n" in text
        if part.images:
            self.outside += part.images
        if part.finish_reason:
            self.finish_reason = part.finish_reason

    def read(self, *, to_the_end: bool = False) -> None:
        """Brings text, transcript and status up to what was added.

        Not while a picture is being written, unless `to_the_end`.
        """
        unread = self._length - self._read
        if self._line + unread > _LONGEST_LIVE_LINE and not (self._line_ended or to_the_end):
            if self.status is Status.QUEUED:
                self.status = Status.GENERATING
            return
        self._join()
        self._line_ended = False
        if unread:
            # The line from its beginning: a picture is not held in pieces beside the text.
            transcript = self._parser.reread(self.text[self._read - self._line :])
            self._read = len(self.text)
            self._line = self._read - self.text.rfind("\n") - 1
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
            self._length += 1
            self._half = ""
        self.read(to_the_end=True)
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
        self.read(to_the_end=True)
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
        urls = (*[url for url in self.outside if not is_video(url)], *inside)
        # The hash of a picture that is written out takes a while.
        return tuple(dict.fromkeys(urls)) if len(urls) > 1 else urls

    @property
    def video_urls(self) -> tuple[str, ...]:
        """Addresses of videos, in order; in its text a text model makes none."""
        inside = self.transcript.videos if self._makes_media else ()
        outside = [url for url in self.outside if is_video(url)] if self.outside else ()
        return tuple(dict.fromkeys((*outside, *inside))) if outside else inside

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

    def _join(self) -> None:
        self.text = self._new.behind(self.text)


class _Pieces:
    """What came of a text and was not joined to it yet.

    They are joined in blocks: thousands of them that are let go at once leave holes in memory.
    """

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._pieces: list[str] = []
        self._size = 0

    def append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > _BLOCK:
            self._blocks.append("".join(self._pieces))
            self._pieces.clear()
            self._size = 0

    def behind(self, text: str) -> str:
        """`text` and all of it, which is taken out."""
        # Without the empty text: a single piece is not copied.
        whole = "".join([*([text] if text else []), *self._blocks, *self._pieces])
        self._blocks.clear()
        self._pieces.clear()
        self._size = 0
        return whole
