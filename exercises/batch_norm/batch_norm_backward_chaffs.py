"""What goes wrong in backward passes of batch normalization."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

INPUT: Final = {"input", "gamma", "small_variance", "eps", "integers"}
EVERYWHERE: Final = INPUT | {"parameters"}

CONSTANTS: Final = (
    "You treat mean and variance as constants. In training they are made of x: each number "
    "moves them, and through them all the others."
)
VARIANCE_CONSTANT: Final = (
    "The path through the variance is missing from dx. A number far from the mean widens the "
    "spread, and so shrinks all the others."
)
SUMS: Final = "In dx you take away sums where means belong: divide by the number of vectors."
AVERAGED: Final = (
    "You average dgamma and dbeta over the batch. The gradient of a parameter is the sum over "
    "all the places where it is used."
)


@chaff(
    says=CONSTANTS,
    breaks=INPUT,
)
def statistics_as_constants(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    return gamma / root * dy, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says=VARIANCE_CONSTANT,
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
    says=SUMS,
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
    breaks={"parameters", "gamma", "small_variance", "eps"},
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
    says=AVERAGED,
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


@chaff(says=CONSTANTS, breaks=INPUT)
def constants_and_eps_outside(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0)) + eps
    z = (x - x.mean(axis=0)) / root
    return gamma / root * dy, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(says=VARIANCE_CONSTANT, breaks=INPUT)
def variance_constant_and_eps_outside(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0)) + eps
    z = (x - x.mean(axis=0)) / root
    return gamma / root * (dy - dy.mean(axis=0)), (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(says=SUMS, breaks=INPUT)
def sums_for_means_and_eps_outside(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0)) + eps
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.sum(axis=0) - z * (dy * z).sum(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(says=AVERAGED, breaks=EVERYWHERE)
def averaged_and_eps_outside(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0)) + eps
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).mean(axis=0), dy.mean(axis=0)


@chaff(
    says="You write down a number of your own for eps. Use the eps that the function is given.",
    breaks={"small_variance", "eps"},
)
def own_eps_under_the_root(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + 1e-5)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="You add a small number of your own after the root. What belongs there is the eps that "
    "the function is given, and it belongs under the root.",
    breaks={"small_variance", "eps"},
)
def own_eps_after_the_root(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0)) + 1e-5
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="You leave eps out. What happens to a feature that is the same in all vectors?",
    breaks={"small_variance", "eps"},
)
def eps_left_out(dy, x, gamma, eps=1e-8):
    root = x.std(axis=0)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="The variance in your backward pass is divided by N less one. Forward it was the biased "
    "one, divided by N.",
    breaks=EVERYWHERE,
)
def unbiased_variance(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0, ddof=1) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="You sum dgamma over everything. Each feature has its own gamma, and so its own gradient.",
    breaks=EVERYWHERE,
)
def dgamma_summed_over_everything(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, np.sum(dy * z), dy.sum(axis=0)


@chaff(
    says="You sum dbeta over everything. Each feature has its own beta, and so its own gradient.",
    breaks=EVERYWHERE,
)
def dbeta_summed_over_everything(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), np.sum(dy)


@chaff(
    says="Your dgamma is a matrix of one row. A gradient has the shape of what it belongs to.",
    breaks=EVERYWHERE,
)
def dgamma_as_a_row_matrix(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0, keepdims=True), dy.sum(axis=0)


@chaff(
    says="Your dbeta is a matrix of one row. A gradient has the shape of what it belongs to.",
    breaks=EVERYWHERE,
)
def dbeta_as_a_row_matrix(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0, keepdims=True)


@chaff(
    says="Your dgamma and dbeta are not summed: they have a row for each vector. The same gamma "
    "and beta are used in every vector, and their shares are added.",
    breaks=EVERYWHERE,
)
def parameters_not_summed(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, dy * z, dy


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
    constants_and_eps_outside,
    variance_constant_and_eps_outside,
    sums_for_means_and_eps_outside,
    averaged_and_eps_outside,
    own_eps_under_the_root,
    own_eps_after_the_root,
    eps_left_out,
    unbiased_variance,
    dgamma_summed_over_everything,
    dbeta_summed_over_everything,
    dgamma_as_a_row_matrix,
    dbeta_as_a_row_matrix,
    parameters_not_summed,
)
