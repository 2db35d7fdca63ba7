"""How nbgrader's own feedback pages look, which students of other courses get."""

from __future__ import annotations

from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from traitlets import Bool

STYLE = """
img, svg { max-width: 100%; height: auto; }
.rendered_html table th, .rendered_html table td,
.text_cell_render table th, .text_cell_render table td {
  border: 1px solid #ccc; padding: 0.2em 0.6em;
}
.panel-heading, div.nbgrader_cell .panel-heading { height: auto !important; overflow: hidden; }
.panel-body, .nbgrader_cell pre { clear: both; overflow-x: auto; }
@media (max-width: 700px) {
  body { padding-left: 0; padding-right: 0; }
  #notebook-container, .panel-body { padding-left: 8px; padding-right: 8px; }
}
"""


class PageStyle(Preprocessor):
    """Has tables drawn with lines, and keeps figures and headings within a narrow page.

    It comes after nbconvert's `CSSHTMLHeaderPreprocessor`, which would throw its style away.
    """

    enabled = Bool(True).tag(config=True)

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        resources.setdefault("inlining", {}).setdefault("css", []).append(STYLE)
        return nb, resources
