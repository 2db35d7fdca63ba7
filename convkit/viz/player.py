"""Stepped pictures: drawn one step at a time, played with matplotlib's own HTML player."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from PIL import Image

from convkit.viz.style import Picture, style

MAX_STEPS = 50
"""A picture of more steps is refused: nobody watches it, and it makes the notebook heavy."""

_BUTTON_SIGNS = {
    "minus": "−",
    "fast-backward": "|◀",
    "step-backward": "‹",
    "play fa-flip-horizontal": "◀",
    "pause": "❚❚",
    "play": "▶",
    "step-forward": "›",
    "fast-forward": "▶|",
    "plus": "+",
}


class Steps:
    """A picture in steps. A notebook shows it with play, pause and a slider.

    Parameters
    ----------
    draw : callable
        ``draw(figure, i)`` draws step `i` into an empty figure. It gives every step the same size.
    count : int
        Number of steps.
    title : str
        What the picture shows, for people and programs that cannot see it.
    seconds : float
        How long a step stays when it plays.
    widest : float
        Most pixels that a frame in the player is wide.

    Raises
    ------
    ValueError
        If there is no step or more than 50.

    Examples
    --------
    >>> def draw(figure, i):
    ...     _ = figure.text(0.5, 0.5, f"step {i}")
    >>> steps = Steps(draw, 3, title="three steps")
    >>> steps
    <three steps: 3 steps; .frame(i) is one of them>
    >>> steps.frame(2).texts[0].get_text()
    'step 2'
    """

    def __init__(
        self,
        draw: Callable[[Figure, int], None],
        count: int,
        *,
        title: str,
        seconds: float = 1.2,
        widest: float = 800.0,
    ) -> None:
        if not 1 <= count <= MAX_STEPS:
            raise ValueError(
                f"a stepped picture has 1 to {MAX_STEPS} steps, not {count}; "
                "take a smaller array or a larger stride"
            )
        self._draw = draw
        self._count = count
        self._per_second: Any = 1 / seconds
        self._widest = widest
        self.title = title

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"<{self.title}: {self._count} steps; .frame(i) is one of them>"

    def frame(self, i: int) -> Figure:
        """One step as a figure of its own.

        Parameters
        ----------
        i : int
            Number of the step, from 0; negative numbers count from the end.

        Returns
        -------
        Figure
            The step.

        Raises
        ------
        IndexError
            If there is no such step.
        """
        if not -self._count <= i < self._count:
            raise IndexError(f"there are {self._count} steps, so no step {i}")
        figure = Picture()
        self._redraw(i % self._count, figure)
        return figure

    def save(self, path: str | Path) -> None:
        """Write the whole picture to a file.

        Parameters
        ----------
        path : str or Path
            Ends in ``.html`` (a page with play, pause and a slider) or ``.gif``.

        Raises
        ------
        ValueError
            If the name has another ending.
        """
        path = Path(path)
        if path.suffix == ".html":
            head = f'<!DOCTYPE html><meta charset="utf-8"><title>{self.title}</title>'
            path.write_text(head + self._repr_html_(), encoding="utf-8")
        elif path.suffix == ".gif":
            self._animation().save(path, writer=PillowWriter(fps=self._per_second))
        else:
            raise ValueError(f"a stepped picture is saved as .html or .gif, not {path.suffix!r}")

    def _repr_html_(self) -> str:
        with style():
            html = self._animation().to_jshtml(fps=self._per_second, default_mode="once")
        return _without_network(_with_small_frames(html), self.title)

    def _animation(self) -> FuncAnimation:
        figure = self.frame(0)
        figure.set_dpi(min(100.0, self._widest / figure.get_size_inches()[0]))

        def update(i: int) -> list[Artist]:
            figure.clear()
            self._redraw(i, figure)
            return []

        return FuncAnimation(figure, update, frames=self._count, init_func=list, blit=False)

    def _redraw(self, i: int, figure: Figure) -> None:
        with style():
            self._draw(figure, i)


def _with_small_frames(html: str) -> str:
    """Store every frame with a palette: pictures of few colours shrink to a third."""

    def shrink(frame: re.Match[str]) -> str:
        png = io.BytesIO(base64.b64decode(frame.group(1).replace("\\\n", "")))
        small = io.BytesIO()
        palette = Image.open(png).convert("RGB").quantize(64, method=Image.Quantize.FASTOCTREE)
        palette.save(small, format="png")
        return f'"data:image/png;base64,{base64.b64encode(small.getvalue()).decode()}"'

    return re.sub(r'"data:image/png;base64,([^"]*)"', shrink, html)


def _without_network(html: str, title: str) -> str:
    """Make matplotlib's player work offline, and without scripts show its first frame.

    Its buttons are icons of a web font that is fetched over the network.
    """
    html = re.sub(r"<link[^>]*font-awesome[^>]*>", "", html)
    for icon, sign in _BUTTON_SIGNS.items():
        html = html.replace(f'<i class="fa fa-{icon}"></i>', sign)
    first = re.search(r'frames\[0\] = "(data:image/png;base64,[^"]*)"', html)
    if first is None:
        return html
    return html.replace("<img id=", f'<img alt="{title}" src="{first.group(1)}" id=', 1)


def png_bytes(figure: Figure, dpi: float = 100.0) -> bytes:
    """A figure as the bytes of a PNG file.

    Parameters
    ----------
    figure : Figure
        The figure.
    dpi : float
        Pixels an inch.

    Returns
    -------
    bytes
        The file's content.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi)
    return buffer.getvalue()
