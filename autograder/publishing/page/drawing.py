"""Arrays as small pictures: numbers in a grid, and what differs. Pure; SVG for the page's own CSS.

Blue is above zero and orange below, the stronger the further; a wrong entry has a frame. So nothing
is told by colour alone, and the classes of the page give the colours of either scheme.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

_Grid = NDArray[np.float64]
_Mask = NDArray[np.bool_]

MOST_ACROSS = 16
"""Rows and columns that are drawn of an array. Of a larger one it is a part."""

_WIDEST, _WIDEST_PLAIN = 330, 280
_ROW = 24
_LETTER = 7.3
_NARROWEST, _PLAIN = 26, 18
_LEVELS = 8
_STRONGEST = 0.6
_EDGE = 20
_LONGEST_SIDE = 130
_MARK = 20
_FAINT = 3.0
_TICK, _CROSS = "m-4 0l3 4l6 -8", "m-4 -4l8 8m0 -8l-8 8"


@dataclass(frozen=True)
class View:
    """What is drawn of an array: a slice with two axes, and rows and columns of that.

    Attributes
    ----------
    index : tuple
        What the array is indexed with: integers, and two slices, or one.
    words : str
        Which part of the array it is; "" where it is all of it.
    """

    index: tuple[int | slice, ...]
    words: str

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """The part of an array, with two axes."""
        return np.atleast_2d(array[self.index])

    @property
    def starts(self) -> tuple[int, int]:
        """Number of its first row, and of its first column."""
        first = [part.start for part in self.index if isinstance(part, slice)]
        return (0, first[0]) if len(first) == 1 else (first[0], first[1])


def view(shape: Sequence[int], first: Sequence[int]) -> View:
    """The part of an array to draw, around its first wrong entry.

    Of batches of images (N, H, W, C) it is one image and one channel.

    Examples
    --------
    >>> view((2, 5, 40, 3), (1, 0, 30, 2))
    View(index=(1, slice(0, 5, None), slice(22, 38, None), 2), words='[1, :, 22:38, 2]')
    >>> view((2, 3), (0, 1)).words
    ''
    """
    drawn = (1, 2) if len(shape) == 4 else (len(shape) - 2, len(shape) - 1)
    index: list[int | slice] = []
    words = []
    for axis, (size, place) in enumerate(zip(shape, first, strict=True)):
        if axis not in drawn:
            index.append(place)
            words.append(f"{place}")
            continue
        start = max(0, min(place - MOST_ACROSS // 2, size - MOST_ACROSS))
        stop = min(size, start + MOST_ACROSS)
        index.append(slice(start, stop))
        words.append(":" if stop - start == size else f"{start}:{stop}")
    return View(tuple(index), "" if set(words) == {":"} else f"[{', '.join(words)}]")


@dataclass(frozen=True)
class Cells:
    """How the cells of pictures that stand side by side are drawn.

    Attributes
    ----------
    width, height : int
        Of a cell.
    has_numbers : bool
        Whether there is room for the numbers in them.
    """

    width: int
    height: int
    has_numbers: bool

    @staticmethod
    def of(grids: Sequence[_Grid]) -> Cells:
        """Cells in which all numbers of some grids of one shape have room, or none."""
        columns = grids[0].shape[1]
        numbers = (value for grid in grids for value in grid.ravel().tolist())
        letters = max((len(_short(value)) for value in numbers), default=1)
        width = max(_NARROWEST, round(_LETTER * letters) + 8)
        if columns * width <= _WIDEST:
            return Cells(width, _ROW, True)
        side = max(_PLAIN, min(_ROW, _WIDEST_PLAIN // columns))
        return Cells(side, side, False)

    def corner(self, row: int, column: int) -> tuple[int, int]:
        """Left and upper edge of a cell."""
        return _EDGE + column * self.width, _EDGE + row * self.height


def heat_map(
    grid: _Grid,
    title: str,
    wrong: _Mask,
    cells: Cells,
    most: float,
    starts: tuple[int, int] = (0, 0),
) -> Markup:
    """A grid of cells, with the numbers in them where there is room.

    Parameters
    ----------
    grid : ndarray, shape (rows, columns)
        At most `MOST_ACROSS` either way.
    title : str
        What it is, for who hears it.
    wrong : ndarray of bool
        Which entries get a frame.
    most : float
        The distance from zero that has the strongest colour.
    starts : tuple of int
        Number of the first row, and of the first column.
    """
    rows, columns = grid.shape
    values = grid.tolist()
    parts = [*_fills(values, cells, most), *_ticks(grid.shape, starts, cells)]
    if cells.has_numbers:
        parts += _texts(values, cells)
    parts.append(_frames(wrong, cells))
    right, below = cells.corner(rows, columns)
    return _svg("".join(parts), title, right + 2, below + 2)


def marked(grid: _Grid, wrong: _Mask, title: str) -> Markup:
    """A grid of numbers, each with a tick or a cross.

    Parameters
    ----------
    grid : ndarray, shape (rows, columns)
        At most `MOST_ACROSS` either way. Where there is no room for numbers, marks stand alone.
    wrong : ndarray of bool
        Which entries get a cross.
    """
    cells = Cells.of([grid])
    if cells.has_numbers:
        cells = Cells(cells.width + _MARK, cells.height, True)
    rows, columns = grid.shape
    parts = [*_fills((-1.0 * wrong).tolist(), cells, _FAINT), *_ticks(grid.shape, (0, 0), cells)]
    if cells.has_numbers:
        parts += _texts(grid.tolist(), cells, -_MARK // 2)
    parts += [_marks(~wrong, cells, "right", _TICK), _marks(wrong, cells, "lost", _CROSS)]
    right, below = cells.corner(rows, columns)
    return _svg("".join(parts), title, right + 2, below + 2)


def _marks(where: _Mask, cells: Cells, name: str, path: str) -> str:
    """One path of all marks of a kind, which stand at the right of their cells."""
    middle = cells.width - 2 * _MARK // 3 if cells.has_numbers else cells.width // 2
    corners = (cells.corner(row, column) for row, column in np.argwhere(where).tolist())
    marks = "".join(f"M{x + middle} {y + cells.height // 2}{path}" for x, y in corners)
    return f'<path class="{name}" d="{marks}"/>' if marks else ""


def largest(*grids: _Grid) -> float:
    """The largest distance of a finite number from zero."""
    each = np.abs(np.concatenate([grid.ravel() for grid in grids]))
    return float(each[np.isfinite(each)].max(initial=0.0))


def _fills(values: Sequence[Sequence[float]], cells: Cells, most: float) -> Iterator[str]:
    """One path for each strength of each colour; a cross where there is no number to be seen."""
    width, height = cells.width, cells.height
    paths: dict[tuple[bool, int], list[str]] = {}
    crosses = []
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            x, y = cells.corner(row, column)
            if math.isnan(value):
                crosses.append(f"M{x} {y}l{width} {height}m0 {-height}l{-width} {height}")
                continue
            share = 1.0 if math.isinf(value) else abs(value) / most if most else 0.0
            level = math.ceil(min(share, 1.0) * _LEVELS)
            if level:
                box = f"M{x} {y}h{width}v{height}h{-width}z"
                paths.setdefault((value > 0, level), []).append(box)
    for (above, level), boxes in paths.items():
        name = "above" if above else "below"
        opacity = f"{_STRONGEST * level / _LEVELS:.2g}"
        yield f'<path class="{name}" fill-opacity="{opacity}" d="{"".join(boxes)}"/>'
    rows, columns = len(values), len(values[0])
    lines = [f"M{_EDGE} {_EDGE + row * height}h{columns * width}" for row in range(rows + 1)]
    lines += [f"M{_EDGE + n * width} {_EDGE}v{rows * height}" for n in range(columns + 1)]
    yield f'<path class="grid" d="{"".join(lines)}"/>'
    if crosses and not cells.has_numbers:
        yield f'<path class="cross" d="{"".join(crosses)}"/>'


def _ticks(shape: tuple[int, ...], starts: tuple[int, int], cells: Cells) -> Iterator[str]:
    """Numbers of rows and columns; of narrow ones not of each."""
    for row in range(shape[0]):
        y = cells.corner(row, 0)[1] + cells.height // 2
        yield f'<text class="tick" x="{_EDGE // 2}" y="{y}">{starts[0] + row}</text>'
    for column in range(0, shape[1], 1 if cells.width >= _ROW else 2):
        x = cells.corner(0, column)[0] + cells.width // 2
        yield f'<text class="tick" x="{x}" y="{_EDGE // 2}">{starts[1] + column}</text>'


def _texts(values: Sequence[Sequence[float]], cells: Cells, aside: int = 0) -> Iterator[str]:
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            x, y = cells.corner(row, column)
            x, y = x + cells.width // 2 + aside, y + cells.height // 2
            yield f'<text x="{x}" y="{y}">{_short(value)}</text>'


def _frames(wrong: _Mask, cells: Cells) -> str:
    width, height = cells.width - 4, cells.height - 4
    corners = (cells.corner(row, column) for row, column in np.argwhere(wrong).tolist())
    boxes = "".join(f"M{x + 2} {y + 2}h{width}v{height}h{-width}z" for x, y in corners)
    return f'<path class="wrong" d="{boxes}"/>' if boxes else ""


def outline(shape: Sequence[int], other: Sequence[int], title: str) -> Markup:
    """The outline of an array, in the scale in which another one fits into a picture, too.

    Parameters
    ----------
    shape, other : sequence of int
        Of batches of images (N, H, W, C) it is the image whose outline is drawn.
    """
    rows, columns = _sides(shape)
    scale = _LONGEST_SIDE / max(1, *_sides(shape), *_sides(other))
    width, height = max(2.0, columns * scale), max(2.0, rows * scale)
    lines = ""
    if max(rows, columns) <= MOST_ACROSS:
        across = (f"M1 {1 + row * scale:.1f}h{width:.1f}" for row in range(1, rows))
        down = (f"M{1 + column * scale:.1f} 1v{height:.1f}" for column in range(1, columns))
        lines = f'<path class="grid" d="{"".join((*across, *down))}"/>'
    box = f'<rect class="outline" x="1" y="1" width="{width:.1f}" height="{height:.1f}"/>'
    return _svg(lines + box, title, math.ceil(width) + 2, math.ceil(height) + 2)


def _sides(shape: Sequence[int]) -> tuple[int, int]:
    """Rows and columns of what is drawn of an array.

    Examples
    --------
    >>> _sides(()), _sides((5,)), _sides((2, 3)), _sides((8, 5, 7, 3))
    ((1, 1), (1, 5), (2, 3), (5, 7))
    """
    if len(shape) == 4:
        return shape[1], shape[2]
    rows, columns = (1, 1, *shape)[-2:]
    return rows, columns


def _short(value: float) -> str:
    """A number in few letters.

    Examples
    --------
    >>> [_short(value) for value in (3.0, -0.015625, 1 / 3, 12345.678, float("nan"))]
    ['3', '-0.01562', '0.3333', '1.235e+04', 'nan']
    """
    return f"{value:.4g}"


def _svg(inner: str, title: str, width: int, height: int) -> Markup:
    said = escape(title)
    return Markup(
        f'<svg class="drawing" role="img" aria-label="{said}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><title>{said}</title>{inner}</svg>'
    )
