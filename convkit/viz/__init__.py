"""Pictures of the course. Every function returns a figure or a stepped picture and shows nothing.

`sliding_kernel` and `sliding_kernel_1d` step through a correlation; `window_positions` shows the
stride; `padding_modes` the borders; `correlation_and_convolution` the flip; `channel_stacks` and
`channel_sum` layers with channels; `show_images` photographs and feature maps; `grid_rows` any
matrices; `weight_sharing` connections, `receptive_field_growth` how far an output sees,
`shape_ledger` what a network costs; `toeplitz_rows` and `doubly_blocked` a kernel as a matrix;
`kernel_stamps` the way back through it; `im2col_rows` windows as rows; `city_block` and
`distance_steps` distances, `broadcast_shapes` what NumPy stretches for them, `nearest_neighbours`
and `accuracy_curve` what they are good for; `sliding_pool`, `six_poolings`, `lp_norms` and
`adaptive_windows` pooling, and `pooling_gradient` its way back. `filter_gradient_steps` and
`input_gradient_steps` step through the gradients of a correlation; `pixel_influence` shows what a
pixel moves; `gradient_comparison` checks a gradient; `adversarial_example` shows a fooled
classifier; `matrix_by_pixels` reads a matrix off a
stack of layers; `loss_curves`, `confusion` and `image_rows` show what training does.
`shared_statistics`, `normalization_steps`, `feature_distributions` and `running_estimate` show
batch normalization. `bell_profile`, `blob_steps` and `point_map` show points that become blobs,
`column_times_row` and `two_passes` a kernel that is taken apart.
"""

from convkit.viz.adversarial import adversarial_example
from convkit.viz.blobs import bell_profile, blob_steps, point_map
from convkit.viz.broadcasting import broadcast_shapes, distance_steps
from convkit.viz.channels import channel_stacks, channel_sum
from convkit.viz.classes import confusion, image_rows
from convkit.viz.comparison import gradient_comparison
from convkit.viz.connections import weight_sharing
from convkit.viz.flips import correlation_and_convolution, impulse
from convkit.viz.gradients import filter_gradient_steps, input_gradient_steps, pixel_influence
from convkit.viz.graphs import computational_graph, graph_steps
from convkit.viz.grids import draw_grid
from convkit.viz.im2col import im2col_rows
from convkit.viz.images import grey_photograph, show_images
from convkit.viz.ledger import shape_ledger
from convkit.viz.linear_maps import matrix_by_pixels
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
from convkit.viz.separable import column_times_row, two_passes
from convkit.viz.sliding import sliding_kernel, sliding_kernel_1d, window_positions
from convkit.viz.style import ROLES, SIGNED, Picture, Role, style
from convkit.viz.toeplitz import doubly_blocked, toeplitz_rows
from convkit.viz.training import loss_curves
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
    "adversarial_example",
    "bell_profile",
    "blob_steps",
    "broadcast_shapes",
    "channel_stacks",
    "channel_sum",
    "city_block",
    "column_times_row",
    "computational_graph",
    "confusion",
    "correlation_and_convolution",
    "distance_steps",
    "doubly_blocked",
    "draw_grid",
    "feature_distributions",
    "filter_gradient_steps",
    "gradient_comparison",
    "graph_steps",
    "grey_photograph",
    "grid_rows",
    "im2col_rows",
    "image_rows",
    "impulse",
    "input_gradient_steps",
    "kernel_stamps",
    "loss_curves",
    "lp_norms",
    "matrix_by_pixels",
    "nearest_neighbours",
    "normalization_steps",
    "padding_modes",
    "pixel_influence",
    "point_map",
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
    "two_passes",
    "weight_sharing",
    "window_positions",
]
