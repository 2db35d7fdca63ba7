"""What each layer of a network gives out and what it costs: a table with pictures in it."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2, sqrt

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit.viz.style import INK, MUTED, Picture, Role, get_role, style

_ROW = 0.44
_WIDTH = 9.4
_BLOCKS = (1.0, 2.6)
_SHAPES = 4.2
_NUMBERS = (5.55, 8.05)
_BAR = 1.15


def shape_ledger(
    names: Sequence[str],
    shapes: Sequence[Sequence[int]],
    parameters: Sequence[int],
    multiplications: Sequence[int],
) -> Figure:
    """Show what each layer of a network gives out, and what it costs.

    Parameters
    ----------
    names : sequence of str
        Names of the layers, the input first.
    shapes : sequence of tuple of int
        What each gives out: (H, W, C), or (features,).
    parameters : sequence of int
        Trainable parameters of each; 0 for the input and for pools.
    multiplications : sequence of int
        Multiplications of each for one image; 0 for the input and for pools.

    Returns
    -------
    Figure
        A line for each layer with its maps from the side, as high as the maps and as thick as
        there are channels (both on scales that shrink what is large), its shape, and bars for the
        two costs. The last line holds the sums.

    Raises
    ------
    ValueError
        If the four are not equally long, a shape has neither one entry nor three, or a number is
        too small.

    Examples
    --------
    >>> from convkit import alexnet_layers, ledger
    >>> rows = ledger((227, 227, 3), alexnet_layers()).rows
    >>> picture = shape_ledger(
    ...     names=[row.name for row in rows],
    ...     shapes=[row.shape for row in rows],
    ...     parameters=[row.parameters for row in rows],
    ...     multiplications=[row.multiplications for row in rows],
    ... )
    >>> [text.get_text() for text in picture.axes[0].texts if text.get_gid() == "sum"]
    ['60,965,224', '724,406,816']
    """
    _require_equal_lengths(names, shapes, parameters, multiplications)
    sizes = [_three(shape) for shape in shapes]
    if min(*parameters, *multiplications, 0) < 0:
        raise ValueError("parameters and multiplications must be at least 0")
    height = _ROW * (len(names) + 1) + 0.75
    with style():
        figure = Picture(figsize=(_WIDTH, height))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set_xlim(0, _WIDTH)
        ax.set_ylim(height, 0)
        ax.set_axis_off()
        _heads(ax)
        tops = [0.72 + _ROW * line for line in range(len(names) + 1)]
        for line, (name, shape) in enumerate(zip(names, shapes, strict=True)):
            middle = tops[line] + _ROW / 2
            ax.text(0.12, middle, name, va="center", size=12, color=INK)
            size = " × ".join(map(str, shape))
            ax.text(_SHAPES, middle, size, ha="right", va="center", size=12, gid="shape")
        _blocks(ax, sizes, [bool(cost) for cost in parameters], tops)
        _costs(ax, _NUMBERS[0], parameters, get_role("kernel"), tops, "parameters")
        _costs(ax, _NUMBERS[1], multiplications, get_role("neutral"), tops, "multiplications")
        _sum_line(ax, tops[-1], sum(parameters), sum(multiplications))
    return figure


def _require_equal_lengths(*columns: Sequence[object]) -> None:
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1 or not lengths[0]:
        raise ValueError(
            "names, shapes, parameters and multiplications must have one entry for each layer; "
            "got {}, {}, {} and {}".format(*lengths)
        )


def _three(shape: Sequence[int]) -> tuple[int, int, int]:
    """A shape as height, width and channels; features are channels of one pixel."""
    if len(shape) not in (1, 3) or min(shape) < 1:
        raise ValueError(
            f"a shape is (H, W, C) or (features,) with positive numbers, not {tuple(shape)}"
        )
    height, width, channels = shape if len(shape) == 3 else (1, 1, *shape)
    return height, width, channels


def _heads(ax: Axes) -> None:
    left, right = _BLOCKS
    ax.text((left + right) / 2, 0.1, "from the side", ha="center", va="top", size=12.5)
    ax.text(
        (left + right) / 2,
        0.36,
        "height ↕, channels ↔",
        ha="center",
        va="top",
        size=10,
        color=MUTED,
    )
    ax.text(_SHAPES, 0.1, "shape", ha="right", va="top", size=12.5)
    for number, word in zip(_NUMBERS, ("parameters", "multiplications"), strict=True):
        ax.text(number, 0.1, word, ha="right", va="top", size=12.5)


def _blocks(
    ax: Axes,
    sizes: Sequence[tuple[int, int, int]],
    trained: Sequence[bool],
    tops: Sequence[float],
) -> None:
    left, right = _BLOCKS
    tallest = max(height for height, _, _ in sizes)
    thickest = max(channels for _, _, channels in sizes)
    for line, (height, _, channels) in enumerate(sizes):
        tall = max(0.92 * _ROW * sqrt(height / tallest), 0.05)
        thick = (right - left) * log2(1 + channels) / log2(1 + thickest)
        role = get_role("input" if line == 0 else "output" if trained[line] else "padding")
        corner = ((left + right - thick) / 2, tops[line] + (_ROW - tall) / 2)
        ax.add_patch(
            Rectangle(
                corner, thick, tall, facecolor=role.fill, edgecolor=role.line, lw=1.5, gid="block"
            )
        )


def _costs(
    ax: Axes, right: float, costs: Sequence[int], role: Role, tops: Sequence[float], gid: str
) -> None:
    largest = max(costs) or 1
    for top, cost in zip(tops, costs, strict=False):
        text = f"{cost:,}" if cost else "–"
        middle = top + _ROW / 2
        ax.text(right, middle, text, ha="right", va="center", size=12, color=INK, gid=gid)
        ax.add_patch(
            Rectangle(
                (right + 0.08, middle - 0.13),
                _BAR * cost / largest,
                0.26,
                facecolor=role.line,
                edgecolor="none",
                gid=f"bar of {gid}",
            )
        )


def _sum_line(ax: Axes, top: float, parameters: int, multiplications: int) -> None:
    ax.plot([0.12, _WIDTH - 0.12], [top + 0.03] * 2, color=MUTED, lw=1)
    middle = top + _ROW / 2 + 0.02
    ax.text(0.12, middle, "sum", va="center", size=12, weight="bold")
    for right, total in zip(_NUMBERS, (parameters, multiplications), strict=True):
        ax.text(
            right, middle, f"{total:,}", ha="right", va="center", size=12, weight="bold", gid="sum"
        )
