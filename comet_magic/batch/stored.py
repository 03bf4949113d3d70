"""A generation as a line of a resume file, and back. Pictures stay in files of their own."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..families.chat.chunks import Message, Usage
from ..generation import Generation, Status
from ..media.addresses import short_url
from ..media.images import GeneratedImage, GeneratedVideo, Media
from ..text import all_mended

_INLINE = re.compile(r"(data:[\w.+-]+/[\w.+-]+(?:;[\w=.+-]+)*;base64,)[A-Za-z0-9+/=\s]{64,}")
_TUPLES = ("gen_ids", "progress", "notes", "messages")
_NAMES = {field.name for field in fields(Generation)}


def to_json(generation: Generation) -> dict[str, Any]:
    """What is kept of a generation; runs where its pictures are, which are read for their hash."""
    values = {name: getattr(generation, name) for name in _NAMES}
    values["text"] = _INLINE.sub(r"\1…", generation.text)
    values["answer"] = _INLINE.sub(r"\1…", generation.answer)
    values["started"] = generation.started.isoformat()
    values["usage"] = asdict(generation.usage) if generation.usage else None
    values["images"] = [_medium(image) for image in generation.images]
    values["videos"] = [_medium(video) for video in generation.videos]
    values["choices"] = [to_json(choice) for choice in generation.choices]
    values["messages"] = _without_data(generation.messages)
    kept: dict[str, Any] = all_mended({key: value for key, value in values.items() if value})
    return kept


def from_json(values: Mapping[str, Any], folder: Path) -> Generation:
    """The generation of `to_json`; fields that a later version added are left out.

    Args:
        values: As they were kept.
        folder: That of the resume file; relative paths of pictures begin there.

    Raises:
        ValueError: They do not make a generation; also KeyError and TypeError.
    """
    known = {name: value for name, value in values.items() if name in _NAMES}
    known |= {name: tuple(known.get(name, ())) for name in _TUPLES}
    images, lost = _media(GeneratedImage, known.get("images", ()), folder)
    videos, lost_videos = _media(GeneratedVideo, known.get("videos", ()), folder)
    empty = {"id": "", "text": "", "answer": "", "parameters": {}, "elapsed": 0.0}
    absent = dict.fromkeys(
        ("revised_prompt", "ratio", "task_id", "percent", "finish_reason", "request_id",
         "time_to_first_token", "usage"),
    )  # fmt: skip
    whole: dict[str, Any] = {**empty, **absent, **known}
    asked = ({"role": "user", "content": whole["prompt"]},)
    whole |= {
        "status": Status(whole["status"]),
        "started": datetime.fromisoformat(whole["started"]),
        "usage": Usage(**whole["usage"]) if whole["usage"] else None,
        "images": images,
        "videos": videos,
        "choices": tuple(from_json(choice, folder) for choice in whole.get("choices", ())),
        "notes": (*known["notes"], *lost, *lost_videos),
        "messages": known["messages"] or asked,
    }
    return Generation(**whole)


def relative_to(folder: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` of `to_json` with the paths of pictures inside `folder` as they are seen from there.

    Other values may have any name, a `path` too: parameters are what the model wrote.
    """
    seen = dict(values)
    for name in {"images", "videos"} & values.keys():
        seen[name] = [
            {**medium, "path": _seen_from(folder, medium["path"])} if "path" in medium else medium
            for medium in values[name]
        ]
    if "choices" in values:
        seen["choices"] = [relative_to(folder, choice) for choice in values["choices"]]
    return seen


def _without_data(messages: Iterable[Message]) -> list[Message]:
    """The messages without the pictures that were sent inside them; links stay."""
    kept: list[Message] = []
    for message in messages:
        content = message["content"]
        if isinstance(content, list):
            parts = [part for part in content if not _is_inline(part)]
            only_text = len(parts) == 1 and "text" in parts[0]
            content = parts[0]["text"] if only_text else parts
        if content != []:
            kept.append({**message, "content": content})
    return kept


def _is_inline(part: Mapping[str, Any]) -> bool:
    return "image_url" in part and str(part["image_url"]["url"]).startswith("data:")


def _medium(media: Media) -> dict[str, Any]:
    url = short_url(media.url) if media.url.startswith("data:") else media.url
    values: dict[str, Any] = {"url": url, "media_type": media.media_type, "alt": media.alt}
    if isinstance(media, GeneratedImage):
        values |= {"width": media.width, "height": media.height}
    if media.expires:
        values["expires"] = media.expires.isoformat()
    if media.path:
        values["path"] = str(media.path.absolute())
        with suppress(OSError):  # somebody has moved it already
            data = media.path.read_bytes()
            values |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return values


def _media(kind: Any, stored: Any, folder: Path) -> tuple[tuple[Any, ...], list[str]]:
    found, notes = [], []
    for values in stored:
        values = dict(values)  # noqa: PLW2901
        size = values.pop("size", None)
        values.pop("sha256", None)
        path = values.pop("path", None)
        expires = values.pop("expires", None)
        media = kind(**values, expires=datetime.fromisoformat(expires) if expires else None)
        if path is not None:
            path = _seen_from(Path.cwd(), folder / path)
            if Path(path).is_file():
                media = replace(media, path=Path(path))
                media = replace(media, size=size) if kind is GeneratedVideo else media
            else:
                notes.append(f"The file {path} is not here any more.")
        found.append(media)
    return tuple(found), notes


def _seen_from(folder: Path, path: Any) -> str:
    try:
        return str(Path(path).relative_to(folder.absolute()))
    except ValueError:
        return str(path)
