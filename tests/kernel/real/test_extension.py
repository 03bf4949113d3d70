"""Loading, configuring and unloading the extension in a real kernel."""

from .kernel import Kernel

# pyzmq starts a collector of its own when large outputs are sent.
THREADS = (
    "sorted(each.name for each in __import__('threading').enumerate()"
    " if type(each).__name__ != 'GarbageCollectorThread')"
)


def test_the_default_model_is_used_by_cells_and_functions(kernel: Kernel) -> None:
    """`%config CometMagics.model` holds for the next cell and for `comet.generate()`."""
    kernel.run("%config CometMagics.model = 'gpt-4o-mini'")
    assert "gpt-4o-mini" in kernel.run("%%comet\nHello").text
    kernel.run("import comet_magic as comet")
    assert kernel.value("comet.generate('Hello').model") == "'gpt-4o-mini'"


def test_a_bad_default_leaves_the_old_one(kernel: Kernel) -> None:
    """A refused `%config` value says why, the old one stays, and reloading works."""
    refused = kernel.run("%config CometMagics.preview_pixels = 3")
    assert "preview_pixels" in refused.text or "preview_pixels" in str(refused.reply)
    assert kernel.run("%%comet gpt-4o-mini\nHello").status == "ok"
    reloaded = kernel.run("%reload_ext comet_magic")
    assert reloaded.status == "ok"
    assert "768" in kernel.run("%config CometMagics.preview_pixels").text
    assert kernel.run("%%comet gpt-4o-mini\nHello").status == "ok"


def test_loading_twice_changes_nothing(kernel: Kernel) -> None:
    """A second `%load_ext` keeps what was set and registers nothing twice."""
    kernel.run("%config CometMagics.model = 'gpt-4o-mini'")
    assert kernel.run("import comet_magic").status == "ok"
    assert kernel.run("comet_magic.load_ipython_extension(get_ipython())").status == "ok"
    assert kernel.run("%load_ext comet_magic").status == "ok"
    loaded = "[type(each).__name__ for each in get_ipython().configurables].count('CometMagics')"
    assert kernel.value(loaded) == "1"
    assert "gpt-4o-mini" in kernel.run("%comet").text


def test_unloading_takes_everything_back(kernel: Kernel) -> None:
    """After `%unload_ext` there is no thread, magic, default or matcher of ours."""
    kernel.run("import asyncio\n%unload_ext comet_magic")
    matchers = "len(getattr(get_ipython().Completer, 'custom_matchers', []))"
    before = kernel.value(f"({matchers}, {THREADS})")
    kernel.run("%load_ext comet_magic")
    assert kernel.run("%%comet\nA cute kitten").status == "ok"
    assert "comet_magic" in kernel.value(THREADS)
    assert kernel.run("%unload_ext comet_magic").status == "ok"
    assert kernel.value(f"({matchers}, {THREADS})") == before
    assert "comet" not in kernel.value("list(get_ipython().magics_manager.magics['line'])")
    assert "comet" not in kernel.value("list(get_ipython().magics_manager.magics['cell'])")
    assert kernel.run("%%comet\nHello").ename == "UsageError"


def test_loading_again_after_unloading(kernel: Kernel) -> None:
    """Unloaded and loaded again it starts anew, and works."""
    kernel.run("%%comet gpt-4o-mini\nHello")
    kernel.run("%unload_ext comet_magic")
    kernel.run("%load_ext comet_magic")
    assert "Nothing has been generated" in kernel.run("%comet usage").text
    assert kernel.run("%%comet\nA cute kitten").status == "ok"


def test_unloading_while_a_stream_runs(kernel: Kernel) -> None:
    """A stream that still runs in a task is ended by `%unload_ext`, without a word."""
    kernel.run("%env COMET_DEMO_PACE=1\nimport asyncio, comet_magic as comet")
    kernel.run("task = asyncio.ensure_future(comet.agenerate('Hi', model='demo-error-slow'))")
    kernel.run("await asyncio.sleep(0.3)")
    cell = kernel.run("%unload_ext comet_magic")
    assert cell.status == "ok"
    assert cell.ended - cell.started < 3
    assert not cell.outputs
    assert "comet" not in kernel.value(THREADS)


def test_the_key_is_never_shown(kernel: Kernel) -> None:
    """`%comet` says where the key came from, and not the key."""
    kernel.run("import os\nos.environ['COMETAPI_KEY'] = 'sk-very-secret-key'")
    cell = kernel.run("%comet")
    assert "COMETAPI_KEY" in cell.text
    assert "secret" not in cell.text


def test_login_asks_in_the_notebook_and_shows_nothing(kernel: Kernel) -> None:
    """The front end is asked for a hidden line; the key is in no output and no history."""
    said = kernel.answer("%comet login", "sk-canary-0123456789").text
    said += kernel.run("%comet").text + kernel.run("%history").text + kernel.run("%whos").text
    assert "key from %comet login" in said
    assert "canary" not in said
