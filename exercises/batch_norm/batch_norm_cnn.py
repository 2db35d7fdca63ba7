"""``batch_norm_cnn(x, gamma, beta, eps=1e-8)``: batch normalization of images, in training.

Given `x` of shape (N, H, W, C) with N * H * W at least 2, `gamma` and `beta` of shape (C,). Each
channel has one mean and one biased variance, over all images and all pixels.
``y = gamma * (x - mean) / sqrt(variance + eps) + beta``, with eps under the root. There may be one
image only, or images of one pixel. A channel may be constant. `x` may hold whole numbers, such as
the uint8 pixels of a photograph; the answer keeps its fractions. An array of the shape of `x` is
returned.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import (
    Case,
    Exercise,
    RubricLine,
    call,
    fractions,
    generic,
    wheat,
)

from .batch_norm_cnn_chaffs import CHAFFS
from .batches import almost_constant, batch, flat, plain, spread_out
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("channels", 3, "each channel by its own mean and variance"),
    RubricLine("one_image", 1, "a batch of one image"),
    RubricLine("one_pixel", 1, "images of one pixel"),
    RubricLine("scale_shift", 1, "gamma and beta"),
    RubricLine("small_variance", 1, "channels that hardly vary, and constant ones"),
    RubricLine("integers", 1, "photographs: whole numbers in x"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; gamma is 1 and beta is 0 in most groups."""

    def plain(x: np.ndarray) -> tuple[np.ndarray, ...]:
        return x, np.ones(x.shape[-1]), np.zeros(x.shape[-1])

    for shape in [(3, 4, 5, 2), (2, 5, 3, 4)]:
        yield Case("channels", plain(batch(rng, *shape)))
    for shape in [(1, 4, 6, 3), (1, 5, 3, 2)]:
        yield Case("one_image", plain(batch(rng, *shape)))
    yield Case("one_pixel", plain(batch(rng, 7, 1, 1, 3)))
    for shape in [(2, 4, 3, 5), (4, 2, 5, 3)]:
        channels = shape[-1]
        parameters = generic(rng, channels), generic(rng, channels)
        yield Case("scale_shift", (batch(rng, *shape), *parameters))
    for shape in [(2, 3, 4, 3), (2, 4, 3, 4)]:
        yield Case("small_variance", plain(almost_constant(rng, *shape)))
    # Answers between 0 and 255: what lies outside has no one uint8 on all machines.
    photographs = rng.integers(0, 256, (2, 4, 5, 3)).astype(np.uint8)
    yield Case("integers", (photographs, np.abs(generic(rng, 3)), 50 + generic(rng, 3)))
    yield Case("integers", plain(spread_out(rng, 3, 4, 2, 2)))


EXAMPLES = (
    plain(fractions(6, 2, 3, 4, 2) + np.array([0.0, 5.0])),
    plain(fractions(7, 1, 3, 2, 3)),
    plain(fractions(8, 5, 1, 1, 2)),
    call(fractions(9, 3, 2, 4, 2), np.array([2.0, -1.0]), np.array([10.0, 0.5])),
    plain(flat(10, 2, 2, 3, 2)),
    call(
        np.array([[[[250, 0], [3, 7]], [[10, 90], [200, 80]]]], dtype=np.uint8),
        np.array([1.5, 0.5]),
        np.array([10.0, 20.0]),
    ),
)


@wheat
def mean_and_var_over_three_axes(x, gamma, beta, eps=1e-8):
    mean = np.mean(x, axis=(0, 1, 2), keepdims=True)
    variance = np.var(x, axis=(0, 1, 2), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@wheat
def pixels_as_vectors(x, gamma, beta, eps=1e-8):
    vectors = x.reshape(-1, x.shape[-1])
    y = gamma * (vectors - vectors.mean(0)) / np.sqrt(vectors.var(0) + eps) + beta
    return y.reshape(x.shape)


@wheat
def channel_by_channel(x, gamma, beta, eps=1e-8):
    y = np.empty(x.shape)
    for c in range(x.shape[3]):
        plane = x[:, :, :, c]
        y[:, :, :, c] = (plane - plane.mean()) / np.sqrt(plane.var() + eps) * gamma[c] + beta[c]
    return y


@wheat
def channels_first_and_back(x, gamma, beta, eps=1e-8):
    planes = np.moveaxis(x, -1, 0).astype(float)
    flat = planes.reshape(len(planes), -1)
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.sqrt(np.einsum("cp,cp->c", flat, flat) / flat.shape[1] + eps)[:, None]
    y = gamma[:, None] * flat + beta[:, None]
    return np.moveaxis(y.reshape(planes.shape), 0, -1)


@wheat
def running_sums_pixel_by_pixel(x, gamma, beta, eps=1e-8):
    images, height, width, channels = x.shape
    mean, squares, count = np.zeros(channels), np.zeros(channels), 0
    for n in range(images):
        for i in range(height):
            for j in range(width):
                count += 1
                step = x[n, i, j] - mean
                mean = mean + step / count
                squares = squares + step * (x[n, i, j] - mean)
    return (x - mean) * (gamma / np.sqrt(squares / count + eps)) + beta


EXERCISE = Exercise(
    name="batch_norm_cnn",
    oracle=convkit.batch_norm,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        mean_and_var_over_three_axes,
        pixels_as_vectors,
        channel_by_channel,
        channels_first_and_back,
        running_sums_pixel_by_pixel,
    ),
    misconceptions=CHAFFS,
    covers=("D(h)",),
)
