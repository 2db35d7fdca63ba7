"""Pictures of the course. Every function returns a figure or a stepped picture and shows nothing.

`sliding_kernel` and `sliding_kernel_1d` step through a correlation; `window_positions` shows the
stride; `padding_modes` the borders; `correlation_and_convolution` the flip; `channel_stacks` and
`channel_sum` layers with channels; `show_images` photographs and feature maps; `grid_rows` any
matrices.
"""

from convkit.viz.channels import channel_stacks, channel_sum
from convkit.viz.flips import correlation_and_convolution, impulse
from convkit.viz.grids import draw_grid
from convkit.viz.images import grey_photograph, show_images
from convkit.viz.padding import padding_modes
from convkit.viz.player import Steps
from convkit.viz.rows import Panel, grid_rows
from convkit.viz.sliding import sliding_kernel, sliding_kernel_1d, window_positions
from convkit.viz.style import ROLES, SIGNED, Picture, Role, style

__all__ = [
    "ROLES",
    "SIGNED",
    "Panel",
    "Picture",
    "Role",
    "Steps",
    "channel_stacks",
    "channel_sum",
    "correlation_and_convolution",
    "draw_grid",
    "grey_photograph",
    "grid_rows",
    "impulse",
    "padding_modes",
    "show_images",
    "sliding_kernel",
    "sliding_kernel_1d",
    "style",
    "window_positions",
]
