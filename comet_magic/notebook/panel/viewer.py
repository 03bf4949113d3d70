"""One result of a panel in full size, and as a file."""

from dataclasses import replace

from ...inputs.encoding import encode
from ...media.images import GeneratedImage
from ...media.kinds import Media
from ...media.pixels import decode
from ...render import panel as html
from .controls import Controls, focus, show
from .results import Result

# The largest message to the page; a smaller copy is shown of larger pictures.
_MOST_BYTES = 24_000_000


class Viewer:
    """Reads originals when they are opened, and releases them: the page holds one at most.

    Attributes:
        widget: The picture; hidden while none is open.
        file: A link to the file to download.
    """

    def __init__(self, controls: Controls) -> None:
        self._result: Result | None = None
        self._html = controls.html(None, "comet-full")
        self._close = controls.button("Close", self.close, "comet-button", "comet-close")
        self._download = controls.button("Download", self._download_shown, "comet-button")
        buttons = controls.box(self._close, self._download, classes="comet-row")
        self.widget = controls.box(buttons, self._html, classes="comet-viewer comet-hidden")
        self.file = controls.html()

    def show(self, result: Result) -> None:
        """Opens a result in full size."""
        self._result = result
        media, said = _original(result.cell.media)
        self._html.value = html.full(result.cell.generation, media, said)
        show(self.widget, is_shown=True)
        focus(self._close)

    def close(self) -> None:
        """Hides the result and releases it."""
        self._result = None
        show(self.widget, is_shown=False)
        self._html.value = ""

    def download(self, result: Result) -> None:
        """Offers the file of a result; the script saves it at once."""
        media, said = _original(result.cell.media)
        # Emptied first, so that downloading the same file again is a change.
        self.file.value = ""
        self.file.value = html.problem(said) if said or not media else html.download(media)

    def _download_shown(self) -> None:
        if self._result:
            self.download(self._result)


def _original(media: Media | None) -> tuple[Media | None, str]:
    """The medium with its bytes, None if they cannot be had, and what to say about it."""
    if media is None:
        return None, "There is nothing to show."
    try:
        data = media.read()
    except OSError as error:
        return None, f"The file {media.path} cannot be read any more: {error.strerror or error}."
    if data is None:
        return None, f"The {media.noun} was not downloaded; there is only its link."
    if len(data) <= _MOST_BYTES:
        return replace(media, data=data), ""
    where = f"The original has {len(data) / 1e6:.0f} MB and is in {media.path}"
    if not isinstance(media, GeneratedImage):
        return None, f"{where}."
    small = encode(decode(data)[0])
    copy = replace(media, data=small.data, media_type=small.media_type)
    return copy, f"{where}; this is a smaller copy."
