"""``batch_norm_backward(dy, x, gamma, eps=1e-8) -> dx, dgamma, dbeta``: gradients for vectors.

Given the upstream gradient `dy` and the batch `x`, both of shape (N, D) with N at least 2, and
`gamma` of shape (D,). Forward, each feature was normalized by its own mean and biased variance,
with eps under the root. Each number moves the mean and the variance of its feature, and `dx`, of
shape (N, D), takes that into account. `dgamma` and `dbeta` have the shape (D,) and are sums over
the batch. Entries of `gamma` may be 0. A feature may be constant. `x` may hold whole numbers; the
answer keeps its fractions. A tuple of three arrays is returned, in this order.
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
    whole,
)

from .batch_norm_backward_chaffs import CHAFFS
from .batches import CLOSE, almost_constant, batch, flat, spread_out
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("parameters", 2, "dgamma and dbeta (gamma is 0, so dx is 0 as well)"),
    RubricLine("input", 4, "dx, where gamma is 1"),
    RubricLine("gamma", 1, "dx, where gamma is not 1"),
    RubricLine("small_variance", 1, "features that hardly vary, and constant ones"),
    RubricLine("eps", 1, "another eps"),
    RubricLine("integers", 1, "whole numbers in x"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; with gamma 0 nothing but dgamma and dbeta is left to be right."""

    def layer(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
        return generic(rng, n, d), batch(rng, n, d)

    for n, d in [(6, 3), (4, 5)]:
        yield Case("parameters", (*layer(n, d), np.zeros(d)))
    for n, d in [(7, 4), (5, 6)]:
        yield Case("input", (*layer(n, d), np.ones(d)))
    for n, d in [(6, 4), (8, 3)]:
        yield Case("gamma", (*layer(n, d), 1.5 + np.abs(generic(rng, d))))
    # A small gamma keeps dx near 1, where the tolerance is meant to be.
    for group, n, d, options in [
        ("small_variance", 6, 4, {}),
        ("eps", 4, 5, {"eps": CLOSE}),
    ]:
        small = rng.integers(200, 351, d) / 1e6
        yield Case(group, (generic(rng, n, d), almost_constant(rng, n, d), small), options)
    yield Case("eps", (*layer(5, 3), np.ones(3)), {"eps": int(rng.integers(32, 65)) / 64})
    yield Case("integers", (generic(rng, 7, 3), spread_out(rng, 7, 3), np.ones(3)))


EXAMPLES = (
    call(
        np.array([[4.0], [0.0], [0.0], [0.0]]),
        np.array([[1.0], [1.0], [5.0], [5.0]]),
        np.array([1.0]),
    ),
    call(fractions(11, 6, 3), fractions(12, 6, 3), np.ones(3)),
    call(fractions(13, 5, 4), fractions(14, 5, 4), np.array([2.0, -1.0, 0.5, 0.0])),
    call(fractions(15, 4, 2), flat(16, 4, 2), np.array([1e-4, 2e-4])),
    call(fractions(17, 5, 2), fractions(18, 5, 2), np.ones(2), eps=0.5),
    call(fractions(19, 6, 2), whole(20, 6, 2), np.ones(2)),
)


@wheat
def closed_form(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@wheat
def three_paths_added(dy, x, gamma, eps=1e-8):
    n = len(x)
    centred = x - np.mean(x, axis=0)
    variance = np.mean(centred**2, axis=0)
    dz = dy * gamma
    dvariance = np.sum(dz * centred, axis=0) * -0.5 * (variance + eps) ** -1.5
    dmean = np.sum(dz, axis=0) * -((variance + eps) ** -0.5)
    dx = dz * (variance + eps) ** -0.5 + dvariance * 2 * centred / n + dmean / n
    dgamma = np.sum(dy * centred * (variance + eps) ** -0.5, axis=0)
    return dx, dgamma, np.sum(dy, axis=0)


@wheat
def backward_through_the_graph(dy, x, gamma, eps=1e-8):
    n = x.shape[0]
    centred = x - x.sum(axis=0) / n
    root = np.sqrt((centred**2).sum(axis=0) / n + eps)
    inverse = 1 / root
    z = centred * inverse
    dbeta, dgamma, dz = dy.sum(0), (dy * z).sum(0), dy * gamma
    dcentred = dz * inverse
    dinverse = (dz * centred).sum(0)
    droot = -dinverse / root**2
    dvariance = droot * 0.5 / root
    dcentred = dcentred + np.ones_like(dy) / n * 2 * centred * dvariance
    dmean = -dcentred.sum(0)
    return dcentred + np.ones_like(dy) * dmean / n, dgamma, dbeta


@wheat
def jacobian_of_each_feature(dy, x, gamma, eps=1e-8):
    n, d = x.shape
    dx, dgamma, dbeta = np.zeros((n, d)), np.zeros(d), np.zeros(d)
    for j in range(d):
        centred = x[:, j] - sum(x[:, j]) / n
        root = (centred @ centred / n + eps) ** 0.5
        z = centred / root
        jacobian = gamma[j] / root * (np.eye(n) - 1 / n - np.outer(z, z) / n)
        dx[:, j] = jacobian.T @ dy[:, j]
        dgamma[j] = z @ dy[:, j]
        dbeta[j] = sum(dy[:, j])
    return dx, dgamma, dbeta


@wheat
def one_number_at_a_time(dy, x, gamma, eps=1e-8):
    n, d = x.shape
    dx, dgamma, dbeta = np.zeros((n, d)), np.zeros(d), np.zeros(d)
    for j in range(d):
        mean = sum(x[i, j] for i in range(n)) / n
        root = (sum((x[i, j] - mean) ** 2 for i in range(n)) / n + eps) ** 0.5
        for i in range(n):
            dbeta[j] += dy[i, j]
            dgamma[j] += dy[i, j] * (x[i, j] - mean) / root
        for i in range(n):
            z = (x[i, j] - mean) / root
            dx[i, j] = gamma[j] / (n * root) * (n * dy[i, j] - dbeta[j] - z * dgamma[j])
    return dx, dgamma, dbeta


@wheat
def complex_steps(dy, x, gamma, eps=1e-8):
    n = len(x)

    def normalized(batch):
        centred = batch - batch.sum(axis=0) / n
        return centred / np.sqrt((centred * centred).sum(axis=0) / n + eps)

    dx = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        moved = x.astype(complex)
        moved[place] += 1e-30j
        dx[place] = np.sum(dy * gamma * normalized(moved).imag) / 1e-30
    z = normalized(x)
    return [dx, np.sum(dy * z, axis=0), np.sum(dy, axis=0)]


EXERCISE = Exercise(
    name="batch_norm_backward",
    oracle=convkit.batch_norm_backward,
    cases=cases,
    examples=EXAMPLES,
    parts=("dx", "dgamma", "dbeta"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        closed_form,
        three_paths_added,
        backward_through_the_graph,
        jacobian_of_each_feature,
        one_number_at_a_time,
        complex_steps,
    ),
    misconceptions=CHAFFS,
    covers=("D(h)",),
)
