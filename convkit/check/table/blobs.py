"""Public examples of the notebook ``03_gaussian_blobs``."""

from __future__ import annotations

from convkit.check.examples import FunctionExamples, ValueExample

EXAMPLES: tuple[FunctionExamples | ValueExample, ...] = ()
