"""Showing a report: a small block and a picture in a notebook, plain text elsewhere."""

from __future__ import annotations

import html
import sys

import numpy as np

from convkit.check.comparison import Difference
from convkit.check.reports import Report

_LOOKS = {
    "right": ("✓", "#00635a", "#e3f4f1"),
    "complete": ("●", "#00598c", "#e4eff7"),
    "wrong": ("✗", "#a84300", "#fdeee0"),
    "undone": ("…", "#4d5761", "#f0f2f4"),
}
_WORDS = {
    "right": "[right]",
    "complete": "[complete]",
    "wrong": "[not right yet]",
    "undone": "[to do]",
}


def show(report: Report) -> None:
    """Show a report where the student looks.

    Parameters
    ----------
    report : Report
        What `check` found.
    """
    if not in_notebook():
        print(as_text(report))
        return
    from IPython.display import display

    display({"text/html": as_html(report), "text/plain": as_text(report)}, raw=True)
    picture = _picture(report)
    if picture is not None:
        words = f"{report.name}: yours, expected and the difference"
        display({"image/png": picture, "text/plain": words}, raw=True)


def in_notebook() -> bool:
    """Whether this code runs in a Jupyter kernel, which can show HTML and pictures.

    Returns
    -------
    bool
        False in a terminal, in IPython without a kernel and in a script.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def as_text(report: Report) -> str:
    """A report as plain text.

    Parameters
    ----------
    report : Report
        What `check` found.

    Returns
    -------
    str
        One or more lines.

    Examples
    --------
    >>> print(as_text(Report("conv2d", "undone", "not done yet.")))
    [to do] conv2d: not done yet.
    """
    lines = [f"{_WORDS[report.state]} {report.name}: {report.says}"]
    if report.call:
        lines += report.call
    if report.remark:
        lines.append(f"Note: {report.remark}")
    return "\n    ".join("\n".join(lines).split("\n"))


def as_html(report: Report) -> str:
    """A report as a block of HTML. Its own colours keep it readable in a dark theme.

    Parameters
    ----------
    report : Report
        What `check` found.

    Returns
    -------
    str
        A ``div``.
    """
    sign, strong, light = _LOOKS[report.state]
    box = (
        f"border-left:5px solid {strong};background:{light};color:#1b1f24;"
        "padding:8px 14px;margin:2px 0;font-family:sans-serif;font-size:14px;line-height:1.45;"
        "max-width:52em"
    )
    says = html.escape(report.says).replace("\n", "<br>")
    parts = [
        f'<b style="color:{strong};font-size:17px">{sign}</b> '
        f"<b>{html.escape(report.name)}</b>: {says}"
    ]
    if report.call:
        lines = html.escape("\n".join(report.call))
        pre = (
            "background:transparent;color:#1b1f24;margin:6px 0 0 0;font-size:13px;line-height:1.35"
        )
        parts.append(f'<pre style="{pre}">{lines}</pre>')
    if report.remark:
        parts.append(f'<div style="margin-top:4px"><b>Note:</b> {html.escape(report.remark)}</div>')
    return f'<div style="{box}">{"".join(parts)}</div>'


def _picture(report: Report) -> bytes | None:
    """The picture of the difference as a PNG file, where there is one to draw."""
    difference = report.difference
    if difference is None or not _is_drawable(difference):
        return None
    from convkit.check.pictures import difference_picture
    from convkit.viz.player import png_bytes

    figure = difference_picture(difference.answer, difference.expected)
    return None if figure is None else png_bytes(figure, dpi=80)


def _is_drawable(difference: Difference) -> bool:
    arrays = (difference.answer, difference.expected)
    return all(isinstance(array, np.ndarray) and array.dtype.kind in "iuf" for array in arrays)
