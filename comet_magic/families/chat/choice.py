"""One choice of a chat completion while it grows: its text and its pictures."""

from collections.abc import Iterable, Iterator

from ...media.addresses import short_url
from ...media.medium import Medium
from ...text import mended, without_bytes
from ..facts import Mention, Stage
from .chunks import Attachment, ChunkChoice
from .leftovers import without_results
from .links import medium_of_address
from .mentions import Mentions
from .rescue import looked_through
from .results import Results
from .transcript import TranscriptParser

# A longer unfinished line contains an inline picture. Parsing it for every frame would cost more
# than everything else, and there is nothing in it to show.
_LONGEST_LIVE_LINE = 50_000
# An inspection parses the text after each event. A longer line contains no progress.
_LONGEST_MENTIONED_LINE = 4_000
# Characters that are joined to a block.
_BLOCK = 1_000_000


class ChatChoice:
    """Collects the text and pictures of one choice, and parses them.

    Args:
        medium: The medium that the model makes.

    Attributes:
        attachments: The pictures and videos outside the text.
        finish_reason: The reason as received; None while the choice continues.
        stage: The stage: queued or generating.
        text: The text as received, up to the last `read`.
        transcript: The facts parsed from the text.
    """

    def __init__(self, medium: Medium) -> None:
        self.attachments: tuple[Attachment, ...] = ()
        self.finish_reason: str | None = None
        self.stage = Stage.QUEUED
        self.text = ""
        self._medium = medium
        self._new = _Pieces()
        self._half = ""  # the first half of a surrogate pair, until the second arrives
        self._length = 0
        self._read = 0  # characters that were parsed
        self._line = 0  # parsed characters since the last line end
        self._line_ended = False
        self._is_closed = False
        self._mentions = Mentions()
        self._found: Results | None = None  # once the text has ended
        self._attachments_listed = 0
        self._parser = TranscriptParser(medium)
        self.transcript = self._parser.feed("")

    def add(self, part: ChunkChoice) -> None:
        """Adds a piece."""
        text = part.text if part.whole else self._half + part.text
        self._half = ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        text = mended(text)
        if part.whole and self._length:
            # Some gateways repeat the whole message in the last chunk, sometimes trimmed.
            self._join()
            is_same = part.finish_reason and text.strip() == self.text.strip()
            text = "" if is_same else text.removeprefix(self.text)
        if text:
            self._new.append(text)
            self._length += len(text)
            self._line_ended = self._line_ended or "\n" in text
        if part.attachments:
            self.attach(part.attachments)
        if part.finish_reason:
            self.finish_reason = part.finish_reason

    def attach(self, attachments: Iterable[Attachment]) -> None:
        """Adds pictures and videos outside the text."""
        self.attachments += tuple(each.as_meant() for each in attachments)

    def read(self, longest: int | None = None, *, to_the_end: bool = False) -> None:
        """Updates text, transcript and stage.

        Args:
            longest: Skips an unfinished line with more characters, as it contains a picture.
            to_the_end: Whether to parse such a line anyway.
        """
        longest = longest or _LONGEST_LIVE_LINE
        unread = self._length - self._read
        if self._line + unread > longest and not (self._line_ended or to_the_end):
            self.stage = Stage.GENERATING
            return
        self._join()
        self._line_ended = False
        if unread:
            # Pass the line from its beginning, so that the parser keeps no copy of a picture.
            transcript = self._parser.reread(self.text[self._read - self._line :])
            self._read = len(self.text)
            self._line = self._read - self.text.rfind("\n") - 1
            if self._line <= longest:
                self.transcript = transcript
        if self.text and self._has_begun(longest):
            self.stage = Stage.GENERATING

    def close(self, *, is_whole: bool) -> None:
        """Parses the text to its end. The last line is complete only if the text is whole."""
        if self._half:
            self._new.append(mended(self._half))
            self._length += 1
            self._half = ""
        self.read(to_the_end=True)
        self.transcript = self._parser.close() if is_whole else self._parser.feed("")
        self._is_closed = True
        if self._makes_media:
            facts = self.transcript
            self._found = looked_through(
                self.text,
                facts.links,
                self._medium,
                has_prose=bool(facts.prose),
                is_whole=is_whole,
            )

    @property
    def failure(self) -> str | None:
        """Why the result is missing; None if there is one, or if the model makes only text."""
        if self.image_urls or self.video_urls or not self._makes_media:
            return None
        facts = self.transcript
        what = "video" if self._medium is Medium.VIDEO else "picture"
        why = facts.reason or facts.unfinished
        return without_bytes(why, 64) if why else f"The model finished without a {what}."

    @property
    def image_urls(self) -> tuple[str, ...]:
        """Addresses of pictures, those outside the text first.

        Previews count only if there is no picture outside the text. In the answer of a text
        model only Markdown images count, not other links.
        """
        facts = self.transcript
        by_layout = self._makes_media and not self.attachments
        inside = self._results.images if by_layout else facts.markdown_images
        urls = (*self._attached(Medium.IMAGE), *inside)
        # Hashing a large data URI is slow, so skip it for a single picture.
        return tuple(dict.fromkeys(urls)) if len(urls) > 1 else urls

    @property
    def video_urls(self) -> tuple[str, ...]:
        """Addresses of videos, in order. Links in the text of a text model do not count."""
        inside = self._results.videos if self._makes_media else ()
        outside = self._attached(Medium.VIDEO)
        return tuple(dict.fromkeys((*outside, *inside))) if outside else inside

    @property
    def poster_urls(self) -> tuple[str, ...]:
        """Addresses of the posters of the videos in the text, in order."""
        return self._results.posters

    @property
    def answer(self) -> str:
        """The model's own words, without progress and links; for a text model the whole text.

        While the block of parameters is being written, the rewritten prompt in it.
        """
        facts = self.transcript
        if not self._makes_media and not self.image_urls:
            return self.text
        beginning = facts.draft or (facts.unfinished if self._is_closed else "")
        words = "\n\n".join(part for part in (facts.prose, beginning) if part)
        if not self._makes_media:
            return words
        words = without_bytes(words, 64)
        return without_results(words, self._found) if self._found else words

    def mentions(self, index: int) -> Iterator[Mention]:
        """Yields new details for an inspection; for a text model only what is outside the text."""
        for each in self.attachments[self._attachments_listed :]:
            yield Mention(self._kind_of(each), short_url(each.url), index)
        self._attachments_listed = len(self.attachments)
        if self._medium is not Medium.TEXT:
            self.read(_LONGEST_MENTIONED_LINE)
            is_whole = self.finish_reason is not None
            yield from self._mentions.new(self.transcript, index, is_whole=is_whole)

    def _has_begun(self, longest: int) -> bool:
        """Returns whether the work has begun; writing the parameters does not count."""
        facts = self.transcript
        if facts.stage:
            return facts.stage is not Stage.QUEUED
        if not self._makes_media or self._line > longest:
            return True
        results = self.image_urls or self.video_urls
        return bool(facts.progress or facts.prose.strip("`") or results)

    @property
    def _makes_media(self) -> bool:
        return self._medium is not Medium.TEXT or self.transcript.is_generation

    def _attached(self, medium: Medium) -> list[str]:
        return [each.url for each in self.attachments if self._kind_of(each) is medium]

    def _kind_of(self, attachment: Attachment) -> Medium:
        """Returns what an attachment is: by its address, its field, and the model."""
        medium = medium_of_address(attachment.url)
        if medium is Medium.VIDEO:
            return medium  # some gateways put every address into `image_url`
        default = Medium.VIDEO if self._medium is Medium.VIDEO else Medium.IMAGE
        return attachment.medium or medium or default

    @property
    def _results(self) -> Results:
        return self._found or self.transcript.results

    def _join(self) -> None:
        self.text = self._new.append_to(self.text)


class _Pieces:
    """Pieces that were not joined to the text yet.

    Joins them in blocks, because freeing thousands of small strings fragments the memory.
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

    def append_to(self, text: str) -> str:
        """Returns `text` with all pieces appended, and forgets them."""
        # Skip an empty text, so that a single piece is not copied.
        whole = "".join([*([text] if text else []), *self._blocks, *self._pieces])
        self._blocks.clear()
        self._pieces.clear()
        self._size = 0
        return whole
