"""Known mistakes in ``conv2d_im2col`` that students also make in ``conv2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="The last row and the last column of windows are missing. A side of 5 has three places "
    "for a kernel of 3: count them on paper.",
    breaks={
        "plain",
        "channels",
        "filters",
        "batch",
        "stride_padding",
        "kernel_shape",
        "integers",
        "everything",
    },
)
def one_window_short(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride][:, :-1, :-1].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="You add the bias once for every channel. It is added once, after the channels are "
    "summed.",
    breaks={"channels", "everything"},
)
def bias_for_every_channel(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + channels * b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="You add the bias once for every tap of the kernel. It belongs to the sum, not to each "
    "product.",
    breaks={
        "plain",
        "channels",
        "filters",
        "batch",
        "stride_padding",
        "kernel_shape",
        "integers",
        "everything",
    },
)
def bias_for_every_product(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + kh * kw * channels * b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="You subtract the bias. It is added.",
    breaks={
        "plain",
        "channels",
        "filters",
        "batch",
        "stride_padding",
        "kernel_shape",
        "integers",
        "everything",
    },
)
def bias_subtracted(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) - b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Your feature maps get all biases together. Each filter adds its own and no other.",
    breaks={"filters", "everything"},
)
def sum_of_all_biases(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b.sum()
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="You use the first channel only. A filter is as deep as the image: it takes all channels "
    "and adds them up.",
    breaks={"channels", "everything"},
)
def first_channel_only(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride, 0]
    patches = windows.reshape(-1, kh * kw)
    y = patches @ w[:, :, 0].reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="You take the mean over the channels. A layer adds them up.",
    breaks={"channels", "everything"},
)
def mean_over_channels(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) / channels + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="All your feature maps come from the first filter. The last axis of w counts the filters: "
    "each has a map of its own.",
    breaks={"filters", "everything"},
)
def first_filter_for_every_map(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w[..., 0].reshape(-1, 1) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Only your last image is filled in, the others stay zero. Look at what your loop over the "
    "images writes to, and when.",
    breaks={"batch", "everything"},
)
def last_image_only(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = (patches @ w.reshape(-1, filters) + b).reshape(*windows.shape[:3], filters)
    y[:-1] = 0
    return y


@chaff(
    says="The size of your answer takes the stride into account, but your windows still move by "
    "one pixel. Where does window [2, 1] begin at stride 3?",
    breaks={"stride_padding", "everything"},
)
def stride_missing_in_window_start(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    rows, columns = (windows.shape[1] - 1) // stride + 1, (windows.shape[2] - 1) // stride + 1
    windows = windows[:, :rows, :columns].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Your stride spreads the kernel's numbers apart (that is called dilation). The stride "
    "moves the whole window; inside it the numbers stay neighbours.",
    breaks={"stride_padding", "everything"},
)
def stride_multiplies_tap(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters)) + b
    for a in range(kh):
        for c in range(kw):
            top, left = a * stride, c * stride
            y += padded[:, top : top + rows, left : left + columns] @ w[a, c]
    return y


@chaff(
    says="You pad at the top and on the left only. All four sides get their zeros.",
    breaks={"stride_padding", "everything"},
)
def padding_at_the_top_and_left_only(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, 0), (padding, 0), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="You pad at the bottom and on the right only. All four sides get their zeros.",
    breaks={"stride_padding", "everything"},
)
def padding_at_the_bottom_and_right_only(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (0, padding), (0, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Two things at once: your kernels are flipped, and the bias is missing.",
    breaks={
        "plain",
        "channels",
        "filters",
        "batch",
        "stride_padding",
        "kernel_shape",
        "integers",
        "everything",
    },
)
def flipped_and_without_bias(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w[::-1, ::-1].reshape(-1, filters)
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="You give back the matrix with a row for every window. Fold it into images with height, "
    "width and feature maps.",
    breaks={
        "plain",
        "channels",
        "filters",
        "batch",
        "stride_padding",
        "kernel_shape",
        "integers",
        "everything",
    },
)
def matrix_not_folded_back(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    return patches @ w.reshape(-1, filters) + b


SISTERS: Final = (
    one_window_short,
    bias_for_every_channel,
    bias_for_every_product,
    bias_subtracted,
    sum_of_all_biases,
    first_channel_only,
    mean_over_channels,
    first_filter_for_every_map,
    last_image_only,
    stride_missing_in_window_start,
    stride_multiplies_tap,
    padding_at_the_top_and_left_only,
    padding_at_the_bottom_and_right_only,
    flipped_and_without_bias,
    matrix_not_folded_back,
)
