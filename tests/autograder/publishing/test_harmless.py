"""Nothing that a student writes runs in a browser, and all of it can still be read."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from page_links import Links

from autograder.publishing.harmless import safe_markdown

AS_WRITTEN = [
    "a < b and b > c, x & y, R&D, &alpha;&nbsp;&lt;",
    "> quoted\n\n- [ ] a list\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "```python\nif a < b & c > d:\n    x <<= 1\n```",
    "$a < b$ and $$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$$",
    "[text](https://example.org/?a=1&b=2 'title') and https://example.org/a:b",
    "![picture](figure.png) ![](data:image/png;base64,iVBORw0KGgo=)",
    "[1]: https://example.org\n[a][1], [b](#section), [c](../data:/x)",
    "Training data: 100 images, metadata:x, ratio 1:2, 12:30, C:\\data",
    "H<sub>2</sub>O<br>x<sup>2</sup> <b><i>both</i></b> `<code>`</code>",
    '<a href="https://example.org/?a=1&amp;b=2">x</a> <img src="a.png" alt="A" width="300">',
    "<ul><li>one</li></ul>",
]
AS_TEXT = {
    "x<y": "x< y",
    "List<int> and </int>": "List< int> and < /int>",
    "<script>x</script>": "< script>x< /script>",
    "<SCRIPT\n>x": "< SCRIPT\n>x",
    "<!-- note --> <?x?> <![CDATA[x]]>": "< !-- note --> < ?x?> < ![CDATA[x]]>",
    "<img src=x onerror=alert(1)>": "< img src=x onerror=alert(1)>",
    '<b onclick="x">y</b>': '< b onclick="x">y< /b>',
    "<b>never closed": "< b>never closed",
    "closed twice</b>": "closed twice< /b>",
    "<b><i>crossed</b></i>": "<b>< i>crossed</b>< /i>",
    '<a href="javascript:x">y</a>': '< a href="javascript :x">y< /a>',
    '<a href="java&#115;cript:x">y</a>': '< a href="java &amp;#115;cript :x">y< /a>',
    '<a href="data:text/html,x">y</a>': '< a href="data :text/html,x">y< /a>',
    '<img alt="\n\n# onclick=x " src="y">': '< img alt="\n\n# onclick=x " src="y">',
    "<https://e.org/onclick=x>": "< https://e.org/onclick=x >",
    "[y](javascript:x)": "[y](javascript :x)",
    "[y](<JavaScript:x>)": "[y](< JavaScript :x>)",
    "[y](&#106;avascript:x)": "[y]( &amp;#106;avascript :x)",
    "[y](javascript&colon;x)": "[y](javascript &amp;colon;x)",
    "[y](java&Tab;script:x)": "[y](java &amp;Tab;script :x)",
    "[y](javascript\\:x)": "[y](javascript\\ :x)",
    "![y](attachment:y.png)": "![y](attachment :y.png)",
    "[y](vbscript:x)": "[y](vbscript :x)",
    "[y](data:text/html,x)": "[y](data :text/html,x)",
    "[y](data:image/svg+xml;base64,x)": "[y](data :image/svg+xml;base64,x)",
    "<javascript:x>": "< javascript :x>",
    "[y]\n\n[y]: javascript:x": "[y]\n\n[y]: javascript :x",
    "[y]\n\n[y]:javascript:x": "[y]\n\n[y] :javascript :x",
    "$\\href{javascript:x}{y}$": "$\\href{javascript :x}{y}$",
}
MUCH = ["<", "<b>", "</b>", "<ul><li>", "<a x='1' ", "&#106;", "a:", "javascript:", "[", "\\", "`"]


@pytest.mark.parametrize("source", AS_WRITTEN)
def test_what_is_harmless_stays_as_it_was_written(source):
    assert safe_markdown(source) == source


@pytest.mark.parametrize("source", AS_TEXT)
def test_what_is_not_becomes_text(source):
    assert safe_markdown(source) == AS_TEXT[source]
    assert Links(markdown2html(AS_TEXT[source])).harmful == []


@pytest.mark.parametrize("source", [source for source in AS_TEXT if "script:" in source])
def test_a_link_that_would_run_something_is_no_link(source):
    assert Links(markdown2html(safe_markdown(source))).links == []


def test_tags_are_written_the_short_way():
    assert safe_markdown("<br/><BR /><B>x</B>") == "<br><br><b>x</b>"


PIECES = [
    *AS_TEXT,
    *("javascript:alert(1)", "&#x6A;avascript:", "\\:", "&colon;", "&NewLine;", "\x01", "&amp;"),
    *("[x](", "[x]: ", "[x]", "](<", ")", ">", "<", "</", "<https://e.org/", "<a@b.c>", "![", "$"),
    *("onclick=alert(1) ", ' onerror="alert(1)" ', "<img src=x ", '<a href="', '"', "'", "`", "|"),
    *(
        "\n",
        "\n\n",
        "\n\n    ",
        "\n```mermaid\n",
        "\n```python\n",
        "\n```\n",
        "\n> ",
        "\n- ",
        "\n# ",
    ),
    *(
        "<ul>\n",
        "</ul>",
        "<b>",
        "</b>",
        "<pre>\n",
        "<!-- ",
        "-->",
        "<![CDATA[",
        "\n|a|b|\n|-|-|\n|",
    ),
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join))
@example("<ul>\n<https://e.org/onclick=alert(1)>")
@example('<ul>\n<img alt="\n\n# onclick=alert(1) \n\n" src="y">\n</ul>')
@example("```mermaid\n<img src=x onerror=alert(1)>\n```")
@example("<ul>\n<img src=x onerror=alert(1)//\n</ul>")
def test_nothing_runs_however_it_is_put_together(source):
    assert Links(markdown2html(safe_markdown(source))).harmful == []


@pytest.mark.parametrize("piece", MUCH)
def test_a_megabyte_of_markup_comes_to_an_end(piece):
    safe = safe_markdown(piece * (1_000_000 // len(piece)))
    assert not re.search("<[A-Za-z/!?]", safe)
