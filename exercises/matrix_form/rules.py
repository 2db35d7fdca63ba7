"""What the functions of this notebook may not call, and how exact their answers must be."""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = ("numpy.convolve", "numpy.correlate", "scipy.*", "convkit.*")

READY_PRODUCTS: Final = ("numpy.einsum", "numpy.tensordot")
"""They would lay the windows out and multiply in one call."""

TOLERANCE: Final = 1e-5
"""Relative and absolute; wide enough for float32."""
