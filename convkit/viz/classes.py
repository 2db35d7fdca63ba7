"""What a classifier takes for what, and many small images at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convkit.viz.grids import draw_grid
from convkit.viz.style import INK, MUTED, SIGNED, Picture, get_role, style


def confusion(labels: Any, predictions: Any, classes: int | None = None) -> Figure:
    """Count what is taken for what: a row for each label, a column for each prediction.

    Parameters
    ----------
    labels, predictions : array_like of int, shape (N,)
        What the images show, and what a classifier says.
    classes : int, optional
        Number of classes; by default as many as occur.

    Returns
    -------
    Figure
        A grid of counts; those off the diagonal are mistakes, and empty where there is none.

    Raises
    ------
    ValueError
        If the two are not vectors of one length, or hold anything but classes.

    Examples
    --------
    >>> labels = np.repeat(np.arange(5), 6)
    >>> predictions = np.where(np.arange(30) % 7 == 3, (labels + 2) % 5, labels)
    >>> picture = confusion(labels, predictions)
    >>> picture.axes[0].get_title()
    '26 of 30 are right: 86.6 %'
    """
    true, said = np.asarray(labels), np.asarray(predictions)
    if true.ndim != 1 or true.shape != said.shape or not len(true):
        raise ValueError(
            "labels and predictions must be vectors of one length; "
            f"got shapes {true.shape} and {said.shape}"
        )
    if not all(np.issubdtype(part.dtype, np.integer) for part in (true, said)):
        raise ValueError("labels and predictions must be whole numbers")
    if min(true.min(), said.min()) < 0:
        raise ValueError("labels and predictions must not be negative")
    largest = int(max(true.max(), said.max()))
    count = largest + 1 if classes is None else classes
    if largest >= count:
        raise ValueError(f"class {largest} is none of {count}")
    table = np.zeros((count, count), int)
    np.add.at(table, (true, said), 1)
    right = int(np.trace(table))
    side = 0.42 * count
    with style():
        figure = Picture(figsize=(max(side + 1.1, 4.4), side + 1.0))
        size = figure.get_size_inches()
        left = (size[0] - side) / 2 + 0.2
        ax = figure.add_axes((left / size[0], 0.15 / size[1], side / size[0], side / size[1]))
        names = [str(k) for k in range(count)]
        fills = _fills(table)
        draw_grid(ax, table, hidden=table == 0, fills=fills, role="padding", labels=(names, names))
        ax.set_xlabel("taken for", color=INK)
        ax.xaxis.set_label_position("top")
        ax.set_ylabel("shows", color=INK)
        share = np.floor(1000 * right / len(true)) / 10
        ax.set_title(f"{right} of {len(true)} are right: {share:.1f} %", pad=12)
    return figure


def _fills(table: np.ndarray) -> np.ndarray:
    """Green on the diagonal; mistakes orange, the stronger the more there are."""
    wrong = table * (1 - np.eye(len(table), dtype=int))
    strength = 0.35 + 0.65 * wrong / max(int(wrong.max()), 1)
    light, white = np.array(to_rgb(get_role("kernel").fill)), np.ones(3)
    fills = white + strength[..., None] * (0.85 * light + 0.15 * np.array([1, 0.6, 0.2]) - white)
    fills[np.diag_indices(len(table))] = to_rgb(get_role("output").fill)
    return np.asarray(fills)


def image_rows(
    rows: Mapping[str, Any],
    *,
    signed: Sequence[str] = (),
    captions: Mapping[str, Sequence[str]] | None = None,
    width: float = 0.82,
) -> Figure:
    """Show rows of small images, each row with its name.

    Grey images are ink on paper: 0 is white, 1 is black.  In a signed row each image has a scale
    of its own: blue above zero, white at zero, orange below.

    Parameters
    ----------
    rows : mapping of str to array_like of shape (N, H, W)
        Names of the rows with their images; rows may differ in length.
    signed : sequence of str
        Names of the rows with negative numbers that mean something.
    captions : mapping of str to sequence of str, optional
        For some rows, a word under each image.
    width : float
        Width of an image in inches.

    Returns
    -------
    Figure
        One Axes for each image, row by row.

    Raises
    ------
    ValueError
        If there is no image, a row is no stack of images, or names do not fit the rows.

    Examples
    --------
    >>> from convkit import load_digits
    >>> digits = load_digits()
    >>> shown, edges = digits.images[:7], np.diff(digits.images[:7], axis=2)
    >>> words = {"digits": [str(label) for label in digits.labels[:7]]}
    >>> picture = image_rows({"digits": shown, "edges": edges}, signed=["edges"], captions=words)
    >>> len(picture.axes)
    14
    """
    words = captions or {}
    stacks = {name: np.asarray(images, float) for name, images in rows.items()}
    _check(stacks, signed, words)
    columns = max(map(len, stacks.values()))
    heights = {
        name: width * stack.shape[1] / stack.shape[2] + 0.42 + 0.24 * (name in words)
        for name, stack in stacks.items()
    }
    total = (0.15 + columns * (width + 0.1), 0.1 + sum(heights.values()))
    with style():
        figure = Picture(figsize=total)
        top = total[1] - 0.05
        for name, stack in stacks.items():
            figure.text(0.15 / total[0], top / total[1], name, va="top", size=12, color=INK)
            tall = width * stack.shape[1] / stack.shape[2]
            for i, image in enumerate(stack):
                place = (0.15 + i * (width + 0.1), top - 0.28 - tall)
                box = (place[0] / total[0], place[1] / total[1])
                ax = figure.add_axes((*box, width / total[0], tall / total[1]))
                _draw_image(ax, image, name in signed)
                if name in words:
                    ax.set_xlabel(words[name][i], labelpad=3, color=MUTED, size=11)
            top -= heights[name]
    return figure


def _check(
    stacks: Mapping[str, np.ndarray], signed: Sequence[str], words: Mapping[str, Sequence[str]]
) -> None:
    if not stacks:
        raise ValueError("image_rows needs at least one row")
    for name, stack in stacks.items():
        if stack.ndim != 3 or stack.size == 0:
            raise ValueError(f"row {name!r} must have the shape (N, H, W), not {stack.shape}")
    unknown = [name for name in (*signed, *words) if name not in stacks]
    if unknown:
        raise ValueError(f"there is no row {unknown[0]!r}; the rows are {list(stacks)}")
    for name, texts in words.items():
        if len(texts) != len(stacks[name]):
            raise ValueError(
                f"row {name!r} has {len(stacks[name])} images and {len(texts)} captions"
            )


def _draw_image(ax: Axes, image: np.ndarray, signed: bool) -> None:
    if signed:
        reach = np.abs(image).max() or 1.0
        ax.imshow(image, cmap=SIGNED, vmin=-reach, vmax=reach)
    else:
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set(visible=True, color=get_role("padding").line, linewidth=0.8)
