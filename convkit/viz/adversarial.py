"""An image, a small change, and what a classifier makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convkit.viz.style import MUTED, SIGNED, Picture, get_role, style

_WIDTH, _IMAGE, _GAP, _SIDE = 7.6, 2.1, 0.5, 0.15


def adversarial_example(
    before: Any,
    after: Any,
    probabilities_before: Any,
    probabilities_after: Any,
    classes: Sequence[str] | None = None,
) -> Figure:
    """Show an image before and after a change, the change, and the classifier's probabilities.

    Parameters
    ----------
    before, after : array_like of shape (H, W)
        The two images: 0 is paper, 1 is ink.
    probabilities_before, probabilities_after : array_like of shape (C,)
        Probability of each class.
    classes : sequence of str, optional
        Names of the classes; by default their numbers.

    Returns
    -------
    Figure
        Three images above, under them the two guesses; below, two bars for each class.

    Raises
    ------
    ValueError
        If the images, the probabilities or the classes do not belong together.

    Examples
    --------
    >>> from convkit import load_digits
    >>> three = load_digits().images[3]
    >>> changed = np.clip(three + 0.1 * np.sign(np.sin(np.arange(64))).reshape(8, 8), 0, 1)
    >>> sure = [0, 0, 0.02, 0.9, 0, 0.05, 0, 0, 0.03, 0]
    >>> fooled = [0, 0, 0, 0.2, 0, 0.1, 0, 0, 0.7, 0]
    >>> picture = adversarial_example(three, changed, sure, fooled)
    >>> [ax.get_title() for ax in picture.axes[:3]]
    ['before', 'change', 'after']
    """
    before, after = np.asarray(before, float), np.asarray(after, float)
    bars = _pair(probabilities_before, probabilities_after)
    if before.ndim != 2 or before.size == 0 or before.shape != after.shape:
        raise ValueError(
            "before and after must be two images of one shape (H, W); "
            f"got {before.shape} and {after.shape}"
        )
    names = [str(n) for n in range(bars.shape[1])] if classes is None else list(classes)
    if len(names) != bars.shape[1]:
        raise ValueError(f"there are {bars.shape[1]} probabilities but {len(names)} classes")
    image_height = _IMAGE * before.shape[0] / before.shape[1]
    height = image_height + 3.6
    with style():
        figure = Picture(figsize=(_WIDTH, height))
        change = after - before
        reach = float(np.abs(change).max()) or 1.0
        guesses = [_guess(row, names) for row in bars]
        for number, (image, title, note) in enumerate(
            [
                (before, "before", guesses[0]),
                (change, "change", f"at most ±{reach:.2g} a pixel"),
                (after, "after", guesses[1]),
            ]
        ):
            left = (_WIDTH - 3 * _IMAGE - 2 * _GAP) / 2 + number * (_IMAGE + _GAP)
            box = (left / _WIDTH, 1 - (image_height + 0.4) / height)
            ax = figure.add_axes((*box, _IMAGE / _WIDTH, image_height / height))
            _draw_image(ax, image, reach if title == "change" else None)
            ax.set_title(title)
            ax.set_xlabel(note, labelpad=6, fontsize=12.5)
        ax = figure.add_axes((0.09, 0.55 / height, 0.89, 1.8 / height))
        _draw_bars(ax, bars, names)
    return figure


def _pair(before: Any, after: Any) -> np.ndarray:
    """Probabilities of both images, in two rows."""
    first, second = np.asarray(before, float), np.asarray(after, float)
    if first.ndim != 1 or first.size == 0 or first.shape != second.shape:
        raise ValueError(
            "probabilities must be two vectors of one length; "
            f"got shapes {first.shape} and {second.shape}"
        )
    pair = np.stack([first, second])
    if (pair < 0).any() or (pair > 1 + 1e-9).any():
        raise ValueError(
            f"probabilities must lie between 0 and 1; got {pair.min():g} to {pair.max():g}"
        )
    return pair


def _guess(probabilities: np.ndarray, names: Sequence[str]) -> str:
    best = int(np.argmax(probabilities))
    return f"“{names[best]}”, {probabilities[best]:.0%} sure"


def _draw_image(ax: Axes, image: np.ndarray, reach: float | None) -> None:
    if reach is None:
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    else:
        ax.imshow(image, cmap=SIGNED, vmin=-reach, vmax=reach)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(True)
    ax.spines[:].set_color(MUTED)


def _draw_bars(ax: Axes, bars: np.ndarray, names: Sequence[str]) -> None:
    """Before in blue; after in pink and hatched, so that both can be told apart in grey."""
    places = np.arange(len(names))
    for row, title, role, side in [(0, "before", "input", -1), (1, "after", "gradient", 1)]:
        colors = get_role(role)
        ax.bar(
            places + side * 0.2,
            100 * bars[row],
            width=0.38,
            facecolor=colors.line if row == 0 else colors.fill,
            edgecolor=colors.line,
            hatch=None if row == 0 else "////",
            label=title,
        )
    ax.set_xticks(places, names)
    ax.set_ylim(0, 100)
    ax.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
    ax.tick_params(axis="x", length=0)
    ax.set_xlabel("what the classifier says")
    ax.legend(frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1.0, 0.98))
