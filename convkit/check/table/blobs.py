"""Public examples of the notebook ``03_gaussian_blobs``."""

from __future__ import annotations

from typing import Any

import numpy as np

from convkit.check.examples import FunctionExamples, ValueExample
from convkit.check.table.inputs import call
from convkit.correlate import convolve2d
from convkit.signals import gaussian_kernel, impulses


def two_passes(shape: Any, points: Any, size: int, std: float) -> tuple[np.ndarray, np.ndarray]:
    """The canvas after the pass down its columns, and after the pass along its rows."""
    down = convolve2d(impulses(shape, points), gaussian_kernel((size, 1), std), mode="same")
    return down, convolve2d(down, gaussian_kernel((1, size), std), mode="same")


CANVASES = (
    call((4, 6), [(1, 2)], 3, 1.5),
    call((5, 9), [(2, 2), (2, 6)], 3, 0.8),
    call((5, 8), [(2, 3), (2, 5), (2, 3)], 5, 1.2),
    call((4, 7), [(0, 5), (3, 1)], 3, 1.5),
    call((6, 8), [(2, 4)], 4, 2.0),
    call((3, 5), [(1, 3)], 9, 2.0),
)

EXAMPLES = (
    FunctionExamples(
        "gaussian_kernel",
        "size, std",
        (call(3, 2), call(5, 1.5), call(4, 2.0), call(2, 0.7), call(1, 3.0)),
    ),
    FunctionExamples(
        "impulses",
        "shape, points",
        (
            call((3, 5), [(0, 2)]),
            call((5, 4), [(0, 2), (4, 3), (2, 0)]),
            call((3, 4), [(1, 2), (0, 3), (1, 2)]),
            call((2, 3), []),
        ),
    ),
    FunctionExamples("blobs", "shape, points, size, std", CANVASES),
    FunctionExamples("separable_blobs", "shape, points, size, std", CANVASES, two_passes),
    ValueExample("bell_height", ()),
    ValueExample("visible_part", (2,)),
    ValueExample("even_rows", (2,)),
    ValueExample("two_heights", (2,)),
    ValueExample("separable", (4,)),
    ValueExample("multiplications", (2,)),
)
