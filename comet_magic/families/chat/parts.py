"""Reads the text, pictures and videos in the parts and fields of a message."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ...media.addresses import data_uri, is_data_uri
from ...media.medium import Medium
from .chunks import Attachment

# Fields of a message, of a choice or beside the choices that hold pictures and videos.
_FIELDS = frozenset({
    "images", "image", "image_url", "image_urls", "imageUrl", "imageUrls", "img", "img_url",
    "picture", "pictures", "image_base64", "b64_json", "videos", "video", "video_url", "video_urls",
    "videoUrl", "attachments", "files", "file", "file_url", "media", "artifacts", "outputs",
    "output", "multi_mod_content", "multimodal_content", "inline_data", "inlineData", "parts",
    "generated_images", "generated_videos", "output_images",
})  # fmt: skip
# In the order of their trust: a part often repeats a link in a less exact field.
_ADDRESSES = (
    "image_url", "video_url", "imageUrl", "videoUrl", "image_urls", "video_urls", "url", "urls",
    "image", "video", "images", "videos", "file_url", "fileUri", "file_uri", "uri", "src", "link",
    "href",
)  # fmt: skip
_BYTES = (
    "b64_json", "base64", "b64", "image_base64", "imageBytes", "bytesBase64Encoded", "data",
    "file_data", "result", "blob",
)  # fmt: skip
_HOLDERS = (
    "source", "inline_data", "inlineData", "file", "fileData", "content", "output", "results",
    "item",
)  # fmt: skip
_TEXTS = ("content", "output", "source", "results")
_MEDIA_TYPES = (
    "media_type", "mime_type", "mimeType", "mime", "content_type", "contentType", "output_format",
    "format",
)  # fmt: skip
_RESULTS = ("data", "result", "results", "predictions", "response")
_FILE_NAMES = ("filename", "file_name", "name")
_OTHERS = ("audio", "sound", "tool", "function", "citation")
_NO_TEXT = ("thinking", "reasoning", "thought", "redacted", "tool", "function")
_OTHER_FILE = re.compile(
    r"\.(?:pdf|txt|md|csv|json|zip|docx?|xlsx?|pptx?|html?|py|mp3|wav|ogg|flac|m4a)$", re.IGNORECASE
)
_OTHER_TYPE = re.compile(r"(?:data:)?(?:audio|text|font|application/(?!octet-stream))")
_RELATIVE = re.compile(r"\.{0,2}/|\S+\.(?:png|jpe?g|webp|gif|avif|mp4|webm|mov)\b", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/=_\r\n-]+")
# The shortest text that is taken for base64, and its beginning that is checked.
_SHORTEST, _HEAD = 60, 200


def text_in(content: object) -> str:
    """Returns the text of a message's content: a text, parts, or one part."""
    if isinstance(content, str):
        return content
    return "".join([_text(part) for part in _listed(content)])


def attachments_in(content: object) -> list[Attachment]:
    """Returns the pictures and videos among the parts of a message's content."""
    return [each for part in _listed(content) for each in _of_part(part, None)]


def attachments_of(holder: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Returns the pictures and videos in the fields of a message, a choice or an answer.

    `holder` can be a part itself: {"type": "image_url", "url": "https://…"}.
    """
    kind = _string(holder.get("type"))
    if (_medium_of(kind) or kind.endswith("file")) and (found := list(_of_part(holder, None))):
        return tuple(found)
    found = []
    for key in holder:
        if key in _FIELDS:
            found += _of_value(key, holder[key], _medium_of(key))
    return _once(found)


def attachments_beside(answer: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Returns the pictures and videos of an answer outside its choices.

    {"data": [{"url": "…"}]}, {"code": 0, "data": {"images": […]}}, {"output": ["https://…"]}
    """
    found = list(attachments_of(answer))
    for key in _RESULTS:
        found += _of_value("files", answer.get(key), None)
    url = answer.get("url")
    if not found and isinstance(url, str) and _RELATIVE.match(url):
        found.append(Attachment(url))
    return _once(found)


def _once(found: list[Attachment]) -> tuple[Attachment, ...]:
    # Hashing a large data URI is slow, so skip it for a single one.
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def transcript_in(message: Mapping[str, Any]) -> str:
    """Returns the words of a spoken answer: {"audio": {"transcript": "Hello", "data": "…"}}."""
    audio = message.get("audio")
    return _string(audio.get("transcript")) if isinstance(audio, dict) else ""


def _text(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or part.get("thought") is True:
        return ""  # {"text": "…", "thought": true}
    kind = _string(part.get("type"))
    if kind.startswith(_NO_TEXT):
        return ""
    for key in ("text", "refusal", "content", "transcript"):
        value = part.get(key)
        if isinstance(value, dict):
            value = value.get("value")  # {"text": {"value": "…", "annotations": []}}
        if isinstance(value, str) and (key != "content" or kind.endswith("text")):
            return value
    return ""


def _of_part(part: object, medium: Medium | None) -> Iterator[Attachment]:
    """Yields what a part holds; `medium` is what the field around it says."""
    if not isinstance(part, dict):
        return
    kind = _string(part.get("type")).lower()
    media_type = next((part[key] for key in _MEDIA_TYPES if isinstance(part.get(key), str)), "")
    if any(word in kind for word in _OTHERS) or _is_other(part, media_type):
        return
    medium = _medium_of(kind) or _medium_of(media_type) or medium
    for key in _fields(medium):
        value = part.get(key)
        if value and not (key in _TEXTS and isinstance(value, str)):
            found = list(_of_value(key, value, _medium_of(key) or medium, media_type))
            if found:
                yield from found
                return


@cache
def _fields(medium: Medium | None) -> tuple[str, ...]:
    """Returns the fields of a part in the order of trust, those that name its medium first.

    {"type": "video", "image_url": "…poster…", "video_url": "…"}
    """
    addresses = sorted(_ADDRESSES, key=lambda key: _medium_of(key) is not medium)
    return (*addresses, *_BYTES, *_HOLDERS)


def _of_value(
    key: str, value: object, medium: Medium | None, media_type: str = ""
) -> Iterator[Attachment]:
    """Yields the pictures and videos in the value of a field."""
    if isinstance(value, str):
        if address := _address(key, value.strip(), medium, media_type):
            yield Attachment(address, medium)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield from _of_value(key, item, medium, media_type)
            else:
                yield from _of_part(item, medium)
    elif isinstance(value, dict):
        yield from _of_part({"mime_type": media_type, **value} if media_type else value, medium)


def _address(key: str, value: str, medium: Medium | None, media_type: str) -> str:
    """Returns the address in a field, or a data URI of the base64 in it; empty if it is neither."""
    head = value[:_HEAD]
    if is_data_uri(value):
        return "" if _OTHER_TYPE.match(head.lower()) else value
    if "://" in head[:12] and (key in _ADDRESSES or " " not in head):
        return value
    if (key in _BYTES or len(value) > _SHORTEST) and _BASE64.fullmatch(head):
        kind = media_type or ("mp4" if medium is Medium.VIDEO else "png")
        # {"output_format": "webp"}
        return data_uri(kind if "/" in kind else f"{medium or Medium.IMAGE}/{kind}", value)
    # {"image": "none"} has none.
    is_address = key in _ADDRESSES and "/" in head and " " not in head
    return value if is_address or _RELATIVE.match(head) else ""


def _is_other(part: Mapping[str, Any], media_type: str) -> bool:
    """Whether a part is a file of another kind: {"filename": "report.pdf", "file_data": "…"}."""
    names = [part[key] for key in _FILE_NAMES if isinstance(part.get(key), str)]
    is_other = any(_OTHER_FILE.search(name[-10:]) for name in names)
    return is_other or _OTHER_TYPE.match(media_type.lower()) is not None


def _medium_of(name: str) -> Medium | None:
    """Returns what a field, a type or a media type says; gateways put anything into `images`."""
    if "video" in name.lower():
        return Medium.VIDEO
    if name == "images":
        return None
    return Medium.IMAGE if re.search(r"image|img|picture", name, re.IGNORECASE) else None


def _listed(value: object) -> list[Any]:
    """The parts in the content of a message; one part stands alone or holds them."""
    if isinstance(value, dict):
        parts = value.get("parts")  # {"content": {"parts": [{"text": "…"}], "role": "model"}}
        return parts if isinstance(parts, list) else [value]
    return value if isinstance(value, list) else []


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
