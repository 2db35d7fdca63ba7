"""The six pooling families that torch.nn has in two dimensions, forward and backward.

Each takes images of shape ``(N, H, W, C)`` and works on each channel by itself. They differ in
two respects only: which windows they look at, and what they make of a window.

=============================  =================================  ============================
function                       windows                            value of a window
=============================  =================================  ============================
`max_pool2d`                   of one size, `stride` apart        the maximum
`avg_pool2d`                   of one size, `stride` apart        the mean
`lp_pool2d`                    of one size, `stride` apart        the p-norm
`adaptive_max_pool2d`          as many as asked for               the maximum
`adaptive_avg_pool2d`          as many as asked for               the mean
`fractional_max_pool2d`        of one size, at random distances   the maximum
=============================  =================================  ============================

Integers become float64; float32 stays float32. A NaN shows in every window that holds it.
"""

from convkit.pool.adaptive import (
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
)
from convkit.pool.average import avg_pool2d, avg_pool2d_backward, avg_pool2d_naive
from convkit.pool.fractional import fractional_max_pool2d, fractional_max_pool2d_backward
from convkit.pool.maximum import max_pool2d, max_pool2d_backward, max_pool2d_naive
from convkit.pool.power import lp_pool2d, lp_pool2d_backward

__all__ = [
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "avg_pool2d_naive",
    "fractional_max_pool2d",
    "fractional_max_pool2d_backward",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool2d_naive",
]
