"""Bells, points that become blobs, and where on a canvas they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from convkit.signals import gaussian_kernel, impulses
from convkit.viz.grids import LARGEST_WITH_NUMBERS, Window, cell_text
from convkit.viz.player import Steps
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import INK, MUTED, Picture, get_role, style

Points = Iterable[Sequence[SupportsIndex]]

_WIDEST_BELL = 61
_DARKEST = 0.45
"""Share of a role's strong colour behind the largest number; more would hide the number."""


def bell_profile(size: int, std: float) -> Figure:
    """Show a Gaussian bell in one dimension, and the pixels that a kernel takes from it.

    Parameters
    ----------
    size : int
        Number of pixels.
    std : float
        Standard deviation in pixels.

    Returns
    -------
    Figure
        The curve, a stem at each pixel, and the heights at one, two and three standard deviations.

    Raises
    ------
    ValueError
        If `size` is not between 1 and 61, or `std` not positive.

    Examples
    --------
    >>> picture = bell_profile(13, std=2)
    >>> [text.get_text() for text in picture.axes[0].texts]
    ['1 std: 0.607', '2 std: 0.135', '3 std: 0.011']
    """
    if not 1 <= size <= _WIDEST_BELL:
        raise ValueError(f"size must be from 1 to {_WIDEST_BELL}, not {size}")
    heights = gaussian_kernel((1, size), std)[0]
    centre = (size - 1) / 2
    reach = max(size / 2, 3.4 * std)
    places = np.linspace(centre - reach, centre + reach, 401)
    kernel = get_role("kernel")
    with style():
        figure = Picture(figsize=(8.0, 3.1))
        ax = figure.add_axes((0.075, 0.2, 0.9, 0.74))
        curve = np.exp(-((places - centre) ** 2) / (2 * std**2))
        ax.plot(places, curve, color=MUTED, lw=1.6, zorder=2, gid="curve")
        ax.vlines(range(size), 0, heights, color=kernel.line, lw=3, zorder=3)
        ax.plot(range(size), heights, "o", color=kernel.line, ms=8, zorder=4, gid="pixels")
        ax.axvline(centre, color=MUTED, lw=1.2, ls=":", zorder=1, gid="centre")
        _mark_heights(ax, centre, std)
        ax.set_xlabel(f"pixel; the centre is {cell_text(centre)}")
        ax.set_xticks(range(0, size, 1 + size // 22))
        ax.set_ylim(0, 1.09)
        ax.set_xlim(places[0], places[-1] + 0.14 * (places[-1] - places[0]))
    return figure


def _mark_heights(ax: Axes, centre: float, std: float) -> None:
    for steps in (1, 2, 3):
        at, height = centre + steps * std, float(np.exp(-(steps**2) / 2))
        ax.plot([centre, at], [height, height], color=MUTED, lw=1.0, ls="--", zorder=1)
        words = f"{steps} std: {height:.3f}"
        ax.annotate(words, (at, height), (8, 7), textcoords="offset points", color=INK, size=12)


def blob_steps(shape: tuple[int, int], points: Points, kernel: Any) -> Steps:
    """Show points becoming blobs: a convolution puts a copy of the kernel on every point.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the canvas.
    points : iterable of pair of int
        Row and column of each point.
    kernel : array_like of shape (kh, kw)
        What is put on each point.

    Returns
    -------
    Steps
        One step for each point. The orange frames show the point, and where its copy lands. The
        image has the size of the canvas; an even kernel reaches one further down and right.

    Raises
    ------
    IndexError
        If a point lies outside.
    ValueError
        If there is no point, the kernel is no matrix, or canvas or kernel is too large to be read.

    Examples
    --------
    >>> bell = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    >>> picture = blob_steps((6, 8), [(1, 1), (3, 4), (4, 6), (5, 0)], bell)
    >>> picture.frame(3).texts[-1].get_text()
    'the point [5, 0]: of its copy 4 entries of 9 lie on the canvas'
    """
    kernel = np.asarray(kernel)
    places = [(int(row), int(column)) for row, column in points]
    if not places:
        raise ValueError("blob_steps needs at least one point")
    if kernel.ndim != 2 or kernel.size == 0:
        raise ValueError(f"kernel must be a matrix (kh, kw), not of shape {kernel.shape}")
    if max(*shape, *kernel.shape) > LARGEST_WITH_NUMBERS:
        raise ValueError(
            f"canvas and kernel may have at most {LARGEST_WITH_NUMBERS} rows and columns; "
            f"got {tuple(shape)} and {kernel.shape}"
        )
    return _Stamps(impulses(shape, places), places, kernel).steps()


class _Stamps:
    """The image after each point, and how a step is drawn."""

    def __init__(
        self, canvas: np.ndarray, points: list[tuple[int, int]], kernel: np.ndarray
    ) -> None:
        self.canvas, self.points, self.kernel = canvas, points, kernel
        so_far = np.zeros(canvas.shape)
        self.windows: list[Window] = []
        self.images: list[np.ndarray] = []
        for point in points:
            spans = [self._span(axis, at) for axis, at in enumerate(point)]
            (top, rows, first), (left, columns, start) = spans
            so_far = so_far.copy()
            stamp = kernel[first : first + rows, start : start + columns]
            so_far[top : top + rows, left : left + columns] += stamp
            self.windows.append((top, left, rows, columns))
            self.images.append(so_far)

    def _span(self, axis: int, at: int) -> tuple[int, int, int]:
        """What of a copy lies on the canvas: where it begins, its length, its first entry."""
        size = self.kernel.shape[axis]
        begin = at - (size - 1) // 2
        inside = max(begin, 0)
        return inside, min(begin + size, self.canvas.shape[axis]) - inside, inside - begin

    def steps(self) -> Steps:
        count = len(self.points)
        plural = "s become blobs" if count > 1 else " becomes a blob"
        return Steps(self.draw, count, title=f"{count} point{plural}")

    def draw(self, figure: Figure, step: int) -> None:
        point, window = self.points[step], self.windows[step]
        largest = float(self.images[-1].max()) or 1.0
        row = [
            Panel(
                self.canvas,
                "canvas",
                window=(*point, 1, 1),
                fills=shaded(self.canvas, "input", float(self.canvas.max())),
            ),
            Panel(
                self.kernel,
                "kernel",
                role="kernel",
                before="∗",
                fills=shaded(self.kernel, "kernel", float(np.abs(self.kernel).max())),
            ),
            Panel(
                self.images[step],
                "image so far" if step + 1 < len(self.points) else "image",
                role="output",
                before="=",
                fills=shaded(self.images[step], "output", largest),
            ),
        ]
        columns = sum(panel.array.shape[1] for panel in row)
        cell = min(0.5, 7.6 / columns)
        axes = place_rows(figure, [row], cell=cell, below=0.5, min_width=7.0, labels=True)
        _outline(axes[-1], window)
        seen, entries = window[2] * window[3], self.kernel.size
        part = "its whole copy lies" if seen == entries else f"of its copy {seen} entries of "
        part += "" if seen == entries else f"{entries} lie"
        figure.text(
            0.5,
            0.24 / figure.get_size_inches()[1],
            f"the point [{point[0]}, {point[1]}]: {part} on the canvas",
            ha="center",
            va="center",
            size=12.5,
            color=INK,
        )


def shaded(array: np.ndarray, role: str, largest: float) -> np.ndarray:
    """Colours of cells, the darker the larger their numbers, light enough to write on.

    Parameters
    ----------
    array : ndarray of shape (H, W)
        The numbers; signs do not count.
    role : str
        Whose colour.
    largest : float
        The number that is darkest.

    Returns
    -------
    ndarray of shape (H, W, 3)
        For the `fills` of a `Panel`.

    Examples
    --------
    >>> shaded(np.array([[0.0, 2.0]]), "kernel", largest=2.0).round(2).tolist()
    [[[1.0, 1.0, 1.0], [0.93, 0.72, 0.55]]]
    """
    share = np.abs(array) / (largest or 1.0)
    return np.asarray(get_role(role).cmap(_DARKEST * share))[..., :3]


def _outline(ax: Axes, window: Window) -> None:
    top, left, rows, columns = window
    across = [left - 0.5, left + columns - 0.5]
    down = [top - 0.5, top + rows - 0.5]
    ax.plot(
        [across[0], across[1], across[1], across[0], across[0]],
        [down[0], down[0], down[1], down[1], down[0]],
        color=get_role("kernel").line,
        lw=3.5,
        zorder=5,
        gid="copy",
    )


def point_map(images: Mapping[str, Any], points: Points, *, width: float = 3.6) -> Figure:
    """Show canvases in grey, with rows and columns along their sides and rings at some points.

    All canvases share one scale, from black for the smallest number to white for the largest.

    Parameters
    ----------
    images : mapping of str to array_like of shape (H, W)
        Title and canvas.
    points : iterable of pair of int
        Row and column of the places to mark.
    width : float
        Width of each canvas in inches.

    Returns
    -------
    Figure
        One Axes for each canvas.

    Raises
    ------
    ValueError
        If there is no canvas, or one is not a matrix.

    Examples
    --------
    >>> from convkit import blobs
    >>> points = [(20, 40), (40, 20)]
    >>> canvas, image = impulses((50, 50), points), blobs((50, 50), points, size=31, std=5)
    >>> picture = point_map({"points": canvas, "blobs": image}, points)
    >>> [text.get_text() for text in picture.axes[0].texts]
    ['[20, 40]', '[40, 20]']
    """
    arrays = {title: np.asarray(image) for title, image in images.items()}
    if not arrays:
        raise ValueError("point_map needs at least one canvas")
    for title, image in arrays.items():
        if image.ndim != 2 or image.size == 0:
            raise ValueError(f"canvas {title!r} must have the shape (H, W), not {image.shape}")
    points = list(points)
    low = min(image.min() for image in arrays.values())
    high = max(image.max() for image in arrays.values())
    tallest = max(image.shape[0] / image.shape[1] for image in arrays.values()) * width
    room, height = width + 0.75, tallest + 0.95
    total = len(arrays) * room + 0.1
    with style():
        figure = Picture(figsize=(total, height))
        for number, (title, image) in enumerate(arrays.items()):
            left = (0.7 + number * room) / total
            ax = figure.add_axes((left, 0.52 / height, width / total, tallest / height))
            ax.imshow(image, cmap="gray", vmin=low, vmax=high)
            ax.set_title(title)
            ax.set_xlabel("column")
            ax.set_ylabel("row")
            _ring(ax, image.shape, points)
    return figure


def _ring(ax: Axes, shape: tuple[int, ...], points: list[Sequence[SupportsIndex]]) -> None:
    radius = 0.05 * max(shape)
    for row, column in ((int(row), int(column)) for row, column in points):
        ring = Circle((column, row), radius, fill=False, edgecolor="#ff9d3c", lw=2, gid="point")
        ax.add_patch(ring)
        above = row > shape[0] / 4
        ax.annotate(
            f"[{row}, {column}]",
            (column, row - radius if above else row + radius),
            (0, 5 if above else -5),
            textcoords="offset points",
            ha="center" if column < 0.85 * shape[1] else "right",
            va="bottom" if above else "top",
            size=11,
            weight="bold",
            color="#ffc285",
            bbox={"facecolor": "#000000", "alpha": 0.7, "pad": 1.5, "edgecolor": "none"},
        )
