"""One choice of a chat completion while it grows: its text and its pictures."""

from collections.abc import Iterable, Iterator

from ...media.addresses import short_url
from ...media.medium import Medium
from ...text import mended, without_bytes
from ..facts import Mention, Stage
from .chunks import Attachment, ChunkChoice
from .leftovers import without_results
from .line_facts import Prose
from .links import medium_of_address
from .mentions import Mentions
from .pieces import Pieces
from .plain_reader import PlainReader
from .remarks import why_missing
from .rescue import looked_through
from .results import Results
from .transcript import Transcript, TranscriptParser

# A longer unfinished line contains an inline picture. Parsing it for every frame would cost more
# than everything else, and there is nothing in it to show.
_LONGEST_LIVE_LINE = 50_000
# An inspection parses the text after each event. A longer line contains no progress.
_LONGEST_MENTIONED_LINE = 2_000
_EMPTY = TranscriptParser().feed("")


class ChatChoice:
    """Collects the text and pictures of one choice, and parses them.

    The text of a model that makes pictures or videos is a transcript of its work. Any other text
    is parsed as plain text; and also as a transcript once it seems to be one, because a model with
    an unknown id can make pictures, too.

    Args:
        medium: The medium that the model makes, as far as its id tells.

    Attributes:
        attachments: The pictures and videos outside the text.
        finish_reason: The reason as received; None while the choice continues.
        is_at_end: Whether the last reason was the end, as far as can be told. Some gateways send a
            reason with every chunk; that says nothing.
        remarks: What is said beside the text and explains an empty answer, each once.
        stage: The stage: queued or generating.
        text: The text as received, up to the last `read`.
    """

    def __init__(self, medium: Medium) -> None:
        self.attachments: tuple[Attachment, ...] = ()
        self.finish_reason: str | None = None
        self.is_at_end = False
        self.remarks: dict[str, None] = {}
        self.stage = Stage.QUEUED
        self.text = ""
        self._medium = medium
        self._new = Pieces()
        self._half = ""  # the first half of a surrogate pair, until the second arrives
        self._length = 0
        self._read = 0  # characters that were parsed
        self._line = 0  # parsed characters since the last line end
        self._line_ended = False
        self._is_closed = self._is_whole = False
        self._mentions = Mentions()
        self._mentioned: tuple[Transcript, bool] | None = None
        self._found: Results | None = None  # once the text has ended
        self._attachments_listed = 0
        self._went_on = False  # text came behind a reason
        self._has_plain = False  # a chunk had no reason
        self._has_plain_text = False  # such a chunk had text
        self._parser = TranscriptParser(medium=medium)
        self._transcript = _EMPTY
        # Used unless the model is known to make pictures or videos.
        self._plain_parser = TranscriptParser(PlainReader())
        self._plain = _EMPTY
        self._is_suspected = False  # whether a plain text is parsed as a transcript, too

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
        if part.remarks:
            self.remarks |= dict.fromkeys(part.remarks)
        has_more = bool(text or part.attachments)
        if has_more and self.finish_reason:
            self._went_on, self.is_at_end = True, False
        if part.finish_reason:
            self.finish_reason = part.finish_reason
            is_alone = self._has_plain and not has_more
            self.is_at_end = not self._went_on and (is_alone or self._has_plain_text)
        else:
            self._has_plain = True
            self._has_plain_text = self._has_plain_text or has_more

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
            self._parse(longest)
        # Work that has begun stays so: do not go through all facts again.
        if self.stage is Stage.QUEUED and self.text and self._has_begun(longest):
            self.stage = Stage.GENERATING

    def _parse(self, longest: int) -> None:
        # Pass the line from its beginning, so that the parser keeps no copy of a picture.
        unread = self.text[self._read - self._line :]
        self._read = len(self.text)
        self._line = self._read - self.text.rfind("\n") - 1
        plain = self._plain_parser.reread(unread) if self._medium is Medium.TEXT else None
        transcript = None if plain and not self._is_suspected else self._parser.reread(unread)
        if self._line > longest:
            return
        self._transcript = transcript or self._transcript
        if plain:
            self._plain = plain
            self._suspect()

    def _suspect(self) -> None:
        """Parses a plain text as a transcript, too, if it reports the progress of a picture."""
        if not self._is_suspected and self._plain.statuses:
            self._is_suspected = True
            self._transcript = self._parser.reread(self.text)

    def close(self, *, is_whole: bool) -> None:
        """Parses the text to its end. The last line is complete only if the text is whole."""
        if self._half:
            self._new.append(mended(self._half))
            self._length += 1
            self._half = ""
        self.read(to_the_end=True)
        if self._medium is Medium.TEXT:
            self._plain = _closed(self._plain_parser, is_whole=is_whole)
            self._suspect()
        if self._medium is not Medium.TEXT or self._is_suspected:
            self._transcript = _closed(self._parser, is_whole=is_whole)
        self._is_closed, self._is_whole = True, is_whole
        if self._makes_media:
            facts = self.transcript
            self._found = looked_through(
                self.text,
                facts.links,
                self.medium,
                has_prose=bool(facts.prose),
                is_whole=is_whole,
            )

    @property
    def medium(self) -> Medium:
        """What the model makes: as its id tells, or else as its text shows.

        A transcript has a quoted stage or progress, and parameters, a result or a failure. Until
        the text is whole the first is enough, unless there are other words in it.
        """
        if self._medium is not Medium.TEXT or not self._is_suspected:
            return self._medium
        facts, statuses = self._transcript, self._plain.statuses
        is_under_way = not self._is_whole and (statuses > 1 or not facts.prose)
        if not statuses or not (facts.has_result or self.attachments or is_under_way):
            return Medium.TEXT
        is_film = facts.videos or self._attached(Medium.VIDEO)
        return Medium.VIDEO if is_film else Medium.IMAGE

    @property
    def transcript(self) -> Transcript:
        """The facts parsed from the text; none in a plain text."""
        return self._transcript if self._makes_media else _EMPTY

    @property
    def failure(self) -> str | None:
        """Why the result is missing; None if there is one. A text is one for a text model."""
        if self.image_urls or self.video_urls:
            return None
        if not self._makes_media and self.text and not self.text.isspace():
            return None
        facts = self.transcript
        words = without_bytes(facts.reason or facts.unfinished or "", 64)
        wanted = self.medium.noun if self._makes_media else ""
        return why_missing(words, wanted, self.finish_reason, tuple(self.remarks))

    @property
    def image_urls(self) -> tuple[str, ...]:
        """Addresses of pictures, those outside the text first.

        Previews count only if there is no picture outside the text. In the answer of a text
        model only Markdown images count, not other links.
        """
        by_layout = self._makes_media and not self.attachments
        shown = self.transcript if self._makes_media else self._plain
        inside = self._results.images if by_layout else shown.markdown_images
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
        """The model's own words, without progress and links.

        While the block of parameters is being written, the rewritten prompt in it. For a text model
        the whole text, without its pictures.
        """
        facts = self.transcript
        if not self._makes_media:
            if not self._plain.markdown_images:
                return self.text
            lines = [fact.line for fact in self._plain.facts if isinstance(fact, Prose)]
            return "\n".join(lines).lstrip("\n").rstrip()
        beginning = facts.draft or (facts.unfinished if self._is_closed else "")
        words = "\n\n".join(part for part in (facts.prose, beginning) if part)
        words = without_bytes(words, 64)
        if not self._found:
            return words
        read = {link.url for link in facts.links}
        return without_results(words, [url for url in self._found.urls if url not in read])

    def mentions(self, index: int) -> Iterator[Mention]:
        """Yields new details for an inspection; for a text model only what is outside the text."""
        for each in self.attachments[self._attachments_listed :]:
            yield Mention(self._kind_of(each), short_url(each.url), index)
        self._attachments_listed = len(self.attachments)
        if self._medium is not Medium.TEXT:
            self.read(_LONGEST_MENTIONED_LINE)
            state = (self.transcript, self.finish_reason is not None)
            # A line that has grown too long is not read again for each event.
            if state != self._mentioned:
                self._mentioned = state
                yield from self._mentions.new(state[0], index, is_whole=state[1])

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
        return self.medium is not Medium.TEXT

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


def _closed(parser: TranscriptParser, *, is_whole: bool) -> Transcript:
    return parser.close() if is_whole else parser.feed("")
