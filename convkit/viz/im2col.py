"""im2col: the windows of an image become the rows of a matrix, one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit.viz.canvas import Canvas
from convkit.viz.player import Steps
from convkit.viz.style import get_role

_CHANNEL_FILLS = (get_role("input").fill, "#b9d9f1", "#8fc3ea")
_MOST_COLUMNS = 18
_SIDE, _TOP, _BETWEEN = 0.3, 0.45, 1.25


def im2col_rows(x: Any, kernel: int | tuple[int, int], stride: int = 1, padding: int = 0) -> Steps:
    """Show im2col filling its matrix, a window at a time.

    Parameters
    ----------
    x : array_like of shape (H, W) or (H, W, C)
        One image, with up to three channels.
    kernel : int or (int, int)
        Height and width of the windows.
    stride : int
        How far the window moves.
    padding : int
        Zeros added on each side; they are grey.

    Returns
    -------
    Steps
        One step for each window. Each channel has its own tint, in the image and in the matrix.
        A column is headed by row, column and channel in the window.

    Raises
    ------
    ValueError
        If `x` is not an image, has too many channels, the window does not fit, or the matrix is
        too large to be read.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.stack([np.arange(1, 13), 10 * np.arange(1, 13)], axis=-1).reshape(3, 4, 2)
    >>> picture = im2col_rows(image, kernel=2)
    >>> len(picture)
    6
    >>> [label.get_text() for label in picture.frame(0).axes[-1].get_xticklabels()][:3]
    ['0,0,0', '0,0,1', '0,1,0']
    """
    x = np.asarray(x)
    if x.ndim not in (2, 3) or x.size == 0 or (x.ndim == 3 and x.shape[2] > len(_CHANNEL_FILLS)):
        raise ValueError(
            f"x must be one image (H, W) or (H, W, C) with up to {len(_CHANNEL_FILLS)} channels, "
            f"not of shape {x.shape}"
        )
    if stride < 1 or padding < 0:
        raise ValueError(
            f"stride must be at least 1 and padding at least 0; got {stride} and {padding}"
        )
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    height, width = x.shape[0] + 2 * padding, x.shape[1] + 2 * padding
    if not (1 <= kh <= height and 1 <= kw <= width):
        raise ValueError(
            f"a window of {kh}×{kw} does not fit into an image of {x.shape[0]}×{x.shape[1]} "
            f"with padding {padding}"
        )
    image = x[:, :, None] if x.ndim == 2 else x
    columns = kh * kw * image.shape[2]
    if columns > _MOST_COLUMNS:
        raise ValueError(
            f"a matrix of {columns} columns cannot be read; "
            f"window and channels may make {_MOST_COLUMNS}"
        )
    return _Windows(image, (kh, kw), stride, padding).steps()


class _Windows:
    """The planes of an image, the rows that its windows make, and how a step is drawn."""

    def __init__(
        self, image: np.ndarray, kernel: tuple[int, int], stride: int, padding: int
    ) -> None:
        border = (padding, padding)
        self.padded = np.pad(image, (border, border, (0, 0)))
        self.kernel, self.stride = kernel, stride
        inside = np.pad(np.ones(image.shape, bool), (border, border, (0, 0)))
        colors = np.array([to_rgb(fill) for fill in _CHANNEL_FILLS[: image.shape[2]]])
        grey = np.array(to_rgb(get_role("padding").fill))
        # (H, W, C, 3)
        self.fills = np.where(inside[..., None], colors, grey)
        kh, kw = kernel
        self.tops = range(0, self.padded.shape[0] - kh + 1, stride)
        self.lefts = range(0, self.padded.shape[1] - kw + 1, stride)
        corners = [(top, left) for top in self.tops for left in self.lefts]
        windows = [(slice(top, top + kh), slice(left, left + kw)) for top, left in corners]
        self.corners = corners
        self.matrix = np.array([self.padded[window].ravel() for window in windows])
        self.matrix_fills = np.array([self.fills[window].reshape(-1, 3) for window in windows])

    def steps(self) -> Steps:
        rows, columns = self.matrix.shape
        title = f"im2col fills a matrix of {rows} rows and {columns} columns"
        return Steps(self.draw, rows, title=title)

    def draw(self, figure: Figure, step: int) -> None:
        height, width, channels = self.padded.shape
        rows, columns = self.matrix.shape
        cell = min(0.46, 7.6 / (width + columns))
        planes = channels * height * cell + (channels - 1) * _TOP
        tall = max(planes, rows * cell + 0.25)
        left = _SIDE + max(width * cell, 0.9) + _BETWEEN
        canvas = Canvas(figure, left + columns * cell + _SIDE, tall + _TOP + 0.25, cell)
        top = _TOP + (tall - planes) / 2
        for channel in range(channels):
            canvas.grid(
                self.padded[..., channel],
                _SIDE,
                top + channel * (height * cell + _TOP),
                title=f"channel {channel}" if channels > 1 else "image",
                window=(*self.corners[step], *self.kernel),
                fills=self.fills[:, :, channel],
            )
        ax = canvas.grid(
            self.matrix,
            left,
            _TOP + 0.25 + (tall - 0.25 - rows * cell) / 2,
            labels=self._labels(),
            hidden=np.indices(self.matrix.shape)[0] > step,
            fills=self.matrix_fills,
        )
        ax.set_title("im2col", pad=20)
        # An outline alone: the row keeps the tints of its channels.
        outline = Rectangle(
            (-0.5, step - 0.5),
            columns,
            1,
            fill=False,
            edgecolor=get_role("kernel").line,
            lw=3.5,
            zorder=5,
            gid="window",
        )
        ax.add_patch(outline)

    def _labels(self) -> tuple[list[str], list[str]]:
        kh, kw = self.kernel
        channels = self.padded.shape[2]
        places = np.ndindex(kh, kw, channels) if channels > 1 else np.ndindex(kh, kw)
        columns = [",".join(map(str, place)) for place in places]
        rows = [f"[{i}, {j}]" for i in range(len(self.tops)) for j in range(len(self.lefts))]
        return rows, columns
