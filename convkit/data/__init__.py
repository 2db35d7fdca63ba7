"""The data that ship with the package; README.md beside them says where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import numpy as np


@dataclass(frozen=True, eq=False)
class Digits:
    """Handwritten digits.

    Parameters
    ----------
    images : ndarray of shape (N, 8, 8)
        Brightness of each pixel, from 0 (paper) to 1 (ink).
    labels : ndarray of shape (N,)
        The digit that each image shows, from 0 to 9.

    Examples
    --------
    >>> from convkit import load_digits
    >>> digits = load_digits()
    >>> len(digits), digits.images.shape
    (1498, (1498, 8, 8))
    """

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def split(self) -> tuple[Digits, Digits]:
        """Return a training and a test set, always the same ones.

        Returns
        -------
        train : Digits
            Four images of five.
        test : Digits
            Every fifth image, beginning with the first.

        Notes
        -----
        The file keeps the images of one writer together. Every fifth image means that a classifier
        has seen other digits of each writer. That is easier than to meet a new hand: the nearest
        neighbour is right on 99 % of such a test set, but on 94 % of the last 300 images if it is
        one of the others.

        Examples
        --------
        >>> train, test = load_digits().split()
        >>> len(train), len(test)
        (1198, 300)
        """
        is_test = np.arange(len(self)) % 5 == 0
        return (
            Digits(self.images[~is_test], self.labels[~is_test]),
            Digits(self.images[is_test], self.labels[is_test]),
        )


def load_digits() -> Digits:
    """Return 1498 handwritten digits of 8 by 8 pixels.

    Returns
    -------
    Digits
        New arrays at each call: float64 images from 0 to 1, int64 labels.

    Notes
    -----
    Five of every six digits of the test part of "Optical Recognition of Handwritten Digits" [1]_,
    CC BY 4.0. Each pixel tells how many of the 4 by 4 dots of a scan were black, here divided by
    16.

    References
    ----------
    .. [1] E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998, doi:10.24432/C50P49.

    Examples
    --------
    >>> digits = load_digits()
    >>> digits.images.shape, digits.labels[:5]
    ((1498, 8, 8), array([0, 1, 2, 3, 4]))
    """
    with resources.files(__name__).joinpath("digits.npz").open("rb") as file:
        arrays = np.load(file)
        return Digits(arrays["images"] / 16, arrays["labels"].astype(np.int64))


def scatter_digits(
    images: np.ndarray, rng: np.random.Generator, *, size: int = 10, noise: float = 0.0
) -> np.ndarray:
    """Put each image at a random place of a dark canvas.

    Parameters
    ----------
    images : ndarray of shape (N, H, W)
        Digits, as in `Digits.images`.
    rng : numpy.random.Generator
        Draws the places, then the noise.
    size : int, default 10
        Height and width of the canvas.
    noise : float, default 0
        Standard deviation of normal noise that is added to every pixel.

    Returns
    -------
    ndarray of shape (N, size, size, 1)
        One canvas for each image, with one channel.

    Raises
    ------
    ValueError
        If the canvas is smaller than an image.

    Examples
    --------
    >>> digits = load_digits()
    >>> x = scatter_digits(digits.images[:5], np.random.default_rng(0))
    >>> x.shape
    (5, 10, 10, 1)
    >>> bool(np.isclose(x.sum(), digits.images[:5].sum()))
    True
    """
    count, height, width = images.shape
    if size < max(height, width):
        raise ValueError(f"images of {height} x {width} do not fit on a canvas of {size} x {size}")
    top = rng.integers(0, size - height + 1, count)[:, None] + np.arange(height)
    left = rng.integers(0, size - width + 1, count)[:, None] + np.arange(width)
    canvas = np.zeros((count, size, size, 1))
    canvas[np.arange(count)[:, None, None], top[:, :, None], left[:, None, :], 0] = images
    return canvas + noise * rng.normal(size=canvas.shape) if noise else canvas
