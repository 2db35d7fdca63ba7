"""Batch normalization: which numbers share a mean, and what it does to their distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convkit.viz.grids import cell_text
from convkit.viz.player import Steps
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import INK, MUTED, Picture, Role, get_role, style

_GROUP_ROLES = ("input", "kernel", "output", "gradient", "padding", "neutral")
_MARKERS = "osD^vP"
_MOST_FEATURES = len(_GROUP_ROLES)
_MOST_ROWS, _MOST_COLUMNS = 24, 32


def shared_statistics(x: Any, axes: Sequence[int] | None = None) -> Figure:
    """Show which numbers of a batch share a mean and a variance: those of one colour.

    Parameters
    ----------
    x : array_like of shape (N, D) or (N, H, W, C)
        Vectors, or images of which each channel is drawn as a grid.
    axes : sequence of int, optional
        The axes that a mean goes over; by default all but the last, as in batch normalization.
        For images ``(1, 2)`` is instance normalization and ``(1, 2, 3)`` layer normalization.

    Returns
    -------
    Figure
        Images stand under each other, their channels side by side. Mean and variance stand under
        the last grid that they belong to. After six means the colours begin again.

    Raises
    ------
    ValueError
        If `x` has another number of axes or is too large to be read, or there is no such axis.

    Examples
    --------
    >>> picture = shared_statistics(np.arange(1, 37).reshape(2, 2, 3, 3) % 7)
    >>> picture.texts[-1].get_text()
    '12 numbers share each mean: 3 means, 3 variances'
    """
    x = np.asarray(x)
    if x.ndim not in (2, 4) or x.size == 0:
        raise ValueError(f"x must be (N, D) or (N, H, W, C) with entries; got shape {x.shape}")
    _check_room(x)
    over = tuple(range(x.ndim - 1)) if axes is None else tuple(axes)
    if not over or not set(over) <= set(range(x.ndim)):
        raise ValueError(f"axes must be some of {tuple(range(x.ndim))}; got {over}")
    mean, variance = (function(x, axis=over, keepdims=True) for function in (np.mean, np.var))
    groups = np.arange(mean.size).reshape(mean.shape)
    make = _vector_panels if x.ndim == 2 else _image_panels
    rows = make(x, mean, variance, groups)
    share, count = x.size // mean.size, mean.size
    plural = "s" * (count != 1)
    number = "1 number has its own mean" if share == 1 else f"{share} numbers share each mean"
    words = f"{number}: {count} mean{plural}, {count} variance{plural}"
    widest = sum(panel.array.shape[1] for panel in rows[0])
    with style():
        figure = Picture(figsize=(1, 1))
        place_rows(figure, rows, cell=min(0.5, 9.0 / widest), below=0.5, min_width=6.6)
        height = figure.get_size_inches()[1]
        figure.text(0.5, 0.22 / height, words, ha="center", va="center", size=14, weight="bold")
    return figure


def _check_room(x: np.ndarray) -> None:
    rows, columns = x.shape if x.ndim == 2 else (x.shape[0] * x.shape[1], x.shape[2] * x.shape[3])
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        part = "x[:8, :8]" if x.ndim == 2 else "x[:2, :4, :4, :3]"
        raise ValueError(
            f"x of shape {x.shape} is too large to be read as a picture; "
            f"show a part, such as {part}"
        )


def _group_role(group: int) -> Role:
    return get_role(_GROUP_ROLES[group % len(_GROUP_ROLES)])


def _group_fills(groups: np.ndarray) -> np.ndarray:
    colors = np.array([to_rgb(get_role(name).fill) for name in _GROUP_ROLES])
    fills: np.ndarray = colors[groups % len(colors)]
    return fills


def _vector_panels(
    x: np.ndarray, mean: np.ndarray, variance: np.ndarray, groups: np.ndarray
) -> list[list[Panel]]:
    """Statistics go where the axis went: under the batch, or to its right."""
    panels = [
        Panel(x, "batch", role="neutral", fills=_group_fills(np.broadcast_to(groups, x.shape))),
        Panel(mean, "mean", role="neutral", fills=_group_fills(groups)),
        Panel(variance, "variance", role="neutral", fills=_group_fills(groups)),
    ]
    return [[panel] for panel in panels] if len(mean) == 1 < mean.size else [panels]


def _image_panels(
    x: np.ndarray, mean: np.ndarray, variance: np.ndarray, groups: np.ndarray
) -> list[list[Panel]]:
    everywhere = np.broadcast_to(groups, x.shape)
    means, variances = mean.ravel(), variance.ravel()
    last_of = {int(group): place for place, group in np.ndenumerate(everywhere[:, 0, 0])}
    rows = []
    for n in range(len(x)):
        row = []
        for c in range(x.shape[3]):
            ids = everywhere[n, :, :, c]
            group = int(ids[0, 0])
            alike = bool((ids == group).all())
            note = ""
            if alike and last_of[group] == (n, c):
                note = f"mean {_short(means[group])}\nvariance {_short(variances[group])}"
            role = _group_role(group).name if alike else "neutral"
            panel = Panel(
                x[n, :, :, c],
                f"image {n}, channel {c}",
                role=role,
                note=note,
                fills=_group_fills(ids),
            )
            row.append(panel)
        rows.append(row)
    return rows


def _short(value: float) -> str:
    return cell_text(round(float(value), 2))


def normalization_steps(x: Any, gamma: Any, beta: Any, eps: float = 1e-8) -> Steps:
    """Step through a batch normalization and watch the numbers of each feature move.

    Parameters
    ----------
    x : array_like of shape (N, D) or (N, H, W, C)
        The batch, of at most 6 features or channels.
    gamma, beta : array_like of shape (D,) or (C,)
        Scale and shift.
    eps : float
        Added to the variance, under the root.

    Returns
    -------
    Steps
        The batch; its mean taken away; divided by the root; times gamma; plus beta. Grey dots are
        those of the step before.

    Raises
    ------
    ValueError
        If `x` has another number of axes or too many features, or `gamma` or `beta` another shape.

    Examples
    --------
    >>> batch = [[-1, 14], [0, 8], [3, 10], [6, 16], [7, 12]]
    >>> picture = normalization_steps(batch, gamma=[0.5, 2], beta=[2, 6])
    >>> [picture.frame(i).axes[0].get_title(loc="left") for i in (0, 2)]
    ['the batch', 'divide by the root of variance + eps']
    """
    values = _as_features(x, "x")
    scale, shift = (
        _as_parameter(p, name, values.shape[1]) for p, name in ((gamma, "gamma"), (beta, "beta"))
    )
    centred = values - values.mean(axis=0)
    normalized = centred / np.sqrt(values.var(axis=0) + eps)
    stages = (
        ("the batch", values),
        ("take the mean away", centred),
        ("divide by the root of variance + eps", normalized),
        ("multiply by gamma", scale * normalized),
        ("add beta", scale * normalized + shift),
    )
    word = "feature" if np.ndim(x) == 2 else "channel"

    def draw(figure: Figure, step: int) -> None:
        figure.set_size_inches(8.6, 1.25 + 0.72 * values.shape[1])
        _draw_stage(figure, stages, step, word)

    return Steps(draw, len(stages), title="batch normalization, step by step", seconds=1.8)


def _draw_stage(
    figure: Figure, stages: Sequence[tuple[str, np.ndarray]], step: int, word: str
) -> None:
    name, values = stages[step]
    width, height = figure.get_size_inches()
    box = (0.95 / width, 0.5 / height, 1 - 3.15 / width, 1 - 0.95 / height)
    ax = figure.add_axes(box)
    rises = 0.16 * np.sin(2.4 * np.arange(len(values)))
    for feature, numbers in enumerate(values.T):
        role, marker = _group_role(feature), _MARKERS[feature % len(_MARKERS)]
        if step:
            before = stages[step - 1][1][:, feature]
            ax.plot(before, feature + rises, marker, color="#c9cfd4", ms=5, gid="before")
        ax.plot(
            numbers, feature + rises, marker, ms=8, mec=role.line, mfc=role.fill, mew=1.8, gid="now"
        )
        _mark_spread(ax, numbers, feature, role)
        _say_statistics(ax, numbers, feature)
    everything = np.concatenate([stage.ravel() for _, stage in stages])
    _set_feature_axis(ax, values.shape[1], word, everything)
    ax.set_title(name, loc="left", weight="bold")


def _mark_spread(ax: Axes, numbers: np.ndarray, feature: int, role: Role) -> None:
    mean, spread = numbers.mean(), numbers.std()
    ax.plot([mean] * 2, [feature - 0.4, feature + 0.4], color=INK, lw=2.4, zorder=1.5, gid="mean")
    ends = [mean - spread, mean + spread]
    ax.plot(ends, [feature + 0.4] * 2, color=role.line, lw=4, solid_capstyle="butt", gid="spread")


def _say_statistics(ax: Axes, numbers: np.ndarray, feature: int) -> None:
    words = f"mean {_short(numbers.mean())}, std {_short(numbers.std())}"
    ax.text(
        1.02,
        feature,
        words,
        transform=ax.get_yaxis_transform(),
        va="center",
        size=12,
        gid="statistics",
    )


def _set_feature_axis(ax: Axes, count: int, word: str, values: np.ndarray) -> None:
    ax.axvline(0, color=MUTED, lw=0.8, zorder=0)
    ax.set_xlim(*_with_margin(values))
    ax.set_ylim(count - 0.4, -0.6)
    ax.set_yticks(range(count), [f"{word} {feature}" for feature in range(count)])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def _with_margin(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin


def feature_distributions(before: Any, after: Any, bins: int = 40) -> Figure:
    """Show how the numbers of each feature are spread, before and after a layer.

    Parameters
    ----------
    before, after : array_like of shape (N, D) or (N, H, W, C)
        Two batches with equally many features or channels, at most 6.
    bins : int
        Number of bars.

    Returns
    -------
    Figure
        A histogram for each feature, under each other and on the same scale on both sides. The
        black line is the mean, the bar under it reaches one standard deviation to each side.

    Raises
    ------
    ValueError
        If a batch has another number of axes, too many features, or other features than the other.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> batch = rng.normal(size=(500, 3)) * [0.5, 2.0, 1.0] + [4.0, 0.0, -3.0]
    >>> normalized = (batch - batch.mean(axis=0)) / batch.std(axis=0)
    >>> picture = feature_distributions(batch, normalized)
    >>> [ax.get_title(loc="left") for ax in picture.axes]
    ['before', 'after']
    """
    pair = {"before": _as_features(before, "before"), "after": _as_features(after, "after")}
    counts = [values.shape[1] for values in pair.values()]
    if counts[0] != counts[1]:
        raise ValueError(f"before has {counts[0]} features and after has {counts[1]}")
    if bins < 1:
        raise ValueError(f"bins must be at least 1, not {bins}")
    everything = np.concatenate([values.ravel() for values in pair.values()])
    low, high = _with_margin(everything)
    edges = np.linspace(low, high, bins + 1)
    word = "feature" if np.ndim(before) == 2 else "channel"
    with style():
        size = (12.2, 1.0 + 0.85 * counts[0])
        figure = Picture(figsize=size)
        for number, (title, values) in enumerate(pair.items()):
            left = (0.95, 6.6)[number]
            box = (left / size[0], 0.45 / size[1], 3.3 / size[0], 1 - 0.85 / size[1])
            ax = figure.add_axes(box)
            for feature, numbers in enumerate(values.T):
                _draw_histogram(ax, numbers, feature, edges)
            _set_feature_axis(ax, counts[0], word, everything)
            if number:
                ax.set_yticks([])
            ax.set_title(title, loc="left", weight="bold")
    return figure


def _draw_histogram(ax: Axes, numbers: np.ndarray, feature: int, edges: np.ndarray) -> None:
    role = _group_role(feature)
    heights, _ = np.histogram(numbers, edges)
    base = feature + 0.3
    tops = base - 0.75 * heights / max(heights.max(), 1)
    ax.stairs(tops, edges, baseline=base, fill=True, facecolor=role.fill)
    ax.stairs(tops, edges, baseline=base, color=role.line, lw=1.6)
    _mark_spread(ax, numbers, feature, role)
    _say_statistics(ax, numbers, feature)


def running_estimate(batches: Any, running: Any, target: float, quantity: str = "mean") -> Figure:
    """Show how a running value settles while the values of single batches jump about.

    Parameters
    ----------
    batches : array_like of shape (steps,)
        The value of each batch.
    running : array_like of shape (steps,)
        The running value after each batch.
    target : float
        The value over all the data.
    quantity : str
        What is estimated.

    Returns
    -------
    Figure
        A dot for each batch, a line for the running value, a dashed one for the target.

    Raises
    ------
    ValueError
        If there are not as many running values as batches, or none.

    Examples
    --------
    >>> batches = 3 + np.random.default_rng(4).normal(size=50)
    >>> running = 3 * (1 - 0.9 ** np.arange(1, 51))
    >>> picture = running_estimate(batches, running, target=3.0)
    >>> picture.axes[0].get_xlabel()
    'batches seen'
    """
    batches, running = np.asarray(batches, float), np.asarray(running, float)
    if batches.ndim != 1 or batches.size == 0 or batches.shape != running.shape:
        raise ValueError(
            "batches and running must be vectors of one length; "
            f"got shapes {batches.shape} and {running.shape}"
        )
    steps = np.arange(1, batches.size + 1)
    blue, green = get_role("input"), get_role("output")
    with style():
        figure = Picture(figsize=(8.6, 3.4))
        ax = figure.add_axes((0.1, 0.17, 0.87, 0.66))
        label = f"{quantity} of one batch"
        ax.plot(steps, batches, "o", ms=5, mfc=blue.fill, mec=blue.line, label=label)
        ax.plot(steps, running, color=green.line, lw=3.2, label=f"running {quantity}")
        ax.axhline(target, color=INK, ls="--", lw=1.6, label=f"{quantity} of all the data")
        ax.set_xlabel("batches seen")
        ax.set_ylabel(quantity)
        ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, frameon=False)
    return figure


def _as_features(x: Any, name: str) -> np.ndarray:
    values = np.asarray(x, float)
    if values.ndim not in (2, 4) or values.size == 0:
        raise ValueError(
            f"{name} must be (N, D) or (N, H, W, C) with entries; got shape {values.shape}"
        )
    if values.shape[-1] > _MOST_FEATURES:
        raise ValueError(
            f"{name} has {values.shape[-1]} features; show at most {_MOST_FEATURES} of them"
        )
    return values.reshape(-1, values.shape[-1])


def _as_parameter(parameter: Any, name: str, count: int) -> np.ndarray:
    values = np.asarray(parameter, float)
    if values.shape != (count,):
        raise ValueError(f"{name} must have the shape ({count},), not {values.shape}")
    return values
