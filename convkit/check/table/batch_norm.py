"""Public examples of the notebook ``07_batch_norm``."""

from __future__ import annotations

from convkit.check.examples import FunctionExamples, ValueExample

EXAMPLES: tuple[FunctionExamples | ValueExample, ...] = ()
