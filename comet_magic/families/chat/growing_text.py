"""The text of one choice while it grows, parsed as a transcript or as plain text."""

from ...media.medium import Medium
from ...text import mended
from .pieces import Pieces
from .plain_reader import PlainReader
from .transcript import Transcript, TranscriptParser

# A longer unfinished line contains an inline picture. Parsing it for every frame would cost more
# than everything else, and there is nothing in it to show.
_LONGEST_LIVE_LINE = 50_000
EMPTY = TranscriptParser().feed("")


class GrowingText:
    """Collects a text, and parses each complete line once.

    The text of a model that makes pictures or videos is a transcript of its work. Any other text
    is parsed as plain text; and also as a transcript once it seems to be one, because a model with
    an unknown id can make pictures, too.

    Args:
        medium: The medium that the model makes, as far as its id tells.

    Attributes:
        text: The text as received, up to the last `read`.
        has_long_line: Whether the last line was too long to be parsed at the last `read`.
        plain: The facts of a plain text.
        transcript: The facts of a transcript.
        is_suspected: Whether a plain text is parsed as a transcript, too.
        is_whole: Whether the text has ended and was not cut.
    """

    def __init__(self, medium: Medium) -> None:
        self.text = ""
        self.has_long_line = False
        self.plain = self.transcript = EMPTY
        self.is_suspected = self.is_whole = False
        self._is_plain = medium is Medium.TEXT
        self._new = Pieces()
        self._half = ""  # the first half of a surrogate pair, until the second arrives
        self._length = 0
        self._read = 0  # characters that were parsed
        self._line = 0  # of these, characters since the last line end
        self._line_ended = False
        self._parser = TranscriptParser(medium=medium)
        self._plain_parser = TranscriptParser(PlainReader())

    def add(self, text: str) -> bool:
        """Adds a piece; returns whether there was anything in it."""
        return self._append(self._half + text)

    def add_whole(self, text: str, *, is_last: bool) -> bool:
        """Adds what is new in the text so far; returns whether anything is.

        Some gateways repeat the whole message in the last chunk, sometimes trimmed.
        """
        if self._length:
            self._join()
            text = mended(text)
            is_same = is_last and text.strip() == self.text.strip()
            text = "" if is_same else text.removeprefix(self.text)
        return self._append(text)

    def read(self, longest: int | None = None, *, to_the_end: bool = False) -> bool:
        """Updates the text and its facts.

        Args:
            longest: Skips an unfinished line with more characters, as it contains a picture.
            to_the_end: Whether to parse such a line anyway.

        Returns:
            Whether it was parsed; False if it was skipped.
        """
        longest = longest or _LONGEST_LIVE_LINE
        unread = self._length - self._read
        if self._line + unread > longest and not (self._line_ended or to_the_end):
            return False
        self._join()
        self._line_ended = False
        if unread:
            self._parse(longest)
        self.has_long_line = self._line > longest
        return True

    def close(self, *, is_whole: bool) -> None:
        """Parses the text to its end. The last line is complete only if the text is whole."""
        if self._half:
            self._new.append(mended(self._half))
            self._length += 1
            self._half = ""
        self.read(to_the_end=True)
        if self._is_plain:
            self.plain = _closed(self._plain_parser, is_whole=is_whole)
            self._suspect()
        if not self._is_plain or self.is_suspected:
            self.transcript = _closed(self._parser, is_whole=is_whole)
        self.is_whole = is_whole

    def _append(self, text: str) -> bool:
        self._half = ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        text = mended(text)
        if text:
            self._new.append(text)
            self._length += len(text)
            self._line_ended = self._line_ended or "\n" in text
        return bool(text)

    def _parse(self, longest: int) -> None:
        # Pass the line from its beginning, so that the parser keeps no copy of a picture.
        unread = self.text[self._read - self._line :]
        self._read = len(self.text)
        self._line = self._read - self.text.rfind("\n") - 1
        plain = self._plain_parser.reread(unread) if self._is_plain else None
        transcript = None if plain and not self.is_suspected else self._parser.reread(unread)
        if self._line > longest:
            return
        self.transcript = transcript or self.transcript
        if plain:
            self.plain = plain
            self._suspect()

    def _suspect(self) -> None:
        """Parses a plain text as a transcript, too, if it reports the progress of a picture."""
        if not self.is_suspected and self.plain.statuses:
            self.is_suspected = True
            self.transcript = self._parser.reread(self.text)

    def _join(self) -> None:
        self.text = self._new.append_to(self.text)


def _closed(parser: TranscriptParser, *, is_whole: bool) -> Transcript:
    return parser.close() if is_whole else parser.feed("")
