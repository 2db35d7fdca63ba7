"""``batch_norm(x, gamma, beta, eps=1e-8)``: batch normalization of vectors, in training.

Given `x` of shape (N, D) with N at least 2, `gamma` and `beta` of shape (D,). Each feature, a
column of `x`, has its own mean and variance over the N vectors. The variance is the biased one,
divided by N. ``y = gamma * (x - mean) / sqrt(variance + eps) + beta``, with eps under the root. A
feature may be constant. `x` may hold whole numbers; the answer keeps its fractions. An array of
shape (N, D) is returned.
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
    whole,
)

from .batches import CLOSE, almost_constant, batch, flat, plain, spread_out
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 3, "each feature by its own mean and variance"),
    RubricLine("scale_shift", 1, "gamma and beta"),
    RubricLine("small_variance", 1, "features that hardly vary, and constant ones"),
    RubricLine("eps", 1, "another eps"),
    RubricLine("integers", 1, "whole numbers in x"),
)

EVERYWHERE = {"plain", "scale_shift", "small_variance", "eps", "integers"}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; gamma is 1 and beta is 0 in all groups but one."""

    def plain(x: np.ndarray) -> tuple[np.ndarray, ...]:
        return x, np.ones(x.shape[1]), np.zeros(x.shape[1])

    for n, d in [(7, 4), (5, 6)]:
        yield Case("plain", plain(batch(rng, n, d)))
    for n, d in [(6, 3), (4, 5)]:
        yield Case("scale_shift", (batch(rng, n, d), generic(rng, d), generic(rng, d)))
    yield Case("small_variance", plain(almost_constant(rng, 6, 4)))
    yield Case("eps", plain(batch(rng, 5, 3)), {"eps": int(rng.integers(32, 65)) / 64})
    yield Case("eps", plain(almost_constant(rng, 4, 5)), {"eps": CLOSE})
    yield Case("integers", plain(spread_out(rng, 8, 3)))


EXAMPLES = (
    plain(np.array([[1.0, 30.0], [1.0, 10.0], [5.0, 10.0], [5.0, 30.0]])),
    plain(fractions(1, 6, 3)),
    call(fractions(2, 5, 2), np.array([2.0, -1.0]), np.array([10.0, 0.5])),
    plain(np.array([[1.0, 2.0], [2.0, 2.0], [6.0, 2.0]])),
    plain(flat(3, 4, 3)),
    plain(fractions(4, 4, 2), eps=0.5),
    plain(whole(5, 6, 3)),
)


@wheat
def mean_and_var_over_the_first_axis(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


@wheat
def one_number_at_a_time(x, gamma, beta, eps=1e-8):
    n, d = x.shape
    y = np.zeros((n, d))
    for j in range(d):
        mean = 0.0
        for i in range(n):
            mean += x[i, j] / n
        variance = 0.0
        for i in range(n):
            variance += (x[i, j] - mean) ** 2 / n
        for i in range(n):
            y[i, j] = gamma[j] * (x[i, j] - mean) / (variance + eps) ** 0.5 + beta[j]
    return y


@wheat
def features_as_rows(x, gamma, beta, eps=1e-8):
    y = []
    for feature, scale, shift in zip(x.T, gamma, beta, strict=True):
        centred = feature - np.average(feature)
        y.append(scale * centred / np.sqrt(centred @ centred / len(feature) + eps) + shift)
    return np.array(y).T


@wheat
def mean_of_squares_less_square_of_mean(x, gamma, beta, eps=1e-8):
    x = x.astype(float)
    mean = np.mean(x, axis=0, keepdims=True)
    variance = np.mean(x**2, axis=0, keepdims=True) - mean**2
    scale = gamma / np.sqrt(variance + eps)
    return x * scale + (beta - mean * scale)


@wheat
def product_with_a_centring_matrix(x, gamma, beta, eps=1e-8):
    n = len(x)
    centred = (np.eye(n) - np.full((n, n), 1 / n)) @ x
    return centred @ np.diag(gamma / np.sqrt(np.sum(centred**2, axis=0) / n + eps)) + beta


@wheat
def single_precision(x, gamma, beta, eps=1e-8):
    x = x.astype(np.float32)
    mean = np.mean(x, axis=0)
    variance = np.mean(np.square(x - mean), axis=0)
    z = (x - mean) / np.sqrt(variance + np.float32(eps))
    return gamma.astype(np.float32) * z + beta.astype(np.float32)


ONE_FOR_ALL = (
    "You take one mean and one variance over the whole batch. Each feature has its own: "
    "how many means does a batch with D features have?"
)
DOWN_A_COLUMN = (
    "You normalize each vector by itself; that is layer norm. Batch norm takes its mean down a "
    "column, over all vectors of the batch."
)
BIASED = (
    "Your variance is divided by N less one. Batch norm normalizes with the biased variance, "
    "which is divided by N."
)


@chaff(says=ONE_FOR_ALL, breaks=EVERYWHERE)
def statistics_over_everything(x, gamma, beta, eps=1e-8):
    return gamma * (x - np.mean(x)) / np.sqrt(np.var(x) + eps) + beta


@chaff(says=DOWN_A_COLUMN, breaks=EVERYWHERE)
def statistics_of_each_vector(x, gamma, beta, eps=1e-8):
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@chaff(says=BIASED, breaks=EVERYWHERE)
def unbiased_variance(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + eps) + beta


@chaff(
    says="You divide by the variance. Divide by its square root, which is as large as a usual "
    "distance from the mean.",
    breaks=EVERYWHERE,
)
def divided_by_the_variance(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / (x.var(axis=0) + eps) + beta


@chaff(
    says="You add eps after the root. It belongs under the root, to the variance; where a feature "
    "hardly varies, that is a great difference.",
    breaks={"small_variance", "eps"},
)
def eps_outside_the_root(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / (np.sqrt(x.var(axis=0)) + eps) + beta


@chaff(
    says="You leave eps out. What happens to a feature that is the same in all vectors?",
    breaks={"small_variance", "eps"},
)
def eps_left_out(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / x.std(axis=0) + beta


@chaff(
    says="You write down a number of your own for eps. Use the eps that the function is given.",
    breaks={"eps"},
)
def eps_is_always_the_default(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-8) + beta


@chaff(
    says="You write down a number of your own for eps. Use the eps that the function is given.",
    breaks={"small_variance", "eps"},
)
def own_eps_under_the_root(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5) + beta


@chaff(
    says="You add a small number of your own after the root. What belongs there is the eps that "
    "the function is given, and it belongs under the root.",
    breaks={"small_variance", "eps"},
)
def own_eps_after_the_root(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / (np.sqrt(x.var(axis=0)) + 1e-5) + beta


@chaff(says=ONE_FOR_ALL, breaks=EVERYWHERE)
def one_for_all_and_eps_outside(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean()) / (x.std() + eps) + beta


@chaff(says=DOWN_A_COLUMN, breaks=EVERYWHERE)
def each_vector_and_eps_outside(x, gamma, beta, eps=1e-8):
    mean, deviation = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    return gamma * (x - mean) / (deviation + eps) + beta


@chaff(says=BIASED, breaks=EVERYWHERE)
def unbiased_and_eps_outside(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / (x.std(axis=0, ddof=1) + eps) + beta


@chaff(
    says="You do not take the mean off. First subtract the mean of each feature, then divide.",
    breaks=EVERYWHERE,
)
def mean_left_in(x, gamma, beta, eps=1e-8):
    return gamma * x / np.sqrt(x.var(axis=0) + eps) + beta


@chaff(
    says="Gamma and beta have changed places: gamma scales, beta is added.",
    breaks=EVERYWHERE,
)
def gamma_and_beta_exchanged(x, gamma, beta, eps=1e-8):
    return beta * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + gamma


@chaff(
    says="You stop after normalizing. The last step is to scale by gamma and to shift by beta.",
    breaks={"scale_shift"},
)
def gamma_and_beta_left_out(x, gamma, beta, eps=1e-8):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


@chaff(
    says="You shift by beta first and scale afterwards, so that beta is scaled, too. Scale first.",
    breaks={"scale_shift"},
)
def shifted_before_scaled(x, gamma, beta, eps=1e-8):
    return gamma * ((x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta)


@chaff(
    says="Your fractions are cut off: the answer is stored in an array of whole numbers, because "
    "its type was copied from x. Make an array of floats.",
    breaks={"integers"},
)
def stored_as_whole_numbers(x, gamma, beta, eps=1e-8):
    y = np.zeros_like(x)
    y[:] = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta
    return y


EXERCISE = Exercise(
    name="batch_norm",
    oracle=convkit.batch_norm,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        mean_and_var_over_the_first_axis,
        one_number_at_a_time,
        features_as_rows,
        mean_of_squares_less_square_of_mean,
        product_with_a_centring_matrix,
        single_precision,
    ),
    misconceptions=(
        statistics_over_everything,
        statistics_of_each_vector,
        unbiased_variance,
        divided_by_the_variance,
        eps_outside_the_root,
        eps_left_out,
        eps_is_always_the_default,
        own_eps_under_the_root,
        own_eps_after_the_root,
        one_for_all_and_eps_outside,
        each_vector_and_eps_outside,
        unbiased_and_eps_outside,
        mean_left_in,
        gamma_and_beta_exchanged,
        gamma_and_beta_left_out,
        shifted_before_scaled,
        stored_as_whole_numbers,
    ),
    covers=("D(h)",),
)
