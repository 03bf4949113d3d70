"""Pictures that a model made: their bytes, checked, and where they are kept."""

import io
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self, Unpack

from PIL import Image

from .. import hooks
from .addresses import expiry, short_url
from .media_file import MediaFile
from .medium import Medium
from .pixels import Preview, decode, make_preview, open_picture, upright, upright_size
from .sniffing import MediaError


@dataclass(frozen=True, slots=True)
class GeneratedImage(MediaFile):
    """One picture of a generation.

    Attributes:
        url: Where the endpoint put it; a data URI if it came inline. May expire.
        data: The bytes as received; None until they are downloaded, or if that failed. A batch
            keeps them only in the file at `path`, where `save` and `to_pil` find them.
        media_type: For example `image/png`, judged by the bytes; None without them.
        width: In pixels, of the upright picture; None without the bytes.
        height: In pixels.
        path: The saved file; None if there is none.
        alt: What it shows: the revised prompt, else the prompt.
        expires: When a signed `url` stops working; None if it does not say.
        preview: The small copy that a notebook embeds; None without the bytes.
    """

    medium = Medium.IMAGE

    url: str
    data: bytes | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    path: Path | None = None
    alt: str = ""
    expires: datetime | None = None
    preview: Preview | None = None

    @classmethod
    def from_url(cls, url: str, alt: str = "") -> Self:
        """A picture of which only the address is known."""
        return cls(url, alt=alt, expires=expiry(url))

    def with_data(self, data: bytes, *, preview_pixels: int = 768) -> Self:
        """This picture with its bytes, decoded once to check them and to make the preview.

        Args:
            data: The file as received.
            preview_pixels: The long side of the preview.

        Raises:
            MediaError: The bytes are no picture, a broken one, or one of more than `MOST_PIXELS`.
            MemoryError: There is not enough memory to decode them.
        """
        with open_picture(io.BytesIO(data)) as image:
            width, height = upright_size(image)
            return replace(
                self,
                data=data,
                media_type=Image.MIME[str(image.format)],
                width=width,
                height=height,
                preview=make_preview(image, preview_pixels),
            )

    def undecoded(self, data: bytes) -> Self:
        """This picture with its bytes, which could not be decoded for want of memory.

        Raises:
            MediaError: The bytes do not begin like a picture.
        """
        return replace(self, data=data, media_type=self._type_of(data))

    def to_pil(self) -> Image.Image:
        """The picture as a Pillow image, upright.

        Raises:
            ValueError: There are no bytes, or the file holds no picture any more.
            OSError: The file cannot be read.
        """
        data = self.read()
        if data is None:
            raise ValueError(f"the picture was not downloaded; its link is {short_url(self.url)}")
        return upright(decode(data)[0])

    def on_disk(self) -> Self:
        """This picture without the bytes that its file holds, and without its preview."""
        return self if self.path is None else replace(self, data=None, preview=None)

    def _loaded(self) -> Self:
        if self.preview is not None:
            return self
        try:
            data = self.read()
            return self if data is None else self.with_data(data)
        except (OSError, MediaError, MemoryError):
            return self  # its link is shown instead

    def edit(
        self,
        prompt: str,
        *,
        model: str | None = None,
        system: str | None = None,
        images: Any = None,
        download: bool = True,
        **options: "Unpack[hooks.Options]",
    ) -> "hooks.Generation":
        """Asks the model to change this picture: sends its bytes, and no earlier turns.

        Args:
            prompt: The change, for example `make it night`.
            model: By default the one in force, not the one that made the picture.
            system: A system message.
            images: More pictures to send, as for `generate`, for example a hat to put on.
            download: Whether to fetch and save the results.
            **options: As for `generate`.

        Raises:
            CometError: As `generate`.
        """
        pictures = [self] if images is None else [self, images]
        return hooks.generate(
            prompt, model=model, system=system, images=pictures, download=download, **options
        )

    def __repr__(self) -> str:
        if not (self.data or self.path):
            return self._described(None)
        return self._described(f"{self.width} × {self.height}" if self.width else "not decoded")
