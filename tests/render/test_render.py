"""What a reader sees of a generation: the facts that matter, and nothing that was not received."""

import base64
import io
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from comet_magic.generation import Generation, Status
from comet_magic.media.images import GeneratedImage
from comet_magic.media.videos import GeneratedVideo
from comet_magic.render import final_bundles, live_bundle, mimebundle
from comet_magic.render.html import Html, joined, link, tag
from comet_magic.render.markdown import LONGEST, LONGEST_LIVE, live_markdown, markdown
from comet_magic.text import without_bytes
from comet_magic.wire.usage import Usage
from tests.families.chat.growing import chunk
from tests.families.chat.growing import growing as builder
from tests.generation.test_builder import finished
from tests.pictures import MP4, encoded

URL = "https://a.example/x.png?sig=secret&se=2026-11-28T12%3A00%3A00Z"
HOSTILE = (
    "<script>x()</script><img src=x onerror=x()><svg onload=x()>",
    "[a](javascript:x()) ![b](javascript:x()) <javascript:x()> [c](data:text/html,x)",
    '"><iframe src=//evil.example></iframe>',
    "</div></figure></details><style>*{display:none}</style>",
    "\x1b[31mred\x00 \u202egnp.exe",
)


class Page(HTMLParser):
    """The elements of some HTML: names, and each attribute with its element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.append(name)
        self.attributes += [(name, key, value or "") for key, value in attributes]
        if name not in ("img", "br", "hr", "source"):
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name


def whole(**changes: Any) -> Generation:
    """A finished generation with one picture."""
    generation = finished(f'{{"prompt": "A tabby cat"}}\n![x]({URL})')
    image = generation.images[0].with_data(encoded(size=(900, 600)))
    image = replace(image, path=Path("comet_images/cat.png").absolute())
    return replace(generation, **{"images": (image,), **changes})


def html_of(generation: Generation) -> str:
    """All of its final HTML."""
    return "".join(bundle["text/html"] for bundle in final_bundles(generation, reason=True))


def text_of(generation: Generation) -> str:
    """All of its final text."""
    return "\n".join(bundle["text/plain"] for bundle in final_bundles(generation, reason=True))


def test_a_picture_has_its_alt_text_as_a_visible_caption() -> None:
    """With size and place, its proportions reserved, and the preview in it."""
    picture, _ = final_bundles(whole())
    page = Page(picture["text/html"])
    images = {key: value for name, key, value in page.attributes if name == "img"}
    assert images["alt"] == "A tabby cat"
    assert images["src"].startswith("data:image/jpeg;base64,")
    assert int(images["width"]) / int(images["height"]) == pytest.approx(1.5, abs=0.01)
    assert picture["text/html"].count("A tabby cat") == 2
    assert "900 × 600 · comet_images/cat.png" in picture["text/html"]
    assert picture["text/plain"] == "[picture] A tabby cat\n900 × 600 · comet_images/cat.png"
    assert picture["image/jpeg"] in picture["text/html"]


@pytest.mark.parametrize(
    ("size", "alone", "beside"),
    [
        ((900, 600), 512, 300),
        ((60, 40), 40, 60),
        ((400, 800), 256, 300),
        ((300, 300), 200, 300),
        ((1, 1), 1, 1),
    ],
    ids=["large", "small", "upright", "medium", "a pixel"],
)
def test_a_picture_is_shown_no_larger_than_it_is(
    size: tuple[int, int], alone: int, beside: int
) -> None:
    """One alone is sharp on dense screens and fits the page; one of several fits its column."""
    image = GeneratedImage(URL).with_data(encoded(size=size))
    for images, width in (((image,), alone), ((image, image), beside)):
        page = Page(html_of(whole(images=images)))
        shown = [
            int(value) for name, key, value in page.attributes if (name, key) == ("img", "width")
        ]
        assert shown == [width] * len(images)


def test_the_summary_says_what_was_received_and_no_more() -> None:
    """Counts, times and ids only if they came."""
    usage = Usage(24, 1_120, 1_144, {"cached_tokens": 7})
    generation = whole(usage=usage, request_id="r-1", finish_reason="stop")
    for shown in (html_of(generation), text_of(generation)):
        assert "24 + 1,120 = 1,144 tokens" in shown
    assert "r-1" in html_of(generation)
    assert re.search(r"Prompt tokens, cached</th><td[^>]*>7</td>", html_of(generation))
    bare = whole(usage=None, finish_reason=None, time_to_first_token=None)
    for shown in (html_of(bare), text_of(bare)):
        assert "tokens" not in shown
        assert "first token" not in shown
        assert "finish" not in shown
        assert "None" not in shown


@pytest.mark.parametrize("status", [Status.FAILED, Status.INTERRUPTED])
def test_how_it_ended_is_said_in_words(status: Status) -> None:
    """Not by colour or symbol alone, and what arrived is kept."""
    generation = whole(status=status, error="the reason")
    assert str(status) in html_of(generation)
    assert "the reason" in text_of(generation)
    assert "<img" in html_of(generation)


def test_a_refusal_is_said_once_and_never_cut() -> None:
    """A short one by the error alone; of a long one, which an error cuts, all is shown."""
    for length, shown in ((100, False), (2_000, True)):
        refusal = "no " * (length // 3)
        failed = finished(refusal)
        assert failed.error == refusal.strip()
        for bundle in final_bundles(failed):
            assert (refusal.strip() in bundle["text/plain"]) is shown
            assert (refusal.strip() in bundle["text/html"]) is shown


def test_the_demo_is_labelled_everywhere() -> None:
    """In HTML and in text; another endpoint is not."""
    demo = whole(endpoint="demo")
    assert all("demo" in bundle["text/plain"] for bundle in final_bundles(demo))
    assert ">demo<" in html_of(demo)
    assert "demo" in live_bundle(demo)["text/plain"]
    assert "demo" not in html_of(whole()) + text_of(whole())


def test_a_live_frame_has_a_bar_and_no_picture() -> None:
    """Without a value until a percentage is known; never with picture bytes."""
    growing = builder()
    growing.add(chunk("> Queuing.\n"), 1.0)
    queued = Page(live_bundle(growing.snapshot())["text/html"])
    assert "progress" in queued.names
    assert ("progress", "value") not in [(name, key) for name, key, _ in queued.attributes]
    growing.add(chunk(f"> Generating..\n> Progress 61..[100]({URL})\n"), 1.0)
    generating = live_bundle(growing.snapshot())
    assert "data:image" not in generating["text/html"]
    assert ("progress", "value", "61") in Page(
        live_bundle(replace(growing.snapshot(), percent=61, images=()))["text/html"]
    ).attributes


def test_several_pictures_stand_side_by_side_and_then_the_summary() -> None:
    """In one output, in order, and on one sheet for readers that show one image."""
    one = whole()
    pictures, summary = final_bundles(replace(one, images=one.images * 4))
    assert pictures["text/html"].count("<img") == 4
    assert pictures["text/html"].index("1 of 4") < pictures["text/html"].index("4 of 4")
    assert pictures["text/plain"].count("[picture]") == 4
    sheet = Image.open(io.BytesIO(base64.b64decode(pictures["image/jpeg"])))
    assert sheet.size == (3 * 400 + 2 * 8, 2 * 400 + 8)
    assert "4 pictures" in summary["text/plain"]


def test_models_stand_side_by_side_each_with_its_own_end() -> None:
    """One output: a card each with pictures, error and usage of its own."""
    good = whole(usage=Usage(1, 2, 3))
    bad = finished("I cannot do that.", model="flux-kontext-pro")
    (bundle,) = final_bundles(good, bad)
    page = Page(bundle["text/html"])
    assert page.names.count("section") == 2
    assert page.names.count("img") == 1
    for text in (bundle["text/html"], bundle["text/plain"]):
        assert text.count("gpt-4o-image") == text.count("flux-kontext-pro") == 1
        assert "I cannot do that." in text
        assert "1 + 2 = 3 tokens" in text
    assert bundle["image/jpeg"] == final_bundles(good)[0]["image/jpeg"]


def test_a_frame_shows_what_has_ended_small_while_others_run() -> None:
    """A copy of a few kilobytes; each model with a stage of its own."""
    image = GeneratedImage.from_url(URL, "A cat").with_data(encoded(size=(1500, 1000)))
    bundle = live_bundle(replace(whole(), images=(image,)), builder("flux").snapshot())
    page = Page(bundle["text/html"])
    assert page.names.count("section") == 2
    assert page.names.count("progress") == 1
    assert "complete" in bundle["text/html"]
    assert "queued" in bundle["text/html"]
    assert bundle["text/plain"].splitlines() == ["gpt-4o-image: complete", "flux: queued"]
    (source,) = [value for name, key, value in page.attributes if (name, key) == ("img", "src")]
    small = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2])))
    assert max(small.size) == 320


def test_a_generation_displays_itself_whole() -> None:
    """In one bundle with its first picture; one that runs shows how far it is."""
    bundle = mimebundle(whole())
    assert {"text/html", "text/plain", "image/jpeg"} == set(bundle)
    assert whole()._repr_mimebundle_() == bundle
    running = builder().snapshot()
    assert "queued" in mimebundle(running)["text/plain"]
    assert "A tabby cat" in mimebundle(whole().images[0])["text/plain"]


def test_a_picture_without_bytes_shows_its_link() -> None:
    """With when it expires; what is shown of the link holds no signature."""
    image = GeneratedImage.from_url(URL, "A cat")
    html, text = mimebundle(image)["text/html"], mimebundle(image)["text/plain"]
    assert 'href="https://a.example/x.png?sig=secret' in html
    assert "2026-11-28" in html
    assert "sig=" not in text
    assert "<img" not in html


def test_a_video_is_played_from_its_file(tmp_path: Path) -> None:
    """By its relative path, with its poster; without a file there is the link."""
    poster = GeneratedImage.from_url(URL, "A boat").with_data(encoded())
    video = GeneratedVideo.from_url("https://a.example/v.mp4", "A boat", poster).with_data(MP4)
    saved = replace(video, data=None, path=Path("comet_images/a b.mp4").absolute())
    page = Page(mimebundle(saved)["text/html"])
    videos = {key: value for name, key, value in page.attributes if name == "video"}
    assert videos["src"] == "comet_images/a%20b.mp4"
    assert videos["poster"].startswith("data:image/jpeg")
    assert "controls" in videos
    gone = mimebundle(GeneratedVideo.from_url("https://a.example/v.mp4", "A boat"))["text/html"]
    assert "https://a.example/v.mp4" in gone
    assert str(tmp_path) not in gone


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
@pytest.mark.parametrize("where", ["answer", "revised", "error", "note", "model", "finish", "id"])
def test_hostile_text_is_shown_and_never_obeyed(text: str, where: str) -> None:
    """Wherever it stands there is no element, handler or address of its making."""
    generation = whole(usage=Usage(1, 2, 3))
    image = replace(generation.images[0], alt=text)
    changes: dict[str, dict[str, Any]] = {
        "answer": {"answer": text},
        "revised": {"revised_prompt": text, "images": (image,)},
        "error": {"status": Status.FAILED, "error": text},
        "note": {"notes": (text,)},
        "model": {"model": text},
        "finish": {"finish_reason": text},
        "id": {"id": text, "request_id": text, "parameters": {text: text}},
    }
    hostile = replace(generation, **changes[where])
    running = replace(hostile, status=Status.GENERATING, error=None)
    for html in (
        html_of(hostile),
        live_bundle(running)["text/html"],
        mimebundle(hostile)["text/html"],
    ):
        page = Page(html)
        assert not page.open
        assert not {"script", "style", "iframe", "svg", "object", "embed"} & set(page.names)
        for name, key, value in page.attributes:
            assert not key.startswith("on"), (name, key)
            if key in ("href", "src", "poster"):
                assert value.startswith(("https://", "http://", "mailto:", "data:image/jpeg"))
        assert "\x1b" not in html
        assert "\u202e" not in html
    assert "\x1b" not in text_of(hostile)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and `code`", "<strong>bold</strong> and <code>code</code>"),
        ("- one\n- two", "<li>one</li>"),
        ("| a |\n|---|\n| 1 |", '<td style="text-align:left">1</td>'),
        ("| a |\n|--:|\n| 1 |", '<td style="text-align:right">1</td>'),
        ("| a |\n|---|\n| " + 25 * "x" + " |", 'overflow-wrap:anywhere">xxx'),
        ("| a |\n|---|\n| 1<br>2<BR /> 3 |", "1<br />\n2<br />\n 3</td>"),
        ("`<br>` <br x>", "<code>&lt;br&gt;</code> &lt;br x&gt;"),
        ("| a |\n|---|\n| 1 |", '<table style="overflow-wrap:break-word">'),
        ("[x](https://a.example)", 'href="https://a.example"'),
        ("[x](mailto:a@b.example)", 'href="mailto:a@b.example"'),
        ("![alt](https://a.example/x.png)", ">alt</a>"),
        ("<b>raw</b>", "&lt;b&gt;raw&lt;/b&gt;"),
    ],
)
def test_markdown_is_rendered(text: str, html: str) -> None:
    """Links open in another tab; pictures become links, since a page must not call home."""
    assert html in markdown(text)
    assert "<img" not in markdown(text)


@pytest.mark.parametrize(
    "formula",
    [
        "$x$", "$5$", "$a*b*c$", r"$\{x\}$", "$ a_1 = b $", "$5 = x$", r"$\$5 + x$",
        r"\(E = mc^2\)", r"\(a*b*c\)", "\\[\n\\int_0^1 x\n\\]",
        "$$\na &= b \\\\\nc &= d\n$$",
    ],
)  # fmt: skip
def test_formulas_stay_as_they_are_written(formula: str) -> None:
    """The page sets them; Markdown has not taken backslashes or stars out of them."""
    assert f"so {escape(formula)}, it" in markdown(f"so {formula}, it")
    assert f"<strong>{escape(formula)}</strong>" in markdown(f"**{formula}**")
    assert escape(formula) in live_markdown(formula)


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 for one and $10 for two.", "$5-$10", "$5/$6", "5$ and 6$", "US$6, or 5$",
        r"\$5 and \$10", "$5\n$6", "$", "$$", "$ $", "Set $HOME and $PATH.",
        "[for $5](https://a.example) or $6", "[for $5](https://a.example/$x)", r"\[1\] and \[a\]",
        "**$5** or $6",
    ],
)  # fmt: skip
def test_amounts_in_an_answer_are_no_formula(text: str) -> None:
    """Each dollar is alone in an element, where the page finds no formula; links stay links."""
    html = markdown(text)
    outside = re.sub(r"<a [^>]*>", "", html)
    assert outside.count("$") == outside.count("<span>$</span>")
    assert "\\[" not in html
    assert ("<a " in html) == ("](" in text)


def test_entities_are_no_way_around_what_is_hidden() -> None:
    """Markdown makes characters of them: one that turns the text around is shown as unknown."""
    html = markdown("a&#x202e;b &#27;[31m &#8232; &amp; &copy;")
    assert html == "<p>a\ufffdb \ufffd[31m \ufffd &amp; ©</p>\n"


def test_long_texts_are_cut_for_the_page_and_said_so() -> None:
    """Five megabytes do not freeze the browser; while it grows only its end is shown."""
    shown = markdown("word " * 1_000_000)
    assert len(shown) < LONGEST * 2
    assert "of 5,000,000 characters" in shown
    assert len(live_markdown("word " * 1_000_000)) < 10_000


@pytest.mark.parametrize("quote", ["", "> "], ids=["plain", "quoted"])
@pytest.mark.parametrize("behind", [0, 1_000, 20_000])
def test_a_long_text_shows_no_bytes_while_it_grows(behind: int, quote: str) -> None:
    """A picture in lines can begin anywhere before the end; what is shown is the end as ever."""
    code = base64.b64encode(random.Random(1).randbytes(200_000)).decode()
    lines = [code[at : at + 76] for at in range(0, len(code), 76)]
    picture = f"\n{quote}".join(["", f"data:image/png;base64,{lines[0]}", *lines[1:]])
    text = f"{'word ' * 20_000}{picture}\n{'end ' * (behind // 4)}"
    shown = unescape(live_markdown(text))
    assert without_bytes(text)[-2_000:] in shown
    assert not any(line in shown for line in lines)


def test_a_text_is_cut_only_if_it_is_longer_than_a_page_holds() -> None:
    """One of that length is whole; while it grows one that is a little longer is plain text."""
    whole, growing = "**w** " * (LONGEST // 6) + "1234", "**w** " * (LONGEST_LIVE // 6)
    assert (len(whole), len(growing)) == (100_000, 12_000)
    assert "characters" not in markdown(whole)
    assert markdown(whole + "5").endswith(
        "1234</p>\n<p><em>The first 100,000 of 100,001 characters.</em></p>"
    )
    assert live_markdown(growing) == markdown(growing)
    assert live_markdown(growing + "x") == tag(
        "div", f"… {(growing + 'x')[-2_000:]}", style="white-space:pre-wrap"
    )


def test_html_is_made_of_escaped_parts() -> None:
    """Text is escaped, HTML is not escaped twice, and attributes cannot be broken out of."""
    assert tag("p", "<", Html("<b>"), title='"<') == '<p title="&quot;&lt;">&lt;<b></p>'
    assert tag("img", src="x", alt=None) == '<img src="x">'
    assert joined("a", None, "&") == "a&amp;"
    assert link("x", "javascript:x()") == "x"


def test_two_amounts_are_no_formula() -> None:
    """JupyterLab would set what stands between two dollar signs; it does not look across tags."""
    assert joined("$1 of $2 <") == "<span>$</span>1 of <span>$</span>2 &lt;"
    assert joined("about $1") == "about $1"


def test_moments_are_shown_with_their_zone() -> None:
    """A reader elsewhere knows what is meant."""
    assert "2026-11-22 00:00:00 +0000" in html_of(whole(started=datetime(2026, 11, 22, tzinfo=UTC)))


@pytest.mark.parametrize("text", ["![a cat](https://a.example)", "[a cat](https://a.example)"])
def test_links_in_an_answer_open_elsewhere(text: str) -> None:
    """Also those of pictures: the page fetches none."""
    html = markdown(text)
    assert 'href="https://a.example" target="_blank" rel="noopener noreferrer"' in html
    assert "text-decoration:underline" in html
    assert ">a cat</a>" in html
    assert "<img" not in html
    assert ">picture</a>" in markdown("![](https://a.example)")


def test_cells_of_a_table_stand_to_the_left() -> None:
    """Unless they say otherwise; a long word breaks where it must, a short one does not."""
    html = markdown(f"| a | b |\n|---|--:|\n| c | {'d' * 25} |\n| | e |")
    assert '<table style="overflow-wrap:break-word">' in html
    assert '<th style="text-align:left">a</th>' in html
    assert '<td style="text-align:left">c</td>' in html
    assert '<td style="text-align:right;min-width:9em;overflow-wrap:anywhere">ddd' in html
    assert '<td style="text-align:right">e</td>' in html
    broken = markdown("| a |\n|---|\n| b<br>c<BR/>d<b>e</b> |")
    assert re.search(r"b<br ?/?>\s*c<br ?/?>\s*d&lt;b&gt;e&lt;/b&gt;", broken)
