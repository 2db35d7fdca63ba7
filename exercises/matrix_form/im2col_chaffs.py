"""Known wrong ways to write ``im2col``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

_ALL = {"plain", "channels", "batch", "stride", "padding", "kernel_shape", "everything"}


@chaff(
    says="Your rows run through the window channel by channel. The channels come fastest here: all "
    "channels of the first pixel, then all of the next.",
    breaks={"channels", "everything"},
)
def channels_outermost(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    return windows[:, ::stride, ::stride].reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="Your rows run through the window column by column. A window is read as a text is: row by "
    "row.",
    breaks={"plain", "channels", "batch", "stride", "padding", "kernel_shape", "everything"},
)
def window_read_by_columns(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 5, 4, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="Your windows are the columns of the matrix. That is how the name im2col came about, but "
    "here each window is a row.",
    breaks=_ALL,
)
def windows_as_columns(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3]).T


@chaff(
    says="Your rows take the same window of every image in turn. All windows of the first image "
    "come first, then all of the second.",
    breaks={"batch", "everything"},
)
def images_innermost(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(1, 2, 0, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="Only the first image of the batch is in your matrix.",
    breaks={"batch", "everything"},
)
def first_image_only(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x[0], ((padding, padding), (padding, padding), (0, 0)))
    return np.array(
        [
            padded[top : top + kh, left : left + kw].ravel()
            for top in range(0, padded.shape[0] - kh + 1, stride)
            for left in range(0, padded.shape[1] - kw + 1, stride)
        ]
    )


@chaff(
    says="The windows come in the wrong order: yours first move down, then right. They first move "
    "right.",
    breaks=_ALL,
)
def windows_move_down_first(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 2, 1, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="You take a window at every position. With a larger stride most of them are skipped.",
    breaks={"stride", "everything"},
)
def stride_ignored(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="The number of your windows takes the stride into account, but they still move by one. "
    "Where does window number 2 begin at stride 3?",
    breaks={"stride", "everything"},
)
def stride_missing_in_window_start(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, :rows, :columns].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="You round the number of windows up. A last window that sticks out is left out, not "
    "filled up.",
    breaks={"stride", "everything"},
)
def last_window_sticks_out(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    height, width = x.shape[1] + 2 * padding, x.shape[2] + 2 * padding
    down = padding + -(height - kh) % stride
    along = padding + -(width - kw) % stride
    padded = np.pad(x, ((0, 0), (padding, down), (padding, along), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="You pad the batch and the channels too. Only height and width get a border.",
    breaks={"padding", "everything"},
)
def all_four_axes_padded(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, padding)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, kh * kw * padded.shape[3])


@chaff(
    says="You pad at the top and on the left only. All four sides get a border.",
    breaks={"padding", "everything"},
)
def two_sides_only(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, 0), (padding, 0), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="Height and width of the window are swapped. The first number of the pair is its height.",
    breaks={"kernel_shape", "everything"},
)
def pair_swapped(x, kernel, stride=1, padding=0):
    kw, kh = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@chaff(
    says="Your windows are always square. The kernel may also be a pair: height and width.",
    breaks={"kernel_shape", "everything"},
)
def always_square(x, kernel, stride=1, padding=0):
    size = np.ravel(kernel)[0]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, size * size * x.shape[3])


CHAFFS: Final = (
    channels_outermost,
    window_read_by_columns,
    windows_as_columns,
    images_innermost,
    first_image_only,
    windows_move_down_first,
    stride_ignored,
    stride_missing_in_window_start,
    last_window_sticks_out,
    all_four_axes_padded,
    two_sides_only,
    pair_swapped,
    always_square,
)
