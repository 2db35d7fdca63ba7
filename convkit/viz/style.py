"""One visual language for every picture of the course: what a thing does decides its colour.

The colours are those of Okabe and Ito [1]_, which people with any common form of colour blindness
tell apart.  Fills are light and numbers on them are dark, so that a picture can be read from the
last row of a lecture hall and after printing in grey.

References
----------
.. [1] M. Okabe and K. Ito, "Color Universal Design (CUD): How to make figures and presentations
   that are friendly to colorblind people", 2008. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure

INK = "#1b1f24"
"""Colour of numbers and titles."""

MUTED = "#5c6670"
"""Colour of remarks, axes and index labels."""


@dataclass(frozen=True)
class Role:
    """The colours of one kind of array.

    Attributes
    ----------
    line : str
        Strong colour, for outlines and lines.
    fill : str
        Light colour, for the cell behind a number.

    Examples
    --------
    >>> ROLES["kernel"].line != ROLES["input"].line
    True
    """

    name: str
    line: str
    fill: str

    @property
    def cmap(self) -> Colormap:
        """Colormap from white to the role's strong colour, for arrays too large for numbers."""
        return LinearSegmentedColormap.from_list(f"convkit_{self.name}", ["#ffffff", self.line])


ROLES = {
    role.name: role
    for role in (
        Role("input", line="#0072b2", fill="#dcecf8"),
        Role("kernel", line="#d55e00", fill="#ffe3c2"),
        Role("output", line="#00795c", fill="#d2f0e4"),
        Role("gradient", line="#a8437f", fill="#f8dfee"),
        Role("padding", line="#8a939c", fill="#eceff2"),
        Role("neutral", line="#5c6670", fill="#ffffff"),
    )
}

SIGNED = LinearSegmentedColormap.from_list(
    "convkit_signed", ["#8f3b00", "#d55e00", "#ffffff", "#0072b2", "#003f66"]
)
"""Diverging colormap: orange below zero, white at zero, blue above."""

_RC: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 12.0,
    "axes.titlesize": 13.0,
    "axes.labelsize": 12.0,
    "xtick.labelsize": 11.0,
    "ytick.labelsize": 11.0,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "figure.facecolor": "#ffffff",
    "axes.facecolor": "#ffffff",
    "savefig.facecolor": "#ffffff",
    "figure.dpi": 100.0,
    "image.interpolation": "nearest",
    "mathtext.fontset": "dejavusans",
}


class Picture(Figure):
    """A matplotlib Figure that a notebook shows even if `matplotlib.pyplot` is never imported.

    It is not registered with pyplot.  So it is shown once, where the cell returns it or passes it
    to ``display``, and it is freed with the last reference to it.

    Examples
    --------
    >>> picture = Picture(figsize=(2, 1))
    >>> picture._repr_png_()[1:4]
    b'PNG'
    """

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=100)
        return buffer.getvalue()


def get_role(name: str) -> Role:
    """The colours of a kind of array.

    Parameters
    ----------
    name : {"input", "kernel", "output", "gradient", "padding", "neutral"}
        What the array is.

    Returns
    -------
    Role
        Its colours.

    Raises
    ------
    ValueError
        If there is no such role.

    Examples
    --------
    >>> get_role("kernel").line
    '#d55e00'
    """
    if name not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}; not {name!r}")
    return ROLES[name]


@contextmanager
def style(**overrides: Any) -> Iterator[None]:
    """Draw in the style of the course inside a ``with`` block.

    Parameters
    ----------
    **overrides
        Further matplotlib settings, with the first underscore for the dot (``font_size=10``).

    Yields
    ------
    None
        The settings are as they were before when the block ends.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> before = mpl.rcParams["font.size"]
    >>> with style(font_size=20):
    ...     mpl.rcParams["font.size"]
    20.0
    >>> mpl.rcParams["font.size"] == before
    True
    """
    changes = {key.replace("_", ".", 1): value for key, value in overrides.items()}
    settings: Any = _RC | changes
    with mpl.rc_context(settings):
        yield
