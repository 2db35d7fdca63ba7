"""Known mistakes in ``lp_pool2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="The absolute value is missing, or comes too late: it belongs to each pixel, before the "
    "power. Without it powers of negative pixels cancel others, or are no numbers.",
    breaks={"odd", "fraction"},
)
def no_absolute_value(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return np.abs(windows).max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="The absolute value is missing, or comes too late: it belongs to each pixel, before the "
    "power. Without it powers of negative pixels cancel others, or are no numbers.",
    breaks={"odd", "fraction"},
)
def absolute_value_of_the_sum(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return np.abs(windows).max(axis=(-1, -2))
    return np.abs((windows**p).sum(axis=(-1, -2))) ** (1 / p)


@chaff(
    says="For infinite p you give the maximum of the pixels. It is the maximum of their absolute "
    "values: a pixel far below zero counts as large.",
    breaks={"infinity"},
)
def maximum_without_absolute_value(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (np.abs(windows) ** p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="You put infinity into the formula as it stands. It has only a limit there, which is "
    "another, simpler operation: treat it by itself.",
    breaks={"infinity"},
)
def infinity_in_the_formula(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    return (np.abs(windows) ** p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="The root is missing. After the sum comes the power 1 over p.",
    breaks={"two", "odd", "fraction", "stride", "batch"},
)
def root_forgotten(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2))


@chaff(
    says="You always take the square root. The root belongs to p: the power 1 over p.",
    breaks={"odd", "fraction", "stride"},
)
def always_the_square_root(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return np.sqrt((windows**p).sum(axis=(-1, -2)))


@chaff(
    says="You take the mean of the powers. That is the power mean; LP pooling takes their sum.",
    breaks={"two", "odd", "fraction", "stride", "batch"},
)
def mean_of_the_powers(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).mean(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="One over p is a whole number in your code, so it is 0 for every p above 1. Divide with "
    "fractions.",
    breaks={"two", "odd", "fraction", "stride", "batch"},
)
def root_in_whole_numbers(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2)) ** (1 // p)


@chaff(
    says="Your windows always lie side by side. The stride says how far apart they start, and it "
    "need not be the size.",
    breaks={"stride"},
)
def stride_ignored(x, size, p, stride=None):
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::size, ::size]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="You add up over all channels. Each channel is pooled by itself.",
    breaks={"batch"},
)
def norm_over_channels(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        norms = windows.max(axis=(-1, -2, -3))
    else:
        norms = (windows**p).sum(axis=(-1, -2, -3)) ** (1 / p)
    return np.repeat(norms[..., None], x.shape[3], axis=3)


CHAFFS: Final = (
    no_absolute_value,
    absolute_value_of_the_sum,
    maximum_without_absolute_value,
    infinity_in_the_formula,
    root_forgotten,
    always_the_square_root,
    mean_of_the_powers,
    root_in_whole_numbers,
    stride_ignored,
    norm_over_channels,
)
