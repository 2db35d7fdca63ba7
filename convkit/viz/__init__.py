"""Pictures of the course. Every function returns a figure or a stepped picture and shows nothing.

`sliding_kernel` and `sliding_kernel_1d` step through a correlation; `window_positions` shows the
stride; `padding_modes` the borders; `correlation_and_convolution` the flip; `channel_stacks` and
`channel_sum` layers with channels; `show_images` photographs and feature maps; `grid_rows` any
matrices; `weight_sharing` connections, `receptive_field_growth` how far an
output sees, `shape_ledger` what a network costs; `toeplitz_rows` and `doubly_blocked` a kernel as a matrix; `kernel_stamps` the way back
through it; `im2col_rows` windows as rows; `city_block` and `distance_steps` distances,
`broadcast_shapes` what NumPy stretches for them, `nearest_neighbours` and `accuracy_curve` what
they are good for; `sliding_pool`, `six_poolings`, `lp_norms` and `adaptive_windows` pooling, and
`pooling_gradient` its way back.
"""

from convkit.viz.broadcasting import broadcast_shapes, distance_steps
from convkit.viz.channels import channel_stacks, channel_sum
from convkit.viz.connections import weight_sharing
from convkit.viz.flips import correlation_and_convolution, impulse
from convkit.viz.grids import draw_grid
from convkit.viz.im2col import im2col_rows
from convkit.viz.images import grey_photograph, show_images
from convkit.viz.ledger import shape_ledger
from convkit.viz.neighbours import accuracy_curve, city_block, nearest_neighbours
from convkit.viz.normalization import (
    feature_distributions,
    normalization_steps,
    running_estimate,
    shared_statistics,
)
from convkit.viz.padding import padding_modes
from convkit.viz.player import Steps
from convkit.viz.pooling import pooling_gradient, sliding_pool
from convkit.viz.pooling_families import adaptive_windows, lp_norms, six_poolings
from convkit.viz.receptive import receptive_field_growth
from convkit.viz.rows import Panel, grid_rows
from convkit.viz.sliding import sliding_kernel, sliding_kernel_1d, window_positions
from convkit.viz.style import ROLES, SIGNED, Picture, Role, style
from convkit.viz.toeplitz import doubly_blocked, toeplitz_rows
from convkit.viz.transposed import kernel_stamps

__all__ = [
    "ROLES",
    "SIGNED",
    "Panel",
    "Picture",
    "Role",
    "Steps",
    "accuracy_curve",
    "adaptive_windows",
    "broadcast_shapes",
    "channel_stacks",
    "channel_sum",
    "city_block",
    "correlation_and_convolution",
    "distance_steps",
    "doubly_blocked",
    "draw_grid",
    "feature_distributions",
    "grey_photograph",
    "grid_rows",
    "im2col_rows",
    "impulse",
    "kernel_stamps",
    "lp_norms",
    "nearest_neighbours",
    "normalization_steps",
    "padding_modes",
    "pooling_gradient",
    "receptive_field_growth",
    "running_estimate",
    "shape_ledger",
    "shared_statistics",
    "show_images",
    "six_poolings",
    "sliding_kernel",
    "sliding_kernel_1d",
    "sliding_pool",
    "style",
    "toeplitz_rows",
    "weight_sharing",
    "window_positions",
]
