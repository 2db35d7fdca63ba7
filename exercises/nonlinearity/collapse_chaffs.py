"""Mistakes with ``collapse``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Every row of your matrix still holds the bias. What a lit pixel adds is the answer to it "
    "minus the answer to a black image.",
    breaks={"biases", "everything"},
)
def bias_left_in_every_row(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = avg_pool2d(y, *parts)
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    return run(lit), run(np.zeros((1, *input_shape)))[0]


@chaff(
    says="Your bias is that of the last layer alone. The biases before it go through all the "
    "layers that follow.",
    breaks={"biases", "everything"},
)
def last_bias_only(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    pixels = np.prod(input_shape)
    y = np.eye(pixels).reshape(pixels, *input_shape)
    bias = 0
    for kind, *parts in layers:
        if kind == "conv":
            y, bias = conv2d(y, parts[0]), parts[1]
        elif kind == "avg_pool":
            y = avg_pool2d(y, *parts)
        else:
            y, bias = y.reshape(len(y), -1) @ parts[0], parts[1]
    outputs = y[0].size
    return y.reshape(pixels, -1), np.resize(bias, outputs)


@chaff(
    says="Your biases are added up, but those of the early layers must go through the layers that "
    "follow: multiply them by the later matrices.",
    breaks={"biases", "everything"},
)
def biases_not_passed_on(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    pixels = np.prod(input_shape)
    y = np.eye(pixels).reshape(pixels, *input_shape)
    biases = [np.zeros(1)]
    for kind, *parts in layers:
        if kind == "conv":
            y = conv2d(y, parts[0])
            biases.append(parts[1])
        elif kind == "avg_pool":
            y = avg_pool2d(y, *parts)
        else:
            y = y.reshape(len(y), -1) @ parts[0]
            biases.append(parts[1])
    outputs = y[0].size
    return y.reshape(pixels, -1), sum(np.resize(bias, outputs) for bias in biases)


@chaff(
    says="Your matrix is transposed. It has a row for each input and a column for each output, so "
    "that flattened images stand on its left.",
    breaks={"linear", "conv", "pool", "order", "biases", "everything"},
)
def matrix_transposed(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = avg_pool2d(y, *parts)
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return (run(lit) - c).T, c


@chaff(
    says="You flatten channel by channel. Here the channels of one pixel stay together: flatten "
    "the maps as they lie in memory.",
    breaks={"linear", "conv", "order", "biases", "everything"},
)
def flattened_channel_by_channel(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def flat(y):
        return (y.transpose(0, 3, 1, 2) if y.ndim == 4 else y).reshape(len(y), -1)

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = avg_pool2d(y, *parts)
            else:
                y = flat(y) @ parts[0] + parts[1]
        return flat(y)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


@chaff(
    says="You flatten column by column. Flatten row by row.",
    breaks={"linear", "conv", "pool", "order", "biases", "everything"},
)
def flattened_column_by_column(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def flat(y):
        return (y.transpose(0, 2, 1, 3) if y.ndim == 4 else y).reshape(len(y), -1)

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = avg_pool2d(y, *parts)
            else:
                y = flat(y) @ parts[0] + parts[1]
        return flat(y)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


@chaff(
    says="You flip the kernels. A convolution layer lays them on the image as they are.",
    breaks={"conv", "order", "biases", "everything"},
)
def flipped_kernels(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, parts[0][::-1, ::-1], parts[1])
            elif kind == "avg_pool":
                y = avg_pool2d(y, *parts)
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


@chaff(
    says="Your pool adds up its windows. An average is the sum divided by the number of pixels in "
    "a window.",
    breaks={"pool", "everything"},
)
def sums_for_means(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = avg_pool2d(y, *parts) * parts[0] ** 2
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


@chaff(
    says="You divide your pool by the side of its windows. A window of that side has as many "
    "pixels as the square of it.",
    breaks={"pool", "everything"},
)
def divided_by_the_side(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = avg_pool2d(y, *parts) * parts[0]
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


@chaff(
    says="You take the maximum of each window. That is not linear, so no matrix can do it; the "
    "stack has an average pool.",
    breaks={"pool", "everything"},
)
def maximum_for_mean(layers, input_shape):
    from convkit import conv2d, max_pool2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = max_pool2d(y, *parts)
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


@chaff(
    says="Your pooling windows overlap. They stand side by side: the next one begins where the "
    "last one ends.",
    breaks={"pool", "everything"},
)
def overlapping_pool(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                y = avg_pool2d(y, parts[0], stride=1)
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


@chaff(
    says="Your pool keeps the rows and columns that fill no whole window. They are left out.",
    breaks={"pool", "everything"},
)
def rest_of_the_image_pooled_too(layers, input_shape):
    from convkit import avg_pool2d, conv2d

    def run(y):
        for kind, *parts in layers:
            if kind == "conv":
                y = conv2d(y, *parts)
            elif kind == "avg_pool":
                down, right = -y.shape[1] % parts[0], -y.shape[2] % parts[0]
                y = avg_pool2d(np.pad(y, ((0, 0), (0, down), (0, right), (0, 0))), *parts)
            else:
                y = y.reshape(len(y), -1) @ parts[0] + parts[1]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(lit) - c, c


CHAFFS: Final = (
    bias_left_in_every_row,
    last_bias_only,
    biases_not_passed_on,
    matrix_transposed,
    flattened_channel_by_channel,
    flattened_column_by_column,
    flipped_kernels,
    sums_for_means,
    divided_by_the_side,
    maximum_for_mean,
    overlapping_pool,
    rest_of_the_image_pooled_too,
)
