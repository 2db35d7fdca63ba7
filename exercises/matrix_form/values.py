"""Values that students work out by hand; nested lists and arrays are both taken.

padded_matrix
    The 4 x 6 matrix that correlates a signal of 4, padded with one zero at each end, with `TAPS`.
unpadded_matrix
    The 4 x 4 matrix that gives the same from the signal alone.
matrix_counts
    For the layer that correlates a 28 x 28 image with one 5 x 5 kernel: the entries of its matrix,
    how many of them hold a tap, and how many different weights there are.
gradient_of_pixels
    ``M.T @ dy``, folded to the 3 x 4 image, for the upstream gradient `UPSTREAM` and `KERNEL`.
window_as_row
    The last row of ``im2col(x, 2)`` for the image whose two channels are `FIRST_CHANNEL` and
    `SECOND_CHANNEL`.
columns_shape
    Rows and columns of the im2col matrix of 2 images, 7 x 9, 3 channels; windows 3 x 3, stride 2,
    padding 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

TAPS: Final = np.array([3, -1, 2])
KERNEL: Final = np.array([[1, 3], [2, -1]])
UPSTREAM: Final = np.array([[1, 0, -1], [0, 2, 0]])
FIRST_CHANNEL: Final = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
SECOND_CHANNEL: Final = 10 * FIRST_CHANNEL

WRONG: Final = {"value"}


@wheat
def padded_as_lists():
    return [[3, -1, 2, 0, 0, 0], [0, 3, -1, 2, 0, 0], [0, 0, 3, -1, 2, 0], [0, 0, 0, 3, -1, 2]]


@chaff(
    says="Your kernel is turned round: this is the matrix of a true convolution. Each row holds "
    "the kernel as it is printed.",
    breaks=WRONG,
)
def padded_turned_round():
    return np.array(
        [[2, -1, 3, 0, 0, 0], [0, 2, -1, 3, 0, 0], [0, 0, 2, -1, 3, 0], [0, 0, 0, 2, -1, 3]]
    )


@chaff(
    says="Your kernel stays on the left. Every row belongs to a window, and the window moves on.",
    breaks=WRONG,
)
def padded_not_moving():
    return np.array([[3, -1, 2, 0, 0, 0]] * 4)


@chaff(
    says="Your kernel lies on the middle of the first row as if the signal were not padded. The "
    "matrix meets the padded signal: its first column meets the first zero.",
    breaks=WRONG,
)
def padded_counted_from_the_signal():
    return np.array(
        [[0, -1, 2, 0, 0, 0], [0, 3, -1, 2, 0, 0], [0, 0, 3, -1, 2, 0], [0, 0, 0, 3, -1, 0]]
    )


@wheat
def unpadded_as_an_array():
    return np.array([[-1.0, 2, 0, 0], [3, -1, 2, 0], [0, 3, -1, 2], [0, 0, 3, -1]])


@chaff(
    says="You cut two columns off at the right. One zero stands at each end of the padded signal, "
    "so one column at each end meets nothing but a zero.",
    breaks=WRONG,
)
def unpadded_cut_on_the_right():
    return np.array([[3, -1, 2, 0], [0, 3, -1, 2], [0, 0, 3, -1], [0, 0, 0, 3]])


@chaff(
    says="You cut two columns off at the left. One zero stands at each end of the padded signal, "
    "so one column at each end meets nothing but a zero.",
    breaks=WRONG,
)
def unpadded_cut_on_the_left():
    return np.array([[2, 0, 0, 0], [-1, 2, 0, 0], [3, -1, 2, 0], [0, 3, -1, 2]])


@chaff(
    says="Your kernel is turned round, or your matrix transposed. Cut two columns out of the "
    "matrix for the padded signal and leave the rest as it is.",
    breaks=WRONG,
)
def unpadded_transposed():
    return np.array([[-1, 3, 0, 0], [2, -1, 3, 0], [0, 2, -1, 3], [0, 0, 2, -1]])


@wheat
def counts_as_a_list():
    return [451584, 14400, 25]


@chaff(
    says="Your output is as large as the image. Without padding a kernel of 5 fits into 28 at 24 "
    "places.",
    breaks=WRONG,
)
def counts_with_a_large_output():
    return np.array([614656, 19600, 25])


@chaff(
    says="Your output is one row and one column too small. The first window counts too: 28 minus "
    "5, plus 1.",
    breaks=WRONG,
)
def counts_with_a_small_output():
    return np.array([414736, 13225, 25])


@chaff(
    says="The last two are not the same. Each of the learned numbers stands in the matrix once for "
    "every output pixel.",
    breaks=WRONG,
)
def counts_without_repetition():
    return np.array([451584, 25, 25])


@chaff(
    says="The last number counts what can be learned. How often does the same number come back in "
    "the matrix?",
    breaks=WRONG,
)
def counts_without_sharing():
    return np.array([451584, 14400, 14400])


@wheat
def pixels_as_lists():
    return [[1, 3, -1, -3], [2, 1, 4, 1], [0, 4, -2, 0]]


@chaff(
    says="You turned the kernel. Each gradient stamps the kernel as it is, because the window "
    "multiplied it as it is.",
    breaks=WRONG,
)
def pixels_with_a_turned_kernel():
    return np.array([[-1, 2, 1, -2], [3, -1, 1, -1], [0, 6, 2, 0]])


@chaff(
    says="Where two stamps overlap you kept the last one. A pixel that went into two outputs gets "
    "the sum of what they send back.",
    breaks=WRONG,
)
def pixels_overwritten():
    return np.array([[1, 3, -1, -3], [2, 2, 6, 1], [0, 4, -2, 0]])


@chaff(
    says="You transposed the kernel. It is the large matrix that is transposed: the stamps are the "
    "kernel as it is.",
    breaks=WRONG,
)
def pixels_with_a_kernel_on_its_side():
    return np.array([[1, 2, -1, -2], [3, 1, 1, 1], [0, 6, -2, 0]])


@wheat
def window_as_a_list():
    return [5, 50, 6, 60, 8, 80, 9, 90]


@chaff(
    says="You wrote one channel after the other. The channels come fastest: both numbers of the "
    "first pixel, then both of the next.",
    breaks=WRONG,
)
def window_channel_by_channel():
    return np.array([5, 6, 8, 9, 50, 60, 80, 90])


@chaff(
    says="You went through the window column by column. It is read row by row.",
    breaks=WRONG,
)
def window_by_columns():
    return np.array([5, 50, 8, 80, 6, 60, 9, 90])


@chaff(
    says="This is the first window. Counted from 0, the last of four is number 3.",
    breaks=WRONG,
)
def first_window():
    return np.array([1, 10, 2, 20, 4, 40, 5, 50])


@chaff(
    says="This is window 2, the one below the first. Counted from 0, the last of four is number 3.",
    breaks=WRONG,
)
def window_number_2():
    return np.array([4, 40, 5, 50, 7, 70, 8, 80])


@wheat
def shape_as_a_pair():
    return (40, 27)


@chaff(
    says="Rows and columns are swapped: here each window is a row.",
    breaks=WRONG,
)
def shape_swapped():
    return np.array([27, 40])


@chaff(
    says="You forgot the channels. A window holds three numbers for every pixel.",
    breaks=WRONG,
)
def shape_of_one_channel():
    return np.array([40, 9])


@chaff(
    says="You counted the windows of one image. The batch holds two.",
    breaks=WRONG,
)
def shape_of_one_image():
    return np.array([20, 27])


@chaff(
    says="The stride is missing: most of the windows that you counted are skipped.",
    breaks=WRONG,
)
def shape_without_stride():
    return np.array([126, 27])


@chaff(
    says="The padding is missing. With one zero on each side height and width are 9 and 11.",
    breaks=WRONG,
)
def shape_without_padding():
    return np.array([24, 27])


def counts() -> np.ndarray:
    """Count in the matrix itself; each tap is a number of its own."""
    image, size = 28, 5
    taps = np.arange(1.0, 1 + size**2).reshape(size, size)
    matrix = np.asarray(convkit.conv_matrix2d(taps, (image, image)))
    return np.array([matrix.size, np.count_nonzero(matrix), len(np.unique(matrix[matrix != 0]))])


def pixel_gradient() -> np.ndarray:
    """Send the upstream gradient through the transposed matrix."""
    shape = (3, 4)
    matrix = np.asarray(convkit.conv_matrix2d(KERNEL, shape))
    return np.reshape(matrix.T @ UPSTREAM.ravel(), shape)


def last_window() -> np.ndarray:
    """Lay out the windows of the image with two channels."""
    image = np.stack([FIRST_CHANNEL, SECOND_CHANNEL], axis=-1)
    return np.asarray(convkit.im2col(image[np.newaxis], 2)[-1])


EXERCISES: Final = (
    value(
        "padded_matrix",
        "the matrix for the padded signal",
        lambda: convkit.toeplitz_matrix(TAPS, 6),
        (padded_as_lists,),
        (padded_turned_round, padded_not_moving, padded_counted_from_the_signal),
        points=2,
        covers=("D2",),
    ),
    value(
        "unpadded_matrix",
        "the matrix with the padding built in",
        lambda: convkit.toeplitz_matrix(TAPS, 4, padding=1),
        (unpadded_as_an_array,),
        (unpadded_cut_on_the_right, unpadded_cut_on_the_left, unpadded_transposed),
        covers=("D2",),
    ),
    value(
        "matrix_counts",
        "entries, taps and weights of a large matrix",
        counts,
        (counts_as_a_list,),
        (
            counts_with_a_large_output,
            counts_with_a_small_output,
            counts_without_repetition,
            counts_without_sharing,
        ),
        covers=("D2",),
    ),
    value(
        "gradient_of_pixels",
        "what the transposed matrix sends back",
        pixel_gradient,
        (pixels_as_lists,),
        (pixels_with_a_turned_kernel, pixels_overwritten, pixels_with_a_kernel_on_its_side),
        covers=("doubly blocked",),
    ),
    value(
        "window_as_row",
        "a window with two channels as a row",
        last_window,
        (window_as_a_list,),
        (window_channel_by_channel, window_by_columns, first_window, window_number_2),
        covers=("E9",),
    ),
    value(
        "columns_shape",
        "the size of an im2col matrix",
        lambda: np.array(convkit.im2col(np.zeros((2, 7, 9, 3)), 3, stride=2, padding=1).shape),
        (shape_as_a_pair,),
        (
            shape_swapped,
            shape_of_one_channel,
            shape_of_one_image,
            shape_without_stride,
            shape_without_padding,
        ),
        covers=("E9",),
    ),
)
