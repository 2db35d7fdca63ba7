"""How far one output of a stack of layers sees, layer after layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from convkit.shapes import receptive_field
from convkit.viz.player import Steps
from convkit.viz.style import INK, MUTED, get_role

MOST_PIXELS = 60
"""A stack that needs a longer row of pixels is refused: the cells would be too small to see."""

_WIDTH = 9.4
_NAMES = 1.75
_SEES = 1.05
_ROW = 0.95
_TOP = 0.2
_BOTTOM = 0.6


def receptive_field_growth(layers: Sequence[Sequence[int]]) -> Steps:
    """Show how far one output sees, along one axis, as layers are stacked.

    Parameters
    ----------
    layers : sequence of (int, int)
        Kernel and stride of each layer, the one next to the input first.

    Returns
    -------
    Steps
        One step for the input alone and one for each layer. Coloured cells are those that the
        marked output depends on; under the picture stands what the layer adds.

    Raises
    ------
    ValueError
        If there is no layer, a layer is not a pair of positive numbers, or the stack sees too far
        to be drawn.

    Examples
    --------
    >>> picture = receptive_field_growth([(3, 1), (3, 2), (3, 1)])
    >>> len(picture)
    4
    >>> picture.frame(3).texts[-1].get_text()
    'layer 3 adds (3 − 1) · 2 = 4 pixels: it sees 5 + 4 = 9'
    """
    stack = [_pair(layer) for layer in layers]
    if not stack:
        raise ValueError("there must be at least one layer (kernel, stride)")
    return _Growth(stack).steps()


def _pair(layer: Sequence[int]) -> tuple[int, int]:
    if len(layer) != 2 or min(layer) < 1:
        raise ValueError(f"a layer is (kernel, stride), both at least 1; got {tuple(layer)}")
    kernel, stride = layer
    return int(kernel), int(stride)


class _Growth:
    """Where the cells of every layer stand, in pixels of the input, and how a step is drawn."""

    def __init__(self, layers: list[tuple[int, int]]) -> None:
        self.layers = layers
        self.fields = [receptive_field(layers[:count]) for count in range(len(layers) + 1)]
        self.jumps = [1]
        self.offsets = [0.0]
        for kernel, stride in layers:
            self.offsets.append(self.offsets[-1] + (kernel - 1) / 2 * self.jumps[-1])
            self.jumps.append(self.jumps[-1] * stride)
        self.counts = [self.fields[-1] + 2 * self.jumps[-1]]
        if self.counts[0] > MOST_PIXELS:
            raise ValueError(
                f"this stack sees {self.fields[-1]} pixels and moves {self.jumps[-1]} at a time, "
                "which is too much to draw; leave out a layer or take smaller strides"
            )
        for kernel, stride in layers:
            self.counts.append((self.counts[-1] - kernel) // stride + 1)

    def steps(self) -> Steps:
        words = ", ".join(f"{kernel} at stride {stride}" for kernel, stride in self.layers)
        return Steps(
            self.draw,
            len(self.layers) + 1,
            title=f"receptive field of layers with kernels {words}",
            seconds=2.0,
        )

    def draw(self, figure: Figure, i: int) -> None:
        height = _TOP + _BOTTOM + _ROW * len(self.counts)
        figure.set_size_inches(_WIDTH, height)
        room = _WIDTH - _NAMES - _SEES
        pixel = min(room / self.counts[0], 0.5)
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set_xlim(0, _WIDTH)
        ax.set_ylim(0, height)
        ax.set_axis_off()
        left = _NAMES + (room - pixel * self.counts[0]) / 2
        seen = self.seen(i)
        for layer in range(len(self.counts)):
            middle = _BOTTOM + _ROW * (layer + 0.42)
            cells = seen[layer] if layer <= i else set()
            self._row(ax, layer, i, cells, left, pixel, middle)
            self._words(ax, layer, middle, reached=layer <= i)
        figure.text(0.5, 0.3 / height, self.remark(i), ha="center", va="center", size=13, color=INK)

    def seen(self, i: int) -> list[set[int]]:
        """For every layer up to `i`, the cells that the marked output of layer `i` depends on."""
        cells = {self.counts[i] // 2}
        below = [cells]
        for kernel, stride in reversed(self.layers[:i]):
            cells = {cell * stride + tap for cell in cells for tap in range(kernel)}
            below.append(cells)
        return below[::-1]

    def remark(self, i: int) -> str:
        if i == 0:
            return "no layer yet: one pixel sees itself"
        kernel, _ = self.layers[i - 1]
        step, before, now = self.jumps[i - 1], self.fields[i - 1], self.fields[i]
        added = now - before
        return (
            f"layer {i} adds ({kernel} − 1) · {step} = {added} pixel{'s' * (added != 1)}: "
            f"it sees {before} + {added} = {now}"
        )

    def _row(
        self,
        ax: Axes,
        layer: int,
        i: int,
        seen: set[int],
        left: float,
        pixel: float,
        middle: float,
    ) -> None:
        role = get_role("input" if layer == 0 else "output")
        size = min(pixel, 0.42)

        def center(cell: float, of: int) -> float:
            return left + pixel * (self.offsets[of] + cell * self.jumps[of] + 0.5)

        if layer < i:
            apex = seen_above(seen, self.layers[layer])
            self._cone(ax, center, layer, (min(seen), max(seen)), apex, size, middle)
        for cell in range(self.counts[layer]):
            inside = cell in seen
            marked = inside and layer == i
            ax.add_patch(
                Rectangle(
                    (center(cell, layer) - size / 2, middle - size / 2),
                    size,
                    size,
                    facecolor=role.line if marked else role.fill if inside else "#ffffff",
                    edgecolor=role.line if inside else get_role("padding").line,
                    lw=2.0 if inside else 0.8,
                    zorder=3 if inside else 2,
                    gid="marked" if marked else "seen" if inside else "unseen",
                )
            )

    def _cone(
        self,
        ax: Axes,
        center: Any,
        layer: int,
        window: tuple[int, int],
        apex: tuple[int, int],
        size: float,
        middle: float,
    ) -> None:
        half = size / 2
        low, high = middle + half, middle + _ROW - half
        corners = [
            (center(window[0], layer) - half, low),
            (center(window[1], layer) + half, low),
            (center(apex[1], layer + 1) + half, high),
            (center(apex[0], layer + 1) - half, high),
        ]
        kernel = get_role("kernel")
        ax.add_patch(
            Polygon(
                corners, facecolor=kernel.fill, edgecolor=kernel.line, lw=1.2, zorder=1, gid="cone"
            )
        )

    def _words(self, ax: Axes, layer: int, middle: float, *, reached: bool) -> None:
        if layer == 0:
            name, detail = "input", ""
        else:
            kernel, stride = self.layers[layer - 1]
            name, detail = f"layer {layer}", f"kernel {kernel}, stride {stride}"
        ax.text(0.12, middle + (0.12 if detail else 0), name, va="center", size=13, color=INK)
        ax.text(0.12, middle - 0.14, detail, va="center", size=10.5, color=MUTED)
        if reached:
            ax.text(
                _WIDTH - 0.12,
                middle,
                f"sees {self.fields[layer]}",
                ha="right",
                va="center",
                size=13,
                color=INK,
                gid="sees",
            )


def seen_above(seen: set[int], layer: tuple[int, int]) -> tuple[int, int]:
    """First and last cell of the next layer whose windows make up exactly the cells `seen`.

    Parameters
    ----------
    seen : set of int
        Cells below the layer.
    layer : (int, int)
        Its kernel and stride.

    Returns
    -------
    tuple of (int, int)
        Cells above it.

    Examples
    --------
    >>> seen_above({2, 3, 4, 5, 6}, (3, 2))
    (1, 2)
    """
    kernel, stride = layer
    return min(seen) // stride, (max(seen) - kernel + 1) // stride
