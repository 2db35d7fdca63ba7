"""From a fully connected layer to shared kernels: which outputs look at which inputs."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from convkit.viz.style import INK, MUTED, Picture, get_role, style

_DASHES = ("solid", (0, (4, 1.6)), (0, (1, 1.3)), (0, (6, 1.5, 1, 1.5)))
_SECOND_KERNEL = "#8f3b00"
_RADIUS = 0.13
_PANEL = (4.6, 2.3)


def weight_sharing(inputs: int = 8, kernel: int = 3) -> Figure:
    """Show four layers on a row of pixels: all connected, windows, one shared kernel, two.

    Parameters
    ----------
    inputs : int
        Number of pixels.
    kernel : int
        Length of a window, at most 4.

    Returns
    -------
    Figure
        Four panels. Lines that share a weight are dashed alike; above each panel stands how many
        parameters it has, biases included.

    Raises
    ------
    ValueError
        If the window is longer than the row or longer than 4, or there are more than 12 pixels.

    Examples
    --------
    >>> picture = weight_sharing(inputs=8, kernel=3)
    >>> [ax.get_title() for ax in picture.axes]
    ['fully connected: 54 parameters', 'windows of 3: 24 parameters', \
'one shared kernel: 4 parameters', 'two shared kernels: 8 parameters']
    """
    if not 1 <= kernel <= len(_DASHES):
        raise ValueError(f"kernel must be 1 to {len(_DASHES)}, not {kernel}")
    if not kernel <= inputs <= 12:
        raise ValueError(f"inputs must be {kernel} (the kernel) to 12, not {inputs}")
    outputs = inputs - kernel + 1
    titles = {
        "fully connected": outputs * (inputs + 1),
        f"windows of {kernel}": outputs * (kernel + 1),
        "one shared kernel": kernel + 1,
        "two shared kernels": 2 * (kernel + 1),
    }
    with style():
        width, height = 2 * _PANEL[0], 2 * _PANEL[1]
        figure = Picture(figsize=(width, height))
        for number, (title, parameters) in enumerate(titles.items()):
            row, column = divmod(number, 2)
            ax = figure.add_axes((column / 2, (1 - row) / 2, 0.5, 0.41))
            ax.set_title(f"{title}: {parameters} parameters", size=12.5, pad=4)
            ax.set_xlim(0, _PANEL[0])
            ax.set_ylim(0, 0.82 * _PANEL[1])
            ax.set_axis_off()
            _draw_layer(ax, number, inputs, kernel)
    return figure


def _draw_layer(ax: Axes, number: int, inputs: int, kernel: int) -> None:
    step = min(0.45, 3.6 / inputs)
    left = _PANEL[0] / 2 + 0.25 - step * (inputs - 1) / 2
    top, low = 0.82 * _PANEL[1] - 0.22, 0.22
    pixels = low if number < 3 else (top + low) / 2
    maps = [(top, get_role("kernel").line), (low, _SECOND_KERNEL)][: 1 + (number == 3)]
    outputs = [left + step * (i + (kernel - 1) / 2) for i in range(inputs - kernel + 1)]
    for height, color in maps:
        for i, x in enumerate(outputs):
            reads = range(inputs) if number == 0 else range(i, i + kernel)
            for tap, pixel in enumerate(reads):
                shared = number >= 2
                look: dict[str, Any] = (
                    {"color": color, "linestyle": _DASHES[tap], "lw": 1.7}
                    if shared
                    else {"color": MUTED, "lw": 0.9}
                )
                ax.plot(
                    [left + step * pixel, x],
                    [pixels, height],
                    zorder=1,
                    gid=f"weight {tap}" if shared else "weight",
                    **look,
                )
            _neuron(ax, x, height, "output")
    for pixel in range(inputs):
        _neuron(ax, left + step * pixel, pixels, "input")
    words = ["output", "input"] if number < 3 else ["map 1", "input", "map 2"]
    heights = [top, pixels] if number < 3 else [top, pixels, low]
    for word, height in zip(words, heights, strict=True):
        edge = left if word == "input" else outputs[0]
        ax.text(edge - 0.22, height, word, ha="right", va="center", size=10, color=INK)


def _neuron(ax: Axes, x: float, y: float, role: str) -> None:
    colors = get_role(role)
    ax.add_patch(
        Circle((x, y), _RADIUS, facecolor=colors.fill, edgecolor=colors.line, lw=1.6, zorder=2)
    )
