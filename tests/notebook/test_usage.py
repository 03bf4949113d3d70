"""`%comet usage` and budgets, as the user of a shell meets them."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from IPython.core.error import UsageError

import comet_magic as comet
from comet_magic.families.chat import reading
from comet_magic.generation import Status
from comet_magic.kernel import session
from comet_magic.kernel.ledger import LedgerEntry
from comet_magic.money.budget import Budget, Use
from comet_magic.notebook.usage import as_csv
from comet_magic.render.ledger import ledger_bundle, totals
from tests.conftest import Heard
from tests.notebook.conftest import Shell


def entry(
    model: str = "m", tokens: int | None = 10, cost: float | None = None, used: Use | None = None
) -> LedgerEntry:
    """One that is complete."""
    started, used = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), used or Use(1, tokens or 0)
    return LedgerEntry(
        started, model, "api.example", Status.COMPLETE, 1, tokens, 2.5, cost, used=used
    )


def test_what_was_used_is_shown_where_nobody_can_be_asked(shell: Shell) -> None:
    """With the demo off and no key there is no endpoint; the budget is known nevertheless."""
    shell.run("%config CometMagics.budget_requests = 3")
    shell.run("%comet demo off")
    result = shell.run("%comet usage")
    assert result.success
    assert "of 3 requests" in shell.printed()


def test_a_cell_over_the_budget_is_refused(shell: Shell, heard: Heard) -> None:
    """Nothing is sent, shown or bound; the error says what, how much so far, and what to do."""
    shell.run("%config CometMagics.budget_requests = 1")
    shell.run("%%comet gpt-4o-mini -o first\nHello")
    result = shell.run("%%comet gpt-4o-mini -o second\nHello again")
    said = shell.printed()
    assert isinstance(result.error_in_exec, comet.BudgetError)
    assert "Not sent: the budget of 1 request is used up (so far 1 request," in said
    assert "%config CometMagics.budget_requests" in said
    assert "queued" not in said
    assert "second" not in shell.ip.user_ns
    assert shell.ip.user_ns["_comet"] is shell.ip.user_ns["first"]
    assert len(heard.bodies) == 1
    shell.run("%config CometMagics.budget_requests = None")
    assert shell.run("%%comet gpt-4o-mini\nHello again").success


def test_several_models_are_several_requests(shell: Shell, heard: Heard) -> None:
    """They are sent together or not at all, and a refusal leaves its places to others."""
    shell.run("%config CometMagics.budget_requests = 3")
    assert shell.run("%%comet gpt-4o-mini gpt-4o\nHello").success
    shell.run("%%comet gpt-4o-mini gpt-4o\nHello")
    assert "budget of 3 requests has 1 left, and this may take 2" in shell.printed()
    assert len(heard.bodies) == 2
    assert shell.run("%%comet gpt-4o-mini\nHello").success


def test_the_conversation_goes_on_after_a_refusal(shell: Shell, heard: Heard) -> None:
    """What was not sent is no turn of it."""
    shell.run("%%comet gpt-4o-mini\nHello")
    shell.run("%config CometMagics.budget_requests = 1")
    shell.run("%%comet -c\nLost")
    shell.run("%config CometMagics.budget_requests = 5")
    shell.run("%%comet -c\nFound")
    assert [m["content"] for m in heard.messages if m["role"] == "user"] == ["Hello", "Found"]


@pytest.mark.parametrize("value", ["-1", "1.5", "'ten'", "True"])
def test_a_wrong_limit_is_refused(
    shell: Shell, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The limit before it stays in force."""
    shell.run("%config CometMagics.budget_requests = 0")
    result = shell.run(f"%config CometMagics.budget_requests = {value}")
    said = shell.printed() + caplog.text + str(result.error_in_exec or "")
    assert "budget_requests" in said
    assert isinstance(shell.run("%%comet\nA cat").error_in_exec, comet.BudgetError)


def test_a_limit_can_stand_in_the_configuration_file(shell: Shell) -> None:
    """As `c.CometMagics.budget_cost`; a wrong one there is said when the extension is loaded."""
    shell.run("%unload_ext comet_magic")
    shell.ip.config.CometMagics.budget_cost = 0
    shell.ip.config.CometMagics.budget_tokens = -5
    said = shell.said("%load_ext comet_magic")
    assert "CometMagics.budget_tokens is ignored: budget_tokens must be a whole number" in said
    shell.run("%config CometMagics.prices = {'gpt-4o-image': {'per_request': 0.02}}")
    shell.run("%%comet\nA cat")
    assert "budget of $0.00 is used up" in shell.printed()


def test_what_is_in_force_names_the_budget(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """In `%comet` and in `%comet usage`, from the environment as well."""
    monkeypatch.setenv("COMET_BUDGET_TOKENS", "100000")
    shell.run("%config CometMagics.budget_requests = 1")
    assert "Budget: 0 of 1 request\nBudget: 0 of 100,000 tokens" in shell.said("%comet usage")
    shell.run("%%comet gpt-4o-mini\nHello")
    for command in ("%comet", "%comet usage"):
        said = shell.said(command)
        assert "Budget: 1 of 1 request, used up" in said
        assert "of 100,000 tokens" in said


def test_records_are_plain_values(shell: Shell) -> None:
    """One for each generation, with None for what is not known; a data frame takes them."""
    shell.run("%config CometMagics.prices = {'gpt-4o-image': {'per_request': 0.02}}")
    shell.run("%%comet\nA cat")
    shell.run("%%comet demo-error-401\nA cat")
    picture, refused = comet.usage()
    assert (picture["status"], picture["pictures"], picture["cost"]) == ("complete", 1, 0.02)
    assert (refused["status"], refused["total_tokens"], refused["cost"]) == ("failed", None, None)
    assert datetime.fromisoformat(picture["started"]).tzinfo is not None
    frame = pytest.importorskip("pandas").DataFrame(comet.usage())
    assert list(frame.columns) == list(picture)


def test_a_file_is_written_once(shell: Shell) -> None:
    """With all of it, as UTF-8; one that is there stays as it is."""
    shell.run("%%comet gpt-4o-mini\nHello")
    assert shell.said("%comet usage 'my usage.csv'") == "1 generation written to my usage.csv\n"
    text = Path("my usage.csv").read_bytes().decode()
    assert text.count("\r\n") == text.count("\r") == 2
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["model"], row["status"], row["cost"]) == ("gpt-4o-mini", "complete", "")
    assert int(row["total_tokens"]) == comet.usage()[0]["total_tokens"]
    shell.run("%%comet gpt-4o-mini\nHello")
    result = shell.run("%comet usage 'my usage.csv'")
    assert isinstance(result.error_in_exec, UsageError)
    assert "exists, and is not overwritten" in shell.printed()
    assert Path("my usage.csv").read_bytes().decode() == text


@pytest.mark.parametrize(
    ("file", "says"),
    [("nowhere/a.csv", "cannot be written"), ("usage.txt", "ends in .csv"), ("all", ".csv")],
)
def test_a_file_that_cannot_be_written_is_said(shell: Shell, file: str, says: str) -> None:
    """In one line; nothing is left."""
    result = shell.run(f"%comet usage {file}")
    assert isinstance(result.error_in_exec, UsageError)
    assert says in shell.printed()
    assert not Path(file).exists()


@pytest.mark.parametrize("model", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_runs_nothing(model: str) -> None:
    """A model's name that is a formula has an apostrophe before it, and stays in its cell."""
    text = as_csv([entry(model).record(), entry('ok,\n"é"').record()])
    hostile, fine = csv.DictReader(io.StringIO(text, newline=""))
    assert hostile["model"] == f"'{model}"
    assert fine["model"] == 'ok,\n"é"'
    assert fine["elapsed"] == "2.5"


def test_the_page_has_sum_budget_plot_and_table() -> None:
    """Without style sheets, scripts or drawings, which an untrusted notebook loses; escaped."""
    entries = [entry("<b>x</b>", 10), entry(tokens=None), entry(tokens=40)]
    html = ledger_bundle(entries, Use(3, 50), Budget(requests=10))["text/html"]
    assert "3 requests, 3 pictures, 50 tokens" in html
    assert "Budget: 3 of 10 requests" in html
    assert 'value="30"' in html
    assert "Tokens of each request, oldest first; most: 40 tokens" in html
    assert html.count("height:56px") == 1
    assert html.count("height:14px") == 1
    assert html.count("<tr ") == 4
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "cost" not in html
    assert not any(f"<{name}" in html for name in ("b>", "style", "script", "svg"))


def test_estimates_are_marked() -> None:
    """In the table, below it and in the sum, as text and as a page; a sum of counts is none."""
    entries = [
        entry(tokens=10, cost=0.02),
        entry(tokens=None, used=Use(1, 1_230, 0.03, 1_230, 0.03)),
        entry(tokens=None, used=Use(1, 7)),
        entry(tokens=11, used=Use(1, 31, 0.0, 20)),
    ]
    for shown in ledger_bundle(entries, Use(), Budget()).values():
        text = unescape(re.sub("<[^>]+>", "", shown))
        assert "about 1,230" in text
        assert "about 31" in text
        assert "about 7" not in text
        assert "about $0.03" in text
        assert "about: estimated, as the endpoint did not count it." in text
        assert "28 tokens, about 1,250 more by estimate" in text
        assert (
            "about $0.02 (estimate by price list) for 1 of them, "
            "about $0.03 more for estimated usage"
        ) in text
    assert "about 1,230 tokens by estimate, 2.5 s, about $0.03 for" in totals(entries[1:2])
    assert "estimate" not in totals(entries[:1]).replace("(estimate by price list)", "")
    assert "about:" not in ledger_bundle(entries[:1], Use(), Budget())["text/plain"]


def test_estimates_of_the_demo_are_no_costs() -> None:
    """It is free; its tokens are counted as all others, so that a budget can be tried."""
    used = Use(1, 5, 0.03, 5, 0.03)
    demo = replace(entry(tokens=None, used=used), endpoint="demo")
    assert totals([demo]) == "1 request, 1 picture, about 5 tokens by estimate, 2.5 s"


def test_an_answer_without_usage_is_marked_for_users(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In `%comet`, `%comet usage`, its file and the records; its own summary has no word of it."""
    monkeypatch.setattr(reading, "usage_in", lambda chunk: None)
    shell.run("%config CometMagics.budget_tokens = 10_000")
    said = shell.said("%%comet gpt-4o-mini -o hello\nHello")
    assert "tokens" not in said
    assert shell.ip.user_ns["hello"].usage is None
    (record,) = comet.usage()
    counted = record["counted_tokens"]
    assert (record["total_tokens"], record["is_estimate"]) == (None, True)
    for command in ("%comet", "%comet usage"):
        said = shell.said(command)
        assert f"about {counted} tokens by estimate" in said
        assert f"Budget: about {counted} of 10,000 tokens (estimated)" in said
    shell.run("%comet usage used.csv")
    (row,) = csv.DictReader(io.StringIO(Path("used.csv").read_text("utf-8")))
    assert (row["total_tokens"], row["counted_tokens"]) == ("", str(counted))
    assert row["is_estimate"] == "True"


def test_a_long_ledger_stays_readable() -> None:
    """The last lines, with a word about the rest, and columns of many requests each."""
    entries = [entry(tokens=1, cost=0.01)] * 9_999 + [entry("the-last", 5)]
    bundle = ledger_bundle(entries, Use(), Budget())
    assert "Cost of each 167 requests, oldest first; most: $1.67" in bundle["text/html"]
    assert bundle["text/html"].count("<tr ") == 51
    assert len(bundle["text/html"]) < 60_000
    assert len(bundle["text/plain"].splitlines()) == 53
    for text in bundle.values():
        assert "The last 50 of 10,000; %comet usage FILE.csv writes all of them." in text
        assert "the-last" in text


def test_a_kernel_that_was_not_used_says_so(shell: Shell) -> None:
    """Without an empty table or plot."""
    assert shell.said("%comet usage") == "Nothing has been generated in this kernel yet.\n"
    bundle = ledger_bundle(session.current().ledger, Use(), Budget())
    assert "<table" not in bundle["text/html"]


def test_the_whole_ledger_in_a_terminal() -> None:
    """Numbers to the right, words to the left; an empty column is left out."""
    entries = [entry("gpt-4o-image", 1_000), entry(tokens=None), entry(cost=0.5)]
    text = ledger_bundle(entries, Use(3, 50, 0.5), Budget(requests=10))["text/plain"]
    (clock,) = {line.split()[0] for line in text.splitlines()[1:4]}
    assert text.replace(clock, "03:04:05").splitlines() == [
        "time      model         status    pictures  tokens   cost  seconds  endpoint",
        "03:04:05  gpt-4o-image  complete         1   1,000             2.5  api.example",
        "03:04:05  m             complete         1                     2.5  api.example",
        "03:04:05  m             complete         1      10  $0.50      2.5  api.example",
        (
            "Total: 3 requests, 3 pictures, 1,010 tokens, 7.5 s, "
            "about $0.50 (estimate by price list) for 1 of them"
        ),
        "Budget: 3 of 10 requests",
    ]


def test_the_table_on_the_page_has_the_same_cells() -> None:
    """With a bar for each request, as high as its share; a hint has the amount."""
    html = ledger_bundle([entry(tokens=10), entry(tokens=40)], Use(), Budget())["text/html"]
    assert re.findall("<th [^>]*>([^<]*)", html) == [
        "time", "model", "status", "pictures", "tokens", "seconds", "endpoint",
    ]  # fmt: skip
    assert re.findall("<td [^>]*>([^<]*)", html)[1:7] == [
        "m", "complete", "1", "10", "2.5", "api.example",
    ]  # fmt: skip
    right = re.findall("<th style=[^>]*text-align:right[^>]*>([^<]*)", html)
    assert right == ["pictures", "tokens", "seconds"]
    assert re.findall(r'height:(\d+)px" title="([^"]*)"', html) == [
        ("14", "10 tokens"), ("56", "40 tokens"),
    ]  # fmt: skip
    alone = ledger_bundle([entry(tokens=10)], Use(), Budget())["text/html"]
    assert "<figure" not in alone
    assert "<figure" not in ledger_bundle([entry(tokens=None)] * 2, Use(), Budget())["text/html"]
    assert "of each 2 requests" in ledger_bundle([entry()] * 61, Use(), Budget())["text/html"]
    assert "of each request" in ledger_bundle([entry()] * 60, Use(), Budget())["text/html"]


def test_a_notebook_shows_the_page(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal has the text of it."""
    monkeypatch.setattr(shell.ip, "kernel", object(), raising=False)
    assert shell.said("%comet usage") == ""
    assert "Nothing has been generated" in shell.bundles[-1]["data"]["text/html"]
    monkeypatch.delattr(shell.ip, "kernel")
    assert shell.said("%comet usage") == "Nothing has been generated in this kernel yet.\n"
