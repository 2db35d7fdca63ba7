"""``loss_and_gradients(parameters, images, labels)``: the network, forward and backward.

`parameters` is the tuple (w, b, W, c): w of shape (kh, kw, C, F), b (F,), W (features, K), c (K,).
`images` is (N, H, W, C), `labels` are N whole numbers below K.  The network is: convolution at
stride 1 without padding; ReLU; max pool with 2 x 2 windows side by side, what fills no window left
out; flattened row by row with the channels of a pixel together; linear, ``features @ W + c``.  The
loss is the mean softmax cross-entropy.  (loss, (dw, db, dW, dc)) is returned, each gradient of the
shape of its parameter.  No window holds its largest positive number twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, fractions, generic

from . import network
from .loss_and_gradients_chaffs import CHAFFS
from .loss_and_gradients_wheats import WHEATS
from .network import Parameters
from .rules import NUMERICAL_GRADIENTS, TOLERANCE

RUBRIC = (
    RubricLine("single", 3, "one image, one channel, one filter"),
    RubricLine("filters", 3, "several channels, several filters"),
    RubricLine("batch", 3, "a batch"),
    RubricLine("rest", 1, "feature maps with a row or column that fills no window"),
)


def draw_filters(
    rng: np.random.Generator, images: np.ndarray, kernel: tuple[int, int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Filters, biases and the features that the ReLU and the pool make of the images.

    In every filter the largest entry of a quarter of the windows is below 0, and some other window
    has a second entry above 0: only then is there a gradient that must not pass. No window has
    its largest entry twice.
    """
    kh, kw, filters = kernel
    while True:
        w = network.on_grid(generic(rng, kh, kw, images.shape[3], filters) / 2)
        maps = convkit.conv2d(images, w)
        windows = np.sort(_windows(maps), axis=1)
        largest, second = windows[:, -1], windows[:, -2]
        ordered, quarter = np.sort(largest, axis=0), len(largest) // 4
        b = network.on_grid(-(ordered[quarter - 1] + ordered[quarter]) / 2)
        mixed = (largest + b < 0).any(axis=0) & (second + b > 0).any(axis=0)
        if mixed.all() and (largest > second).all():
            return w, b, np.maximum(largest + b, 0).reshape(len(images), -1)


def _windows(maps: np.ndarray) -> np.ndarray:
    """The 2 x 2 windows of all maps: their number, 4, filters."""
    images, height, width, filters = maps.shape
    whole = maps[:, : height // 2 * 2, : width // 2 * 2]
    blocks = whole.reshape(images, height // 2, 2, width // 2, 2, filters)
    return blocks.transpose(0, 1, 3, 2, 4, 5).reshape(-1, 4, filters)


def draw(
    rng: np.random.Generator, image: tuple[int, ...], kernel: tuple[int, int, int], classes: int
) -> Case:
    """A batch and parameters that fit it, of about the sizes that training meets.

    No score is so far ahead that softmax is sure, and the gradients vanish.
    """
    images = generic(rng, *image)
    w, b, features = draw_filters(rng, images, kernel)
    weights = generic(rng, features.shape[1], classes)
    weights = network.on_grid(weights * 2 / np.abs(features @ weights).max())
    parameters = (w, b, weights, generic(rng, classes))
    return Case("", (parameters, images, rng.integers(0, classes, len(images))))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden batches; no image is square, and a group has wide and tall ones."""
    for group, image, kernel, classes in (
        ("single", (1, 7, 10, 1), (2, 3, 1), 3),
        ("single", (1, 10, 7, 1), (3, 2, 1), 3),
        ("filters", (1, 7, 5, 2), (2, 2, 3), 4),
        ("filters", (1, 6, 7, 2), (3, 2, 3), 4),
        ("batch", (3, 7, 6, 2), (4, 3, 3), 4),
        ("batch", (2, 5, 6, 1), (2, 3, 2), 3),
        ("rest", (2, 6, 8, 1), (2, 2, 2), 3),
        ("rest", (2, 7, 6, 1), (3, 2, 2), 3),
    ):
        case = draw(rng, image, kernel, classes)
        yield Case(group, case.args)


def parameters(seed: int, kernel: tuple[int, ...], features: int, classes: int) -> Parameters:
    """Public parameters."""
    return (
        fractions(seed, *kernel),
        fractions(seed + 1, kernel[-1]),
        fractions(seed + 2, features, classes),
        fractions(seed + 3, classes),
    )


EXAMPLES = (
    call(parameters(20, (2, 2, 1, 1), 4, 3), fractions(24, 1, 5, 5, 1), np.array([2])),
    call(parameters(30, (2, 3, 1, 2), 8, 3), fractions(34, 1, 5, 6, 1), np.array([0])),
    call(parameters(40, (3, 2, 2, 3), 18, 4), fractions(44, 3, 6, 7, 2), np.array([1, 3, 0])),
    call(parameters(50, (2, 2, 1, 2), 12, 5), fractions(54, 2, 6, 8, 1), np.array([4, 2])),
)


EXERCISE = Exercise(
    name="loss_and_gradients",
    oracle=network.loss_and_gradients,
    cases=cases,
    examples=EXAMPLES,
    parts=("loss", "gradients"),
    rubric=RUBRIC,
    forbidden=NUMERICAL_GRADIENTS,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=WHEATS,
    misconceptions=CHAFFS,
    covers=("capstone",),
)
