"""What goes wrong in backward passes of batch normalization."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

INPUT: Final = {"input", "gamma", "small_variance", "eps", "integers"}
EVERYWHERE: Final = INPUT | {"parameters"}


@chaff(
    says="You treat mean and variance as constants. In training they are made of x: each number "
    "moves them, and through them all the others.",
    breaks=INPUT,
)
def statistics_as_constants(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    return gamma / root * dy, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="The path through the variance is missing from dx. A number far from the mean widens the "
    "spread, and so shrinks all the others.",
    breaks=INPUT,
)
def variance_as_a_constant(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    return gamma / root * (dy - dy.mean(axis=0)), (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="The path through the mean is missing from dx. A number that grows lifts the mean, and so "
    "lowers all the others.",
    breaks=INPUT,
)
def mean_as_a_constant(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="In dx you take away sums where means belong: divide by the number of vectors.",
    breaks=INPUT,
)
def sums_for_means(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.sum(axis=0) - z * (dy * z).sum(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="The path through the variance has the wrong sign in dx: a wider spread makes the "
    "normalized numbers smaller.",
    breaks=INPUT,
)
def variance_path_with_a_plus(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) + z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="Gamma is missing from dx. Each output is gamma times a normalized number.",
    breaks={"parameters", "gamma", "small_variance"},
)
def gamma_missing_in_dx(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0)) / root
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="You add eps after the root. It belongs under the root, as in the forward pass.",
    breaks={"small_variance", "eps"},
)
def eps_outside_the_root(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0)) + eps
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="You write down a number of your own for eps. Use the eps that the function is given.",
    breaks={"eps"},
)
def eps_is_always_the_default(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + 1e-8)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="You sum dgamma and dbeta over everything. Each feature has its own gamma and beta, and "
    "so its own gradients.",
    breaks=EVERYWHERE,
)
def parameters_summed_over_everything(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, np.sum(dy * z), np.sum(dy)


@chaff(
    says="You average dgamma and dbeta over the batch. The gradient of a parameter is the sum over "
    "all the places where it is used.",
    breaks=EVERYWHERE,
)
def parameters_averaged(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).mean(axis=0), dy.mean(axis=0)


@chaff(
    says="You multiply dy by x for dgamma. In the forward pass gamma multiplies the normalized "
    "numbers, not x.",
    breaks=EVERYWHERE,
)
def dgamma_from_x_itself(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * x).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="Dgamma and dbeta have changed places. The order is dx, dgamma, dbeta.",
    breaks=EVERYWHERE,
)
def dgamma_and_dbeta_swapped(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, dy.sum(axis=0), (dy * z).sum(axis=0)


@chaff(
    says="Your dgamma and dbeta are matrices of one row. A gradient has the shape of what it "
    "belongs to.",
    breaks=EVERYWHERE,
)
def parameters_as_a_row_matrix(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0, keepdims=True), dy.sum(axis=0, keepdims=True)


@chaff(
    says="The fractions of dx are cut off: it is stored in an array of whole numbers, because its "
    "type was copied from x. Make an array of floats.",
    breaks={"integers"},
)
def dx_stored_as_whole_numbers(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = np.zeros_like(x)
    dx[:] = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


CHAFFS: Final = (
    statistics_as_constants,
    variance_as_a_constant,
    mean_as_a_constant,
    sums_for_means,
    variance_path_with_a_plus,
    gamma_missing_in_dx,
    eps_outside_the_root,
    eps_is_always_the_default,
    parameters_summed_over_everything,
    parameters_averaged,
    dgamma_from_x_itself,
    dgamma_and_dbeta_swapped,
    parameters_as_a_row_matrix,
    dx_stored_as_whole_numbers,
)
