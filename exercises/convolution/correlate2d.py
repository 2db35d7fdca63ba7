"""``correlate2d(x, k, stride=1, padding=0)``: cross-correlation of an image with a kernel.

Given an image `x` of shape (H, W) and a kernel `k` of shape (kh, kw), neither of them necessarily
square. `padding` rows or columns of zeros are put on each of the four sides, and
``y[i, j] = sum over a, b of k[a, b] * padded[i * stride + a, j * stride + b]``. The kernel is not
flipped. An array of shape ``((H + 2p - kh) // s + 1, (W + 2p - kw) // s + 1)`` is returned. The
padded image is at least as large as the kernel.
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
    chaff,
    fractions,
    generic,
    wheat,
    whole,
)

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 2, "an image that is not square, a square kernel"),
    RubricLine("kernel_shape", 1, "a kernel that is not square"),
    RubricLine("stride", 1, "a stride larger than 1, whether it fits or not"),
    RubricLine("padding", 1, "zeros on all four sides"),
    RubricLine("stride_padding", 1, "stride and padding together"),
    RubricLine("borders", 1, "a kernel as large as the image, and one of a single pixel"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; strides fit one side and leave a rest on the other."""

    def pair(image: tuple[int, int], kernel: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        return generic(rng, *image), generic(rng, *kernel)

    yield Case("plain", pair((6, 8), (3, 3)))
    yield Case("plain", pair((5, 4), (2, 2)))
    yield Case("kernel_shape", pair((5, 7), (2, 4)))
    yield Case("kernel_shape", pair((6, 5), (3, 1)))
    yield Case("stride", pair((7, 10), (3, 3)), {"stride": 2})
    yield Case("stride", pair((9, 8), (2, 2)), {"stride": 3})
    yield Case("padding", pair((5, 7), (3, 3)), {"padding": 1})
    yield Case("padding", pair((3, 5), (4, 4)), {"padding": 3})
    yield Case("stride_padding", pair((8, 11), (3, 2)), {"stride": 2, "padding": 1})
    yield Case("stride_padding", pair((6, 9), (2, 4)), {"stride": 3, "padding": 2})
    yield Case("borders", pair((3, 5), (3, 5)))
    yield Case("borders", pair((1, 1), (1, 1)))
    yield Case("borders", pair((4, 6), (1, 1)))


EXAMPLES = (
    call(whole(6, 4, 5), np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]])),
    call(whole(7, 5, 4), whole(8, 3, 3)),
    call(whole(9, 4, 6), whole(10, 2, 3)),
    call(whole(11, 6, 5), whole(12, 3, 1), stride=2),
    call(whole(13, 3, 4), whole(14, 2, 2), padding=1),
    call(fractions(15, 6, 7), fractions(16, 3, 2), stride=3, padding=2),
    call(whole(17, 3, 4), whole(18, 3, 4)),
    call(np.array([[7]]), np.array([[3]])),
)


@wheat
def loops_over_every_tap(x, k, stride=1, padding=0):
    height, width = x.shape
    kh, kw = k.shape
    padded = np.zeros((height + 2 * padding, width + 2 * padding))
    padded[padding : padding + height, padding : padding + width] = x
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            for a in range(kh):
                for b in range(kw):
                    y[i, j] += k[a, b] * padded[i * stride + a, j * stride + b]
    return y


@wheat
def product_with_each_patch(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    tops = range(0, padded.shape[0] - kh + 1, stride)
    lefts = range(0, padded.shape[1] - kw + 1, stride)
    return np.array([[(padded[i : i + kh, j : j + kw] * k).sum() for j in lefts] for i in tops])


@wheat
def sliding_windows_and_einsum(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k)


@wheat
def sum_of_shifted_images(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = padded.shape[0] - kh + 1, padded.shape[1] - kw + 1
    y = 0
    for (a, b), weight in np.ndenumerate(k):
        y = y + weight * padded[a : a + rows : stride, b : b + columns : stride]
    return y


@wheat
def patches_as_rows(x, k, stride=1, padding=0):
    def patches(image):
        view = np.lib.stride_tricks.sliding_window_view(image, k.shape)[::stride, ::stride]
        return view.reshape(-1, k.size), view.shape[:2]

    rows, shape = patches(np.pad(x, padding))
    return (rows @ k.ravel()).reshape(shape)


@wheat
def every_pixel_gives_to_its_windows(x, k, stride=1, padding=0):
    height, width = x.shape
    kh, kw = k.shape
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((rows, columns))
    for (row, column), value in np.ndenumerate(x):
        for (a, b), weight in np.ndenumerate(k):
            i, off_row = divmod(row + padding - a, stride)
            j, off_column = divmod(column + padding - b, stride)
            if off_row == off_column == 0 and 0 <= i < rows and 0 <= j < columns:
                y[i, j] += weight * value
    return y


@wheat
def product_of_spectra(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    spectrum = np.fft.rfft2(padded) * np.conj(np.fft.rfft2(k, padded.shape))
    circular = np.fft.irfft2(spectrum, padded.shape)
    rows, columns = padded.shape[0] - k.shape[0] + 1, padded.shape[1] - k.shape[1] + 1
    return circular[:rows:stride, :columns:stride]


@chaff(
    says="Your kernel is flipped: this is true convolution. A correlation lays the kernel on the "
    "image as it is.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def flipped_kernel(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k[::-1, ::-1])


@chaff(
    says="Your kernel is transposed: its rows run down the image. Row a of the kernel belongs to "
    "row a of the patch.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def transposed_kernel(x, k, stride=1, padding=0):
    k = k.T
    padded = np.pad(x, padding)
    rows = (padded.shape[0] - k.shape[0]) // stride + 1
    columns = (padded.shape[1] - k.shape[1]) // stride + 1
    y = np.zeros((max(rows, 0), max(columns, 0)))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + k.shape[0], left : left + k.shape[1]] * k)
    return y


@chaff(
    says="Height and width are mixed up: this works for square images only. The first number of a "
    "shape is the height.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def height_and_width_mixed_up(x, k, stride=1, padding=0):
    width, height = x.shape
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + kh, left : left + kw] * k)
    return y


@chaff(
    says="You take the kernel for a square: its first side serves for both. A kernel has a height "
    "and a width of its own.",
    breaks={"kernel_shape", "stride_padding", "borders"},
)
def square_kernels_only(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = k.shape[0]
    rows = (padded.shape[0] - size) // stride + 1
    columns = (padded.shape[1] - size) // stride + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + size, left : left + size] * k)
    return y


@chaff(
    says="The size of your answer takes the stride into account, but your windows still move by "
    "one pixel. Where does window [2, 1] begin at stride 3?",
    breaks={"stride", "stride_padding"},
)
def stride_missing_in_window_start(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(padded[i : i + kh, j : j + kw] * k)
    return y


@chaff(
    says="You compute a window at every pixel. With a larger stride most of them are skipped, and "
    "the answer gets smaller.",
    breaks={"stride", "stride_padding"},
)
def stride_ignored(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows, k)


@chaff(
    says="Your stride spreads the kernel's numbers apart (that is called dilation). The stride "
    "moves the whole window; inside it the numbers stay neighbours.",
    breaks={"stride", "stride_padding"},
)
def stride_multiplies_tap(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        for a, b in np.ndindex(k.shape):
            y[i, j] += k[a, b] * padded[i + a * stride, j + b * stride]
    return y


@chaff(
    says="Your size formula divides only the padding by the stride, so you ask for windows beyond "
    "the edge. Take the kernel from the padded size first, then divide all of it.",
    breaks={"stride", "stride_padding"},
)
def size_divides_only_padding(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows = int(x.shape[0] - kh + 2 * padding / stride + 1)
    columns = int(x.shape[1] - kw + 2 * padding / stride + 1)
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + kh, left : left + kw] * k)
    return y


@chaff(
    says="The last row and the last column of windows are missing. A side of 5 has three places "
    "for a kernel of 3: count them on paper.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def one_window_short(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride, (padded.shape[1] - kw) // stride
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + kh, left : left + kw] * k)
    return y


@chaff(
    says="You pad at the bottom and on the right only. All four sides get their zeros.",
    breaks={"padding", "stride_padding"},
)
def padding_on_two_sides_only(x, k, stride=1, padding=0):
    padded = np.pad(x, ((0, padding), (0, padding)))
    kh, kw = k.shape
    tops = range(0, padded.shape[0] - kh + 1, stride)
    lefts = range(0, padded.shape[1] - kw + 1, stride)
    return np.array([[np.sum(padded[i : i + kh, j : j + kw] * k) for j in lefts] for i in tops])


@chaff(
    says="Your border repeats the edge pixels. Here the padding is zeros.",
    breaks={"padding", "stride_padding"},
)
def padding_repeats_the_edge(x, k, stride=1, padding=0):
    padded = np.pad(x, padding, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k)


EXERCISE = Exercise(
    name="correlate2d",
    oracle=convkit.correlate2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        loops_over_every_tap,
        product_with_each_patch,
        sliding_windows_and_einsum,
        sum_of_shifted_images,
        patches_as_rows,
        every_pixel_gives_to_its_windows,
        product_of_spectra,
    ),
    misconceptions=(
        flipped_kernel,
        transposed_kernel,
        height_and_width_mixed_up,
        square_kernels_only,
        stride_missing_in_window_start,
        stride_ignored,
        stride_multiplies_tap,
        size_divides_only_padding,
        one_window_short,
        padding_on_two_sides_only,
        padding_repeats_the_edge,
    ),
    covers=("B2a B2b C1c E5",),
)
