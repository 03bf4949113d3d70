"""What bytes are, by how they begin: endpoints and stores often send a wrong type."""

from collections.abc import Callable

# Media type: the file extension, where that is not the second half of the type.
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "video/quicktime": ".mov",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
}
_BEGINNINGS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
)
_RIFF_FORMS = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
# ISO 14496-12: bytes 4 to 8 of the file are `ftyp`, the next four name its brand.
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_WORDS = {
    "image/heic": "an HEIC photo",
    "image": "a picture",
    "video": "a video",
    "audio": "a sound",
}


class MediaError(ValueError):
    """The bytes are no picture, video or sound, or too large; the text says which."""


def media_type_of(data: bytes) -> str | None:
    """The media type of a picture, video or sound; None if the bytes are none that is known.

    Args:
        data: The whole file, or at least its first 12 bytes.

    >>> media_type_of(b"RIFF\\0\\0\\0\\0WAVEfmt ")
    'audio/wav'
    """
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "video/mp4")
    if data.startswith(b"RIFF"):
        return _RIFF_FORMS.get(data[8:12])
    known = (name for beginning, name in _BEGINNINGS if data.startswith(beginning))
    return next(known, None) or _frame_type(data)


def extension(media_type: str | None) -> str:
    """The extension of a file name for a media type: `.png`, `.jpg`, `.mp4` …"""
    return _EXTENSIONS.get(media_type or "", "." + (media_type or "/bin").partition("/")[2])


def looks_like(data: bytes) -> str:
    """What bytes that are not what was wanted seem to be, in words."""
    known = media_type_of(data) or ""
    words = _WORDS.get(known) or _WORDS.get(known.partition("/")[0], "something else")
    return next((name for is_it, name in _LOOKS if is_it(data)), words)


def _frame_type(data: bytes) -> str | None:
    """The type of a sound that begins with a frame and no header: MP3, or AAC in ADTS.

    ISO 13818-7 §6.2: twelve set bits, the layer 00, a sampling rate below 13. ISO 11172-3
    §2.4.2.3: eleven set bits, a version that is not 01, the layer 01, no bitrate of 15 and no
    sampling rate of 3. A text in UTF-16 begins with set bits, too, but with the layer 11.
    """
    if len(data) < 3 or data[0] != 0xFF:
        return None
    second, third = data[1], data[2]
    if second & 0xF6 == 0xF0 and (third >> 2) & 15 < 13:
        return "audio/aac"
    is_mp3 = second & 0xE6 == 0xE2 and second & 0x18 != 0x08
    return "audio/mpeg" if is_mp3 and third >> 4 != 15 and third & 0x0C != 0x0C else None


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data[:500].decode()
    except UnicodeDecodeError as error:
        return error.start > 490  # the cut went through a character
    return True


# The first that holds; before the known types, since a text can begin like one of them.
_LOOKS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda data: not data, "nothing"),
    (lambda data: data.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")), "a web page"),
    (lambda data: b"<svg" in data, "an SVG drawing, which can hold scripts"),
    (lambda data: data.lstrip()[:1] in (b"{", b"["), "JSON"),
    (lambda data: data.startswith(b"%PDF"), "a PDF"),
    (_is_text, "text"),
)
