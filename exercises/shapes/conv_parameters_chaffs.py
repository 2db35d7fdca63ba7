"""Known mistakes in ``conv_parameters``."""

from __future__ import annotations

from typing import Final

from autograder.authoring import chaff


@chaff(
    says="Your biases are miscounted. Every filter has one of its own and no more, however many "
    "channels it goes through.",
    breaks={"filters", "both"},
)
def one_bias_for_the_layer(kernel, in_channels, filters, bias=True):
    return kernel[0] * kernel[1] * in_channels * filters + bool(bias)


@chaff(
    says="Your biases are miscounted. Every filter has one of its own and no more, however many "
    "channels it goes through.",
    breaks={"channels", "both"},
)
def a_bias_for_each_plane(kernel, in_channels, filters, bias=True):
    return filters * in_channels * (kernel[0] * kernel[1] + bool(bias))


@chaff(
    says="Your biases are miscounted. Every filter has one of its own and no more, however many "
    "channels it goes through.",
    breaks={"channels", "filters", "both"},
)
def a_bias_for_each_channel(kernel, in_channels, filters, bias=True):
    return kernel[0] * kernel[1] * in_channels * filters + in_channels * bool(bias)


@chaff(
    says="Your filters have one plane. A filter has a plane of weights for every channel of its "
    "input.",
    breaks={"channels", "both", "no_bias"},
)
def channels_forgotten(kernel, in_channels, filters, bias=True):
    return filters * (kernel[0] * kernel[1] + bool(bias))


@chaff(
    says="You count one filter. The layer has several, and each has weights of its own.",
    breaks={"filters", "both", "no_bias"},
)
def filters_forgotten(kernel, in_channels, filters, bias=True):
    return kernel[0] * kernel[1] * in_channels + bool(bias)


@chaff(
    says="Your count has biases even where the layer has none.",
    breaks={"no_bias"},
)
def always_with_bias(kernel, in_channels, filters, bias=True):
    return filters * (kernel[0] * kernel[1] * in_channels + 1)


@chaff(
    says="The biases are missing. Unless it is told otherwise, a layer has one for each filter.",
    breaks={"plain", "channels", "filters", "both"},
)
def never_with_bias(kernel, in_channels, filters, bias=True):
    return filters * kernel[0] * kernel[1] * in_channels


@chaff(
    says="You use one side of the kernel twice. Kernels need not be square.",
    breaks={"plain", "channels", "filters", "both", "no_bias"},
)
def kernel_taken_for_square(kernel, in_channels, filters, bias=True):
    return filters * (kernel[0] ** 2 * in_channels + bool(bias))


@chaff(
    says="You add the sides of the kernel. A kernel has as many numbers as rows times columns.",
    breaks={"plain", "channels", "filters", "both", "no_bias"},
)
def kernel_sides_added(kernel, in_channels, filters, bias=True):
    weights = (kernel[0] + kernel[1]) * in_channels * filters
    return weights + filters if bias else weights


CHAFFS: Final = (
    one_bias_for_the_layer,
    a_bias_for_each_plane,
    a_bias_for_each_channel,
    channels_forgotten,
    filters_forgotten,
    always_with_bias,
    never_with_bias,
    kernel_taken_for_square,
    kernel_sides_added,
)
