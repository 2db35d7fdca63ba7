"""What the functions of this notebook may not call, and how exact their answers must be."""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = ("convkit.*",)

TOLERANCE: Final = 1e-9
"""Relative and absolute; a count must be exact, and may be a float such as 55.0."""
