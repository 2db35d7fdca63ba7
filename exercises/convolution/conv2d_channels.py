"""Known mistakes in ``conv2d`` with channels, filters and biases, and two mistakes at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

from .conv2d_chaffs import EVERY_GROUP


@chaff(
    says="Channels and filters are confused: the third axis of w counts the channels of the image, "
    "the last one the filters.",
    breaks={"channels", "filters", "batch", "integers", "everything"},
)
def channels_and_filters_confused(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, filters, channels = w.shape
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters))
    for n, i, j, f in np.ndindex(*y.shape):
        for c in range(channels):
            patch = padded[n, i * stride : i * stride + kh, j * stride : j * stride + kw, c]
            y[n, i, j, f] += np.sum(patch * w[:, :, f, c])
    return y + np.sum(b)


@chaff(
    says="All your feature maps get the bias of the first filter. Each filter has one of its own.",
    breaks={"filters", "batch", "integers", "everything"},
)
def one_bias_for_all(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b[0]


@chaff(
    says="Your feature maps get all biases together. Each filter adds its own and no other.",
    breaks={"filters", "batch", "integers", "everything"},
)
def sum_of_all_biases(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b.sum()


@chaff(
    says="Each channel overwrites the one before it, so only the last one counts. Add the channels "
    "up.",
    breaks={"channels", "filters", "batch", "integers", "everything"},
)
def last_channel_only(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, channels, filters = w.shape
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters))
    for n, i, j, f in np.ndindex(*y.shape):
        for m in range(channels):
            patch = padded[n, i * stride : i * stride + kh, j * stride : j * stride + kw, m]
            y[n, i, j, f] = np.sum(patch * w[:, :, m, f]) + b[f]
    return y


@chaff(
    says="Each filter overwrites the one before it: only the last of your feature maps is filled "
    "in. Keep a map for every filter.",
    breaks={"filters", "batch", "integers", "everything"},
)
def last_filter_only(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    for f in range(filters):
        y = np.zeros((len(x), rows, columns, filters))
        for n, i, j in np.ndindex(*y.shape[:3]):
            patch = padded[n, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[n, i, j, f] = np.sum(patch * w[..., f]) + b[f]
    return y


@chaff(
    says="You subtract the bias. It is added.",
    breaks=EVERY_GROUP,
)
def bias_subtracted(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) - b


@chaff(
    says="Two things at once: your kernels are flipped, and the bias is missing.",
    breaks=EVERY_GROUP,
)
def flipped_and_without_bias(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    return np.einsum("nijmac,acmf->nijf", windows, w[::-1, ::-1])


@chaff(
    says="Two things at once: the last row and the last column of windows are missing, and so is "
    "the bias.",
    breaks=EVERY_GROUP,
)
def one_window_short_and_without_bias(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride
    columns = (padded.shape[2] - kw) // stride
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            y[:, i, j] = np.tensordot(padded[:, top : top + kh, left : left + kw], w, axes=3)
    return y


@chaff(
    says="Two things at once: the last row and the last column of windows are missing, and your "
    "kernels are flipped.",
    breaks=EVERY_GROUP,
)
def one_window_short_and_flipped(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride
    columns = (padded.shape[2] - kw) // stride
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            patch = padded[:, top : top + kh, left : left + kw]
            y[:, i, j] = np.tensordot(patch, w[::-1, ::-1], axes=3) + b
    return y


@chaff(
    says="Your bias is multiplied, not added: it belongs after the sum, with a plus.",
    breaks=EVERY_GROUP,
)
def bias_multiplied(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) * b


@chaff(
    says="Only your first image is computed. The layer treats every image of the batch alike.",
    breaks={"batch", "everything"},
)
def first_image_filled_in(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    y = np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b
    y[1:] = 0
    return y


CHANNELS: Final = (
    channels_and_filters_confused,
    one_bias_for_all,
    sum_of_all_biases,
    last_channel_only,
    last_filter_only,
    bias_subtracted,
    flipped_and_without_bias,
    one_window_short_and_without_bias,
    one_window_short_and_flipped,
    bias_multiplied,
    first_image_filled_in,
)
