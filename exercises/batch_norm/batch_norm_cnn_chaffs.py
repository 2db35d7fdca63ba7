"""What goes wrong in batch normalization of images."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

EVERYWHERE: Final = {
    "channels",
    "one_image",
    "one_pixel",
    "scale_shift",
    "small_variance",
    "integers",
}

BIASED: Final = (
    "Your variance is divided by one less than the number of values. Batch norm normalizes "
    "with the biased variance."
)
ONE_FOR_ALL_PIXELS: Final = (
    "Each pixel has a mean of its own in your answer. All pixels of a channel share one mean, "
    "as the kernel that made them is the same."
)
OVER_ALL_IMAGES: Final = (
    "You normalize each image by itself; that is instance norm. A channel has one mean over "
    "all images of the batch."
)
EACH_CHANNEL: Final = (
    "Your mean and variance run over the channels, too. Each channel, a place on the last axis, "
    "has a mean and a variance of its own."
)


@chaff(
    says=ONE_FOR_ALL_PIXELS,
    breaks=EVERYWHERE - {"one_pixel"},
)
def each_pixel_by_itself(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


@chaff(
    says=OVER_ALL_IMAGES,
    breaks=EVERYWHERE - {"one_image"},
)
def each_image_by_itself(x, gamma, beta, eps=1e-8):
    mean, variance = x.mean(axis=(1, 2), keepdims=True), x.var(axis=(1, 2), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@chaff(
    says=EACH_CHANNEL,
    breaks=EVERYWHERE,
)
def statistics_over_everything(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta


@chaff(
    says=EACH_CHANNEL,
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
    says=BIASED,
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


@chaff(says=EACH_CHANNEL, breaks=EVERYWHERE)
def channels_of_each_pixel(x, gamma, beta, eps=1e-8):
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@chaff(says=EACH_CHANNEL, breaks=EVERYWHERE)
def everything_in_each_image(x, gamma, beta, eps=1e-8):
    mean, variance = x.mean(axis=(1, 2, 3), keepdims=True), x.var(axis=(1, 2, 3), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@chaff(says=EACH_CHANNEL, breaks=EVERYWHERE)
def everything_and_eps_outside(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean()) / (x.std() + eps) + beta


@chaff(says=ONE_FOR_ALL_PIXELS, breaks=EVERYWHERE - {"one_pixel"})
def each_pixel_and_eps_outside(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + eps) + beta


@chaff(says=OVER_ALL_IMAGES, breaks=EVERYWHERE - {"one_image"})
def each_image_and_eps_outside(x, gamma, beta, eps=1e-8):
    mean, deviation = x.mean(axis=(1, 2), keepdims=True), x.std(axis=(1, 2), keepdims=True)
    return gamma * (x - mean) / (deviation + eps) + beta


@chaff(says=BIASED, breaks=EVERYWHERE)
def unbiased_and_eps_outside(x, gamma, beta, eps=1e-8):
    deviation = x.std(axis=(0, 1, 2), ddof=1)
    return gamma * (x - x.mean(axis=(0, 1, 2))) / (deviation + eps) + beta


@chaff(
    says="You divide by the variance. Divide by its square root, which is as large as a usual "
    "distance from the mean.",
    breaks=EVERYWHERE,
)
def divided_by_the_variance(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / (x.var(axis=(0, 1, 2)) + eps) + beta


@chaff(
    says="You leave eps out. What happens to a channel that is the same in all pixels?",
    breaks={"small_variance"},
)
def eps_left_out(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / x.std(axis=(0, 1, 2)) + beta


@chaff(
    says="You write down a number of your own for eps. Use the eps that the function is given.",
    breaks={"small_variance"},
)
def own_eps_under_the_root(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / np.sqrt(x.var(axis=(0, 1, 2)) + 1e-5) + beta


@chaff(
    says="You add a small number of your own after the root. What belongs there is the eps that "
    "the function is given, and it belongs under the root.",
    breaks={"small_variance"},
)
def own_eps_after_the_root(x, gamma, beta, eps=1e-8):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / (x.std(axis=(0, 1, 2)) + 1e-5) + beta


@chaff(
    says="You shift by beta first and scale afterwards, so that beta is scaled, too. Scale first.",
    breaks={"scale_shift", "integers"},
)
def shifted_before_scaled(x, gamma, beta, eps=1e-8):
    return gamma * ((x - x.mean(axis=(0, 1, 2))) / np.sqrt(x.var(axis=(0, 1, 2)) + eps) + beta)


@chaff(
    says="Gamma and beta have changed places: gamma scales, beta is added.",
    breaks=EVERYWHERE,
)
def gamma_and_beta_exchanged(x, gamma, beta, eps=1e-8):
    return beta * (x - x.mean(axis=(0, 1, 2))) / np.sqrt(x.var(axis=(0, 1, 2)) + eps) + gamma


@chaff(
    says="Your answer is still a list of pixels. Give it the shape of x again.",
    breaks=EVERYWHERE,
)
def not_reshaped_back(x, gamma, beta, eps=1e-8):
    pixels = x.reshape(-1, x.shape[-1])
    return gamma * (pixels - pixels.mean(axis=0)) / np.sqrt(pixels.var(axis=0) + eps) + beta


CHAFFS: Final = (
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
    channels_of_each_pixel,
    everything_in_each_image,
    everything_and_eps_outside,
    each_pixel_and_eps_outside,
    each_image_and_eps_outside,
    unbiased_and_eps_outside,
    divided_by_the_variance,
    eps_left_out,
    own_eps_under_the_root,
    own_eps_after_the_root,
    shifted_before_scaled,
    gamma_and_beta_exchanged,
    not_reshaped_back,
)
