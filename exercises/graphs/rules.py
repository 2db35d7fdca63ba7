"""What the answers of this notebook may not call, and how exact they must be."""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = ("convkit.*", "scipy.optimize.*", "scipy.differentiate.*")

TOLERANCE: Final = 1e-5
"""Relative and absolute; wide enough for float32."""
