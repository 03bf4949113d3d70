"""Mutated answers of models that make pictures and videos: no whole picture in them is lost."""

import base64
import json
import random
import re
from collections.abc import Iterator

from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.compose import compose
from comet_magic.families.facts import Made
from comet_magic.families.registry import medium_of
from comet_magic.wire.events import EventReader
from tests.client.scripted import DONE, delta
from tests.pictures import MP4, encoded
from tests.transcripts import ROWS

MODELS = ("gpt-4o-image", "gemini-3-pro-image", "sora-2", "veo-3.1")
_PNG = base64.b64encode(encoded()).decode()
_MP4 = base64.b64encode(MP4).decode()
_URI, _OTHER = f"data:image/png;base64,{_PNG}", f"data:image/webp;base64,{_PNG}"
_LINK, _FILM = "https://h.example/img/a.png", "https://h.example/img/v.mp4?sig=1"
SEEDS = [
    *(str(row["text"]) for row in ROWS),
    f"![image]({_URI})",
    f"Here it is:\n\n![a red\nfox]({_LINK})\n\nEnjoy!",
    f"![a]({_URI}) ![b]({_OTHER})\n| ![c]({_LINK}) |\n",
    f"```markdown\n![fox]({_LINK})\n```\n",
    f'{{"prompt": "A fox", "ratio": "1:1"}}\n> Progress 14..[100]({_LINK}?p=1)\n![gen_1]({_URI})\n',
    f"<think>\nA fox, 20%\n</think>\n<p><img src='{_LINK}'/></p>",
    f"**{_LINK}** and <{_LINK}?b=2>",
    f'{{"image_url": "{_LINK}", "status": "done"}}',
    f"<video controls>\n<source src='{_FILM}'>\n</video>\n[Download]({_FILM})",
    f"[▶️ Watch]({_FILM}) | [How to play](https://h.example/guide)\n![poster]({_LINK})",
    f"[video](data:video/mp4;base64,{_MP4})",
]
TOKENS = [
    "```", "```json\n", "~~~\n", "> ", "![", "[", "](", ")", "(", "<", ">", '"', "`", "{", '{"',
    "}", "\n", "\n\n", "\r\n", "\\", "**", "|", "<think>", "<video ", "<img src=", "[100](", "%",
    "..", '{"prompt": "', "https://", "data:image/png;base64,", "data: ", "\x00", "\u2028",
    "\ud83d", "！", "进度 ", "生成失败 ❌\n", "I can’t assist with that.", "    ", "- ", "# ",
]  # fmt: skip
# A picture as Markdown, with nothing in its address that could end it.
_WHOLE = re.compile(
    r"!\[[^\[\]]*\]\((https?://[\w.-]+/[\w./%?&=:+-]+?\.(?:png|webp|jpg)(?:\?[\w./%?&=:+-]*)?"
    r"|data:image/(?:png|webp);base64,iVBORw0KGgo[\w+/]{80,}={0,2})\)"
)
_FILE = re.compile(r"https?://[\w.-]+/[\w./%?&=:+-]+?\.(?:png|webp|jpg|mp4)(?![\w.~!@:%/+?&=-])")
_THOUGHTS = re.compile(r"<think>.*?(?:<[/]think>|\Z)", re.DOTALL)


def mutated(dice: random.Random) -> str:
    """Seeds that were joined and then changed in up to eight places."""
    text = dice.choice(("", "\n", "\n\n")).join(dice.choices(SEEDS, k=dice.choice((1, 1, 2, 3))))
    for _ in range(dice.randint(0, 8)):
        at, end = sorted(dice.randint(0, len(text)) for _ in "12")
        end = min(end, at + dice.choice((1, 4, 40, 400)))
        kind = dice.randrange(6)
        if kind == 0:
            text = text[:at] + text[end:]
        elif kind == 1:
            text = text[:at] + dice.choice(TOKENS) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at:end] * dice.choice((2, 5)) + text[end:]
        elif kind == 3:
            other = dice.choice(SEEDS)
            begin = dice.randint(0, len(other))
            text = text[:at] + other[begin : begin + 400] + text[end:]
        elif kind == 4:
            text = text[:at] + dice.choice(TOKENS) * dice.choice((2, 20)) + text[at:]
        else:
            text = text[at:] if dice.random() < 0.5 else text[:end]
    return text[:40_000].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def made(text: str, model: str, dice: random.Random) -> set[str]:
    """The addresses of all results of an answer that arrives in pieces."""
    exchange = ChatExchange(compose("A fox", model=model), medium_of(model))
    pieces = []
    while text:
        size = dice.choice((1, 7, 60, 1_000))
        pieces.append(delta(text[:size]))
        text = text[size:]
    reader = EventReader()
    for event in reader.feed(b"".join([*pieces, delta("", "stop"), DONE])):
        list(exchange.hear(event))
    facts = [fact for fact in exchange.close(is_whole=True) if isinstance(fact, Made)]
    return {url for fact in facts for url in (fact.url, fact.poster) if url}


def lost(text: str, model: str, dice: random.Random) -> list[str]:
    """The whole pictures of a text that its reading lost.

    Each Markdown image must be among the results; of links to files at least one must be. What a
    model thought of is no result.
    """
    found = made(text, model, dice)
    text = _THOUGHTS.sub("", text)
    missing = [url for url in _WHOLE.findall(text) if _target(url) not in map(_target, found)]
    return missing or ([] if found else _FILE.findall(_without_parameters(text)))


def _target(url: str) -> str:
    """The address of the file itself, which some download addresses lead to."""
    return url.replace("/cdn/download/", "/cdn/")


def _without_parameters(text: str) -> str:
    """The text without its blocks of parameters, whose prompt can name a picture that was sent."""
    for begins in re.finditer(r"\{", text):
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(text, begins.start())
        except ValueError:
            continue
        if "prompt" in value:
            return text[: begins.start()] + _without_parameters(text[end:])
    return text


def losses(runs: int, seed: int) -> Iterator[tuple[str, list[str]]]:
    """Yields each of `runs` mutated texts that lost a picture, with what it lost."""
    dice = random.Random(seed)
    for _ in range(runs):
        text = mutated(dice)
        if missing := lost(text, dice.choice(MODELS), dice):
            yield text, missing
