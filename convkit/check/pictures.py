"""A picture of an answer, the expected one, and their difference."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convkit.check.general import close
from convkit.viz.grids import signed_fills
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import MUTED, SIGNED, Picture, get_role, style

_WIDEST_IN_NUMBERS = 10
_ROOM = 9.0


def difference_picture(yours: np.ndarray, expected: np.ndarray) -> Figure | None:
    """Draw an answer, the expected answer and, where the shapes agree, the difference.

    Of arrays with more than two dimensions the slice with the first difference is drawn.

    Parameters
    ----------
    yours, expected : ndarray
        The answers, with equally many dimensions.

    Returns
    -------
    Figure or None
        None where there is nothing to see: single numbers, empty arrays, more than 4 dimensions,
        or different shapes in more than 2.

    Examples
    --------
    >>> figure = difference_picture(np.array([[1.0, 5.0]]), np.array([[1.0, 2.0]]))
    >>> [ax.get_title() for ax in figure.axes]
    ['yours', 'expected', 'yours − expected']
    """
    same = yours.shape == expected.shape
    drawable = yours.ndim == expected.ndim and 1 <= expected.ndim <= 4
    if not drawable or 0 in (*yours.shape, *expected.shape) or not (same or expected.ndim <= 2):
        return None
    where = ""
    if expected.ndim > 2:
        yours, expected, where = _first_wrong_slice(yours, expected)
    with style():
        if max(*yours.shape, *expected.shape) > _WIDEST_IN_NUMBERS:
            many = _lines if expected.ndim == 1 else _images
            return many(yours, expected, where) if same else None
        return _grids(yours, expected, where)


def _first_wrong_slice(
    yours: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray, str]:
    """The image of one sample and one channel, and its place in words; channels are last."""
    first = np.argwhere(~close(yours, expected))[0]
    channel = int(first[-1])
    if expected.ndim == 3:
        return yours[..., channel], expected[..., channel], f"[:, :, {channel}]"
    sample = int(first[0])
    index = (sample, slice(None), slice(None), channel)
    return yours[index], expected[index], f"[{sample}, :, :, {channel}]"


def _grids(yours: np.ndarray, expected: np.ndarray, where: str) -> Figure:
    same = yours.shape == expected.shape
    notes = ("", "") if same else (f"shape {yours.shape}", f"shape {expected.shape}")
    panels = [
        Panel(yours, f"yours {where}".strip(), role="neutral", note=notes[0]),
        Panel(expected, f"expected {where}".strip(), role="output", note=notes[1]),
    ]
    if same:
        wrong = np.atleast_2d(~close(yours, expected))
        fills = np.ones((*wrong.shape, 3))
        fills[wrong] = to_rgb(get_role("kernel").fill)
        difference = np.atleast_2d(yours.astype(float) - expected)
        panels[0] = Panel(yours, panels[0].title, role="neutral", fills=fills)
        panels.append(
            Panel(
                difference,
                "yours − expected",
                role="neutral",
                fills=signed_fills(difference),
                hidden=~wrong,
            )
        )
    figure = Picture(figsize=(1, 1))
    widest = max(yours.shape[-1], expected.shape[-1])
    stacked = expected.ndim == 1
    rows = [[panel] for panel in panels] if stacked else [panels]
    cell = 0.5 if stacked else min(0.5, (_ROOM - 1.5) / (len(panels) * widest))
    place_rows(figure, rows, cell=cell)
    return figure


def _lines(yours: np.ndarray, expected: np.ndarray, where: str) -> Figure:
    figure = Picture(figsize=(_ROOM, 3.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    finite = np.where(np.isfinite(yours), yours, np.nan)
    kernel, output = get_role("kernel").line, get_role("output").line
    above.plot(expected, color=output, lw=5, alpha=0.45, label="expected")
    above.plot(finite, color=kernel, lw=1.8, ls="--", label="yours")
    above.legend(frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    above.set_title("yours and expected", loc="left")
    below.bar(range(len(expected)), finite - expected, color=kernel)
    below.axhline(0, color=MUTED, lw=0.8)
    below.set_title("yours − expected", loc="left")
    below.set_xlabel("index")
    return figure


def _images(yours: np.ndarray, expected: np.ndarray, where: str) -> Figure:
    height = 3.0 * min(2.0, expected.shape[0] / expected.shape[1]) + 0.6
    figure = Picture(figsize=(_ROOM, height), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    both = np.concatenate([yours[np.isfinite(yours)], expected[np.isfinite(expected)]])
    scale = {"vmin": both.min(), "vmax": both.max(), "cmap": "cividis"}
    shown = left.imshow(yours, **scale)
    middle.imshow(expected, **scale)
    figure.colorbar(shown, ax=[left, middle], shrink=0.8)
    difference = yours.astype(float) - expected
    reach = np.nanmax(np.abs(difference), initial=0.0) or 1.0
    shown = right.imshow(difference, cmap=SIGNED, vmin=-reach, vmax=reach)
    figure.colorbar(shown, ax=right, shrink=0.8)
    _title_images((left, middle, right), where)
    return figure


def _title_images(axes: tuple[Axes, Axes, Axes], where: str) -> None:
    titles = (f"yours {where}", f"expected {where}", "yours − expected")
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title.strip())
        ax.set_xticks([])
        ax.set_yticks([])
