"""What goes wrong in the backward pass of batch normalization of images."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

INPUT: Final = {"input", "one_image", "one_pixel", "small_variance"}
EVERYWHERE: Final = INPUT | {"parameters"}

CONSTANTS: Final = (
    "You treat mean and variance as constants. In training they are made of x: each pixel "
    "moves them, and through them all the others."
)
VARIANCE_CONSTANT: Final = (
    "The path through the variance is missing from dx. A pixel far from the mean widens the "
    "spread, and so shrinks all the others."
)
MEANS: Final = (
    "In dx you need means over all pixels of all images: divide the sums by how many pixels that "
    "are. As it is, you do not divide, or by the number of images."
)


@chaff(
    says=MEANS,
    breaks=INPUT - {"one_pixel"},
)
def divided_by_images_only(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dgamma, dbeta = (dy * z).sum(axis=axes), dy.sum(axis=axes)
    return gamma / root * (dy - dbeta / len(x) - z * dgamma / len(x)), dgamma, dbeta


@chaff(
    says="You give each pixel a mean of its own. All pixels of a channel share one: reshape so "
    "that each pixel is a vector.",
    breaks=EVERYWHERE - {"one_pixel"},
)
def each_pixel_by_itself(dy, x, gamma, eps=1e-8):
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=(0, 1, 2)), dy.sum(axis=(0, 1, 2))


@chaff(
    says="You normalize each image by itself. A channel has one mean over all images of the batch.",
    breaks=EVERYWHERE - {"one_image"},
)
def each_image_by_itself(dy, x, gamma, eps=1e-8):
    over = {"axis": (1, 2), "keepdims": True}
    root = np.sqrt(x.var(**over) + eps)
    z = (x - x.mean(**over)) / root
    dx = gamma / root * (dy - dy.mean(**over) - z * (dy * z).mean(**over))
    return dx, (dy * z).sum(axis=(0, 1, 2)), dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your reshape mixes the channels: it only cuts the same long line of numbers elsewhere. "
    "To bring another axis to the front, transpose before you reshape.",
    breaks=EVERYWHERE,
)
def reshaped_without_transpose(dy, x, gamma, eps=1e-8):
    planes, upstream = x.reshape(x.shape[-1], -1), dy.reshape(x.shape[-1], -1)
    root = np.sqrt(planes.var(axis=1, keepdims=True) + eps)
    z = (planes - planes.mean(axis=1, keepdims=True)) / root
    mean, slope = upstream.mean(1, keepdims=True), (upstream * z).mean(1, keepdims=True)
    dx = gamma[:, None] / root * (upstream - mean - z * slope)
    return dx.reshape(x.shape), (upstream * z).sum(axis=1), upstream.sum(axis=1)


@chaff(
    says="Your dx is still a list of pixels. Give it the shape of x again.",
    breaks=EVERYWHERE,
)
def dx_not_reshaped_back(dy, x, gamma, eps=1e-8):
    x, dy = x.reshape(-1, x.shape[-1]), dy.reshape(-1, x.shape[-1])
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says="You sum dgamma and dbeta over everything. Each channel has its own gamma and beta, and "
    "so its own gradients.",
    breaks=EVERYWHERE,
)
def parameters_summed_over_everything(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, np.sum(dy * z), np.sum(dy)


@chaff(
    says="You sum dgamma and dbeta over the images only. The same gamma is used at every pixel.",
    breaks=EVERYWHERE,
)
def parameters_summed_over_images_only(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)


@chaff(
    says=CONSTANTS,
    breaks=INPUT,
)
def statistics_as_constants(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    return gamma / root * dy, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says=VARIANCE_CONSTANT,
    breaks=INPUT,
)
def variance_as_a_constant(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="Gamma is missing from dx. Each output is gamma times a normalized number.",
    breaks=EVERYWHERE,
)
def gamma_missing_in_dx(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes)) / root
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="You add eps after the root. It belongs under the root, as in the forward pass.",
    breaks={"small_variance"},
)
def eps_outside_the_root(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = x.std(axis=axes) + eps
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(says=CONSTANTS, breaks=INPUT)
def constants_and_eps_outside(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = x.std(axis=axes) + eps
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * dy
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(says=VARIANCE_CONSTANT, breaks=INPUT)
def variance_constant_and_eps_outside(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = x.std(axis=axes) + eps
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(says=MEANS, breaks=INPUT)
def sums_for_means(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.sum(axis=axes) - z * (dy * z).sum(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="The path through the mean is missing from dx. A pixel that grows lifts the mean, and so "
    "lowers all the others.",
    breaks=INPUT,
)
def mean_as_a_constant(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="The path through the variance has the wrong sign in dx: a wider spread makes the "
    "normalized numbers smaller.",
    breaks=INPUT,
)
def variance_path_with_a_plus(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) + z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="You write down a number of your own for eps. Use the eps that the function is given.",
    breaks={"small_variance"},
)
def own_eps_under_the_root(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + 1e-5)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="You add a small number of your own after the root. What belongs there is the eps that "
    "the function is given, and it belongs under the root.",
    breaks={"small_variance"},
)
def own_eps_after_the_root(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = x.std(axis=axes) + 1e-5
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="The variance in your backward pass is divided by one less than the number of pixels. "
    "Forward it was the biased one.",
    breaks=EVERYWHERE,
)
def unbiased_variance(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes, ddof=1) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="You average dgamma and dbeta over all pixels. The gradient of a parameter is the sum "
    "over all the places where it is used.",
    breaks=EVERYWHERE,
)
def parameters_averaged(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).mean(axis=axes), dy.mean(axis=axes)


@chaff(
    says="You multiply dy by x for dgamma. In the forward pass gamma multiplies the normalized "
    "numbers, not x.",
    breaks=EVERYWHERE,
)
def dgamma_from_x_itself(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * x).sum(axis=axes), dy.sum(axis=axes)


@chaff(
    says="Dgamma and dbeta have changed places. The order is dx, dgamma, dbeta.",
    breaks=EVERYWHERE,
)
def dgamma_and_dbeta_swapped(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, dy.sum(axis=axes), (dy * z).sum(axis=axes)


@chaff(
    says="Your dgamma and dbeta still have four axes. A gradient has the shape of what it belongs "
    "to: one number for each channel.",
    breaks=EVERYWHERE,
)
def parameters_with_four_axes(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes, keepdims=True), dy.sum(axis=axes, keepdims=True)


@chaff(
    says="You sum dgamma over everything. Each channel has its own gamma, and so its own gradient.",
    breaks=EVERYWHERE,
)
def dgamma_summed_over_everything(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, np.sum(dy * z), dy.sum(axis=axes)


@chaff(
    says="You sum dbeta over everything. Each channel has its own beta, and so its own gradient.",
    breaks=EVERYWHERE,
)
def dbeta_summed_over_everything(dy, x, gamma, eps=1e-8):
    axes = (0, 1, 2)
    root = np.sqrt(x.var(axis=axes) + eps)
    z = (x - x.mean(axis=axes)) / root
    dx = gamma / root * (dy - dy.mean(axis=axes) - z * (dy * z).mean(axis=axes))
    return dx, (dy * z).sum(axis=axes), np.sum(dy)


CHAFFS: Final = (
    divided_by_images_only,
    each_pixel_by_itself,
    each_image_by_itself,
    reshaped_without_transpose,
    dx_not_reshaped_back,
    parameters_summed_over_everything,
    parameters_summed_over_images_only,
    statistics_as_constants,
    variance_as_a_constant,
    gamma_missing_in_dx,
    eps_outside_the_root,
    constants_and_eps_outside,
    variance_constant_and_eps_outside,
    sums_for_means,
    mean_as_a_constant,
    variance_path_with_a_plus,
    own_eps_under_the_root,
    own_eps_after_the_root,
    unbiased_variance,
    parameters_averaged,
    dgamma_from_x_itself,
    dgamma_and_dbeta_swapped,
    parameters_with_four_axes,
    dgamma_summed_over_everything,
    dbeta_summed_over_everything,
)
