"""Answers of text models, and prompts as image models rewrite them."""

import hashlib
import re

from comet_magic.demo.families.chat.memory import recalled
from comet_magic.demo.families.chat.request import ChatRequest
from comet_magic.demo.families.chat.script import Script, ScriptWriter

_TOKEN = re.compile(r" ?\w{1,7}|\s+|.", re.DOTALL)
_TOKENS_A_SECOND = 40
_MAX_PROMPT = 1000
_HAS_STYLE = re.compile(
    r"style|photo|paint|watercolou?r|sketch|drawing|pixel|cartoon|anime|illustrat|render|poster"
    r"|realistic|风格|水彩|油画|插画|照片|卡通|素描",
    re.IGNORECASE,
)
_TRAILING_STYLE = re.compile(
    r",\s*(?!in\s)(?:an?\s+)?([a-z][a-z -]{2,30}) style\.?$", re.IGNORECASE
)
_STYLES = (
    "in a soft illustrated style",
    "in a warm, storybook style",
    "in a clean, softly lit style",
    "in a gentle watercolour style",
)
_OPENINGS = (
    "Hello! This is the **demo server** speaking, not a real model.",
    "Good to hear from you! I am the **demo server**, not a real model.",
    "Hi there! You have reached the **demo server**; no real model is behind it.",
)


def rewritten(prompt: str, *, restyle: bool) -> str:
    """Return a prompt as an image model repeats it: a sentence, with a style if it had none.

    Args:
        prompt: The prompt as the user wrote it.
        restyle: Whether to add a style; an edit of a picture gets none.
    """
    text = prompt.strip()
    if not text:
        return "The same picture again."
    if len(text) > _MAX_PROMPT:
        return text[:_MAX_PROMPT] + "…"
    text = _TRAILING_STYLE.sub(_style_phrase, text[0].upper() + text[1:])
    chinese = "一" <= text[-1] <= "鿿"
    if restyle and not _HAS_STYLE.search(text):
        style = _STYLES[hashlib.sha256(text.encode()).digest()[0] % len(_STYLES)]
        text = text.rstrip(".!?。！？") + ("，柔和的插画风格" if chinese else f", {style}")
    end = "。" if chinese else "."
    return text + end if text[-1].isalnum() or text[-1] in ")\"'”" else text


def _style_phrase(match: re.Match[str]) -> str:
    style = match[1]
    return f", in {'an' if style[0].lower() in 'aeiou' else 'a'} {style} style"


def write_prose(chat: ChatRequest, descriptions: list[str], variant: int) -> Script:
    """Return the script of a text model, which ends where `stop` and `max_tokens` ask for it.

    Args:
        chat: The request.
        descriptions: What each picture of the last user message shows.
        variant: Number that differs between the choices of one request.
    """
    text = _text(chat, descriptions, variant)
    for stop in chat.stop:
        text = text.partition(stop)[0]
    words = tokens(text)
    finish_reason = "stop"
    if chat.max_tokens is not None and len(words) > chat.max_tokens:
        words, finish_reason = words[: chat.max_tokens], "length"
    writer = ScriptWriter()
    for index, word in enumerate(words):
        writer.write(word, after=0.3 if index == 0 else 1 / _TOKENS_A_SECOND)
    return writer.script(finish_reason)


def tokens(text: str) -> list[str]:
    """Cut a text into pieces about as long as a model's tokens; joined, they are the text."""
    return _TOKEN.findall(text)


def _text(chat: ChatRequest, descriptions: list[str], variant: int) -> str:
    prompt = chat.last_user.text.strip()
    lines = [_OPENINGS[variant % len(_OPENINGS)], ""]
    if prompt:
        excerpt = prompt if len(prompt) <= 300 else prompt[:300] + "…"
        lines += ["You wrote:", "", *(f"> {line}" for line in excerpt.splitlines()), ""]
    lines += recalled(chat)
    for number, description in enumerate(descriptions, 1):
        lines += [f"**Picture {number}:** {description}", ""]
    turns = sum(message.role == "user" for message in chat.messages)
    length = "1 character" if len(prompt) == 1 else f"{len(prompt)} characters"
    lines += [
        "What I can say for certain:",
        "",
        f"- your message has **{length}**; I counted them without reading them;",
        f"- this is **turn {turns}** of our conversation;",
        "- it cost **nothing**: no key was used and no real model was called.",
        "",
        "Given a key and a real endpoint, the same request gets a *real* answer.",
    ]
    return "\n".join(lines)
