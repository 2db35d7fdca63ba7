"""What students' cells display reaches whoever reads it, and nothing of it runs or loads."""

import base64
import re
import time
import xml.etree.ElementTree as ET

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbconvert import HTMLExporter
from page_links import Links
from traitlets.config import Config

from autograder.publishing.displayed import safe_outputs
from autograder.publishing.harmless_html import clean_html, safe_html, safe_svg
from autograder.settings import lock

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30"><rect width="9"/></svg>'
SCRIPT = "<script>alert(1)</script>"
PANDAS = """<div>
<style scoped>
    .dataframe tbody tr th { vertical-align: top; }
</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;"><th></th><th>a</th></tr>
  </thead>
  <tbody>
    <tr><th>0</th><td>1</td></tr>
  </tbody>
</table>
</div>"""


def display(**data):
    named = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {}}


def shown(**data):
    """What is left of one display."""
    outputs = safe_outputs([display(**data)])
    return outputs[0]["data"] if outputs else {}


def drawing(html):
    """The SVG drawing in an image."""
    (text,) = re.findall('<img src="data:image/svg\\+xml;base64,([^"]*)"', html)
    return base64.b64decode(text).decode()


def test_outputs_are_text_and_pictures():
    text = {"output_type": "stream", "name": "stdout", "text": "<script>"}
    shown = {"output_type": "display_data", "data": {"image/png": "iVBO"}, "metadata": {}}
    more = {"text/html": "<script>", "image/svg+xml": "<svg>", "application/javascript": "x"}
    only_html = {**shown, "data": more}
    both = {**shown, "data": more | shown["data"], "metadata": {"text/html": {"isolated": True}}}
    assert safe_outputs([text, only_html, both]) == [text, shown]


def test_a_table_stays_and_its_style_sheet_leaves_no_text():
    html = shown(text_html=PANDAS, text_plain="a\n0 1")["text/html"]
    assert "vertical-align" not in html
    for part in ('class="dataframe" border="1">', "<thead>", "<th>a</th>", "<td>1</td>"):
        assert part in html


HTML = {
    "events": ("<b onclick='x'>y</b>", "<b>y</b>"),
    "identifiers and classes of the page": ("<b id='score' class='btn'>y</b>", "<b>y</b>"),
    "own styles": ("<b style='position: fixed'>y</b>", "<b>y</b>"),
    "forms": ("<form><input name='x'></form><button>z</button>y", "y"),
    "frames": ("<iframe src='https://e.org'></iframe>y", "y"),
    "a picture from elsewhere": ("<img src='https://e.org/x.png' alt='<i>'>", "[&lt;i&gt;]"),
    "a picture from the same place": ("<img src='x.png' alt='y'>z", "[y]z"),
    "a picture as data": (
        "<img src='data:image/png;base64,iVBO' width='30'>",
        '<img src="data:image/png;base64,iVBO" width="30">',
    ),
    "markup as a picture": ("<img src='data:text/html,x'>y", "y"),
    "links that run": ("<a href='javascript:x'>y</a>", '<a rel="REL">y</a>'),
    "links to the same place": ("<a href='/formgrader'>y</a>", '<a rel="REL">y</a>'),
    "links to pages": ("<a href='https://e.org'>y</a>", '<a href="https://e.org" rel="REL">y</a>'),
    "comments": ("<!-- x -->y", "y"),
    "nothing": (SCRIPT, ""),
    "nothing but space": ("<div> &nbsp;</div>", ""),
    "unfinished tags": ("y<b", "y"),
    "mathematics": ("$\\frac{1}{2}$", "$\\frac{1}{2}$"),
    "more than mathematics": (
        "$\\href{x}{y}$",
        '<div class="tex2jax_ignore mathjax_ignore">$\\href{x}{y}$</div>',
    ),
    "mathematics in pieces": (
        "$\\hr<!-- -->ef{x}{y}$",
        '<div class="tex2jax_ignore mathjax_ignore">$\\href{x}{y}$</div>',
    ),
}


@pytest.mark.parametrize(("source", "cleaned"), HTML.values(), ids=HTML)
def test_html_is_made_harmless(source, cleaned):
    assert safe_html(source) == cleaned.replace("REL", "noopener noreferrer nofollow")


def test_svg_is_shown_as_an_image_and_never_inline():
    html = shown(**{"image_svg+xml": SVG}, text_plain="x")["text/html"]
    assert drawing(html).endswith('<rect width="9"/></svg>')
    inline = safe_html(f"<p>before</p>{SVG}<p>after</p><svg><script>x</script></svg>")
    assert inline.count("<img src=") == 2
    assert "<svg" not in inline
    assert "script" not in inline


DRAWINGS = {
    "a declaration, a type and a comment": "<?xml version='1.0' encoding='latin-1'?>\n<!DOCTYPE "
    f"svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/x.dtd'>\n<!-- ä -->\n{SVG}",
    "no namespace": "<svg width='3'><rect/></svg>",
    "a single tag": "<svg/>",
    "a prefix without its namespace": "<svg><a xlink:href='x'/></svg>",
}


@pytest.mark.parametrize("source", DRAWINGS.values(), ids=DRAWINGS)
def test_any_drawing_is_one_that_an_image_can_show(source):
    root = ET.fromstring(drawing(safe_svg(source)).encode())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x",
        SCRIPT,
        "<svg",
        "<svg>",
        f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{SVG}",
        f"x{SVG}",
        "<svgx/>",
        "<svg a=1/>",
    ],
)
def test_what_is_no_drawing_is_not_shown_as_one(source):
    assert shown(**{"image_svg+xml": source}) == {}


def test_pictures_of_every_format_are_shown_at_their_size():
    for kind in ("image/png", "image/jpeg"):
        output = {**display(), "data": {kind: "AAAA"}, "metadata": {kind: {"width": 3}}}
        assert safe_outputs([output]) == [output]
    for kind in ("image/gif", "image/webp"):
        output = {**display(), "data": {kind: "AAAA"}, "metadata": {kind: {"width": 3}}}
        (safe,) = safe_outputs([output])
        html = f'<img src="data:{kind};base64,AAAA" alt="a picture" width="3">'
        assert (safe["data"], safe["metadata"]) == ({"text/html": html}, {})


def test_markdown_is_rendered_and_cleaned():
    source = "# T\n\n*a* [b](javascript:x) ![c](https://e.org/c.png)\n\n|d|\n|-|\n|1|\n\n" + SCRIPT
    html = shown(text_markdown=source)["text/html"]
    for part in ("<h1>T</h1>", "<em>a</em>", "[c]", "<td>1</td>", "&lt; script"):
        assert part in html
    assert Links(html).harmful == []
    assert "e.org" not in html


def test_latex_stays_unless_it_could_do_more_than_show_mathematics():
    assert shown(text_latex="$x$", text_plain="x") == {"text/latex": "$x$", "text/plain": "x"}
    for risk in ("\\href{javascript:x}{y}", "\\style{background: url(//e.org)}{x}", "\\require{x}"):
        assert shown(text_latex=risk, text_plain="x") == {"text/plain": risk}


def test_json_is_shown_as_text():
    output = {**display(), "data": {"application/json": {"a": [1]}, "text/plain": "<JSON>"}}
    assert safe_outputs([output])[0]["data"] == {"text/plain": '{\n  "a": [\n    1\n  ]\n}'}
    output["data"]["application/json"] = list(range(20_000))
    assert 20_000 < len(safe_outputs([output])[0]["data"]["text/plain"]) < 20_100


def test_a_result_keeps_its_text_beside_what_is_richer():
    assert shown(text_html="<b>0.5</b>", text_plain="0.5")["text/plain"] == "0.5"


PIECES = [
    *("<img alt='", "<img src=", "<script>' alt='"),
    *(SCRIPT, SVG, PANDAS, "<svg>", "</svg>", "<svg><style>", "<math><mtext>", "<template>"),
    *("<img src=x onerror=alert(1)>", "<img src='data:image/svg+xml;base64,", "<a href='", "'"),
    *("javascript:alert(1)", "&#x6A;avascript:", "onclick=alert(1) ", '"', ">", "<", "</", "/"),
    *("<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<noscript>", "<p title='", "\n"),
    *("<table>", "<td>", "<b>", "</b>", "<textarea>", "</textarea>", "<title>", "<x-y ", "$", "\\"),
    *(
        "# ",
        "```mermaid\n",
        "```\n",
        "[x](",
        ")",
        "[y]: ",
        "![",
        "]",
        "> ",
        "`",
        "&lt;",
        "|a|\n|-|",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
@example("<svg><p title='</svg><script>alert(1)</script>'>")
@example("<svg></svg><p title='<svg></svg>'><img src=x onerror=alert(1)>'>")
@example("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>")
@example("<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=x>'>")
def test_nothing_runs_or_loads_however_it_is_put_together(source):
    kinds = ("text_html", "text_markdown", "text_latex", "image_svg+xml", "text_plain")
    for kind in kinds:
        data = shown(**{kind: source})
        assert set(data) <= {"text/html", "text/latex", "text/plain"}
        html = data.get("text/html", "")
        for cleaned in (html, clean_html(html), clean_html(source)):
            links = Links(cleaned, pictures="png|jpeg|gif|webp|svg\\+xml")
            assert links.harmful == []
            assert all(re.match("data:image/|https?://|mailto:", link) for link in links.links)


MUCH = [
    *("<", "<b>", "</b>", "<ul><li>", "<a x='1' ", "<div>", "<table>", "<p><b x=1>", "&#106;"),
    *("<svg ", "<svg></svg>", "<!--", "<!-- -->", "<b a=1><p>", "[", "> ", "- ", "![", "$", "|a"),
]


@pytest.mark.parametrize("piece", MUCH)
def test_a_megabyte_of_markup_comes_to_an_end(piece):
    source = piece * (1_000_000 // len(piece))
    start = time.process_time()
    shown(text_html=source, text_markdown=source[:20_000], **{"image_svg+xml": source + SVG})
    clean_html(source)
    assert time.process_time() - start < 20


def page(outputs):
    """The page that nbconvert makes of a cell with these outputs, as nbgrader's are made."""
    config = Config()
    lock(config)
    cell = nbformat.v4.new_code_cell("a < b", outputs=[nbformat.from_dict(o) for o in outputs])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    exporter = HTMLExporter(config=config, template_name="classic")
    body, _ = exporter.from_notebook_node(notebook)
    return body[body.index("<body") :]


def test_nbgraders_pages_show_all_of_it():
    svg = {"image_svg+xml": SVG}
    outputs = [display(text_html=PANDAS), display(**svg), display(text_markdown="# Head\n\n*x*")]
    outputs += [display(text_latex="$x < y$"), display(image_gif="R0lGODlh")]
    outputs += [display(**{"application_json": {"key": 1}})]
    body = page(safe_outputs(outputs))
    for part in ("<thead>", "<th>a</th>", "image/svg+xml;base64", "<h1>Head</h1>", "<em>x</em>"):
        assert part in body
    for part in ("$x &lt; y$", "image/gif;base64", '"key": 1', 'class="dataframe"'):
        assert part in body.replace("&quot;", '"').replace("&#34;", '"')
    assert "&lt;t" not in body
    assert 'class="highlight' in body


def test_nbgraders_pages_run_nothing_even_of_what_was_not_cleaned():
    body = page([display(text_html=f"{SCRIPT}<b onclick='x'>y</b>"), display(text_markdown=SCRIPT)])
    assert "alert(1)" not in body
    assert Links(body[: body.index("</main>")]).harmful == []
