"""``collapse(layers, input_shape)``: one matrix and bias for a stack of linear layers.

`layers` is a tuple of tuples, from the input to the output:

``("conv", w, b)``
    A convolution layer at stride 1 without padding: w of shape (kh, kw, C_in, C_out), b (C_out,).
``("avg_pool", size)``
    Means of size x size windows side by side; rows and columns that fill no window are left out.
``("linear", W, b)``
    ``features @ W + b``, with W of shape (features, outputs); feature maps are flattened first.

`input_shape` is (H, W, C).  Everything is flattened row by row, the channels of a pixel together.
(M, c) is returned: M of shape (H * W * C, outputs), c of shape (outputs,), so that
``images.reshape(N, -1) @ M + c`` is what the stack gives, flattened.  A stack holds at least one
layer; it may end in any of the three; after a linear layer come only linear ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.authoring import Case, Exercise, RubricLine, call, fractions, generic, whole

from . import stack
from .collapse_chaffs import CHAFFS
from .collapse_wheats import WHEATS
from .rules import TOLERANCE

RUBRIC = (
    RubricLine("linear", 1, "linear layers only"),
    RubricLine("conv", 2, "one convolution: several channels, not square"),
    RubricLine("pool", 1, "an average pool: windows side by side, the rest left out"),
    RubricLine("order", 2, "a convolution, then a linear layer: the order of flattening"),
    RubricLine("biases", 2, "biases in several layers"),
    RubricLine("everything", 2, "convolutions, an average pool and linear layers"),
)


def conv(rng: np.random.Generator, *shape: int, bias: bool = True) -> tuple[Any, ...]:
    """A convolution layer with filters of this shape."""
    b = generic(rng, shape[-1])
    return ("conv", generic(rng, *shape), b if bias else 0 * b)


def linear(
    rng: np.random.Generator, features: int, outputs: int, *, bias: bool = True
) -> tuple[Any, ...]:
    """A linear layer."""
    b = generic(rng, outputs)
    return ("linear", generic(rng, features, outputs), b if bias else 0 * b)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden stacks; no image is square, and outputs are never as many as inputs.

    The 1 x 1 convolution before a pool makes its numbers new in every draw, and some of them
    negative, so that a sum is no maximum.  All biases are 0 outside the groups that are about them,
    so that a mistake with biases costs these groups alone.
    """
    yield Case("linear", ((linear(rng, 6, 4, bias=False),), (2, 3, 1)))
    two = (linear(rng, 12, 5, bias=False), linear(rng, 5, 3, bias=False))
    yield Case("linear", (two, (3, 2, 2)))
    yield Case("conv", ((conv(rng, 2, 3, 1, 1, bias=False),), (4, 5, 1)))
    yield Case("conv", ((conv(rng, 3, 2, 2, 3, bias=False),), (4, 3, 2)))
    _, weight, bias = conv(rng, 1, 1, 1, 1, bias=False)
    yield Case("pool", ((("conv", -np.abs(weight), bias), ("avg_pool", 2)), (4, 6, 1)))
    _, weights, bias = conv(rng, 1, 1, 2, 2, bias=False)
    weights = np.abs(weights) * np.array([[1, -1], [-1, 1]])
    last = conv(rng, 1, 1, 2, 1, bias=False)
    yield Case("pool", ((("conv", weights, bias), ("avg_pool", 3), last), (7, 5, 2)))
    for shape in [(3, 5, 2), (5, 3, 2)]:
        order = (conv(rng, 2, 2, 2, 3, bias=False), linear(rng, 2 * 4 * 3, 5, bias=False))
        yield Case("order", (order, shape))
    deep = (linear(rng, 8, 5), linear(rng, 5, 3), linear(rng, 3, 4))
    yield Case("biases", (deep, (2, 4, 1)))
    yield Case("biases", ((conv(rng, 1, 2, 1, 2), linear(rng, 8, 5)), (4, 2, 1)))
    everything = (
        conv(rng, 2, 3, 2, 3),
        conv(rng, 2, 1, 3, 4),
        ("avg_pool", 2),
        linear(rng, 2 * 2 * 4, 6),
        linear(rng, 6, 3),
    )
    yield Case("everything", (everything, (7, 6, 2)))
    ends_in_a_pool = (conv(rng, 2, 3, 2, 3), conv(rng, 2, 1, 3, 4), ("avg_pool", 2))
    yield Case("everything", (ends_in_a_pool, (6, 7, 2)))


EXAMPLES = (
    call((("linear", whole(1, 6, 2), np.array([0, 0])),), (2, 3, 1)),
    call((("conv", np.array([[[[1]], [[2]]]]), np.array([0])),), (2, 4, 1)),
    call((("avg_pool", 2),), (2, 6, 1)),
    call((("avg_pool", 2),), (3, 5, 2)),
    call((("conv", whole(2, 2, 1, 2, 3), np.array([0, 0, 0])),), (3, 2, 2)),
    call(
        (
            ("conv", np.array([[[[3]], [[-1]]]]), np.array([2])),
            ("linear", np.array([[1], [4], [2]]), np.array([5])),
        ),
        (1, 4, 1),
    ),
    call(
        (
            ("linear", fractions(3, 6, 4), fractions(4, 4)),
            ("linear", fractions(5, 4, 2), fractions(6, 2)),
        ),
        (3, 2, 1),
    ),
    call(
        (
            ("conv", fractions(7, 2, 3, 2, 3), fractions(8, 3)),
            ("avg_pool", 2),
            ("linear", fractions(9, 12, 5), fractions(10, 5)),
        ),
        (5, 6, 2),
    ),
)


EXERCISE = Exercise(
    name="collapse",
    oracle=stack.collapse,
    cases=cases,
    examples=EXAMPLES,
    parts=("M", "c"),
    rubric=RUBRIC,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=WHEATS,
    misconceptions=CHAFFS,
    covers=("A4",),
)
