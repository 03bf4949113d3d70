"""Outputs where HTML is cut down, as GitHub and mail programs do, or of no use, as in LaTeX."""

import asyncio
from importlib import import_module
from typing import Any

import comet_magic as comet
from comet_magic.demo import DemoServer
from comet_magic.kernel.session import Session
from comet_magic.render import final_bundles, mimebundle

bleach: Any = import_module("bleach")  # comes with nbconvert
nbconvert: Any = import_module("nbconvert")
nbformat: Any = import_module("nbformat")
_TAGS = "a br code details div em figcaption figure img li p pre s span strong summary table"
_MORE = "blockquote h1 h2 h3 ol section tbody td th thead tr ul"
_ATTRIBUTES = {"*": ["alt", "height", "href", "open", "src", "title", "width"]}


def sanitised(html: str) -> str:
    """What is left."""
    tags = {*_TAGS.split(), *_MORE.split()}
    kept = bleach.clean(html, tags, _ATTRIBUTES, protocols=["data", "http", "https"], strip=True)
    return str(kept)


def test_nothing_that_matters_is_a_matter_of_style(
    demo: DemoServer, fresh_session: Session
) -> None:
    """Picture, alt text and caption are left, and what a margin kept apart is still apart."""
    generation = comet.generate("A red boat", base_url=demo.base_url)
    html = sanitised(mimebundle(generation)["text/html"])
    assert 'src="data:image/' in html
    assert 'alt="A red boat' in html
    assert html.count("A red boat") >= 2
    assert "complete</strong> · gpt-4o-image" in html
    assert 'style="' not in html
    labelled = sanitised(mimebundle(asyncio.run(_demo()))["text/html"])
    assert "gpt-4o-mini <span" in labelled


def test_latex_has_the_picture_and_the_texts(demo: DemoServer, fresh_session: Session) -> None:
    """Two pictures are one image, a sheet; the summary is text."""
    generation = comet.generate("A red boat", n=2, base_url=demo.base_url)
    outputs = [
        nbformat.v4.new_output("display_data", data=bundle) for bundle in final_bundles(generation)
    ]
    cell = nbformat.v4.new_code_cell("%%comet", outputs=outputs)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    latex, resources = nbconvert.LatexExporter().from_notebook_node(notebook)
    assert list(resources["outputs"]) == ["output_0_0.jpg"]
    assert "{output_0_0.jpg}" in latex
    assert "gpt-4o-image" in latex
    assert "tokens" in latex


async def _demo() -> comet.Generation:
    return await comet.agenerate("Hi", model="gpt-4o-mini")
