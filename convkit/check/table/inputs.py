"""Inputs of public examples, written short."""

from __future__ import annotations

from typing import Any

import numpy as np

from convkit.check.examples import Call


def whole(seed: int, *shape: int) -> np.ndarray:
    """Small whole numbers: easy to follow by hand."""
    return np.random.default_rng(seed).integers(-4, 10, shape)


def fractions(seed: int, *shape: int) -> np.ndarray:
    """Numbers of both signs with two digits after the point."""
    return np.random.default_rng(seed).normal(size=shape).round(2)


def call(*args: Any, **options: Any) -> Call:
    """One call, written as the student would write it."""
    return Call(args, options)
