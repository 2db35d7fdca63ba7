"""Random convolution layers, never square and seldom fitting, for hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

MODES = ("zeros", "reflect", "replicate", "circular")


@dataclass(frozen=True)
class Layer:
    """A layer and a batch that fits it."""

    x_shape: tuple[int, int, int, int]
    w_shape: tuple[int, int, int, int]
    seed: int
    geometry: dict[str, Any] = field(default_factory=dict)

    def draw(self, *shapes: tuple[int, ...]) -> list[np.ndarray]:
        """Return random x, w, and an array of each further shape."""
        rng = np.random.default_rng(self.seed)
        return [rng.standard_normal(shape) for shape in (self.x_shape, self.w_shape, *shapes)]


def pairs(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def layers(draw: st.DrawFn, modes: tuple[str, ...] = MODES, max_groups: int = 3) -> Layer:
    kernel, dilation = draw(pairs(1, 4)), draw(pairs(1, 3))
    stride, padding = draw(pairs(1, 4)), draw(pairs(0, 3))
    mode, groups = draw(st.sampled_from(modes)), draw(st.integers(1, max_groups))
    size = tuple(
        max(d * (k - 1) + 1 - 2 * p, p + 1) + draw(st.integers(0, 5))
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    )
    depth, share = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return Layer(
        (draw(st.integers(1, 3)), *size, depth * groups),
        (*kernel, depth, share * groups),
        draw(st.integers(0, 2**32 - 1)),
        {
            "stride": stride,
            "padding": padding,
            "padding_mode": mode,
            "dilation": dilation,
            "groups": groups,
        },
    )
