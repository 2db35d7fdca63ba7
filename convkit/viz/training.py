"""How a loss falls while networks are trained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from matplotlib.ticker import MaxNLocator

from convkit.viz.style import MUTED, Picture, get_role, style

_WIDTH, _TEXT = 7.6, 12.0
_LOOKS = (("input", "-"), ("kernel", "--"), ("output", "-."), ("gradient", ":"))


def loss_curves(
    curves: Mapping[str, Any],
    *,
    steps: str = "epoch",
    floor: tuple[str, float] | None = None,
) -> Figure:
    """Draw training losses over time, each with its name at its end.

    Parameters
    ----------
    curves : mapping of str to array_like of shape (T,)
        At most four names with their losses, all above 0.  They may differ in length.
    steps : str
        What a point of a curve stands for.
    floor : tuple of (str, float), optional
        Name and height of a level, such as the lowest loss that there is.

    Returns
    -------
    Figure
        Losses on a logarithmic scale.

    Raises
    ------
    ValueError
        If there is no curve or more than four, or a curve is empty or not above 0.

    Examples
    --------
    >>> time = np.arange(30)
    >>> losses = {"linear": 0.9 + np.exp(-time / 4), "with ReLU": 0.1 + 2 * np.exp(-time / 5)}
    >>> picture = loss_curves(losses, floor=("no linear network gets lower", 0.9))
    >>> [text.get_text() for text in picture.axes[0].texts]
    ['linear', 'with ReLU', 'no linear network gets lower']
    """
    if not 1 <= len(curves) <= len(_LOOKS):
        raise ValueError(f"there must be 1 to {len(_LOOKS)} curves, not {len(curves)}")
    losses = {name: np.asarray(values, float) for name, values in curves.items()}
    for name, values in losses.items():
        if values.ndim != 1 or not len(values) or not (values > 0).all():
            raise ValueError(f"curve {name!r} must be a vector of numbers above 0")
    if floor is not None and floor[1] <= 0:
        raise ValueError(f"the floor must be above 0, not {floor[1]}")
    with style():
        figure = Picture(figsize=(_WIDTH, 3.8), layout="constrained")
        ax = figure.add_subplot()
        ax.set_yscale("log")
        _draw(ax, losses, floor)
        ax.set_xlabel(steps)
        ax.set_ylabel("training loss")
        ax.minorticks_off()
        ticks = _round_numbers(*ax.get_ylim())
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.grid(axis="y", color=get_role("padding").fill)
    return figure


def _draw(ax: Axes, losses: Mapping[str, np.ndarray], floor: tuple[str, float] | None) -> None:
    longest = max(map(len, losses.values()))
    reach = max(longest - 1, 1)
    ax.set_xlim(0, reach / (1 - _room_for(losses)))
    ticks = MaxNLocator(nbins=6, integer=True).tick_values(0, reach)
    ax.set_xticks([tick for tick in ticks if 0 <= tick <= reach])
    everything = np.concatenate([*losses.values(), [floor[1]] if floor else []])
    ax.set_ylim(0.8 * everything.min(), 1.15 * everything.max())
    for place, (name, (role, dashes)) in zip(
        _apart({name: values[-1] for name, values in losses.items()}, ax.get_ylim()),
        zip(losses, _LOOKS, strict=False),
        strict=True,
    ):
        color = get_role(role).line
        values = losses[name]
        ax.plot(values, color=color, linestyle=dashes, gid=name)
        at = (len(values) - 1 + 0.02 * reach, place)
        ax.text(*at, name, color=color, va="center", weight="bold", size=_TEXT)
    if floor is not None:
        name, level = floor
        ax.plot([0, reach], [level, level], color=MUTED, lw=1, zorder=0)
        ax.text(reach, level / 1.04, name, color=MUTED, size=11, ha="right", va="top")


def _room_for(names: Iterable[str]) -> float:
    """Share of the picture's width that the longest name needs behind its curve."""
    bold = FontProperties(family="DejaVu Sans", weight="bold", size=_TEXT)
    widest = max(TextPath((0, 0), name, prop=bold).get_extents().width for name in names)
    return min(0.6, (widest / 72 + 0.25) / (_WIDTH - 0.8))


def _apart(ends: Mapping[str, float], limits: tuple[float, float]) -> list[float]:
    """Heights of the names: at the ends of their curves, but never on top of each other."""
    low, high = np.log(limits)
    least = 0.075 * (high - low)
    placed: dict[str, float] = {}
    below = -np.inf
    for name, height in sorted(ends.items(), key=lambda pair: pair[1]):
        below = placed[name] = max(float(np.log(height)), below + least)
    return [float(np.exp(placed[name])) for name in ends]


def _round_numbers(low: float, high: float) -> list[float]:
    """Ticks of a logarithmic axis: 1, 2, 5 of each decade, and all digits where it is short."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    digits = (1, 2, 5) if high > 8 * low else range(1, 10)
    numbers = [digit * 10.0**decade for decade in decades for digit in digits]
    return [number for number in numbers if low <= number <= high]
