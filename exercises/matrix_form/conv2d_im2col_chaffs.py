"""Known wrong ways to write ``conv2d_im2col``; none of them loops over pixels."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

_ALL = {
    "plain",
    "channels",
    "filters",
    "batch",
    "stride_padding",
    "kernel_shape",
    "integers",
    "everything",
}


@chaff(
    says="Your kernels are flipped: this is true convolution. A layer multiplies window and kernel "
    "as they are.",
    breaks=_ALL,
)
def kernels_turned_round(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w[::-1, ::-1].reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Your kernels are cut up and mixed. The filters are the last axis of w and so the "
    "columns already: reshape it with the filters last and do not transpose.",
    breaks={"filters", "everything"},
)
def filters_reshaped_to_the_front(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(filters, -1).T + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="The columns of your patches and the rows of your kernels are in different orders: one "
    "has the channels fastest, the other slowest.",
    breaks={"channels", "everything"},
)
def channels_in_two_orders(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    patches = windows.reshape(-1, channels * kh * kw)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Your columns run through the window column by column, your kernels row by row.",
    breaks=_ALL,
)
def windows_read_by_columns(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 5, 4, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Height and width of the output are swapped when the product is folded back into images.",
    breaks=_ALL,
)
def output_folded_width_first(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    images, rows, columns = windows.shape[:3]
    patches = windows.reshape(-1, kh * kw * channels)
    return (patches @ w.reshape(-1, filters) + b).reshape(images, columns, rows, filters)


@chaff(
    says="The filters are the last axis of the product. A reshape that puts them before height and "
    "width mixes them up with the pixels.",
    breaks={"filters", "everything"},
)
def filters_folded_before_the_pixels(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    images, rows, columns = windows.shape[:3]
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(images, filters, rows, columns).transpose(0, 2, 3, 1)


@chaff(
    says="The images are mixed up when the product is folded back: its rows hold all windows of "
    "the first image, then all of the second.",
    breaks={"batch", "everything"},
)
def images_folded_last(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    images, rows, columns = windows.shape[:3]
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(rows, columns, images, filters).transpose(2, 0, 1, 3)


@chaff(
    says="All your feature maps get the same bias. Each filter has one of its own.",
    breaks={"filters", "everything"},
)
def one_bias_for_all(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b[0]
    return y.reshape(*windows.shape[:3], filters)


@chaff(says="The bias is missing.", breaks=_ALL)
def bias_missing(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    return (patches @ w.reshape(-1, filters)).reshape(*windows.shape[:3], filters)


@chaff(
    says="You add the bias once for every tap of the kernel. It belongs to the sum, not to each "
    "product.",
    breaks=_ALL,
)
def bias_at_every_tap(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + kh * kw * b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Only the first image of the batch goes through your layer.",
    breaks={"batch", "everything"},
)
def first_image_only(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x[:1], ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="The stride is missing: you take a window at every position.",
    breaks={"stride_padding", "everything"},
)
def stride_ignored(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows.transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="The padding is missing. Stride and padding go on to the function that lays the windows "
    "out.",
    breaks={"stride_padding", "everything"},
)
def padding_ignored(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Your windows are always square: you take the height of the kernel for its width too.",
    breaks={"kernel_shape", "everything"},
)
def always_square(x, w, b, stride=1, padding=0):
    size, _, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, size * size * channels)
    y = patches @ w[:, :size].reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@chaff(
    says="Your fractions are cut off: the answer is stored as whole numbers, because its type was "
    "copied from the image. Make an array of floats.",
    breaks={"integers"},
)
def stored_as_the_image_is(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    y = np.zeros((*windows.shape[:3], filters), dtype=x.dtype)
    patches = windows.reshape(-1, kh * kw * channels)
    y[:] = (patches @ w.reshape(-1, filters) + b).reshape(y.shape)
    return y


CHAFFS: Final = (
    kernels_turned_round,
    filters_reshaped_to_the_front,
    channels_in_two_orders,
    windows_read_by_columns,
    output_folded_width_first,
    filters_folded_before_the_pixels,
    images_folded_last,
    one_bias_for_all,
    bias_missing,
    bias_at_every_tap,
    first_image_only,
    stride_ignored,
    padding_ignored,
    always_square,
    stored_as_the_image_is,
)
