"""Distances at work: the way of a taxi, and the nearest neighbours of images and their votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convkit.data import Digits
from convkit.viz.broadcasting import in_brackets
from convkit.viz.style import INK, MUTED, Picture, get_role, style

_MOST_BLOCKS = 12
_MOST_NEIGHBOURS = 8
_MOST_ROWS = 6
_STREET = "#d5dade"


def city_block(start: Sequence[int], end: Sequence[int]) -> Figure:
    """Show the L1 distance of two crossings as the way of a taxi, beside the straight line.

    Parameters
    ----------
    start, end : pair of int
        Street and avenue, as (x, y).

    Returns
    -------
    Figure
        Streets, two ways of the same L1 length, and the straight line, whose length is L2.

    Raises
    ------
    ValueError
        If a point is not a pair of whole numbers, or the points are more than 12 blocks apart in
        one direction.

    Examples
    --------
    >>> picture = city_block((1, 1), (5, 4))
    >>> [text.get_text() for text in picture.axes[0].texts if text.get_gid() == "length"]
    ['L1 = |1 − 5| + |1 − 4| = 7', 'L2 = 5']
    """
    points = np.array([start, end])
    if points.shape != (2, 2) or points.dtype.kind != "i":
        raise ValueError(f"points must be pairs of whole numbers; got {start} and {end}")
    (x0, y0), (x1, y1) = points.tolist()
    blocks = int(np.abs(points[0] - points[1]).max())
    if not 1 <= blocks <= _MOST_BLOCKS:
        raise ValueError(f"points must be 1 to {_MOST_BLOCKS} blocks apart, not {blocks}")
    low, high = points.min(axis=0) - 1, points.max(axis=0) + 1
    wide, tall = (high - low) * 0.55
    total, straight = np.abs(points[0] - points[1]).sum(), np.hypot(x0 - x1, y0 - y1)
    differences = (
        f"|{in_brackets(x0)} − {in_brackets(x1)}| + |{in_brackets(y0)} − {in_brackets(y1)}|"
    )
    with style():
        figure = Picture(figsize=(wide + 4.1, max(tall, 1.7) + 0.4))
        ax = figure.add_axes((0.02, 0.02, wide / (wide + 4.1), 0.96))
        ax.vlines(np.arange(low[0], high[0] + 1), low[1], high[1], color=_STREET, lw=5)
        ax.hlines(np.arange(low[1], high[1] + 1), low[0], high[0], color=_STREET, lw=5)
        _draw_ways(ax, points)
        ax.set_aspect("equal")
        ax.set_axis_off()
        _say(ax, 0.62, f"L1 = {differences} = {total}", "input", "solid or dotted: the same")
        _say(ax, 0.28, f"L2 = {straight:.3g}", "kernel", "dashed: the straight line")
    return figure


def _draw_ways(ax: Axes, points: np.ndarray) -> None:
    (x0, y0), (x1, y1) = points.tolist()
    blue, orange = get_role("input").line, get_role("kernel").line
    ax.plot([x0, x1, x1], [y0, y0, y1], color=blue, lw=3.5, zorder=3)
    ax.plot(*_stairs(points), color=blue, lw=2.5, ls=(0, (1, 1)), zorder=3)
    ax.plot([x0, x1], [y0, y1], color=orange, lw=2.5, ls="--", zorder=3)
    ax.plot(points[:, 0], points[:, 1], "o", color=INK, ms=10, zorder=4)


def _stairs(points: np.ndarray) -> tuple[list[int], list[int]]:
    """Corners of a way that turns at every crossing."""
    (x, y), end = points[0].tolist(), points[1].tolist()
    xs, ys = [x], [y]
    while [x, y] != end:
        if y != end[1]:
            y += int(np.sign(end[1] - y))
            xs.append(x)
            ys.append(y)
        if x != end[0]:
            x += int(np.sign(end[0] - x))
            xs.append(x)
            ys.append(y)
    return xs, ys


def _say(ax: Axes, y: float, length: str, role: str, remark: str) -> None:
    at: dict[str, Any] = {"transform": ax.transAxes, "ha": "left", "va": "center"}
    color = get_role(role).line
    ax.text(1.04, y, length, color=color, size=13.5, weight="bold", gid="length", **at)
    ax.text(1.04, y - 0.14, remark, color=MUTED, size=11.5, **at)


def nearest_neighbours(test: Digits, train: Digits, distances: Any, k: int = 5) -> Figure:
    """Show images with their k nearest training images, and whose labels agree.

    Parameters
    ----------
    test : Digits
        The images to classify, one row each; at most 6.
    train : Digits
        The images that have been seen before.
    distances : array_like of shape (len(test), len(train))
        Distance of each test image to each training image.
    k : int
        Neighbours to show, from the nearest; at most 8.

    Returns
    -------
    Figure
        A neighbour with the same label has a green frame, one with another label a dashed
        orange frame and a cross before its label.

    Raises
    ------
    ValueError
        If there are no or too many images or neighbours, or the distances have another shape.

    Examples
    --------
    >>> from convkit import l1_distances, load_digits
    >>> train, test = load_digits().split()
    >>> some = Digits(test.images[:3], test.labels[:3])
    >>> distances = l1_distances(some.images.reshape(3, -1), train.images.reshape(len(train), -1))
    >>> picture = nearest_neighbours(some, train, distances)
    >>> len(picture.axes)
    18
    """
    distances = np.asarray(distances)
    _check(test, train, distances, k)
    width, height = 1.25 * (k + 1) + 0.35, 1.5 * len(test) + 0.35
    with style():
        figure = Picture(figsize=(width, height))
        for row, order in enumerate(np.argsort(distances, axis=1, kind="stable")[:, :k]):
            top, label = height - 0.35 - 1.5 * row, test.labels[row]
            _image(figure, (0.1, top), test.images[row], "input", f"test, a {label}")
            for place, column in enumerate(order, start=1):
                same = train.labels[column] == label
                words = f"{train.labels[column]}  at {distances[row, column]:.3g}"
                words, role = (words, "output") if same else (f"× {words}", "kernel")
                _image(figure, (0.35 + 1.25 * place, top), train.images[column], role, words)
        heading = f"its {k} nearest training images" if k > 1 else "its nearest"
        for left, text in ((0.1, "test image"), (1.6, heading)):
            at = (left / width, 1 - 0.06 / height)
            figure.text(*at, text, va="top", size=11, color=MUTED)
    return figure


def _check(test: Digits, train: Digits, distances: np.ndarray, k: int) -> None:
    if not 1 <= len(test) <= _MOST_ROWS:
        raise ValueError(f"the picture has room for 1 to {_MOST_ROWS} test images, not {len(test)}")
    if distances.shape != (len(test), len(train)):
        raise ValueError(
            f"distances must have the shape {(len(test), len(train))}, one row for each test "
            f"image, not {distances.shape}"
        )
    most = min(_MOST_NEIGHBOURS, len(train))
    if not 1 <= k <= most:
        raise ValueError(f"k must be from 1 to {most}, not {k}")


def _image(
    figure: Figure, at: tuple[float, float], image: np.ndarray, role: str, words: str
) -> None:
    """Draw an image, dark on light, with words under it; `at` is its upper left corner."""
    width, height = figure.get_size_inches()
    left, top = at
    ax = figure.add_axes((left / width, (top - 1.08) / height, 1.08 / width, 1.08 / height))
    ax.imshow(image, cmap="gray_r")
    ax.set_xticks([])
    ax.set_yticks([])
    pattern = (0, (3, 1.5)) if role == "kernel" else "-"
    ax.spines[:].set(visible=True, color=get_role(role).line, linewidth=3, linestyle=pattern)
    ax.set_xlabel(words, size=10.5, labelpad=3)


def accuracy_curve(accuracy: Mapping[int, float]) -> Figure:
    """Show how often k neighbours vote right, for several k.

    Parameters
    ----------
    accuracy : mapping of int to float
        For each number of neighbours the share of right predictions, from 0 to 1.

    Returns
    -------
    Figure
        The numbers of neighbours stand at equal distances; the best is marked.

    Raises
    ------
    ValueError
        If there are fewer than two numbers of neighbours, or a share is not between 0 and 1.

    Examples
    --------
    >>> picture = accuracy_curve({1: 0.975, 5: 0.972, 51: 0.914, 401: 0.808})
    >>> [text.get_text() for text in picture.axes[0].texts]
    ['97.5 %', '97.2 %', '91.4 %', '80.8 %']
    """
    ks = sorted(accuracy)
    shares = [float(accuracy[k]) for k in ks]
    if len(ks) < 2 or not all(0 <= share <= 1 for share in shares):
        raise ValueError(f"two or more shares between 0 and 1 are needed; got {dict(accuracy)}")
    line = get_role("output").line
    with style():
        figure = Picture(figsize=(max(6.0, 0.85 * len(ks) + 1), 3.3))
        ax = figure.add_axes((0.16, 0.2, 0.8, 0.7))
        ax.plot(shares, "o-", color=line, ms=7)
        best = int(np.argmax(shares))
        ax.plot(best, shares[best], "o", ms=15, mfc="none", mec=line, mew=2.5, gid="best")
        for place, share in enumerate(shares):
            words = f"{100 * share:.1f} %"
            at: dict[str, Any] = {"xytext": (3, 9), "textcoords": "offset points"}
            ax.annotate(words, (place, share), ha="left", size=10.5, color=INK, **at)
        ax.set_xticks(range(len(ks)), [str(k) for k in ks])
        ax.set_xlim(-0.4, len(ks) - 0.2)
        ax.set_xlabel("number of neighbours k")
        ax.set_ylabel("right predictions")
        ax.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
        reach = max(shares) - min(shares) or 0.1
        ax.set_ylim(min(shares) - 0.15 * reach, max(shares) + 0.25 * reach)
    return figure
