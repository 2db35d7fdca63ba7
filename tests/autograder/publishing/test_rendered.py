"""Markdown in nbconvert's pages: all of it can be read, and nothing of it runs."""

from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from nbconvert import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from page_links import Links
from traitlets.config import Config

from autograder.publishing.rendered import markdown2html
from autograder.settings import lock

PNG = "iVBORw0KGgo="
ACTIVE = [
    "[y](javascript:alert(1))",
    "[y](<JavaScript:alert(1)>)",
    "[y](&#106;avascript:alert(1))",
    "[y](java&Tab;script:alert(1))",
    "[y][r]\n\n[r]: javascript:alert(1)",
    "[r]\n\n[r]: <vbscript:alert(1)>",
    "<javascript:alert(1)>",
    "[y](data:text/html;base64,PHNjcmlwdD4=)",
    "[y][r]\n\n[r]: data:text/html,x",
    "<data:text/html;base64,PHNjcmlwdD4=>",
    "![y](data:text/html,x)",
    "![y](javascript:alert(1))",
    "[y](data:image/svg+xml;base64,PHN2Zz4=)",
    '<a href="javascript:alert(1)">y</a>',
    '<a href="java\nscript:alert(1)">y</a>',
    '<a href=" data:text/html,x">y</a>',
    '<a xlink:href="javascript:alert(1)" href="x" ping="https://e.org">y</a>',
    "<img src=x onerror=alert(1)>",
    '<b style="position:fixed;top:0">y</b><style>b {color: red}</style>',
    "<script>alert(1)</script>",
    "<ul>\n<script>alert(1)</script>\n</ul>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<svg onload=alert(1)><a href='javascript:x'>y</a></svg>",
    "<math href='javascript:x'>y</math>",
    "<form action='javascript:x'><button formaction='javascript:x'>y</button></form>",
    "<object data='javascript:x'></object><embed src='javascript:x'><base href='//e.org'>",
    '<meta http-equiv="refresh" content="0;url=javascript:x"><link rel=stylesheet href=//e.org>',
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
]


def rendered(source, **cell):
    environment = Environment()
    environment.filters["markdown2html"] = markdown2html
    return environment.from_string("{{ source | markdown2html }}").render(source=source, cell=cell)


@pytest.mark.parametrize("source", ACTIVE)
def test_nothing_runs(source):
    links = Links(rendered(source), pictures="png|jpeg|gif|webp|svg")
    assert links.harmful == []
    assert not [link for link in links.links if link.startswith(("java", "vb", "data:"))]


PIECES = [*ACTIVE, "\n", "\n\n", "> ", "- ", "<ul>\n", "</ul>", "`", "$", "<", '"', "[", "](", ")"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join))
def test_nothing_runs_however_it_is_put_together(source):
    assert Links(rendered(source), pictures="png|jpeg|gif|webp|svg").harmful == []


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("[y](https://e.org/?a=1&b=2)", 'href="https://e.org/?a=1&amp;b=2"'),
        ("[y](notes/a.pdf)", 'href="notes/a.pdf"'),
        ("<me@e.org>", 'href="mailto:me@e.org"'),
        ("![y](figure.png)", 'src="figure.png"'),
        ("![y](https://e.org/a.png)", 'src="https://e.org/a.png"'),
        ('<img src="a.png" width="300">', 'src="a.png" width="300"'),
        ("$a < b$ and $$\\frac{1}{2}$$", "$a &lt; b$ and $$\\frac{1}{2}$$"),
        ("- [x] done\n- [ ] not", "☑ done"),
        ("|a|\n|-|\n|1|", "<th>a</th>"),
        ("```python\ndef f(): pass\n```", '<span class="k">def</span>'),
        ('<div class="alert alert-info">note</div>', '<div class="alert alert-info">note'),
        ("x<y and a&b", "x&lt;y and a&amp;b"),
    ],
)
def test_what_is_harmless_is_shown(source, shown):
    assert shown in rendered(source)


def test_links_within_the_page_still_lead_to_its_headings():
    page = rendered("# Why not\n\n[up](#Why-not)")
    assert 'id="text-Why-not"' in page
    assert 'href="#text-Why-not"' in page


def test_a_pasted_picture_is_shown():
    attachments = {"p.png": {"image/png": PNG}}
    source = "![p](attachment:p.png) ![q](attachment:none.png) end"
    page = rendered(source, attachments=attachments)
    assert f'src="data:image/png;base64,{PNG}"' in page
    assert "end" in page


def test_nothing_is_taken_for_a_part_of_the_page():
    page = rendered('# why\n\n<p id="why" class="score comment tabbable" name="why">x</p>')
    assert 'id="why"' not in page
    assert "score" not in page
    assert "tabbable" not in page


def test_a_formula_that_does_more_is_left_as_text():
    assert rendered("$\\href{javascript:alert(1)}{x}$").startswith('<div class="tex2jax_ignore')


@pytest.mark.parametrize(
    "piece", ["<", "<b>", "<ul><li>", "[", "> ", "![", "$", "|a", "<p><b x=1>"]
)
def test_much_of_it_comes_to_an_end(piece):
    assert "<script" not in rendered(piece * (20_000 // len(piece)))


def page_body(template, source, raw):
    """The page that formgrader or generate_feedback makes of an answer and a raw cell."""
    config = Config()
    lock(config)
    flags = {"grade_id": "why", "grade": True, "solution": True, "points": 2, "score": 1}
    cell = nbformat.v4.new_markdown_cell(source, metadata={"nbgrader": flags})
    cell.attachments = {"p.png": {"image/png": PNG}}
    config.HTMLExporter.template_name = template
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    styles = Path(handlers.static_path, "node_modules", "bootstrap", "dist", "css")
    config.HTMLExporter.extra_template_paths = [str(styles)]
    resources = {"nbgrader": {"notebook": "hw", "score": 1, "max_score": 2, "late_penalty": 0}}
    resources |= {"index": 0, "total": 1}
    notebook = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_raw_cell(raw)])
    page, _ = HTMLExporter(config=config).from_notebook_node(notebook, resources)
    return page[page.index('id="notebook-container"') :]


@pytest.mark.parametrize("template", ["formgrade", "feedback"])
def test_nbgraders_own_pages_are_made_with_it(template):
    source = "\n\n".join([*ACTIVE, "![p](attachment:p.png)"])
    body = page_body(template, source, "<img src=x onerror=alert(1)>")
    # The template has styles of its own.
    assert Links(body, pictures="png|svg").harmful == Links(page_body(template, "", "")).harmful
    assert f"data:image/png;base64,{PNG}" in body
