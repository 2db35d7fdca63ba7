"""Markdown in nbconvert's pages, made harmless once it is HTML.

The pages of formgrader and of ``nbgrader generate_feedback`` show what students wrote as Markdown,
and their templates clean no HTML there. So the filter that renders it cleans what it has rendered:
then it does not matter how a link or a tag was spelt.
"""

from __future__ import annotations

import html
import re
from typing import Any

import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.publishing.harmless_html import (
    ATTRIBUTES,
    PICTURE,
    TAGS,
    WITHOUT_CONTENT,
    is_laborious,
    outside_mathematics,
)

_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_BESIDE = re.compile(r"[^:?#\x00-\x1f\\]*(?:\?[^#\x00-\x1f]*)?")
_CLASS = re.compile(
    r"[a-z][a-z0-9]{0,2}|highlight|dataframe|alert(-[a-z]+)?|anchor-link|language-\w+"
)
_BOX = re.compile(
    r"<input class=\"task-list-item-checkbox\" type=\"checkbox\" disabled( checked)?/?>"
)
_PREFIX = "text-"


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "class":
            return " ".join(each for each in value.split() if _CLASS.fullmatch(each)) or None
        case "id" | "name":
            # The page's own elements are found by their ids.
            return _PREFIX + value
        case "href" if value.startswith("#"):
            return f"#{_PREFIX}{value[1:]}"
        case "href":
            return value if _ADDRESS.fullmatch(value) or _BESIDE.fullmatch(value) else None
        case "src":
            kinds = (PICTURE, _ADDRESS, _BESIDE)
            return value if any(kind.fullmatch(value) for kind in kinds) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(WITHOUT_CONTENT),
    attributes={
        **ATTRIBUTES,
        "a": {"href", "name", "title"},
        "img": ATTRIBUTES["img"] | {"title"},
        "*": {"class", "id"},
    },
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "data"},
    link_rel="noopener noreferrer nofollow",
)


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, which does not stop at a picture that is not there."""

    def _embed_image_or_attachment(self, src: str) -> str:
        name = src.removeprefix("attachment:")
        if name != src and not self.attachments.get(name):
            return ""
        address: str = super()._embed_image_or_attachment(src)
        return address


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """What nbconvert's pages render Markdown with, in place of its own filter of this name.

    Pictures that were pasted, or lie beside the notebook, are shown; so are links to pages. What
    would run, or be taken for a part of the page around it, is not there.

    Parameters
    ----------
    context : Context
        Of the template: it knows the cell, and what is attached to it.
    source : str
        Markdown.
    """
    cell: dict[str, Any] = context.get("cell") or {}
    renderer = _Renderer(escape=False, attachments=cell.get("attachments") or {})
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(source)
    except RecursionError:
        rendered = ""
    if not rendered or is_laborious(rendered):
        return f"<pre>{html.escape(source)}</pre>"
    cleaned: str = _CLEANER.clean(_BOX.sub(_as_text, rendered))
    return outside_mathematics(cleaned)


def _as_text(box: re.Match[str]) -> str:
    return "☑ " if box[1] else "☐ "
