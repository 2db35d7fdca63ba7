"""Public examples of the notebook ``06_gradients``."""

from __future__ import annotations

from convkit.check.examples import FunctionExamples, ValueExample

EXAMPLES: tuple[FunctionExamples | ValueExample, ...] = ()
