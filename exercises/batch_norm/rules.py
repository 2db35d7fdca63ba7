"""What the functions of this notebook may not call, and how exact their answers must be."""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = (
    "scipy.stats.zscore",
    "scipy.stats.zmap",
    "torch.*",
    "convkit.*",
)

TOLERANCE: Final = 1e-5
"""Relative and absolute; wide enough for float32."""
