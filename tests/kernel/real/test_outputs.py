"""What a cell leaves in the notebook, and what it shows on the way there."""

import re
from pathlib import Path

from .kernel import Cell, Kernel

PICTURES = {"image/jpeg", "image/png"}
KITTEN = "%%comet\nA cute kitten sitting on a cloud, cartoon style"


def comparable(cell: Cell) -> list[dict[str, str]]:
    """The outputs without what differs from run to run: times, ids and paths."""
    changing = (
        r"comet_images/[\w.-]+",
        r"\d+\.\d s\b",
        r"\b(task_|file_|chatcmpl-|gen_)\w+",
        r"\b20\d{12}\w{10,}",
        r"\b\d{2}:\d{2}:\d{2}\b",
    )
    return [
        {mime: re.sub("|".join(changing), "…", text) for mime, text in output.data.items()}
        for output in cell.outputs
    ]


def test_a_picture_and_a_summary_are_left(kernel: Kernel) -> None:
    """A picture is one bundle with alt text, preview and plain text; the summary stands below."""
    cell = kernel.run(KITTEN)
    picture, summary = cell.outputs
    assert set(picture.data) == {"text/html", "text/plain", "image/jpeg"}
    assert re.search(r'<img [^>]*alt="[^"]*kitten', picture.data["text/html"])
    assert "kitten" in picture.text
    saved = re.search(r"comet_images/\S+\.png", picture.text)
    assert saved
    assert Path(kernel.folder, saved[0]).stat().st_size > 1000
    assert set(summary.data) == {"text/html", "text/plain"}
    assert "complete" in summary.text
    assert "tokens" in summary.text
    assert "demo" in summary.text


def test_live_frames_are_light_and_few(kernel: Kernel) -> None:
    """At most ten repaints a second, none with picture bytes; the last is the end state."""
    kernel.run("%env COMET_DEMO_PACE=0.3")
    cell = kernel.run(KITTEN)
    *live, last = cell.outputs[0].frames
    seconds = last[0] - live[0][0]
    assert seconds > 1
    assert 5 < len(live) <= 10 * seconds + 3
    for _, frame in live:
        assert not PICTURES & set(frame)
        assert "data:image" not in frame["text/html"]
        assert "&quot;prompt&quot;" not in frame["text/html"]
        assert len(frame["text/html"]) < 10_000
    assert any("generating" in frame["text/plain"] for _, frame in live)
    assert PICTURES & set(last[1])
    assert "<progress" not in str(cell.outputs[0].data)


def test_repaints_can_be_slowed_down(kernel: Kernel) -> None:
    """`%config CometMagics.repaints = 2` halves a second's worth of repaints to two."""
    kernel.run("%env COMET_DEMO_PACE=0.5\n%config CometMagics.repaints = 2")
    cell = kernel.run("%%comet gpt-4o-mini\nHello")
    frames = cell.outputs[0].frames
    # Between them the clock is moved on, too, when half a second brought nothing.
    assert len(frames) <= 4 * (frames[-1][0] - frames[0][0]) + 4


def test_final_mode_leaves_the_same_outputs(kernel: Kernel) -> None:
    """With `COMET_DISPLAY=final` the same outputs are shown once, at the end, without updates."""
    streamed = kernel.run(KITTEN)
    kernel.run("%env COMET_DISPLAY=final\n%unload_ext comet_magic\n%load_ext comet_magic")
    final = kernel.run(KITTEN)
    assert len(streamed.outputs[0].frames) > 1
    assert [len(output.frames) for output in final.outputs] == [1, 1]
    assert [output.kind for output in final.outputs] == [one.kind for one in streamed.outputs]
    assert comparable(final) == comparable(streamed)


def test_final_mode_shows_a_failure_too(kernel: Kernel) -> None:
    """In final mode a cell that fails shows what there is, once."""
    kernel.run("%config CometMagics.display_mode = 'final'")
    cell = kernel.run("%%comet demo-error-cut\nA cute kitten")
    assert cell.ename == "StreamError"
    assert [len(output.frames) for output in cell.bundles] == [1]
    assert "interrupted" in cell.text


def test_an_output_widget_gets_the_end(kernel: Kernel) -> None:
    """As `interact` has one: it drops updates, so that a first frame would stay in it for ever."""
    inside = "get_ipython().run_cell_magic('comet', '', 'A cute kitten')"
    cell = kernel.run(f"import ipywidgets\nwith ipywidgets.Output():\n    {inside}")
    assert [len(output.frames) for output in cell.bundles] == [1, 1]
    assert PICTURES & set(cell.bundles[0].data)
    assert len(kernel.run(KITTEN).bundles[0].frames) > 1


def test_captured_outputs_are_those_of_the_end(kernel: Kernel) -> None:
    """`%%capture` keeps no frame among them: each can be shown by itself."""
    kernel.run(f"%%capture captured\n{KITTEN}")
    assert kernel.value("len(captured.outputs)") == "2"
    (shown,) = kernel.run("captured.outputs[0]").outputs
    assert PICTURES & set(shown.data)


def test_the_variables_hold_the_generation(kernel: Kernel) -> None:
    """`_comet` and the variable of `-o` are the finished generation."""
    kernel.run("%%comet -o kitten\nA cute kitten")
    assert kernel.value("kitten is _comet, str(kitten.status), len(kitten.images)") == (
        "(True, 'complete', 1)"
    )
