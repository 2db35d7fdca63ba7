"""What the functions of this notebook may not call, how often they may loop, and their tolerance.

A loop is counted by how much more often a line runs when there are more images. What loops inside
compiled code over a Python function, or is the distance itself, is ruled out by name.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import LoopRule, generic

READY_MADE: Final = ("scipy.spatial.*", "scipy.spatial.distance.*", "convkit.*")

HIDDEN_LOOPS: Final = (
    "builtins.sum",
    "builtins.map",
    "functools.reduce",
    "numpy.vectorize",
    "numpy.frompyfunc",
    "numpy.fromiter",
    "numpy.apply_along_axis",
)

FORBIDDEN: Final = (*HIDDEN_LOOPS, *READY_MADE)

TOLERANCE: Final = 1e-5
"""Relative and absolute; wide enough for float32."""


def two_sets(
    rng: np.random.Generator, num_test: int, num_train: int, features: int
) -> tuple[np.ndarray, np.ndarray]:
    """Test and training images with fractions of both signs."""
    return generic(rng, num_test, features), generic(rng, num_train, features)


def loops(at_most: int) -> LoopRule:
    """How many loops one of the three forms may have."""
    return LoopRule(
        at_most=at_most,
        dimensions=("test images", "training images", "features"),
        probe=two_sets,
        sizes=(3, 4, 5),
    )
