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
    chaff,
    fractions,
    generic,
    wheat,
    whole_numbers,
)

from .batches import almost_constant, batch, flat, plain
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("channels", 3, "each channel by its own mean and variance"),
    RubricLine("one_image", 1, "a batch of one image"),
    RubricLine("one_pixel", 1, "images of one pixel"),
    RubricLine("scale_shift", 1, "gamma and beta"),
    RubricLine("small_variance", 1, "channels that hardly vary, and constant ones"),
    RubricLine("integers", 1, "photographs: whole numbers in x"),
)

EVERYWHERE = {line.group for line in RUBRIC}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; gamma is 1 and beta is 0 in most groups."""

    def plain(x: np.ndarray) -> tuple[np.ndarray, ...]:
        return x, np.ones(x.shape[-1]), np.zeros(x.shape[-1])

    for shape in [(3, 4, 5, 2), (2, 5, 3, 4)]:
        yield Case("channels", plain(batch(rng, *shape)))
    yield Case("one_image", plain(batch(rng, 1, 4, 6, 3)))
    yield Case("one_pixel", plain(batch(rng, 7, 1, 1, 3)))
    for shape in [(2, 4, 3, 5), (4, 2, 5, 3)]:
        channels = shape[-1]
        parameters = generic(rng, channels), generic(rng, channels)
        yield Case("scale_shift", (batch(rng, *shape), *parameters))
    yield Case("small_variance", plain(almost_constant(rng, 2, 3, 4, 3)))
    # Answers between 0 and 255: what lies outside has no one uint8 on all machines.
    photographs = rng.integers(0, 256, (2, 4, 5, 3)).astype(np.uint8)
    yield Case("integers", (photographs, np.abs(generic(rng, 3)), 50 + generic(rng, 3)))
    yield Case("integers", plain(whole_numbers(rng, 3, 4, 2, 2)))


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


@chaff(
    says="Each pixel has a mean of its own in your answer. All pixels of a channel share one mean, "
    "as the kernel that made them is the same.",
    breaks=EVERYWHERE - {"one_pixel"},
)
def each_pixel_by_itself(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


@chaff(
    says="You normalize each image by itself; that is instance norm. A channel has one mean over "
    "all images of the batch.",
    breaks=EVERYWHERE - {"one_image"},
)
def each_image_by_itself(x, gamma, beta, eps=1e-8):
    mean, variance = x.mean(axis=(1, 2), keepdims=True), x.var(axis=(1, 2), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@chaff(
    says="You take one mean and one variance over everything. Each channel has its own.",
    breaks=EVERYWHERE,
)
def statistics_over_everything(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta


@chaff(
    says="You take the mean over images, columns and channels, as if the channels came second. "
    "Here they are the last axis.",
    breaks=EVERYWHERE,
)
def channels_taken_for_the_second_axis(x, gamma, beta, eps=1e-8):
    mean, variance = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@chaff(
    says="Your reshape mixes the channels: it only cuts the same long line of numbers elsewhere. "
    "To bring another axis to the front, transpose before you reshape.",
    breaks=EVERYWHERE,
)
def reshaped_without_transpose(x, gamma, beta, eps=1e-8):
    planes = x.reshape(x.shape[-1], -1)
    z = (planes - planes.mean(1, keepdims=True)) / np.sqrt(planes.var(1, keepdims=True) + eps)
    return gamma * z.reshape(x.shape) + beta


@chaff(
    says="Your variance is divided by one less than the number of values. Batch norm normalizes "
    "with the biased variance.",
    breaks=EVERYWHERE,
)
def unbiased_variance(x, gamma, beta, eps=1e-8):
    variance = x.var(axis=(0, 1, 2), ddof=1)
    return gamma * (x - x.mean(axis=(0, 1, 2))) / np.sqrt(variance + eps) + beta


@chaff(
    says="You add eps after the root. It belongs under the root, to the variance; where a channel "
    "hardly varies, that is a great difference.",
    breaks={"small_variance"},
)
def eps_outside_the_root(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / (x.std(axis=(0, 1, 2)) + eps) + beta


@chaff(
    says="You stop after normalizing. The last step is to scale by gamma and to shift by beta.",
    breaks={"scale_shift", "integers"},
)
def gamma_and_beta_left_out(x, gamma, beta, eps=1e-8):
    return (x - x.mean(axis=(0, 1, 2))) / np.sqrt(x.var(axis=(0, 1, 2)) + eps)


@chaff(
    says="Your fractions are cut off: the answer is stored in an array of whole numbers, because "
    "its type was copied from x. Make an array of floats.",
    breaks={"integers"},
)
def stored_as_whole_numbers(x, gamma, beta, eps=1e-8):
    y = np.zeros_like(x)
    z = (x - x.mean(axis=(0, 1, 2))) / np.sqrt(x.var(axis=(0, 1, 2)) + eps)
    y[:] = gamma * z + beta
    return y


@chaff(
    says="You square pixels of type uint8: beyond 255 they start again at 0. Turn the pixels into "
    "floats before you compute with them.",
    breaks={"integers"},
)
def squares_wrap_around(x, gamma, beta, eps=1e-8):
    mean = np.mean(x, axis=(0, 1, 2))
    variance = np.mean(x**2, axis=(0, 1, 2)) - mean**2
    return gamma * (x - mean) / np.sqrt(np.abs(variance) + eps) + beta


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
    misconceptions=(
        each_pixel_by_itself,
        each_image_by_itself,
        statistics_over_everything,
        channels_taken_for_the_second_axis,
        reshaped_without_transpose,
        unbiased_variance,
        eps_outside_the_root,
        gamma_and_beta_left_out,
        stored_as_whole_numbers,
        squares_wrap_around,
    ),
    covers=("D(h)",),
)
