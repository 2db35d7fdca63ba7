"""Photographs and feature maps, side by side and on scales that can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convkit.viz.style import SIGNED, Picture, style


def show_images(
    images: Mapping[str, Any],
    *,
    signed: Sequence[str] = (),
    width: float = 3.0,
) -> Figure:
    """Show images side by side.

    All grey images share one scale, from their common minimum to their common maximum; so do all
    signed ones, from blue (largest) through white (zero) to orange (smallest).  So equal colours
    are equal numbers, and the brightness of two pictures can be compared.

    Parameters
    ----------
    images : mapping of str to array_like of shape (H, W) or (H, W, 3)
        Title and image. Three channels are shown in colour, values in [0, 1] or 0 to 255.
    signed : sequence of str
        Titles of the images that have positive and negative values.
    width : float
        Width of each image in inches.

    Returns
    -------
    Figure
        One Axes for each image; the signed ones together have a colour bar.

    Raises
    ------
    ValueError
        If there is no image, one has another shape, or a title in `signed` is unknown.

    Examples
    --------
    >>> from convkit import correlate2d
    >>> photograph = grey_photograph()
    >>> edges = correlate2d(photograph, np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    >>> picture = show_images({"photograph": photograph, "edges": edges}, signed=["edges"])
    >>> low, high = picture.axes[1].images[0].get_clim()
    >>> low == -high
    True
    """
    arrays = {title: np.asarray(image) for title, image in images.items()}
    _check_images(arrays, signed)
    grey = [image for title, image in arrays.items() if title not in signed and image.ndim == 2]
    low = min((image.min() for image in grey), default=0.0)
    high = max((image.max() for image in grey), default=1.0)
    reach = max((np.abs(arrays[title]).max() for title in signed), default=1.0) or 1.0
    tallest = max(image.shape[0] / image.shape[1] for image in arrays.values()) * width
    bar = 0.75 if signed else 0.0
    total = (len(arrays) * (width + 0.15) + 0.15 + bar, tallest + 0.5)
    with style():
        figure = Picture(figsize=total)
        for number, (title, image) in enumerate(arrays.items()):
            left = 0.15 + number * (width + 0.15)
            box = (left / total[0], 0.08 / total[1], width / total[0], tallest / total[1])
            ax = figure.add_axes(box)
            if title in signed:
                ax.imshow(image, cmap=SIGNED, vmin=-reach, vmax=reach)
            else:
                ax.imshow(image, cmap="gray", vmin=low, vmax=high)
            ax.set_title(title)
            ax.set_axis_off()
        if signed:
            _add_bar(figure, next(ax for ax in figure.axes if ax.get_title() in signed), total)
    return figure


def _check_images(arrays: Mapping[str, np.ndarray], signed: Sequence[str]) -> None:
    if not arrays:
        raise ValueError("show_images needs at least one image")
    for title, image in arrays.items():
        color = image.ndim == 3 and image.shape[2] == 3
        if image.size == 0 or not (image.ndim == 2 or color):
            raise ValueError(
                f"image {title!r} must have the shape (H, W) or (H, W, 3), not {image.shape}"
            )
    unknown = [title for title in signed if title not in arrays]
    if unknown:
        raise ValueError(f"signed names {unknown}, but the images are {list(arrays)}")


def _add_bar(figure: Figure, ax: Axes, total: tuple[float, float]) -> None:
    place = ax.get_position()
    box = (1 - 0.72 / total[0], place.y0 + 0.1 * place.height, 0.14 / total[0], 0.8 * place.height)
    bar = figure.colorbar(ax.images[0], cax=figure.add_axes(box))
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=10)


def grey_photograph(step: int = 4) -> np.ndarray:
    """A portrait of Grace Hopper in grey, the photograph that matplotlib ships.

    Parameters
    ----------
    step : int
        Blocks of `step` by `step` pixels are averaged into one: 4 gives 150 by 128 pixels.

    Returns
    -------
    ndarray of shape (H, W)
        Luma from 0 (black) to 1 (white), by the weights of ITU-R BT.601.

    Raises
    ------
    ValueError
        If `step` is less than 1.

    Examples
    --------
    >>> grey_photograph().shape
    (150, 128)
    """
    from matplotlib.cbook import get_sample_data
    from matplotlib.image import imread

    if step < 1:
        raise ValueError(f"step must be at least 1, not {step}")
    pixels = imread(get_sample_data("grace_hopper.jpg", asfileobj=False))
    height, width = (size // step for size in pixels.shape[:2])
    blocks = pixels[: height * step, : width * step] / 255.0
    blocks = blocks.reshape(height, step, width, step, 3).mean(axis=(1, 3))
    return np.asarray(blocks @ [0.299, 0.587, 0.114])
