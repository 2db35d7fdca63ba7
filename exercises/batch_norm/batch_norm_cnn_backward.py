"""``batch_norm_cnn_backward(dy, x, gamma, eps=1e-8) -> dx, dgamma, dbeta``: gradients for images.

Given the upstream gradient `dy` and the batch `x`, both of shape (N, H, W, C) with N * H * W at
least 2, and `gamma` of shape (C,). Forward, each channel was normalized by its mean and biased
variance over all images and pixels, with eps under the root. `dx` has the shape of `x` and takes
into account that each pixel moves mean and variance. `dgamma` and `dbeta` have the shape (C,) and
are sums over all images and pixels. Entries of `gamma` may be 0. A channel may be constant. There
may be one image only, or images of one pixel. `x` and `dy` hold floats. A tuple of three arrays is
returned, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, fractions, generic, wheat

from .batch_norm_cnn_backward_chaffs import CHAFFS
from .batches import almost_constant, batch, flat
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("parameters", 2, "dgamma and dbeta (gamma is 0, so dx is 0 as well)"),
    RubricLine("input", 4, "dx of several images"),
    RubricLine("one_image", 1, "a batch of one image"),
    RubricLine("one_pixel", 1, "images of one pixel"),
    RubricLine("small_variance", 1, "channels that hardly vary, and constant ones"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; with gamma 0 nothing but dgamma and dbeta is left to be right."""

    def layer(*shape: int) -> tuple[np.ndarray, ...]:
        return generic(rng, *shape), batch(rng, *shape), generic(rng, shape[-1])

    for shape in [(3, 4, 2, 5), (2, 3, 5, 4)]:
        dy, x, _ = layer(*shape)
        yield Case("parameters", (dy, x, np.zeros(shape[-1])))
    for shape in [(3, 4, 5, 2), (2, 5, 3, 4)]:
        yield Case("input", layer(*shape))
    for shape in [(1, 4, 6, 3), (1, 5, 3, 2)]:
        yield Case("one_image", layer(*shape))
    yield Case("one_pixel", layer(7, 1, 1, 3))
    # A small gamma keeps dx near 1, where the tolerance is meant to be.
    for shape in [(2, 3, 4, 3), (2, 4, 3, 4)]:
        dy, x = generic(rng, *shape), almost_constant(rng, *shape)
        yield Case("small_variance", (dy, x, rng.integers(50, 201, shape[-1]) / 1e6))


EXAMPLES = (
    call(fractions(21, 2, 3, 4, 2), fractions(22, 2, 3, 4, 2), np.array([1.0, 2.0])),
    call(fractions(23, 3, 2, 3, 4), fractions(24, 3, 2, 3, 4), fractions(25, 4)),
    call(fractions(26, 1, 3, 2, 3), fractions(27, 1, 3, 2, 3), np.ones(3)),
    call(fractions(28, 5, 1, 1, 2), fractions(29, 5, 1, 1, 2), np.ones(2)),
    call(fractions(30, 2, 2, 3, 2), flat(31, 2, 2, 3, 2), np.array([1e-4, 2e-4])),
)


@wheat
def closed_form_over_three_axes(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@wheat
def pixels_as_vectors(dy, x, gamma, eps=1e-8):
    def backward(dy, x):
        n = len(x)
        centred = x - x.mean(0)
        root = np.sqrt((centred**2).mean(0) + eps)
        dvariance = -0.5 * (dy * gamma * centred).sum(0) / root**3
        dmean = -(dy * gamma).sum(0) / root
        dx = dy * gamma / root + (2 * centred * dvariance + dmean) / n
        return dx, (dy * centred / root).sum(0), dy.sum(0)

    channels = x.shape[-1]
    dx, dgamma, dbeta = backward(dy.reshape(-1, channels), x.reshape(-1, channels))
    return dx.reshape(x.shape), dgamma, dbeta


@wheat
def channel_by_channel(dy, x, gamma, eps=1e-8):
    dx = np.zeros(x.shape)
    dgamma, dbeta = [], []
    for c in range(x.shape[3]):
        g, plane = dy[..., c], x[..., c]
        root = np.sqrt(np.mean((plane - plane.mean()) ** 2) + eps)
        z = (plane - plane.mean()) / root
        dbeta.append(g.sum())
        dgamma.append((g * z).sum())
        dx[..., c] = gamma[c] / root * (g - dbeta[c] / g.size - z * dgamma[c] / g.size)
    return dx, np.array(dgamma), np.array(dbeta)


@wheat
def projections_with_einsum(dy, x, gamma, eps=1e-8):
    planes = np.moveaxis(x, -1, 0).reshape(x.shape[-1], -1)
    upstream = np.moveaxis(dy, -1, 0).reshape(planes.shape)
    count = planes.shape[1]
    centred = planes - planes.mean(1, keepdims=True)
    root = np.sqrt(np.einsum("cp,cp->c", centred, centred) / count + eps)
    z = centred / root[:, None]
    dgamma, dbeta = np.einsum("cp,cp->c", upstream, z), np.einsum("cp->c", upstream)
    dx = upstream - (dbeta[:, None] + z * dgamma[:, None]) / count
    dx *= (gamma / root)[:, None]
    return np.moveaxis(dx.reshape(-1, *x.shape[:3]), 0, -1), dgamma, dbeta


EXERCISE = Exercise(
    name="batch_norm_cnn_backward",
    oracle=convkit.batch_norm_backward,
    cases=cases,
    examples=EXAMPLES,
    parts=("dx", "dgamma", "dbeta"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        closed_form_over_three_axes,
        pixels_as_vectors,
        channel_by_channel,
        projections_with_einsum,
    ),
    misconceptions=CHAFFS,
    covers=("D(h)",),
)
