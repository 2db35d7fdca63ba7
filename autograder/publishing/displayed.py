"""What a student's cells displayed, made harmless: nothing of it runs in a browser.

Of each output those representations stay that can be shown harmlessly, and whatever shows them
takes the richest. SVG, GIF and WebP become HTML with an image in it: some programs would put an SVG
drawing into their page as it is, and others do not know the formats.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from autograder.publishing.harmless import safe_markdown
from autograder.publishing.harmless_html import (
    more_than_mathematics,
    picture,
    safe_html,
    safe_svg,
)

Output = dict[str, Any]

_AS_THEY_ARE = ("image/png", "image/jpeg", "text/plain")
_LONGEST_MARKDOWN = 20_000
_LONGEST_JSON = 20_000
_NUMBER = re.compile(r"\bCell In\[\d+\], line\b")
_ANCHOR = re.compile(r'<a class="anchor-link" href="[^"]*">[^<]*</a>')


def safe_outputs(outputs: Iterable[Output]) -> list[Output]:
    """Outputs with nothing in them but text, pictures, formulas and clean HTML.

    Parameters
    ----------
    outputs : iterable of dict
        In nbformat's form, as `check_outputs` gives them.

    Returns
    -------
    list of dict
        The same without what cannot be shown harmlessly; of displays ``text/html``,
        ``text/latex``, ``image/png``, ``image/jpeg`` and ``text/plain`` are left.
    """
    safe = []
    for output in outputs:
        if "data" not in output:
            safe.append(output)
            continue
        data, sizes = output["data"], output.get("metadata", {})
        shown = _shown(data, sizes)
        if shown:
            kept = {kind: sizes[kind] for kind in _AS_THEY_ARE if kind in sizes and kind in shown}
            safe.append({**output, "data": shown, "metadata": kept})
    return safe


def without_numbers(traceback: Iterable[str]) -> list[str]:
    """A traceback that calls no cell by its number: the room counts otherwise than Jupyter does.

    Examples
    --------
    >>> without_numbers(["Cell In[16], line 1", "NameError: x"])
    ['Line 1', 'NameError: x']
    """
    return [_NUMBER.sub("Line", part) for part in traceback]


def _shown(data: dict[str, Any], sizes: dict[str, Any]) -> dict[str, str]:
    shown = {kind: data[kind] for kind in _AS_THEY_ARE if kind in data}
    if html := _html(data, sizes):
        shown["text/html"] = html
    if "text/latex" in data and not more_than_mathematics(data["text/latex"]):
        shown["text/latex"] = data["text/latex"]
    if not set(shown) <= {"text/plain"}:
        return shown
    # Markdown and LaTeX that are not shown as such can still be read.
    for kind in ("text/markdown", "text/latex"):
        if kind in data:
            return {"text/plain": data[kind]}
    if "application/json" in data:
        return {"text/plain": _indented(data["application/json"])}
    return shown


def _html(data: dict[str, Any], sizes: dict[str, Any]) -> str:
    """The first of the representations that are shown as HTML in which there is something."""
    if html := safe_html(data.get("text/html", "")):
        return html
    if html := safe_svg(data.get("image/svg+xml", "")):
        return html
    for kind in ("image/webp", "image/gif"):
        if kind in data:
            return picture(kind, data[kind], sizes.get(kind))
    if "text/markdown" in data and len(data["text/markdown"]) <= _LONGEST_MARKDOWN:
        return safe_html(_rendered(safe_markdown(data["text/markdown"])))
    return ""


def _rendered(markdown: str) -> str:
    # Hardly any cell displays Markdown, and nbconvert takes longer to import than a page to make.
    from nbconvert.filters import markdown2html

    try:
        html: str = markdown2html(markdown)
    except RecursionError:
        return ""
    return _ANCHOR.sub("", html)


def _indented(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return text if len(text) <= _LONGEST_JSON else f"{text[:_LONGEST_JSON]}\n[...]"
