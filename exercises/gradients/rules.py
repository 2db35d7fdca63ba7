"""What the functions of this notebook may not call, and how exact their answers must be."""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = (
    "numpy.convolve",
    "numpy.correlate",
    "scipy.signal.*",
    "scipy.ndimage.*",
    "convkit.*",
)

TOLERANCE: Final = 1e-5
"""Relative and absolute; wide enough for float32."""
