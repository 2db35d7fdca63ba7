"""Right ways to write ``conv2d_im2col`` that its rules exclude."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import rule_breaker


@rule_breaker(finds="image rows")
def loop_over_rows(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    maps = []
    for top in range(0, padded.shape[1] - kh + 1, stride):
        strip = padded[:, top : top + kh]
        windows = np.lib.stride_tricks.sliding_window_view(strip, (kh, kw), axis=(1, 2))
        windows = windows[:, 0, ::stride].transpose(0, 1, 3, 4, 2)
        patches = windows.reshape(len(x), -1, kh * kw * channels)
        maps.append(patches @ w.reshape(-1, filters) + b)
    return np.stack(maps, axis=1)


@rule_breaker(finds="image columns")
def loop_over_columns(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    maps = []
    left = 0
    while left + kw <= padded.shape[2]:
        strip = padded[:, :, left : left + kw]
        windows = np.lib.stride_tricks.sliding_window_view(strip, (kh, kw), axis=(1, 2))
        windows = windows[:, ::stride, 0].transpose(0, 1, 3, 4, 2)
        patches = windows.reshape(len(x), -1, kh * kw * channels)
        maps.append(patches @ w.reshape(-1, filters) + b)
        left += stride
    return np.stack(maps, axis=2)


@rule_breaker(finds="image rows")
def loop_over_all_windows(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            patches = padded[:, top : top + kh, left : left + kw].reshape(len(x), -1)
            y[:, i, j] = patches @ w.reshape(-1, filters) + b
    return y


@rule_breaker(finds="image columns")
def patches_in_a_comprehension(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    tops = range(0, padded.shape[1] - kh + 1, stride)
    lefts = range(0, padded.shape[2] - kw + 1, stride)
    patches = np.array(
        [p[i : i + kh, j : j + kw].ravel() for p in padded for i in tops for j in lefts]
    )
    return (patches @ w.reshape(-1, filters) + b).reshape(len(x), len(tops), len(lefts), filters)


@rule_breaker(finds="image rows")
def mapped_over_the_rows(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))

    def row_of_windows(top):
        strip = padded[:, top : top + kh]
        windows = np.lib.stride_tricks.sliding_window_view(strip, (kh, kw), axis=(1, 2))
        return windows[:, 0, ::stride].transpose(0, 1, 3, 4, 2).reshape(-1, kh * kw * channels)

    tops = range(0, padded.shape[1] - kh + 1, stride)
    patches = np.stack(list(map(row_of_windows, tops)), axis=0)
    y = (patches @ w.reshape(-1, filters) + b).reshape(len(tops), len(x), -1, filters)
    return y.transpose(1, 0, 2, 3)


@rule_breaker(finds="image rows")
def vectorize_over_the_windows(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kernels = w.reshape(-1, filters)

    def one_window(n, top, left):
        return padded[n, top : top + kh, left : left + kw].ravel() @ kernels + b

    tops = np.arange(0, padded.shape[1] - kh + 1, stride)
    lefts = np.arange(0, padded.shape[2] - kw + 1, stride)
    places = np.ix_(np.arange(len(x)), tops, lefts)
    return np.vectorize(one_window, signature="(),(),()->(f)")(*places)


@rule_breaker(finds="image rows")
def apply_along_the_patches(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(*windows.shape[:3], kh * kw * channels)
    kernels = w.reshape(-1, filters)
    return np.apply_along_axis(lambda patch: patch @ kernels + b, -1, patches)


@rule_breaker(finds="numpy.tensordot")
def tensor_product_in_one_call(x, w, b, stride=1, padding=0):
    from numpy import tensordot

    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return tensordot(windows[:, ::stride, ::stride], w, axes=((4, 5, 3), (0, 1, 2))) + b


@rule_breaker(finds="numpy.einsum")
def einstein_sum_in_one_call(x, w, b, stride=1, padding=0):
    from numpy import einsum

    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b


RULE_BREAKERS: Final = (
    loop_over_rows,
    loop_over_columns,
    loop_over_all_windows,
    patches_in_a_comprehension,
    mapped_over_the_rows,
    vectorize_over_the_windows,
    apply_along_the_patches,
    tensor_product_in_one_call,
    einstein_sum_in_one_call,
)
