"""What Tab offers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comet_magic.notebook.complete import candidates, matcher
from tests.notebook.conftest import Shell

try:
    from IPython.core.completer import provisionalcompleter
except ImportError:
    provisionalcompleter = None

MODELS = ["gpt-4o-image", "gpt-4o-mini", "sora-2"]


@pytest.mark.parametrize(
    ("line", "word", "found"),
    [
        ("%%comet --tem", "--tem", ["--temperature"]),
        ("%%comet gpt-4o-i", "gpt-4o-i", ["gpt-4o-image"]),
        ("%%comet ", "", MODELS),
        ("%%comet sora-2 --max", "--max", ["--max-tokens"]),
        ("%%comet --system gpt", "gpt", []),
        ("%%comet --raw gpt-4o-m", "gpt-4o-m", ["gpt-4o-mini"]),
        ("%comet de", "de", ["demo"]),
        ("%comet f", "f", ["forget"]),
        (
            "%comet ",
            "",
            [
                "demo",
                "forget",
                "login",
                "models",
                "panel",
                "record",
                "replay",
                "usage",
            ],
        ),
        ("%comet record stop ", "", []),
        ("%comet replay ", "", ["stop"]),
        ("%comet demo x --", "--", []),
        ("%%comet --con", "--con", ["--continue"]),
        ("%%comet -c gpt-4o-m", "gpt-4o-m", ["gpt-4o-mini"]),
        ("%comet demo o", "o", ["off", "on"]),
        ("%comet models gpt", "gpt", []),
        ("%comet re", "re", ["record", "replay"]),
        ("%comet record ", "", ["stop"]),
        ("%comet record x.jsonl --", "--", ["--append"]),
        ("%comet replay x.jsonl --s", "--s", ["--speed"]),
        ("%comet replay x.jsonl --speed ", "", ["1", "4", "max"]),
        ("%comet replay les", "les", []),
        ("x = 1", "", []),
        ("%%cometary --tem", "", []),
    ],
)
def test_candidates(line: str, word: str, found: list[str]) -> None:
    """Options after a dash, models elsewhere, subcommands after one percent sign."""
    assert candidates(line, lambda: MODELS) == (word, found)


@pytest.mark.parametrize("line", ["%%comet --tem", "%comet de", "%%comet -i cat", "x = 1"])
def test_only_who_wants_a_model_waits_for_the_list(line: str) -> None:
    """It may have to come from far away."""

    def models() -> list[str]:
        raise AssertionError("the endpoint was asked")

    candidates(line, models)


@pytest.mark.parametrize("option", ["-i", "--image"])
def test_pictures_complete_behind_their_option(option: str) -> None:
    """What is offered may be quoted, so it need not begin as the word does."""
    asked = []

    def pictures(word: str) -> list[str]:
        asked.append(word)
        return ['"my cat.png"', "mycat"]

    line = f"%%comet sora-2 {option} my"
    assert candidates(line, lambda: MODELS, pictures) == ("my", ['"my cat.png"', "mycat"])
    assert asked == ["my"]


@pytest.mark.skipif(matcher(list, list) is None, reason="IPython before 8.6 has no such matchers")
def test_the_shell_offers_them(shell: Shell) -> None:
    """IPython's completer asks the matcher; the models come from the endpoint."""
    Path("kitten.png").write_bytes(b"")
    with provisionalcompleter():
        for line, wanted in (
            ("%%comet -i ki", "kitten.png"),
            ("%%comet --tem", "--temperature"),
            ("%%comet gpt-4o-im", "gpt-4o-image"),
        ):
            offered = shell.ip.Completer.completions(line, len(line))
            assert wanted in [completion.text for completion in offered]


@pytest.mark.skipif(matcher(list, list) is None, reason="IPython before 8.6 has no such matchers")
@pytest.mark.parametrize(
    ("line", "kind", "word", "found"),
    [
        ("%%comet --tem", "option", "--tem", ["--temperature"]),
        ("%comet de", "text", "de", ["demo"]),
        ("x = 1", "text", "", []),
    ],
)
def test_what_is_offered_replaces_the_word(
    line: str, kind: str, word: str, found: list[str]
) -> None:
    """Nothing else is offered with it, and elsewhere others may."""
    offer: Any = matcher(lambda: MODELS, lambda _: [])
    answer = offer(SimpleNamespace(text_until_cursor=line))
    assert [(each.text, each.type) for each in answer["completions"]] == [
        (each, kind) for each in found
    ]
    assert (answer["suppress"], answer["matched_fragment"]) == (bool(found), word)
