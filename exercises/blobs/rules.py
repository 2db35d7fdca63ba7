"""What the functions of this notebook may not call, and how exact their answers must be.

The convolutions of numpy and scipy may be called: the student has written one before, and to know
what their "same" means is part of the exercise.  Ready-made Gaussians may not.
"""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = (
    "scipy.signal.windows.*",
    "scipy.signal.get_window",
    "scipy.ndimage.gaussian_filter",
    "scipy.ndimage.gaussian_filter1d",
    "scipy.ndimage.fourier_gaussian",
    "convkit.*",
)

TOLERANCE: Final = 1e-5
"""Relative and absolute; wide enough for float32."""
