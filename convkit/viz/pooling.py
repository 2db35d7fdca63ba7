"""Pooling step by step: the way there, and the gradient's way back."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit.pool import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from convkit.viz.grids import Window, cell_text
from convkit.viz.player import Steps
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import INK, get_role

_MOST_NUMBERS_IN_WORDS = 12
_WIDEST = 8.0


def sliding_pool(
    x: Any,
    size: int,
    stride: int | None = None,
    padding: int = 0,
    kind: Literal["max", "average"] = "max",
) -> Steps:
    """Show a pooling window moving over an image, and the output that grows.

    Parameters
    ----------
    x : array_like of shape (H, W)
        One channel of an image.
    size : int
        Height and width of the window.
    stride : int, optional
        How far the window moves between two steps; `size` by default.
    padding : int
        Cells added on each side: minus infinity for a maximum, zeros for an average.
    kind : {"max", "average"}
        What is made of a window.

    Returns
    -------
    Steps
        One step for each window.

    Raises
    ------
    ValueError
        If `x` is not a matrix, the window does not fit, or there are too many steps.

    Examples
    --------
    >>> picture = sliding_pool([[1, 3, 2, 0], [5, 4, 1, 2], [0, 2, 9, 6], [1, 1, 7, 8]], size=2)
    >>> len(picture)
    4
    """
    x = _as_matrix(x, "x")
    if kind not in ("max", "average"):
        raise ValueError(f"kind must be 'max' or 'average', not {kind!r}")
    return _Pool(x, size, size if stride is None else stride, padding, kind).steps()


def pooling_gradient(dy: Any, x: Any, size: int, stride: int | None = None) -> Steps:
    """Show the gradient's way back through max pooling and average pooling, window by window.

    Parameters
    ----------
    dy : array_like of shape (Ho, Wo)
        Upstream gradient: one number for each window.
    x : array_like of shape (H, W)
        The pixels that were pooled.
    size : int
        Height and width of a window.
    stride : int, optional
        From one window to the next; `size` by default.

    Returns
    -------
    Steps
        One step for each window; each adds what this window hands back.

    Raises
    ------
    ValueError
        If `dy` or `x` is not a matrix, `dy` has not the shape of the pooled `x`, or there are too
        many steps.

    Examples
    --------
    >>> x = [[3, 1, 0, 2], [2, 7, 4, 1], [0, 5, 6, 8]]
    >>> picture = pooling_gradient(dy=[[2, 4, 6], [8, 10, 12]], x=x, size=2, stride=1)
    >>> len(picture)
    6
    """
    dy, x = _as_matrix(dy, "dy"), _as_matrix(x, "x")
    back = _WayBack(dy, x, size, size if stride is None else stride)
    return Steps(back.draw, dy.size, title="the gradient's way back through two poolings")


def _as_matrix(array: Any, name: str) -> np.ndarray:
    matrix = np.asarray(array)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(
            f"{name} must be a matrix with at least one entry, not of shape {matrix.shape}"
        )
    return matrix


def _as_batch(matrix: np.ndarray) -> np.ndarray:
    return matrix[None, :, :, None]


class _Pool:
    """All numbers of a pooling of one channel, and how a step is drawn."""

    def __init__(self, x: np.ndarray, size: int, stride: int, padding: int, kind: str) -> None:
        pool = max_pool2d if kind == "max" else avg_pool2d
        self.output = pool(_as_batch(x), size, stride, padding)[0, :, :, 0]
        outside = -np.inf if kind == "max" else 0.0
        self.padded = np.pad(x.astype(float), padding, constant_values=outside)
        self.inside = np.pad(np.ones(x.shape, bool), padding)
        self.size, self.stride, self.padding, self.kind = size, stride, padding, kind

    def steps(self) -> Steps:
        title = f"{self.kind} pooling with windows of {self.size}×{self.size}"
        return Steps(self.draw, self.output.size, title=title)

    def draw(self, figure: Figure, step: int) -> None:
        i, j = divmod(step, self.output.shape[1])
        window = (i * self.stride, j * self.stride, self.size, self.size)
        hidden = np.arange(self.output.size).reshape(self.output.shape) > step
        panels = [
            Panel(self.padded, self._title(), window=window, fills=self._fills()),
            Panel(self.output, f"{self.kind} pooling", "output", before="→", hidden=hidden),
        ]
        below = 0.75
        cells = self.padded.shape[1] + self.output.shape[1]
        cell = min(0.5, _WIDEST / cells)
        axes = place_rows(figure, [panels], cell=cell, below=below, min_width=6.6)
        _write_infinity(axes[0])
        if self.kind == "max":
            _mark(axes[0], self._winner(window), "output", "winner")
        _mark(axes[1], (i, j), "output", "current")
        _write_below(figure, [f"output[{i}, {j}]", self.in_words(i, j)], ["output", ""], below)

    def in_words(self, i: int, j: int) -> str:
        """What is made of one window; pixels of the padding never win, so they are left out."""
        top, left = i * self.stride, j * self.stride
        part = slice(top, top + self.size), slice(left, left + self.size)
        result = cell_text(self.output[i, j])
        if self.kind == "max":
            numbers = self.padded[part][self.inside[part]]
            return f"the largest of {_listed(numbers, ', ')} is {result}"
        numbers = self.padded[part].ravel()
        return f"({_listed(numbers, ' + ')}) / {numbers.size} = {result}"

    def _winner(self, window: Window) -> tuple[int, int]:
        top, left, height, width = window
        part = self.padded[top : top + height, left : left + width]
        row, column = divmod(int(part.argmax()), width)
        return top + row, left + column

    def _title(self) -> str:
        if not self.padding:
            return "one channel"
        return f"one channel, padding {self.padding} ({'−∞' if self.kind == 'max' else 'zeros'})"

    def _fills(self) -> np.ndarray:
        inside, outside = (to_rgb(get_role(name).fill) for name in ("input", "padding"))
        return np.where(self.inside[..., None], inside, outside)


class _WayBack:
    """What each window hands back, through a maximum and through an average."""

    def __init__(self, dy: np.ndarray, x: np.ndarray, size: int, stride: int) -> None:
        self.dy, self.x, self.size, self.stride = dy, x, size, stride
        self.winners = [self._handed_back(max_pool2d_backward, k) != 0 for k in range(dy.size)]
        self.through_max = self._running_sums(max_pool2d_backward, dy)
        self.through_average = self._running_sums(avg_pool2d_backward, dy)

    def _handed_back(self, backward: Any, step: int) -> np.ndarray:
        """What window number `step` alone hands back of a 1."""
        alone = np.zeros(self.dy.size)
        alone[step] = 1.0
        return self._back(backward, alone.reshape(self.dy.shape))

    def _running_sums(self, backward: Any, dy: np.ndarray) -> list[np.ndarray]:
        so_far = np.arange(dy.size).reshape(dy.shape)
        return [self._back(backward, np.where(so_far <= k, dy, 0)) for k in range(dy.size)]

    def _back(self, backward: Any, dy: np.ndarray) -> np.ndarray:
        dx = backward(_as_batch(dy), _as_batch(self.x), self.size, self.stride)
        return np.asarray(dx[0, :, :, 0])

    def draw(self, figure: Figure, step: int) -> None:
        i, j = divmod(step, self.dy.shape[1])
        window = (i * self.stride, j * self.stride, self.size, self.size)
        there = [
            Panel(self.x, "pixels", window=window),
            Panel(self.dy, "upstream gradient", "gradient"),
        ]
        back = [
            Panel(self.through_max[step], "back through max", "gradient"),
            Panel(self.through_average[step], "back through average", "gradient"),
        ]
        below = 0.75
        cell = min(0.5, _WIDEST / (2 * self.x.shape[1]))
        axes = place_rows(figure, [there, back], cell=cell, below=below, min_width=6.6)
        row, column = (int(k) for k in np.argwhere(self.winners[step])[0])
        for ax in (axes[0], axes[2]):
            _mark(ax, (row, column), "gradient", "winner")
        _mark(axes[1], (i, j), "gradient", "current")
        _mark(axes[3], window[:2], "gradient", "shares", self.size)
        _write_below(figure, self.in_words(i, j, (row, column)), ["", ""], below)

    def in_words(self, i: int, j: int, winner: tuple[int, int]) -> list[str]:
        """What one window does with its gradient, for both poolings."""
        handed, pixels = self.dy[i, j], self.size**2
        share = cell_text(round(float(handed) / pixels, 3))
        return [
            f"max: {cell_text(handed)} goes to the winner, at [{winner[0]}, {winner[1]}]",
            f"average: {cell_text(handed)} / {pixels} = {share} goes to each pixel of the window",
        ]


def _listed(numbers: np.ndarray, between: str) -> str:
    texts = [cell_text(number) for number in numbers]
    if len(texts) > _MOST_NUMBERS_IN_WORDS:
        texts = [*texts[: _MOST_NUMBERS_IN_WORDS - 1], "…"]
    if "+" in between:
        texts = [f"({text})" if text.startswith("−") else text for text in texts]
    return between.join(texts)


def _write_infinity(ax: Axes) -> None:
    for text in ax.texts:
        if text.get_text() == "-inf":
            text.set_text("−∞")


def _mark(ax: Axes, at: tuple[int, int], role: str, gid: str, size: int = 1) -> None:
    corner = (at[1] - 0.5, at[0] - 0.5)
    line = get_role(role).line
    ax.add_patch(
        Rectangle(corner, size, size, fill=False, edgecolor=line, lw=3.5, zorder=6, gid=gid)
    )


def _write_below(figure: Figure, lines: list[str], roles: list[str], below: float) -> None:
    height = figure.get_size_inches()[1]
    for number, (line, role) in enumerate(zip(lines, roles, strict=True)):
        figure.text(
            0.5,
            (below - 0.1 - 0.3 * number) / height,
            line,
            ha="center",
            va="top",
            fontsize=12.5,
            color=get_role(role).line if role else INK,
            fontweight="bold" if role else "normal",
            gid="in words",
        )
