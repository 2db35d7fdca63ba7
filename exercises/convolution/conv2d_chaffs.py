"""Known mistakes in ``conv2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

EVERY_GROUP: Final = frozenset(
    {
        "plain",
        "channels",
        "filters",
        "batch",
        "stride",
        "padding",
        "kernel_shape",
        "integers",
        "everything",
    }
)
SEVERAL_CHANNELS: Final = frozenset({"channels", "filters", "batch", "integers", "everything"})
SEVERAL_FILTERS: Final = SEVERAL_CHANNELS - {"channels"}


@chaff(
    says="Your kernels are flipped: this is true convolution. A convolution layer correlates, "
    "whatever its name says.",
    breaks=EVERY_GROUP,
)
def flipped_kernels(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    return np.einsum("nijmac,acmf->nijf", windows, w[::-1, ::-1]) + b


@chaff(
    says="Your kernels are transposed: their rows run down the image. The first axis of w is the "
    "height, the second the width.",
    breaks=EVERY_GROUP,
)
def transposed_kernels(x, w, b, stride=1, padding=0):
    w = w.transpose(1, 0, 2, 3)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b


@chaff(
    says="The last row and the last column of windows are missing. A side of 5 has three places "
    "for a kernel of 3: count them on paper.",
    breaks=EVERY_GROUP,
)
def one_window_short(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride
    columns = (padded.shape[2] - kw) // stride
    y = np.zeros((len(x), rows, columns, filters))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        patch = padded[:, top : top + kh, left : left + kw]
        y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="The bias is missing. Each filter adds its own bias to every number of its feature map.",
    breaks=EVERY_GROUP,
)
def bias_forgotten(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w)


@chaff(
    says="You add the bias inside the sum, once for every number of the kernel. It is added once, "
    "after the sum.",
    breaks=EVERY_GROUP,
)
def bias_added_for_every_tap(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    y = np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w)
    return y + b * w[..., 0].size


@chaff(
    says="You add the bias once for every channel. It is added once, after the channels are "
    "summed.",
    breaks=SEVERAL_CHANNELS,
)
def bias_added_for_every_channel(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    y = 0
    for m in range(x.shape[-1]):
        plane = windows[:, ::stride, ::stride, m]
        y = y + np.einsum("nijac,acf->nijf", plane, w[:, :, m]) + b
    return y


@chaff(
    says="You use the first channel only. A filter is as deep as the image: it takes all channels "
    "and adds them up.",
    breaks=SEVERAL_CHANNELS,
)
def first_channel_only(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    plane = windows[:, ::stride, ::stride, 0]
    return np.einsum("nijac,acf->nijf", plane, w[:, :, 0]) + b


@chaff(
    says="You take the mean over the channels. A layer adds them up.",
    breaks=SEVERAL_CHANNELS,
)
def mean_over_channels(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    y = np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w)
    return y / x.shape[-1] + b


@chaff(
    says="All your feature maps come from the first filter. The last axis of w counts the "
    "filters: each has a map of its own.",
    breaks=SEVERAL_FILTERS,
)
def first_filter_for_every_map(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    y = np.einsum("nijmac,acm->nij", windows[:, ::stride, ::stride], w[..., 0])
    return y[..., None] + b


@chaff(
    says="You reshape w so that the filters come first. A reshape does not move axes: it cuts the "
    "same numbers at other places. Transpose first, or keep the filters last.",
    breaks=SEVERAL_FILTERS,
)
def kernels_reshaped_without_transpose(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    patches = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    rows = patches.reshape(*patches.shape[:3], -1)
    return rows @ w.reshape(w.shape[-1], -1).T + b


@chaff(
    says="Your images are shuffled into each other. A reshape does not move axes: with more than "
    "one image, the image axis must be brought to the front by a transpose.",
    breaks={"batch", "everything"},
)
def images_reshaped_without_transpose(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    patches = []
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        patches.append(padded[:, top : top + kh, left : left + kw].reshape(len(x), -1))
    y = np.concatenate(patches) @ w.reshape(-1, filters) + b
    return y.reshape(len(x), rows, columns, filters)


@chaff(
    says="Only your last image is filled in, the others stay zero. Look at what your loop over "
    "the images writes to, and when.",
    breaks={"batch", "everything"},
)
def last_image_only(x, w, b, stride=1, padding=0):
    for image in x:
        padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(0, 1))
        feature_maps = np.einsum("ijmac,acmf->ijf", windows[::stride, ::stride], w) + b
        y = np.zeros((len(x), *feature_maps.shape))
        y[-1] = feature_maps
    return y


@chaff(
    says="Only your first image is computed. The layer treats every image of the batch alike.",
    breaks={"batch", "everything"},
)
def first_image_only(x, w, b, stride=1, padding=0):
    padded = np.pad(x[:1], ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b


@chaff(
    says="The size of your answer takes the stride into account, but your windows still move by "
    "one pixel. Where does window [2, 1] begin at stride 3?",
    breaks={"stride", "everything"},
)
def stride_missing_in_window_start(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    rows, columns = (windows.shape[1] - 1) // stride + 1, (windows.shape[2] - 1) // stride + 1
    return np.einsum("nijmac,acmf->nijf", windows[:, :rows, :columns], w) + b


@chaff(
    says="You compute a window at every pixel. With a larger stride most of them are skipped, and "
    "the feature map gets smaller.",
    breaks={"stride", "everything"},
)
def stride_ignored(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows, w) + b


@chaff(
    says="Your stride spreads the kernel's numbers apart (that is called dilation). The stride "
    "moves the whole window; inside it the numbers stay neighbours.",
    breaks={"stride", "everything"},
)
def stride_multiplies_tap(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters)) + b
    for i, j in np.ndindex(rows, columns):
        for a, c in np.ndindex(kh, kw):
            y[:, i, j] += padded[:, i + a * stride, j + c * stride] @ w[a, c]
    return y


@chaff(
    says="You pad at the bottom and on the right only. All four sides get their zeros.",
    breaks={"padding", "everything"},
)
def padding_on_two_sides_only(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (0, padding), (0, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b


@chaff(
    says="Your fractions are cut off: the answer is stored in an array of whole numbers, because "
    "its type was copied from the image. Make an array of floats.",
    breaks={"integers"},
)
def stored_as_whole_numbers(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters), dtype=x.dtype)
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        patch = padded[:, top : top + kh, left : left + kw]
        y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


CHAFFS: Final = (
    flipped_kernels,
    transposed_kernels,
    one_window_short,
    bias_forgotten,
    bias_added_for_every_tap,
    bias_added_for_every_channel,
    first_channel_only,
    mean_over_channels,
    first_filter_for_every_map,
    kernels_reshaped_without_transpose,
    images_reshaped_without_transpose,
    last_image_only,
    first_image_only,
    stride_missing_in_window_start,
    stride_ignored,
    stride_multiplies_tap,
    padding_on_two_sides_only,
    stored_as_whole_numbers,
)
