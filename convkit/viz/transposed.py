"""The way back through a correlation: every entry of a gradient stamps the kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from convkit.viz.grids import cell_text
from convkit.viz.player import Steps
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import get_role


def kernel_stamps(dy: Any, k: Any, stride: int = 1) -> Steps:
    """Show the transposed convolution: what each entry of the gradient adds to the image's.

    Parameters
    ----------
    dy : array_like of shape (H_out, W_out)
        The upstream gradient.
    k : array_like of shape (kh, kw)
        The kernel of the correlation, as it was used in the forward pass.
    stride : int
        The stride of the forward pass.

    Returns
    -------
    Steps
        One step for each entry of `dy`. The orange frames show the entry, and where its stamp
        lands.

    Raises
    ------
    ValueError
        If `dy` or `k` is not a matrix, `stride` is less than 1, or there are too many steps.

    Examples
    --------
    >>> picture = kernel_stamps([[1, 2], [-1, 3]], [[1, 0, 2], [0, 1, 0]])
    >>> len(picture)
    4
    >>> picture.frame(3).texts[-1].get_text()
    'dy[1, 1] = 3: add 3 times the kernel, its corner at [1, 1]'
    """
    dy, k = np.asarray(dy), np.asarray(k)
    if dy.ndim != 2 or k.ndim != 2:
        raise ValueError(
            "dy and k must be matrices (H_out, W_out) and (kh, kw); "
            f"got shapes {dy.shape} and {k.shape}"
        )
    if stride < 1:
        raise ValueError(f"stride must be at least 1, not {stride}")
    return _Stamps(dy, k, stride).steps()


class _Stamps:
    """The gradient of the image after each stamp, and how a step is drawn."""

    def __init__(self, dy: np.ndarray, k: np.ndarray, stride: int) -> None:
        self.dy, self.k, self.stride = dy, k, stride
        rows, columns = (stride * (n - 1) + size for n, size in zip(dy.shape, k.shape, strict=True))
        so_far = np.zeros((rows, columns), np.result_type(dy, k))
        self.sums = []
        for i, j in np.ndindex(*dy.shape):
            top, left = i * stride, j * stride
            so_far = so_far.copy()
            so_far[top : top + k.shape[0], left : left + k.shape[1]] += dy[i, j] * k
            self.sums.append(so_far)

    def steps(self) -> Steps:
        height, width = self.dy.shape
        title = f"a {height}×{width} gradient goes back through a correlation"
        return Steps(self.draw, self.dy.size, title=title)

    def draw(self, figure: Figure, step: int) -> None:
        i, j = divmod(step, self.dy.shape[1])
        top, left = i * self.stride, j * self.stride
        row = [
            Panel(self.dy, "gradient of the output", role="gradient", window=(i, j, 1, 1)),
            Panel(self.k, "kernel", role="kernel", before="·"),
            Panel(
                self.sums[step],
                "gradient of the image so far",
                role="gradient",
                window=(top, left, *self.k.shape),
                before="→",
            ),
        ]
        place_rows(figure, [row], cell=self._cell(), below=0.55, min_width=7.0)
        value = cell_text(self.dy[i, j])
        figure.text(
            0.5,
            0.3 / figure.get_size_inches()[1],
            f"dy[{i}, {j}] = {value}: add {value} times the kernel, its corner at [{top}, {left}]",
            ha="center",
            va="center",
            size=12.5,
            color=get_role("gradient").line,
        )

    def _cell(self) -> float:
        columns: int = self.dy.shape[1] + self.k.shape[1] + self.sums[0].shape[1]
        return min(0.5, 7.5 / columns)
