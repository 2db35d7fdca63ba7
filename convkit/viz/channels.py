"""Many channels and many kernels: planes in stacks, with their shapes written on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit.viz.grids import cell_text
from convkit.viz.rows import STAR, Panel, place_rows
from convkit.viz.style import INK, MUTED, Picture, get_role, style

_MOST_PLANES = 5
_MOST_FILTERS = 4


def channel_stacks(
    input_shape: Sequence[int],
    kernel_shape: Sequence[int],
    stride: int = 1,
    padding: int = 0,
) -> Figure:
    """Show a convolution layer as stacks of planes: input, one stack for each filter, output.

    Parameters
    ----------
    input_shape : (int, int, int, int)
        (N, H, W, C_in).
    kernel_shape : (int, int, int, int)
        (kh, kw, C_in, C_out).
    stride, padding : int
        As for `convkit.conv2d`.

    Returns
    -------
    Figure
        Each filter has as many planes as the input has channels, and makes one output plane.

    Raises
    ------
    ValueError
        If a shape has not four entries, the channels differ, or the kernel does not fit.

    Examples
    --------
    >>> picture = channel_stacks((2, 6, 8, 3), (3, 3, 3, 4))
    >>> [text.get_text() for text in picture.axes[0].texts if text.get_gid() == "shape"]
    ['(N, H, W, C_in)\\n= (2, 6, 8, 3)', '(kh, kw, C_in, C_out)\\n= (3, 3, 3, 4)', \
'(N, H_out, W_out, C_out)\\n= (2, 4, 6, 4)']
    """
    n, height, width, channels = _four(input_shape, "input_shape", "(N, H, W, C_in)")
    kh, kw, depth, filters = _four(kernel_shape, "kernel_shape", "(kh, kw, C_in, C_out)")
    if depth != channels:
        raise ValueError(f"the input has {channels} channels, but the kernels have {depth}")
    out_height = (height + 2 * padding - kh) // stride + 1
    out_width = (width + 2 * padding - kw) // stride + 1
    if out_height < 1 or out_width < 1:
        raise ValueError(
            f"a {kh}×{kw} kernel does not fit into {height}×{width} with padding {padding}"
        )
    with style():
        figure = Picture(figsize=(9.5, 4.4))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set_xlim(0, 9.5)
        ax.set_ylim(4.4, 0)
        ax.set_axis_off()
        unit = 1.6 / max(height, width)
        _heading(ax, 1.55, "input", "input")
        _heading(ax, 4.75, f"{filters} filter" + "s" * (filters != 1), "kernel")
        _heading(ax, 7.95, "feature maps", "output")
        _stack(ax, (1.55, 2.05), (width * unit, height * unit), channels, "input", "C_in")
        _filters(ax, (kw * unit, kh * unit), channels, filters)
        _stack(ax, (7.95, 2.05), (out_width * unit, out_height * unit), filters, "output", "C_out")
        for x, sign in ((3.2, STAR), (6.3, "=")):
            ax.text(x, 2.05, sign, ha="center", va="center", size=44 if sign == STAR else 26)
        out = (n, out_height, out_width, filters)
        _shape(ax, 1.55, "(N, H, W, C_in)", tuple(input_shape))
        _shape(ax, 4.75, "(kh, kw, C_in, C_out)", tuple(kernel_shape))
        _shape(ax, 7.95, "(N, H_out, W_out, C_out)", out)
    return figure


def _four(shape: Sequence[int], name: str, meaning: str) -> tuple[int, int, int, int]:
    if len(shape) != 4 or min(shape) < 1:
        raise ValueError(f"{name} must be {meaning}, four positive numbers; got {tuple(shape)}")
    a, b, c, d = (int(size) for size in shape)
    return a, b, c, d


def _heading(ax: Axes, x: float, text: str, role: str) -> None:
    ax.text(x, 0.15, text, ha="center", va="top", size=15, weight="bold", color=get_role(role).line)


def _shape(ax: Axes, x: float, names: str, shape: tuple[int, ...]) -> None:
    ax.text(
        x, 4.3, f"{names}\n= {shape}", ha="center", va="bottom", size=12, color=INK, gid="shape"
    )


def _stack(
    ax: Axes,
    center: tuple[float, float],
    size: tuple[float, float],
    planes: int,
    role: str,
    word: str = "",
) -> None:
    """Draw planes behind each other; the last channel is the nearest."""
    shown = min(planes, _MOST_PLANES)
    shift = min(0.22, 0.8 / shown)
    colors = get_role(role)
    for plane in range(shown):
        offset = (plane - (shown - 1) / 2) * shift
        corner = (center[0] - size[0] / 2 + offset, center[1] - size[1] / 2 + offset * 0.8)
        ax.add_patch(
            Rectangle(corner, *size, facecolor=colors.fill, edgecolor=colors.line, lw=1.6, gid=role)
        )
    if word:
        low = center[1] + size[1] / 2 + (shown - 1) / 2 * shift * 0.8 + 0.12
        text = f"{word} = {planes} plane" + "s" * (planes != 1)
        text += f" ({shown} drawn)" if shown < planes else ""
        ax.text(center[0], low, text, ha="center", va="top", size=11.5, color=MUTED)


def _filters(ax: Axes, size: tuple[float, float], channels: int, filters: int) -> None:
    shown = min(filters, _MOST_FILTERS)
    room = 2.7 / shown
    scale = min(1.0, 0.5 * room / size[1], 0.9 / size[0])
    size = (size[0] * scale, size[1] * scale)
    for number in range(shown):
        middle = 2.05 + (number - (shown - 1) / 2) * room
        _stack(ax, (4.75, middle), size, channels, "kernel")
        last = filters if number == shown - 1 and filters > shown else number + 1
        ax.text(5.55, middle, f"filter {last}", ha="left", va="center", size=10.5, color=MUTED)
        if last != number + 1:
            ax.text(5.55, middle - room / 2, "⋮", ha="left", va="center", size=12, color=MUTED)


def channel_sum(x: Any, w: Any, at: tuple[int, int] = (0, 0)) -> Figure:
    """Show how the channels of one window add up to one number.

    Parameters
    ----------
    x : array_like of shape (H, W, C)
        One image.
    w : array_like of shape (kh, kw, C)
        One filter.
    at : (int, int)
        Row and column of the output.

    Returns
    -------
    Figure
        A row for each channel: window, kernel plane, and the sum of their products.

    Raises
    ------
    ValueError
        If the shapes do not belong together or the window does not lie inside the image.

    Examples
    --------
    >>> x = np.arange(36).reshape(3, 4, 3) % 5
    >>> picture = channel_sum(x, np.ones((2, 2, 3), int))
    >>> picture.texts[-1].get_text()
    'output[0, 0] = 5 + 9 + 8 = 22'
    """
    x, w = np.asarray(x), np.asarray(w)
    if x.ndim != 3 or w.ndim != 3 or x.shape[2] != w.shape[2]:
        raise ValueError(
            "x must be (H, W, C) and w (kh, kw, C) with the same C; "
            f"got shapes {x.shape} and {w.shape}"
        )
    i, j = at
    window = x[i : i + w.shape[0], j : j + w.shape[1]]
    if min(at) < 0 or window.shape != w.shape:
        raise ValueError(f"no window of shape {w.shape[:2]} starts at {at} in {x.shape[:2]}")
    sums = (window * w).sum(axis=(0, 1))
    rows = [_channel_row(x[..., c], w[..., c], at, sums[c], c) for c in range(x.shape[2])]
    with style():
        figure = Picture(figsize=(1, 1))
        place_rows(figure, rows, cell=0.4, below=0.45)
        total = _sum_of(sums)
        figure.text(
            0.5,
            0.2 / figure.get_size_inches()[1],
            f"output[{i}, {j}] = {total}",
            ha="center",
            va="center",
            size=14,
            weight="bold",
            color=get_role("output").line,
        )
    return figure


def _channel_row(
    x: np.ndarray, w: np.ndarray, at: tuple[int, int], total: Any, channel: int
) -> list[Panel]:
    return [
        Panel(x, f"input, channel {channel}", window=(*at, *w.shape)),
        Panel(w, f"filter, channel {channel}", role="kernel", before=STAR),
        Panel(np.array([[total]]), "sum of products", role="output", before="="),
    ]


def _sum_of(parts: np.ndarray) -> str:
    terms = [cell_text(part) for part in parts]
    terms = [terms[0], *(f"({term})" if term.startswith("−") else term for term in terms[1:])]
    return " + ".join(terms) + f" = {cell_text(parts.sum())}"
