"""What the functions of this notebook may not call, and how exact their answers must be."""

from __future__ import annotations

from typing import Final

READY_MADE_LOSSES: Final = ("scipy.special.*",)

NUMERICAL_GRADIENTS: Final = (
    "convkit.numerical_gradient",
    "convkit.check_gradient",
    "convkit.gradcheck.*",
    "scipy.optimize.approx_fprime",
    "scipy.optimize.check_grad",
    "scipy.differentiate.*",
)
"""Their answers are not exact enough for every case, and they hide what is asked for."""

NEIGHBOURS: Final = (
    "convkit.knn_predict",
    "convkit.l1_distances",
    "convkit.l1_no_loops",
    "convkit.l1_one_loop",
    "convkit.l1_two_loops",
    "convkit.distance.*",
    "scipy.spatial.*",
)
"""Looking digits up is no network."""

TOLERANCE: Final = 1e-5
"""Relative and absolute; wide enough for float32."""
