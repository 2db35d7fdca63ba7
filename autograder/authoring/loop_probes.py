"""The calls that measure loops: small inputs, and the same with one dimension made larger."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.authoring.exercise import LoopRule

GROWTH = 12
"""By how much each dimension is made larger when loops are measured."""


def probes(rule: LoopRule | None) -> tuple[tuple[Any, ...], ...]:
    """Arguments of the calls that measure loops: the smallest, then each dimension made larger.

    Parameters
    ----------
    rule : LoopRule or None
        Without a rule there is nothing to measure.
    """
    if rule is None:
        return ()
    steps = GROWTH * np.vstack([np.zeros(len(rule.sizes), int), np.eye(len(rule.sizes), dtype=int)])
    return tuple(
        rule.probe(np.random.default_rng(0), *sizes) for sizes in (rule.sizes + steps).tolist()
    )
