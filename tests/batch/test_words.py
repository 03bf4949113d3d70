"""What a batch says of wrong calls, wrong rows and the end, whole."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.batch.iterator import resume_file
from comet_magic.batch.rows import check_prompts, read_rows
from comet_magic.batch.stopping import Patience, stopping_error
from comet_magic.batch.work import failed
from comet_magic.errors import APIStatusError, CometError, RateLimitError
from comet_magic.generation import Generation, Status
from tests.generation.test_gallery import generation

from .conftest import Endpoint, options
from .test_rows import SHOP, TABLE

BRACES = "Write {{ and }} for literal braces"
AS_WRITTEN = (
    "would be sent as written: a template replaces only {name}, {name.attr} and {name[key]}. "
    f"Rename the column, or format its values first. {BRACES}"
)


@pytest.mark.parametrize(
    ("rows", "template", "error", "text"),
    [
        (["a"], 7, TypeError, "template must be a text, not int"),
        (["a"], " ", ValueError, "template is empty"),
        (TABLE, None, TypeError,
         'a table needs a template, such as template="A {animal} in {place}"'),
        (TABLE, "{animl.x} {zoo[1]}", ValueError,
         f"the table has no column 'animl'; it has animal, place. {BRACES}"),
        (SHOP, "{price:.2f}", ValueError, f"{{price:.2f}} {AS_WRITTEN}"),
        (SHOP, "{price!r}", ValueError, f"{{price!r}} {AS_WRITTEN}"),
        (SHOP, "{product name}", ValueError, f"{{product name}} {AS_WRITTEN}"),
        ("a", None, TypeError,
         "prompts must be a list or another iterable of prompts, not str"),
        (b"a", None, TypeError,
         "prompts must be a list or another iterable of prompts, not bytes"),
        ({}, None, TypeError,
         "prompts must be a list or another iterable of prompts, not dict"),
        (7, None, TypeError, "prompts must be a list or another iterable of prompts, not int"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_prompts(rows: Any, template: Any, error: type, text: str) -> None:
    """Before a row is read."""
    with pytest.raises(error) as caught:
        check_prompts(rows, template)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("row", "template", "text"),
    [
        ("cat", "{a}", "with a template a row must be a dict of its values, not str"),
        ({"b": 1}, "{a} {c}", f"the row has no 'a' for the template. {BRACES}"),
        ({"a": None, "b": 1}, "{a}", "the row has no value for 'a', which the template names"),
        ({"a": 1}, "{a:d}", f"{{a:d}} {AS_WRITTEN}"),
        ({"a": 1}, None, "a row that is a dict needs a 'prompt'; other dicts need a template"),
        ({"prompt": "x", 7: 8}, None, "7 is no name of an argument"),
        ({"prompt": "x", "api_key": "k"}, None, "api_key belongs to the call, not to a row"),
        ({"prompt": "x", "base_url": ""}, None, "base_url belongs to the call, not to a row"),
    ],
)
def test_what_is_wrong_with_a_row(row: Any, template: str | None, text: str) -> None:
    """The row keeps its number, what it shares with the others, and its beginning as a prompt."""
    (read,) = read_rows([row], template, {"model": "m"})
    assert str(read.problem) == text
    assert (read.number, dict(read.arguments)) == (0, {"model": "m", "prompt": str(row)})


def test_a_wrong_row_is_shown_by_its_beginning() -> None:
    """A thousand letters of it."""
    (read,) = read_rows([{"x": "y" * 2_000}], None, {})
    assert read.arguments["prompt"] == str({"x": "y" * 2_000})[:1_000]


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"concurrency": 0}, ValueError,
         "concurrency must be a whole number from 1 to 1000, not 0"),
        ({"concurrency": 1_001}, ValueError,
         "concurrency must be a whole number from 1 to 1000, not 1001"),
        ({"concurrency": True}, TypeError,
         "concurrency must be a whole number from 1 to 1000, not True"),
        ({"concurrency": "8"}, TypeError,
         "concurrency must be a whole number from 1 to 1000, not '8'"),
        ({"ordered": 1}, TypeError, "ordered must be True or False, not 1"),
        ({"progress": 1}, TypeError, "progress must be True or False, not 1"),
        ({"download": 1}, TypeError, "download must be True or False, not 1"),
        ({"executor": 7}, TypeError,
         "executor must be a concurrent.futures.Executor, with a submit method, not int"),
        ({"resume": 7}, TypeError, "resume must be the path of a file, not int"),
        ({"resume": " "}, ValueError, "resume must be the path of a file; ' ' is none"),
        ({"resume": "."}, ValueError, "resume must be the path of a file; '.' is none"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_call(
    endpoint: Endpoint, arguments: dict[str, Any], error: type, text: str
) -> None:
    """Nothing is sent."""
    with pytest.raises(error) as caught:
        comet.map(["a"], **options(**arguments))
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"api_key": "sk-1234"},
         ("api_key is not sent to an executor's workers: set COMETAPI_KEY in their "
          "environment")),
    ],
)  # fmt: skip
def test_what_an_executor_cannot_do(
    endpoint: Endpoint, given: dict[str, Any], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key of the call, a budget, and a recording are for this process."""
    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(ValueError, match=r".") as caught:
            comet.map(["a"], **options(executor=executor, **given))
        assert str(caught.value) == text
        monkeypatch.setenv("COMET_BUDGET_REQUESTS", "5")
        with pytest.raises(ValueError, match=r".") as caught:
            comet.map(["a"], **options(executor=executor))
        assert str(caught.value) == (
            "budget_requests cannot be enforced by an executor's workers, "
            "which do not know of each other: run this batch without an executor"
        )
        monkeypatch.delenv("COMET_BUDGET_REQUESTS")
        with comet.record("a"), pytest.raises(ValueError, match=r".") as caught:
            comet.map(["a"], **options(executor=executor))
        assert str(caught.value) == (
            "a recording or a replay covers this process only: run this batch without an executor"
        )


def test_a_resume_file_may_be_a_path_or_a_text() -> None:
    """`~` is the home of the user."""
    assert resume_file("a.jsonl") == resume_file(Path("a.jsonl")) == Path("a.jsonl")
    assert resume_file("~/a.jsonl") == Path.home() / "a.jsonl"


def ends(count: int, **changes: Any) -> list[bool]:
    """Whether a batch gives up after each of so many rows that end like this."""
    patience = Patience()
    end: Generation = generation(**{"status": Status.FAILED, **changes})
    return [patience.is_over(end) for _ in range(count)]


@pytest.mark.parametrize("error", ["AuthenticationError", "BudgetError"])
def test_what_ends_a_batch_at_once(error: str) -> None:
    """The next row would fail, too."""
    assert ends(1, error_type=error) == [True]


@pytest.mark.parametrize(
    "end",
    [
        *({"error_type": name} for name in (
            "APIConnectionError", "APITimeoutError", "NotFoundError", "PermissionDeniedError",
            "RateLimitError",
        )),
        *({"status_code": code} for code in (502, 503, 504, 521, 522, 523, 530)),
    ],
    ids=str,
)  # fmt: skip
def test_what_ends_a_batch_after_ten(end: dict[str, Any]) -> None:
    """Rows in a row, with none between them that is complete."""
    assert ends(10, **end) == [False] * 9 + [True]
    patience = Patience()
    for _ in range(3):
        assert not any(patience.is_over(generation(status=Status.FAILED, **end)) for _ in range(9))
        assert not patience.is_over(generation())


@pytest.mark.parametrize(
    "end",
    [{"error_type": "BadRequestError", "status_code": 400}, {"status_code": 500}, {}],
    ids=str,
)
def test_what_ends_no_batch(end: dict[str, Any]) -> None:
    """It is the row's own."""
    assert not any(ends(30, **end))


def test_the_error_of_a_batch_is_that_of_its_last_row() -> None:
    """Of its type, with two lines of its reason."""
    first = "The batch was stopped: the other rows would fail in the same way."
    last = generation(
        status=Status.FAILED, error="a\nb\nc", error_type="RateLimitError", status_code=429,
        request_id="r-1",
    )  # fmt: skip
    error = stopping_error(last)
    assert isinstance(error, RateLimitError)
    assert (error.status_code, error.request_id, error.generation) == (429, "r-1", last)
    assert str(error).startswith(f"{first}\na\nb")
    assert "c" not in str(error).removeprefix(first).split("\n")[2]
    other = stopping_error(generation(status=Status.FAILED, error=None))
    assert type(other) is CometError
    assert not isinstance(other, APIStatusError)
    assert str(other) == first


@pytest.mark.parametrize(
    ("prompt", "shown"), [("x" * 1_500, "x" * 1_500), (7, "7"), (["x" * 1_500], f"['{'x' * 998}")]
)
def test_a_row_that_could_not_be_sent_has_its_prompt(prompt: object, shown: str) -> None:
    """And its model, or the one in force, and the error or its name."""
    named = failed({"prompt": prompt, "model": "m"}, ValueError("no"))
    assert (named.prompt, named.model, named.error) == (shown, "m", "no")
    bare = failed({"prompt": prompt}, ValueError())
    assert (bare.model, bare.error, bare.error_type) == ("gpt-4o-image", "ValueError", "ValueError")
    assert (bare.status, bare.endpoint, bare.elapsed) == (Status.FAILED, "", 0.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no JSON\n",
         "run.jsonl is no resume file of this version of comet_magic; name another file"),
        ('{"comet_magic":"batch results, version 2","arguments":{}}\n',
         "run.jsonl is no resume file of this version of comet_magic; name another file"),
        ('{HEADER}\n{"row":1}\n',
         ("line 2 of run.jsonl is no result of a batch: another program wrote into it. "
          "Remove the line, or name another file")),
    ],
    ids=["text", "version", "line"],
)  # fmt: skip
def test_what_is_no_resume_file(endpoint: Endpoint, text: str, says: str) -> None:
    """It stays as it is."""
    path = Path("run.jsonl")
    with comet.map([], **options(resume=path)):
        pass
    header = path.read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(header)["comet_magic"] == "batch results, version 1"
    path.write_text(text.replace("{HEADER}", header), encoding="utf-8")
    with pytest.raises(ValueError, match=r".") as caught:
        comet.map(["a"], **options(resume=path))
    assert str(caught.value) == says
    assert path.read_text(encoding="utf-8") == text.replace("{HEADER}", header)


def test_another_call_is_named_by_what_differs(endpoint: Endpoint) -> None:
    """What it was, and what it is now."""
    list(comet.map(["a"], **options(resume="run.jsonl", temperature=1)))
    with pytest.raises(ValueError, match=r".") as caught:
        comet.map(["a"], **options(resume="run.jsonl", temperature=0.5))
    assert str(caught.value) == (
        "run.jsonl was written with temperature 1, and now it is 0.5. "
        "Use the same arguments, or name another file"
    )
