"""Gradients of a convolution layer, step by step, as the correlations that they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit.viz.grids import cell_text
from convkit.viz.player import Steps
from convkit.viz.rows import STAR, Panel, place_rows
from convkit.viz.style import INK, Picture, get_role, style

_MOST_TERMS_IN_A_ROW = 4
_LINE = 0.25

Place = tuple[int, int]
Term = tuple[str, float, str, float]
"""Name and value of the one factor, name and value of the other."""


def filter_gradient_steps(dy: Any, x: Any) -> Steps:
    """Show the gradient to the kernel as the correlation of the image with the upstream gradient.

    Stride 1, no padding.  Under the matrices stands the chain rule for the current entry.

    Parameters
    ----------
    dy : array_like of shape (H_out, W_out)
        Upstream gradient; it slides over the image.
    x : array_like of shape (H, W)
        The image of the forward pass.

    Returns
    -------
    Steps
        One step for each entry of the kernel.

    Raises
    ------
    ValueError
        If an array is not a matrix, or `dy` is larger than `x`.

    Examples
    --------
    >>> picture = filter_gradient_steps([[1, -1], [0, 2]], [[3, 0, 1], [1, 2, 0], [0, 1, 4]])
    >>> len(picture)
    4
    """
    dy, x = _matrices(dy=dy, x=x)
    if dy.shape[0] > x.shape[0] or dy.shape[1] > x.shape[1]:
        raise ValueError(
            f"dy of shape {dy.shape} does not fit into x of shape {x.shape}: "
            "an output is never larger than its image"
        )

    def terms(a: int, b: int) -> list[list[Term]]:
        return [
            [(f"X[{i + a},{j + b}]", x[i + a, j + b], f"dY[{i},{j}]", dy[i, j]) for j in columns]
            for i in range(dy.shape[0])
        ]

    columns = range(dy.shape[1])
    return _Slide(
        still=Panel(x, "X"),
        moving=Panel(dy, "dY", role="gradient", before=STAR),
        result="dK",
        output=_correlate(x, dy),
        terms=terms,
    ).steps("the upstream gradient slides over the image")


def input_gradient_steps(dy: Any, k: Any) -> Steps:
    """Show the gradient to the image: the turned kernel slides over the padded upstream gradient.

    Stride 1, no padding.  Under the matrices stands the chain rule for the current pixel, without
    the terms that are zero because of the border.

    Parameters
    ----------
    dy : array_like of shape (H_out, W_out)
        Upstream gradient.
    k : array_like of shape (kh, kw)
        The kernel of the forward pass, not turned.

    Returns
    -------
    Steps
        One step for each pixel of the image.

    Raises
    ------
    ValueError
        If an array is not a matrix.

    Examples
    --------
    >>> picture = input_gradient_steps([[1, 0], [-1, 2]], [[1, 2], [3, 4]])
    >>> len(picture)
    9
    """
    dy, k = _matrices(dy=dy, k=k)
    (rows, columns), (kh, kw) = dy.shape, k.shape
    padded = np.pad(dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    fills = np.tile(to_rgb(get_role("padding").fill), (*padded.shape, 1))
    fills[kh - 1 : kh - 1 + rows, kw - 1 : kw - 1 + columns] = to_rgb(get_role("gradient").fill)

    def terms(r: int, c: int) -> list[list[Term]]:
        return [
            [
                (f"dY[{i},{j}]", dy[i, j], f"K[{r - i},{c - j}]", k[r - i, c - j])
                for j in range(max(0, c - kw + 1), min(columns, c + 1))
            ]
            for i in range(max(0, r - kh + 1), min(rows, r + 1))
        ]

    turned = k[::-1, ::-1]
    return _Slide(
        still=Panel(padded, "dY with zeros around it", role="gradient", fills=fills),
        moving=Panel(turned, "K turned by 180°", role="kernel", before=STAR),
        result="dX",
        output=_correlate(padded, turned),
        terms=terms,
    ).steps("the turned kernel slides over the padded upstream gradient")


def pixel_influence(k: Any, input_shape: tuple[int, int], pixel: Place) -> Figure:
    """Show which outputs of a correlation move when one pixel does, and how much.

    Stride 1, no padding.

    Parameters
    ----------
    k : array_like of shape (kh, kw)
        The kernel.
    input_shape : tuple of int
        Height and width of the image.
    pixel : tuple of int
        Row and column of the pixel, from 0.

    Returns
    -------
    Figure
        The nudge, the kernel, and by how much each output moves: its derivative by the pixel.

    Raises
    ------
    ValueError
        If `k` is not a matrix, does not fit into the image, or the pixel lies outside.

    Examples
    --------
    >>> picture = pixel_influence([[1, 2, 3], [4, 5, 6], [7, 8, 9]], (5, 6), (2, 3))
    >>> [ax.get_title() for ax in picture.axes]
    ['X[2, 3] moves by 1', 'K', 'so Y moves by']
    """
    (k,) = _matrices(k=k)
    if k.shape[0] > input_shape[0] or k.shape[1] > input_shape[1]:
        raise ValueError(f"k of shape {k.shape} does not fit into an image of {input_shape}")
    if not all(0 <= at < size for at, size in zip(pixel, input_shape, strict=True)):
        raise ValueError(f"pixel {tuple(pixel)} lies outside an image of shape {input_shape}")
    nudge = np.zeros(input_shape)
    nudge[pixel] = 1
    reached = _correlate(nudge, np.ones(k.shape)) > 0
    light, dark = (to_rgb(get_role(role).fill) for role in ("output", "kernel"))
    panels = [
        Panel(nudge, f"X[{pixel[0]}, {pixel[1]}] moves by 1"),
        Panel(k, "K", role="kernel", before=STAR),
        Panel(
            _correlate(nudge, k),
            "so Y moves by",
            role="output",
            before="=",
            fills=np.where(reached[..., None], dark, light),
        ),
    ]
    with style():
        figure = Picture(figsize=(1, 1))
        axes = place_rows(figure, [panels], labels=True)
        _outline(axes[0], (*pixel, 1, 1), "gradient", "pixel")
    return figure


@dataclass(frozen=True)
class _Slide:
    """One matrix slides over another; below stands the chain rule of each place.

    Attributes
    ----------
    result : str
        Name of the gradient that grows.
    output : ndarray of shape (rows, columns)
        The gradient.
    terms : callable
        ``terms(i, j)``: what is added up at one place, row by row of the sliding matrix.
    """

    still: Panel
    moving: Panel
    result: str
    output: np.ndarray
    terms: Callable[[int, int], list[list[Term]]]

    def steps(self, title: str) -> Steps:
        return Steps(self.draw, self.output.size, title=title)

    def draw(self, figure: Figure, step: int) -> None:
        i, j = divmod(step, self.output.shape[1])
        rows, columns = self.moving.array.shape
        hidden = np.arange(self.output.size).reshape(self.output.shape) > step
        grows = Panel(self.output, self.result, role="gradient", before="=", hidden=hidden)
        below = 0.3 + _LINE * 2 * rows
        panels = [self.still, self.moving, grows]
        axes = place_rows(figure, [panels], cell=self._cell(), below=below, min_width=7.4)
        _outline(axes[0], (i, j, rows, columns), self.moving.role, "window", fill=True)
        _outline(axes[2], (i, j, 1, 1), "gradient", "current")
        figure.text(
            0.5,
            (below - 0.1) / figure.get_size_inches()[1],
            "\n".join(self.chain_rule(i, j)),
            ha="center",
            va="top",
            fontsize=11,
            family="DejaVu Sans Mono",
            color=INK,
            gid="chain rule",
        )

    def chain_rule(self, i: int, j: int) -> list[str]:
        """The sum of one place: first with names, then with numbers."""
        head = f"{self.result}[{i},{j}] "
        terms = self.terms(i, j)
        names = [_sum(f"{first}·{second}" for first, _, second, _ in row) for row in terms]
        values = [_sum(f"{_factor(a)}·{_factor(b)}" for _, a, _, b in row) for row in terms]
        lines = [head + "= " + names[0], *(" " * len(head) + "+ " + row for row in names[1:])]
        lines += [" " * len(head) + ("+ " if n else "= ") + row for n, row in enumerate(values)]
        lines[-1] += f" = {cell_text(self.output[i, j])}"
        widest = max(map(len, lines))
        return [line.ljust(widest) for line in lines]

    def _cell(self) -> float:
        cells: int = self.still.array.shape[1] + self.moving.array.shape[1] + self.output.shape[1]
        return min(0.5, 8.0 / cells)


def _matrices(**arrays: Any) -> tuple[np.ndarray, ...]:
    matrices = {name: np.asarray(array) for name, array in arrays.items()}
    for name, matrix in matrices.items():
        if matrix.ndim != 2 or matrix.size == 0 or matrix.dtype.kind not in "biuf":
            raise ValueError(
                f"{name} must be a matrix of numbers with at least one entry; "
                f"got shape {matrix.shape} and dtype {matrix.dtype}"
            )
    return tuple(matrices.values())


def _correlate(x: np.ndarray, k: np.ndarray) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.asarray(np.einsum("ijab,ab->ij", windows, k))


def _outline(
    ax: Axes, window: tuple[int, int, int, int], role: str, gid: str, *, fill: bool = False
) -> None:
    row, column, height, width = window
    corner, colors = (column - 0.5, row - 0.5), get_role(role)
    if fill:
        ax.add_patch(
            Rectangle(corner, width, height, facecolor=colors.fill, edgecolor="none", zorder=1.5)
        )
    ax.add_patch(
        Rectangle(
            corner, width, height, fill=False, edgecolor=colors.line, lw=3.5, zorder=5, gid=gid
        )
    )


def _sum(terms: Any) -> str:
    terms = list(terms)
    if len(terms) > _MOST_TERMS_IN_A_ROW:
        terms = [*terms[: _MOST_TERMS_IN_A_ROW - 1], "…"]
    return " + ".join(terms)


def _factor(value: Any) -> str:
    text = cell_text(value)
    return f"({text})" if text.startswith("−") else text
