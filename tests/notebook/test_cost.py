"""What a user sees of prices: in the summary, in `%comet usage`, and beside the models."""

import pytest
from IPython.core.error import UsageError

from comet_magic.money.prices import Price
from comet_magic.render import final_bundles
from comet_magic.settings import configuration
from tests.notebook.conftest import Shell

PRICES = """%config CometMagics.prices = {
    "gpt-4o-image": {"per_request": 0.02}, "gpt-4o-mini": {"input": 0.15, "output": 0.6}}"""


def test_the_summary_says_what_it_cost_by_the_users_prices(shell: Shell) -> None:
    """An estimate, said to be one, with where it is from; per request or per token."""
    shell.run(PRICES.replace("\n   ", ""))
    said = shell.said("%%comet -o cat\nA cat")
    assert "about $0.02 (estimate by your prices)" in said
    cat = shell.ip.user_ns["cat"]
    assert cat.cost == 0.02
    assert "about $0.02 (estimate by your prices)" in final_bundles(cat)[-1]["text/html"]
    shell.run("%%comet gpt-4o-mini\nHello")
    text = shell.ip.user_ns["_comet"]
    used = text.usage
    assert text.cost == pytest.approx(
        (0.15 * used.prompt_tokens + 0.6 * used.completion_tokens) / 1e6
    )


def test_without_a_price_there_is_no_word_of_it(shell: Shell) -> None:
    """Neither in the summary nor in the totals nor beside the models."""
    said = shell.said("%%comet\nA cat") + shell.said("%comet usage") + shell.said("%comet models")
    assert "$" not in said
    assert "cost" not in said
    assert shell.ip.user_ns["_comet"].cost is None


def test_the_totals_are_those_that_are_known(shell: Shell) -> None:
    """A column, and a sum that says of how many requests it is."""
    shell.run(PRICES.replace("\n   ", ""))
    for model in ("gpt-4o-image", "gpt-4o-image", "gpt-4o", "demo-error-401"):
        shell.run(f"%%comet {model}\nA cat")
    usage = shell.said("%comet usage")
    header, first = usage.splitlines()[:2]
    assert header.index("cost") + len("cost") == first.index("$0.02") + len("$0.02")
    assert "4 requests, 2 pictures" in usage
    assert "about $0.04 (estimate by price list) for 2 of them" in usage
    assert "about $0.04 (estimate by price list) for 2 of them" in shell.said("%comet")


def test_models_are_listed_with_their_prices(shell: Shell) -> None:
    """As they are charged: by tokens, by request, by second of video, or not at all."""
    configuration.current().values["prices"] = {
        "gpt-4o-mini": {"input": 0.15, "output": 0.6},
        "gpt-4o-image": Price(input=5, per_request=0.02),
        "sora-2": {"per_second": 0.1},
        "gpt-4o": {"input": 0},
    }
    lines = shell.said("%comet models").splitlines()
    listed = {line.split()[0]: " ".join(line.split()[1:]) for line in lines}
    assert listed["gpt-4o-mini"] == "text $0.15 in, $0.6 out per million tokens"
    assert listed["gpt-4o-image"] == "image $5 in per million tokens + $0.02 a request"
    assert listed["sora-2"] == "video $0.1 a second of video"
    assert listed["gpt-4o"] == "text free"
    assert listed["claude-sonnet-4-5"] == "text"


def test_the_demo_costs_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it would cost is said so, and is in no sum with what did."""
    shell.run("%config CometMagics.prices = {'gpt-4o-image': {'per_request': 0.02}}")
    with monkeypatch.context() as unset:
        unset.delenv("COMETAPI_BASE_URL")
        assert "would be about $0.02 (estimate by your prices)" in shell.said("%%comet\nA cat")
        assert "would be about $0.02 (estimate by price list)" in shell.said("%comet usage")
    shell.run("%%comet\nA cat")
    assert "s, about $0.02 (estimate by price list) for 1 of them" in shell.said("%comet usage")


def test_tokens_of_a_refusal_have_their_cost_too(shell: Shell) -> None:
    """In the error's generation, which is the one that is bound and entered."""
    shell.run("%config CometMagics.prices = {'demo-error-refused': {'input': 10, 'output': 10}}")
    error = shell.run("%%comet demo-error-refused\nA cat").error_in_exec
    refused = shell.ip.user_ns["_comet"]
    assert error.generation is refused
    assert refused.cost == pytest.approx(refused.usage.total_tokens / 100_000)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{'a': {'per_image': 1}}", "has 'per_image'; known are input"),
        ("{'a': {'input': -1}}", "it must be a number from 0 up"),
        ("0.02", "prices"),
    ],
)
def test_malformed_prices_are_refused(
    shell: Shell, value: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said, the prices before it stay, and a cell works."""
    shell.run("%config CometMagics.prices = {'gpt-4o-image': {'per_request': 0.02}}")
    result = shell.run(f"%config CometMagics.prices = {value}")
    said = shell.printed() + caplog.text
    assert says in said
    assert not isinstance(result.error_in_exec, UsageError)
    assert "about $0.02" in shell.said("%%comet\nA cat")
