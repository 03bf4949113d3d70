"""A `%%comet` cell that asks for text, and what Tab offers in one."""

from contextlib import suppress

from playwright.sync_api import TimeoutError as NotThere
from playwright.sync_api import expect

from .conftest import OpenNotebook
from .notebook import LOAD


def test_text_streams_as_rendered_markdown(notebook: OpenNotebook) -> None:
    """The answer grows in place, set in bold and lists while it comes, and stays as it came."""
    opened = notebook([LOAD, "%%comet gpt-4o-mini\nHello there", "'below'"])
    opened.run(0)

    opened.record(1)
    opened.wait()

    frames = opened.frames()
    # Below the answer stands its status, which begins with the model.
    growing = [frame.text.partition("gpt-4o-mini")[0] for frame in frames if frame.bar is not None]
    assert len(set(growing)) > 2
    output = opened.output(1)
    assert output.locator("progress").count() == 0
    assert output.locator("strong", has_text="demo server").count() == 1
    assert output.locator("li").count() >= 2
    final = output.inner_text()
    assert "**" not in final
    assert "complete" in final
    assert final.startswith(growing[-1][:80].strip())  # its end may be half a mark-up
    assert any("demo server" in text and "**demo server" not in text for text in growing)
    # The summary comes where the status was: nothing jumps at the end.
    last = max(index for index, frame in enumerate(frames) if frame.bar is not None)
    assert abs(frames[-1].top - frames[last].top) < 80


def test_tab_completes_an_option(notebook: OpenNotebook) -> None:
    """After `%%comet --tem` the Tab key gives `--temperature`."""
    opened = notebook([LOAD, "%%comet --tem"])
    opened.run(0)
    opened.edit(1)
    editor = opened.cell(1).locator(".cm-content")

    # A single offer is taken at once; where it is not, it is the first of the list.
    offers = opened.page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item")
    offered = editor.or_(offers).filter(has_text="--temperature").first
    for _ in range(3):
        opened.page.keyboard.press("Tab")
        # JupyterLab gives a kernel one second, and a new one on a busy machine can take longer.
        with suppress(NotThere):
            offered.wait_for(timeout=3_000)
            break
    expect(offered).to_be_visible()
    if "--temperature" not in editor.inner_text():
        opened.page.keyboard.press("Enter")
    expect(editor).to_have_text("%%comet --temperature")
