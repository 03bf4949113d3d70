"""The panel in JupyterLab, with mouse and keyboard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.pictures import encoded

from .conftest import OpenDocument, OpenNotebook
from .lab import Lab
from .notebook import LOAD, Notebook
from .panel import PanelOnPage

CELL = "panel = %comet panel\npanel"
# Says how many streams there are, once that is so many or some seconds have gone by.
STREAMS = """
import time
from comet_magic.kernel import session
for _ in range(100):
    server = session.current()._server
    if server and server.open_streams == {}:
        break
    time.sleep(0.05)
print("open", server.open_streams)
"""
THEMES = ("JupyterLab Dark", "JupyterLab Dark High Contrast", "JupyterLab Light")


def opened(notebook: OpenNotebook, *cells: str) -> tuple[Notebook, PanelOnPage]:
    """A notebook whose second cell has run and shows a panel."""
    document = notebook([LOAD, CELL, *cells])
    document.run(0)
    document.run(1)
    return document, PanelOnPage(document.page, document.output(1))


@pytest.fixture
def light_theme(page: Page) -> Iterator[None]:
    """Whatever theme the test ends with, the next one begins with the light one."""
    yield
    page.evaluate("theme => window.comet.execute(['apputils:change-theme', { theme }])", THEMES[-1])


def test_a_picture_from_the_first_word_to_the_file(notebook: OpenNotebook, lab: Lab) -> None:
    """Typed, shaped and run; the bar moves, nothing jumps; seen large, downloaded, varied."""
    document, panel = opened(notebook)
    panel.prompt.fill("A lighthouse on a cliff at dusk")
    panel.button("add “, 3:2”").click()
    expect(panel.prompt).to_have_value("A lighthouse on a cliff at dusk, 3:2")
    expect(panel.root.locator("pre")).to_have_text(
        "%%comet gpt-4o-image\nA lighthouse on a cliff at dusk, 3:2"
    )
    panel.watch()
    panel.prompt.press("Control+Enter")
    panel.pictures(1)

    seen = panel.seen()
    bars = [each["bar"] for each in seen if each["bar"] is not None]
    assert bars[0] == -1
    assert len(set(bars)) > 3
    assert bars == sorted(bars)
    assert len({each["clock"] for each in seen}) > 3
    heights = {each["height"] for each in seen}
    assert max(heights) - min(heights) <= 30
    image = panel.root.locator(".comet-place > img")
    assert "lighthouse" in (image.get_attribute("alt") or "")
    assert re.search(r"1024 × 683 .* tokens", panel.tiles.first.inner_text())

    image.click()
    viewer = panel.page.get_by_role("dialog", name="Picture in full size")
    large = viewer.locator(".comet-large img")
    assert large.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1024
    expect(panel.button("Close", viewer)).to_be_focused()
    assert panel.violations() == []
    panel.page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()

    with panel.page.expect_download() as download:
        panel.button("Download", panel.tiles.first).click()
    name = download.value.suggested_filename
    saved = lab.root / "comet_images" / name
    assert Path(download.value.path()).read_bytes() == saved.read_bytes()

    panel.button("Vary", panel.tiles.first).click()
    panel.pictures(2)
    newest, oldest = panel.tiles.nth(1).bounding_box(), panel.tiles.nth(0).bounding_box()
    assert newest
    assert oldest
    assert (newest["y"], newest["x"]) < (oldest["y"], oldest["x"])
    document.page.keyboard.press("Escape")


def test_stop_while_other_cells_run(notebook: OpenNotebook) -> None:
    """The kernel is free while three run; Stop of one, and then of all, closes connections."""
    document, panel = opened(notebook, *(STREAMS.format(count) for count in (3, 2, 0)))
    for prompt in ("one", "two", "three"):
        panel.ask(prompt, "demo-error-slow")
    expect(panel.root.locator("progress")).to_have_count(3)
    document.run(2)
    expect(document.output(2)).to_have_text("open 3")
    panel.button("Stop", panel.tiles.nth(1)).click()
    expect(panel.root.locator("progress")).to_have_count(2)
    assert "interrupted" in panel.tiles.nth(1).inner_text()
    document.run(3)
    expect(document.output(3)).to_have_text("open 2")
    panel.button("Stop").click()
    expect(panel.root.locator("progress")).to_have_count(0)
    document.run(4)
    expect(document.output(4)).to_have_text("open 0")
    expect(panel.button("Stop")).to_be_disabled()


def test_pictures_are_uploaded_dropped_and_removed(notebook: OpenNotebook, tmp_path: Path) -> None:
    """One of 20 MB is made smaller by the browser and says so; all of them are sent."""
    _, panel = opened(notebook)
    large, small = tmp_path / f"large{'-and-named-at-length' * 5}.bmp", tmp_path / "small.png"
    large.write_bytes(encoded("BMP", (2300, 3000)))
    small.write_bytes(encoded(size=(300, 200)))
    assert large.stat().st_size > 20_000_000
    with panel.page.expect_file_chooser() as chooser:
        panel.button("Add pictures").click()
    chooser.value.set_files([large, small])
    expect(panel.root.get_by_text("made smaller from 20.7 MB by the browser")).to_be_visible()
    expect(panel.root.get_by_text("300 × 200")).to_be_visible()
    panel.root.evaluate(
        """(panel, bytes) => {
            const transfer = new DataTransfer();
            const file = new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" });
            transfer.items.add(file);
            panel.dispatchEvent(
                new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        list(encoded(size=(40, 50))),
    )
    expect(panel.root.get_by_text("40 × 50")).to_be_visible()
    panel.be_wide(320)
    assert panel.too_wide() == []
    panel.root.get_by_role("button", name="Remove").nth(0).click()
    expect(panel.root.locator(".comet-input")).to_have_count(2)
    assert panel.violations() == []
    panel.ask("Look", "gpt-4o-mini")
    expect(panel.tiles.first).to_contain_text("PNG picture of 40 × 50")


def test_a_pasted_picture_is_added_and_pasted_text_is_text(notebook: OpenNotebook) -> None:
    """What is copied from a spreadsheet or a document is both, and meant as text."""
    _, panel = opened(notebook)
    paste = """(field, [types, bytes]) => {
        const clipboardData = new DataTransfer();
        types.forEach(type => clipboardData.setData(type, "Hello"));
        clipboardData.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }));
        return field.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }"""
    picture = list(encoded())
    both = ["text/plain", "text/html"]
    assert panel.prompt.evaluate(paste, [both, picture])  # the browser's, which inserts the text
    assert not panel.prompt.evaluate(paste, [["text/html"], picture])
    expect(panel.root.locator(".comet-input")).to_have_count(1)


def test_with_the_keyboard_alone(notebook: OpenNotebook) -> None:
    """From the prompt to the buttons of a result; what has the keyboard is seen to have it."""
    _, panel = opened(notebook)
    keys = panel.page.keyboard
    panel.prompt.focus()
    keys.type("Hello")
    reached = []
    for _ in range(30):
        name, outline = panel.page.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one);
                const label = one.labels?.[0]?.textContent || one.textContent;
                const outlined = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
                return [label.trim(), outlined];
            }"""
        )
        reached.append(name)
        assert outline, name
        if name == "Model":
            keys.press("Control+A")
            keys.type("gpt-4o-mini")
        if name == "Generate":
            break
        keys.press("Tab")
    assert reached[:1] == ["Prompt"]
    assert {"add “, 16:9”", "Add pictures", "More options", "Model", "Pictures"} < set(reached)
    keys.press("Enter")
    expect(panel.tiles.first).to_contain_text("Continue", timeout=20_000)
    for _ in range(10):
        keys.press("Tab")
        if panel.page.evaluate("document.activeElement.textContent") == "Continue":
            break
    keys.press("Enter")
    expect(panel.root.get_by_text("Continues from “Hello”.")).to_be_visible()
    expect(panel.prompt).to_be_focused()


def test_every_theme_and_width(notebook: OpenNotebook, page: Page, light_theme: None) -> None:
    """With all there is on it: no serious violation, and nothing is wider than its place."""
    document, panel = opened(notebook)
    page.wait_for_function("document.querySelector('.comet-panel datalist option')")
    panel.button("More options").click()
    panel.ask("Hello " + "Pneumono" * 30, "gpt-4o-mini")
    panel.ask("A kitten", "demo-error-401")
    panel.ask("An endless library. " * 30, "gpt-4o-image")
    panel.pictures(1)
    panel.ask("A kitten", "demo-error-slow")
    expect(panel.root.locator("progress")).to_have_count(1)
    expect(panel.root).to_contain_text("the key was refused")
    for theme in THEMES:
        document.execute("apputils:change-theme", {"theme": theme})
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
        assert panel.violations() == [], theme
        edges = panel.prompt.evaluate("one => getComputedStyle(one).borderColor")
        assert (edges == "rgb(255, 255, 255)") is ("High Contrast" in theme)
    for width in (1130, 320):
        panel.be_wide(width)
        assert panel.too_wide() == []
    panel.button("Stop").click()


def test_a_text_between_pictures_leaves_no_hole(notebook: OpenNotebook) -> None:
    """It is as wide as the page: the pictures before and after it stand side by side."""
    _, panel = opened(notebook)
    for count, model in enumerate(("gpt-4o-image", "gpt-4o-mini", "gpt-4o-image"), 1):
        panel.ask("Hello", model)
        expect(panel.root.get_by_role("button", name="Continue")).to_have_count(count)
    older, text, newer = (panel.tiles.nth(number).bounding_box() for number in range(3))
    assert older
    assert text
    assert newer
    assert newer["y"] == older["y"] < text["y"]
    assert newer["x"] < older["x"]


def test_a_click_into_the_model_offers_all_of_them(notebook: OpenNotebook) -> None:
    """A browser offers what matches the field: it is empty while it is chosen from, not longer."""
    _, panel = opened(notebook)
    panel.model.click()
    expect(panel.model).to_have_value("")
    expect(panel.model).to_have_attribute("placeholder", "gpt-4o-image")
    panel.prompt.click()
    expect(panel.model).to_have_value("gpt-4o-image")
    panel.model.click()
    panel.page.keyboard.type("gpt-4o-mini")
    panel.prompt.click()
    panel.prompt.fill("Hello")
    expect(panel.root.locator("pre")).to_have_text("%%comet gpt-4o-mini\nHello")


def test_a_model_that_is_taken_out_again_is_the_one_before(notebook: OpenNotebook) -> None:
    """By mouse or by keyboard: what the field shows when it is left is what the kernel has."""
    document, panel = opened(notebook, "print(repr(panel.model))")
    panel.model.click()
    panel.page.keyboard.type("g")
    panel.page.keyboard.press("Backspace")
    panel.ask("Hello")
    panel.pictures(1)
    panel.model.fill("gpt-4o-mini")
    panel.prompt.focus()
    panel.model.focus()
    panel.page.keyboard.press("Control+A")
    panel.page.keyboard.press("Delete")
    expect(panel.root.locator("pre")).to_have_count(0)  # the kernel knows it as empty
    panel.prompt.focus()
    expect(panel.model).to_have_value("gpt-4o-mini")
    expect(panel.root.locator("pre")).to_have_text("%%comet gpt-4o-mini\nHello")
    document.run(2)
    expect(document.output(2)).to_have_text("'gpt-4o-mini'")


def test_models_that_come_late_leave_the_field_empty(notebook: OpenNotebook) -> None:
    """The list arrives while the field is chosen from: it still offers all of them."""
    document, panel = opened(
        notebook,
        'import asyncio\nasyncio.get_running_loop().call_later(1.5, panel._form.offer, ["late"]);',
    )
    document.run(2)
    panel.model.click()
    expect(panel.root.locator("datalist option")).to_have_count(1)
    expect(panel.model).to_have_value("")
    expect(panel.model).to_be_focused()
    panel.prompt.click()
    expect(panel.model).to_have_value("gpt-4o-image")


def test_a_press_waits_for_what_was_typed(notebook: OpenNotebook) -> None:
    """A kernel that is slow to read gets all of the prompt before it is sent or changed."""
    document, panel = opened(
        notebook, 'import time\npanel.observe(lambda change: time.sleep(0.3), "prompt")'
    )
    document.run(2)
    panel.model.fill("gpt-4o-mini")
    panel.prompt.focus()
    panel.page.keyboard.type("Hello there")
    panel.page.keyboard.press("Control+Enter")
    expect(panel.tiles.first).to_contain_text("Hello there", timeout=20_000)
    expect(panel.prompt).to_be_editable()
    panel.page.keyboard.type(", a boat")
    panel.button("add “, 3:2”").click()
    expect(panel.prompt).to_have_value("Hello there, a boat, 3:2", timeout=20_000)


def test_a_press_is_for_what_stood_there(notebook: OpenNotebook) -> None:
    """While the kernel is busy the form says so, takes no more, and is sent once."""
    document, panel = opened(notebook, "import time\ntime.sleep(5)")
    document.start(2)
    panel.model.fill("gpt-4o-mini")
    panel.prompt.press_sequentially("Hello there")
    for _ in range(3):
        panel.button("Generate").click()
    expect(panel.prompt).not_to_be_editable()
    panel.prompt.press_sequentially(", too late")
    panel.page.locator(".comet-panel.comet-late").wait_for()
    expect(panel.tiles.first).to_contain_text("Hello there", timeout=20_000)
    expect(panel.prompt).to_be_editable()
    panel.ask("Hello again")
    expect(panel.tiles.nth(1)).to_contain_text("Hello", timeout=20_000)
    expect(panel.tiles).to_have_count(2)
    assert "too late" not in panel.root.inner_text()


def test_a_press_waits_for_the_number_of_pictures(notebook: OpenNotebook) -> None:
    """Of two changes while the kernel is busy the last one counts."""
    document, panel = opened(notebook, "import time\ntime.sleep(3)")
    panel.prompt.fill("Kittens")
    expect(panel.root.locator("pre")).to_contain_text("Kittens")
    document.start(2)
    for count in ("2", "3"):
        panel.root.get_by_label("Pictures").fill(count)
        panel.prompt.focus()
    panel.prompt.press("Control+Enter")
    expect(panel.tiles).to_have_count(3, timeout=20_000)


def test_a_press_sends_what_is_seen_where_the_kernel_set_something_else(
    notebook: OpenNotebook,
) -> None:
    """A field of one line shows no line break: the press does not wait for one that never comes."""
    document, panel = opened(notebook, 'panel.model = "gpt-4o\\n-mini"')
    document.run(2)
    panel.prompt.fill("Hello there")
    panel.button("Generate").click()
    expect(panel.tiles.first).to_contain_text("Hello there", timeout=20_000)
    expect(panel.root.locator("pre")).to_have_text("%%comet gpt-4o-mini\nHello there")


def test_a_press_behind_another_is_for_what_stood_there(notebook: OpenNotebook) -> None:
    """It waits for its turn, and nothing is written into the form until it has gone."""
    document, panel = opened(notebook, "import time\ntime.sleep(4)")
    panel.model.fill("gpt-4o-mini")
    panel.prompt.fill("The first")
    expect(panel.root.locator("pre")).to_have_text("%%comet gpt-4o-mini\nThe first")
    document.start(2)
    panel.button("Generate").click()
    panel.prompt.fill("The second")
    panel.button("Generate").click()
    expect(panel.prompt).not_to_be_editable()
    panel.prompt.fill("The third", timeout=20_000)
    panel.button("Generate").click()
    expect(panel.tiles).to_have_count(3, timeout=20_000)
    for place, word in enumerate(("first", "second", "third")):
        expect(panel.tiles.nth(place)).to_contain_text(f"The {word}", timeout=20_000)


def test_a_panel_that_is_taken_from_the_page_sends_nothing(notebook: OpenNotebook) -> None:
    """A press that waits there would send half a prompt."""
    said = 'import time\ntime.sleep(3)\nprint("sent", len(panel.generations))'
    document, panel = opened(notebook, "import time\ntime.sleep(3)", said)
    document.start(2)
    panel.model.fill("gpt-4o-mini")
    panel.prompt.press_sequentially("Hello there")
    panel.button("Generate").click()
    panel.root.evaluate("one => one.remove()")
    document.wait()
    document.run(3)
    expect(document.output(3)).to_contain_text("sent 0")


def test_pressed_again_before_the_kernel_has_answered_it_is_sent_once(
    notebook: OpenNotebook,
) -> None:
    """Nothing is seen of a press while the kernel is slow; another button waits for its turn."""
    document, panel = opened(
        notebook,
        "import time\nask = panel.generate\npanel.generate = lambda: (time.sleep(1.5), ask())",
    )
    document.run(2)
    panel.ask("Hello there", "gpt-4o-mini")
    for _ in range(2):
        panel.button("Generate").click()
    panel.button("add “, 3:2”").click()
    expect(panel.prompt).not_to_be_editable()
    expect(panel.prompt).to_have_value("Hello there, 3:2", timeout=20_000)
    expect(panel.prompt).to_be_editable()
    expect(panel.tiles).to_have_count(1)
    panel.button("Generate").dblclick(delay=100)
    expect(panel.tiles.nth(1)).to_contain_text("Hello there, 3:2", timeout=20_000)
    panel.page.wait_for_timeout(2000)  # for one that is too much
    expect(panel.tiles).to_have_count(2)


def test_a_press_waits_for_a_picture_that_is_being_uploaded(
    notebook: OpenNotebook, tmp_path: Path
) -> None:
    """It goes with the prompt; if it cannot be used, nothing is sent and its reason is shown."""
    _, panel = opened(notebook)
    large, small, text = (tmp_path / name for name in ("large.bmp", "small.png", "text.png"))
    large.write_bytes(encoded("BMP", (2300, 3000)))
    small.write_bytes(encoded())
    text.write_bytes(b"Hello")
    panel.model.fill("gpt-4o-mini")
    panel.prompt.fill("Look")
    for files in ([large], [text, small]):
        with panel.page.expect_file_chooser() as chooser:
            panel.button("Add pictures").click()
        chooser.value.set_files(files)
        panel.prompt.press("Control+Enter")
        panel.page.locator(".comet-panel:not(.comet-uploading, .comet-waiting)").wait_for()
    expect(panel.root.locator(".comet-input")).to_have_count(2)
    expect(panel.root.get_by_role("alert")).to_contain_text("image text.png: no picture")
    expect(panel.tiles).to_have_count(1)
    expect(panel.tiles.first).to_contain_text("Picture 1")


def test_the_viewer_keeps_the_keyboard_and_gives_it_back(notebook: OpenNotebook) -> None:
    """It covers the page, so nothing behind it is reached; it closes without its kernel, too."""
    document, panel = opened(notebook)
    panel.ask("A boat")
    panel.pictures(1)
    dialog = panel.root.get_by_role("dialog", name="Picture in full size")
    keys = panel.page.keyboard
    panel.button("Full size").focus()
    keys.press("Enter")
    expect(panel.button("Close", dialog)).to_be_focused()
    for key in ("Shift+Tab", "Tab", "Tab", "Tab", "Tab"):
        keys.press(key)
        assert dialog.evaluate("one => one.contains(document.activeElement)"), key
    dialog.locator("img").click()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(panel.button("Full size")).to_be_focused()

    panel.root.locator(".comet-place > img").click()
    expect(dialog).to_be_visible()
    document.restart()
    expect(panel.root.get_by_text("Not connected.")).to_be_attached()
    panel.button("Close", dialog).click()
    expect(dialog).to_be_hidden()
    expect(panel.root.get_by_text("Not connected.")).to_be_visible()


def test_the_keyboard_stays_where_a_pressed_button_was(notebook: OpenNotebook) -> None:
    """Stop, Cancel and Remove take themselves away; the next Tab goes on from there."""
    _, panel = opened(notebook)
    keys = panel.page.keyboard

    def press(button: Locator) -> None:
        button.focus()
        keys.press("Enter")

    panel.ask("A kitten", "demo-error-slow")
    press(panel.button("Stop", panel.tiles.first))
    expect(panel.tiles.first).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    expect(panel.button("Try again")).to_be_focused()
    panel.ask("A boat", "gpt-4o-image")
    press(panel.button("Save as…"))
    field = panel.root.get_by_label("Save as")
    expect(field).to_be_focused()
    assert field.evaluate("one => one.offsetHeight") < 40
    press(panel.button("Cancel"))
    expect(panel.tiles.nth(1)).to_be_focused()
    press(panel.button("Use as input"))
    expect(panel.prompt).to_be_focused()
    press(panel.button("Remove", panel.root.locator(".comet-inputs")))
    expect(panel.root.locator(".comet-input")).to_have_count(0)
    expect(panel.prompt).to_be_focused()
    panel.ask("A kitten", "demo-error-slow")
    panel.tiles.nth(2).wait_for()
    press(panel.button("Stop"))
    expect(panel.prompt).to_be_focused()


def test_a_panel_that_is_shown_twice_does_things_once(notebook: OpenNotebook) -> None:
    """Each view has the link to the file and the viewer."""
    document, panel = opened(notebook, "panel")
    document.run(2)
    expect(document.output(2).locator(".comet-panel.comet-scripted")).to_be_visible()
    panel.ask("A boat")
    panel.pictures(1)
    downloads: list[Download] = []

    def note(download: Download) -> None:
        downloads.append(download)

    panel.page.on("download", note)
    try:
        panel.button("Download").click()
        expect(document.output(2).locator("a.comet-file[data-done]")).to_have_count(1)
        panel.page.wait_for_timeout(500)  # for one that is too much
    finally:
        panel.page.remove_listener("download", note)
    assert len(downloads) == 1
    panel.button("Full size").click()
    expect(panel.page.get_by_role("dialog")).to_have_count(1)
    expect(panel.root.get_by_role("dialog")).to_be_visible()


def test_saved_and_reopened_it_is_a_summary(notebook: OpenNotebook, document: OpenDocument) -> None:
    """Without its kernel the results stand there, and no error; trusted or not."""
    first, panel = opened(notebook, "%comet panel")
    first.run(2)
    panel.ask("A boat on a lake")
    panel.pictures(1)
    expect(first.output(1).locator(".comet-pinned")).to_be_hidden()
    saved = first.save()
    for trusted in (True, False):
        if not trusted:
            saved["metadata"]["from"] = "another computer"
            saved["cells"][1]["outputs"][0]["metadata"]["from"] = "another computer"
        again = document(saved)
        expect(again.output(1).locator("img")).to_be_visible()
        again.page.wait_for_timeout(500)  # for what might still go wrong
        assert again.is_trusted(1) is trusted
        said, empty = (again.output(number).inner_text() for number in (1, 2))
        assert "Made with a panel of comet_magic" in said
        assert "A boat on a lake" in said
        assert "Nothing has been generated with it yet." in empty
        assert "rror" not in said + empty


def test_a_restarted_kernel_is_said(notebook: OpenNotebook) -> None:
    """The panel says that it is disconnected, and its buttons are not there to be pressed."""
    document, panel = opened(notebook)
    panel.ask("Hello", "gpt-4o-mini")
    panel.button("Continue", panel.tiles.first).wait_for()
    expect(panel.root.get_by_text("Not connected.")).to_be_hidden()
    panel.ask("A kitten", "demo-error-slow")
    expect(panel.root.locator("progress")).to_be_visible()
    document.restart()
    expect(panel.root.locator("progress")).to_be_hidden()
    expect(panel.root.get_by_text("Not connected.")).to_be_visible()
    expect(panel.button("Generate")).to_be_hidden()
    assert "Hello" in panel.tiles.first.inner_text()


def test_a_press_that_waits_ends_with_the_kernel(notebook: OpenNotebook) -> None:
    """What was typed can be taken along: the fields are not held for ever."""
    document, panel = opened(notebook, "import time\ntime.sleep(30)")
    document.start(2)
    panel.prompt.press_sequentially("Hello there")
    panel.button("Generate").click()
    expect(panel.prompt).not_to_be_editable()
    document.restart()
    expect(panel.root.get_by_text("Not connected.")).to_be_visible()
    expect(panel.prompt).to_be_editable()
    expect(panel.prompt).to_have_value("Hello there")
