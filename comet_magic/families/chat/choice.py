"""One choice of a chat completion while it grows: its text and its pictures."""

from collections.abc import Iterable, Iterator

from ...media.addresses import short_url
from ...media.medium import Medium
from ...text import LONGEST_WORD, without_bytes
from ..facts import Mention, Stage
from .chunks import Attachment, ChunkChoice
from .growing_text import EMPTY, GrowingText
from .leftovers import without_results
from .line_facts import Prose
from .links import medium_of_address
from .mentions import Mentions
from .remarks import why_missing
from .rescue import looked_through
from .results import Results
from .transcript import Transcript

# An inspection parses the text after each event. A longer line contains no progress.
_LONGEST_MENTIONED_LINE = 2_000
_LONGEST_FAILURE = 2_000


class ChatChoice:
    """Collects the text and pictures of one choice, and says what is in them.

    Args:
        medium: The medium that the model makes, as far as its id tells.

    Attributes:
        attachments: The pictures and videos outside the text.
        finish_reason: The reason as received; None while the choice continues.
        is_at_end: Whether the last reason was the end, as far as can be told. Some gateways send a
            reason with every chunk; that says nothing.
        remarks: What is said beside the text and explains an empty answer, each once.
        stage: The stage: queued or generating.
    """

    def __init__(self, medium: Medium) -> None:
        self.attachments: tuple[Attachment, ...] = ()
        self.finish_reason: str | None = None
        self.is_at_end = False
        self.remarks: dict[str, None] = {}
        self.stage = Stage.QUEUED
        self._medium = medium
        self._text = GrowingText(medium)
        self._mentions = Mentions()
        self._mentioned: tuple[Transcript, bool] | None = None
        self._found: Results | None = None  # once the text has ended
        self._attachments_listed = 0
        self._went_on = False  # text came behind a reason
        self._has_plain = False  # a chunk had no reason
        self._has_plain_text = False  # such a chunk had text

    def add(self, part: ChunkChoice) -> None:
        """Adds a piece."""
        if part.whole:
            has_text = self._text.add_whole(part.text, is_last=bool(part.finish_reason))
        else:
            has_text = self._text.add(part.text)
        if part.attachments:
            self.attach(part.attachments)
        if part.remarks:
            self.remarks |= dict.fromkeys(part.remarks)
        has_more = has_text or bool(part.attachments)
        if has_more and self.finish_reason:
            self._went_on = True
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

    def read(self, longest: int | None = None) -> None:
        """Updates text, transcript and stage.

        Args:
            longest: Skips an unfinished line with more characters, as it contains a picture.
        """
        if not self._text.read(longest) or self._has_begun():
            self.stage = Stage.GENERATING

    def close(self, *, is_whole: bool) -> None:
        """Parses the text to its end. The last line is complete only if the text is whole."""
        self._text.close(is_whole=is_whole)
        self.stage = Stage.QUEUED  # a link that was half written looked like words
        if self._has_begun():
            self.stage = Stage.GENERATING
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
    def text(self) -> str:
        """The text as received, up to the last `read`."""
        return self._text.text

    @property
    def medium(self) -> Medium:
        """What the model makes: as its id tells, or else as its text shows.

        A transcript has a quoted stage or progress, and parameters, a result or a failure. Until
        the text is whole the first is enough if there are no other words, or if it came twice.
        """
        if self._medium is not Medium.TEXT or not self._text.is_suspected:
            return self._medium
        facts, statuses = self._text.transcript, self._text.plain.statuses
        is_under_way = not self._text.is_whole and (statuses > 1 or not facts.prose)
        if not statuses or not (facts.has_result or self.attachments or is_under_way):
            return Medium.TEXT
        is_video = facts.videos or self._attached(Medium.VIDEO)
        return Medium.VIDEO if is_video else Medium.IMAGE

    @property
    def transcript(self) -> Transcript:
        """The facts parsed from the text; none in a plain text."""
        return self._text.transcript if self._makes_media else EMPTY

    @property
    def failure(self) -> str | None:
        """Why the result is missing; None if there is one. A text is one for a text model."""
        if self.image_urls or self.video_urls:
            return None
        if not self._makes_media and self.text and not self.text.isspace():
            return None
        facts = self.transcript
        words = without_bytes(facts.reason or facts.unfinished or "", LONGEST_WORD)
        if len(words) > _LONGEST_FAILURE:  # `answer` has all of it
            words = words[:_LONGEST_FAILURE].rstrip() + "…"
        wanted = self.medium.noun if self._makes_media else ""
        return why_missing(words, wanted, self.finish_reason, tuple(self.remarks))

    @property
    def image_urls(self) -> tuple[str, ...]:
        """Addresses of pictures, those outside the text first; one may come twice.

        Previews count only if there is no picture outside the text. In the answer of a text
        model only Markdown images count, not other links.
        """
        by_layout = self._makes_media and not self.attachments
        shown = self.transcript if self._makes_media else self._text.plain
        inside = self._results.images if by_layout else shown.markdown_images
        return (*self._attached(Medium.IMAGE), *inside)

    @property
    def video_urls(self) -> tuple[str, ...]:
        """Addresses of videos, those outside the text first; one may come twice.

        Links in the text of a text model do not count.
        """
        inside = self._results.videos if self._makes_media else ()
        return (*self._attached(Medium.VIDEO), *inside)

    @property
    def posters(self) -> dict[str, str]:
        """Addresses of the posters, by the addresses of their videos in the text."""
        posters = self._results.posters
        return dict(zip(self._results.videos, posters, strict=False)) if posters else {}

    @property
    def answer(self) -> str:
        """The model's own words, without progress and links.

        While the block of parameters is being written, the rewritten prompt in it. For a text model
        the whole text, without its pictures.
        """
        facts = self.transcript
        if not self._makes_media:
            if not self._text.plain.markdown_images:
                return self.text
            lines = [fact.line for fact in self._text.plain.facts if isinstance(fact, Prose)]
            return "\n".join(lines).lstrip("\n").rstrip()
        beginning = facts.draft or (facts.unfinished if self._found else "")
        prose = facts.prose_beside(self._found.urls) if self._found else facts.prose
        words = "\n\n".join(part for part in (prose, beginning) if part)
        words = without_bytes(words, LONGEST_WORD)
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

    def _has_begun(self) -> bool:
        """Returns whether the work has begun; writing the parameters does not count."""
        if not self.text or self.stage is not Stage.QUEUED:
            # Work that has begun stays so: do not go through all facts again.
            return self.stage is not Stage.QUEUED
        facts = self.transcript
        if facts.stage:
            return facts.stage is not Stage.QUEUED
        if not self._makes_media or self._text.has_long_line:
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
