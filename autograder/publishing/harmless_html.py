"""HTML that a student's code displayed, made harmless: a modest set of tags, and nothing else."""

from __future__ import annotations

import base64
import html
import re
from collections import Counter
from xml.parsers import expat

import nh3

PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,4}%?")
_NUMBER = re.compile(r"-?[0-9]{1,4}")
_WORD = re.compile(r"[A-Za-z0-9]{1,10}")

TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup"}
    | {"dd", "del", "details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2"}
    | {"h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre"}
    | {"q", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var"}
)
# What is no text of the page, and would be seen as such once its tag is gone.
WITHOUT_CONTENT = frozenset(
    {"applet", "audio", "button", "canvas", "embed", "form", "frameset", "head", "iframe"}
    | {"math", "noembed", "noframes", "noscript", "object", "option", "script", "select"}
    | {"style", "svg", "template", "textarea", "title", "video", "xmp"}
)
_CELL = {"colspan", "rowspan", "align", "valign"}
ATTRIBUTES = {
    "a": {"href"},
    "col": {"span"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": _CELL,
    "th": _CELL,
}
_VALUES = {
    "href": _LINK,
    "src": PICTURE,
    "width": _LENGTH,
    "height": _LENGTH,
    "start": _NUMBER,
    "colspan": _NUMBER,
    "rowspan": _NUMBER,
    "span": _NUMBER,
    "align": _WORD,
    "valign": _WORD,
}


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    form = _VALUES.get(attribute)
    return value if form is None or form.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(WITHOUT_CONTENT),
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes={"table": {"dataframe"}},
    url_schemes={"http", "https", "mailto", "data"},
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"table": {"border": "1"}},
)
# A page is made of more classes than a display may name.
_PAGE_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(WITHOUT_CONTENT),
    attributes={**ATTRIBUTES, "*": {"class", "id"}, "table": {"border"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "data"},
    link_rel="noopener noreferrer nofollow",
)
_NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}
_XML_DECLARATION = re.compile(r"\A\s*+(?:<\?xml[^>]*+>\s*+)?+")
_SEEN = re.compile(r"<img |<hr>")
_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*+")*+)>')
_ALTERNATIVE = re.compile(r' alt="([^"]*+)"')
_TAG = re.compile(r"<[^>]*>")

_START_OR_END = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)")
_NEVER_OPEN = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link"}
    | {"meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr"}
    | {"track", "wbr"}
)
_MOST_STEPS = 2_000_000

# What a formula could do in a page but show mathematics: run, load, or dress up as the page.
_MORE_THAN_MATHEMATICS = re.compile(
    r"\\(?:href|url|style|class|cssId|data|bbox|require|includegraphics|mmlToken|html\w*|csname"
    r"|setOptions|action|texttip|mathtip|Tip|toggle|unicode)(?![A-Za-z])"
)


def safe_html(source: str) -> str:
    """HTML of a display with nothing in it that runs, loads, or looks like the page around it.

    Pictures stay if they are in it as data; of all others the alternative text stays. Inline SVG
    becomes a picture. Of style sheets nothing is left.

    Parameters
    ----------
    source : str
        HTML, as a student's code displayed it.

    Returns
    -------
    str
        Cleaned HTML; "" if there is nothing in it to be seen.

    Examples
    --------
    >>> safe_html("<style>td {color: red}</style><td onclick='x'>1</td><script>x</script>")
    '1'
    >>> safe_html("<a href='javascript:x'>a</a> <img src='https://example.org/x.png' alt='b'>")
    '<a rel="noopener noreferrer nofollow">a</a> [b]'
    """
    if is_laborious(source):
        return ""
    cleaned: str = _CLEANER.clean(_with_drawings_as_images(source))
    cleaned = _IMAGE.sub(_with_something_to_show, cleaned)
    if not _text(cleaned).strip() and not _SEEN.search(cleaned):
        return ""
    return outside_mathematics(cleaned)


def outside_mathematics(cleaned: str) -> str:
    """Clean HTML, out of MathJax's reach if a formula in it could do more than show mathematics."""
    if more_than_mathematics(_text(cleaned)):
        # Both generations of MathJax leave such an element alone.
        return f'<div class="tex2jax_ignore mathjax_ignore">{cleaned}</div>'
    return cleaned


def _text(cleaned: str) -> str:
    return html.unescape(_TAG.sub("", cleaned))


def is_laborious(source: str) -> bool:
    """Whether reading it would take long: at each tag a parser looks at all that are open."""
    open_now: Counter[str] = Counter()
    steps = depth = 0
    for tag in _START_OR_END.finditer(source):
        name = tag[2].lower()
        if tag[1]:
            depth -= bool(open_now[name])
            open_now[name] -= bool(open_now[name])
        elif name not in _NEVER_OPEN:
            depth += 1
            open_now[name] += 1
        steps += depth
        if steps > _MOST_STEPS:
            return True
    return False


def _with_drawings_as_images(source: str) -> str:
    """The same HTML with an image in place of each inline SVG drawing."""
    pieces = []
    lower = source.lower() if source.isascii() else source
    at = 0
    while (start := lower.find("<svg", at)) >= 0:
        end = lower.find("</svg>", start)
        if end < 0:
            break
        pieces += [source[at:start], safe_svg(source[start : end + len("</svg>")])]
        at = end + len("</svg>")
    return "".join([*pieces, source[at:]])


def _with_something_to_show(image: re.Match[str]) -> str:
    """The image, or its alternative text where its address was taken away."""
    if ' src="' in image[1]:
        return image[0]
    alternative = _ALTERNATIVE.search(image[1])
    return f"[{html.escape(html.unescape(alternative[1]))}]" if alternative else ""


def safe_svg(source: str, sizes: dict[str, int] | None = None) -> str:
    """An image that shows an SVG drawing; no script in it runs, and it loads nothing.

    Parameters
    ----------
    source : str
        SVG, as a student's code displayed it.
    sizes : dict, optional
        Width and height.

    Returns
    -------
    str
        An ``img`` element; "" if `source` is no SVG drawing.
    """
    drawing = _XML_DECLARATION.sub("", source, count=1)
    for name, namespace in _NAMESPACES.items():
        # In HTML a drawing needs none of them, and some programs leave them out elsewhere, too.
        if f"{name}=" not in drawing:
            drawing = drawing.replace("<svg", f'<svg {name}="{namespace}"', 1)
    if not _is_drawing(drawing):
        return ""
    text = base64.b64encode(drawing.encode()).decode("ascii")
    return picture("image/svg+xml", text, sizes)


def _is_drawing(source: str) -> bool:
    """Whether a browser can read it as SVG."""
    if "<!ENTITY" in source:
        return False
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def keep_the_first(name: str, _: object) -> None:
        if not names:
            names.append(name)

    parser.StartElementHandler = keep_the_first
    try:
        parser.Parse(source.encode(), True)
    except expat.ExpatError:
        return False
    return names == [f"{_NAMESPACES['xmlns']} svg"]


def picture(kind: str, text: str, sizes: dict[str, int] | None = None) -> str:
    """An image of base64 data, as an ``img`` element.

    Examples
    --------
    >>> picture("image/gif", "R0lG", {"width": 30})
    '<img src="data:image/gif;base64,R0lG" alt="a picture" width="30">'
    """
    sides = "".join(f' {side}="{number}"' for side, number in (sizes or {}).items())
    return f'<img src="data:{kind};base64,{text}" alt="a picture"{sides}>'


def more_than_mathematics(formula: str) -> bool:
    """Whether a formula could do more in a page than show mathematics.

    Examples
    --------
    >>> more_than_mathematics(r"\\frac{1}{2}"), more_than_mathematics(r"\\href{x}{y}")
    (False, True)
    """
    return bool(_MORE_THAN_MATHEMATICS.search(formula))


def clean_html(element: str | bytes) -> str:
    """What nbconvert's pages are cleaned with, in place of its own filter of this name.

    That one knows neither the head of a table nor a picture, and shows their tags as text.

    Parameters
    ----------
    element : str or bytes
        HTML.
    """
    text = element.decode() if isinstance(element, bytes) else str(element)
    if is_laborious(text):
        return html.escape(text)
    cleaned: str = _PAGE_CLEANER.clean(text)
    return cleaned
