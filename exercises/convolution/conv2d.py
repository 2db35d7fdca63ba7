"""``conv2d(x, w, b, stride=1, padding=0)``: the forward pass of a convolution layer.

Given images `x` of shape (N, H, W, C_in), kernels `w` of shape (kh, kw, C_in, C_out) and a bias `b`
of shape (C_out,). The layer correlates, the kernels are not flipped: ``y[n, i, j, f] = b[f] + sum
over a, c, m of w[a, c, m, f] * padded[n, i * stride + a, j * stride + c, m]``. Height and width are
padded with zeros, batch and channels are not. An array of shape (N, H_out, W_out, C_out) is
returned, where ``H_out = (H + 2 * padding - kh) // stride + 1``, and W_out likewise. `x` may hold
whole numbers, such as the uint8 pixels of a photograph, while `w` and `b` hold fractions; the
answer keeps its fractions.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import (
    Case,
    Exercise,
    RubricLine,
    call,
    fractions,
    generic,
    wheat,
    whole,
    whole_numbers,
)

from .conv2d_chaffs import CHAFFS
from .conv2d_channels import CHANNELS
from .conv2d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "one image, one channel, one filter"),
    RubricLine("channels", 2, "several channels"),
    RubricLine("filters", 1, "several filters"),
    RubricLine("batch", 2, "several images"),
    RubricLine("stride", 1, "a stride larger than 1, whether it fits or not"),
    RubricLine("padding", 1, "zeros on all four sides"),
    RubricLine("kernel_shape", 1, "kernels that are not square"),
    RubricLine("integers", 1, "a photograph: whole numbers in x, fractions in w"),
    RubricLine("everything", 2, "all of it at once"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; each group but the last leaves out what the other groups are about."""

    def layer(
        images: tuple[int, int, int, int], kernel: tuple[int, int], filters: int
    ) -> tuple[np.ndarray, ...]:
        channels = images[-1]
        return (
            generic(rng, *images),
            generic(rng, *kernel, channels, filters),
            generic(rng, filters),
        )

    yield Case("plain", layer((1, 5, 7, 1), (3, 3), 1))
    yield Case("plain", layer((1, 6, 4, 1), (2, 2), 1))
    yield Case("channels", layer((1, 5, 6, 3), (3, 3), 1))
    yield Case("channels", layer((1, 6, 4, 5), (2, 2), 1))
    yield Case("filters", layer((1, 5, 6, 2), (3, 3), 5))
    yield Case("filters", layer((1, 5, 4, 3), (2, 2), 2))
    yield Case("batch", layer((3, 5, 6, 2), (3, 3), 4))
    yield Case("batch", layer((2, 6, 5, 3), (2, 2), 2))
    yield Case("stride", layer((1, 7, 10, 1), (3, 3), 1), {"stride": 2})
    yield Case("stride", layer((1, 9, 8, 1), (2, 2), 1), {"stride": 3})
    yield Case("padding", layer((1, 6, 4, 1), (4, 4), 1), {"padding": 2})
    yield Case("padding", layer((1, 3, 5, 1), (3, 3), 1), {"padding": 1})
    yield Case("kernel_shape", layer((1, 5, 7, 1), (2, 4), 1))
    yield Case("kernel_shape", layer((1, 6, 5, 1), (3, 1), 1))
    # Sums that stay between 0 and 255: what lies outside has no one uint8 on all machines.
    _, w, b = layer((1, 5, 7, 3), (3, 3), 2)
    photograph = whole_numbers(rng, 1, 5, 7, 3).astype(np.uint8)
    yield Case("integers", (photograph, np.ceil(8 * np.abs(w)) / 64, np.abs(b)))
    _, w, b = layer((1, 6, 5, 2), (2, 2), 3)
    yield Case("integers", (whole_numbers(rng, 1, 6, 5, 2), w, b))
    yield Case("everything", layer((3, 8, 11, 2), (3, 2), 4), {"stride": 2, "padding": 1})
    yield Case("everything", layer((2, 9, 6, 3), (2, 4), 5), {"stride": 3, "padding": 2})


EXAMPLES = (
    call(whole(24, 1, 4, 5, 1), whole(25, 3, 3, 1, 1), np.array([100])),
    call(whole(26, 1, 4, 5, 3), whole(27, 2, 2, 3, 1), np.array([0])),
    call(whole(28, 1, 4, 5, 1), whole(29, 2, 2, 1, 4), np.array([0, 10, 20, 30])),
    call(fractions(30, 2, 4, 5, 3), fractions(31, 3, 3, 3, 2), np.array([0.5, -0.5])),
    call(whole(32, 2, 7, 6, 1), whole(33, 3, 3, 1, 2), np.array([0, 1]), stride=2),
    call(whole(34, 2, 3, 4, 2), whole(35, 3, 3, 2, 3), np.array([1, 2, 3]), padding=1),
    call(
        fractions(36, 2, 7, 8, 3),
        fractions(37, 2, 3, 3, 4),
        fractions(38, 4),
        stride=2,
        padding=1,
    ),
    call(
        np.array([[[[250], [3]], [[10], [200]]]], dtype=np.uint8),
        np.full((2, 2, 1, 1), 0.25),
        np.array([0.5]),
    ),
)


@wheat
def seven_loops(x, w, b, stride=1, padding=0):
    images, height, width, channels = x.shape
    kh, kw, _, filters = w.shape
    padded = np.zeros((images, height + 2 * padding, width + 2 * padding, channels))
    padded[:, padding : padding + height, padding : padding + width] = x
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((images, rows, columns, filters))
    for n in range(images):
        for i in range(rows):
            for j in range(columns):
                for f in range(filters):
                    total = b[f]
                    for a in range(kh):
                        for c in range(kw):
                            for m in range(channels):
                                pixel = padded[n, i * stride + a, j * stride + c, m]
                                total += w[a, c, m, f] * pixel
                    y[n, i, j, f] = total
    return y


@wheat
def product_with_each_patch(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.empty((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            patch = padded[:, top : top + kh, left : left + kw]
            y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@wheat
def sliding_windows_and_einsum(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return np.einsum("nijmac,acmf->nijf", windows[:, ::stride, ::stride], w) + b


@wheat
def matrix_product_for_each_tap(x, w, b, stride=1, padding=0):
    images, height, width, channels = x.shape
    kh, kw = w.shape[:2]
    padded = np.zeros((images, height + 2 * padding, width + 2 * padding, channels))
    padded[:, padding : padding + height, padding : padding + width] = x
    rows, columns = padded.shape[1] - kh + 1, padded.shape[2] - kw + 1
    y = b
    for a in range(kh):
        for c in range(kw):
            y = y + padded[:, a : a + rows : stride, c : c + columns : stride] @ w[a, c]
    return y


@wheat
def patches_as_rows(x, w, b, stride=1, padding=0):
    def patches(image):
        view = np.lib.stride_tricks.sliding_window_view(image, w.shape[:2], axis=(0, 1))
        view = view[::stride, ::stride].transpose(0, 1, 3, 4, 2)
        return view.reshape(-1, w[..., 0].size), view.shape[:2]

    kernels = w.reshape(-1, w.shape[-1])
    y = []
    for image in x:
        rows, shape = patches(np.pad(image, ((padding, padding), (padding, padding), (0, 0))))
        y.append((rows @ kernels + b).reshape(*shape, -1))
    return np.stack(y)


@wheat
def own_correlate2d_for_each_plane(x, w, b, stride=1, padding=0):
    def correlate2d(image, kernel):
        padded = np.pad(image, padding)
        windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
        return np.tensordot(windows[::stride, ::stride], kernel, axes=2)

    def feature_map(image, kernel, bias):
        planes = range(image.shape[-1])
        return bias + sum(correlate2d(image[..., m], kernel[..., m]) for m in planes)

    filters = range(len(b))
    return np.stack(
        [np.stack([feature_map(image, w[..., f], b[f]) for f in filters], -1) for image in x]
    )


@wheat
def product_of_spectra(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    shape = padded.shape[1:3]
    images = np.fft.rfft2(padded, axes=(1, 2))
    kernels = np.conj(np.fft.rfft2(w, shape, axes=(0, 1)))
    circular = np.fft.irfft2(np.einsum("nuvm,uvmf->nuvf", images, kernels), shape, axes=(1, 2))
    rows, columns = shape[0] - w.shape[0] + 1, shape[1] - w.shape[1] + 1
    return circular[:, :rows:stride, :columns:stride] + b


EXERCISE = Exercise(
    name="conv2d",
    oracle=convkit.conv2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        seven_loops,
        product_with_each_patch,
        sliding_windows_and_einsum,
        matrix_product_for_each_tap,
        patches_as_rows,
        own_correlate2d_for_each_plane,
        product_of_spectra,
    ),
    misconceptions=(*CHAFFS, *CHANNELS, *LOOPS),
    covers=("E8",),
)
