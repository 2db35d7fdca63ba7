"""A kernel as a matrix: the Toeplitz matrix of a signal, the doubly blocked one of an image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convkit.matrix import conv_matrix2d, toeplitz_matrix
from convkit.viz.canvas import Canvas
from convkit.viz.grids import LARGEST_WITH_NUMBERS, cell_text
from convkit.viz.player import Steps
from convkit.viz.style import INK, MUTED, Picture, get_role, style

_MOST_COLUMNS = 64
_TOP = 0.42
_LIGHTEST, _DARKEST = "#ffe3c2", "#f0964a"


def toeplitz_rows(x: Any, w: Any, padding: int = 0) -> Steps:
    """Show how each window of a correlation becomes one row of a Toeplitz matrix.

    Parameters
    ----------
    x : array_like of shape (n,)
        The signal.
    w : array_like of shape (k,)
        The kernel.
    padding : int
        Zeros added at each end of the signal.

    Returns
    -------
    Steps
        One step for each row. Above the matrix lies the signal, column over column.

    Raises
    ------
    ValueError
        If `x` or `w` is not a vector, the kernel does not fit, or the padded signal is too long
        to be read.

    Examples
    --------
    >>> picture = toeplitz_rows([2, 0, 3, 1, 4], [1, -2, 1], padding=1)
    >>> len(picture)
    5
    >>> picture.frame(1).texts[-1].get_text()
    'y[1] = 1·2 + (−2)·0 + 1·3 = 5'
    """
    x, w = np.asarray(x), np.asarray(w)
    if x.ndim != 1 or w.ndim != 1:
        raise ValueError(
            f"x and w must be vectors (n,) and (k,); got shapes {x.shape} and {w.shape}"
        )
    if padding < 0:
        raise ValueError(f"padding must be at least 0, not {padding}")
    length = len(x) + 2 * padding
    if not 1 <= len(w) <= length:
        raise ValueError(
            f"a kernel of length {len(w)} does not fit into {len(x)} + 2·{padding} entries"
        )
    if length > LARGEST_WITH_NUMBERS:
        raise ValueError(
            f"a matrix of {length} columns cannot be read; "
            f"the padded signal may have {LARGEST_WITH_NUMBERS} entries"
        )
    return _Rows(np.pad(x, padding), w, padding).steps()


class _Rows:
    """All numbers of a Toeplitz matrix and of its product, and how a step is drawn."""

    def __init__(self, padded: np.ndarray, w: np.ndarray, padding: int) -> None:
        self.padded, self.w, self.padding = padded, w, padding
        self.matrix = np.asarray(toeplitz_matrix(w, len(padded)))
        self.output = self.matrix @ padded
        i, j = np.indices(self.matrix.shape)
        self.is_tap = np.logical_and(j >= i, j < i + len(w))

    def steps(self) -> Steps:
        title = f"a kernel of {len(self.w)} as a matrix with {len(self.padded)} columns"
        return Steps(self.draw, len(self.output), title=title)

    def draw(self, figure: Figure, step: int) -> None:
        rows, n = self.matrix.shape
        cell = min(0.5, 7.6 / (n + 2))
        left = 0.35
        top = _TOP + cell + 0.5
        middle = top + n * cell / 2
        width = max(left + (n + 2) * cell + 1.55 + 0.45, 7.0)
        canvas = Canvas(figure, width, top + max(rows, n) * cell + 0.62, cell)
        fills = self._input_fills()
        canvas.grid(
            self.padded,
            left,
            _TOP,
            title="signal" + f", padding {self.padding}" * bool(self.padding),
            window=(0, step, 1, len(self.w)),
            fills=fills[None],
        )
        canvas.grid(
            self.matrix,
            left,
            middle - rows * cell / 2,
            title="matrix",
            role="kernel",
            window=(step, step, 1, len(self.w)),
            hidden=np.indices(self.matrix.shape)[0] > step,
            fills=np.where(self.is_tap[..., None], to_rgb(get_role("kernel").fill), 1.0),
        )
        beside = left + n * cell + 0.6
        canvas.write("·", beside - 0.3, middle, size=28)
        column = self.padded[:, None]
        canvas.grid(column, beside, top, title="signal", fills=fills[:, None])
        after = beside + cell + 0.75
        canvas.write("=", after - 0.35, middle, size=24)
        hidden = np.arange(rows)[:, None] > step
        output = self.output[:, None]
        canvas.grid(
            output, after, middle - rows * cell / 2, title="output", role="output", hidden=hidden
        )
        canvas.write(
            self._dot_product(step),
            width / 2,
            canvas.height - 0.28,
            size=12,
            family="DejaVu Sans Mono",
            color=INK,
        )

    def _dot_product(self, step: int) -> str:
        window = self.padded[step : step + len(self.w)]
        terms = [f"{_factor(a)}·{_factor(b)}" for a, b in zip(self.w, window, strict=True)]
        shown = terms if len(terms) <= 6 else [*terms[:5], "…"]
        return f"y[{step}] = {' + '.join(shown)} = {cell_text(self.output[step])}"

    def _input_fills(self) -> np.ndarray:
        fills = np.tile(to_rgb(get_role("input").fill), (len(self.padded), 1))
        outside = np.ones(len(self.padded), bool)
        outside[self.padding : len(self.padded) - self.padding] = False
        fills[outside] = to_rgb(get_role("padding").fill)
        return fills


def _factor(value: Any) -> str:
    text = cell_text(value)
    return f"({text})" if text.startswith("−") else text


def doubly_blocked(k: Any, input_shape: Sequence[int]) -> Figure:
    """Show the matrix of a 2-D correlation, with its blocks.

    Each row of the kernel has its own tint, in the kernel and in the matrix. A block belongs to
    one row of the output and one row of the image.

    Parameters
    ----------
    k : array_like of shape (kh, kw)
        The kernel.
    input_shape : (int, int)
        Height and width of the image.

    Returns
    -------
    Figure
        The kernel, and beside it the matrix of shape (H_out * W_out, H * W).

    Raises
    ------
    ValueError
        If `k` is not a matrix, does not fit into the image, or the image has too many pixels.

    Examples
    --------
    >>> picture = doubly_blocked([[1, 2], [3, 4]], (3, 4))
    >>> [ax.get_title() for ax in picture.axes]
    ['kernel', 'matrix, 6 rows and 12 columns']
    """
    k = np.asarray(k)
    if k.ndim != 2 or len(input_shape) != 2:
        raise ValueError(
            "k must be a matrix (kh, kw) and input_shape two numbers (H, W); "
            f"got shape {k.shape} and {tuple(input_shape)}"
        )
    height, width = (int(size) for size in input_shape)
    if height * width > _MOST_COLUMNS:
        raise ValueError(
            f"an image of {height}×{width} pixels makes {height * width} columns; "
            f"{_MOST_COLUMNS} can be read"
        )
    matrix = np.asarray(conv_matrix2d(k, (height, width)))
    with style():
        figure = Picture(figsize=(1, 1))
        _draw_blocks(figure, k, matrix, (height, width))
    return figure


def _draw_blocks(figure: Figure, k: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> None:
    row_of_kernel = np.indices(k.shape)[0] + 1
    tints = _tints(k.shape[0])
    large, small = 0.46, min(0.46, 9.2 / matrix.shape[1])
    # The titles need this much room, however small the matrices are.
    beside, room = max(k.shape[1] * large, 0.7), max(matrix.shape[1] * small, 3.0)
    tallest = max(len(matrix) * small, len(k) * large)
    middle = 0.8 + tallest / 2
    page: dict[str, Any] = {
        "figure": figure,
        "width": beside + room + 2.05,
        "height": tallest + 1.0,
    }
    Canvas(**page, cell=large).grid(
        k,
        0.25 + (beside - k.shape[1] * large) / 2,
        middle - len(k) * large / 2,
        title="kernel",
        role="kernel",
        fills=tints[row_of_kernel],
    )
    ax = Canvas(**page, cell=small).grid(
        matrix,
        beside + 1.75 + (room - matrix.shape[1] * small) / 2,
        middle - len(matrix) * small / 2,
        role="kernel",
        fills=tints[np.asarray(conv_matrix2d(row_of_kernel, size), dtype=int)],
    )
    _label_blocks(ax, size, k.shape)
    ax.set_title(f"matrix, {len(matrix)} rows and {matrix.shape[1]} columns", pad=26)


def _tints(rows: int) -> np.ndarray:
    """White for no tap, then one tint for each row of the kernel, ever darker."""
    shares = np.linspace(0, 1, rows)[:, None] if rows > 1 else np.array([[0.4]])
    lightest, darkest = np.array(to_rgb(_LIGHTEST)), np.array(to_rgb(_DARKEST))
    return np.vstack([np.ones(3), lightest + shares * (darkest - lightest)])


def _label_blocks(ax: Axes, size: tuple[int, int], kernel: tuple[int, ...]) -> None:
    """Draw lines between the blocks, and say which rows of image and output they belong to."""
    height, width = size
    rows, columns = height - kernel[0] + 1, width - kernel[1] + 1
    for i in range(height + 1):
        ax.axvline(i * width - 0.5, color=INK, lw=2.2, gid="block", clip_on=False)
    for r in range(rows + 1):
        ax.axhline(r * columns - 0.5, color=INK, lw=2.2, gid="block", clip_on=False)
    ax.set_xticks([(i + 0.5) * width - 0.5 for i in range(height)])
    ax.set_xticklabels([f"image row {i}" for i in range(height)])
    ax.set_yticks([(r + 0.5) * columns - 0.5 for r in range(rows)])
    ax.set_yticklabels([f"output row {r}" for r in range(rows)])
    ax.tick_params(length=0, labelsize=11, labelcolor=MUTED, pad=5)
