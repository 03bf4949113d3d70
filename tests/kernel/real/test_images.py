"""Pictures that go with a cell, in a real kernel."""

from .kernel import Kernel


def test_a_variable_is_edited_in_a_cell(kernel: Kernel) -> None:
    """The outputs are those of any picture, with a note of what was sent and no bytes of it."""
    kernel.run("from PIL import Image\nred = Image.new('RGB', (3000, 1500), 'red')")
    cell = kernel.run("%%comet -i red -o night\nMake it night")
    assert cell.status == "ok"
    picture, summary = cell.bundles
    assert "image/jpeg" in picture.data
    note = "with red, 2048 × 1024, "
    assert note in summary.data["text/plain"]
    assert "(made smaller from 3000 × 1500)" in summary.data["text/html"]
    frames = [str(frame) for output in cell.outputs for _, frame in output.frames]
    sent = "night.messages[0]['content'][1]['image_url']['url']"
    start = kernel.value(f"{sent}[40:90]").strip("'")
    assert len(start) == 50
    assert not any(start in frame for frame in [*frames, cell.text, str(summary.data)])


def test_a_wrong_reference_sends_nothing(kernel: Kernel) -> None:
    """The cell fails in one line and shows nothing."""
    cell = kernel.run("%%comet -i nothing.png\nMake it night")
    assert cell.status == "error"
    assert not cell.bundles
    assert "So far: 0 requests" in kernel.run("%comet").text
