"""The kinds of pooling beside each other: six layers, many exponents, windows that adapt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit.pool import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
    avg_pool2d,
    fractional_max_pool2d,
    lp_pool2d,
    max_pool2d,
)
from convkit.viz.grids import LARGEST_WITH_NUMBERS, cell_text, draw_grid
from convkit.viz.style import INK, MUTED, Picture, get_role, style

_HEAD = 0.62
_SPACE = 0.3
_EDGE = 0.12
_NARROWEST = 1.75
_PHOTOGRAPH = 1.85
_ROOM_FOR_CELLS = 10.0


def six_poolings(
    x: Any,
    size: int = 2,
    output_size: tuple[int, int] | None = None,
    p: float = 2.0,
    seed: int = 0,
) -> Figure:
    """Show what the six pooling layers of torch.nn make of one image.

    Parameters
    ----------
    x : array_like of shape (H, W)
        One channel: a small one is drawn with its numbers, a large one as a grey photograph.
    size : int
        Height and width of the windows of the layers that have such a size.
    output_size : pair of int, optional
        Rows and columns that the other layers give; by default one more than the windows of
        `size` side by side.
    p : float
        Exponent of the LP pooling.
    seed : int
        Of the random windows of the fractional pooling.

    Returns
    -------
    Figure
        The image, and the six layers under their names in torch.

    Raises
    ------
    ValueError
        If `x` is not a matrix, or the windows do not fit on it.

    Notes
    -----
    Numbers are rounded to one decimal. Photographs share the grey scale of the image, except for
    LP pooling, whose sums leave it.

    Examples
    --------
    >>> x = np.random.default_rng(3).integers(-9, 10, (6, 8))
    >>> picture = six_poolings(x, size=2, output_size=(4, 5))
    >>> [ax.get_title(loc="left") for ax in picture.axes][1:4]
    ['MaxPool2d', 'AvgPool2d', 'LPPool2d']
    """
    x = np.asarray(x)
    if x.ndim != 2 or x.size == 0:
        raise ValueError(f"x must be a matrix (H, W) with at least one entry, not of {x.shape}")
    if output_size is None:
        output_size = (x.shape[0] // size + 1, x.shape[1] // size + 1)
    layers = _pooled(x, size, output_size, p, seed)
    draw = _draw_numbers if max(x.shape) <= LARGEST_WITH_NUMBERS else _draw_photograph
    layout = _Layout.of(x.shape, [y.shape for y in layers.values()], draw is _draw_numbers)
    with style():
        figure = Picture(figsize=(layout.width, layout.height))
        ax = layout.add_input(figure, x.shape)
        draw(ax, x, "input", x)
        _name(ax, "one channel", f"{x.shape[0]}×{x.shape[1]}", layout)
        for number, (name, y) in enumerate(layers.items()):
            ax = layout.add_layer(figure, number, y.shape)
            draw(ax, y, "output", y if name == "LPPool2d" else x)
            _name(ax, name, _caption(name, size, y.shape, p), layout)
    return figure


@dataclass(frozen=True)
class _Layout:
    """Where the image and the six layers stand, in inches.

    Attributes
    ----------
    cell : float
        Side of a cell, or 0 for photographs, which all have one size.
    big, small : tuple of (float, float)
        Width and height of the image, and the room for each layer.
    """

    cell: float
    big: tuple[float, float]
    small: tuple[float, float]

    @classmethod
    def of(
        cls, image: tuple[int, ...], layers: Sequence[tuple[int, ...]], numbers: bool
    ) -> _Layout:
        rows, columns = (max(shape[axis] for shape in layers) for axis in (0, 1))
        if numbers:
            cell = min(0.5, _ROOM_FOR_CELLS / (image[1] + 3 * columns))
            small = (max(columns * cell, _NARROWEST), rows * cell)
            return cls(cell, (image[1] * cell, image[0] * cell), small)
        tall = _PHOTOGRAPH * image[0] / image[1]
        big = 2 * tall + _HEAD
        return cls(0.0, (big * image[1] / image[0], big), (_PHOTOGRAPH, tall))

    @property
    def width(self) -> float:
        return self.big[0] + 3 * (self.small[0] + _SPACE) + 2 * _SPACE

    @property
    def height(self) -> float:
        return max(2 * (self.small[1] + _HEAD), self.big[1] + _HEAD) + 2 * _EDGE

    def add_input(self, figure: Figure, shape: tuple[int, ...]) -> Axes:
        top = (self.height - _HEAD - self.big[1]) / 2 + _HEAD
        return self._add(figure, _SPACE, top, self._extent(shape, self.big))

    def add_layer(self, figure: Figure, number: int, shape: tuple[int, ...]) -> Axes:
        row, column = divmod(number, 3)
        left = self.big[0] + 2 * _SPACE + column * (self.small[0] + _SPACE)
        top = _EDGE + _HEAD + row * (self.small[1] + _HEAD)
        return self._add(figure, left, top, self._extent(shape, self.small))

    def _extent(self, shape: tuple[int, ...], room: tuple[float, float]) -> tuple[float, float]:
        return (shape[1] * self.cell, shape[0] * self.cell) if self.cell else room

    def _add(self, figure: Figure, left: float, top: float, extent: tuple[float, float]) -> Axes:
        bottom = self.height - top - extent[1]
        return figure.add_axes(
            (
                left / self.width,
                bottom / self.height,
                extent[0] / self.width,
                extent[1] / self.height,
            )
        )


def _pooled(
    x: np.ndarray, size: int, output_size: tuple[int, int], p: float, seed: int
) -> Mapping[str, np.ndarray]:
    batch = x[None, :, :, None]
    layers = {
        "MaxPool2d": max_pool2d(batch, size),
        "AvgPool2d": avg_pool2d(batch, size),
        "LPPool2d": lp_pool2d(batch, size, p),
        "FractionalMaxPool2d": fractional_max_pool2d(batch, size, output_size, rng=seed),
        "AdaptiveMaxPool2d": adaptive_max_pool2d(batch, output_size),
        "AdaptiveAvgPool2d": adaptive_avg_pool2d(batch, output_size),
    }
    return {name: y[0, :, :, 0] for name, y in layers.items()}


def _caption(name: str, size: int, shape: tuple[int, ...], p: float) -> str:
    if name == "LPPool2d":
        return f"{size}×{size}, p = {cell_text(p)}"
    if name in ("MaxPool2d", "AvgPool2d"):
        return f"windows of {size}×{size}"
    return f"{shape[0]}×{shape[1]} asked for"


def _draw_numbers(ax: Axes, matrix: np.ndarray, role: str, scale: np.ndarray) -> None:
    draw_grid(ax, np.round(matrix, 1), role=role, font_size=12.0)


def _draw_photograph(ax: Axes, image: np.ndarray, role: str, scale: np.ndarray) -> None:
    ax.imshow(image, cmap="gray", vmin=scale.min(), vmax=scale.max(), aspect="auto")
    ax.set_axis_off()


def _name(ax: Axes, title: str, caption: str, layout: _Layout) -> None:
    ax.set_title(title, loc="left", fontsize=11.5, pad=21)
    above = 1 + 0.06 / (ax.get_position().height * layout.height)
    ax.text(0, above, caption, transform=ax.transAxes, fontsize=10, color=MUTED, va="bottom")


def lp_norms(window: Any, largest: float = 16.0) -> Figure:
    """Show how the p-norm of one window falls from the sum to the maximum of absolute values.

    Parameters
    ----------
    window : array_like
        The pixels of one window, of any shape.
    largest : float
        The axis of p goes from 1 to here.

    Returns
    -------
    Figure
        A curve over p, between dashed lines for its two ends; the largest pixel has a line of its
        own where that is not the largest absolute value.

    Raises
    ------
    ValueError
        If the window is empty or `largest` is not above 1.

    Examples
    --------
    >>> picture = lp_norms([[2, -6], [3, 0]])
    >>> [text.get_text() for text in picture.axes[0].texts]
    ['sum of |x| = 11', 'max of |x| = 6', 'max of x = 3']
    """
    pixels = np.asarray(window, dtype=float).ravel()
    if pixels.size == 0 or not largest > 1:
        raise ValueError(
            f"a window needs a pixel and largest must be above 1; got {pixels.size} pixels "
            f"and largest={largest}"
        )
    exponents = np.geomspace(1, largest, 200)
    top = np.abs(pixels).max() or 1.0
    norms = [top * np.sum((np.abs(pixels) / top) ** p) ** (1 / p) for p in exponents]
    levels = {"sum of |x|": np.abs(pixels).sum(), "max of |x|": np.abs(pixels).max()}
    if pixels.max() < np.abs(pixels).max():
        levels["max of x"] = pixels.max()
    with style():
        figure = Picture(figsize=(6.8, 3.6))
        ax = figure.add_axes((0.1, 0.17, 0.62, 0.76))
        for name, level in levels.items():
            role = "kernel" if name == "max of x" else "neutral"
            ax.axhline(level, color=get_role(role).line, ls=(0, (4, 3)), lw=1.4)
            words = f"{name} = {cell_text(round(float(level), 3))}"
            ax.text(largest * 1.02, level, words, va="center", fontsize=11.5, color=INK)
        ax.plot(exponents, norms, color=get_role("output").line, lw=3, gid="norm")
        ax.set_xlim(1, largest)
        ax.set_ylim(min(0.0, *levels.values()), 1.06 * levels["sum of |x|"] or 1.0)
        ax.set_xlabel("p")
        ax.set_ylabel("LP pooling of the window")
    return figure


def adaptive_windows(n: int, windows: int) -> Figure:
    """Show which pixels of a row each window of an adaptive pooling holds.

    Parameters
    ----------
    n : int
        Pixels in the row.
    windows : int
        Windows asked for.

    Returns
    -------
    Figure
        The row, and a bar for each window; pixels that two windows share are darker.

    Raises
    ------
    ValueError
        If there is no window or no pixel.

    Examples
    --------
    >>> picture = adaptive_windows(7, 3)
    >>> [text.get_text() for text in picture.axes[0].texts if text.get_gid() == "window"]
    ['0 to 2', '2 to 4', '4 to 6']
    """
    if min(n, windows) < 1:
        raise ValueError(f"n and windows must be at least 1; got n={n} and windows={windows}")
    spans = [(i * n // windows, -(-(i + 1) * n // windows)) for i in range(windows)]
    width = max(0.5 * n + 0.4, 6.6)
    height = 1.1 + 0.28 * windows
    with style():
        figure = Picture(figsize=(width, height))
        words = f"{n} pixels, {windows} window{'s' * (windows != 1)}"
        figure.text(0.2 / width, 1 - 0.12 / height, words, va="top", size=12.5)
        ax = figure.add_axes((0, 0, 1, 1 - 0.42 / height))
        for pixel in range(n):
            shared = sum(first <= pixel < last for first, last in spans) > 1
            _draw_pixel(ax, pixel, shared)
        for number, (first, last) in enumerate(spans):
            _draw_window(ax, number, first, last)
        ax.set_xlim(-0.9, -0.9 + 2 * width)
        ax.set_ylim(-0.6 + 2 * (height - 0.42), -0.6)
        ax.set_axis_off()
    return figure


def _draw_pixel(ax: Axes, pixel: int, shared: bool) -> None:
    role = get_role("input")
    color = "#9fc8e6" if shared else role.fill
    kind = "shared" if shared else "pixel"
    ax.add_patch(
        Rectangle((pixel - 0.5, -0.5), 1, 1, facecolor=color, edgecolor=role.line, lw=1.2, gid=kind)
    )
    ax.text(pixel, 0, str(pixel), ha="center", va="center_baseline", size=12, color=INK)


def _draw_window(ax: Axes, number: int, first: int, last: int) -> None:
    role = get_role("kernel")
    corner = (first - 0.45, 0.7 + 0.56 * number)
    ax.add_patch(
        Rectangle(
            corner, last - first - 0.1, 0.42, facecolor=role.fill, edgecolor=role.line, lw=1.8
        )
    )
    words = f"{first} to {last - 1}" if last - first > 1 else str(first)
    at = ((first + last - 1) / 2, 0.91 + 0.56 * number)
    ax.text(*at, words, ha="center", va="center", fontsize=10, gid="window")
