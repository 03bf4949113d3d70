"""Generations as JSON for a resume file, and back. Pictures stay in their own files."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..families.messages import without_inline_pictures
from ..families.registry import medium_of
from ..generation import Generation, Status
from ..media.addresses import is_data_uri, short_url
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.medium import Medium
from ..media.videos import GeneratedVideo
from ..text import LONGEST_WORD, all_mended, without_bytes
from ..wire.usage import Usage

_TUPLES = ("gen_ids", "progress", "notes", "messages")
_NAMES = {field.name for field in fields(Generation)}
# The fields that hold media.
_KINDS = {"images": GeneratedImage, "videos": GeneratedVideo, "audios": GeneratedAudio}


def to_json(generation: Generation) -> dict[str, Any]:
    """The generation as JSON values. Reads its saved pictures, to store their hash."""
    values = {name: getattr(generation, name) for name in _NAMES}
    values["text"] = without_bytes(generation.text, LONGEST_WORD)
    values["answer"] = without_bytes(generation.answer, LONGEST_WORD)
    values["started"] = generation.started.isoformat()
    values["usage"] = asdict(generation.usage) if generation.usage else None
    values |= {name: [_medium(media) for media in values[name]] for name in _KINDS}
    values["choices"] = [to_json(choice) for choice in generation.choices]
    values["messages"] = without_inline_pictures(generation.messages)
    kept: dict[str, Any] = all_mended({key: value for key, value in values.items() if value})
    return kept


def from_json(values: Mapping[str, Any], folder: Path) -> Generation:
    """The generation that `to_json` stored. Skips fields of a later version.

    Args:
        values: JSON values from the file.
        folder: Folder of the resume file; paths of pictures are relative to it.

    Raises:
        ValueError: The values are not those of a generation; also KeyError and TypeError.
    """
    known = {name: value for name, value in values.items() if name in _NAMES}
    known |= {name: tuple(known.get(name, ())) for name in _TUPLES}
    media = {name: _media(kind, known.get(name, ()), folder) for name, kind in _KINDS.items()}
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
        **{name: found for name, (found, _) in media.items()},
        "choices": tuple(from_json(choice, folder) for choice in whole.get("choices", ())),
        "notes": (*known["notes"], *(note for _, lost in media.values() for note in lost)),
        "messages": known["messages"] or asked,
        "medium": _medium_named(known),
    }
    return Generation(**whole)


def relative_to(folder: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` of `to_json`, with paths of pictures inside `folder` made relative to it.

    Only pictures have such paths: the model wrote the parameters, and may have named one `path`.
    """
    seen = dict(values)
    for name in _KINDS.keys() & values.keys():
        seen[name] = [
            {**medium, "path": _seen_from(folder, medium["path"])} if "path" in medium else medium
            for medium in values[name]
        ]
    if "choices" in values:
        seen["choices"] = [relative_to(folder, choice) for choice in values["choices"]]
    return seen


def _medium_named(known: Mapping[str, Any]) -> Medium:
    """What the model makes; derived from its name in files that do not hold it."""
    named = known.get("medium")
    return Medium(named) if named else medium_of(known.get("requested_model") or known["model"])


def _medium(media: Media) -> dict[str, Any]:
    url = short_url(media.url) if is_data_uri(media.url) else media.url
    values: dict[str, Any] = {"url": url, "media_type": media.media_type, "alt": media.alt}
    if isinstance(media, GeneratedImage):
        values |= {"width": media.width, "height": media.height}
    if media.expires:
        values["expires"] = media.expires.isoformat()
    if media.path:
        values["path"] = str(media.path.absolute())
        with suppress(OSError):  # the user has moved it already
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
                media = media if kind is GeneratedImage else replace(media, size=size)
            else:
                notes.append(f"The file {path} is not here any more.")
        found.append(media)
    return tuple(found), notes


def _seen_from(folder: Path, path: Any) -> str:
    try:
        return str(Path(path).relative_to(folder.absolute()))
    except ValueError:
        return str(path)
