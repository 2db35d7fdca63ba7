"""Values that students work out by hand; nested lists and arrays are both taken.

max_pool_c
    Max pooling of the 3 x 3 map C, size 2, stride 1.
pool_shape
    Shape (N, H, W, C) after a max pooling of (16, 31, 22, 48) with size 5, stride 2, no border.
max_pool_i
    Max pooling of the 4 x 4 image I, size 3, stride 3, padding 1.
max_pool_minus_i
    The same of minus I, where a border of zeros would win.
lp_by_hand
    LP pooling of the window [[2, -6], [3, 0]] for p = 1, p = 2 and p infinite, in this order.
average_from_lp
    What average pooling gives where LP pooling with p = 1 gives 36, for windows of 3 x 3 pixels
    without a negative number.
max_gradient, avg_gradient
    `UPSTREAM` sent back through a max pooling and an average pooling of `PIXELS`, size 2, stride 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

MAP: Final = np.array([[109, 92, 72], [108, 85, 74], [110, 74, 79]])
IMAGE: Final = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [-1, 0, 1, 2], [0, -2, 4, 0]])
WINDOW: Final = np.array([[2, -6], [3, 0]])
PIXELS: Final = np.array([[1, 6, 2], [0, 5, 1], [4, 2, 3]])
UPSTREAM: Final = np.array([[4, 8], [12, 16]])

WRONG: Final = {"value"}


@wheat
def c_as_lists():
    return [[109, 92], [110, 85]]


@chaff(
    says="You took the maximum of each row, or of a part of it. A window of size 2 has two rows "
    "and two columns.",
    breaks=WRONG,
)
def c_row_by_row():
    return np.array([[109, 92], [108, 85]])


@chaff(
    says="These are means, not maxima.",
    breaks=WRONG,
)
def c_averaged():
    return np.array([[98.5, 80.75], [94.25, 78.0]])


@chaff(
    says="Your rows and columns are swapped. The first row of the answer comes from the two upper "
    "rows of C.",
    breaks=WRONG,
)
def c_transposed():
    return np.array([[109, 110], [92, 85]])


@wheat
def shape_as_a_tuple():
    return (16, 14, 9, 48)


@wheat
def shape_as_an_array():
    return np.array([16, 14, 9, 48])


@chaff(
    says="You rounded up. The last window of a row would stick out by one column, so it is left "
    "out.",
    breaks=WRONG,
)
def shape_rounded_up():
    return np.array([16, 14, 10, 48])


@chaff(
    says="You divided by the stride only. Take the size off first, divide, add one.",
    breaks=WRONG,
)
def shape_by_the_stride_only():
    return np.array([16, 15, 11, 48])


@chaff(
    says="One is missing in both directions: there is a window before the first step as well.",
    breaks=WRONG,
)
def shape_one_short():
    return np.array([16, 13, 8, 48])


@chaff(
    says="Pooling does not mix channels: as many come out as go in.",
    breaks=WRONG,
)
def shape_with_one_channel():
    return np.array([16, 14, 9, 1])


@chaff(
    says="Your windows lie side by side. They are 5 wide but only 2 apart, so they overlap.",
    breaks=WRONG,
)
def shape_side_by_side():
    return np.array([16, 6, 4, 48])


@wheat
def i_as_lists():
    return [[4, 4], [0, 4]]


@chaff(
    says="You left the border out and moved by one. Draw a ring round the image first: it is six "
    "by six, and four windows lie side by side.",
    breaks=WRONG,
)
def i_without_border():
    return np.array([[4, 4], [4, 4]])


@chaff(
    says="Rows and columns are swapped. The first row of the answer comes from the upper half of "
    "I.",
    breaks=WRONG,
)
def i_transposed():
    return np.array([[4, 0], [4, 4]])


@wheat
def minus_i_as_lists():
    return [[-1, -1], [2, 0]]


@chaff(
    says="Zeros from the border won in your upper row. The border of a maximum is minus infinity.",
    breaks=WRONG,
)
def minus_i_with_zeros():
    return np.array([[0, 0], [2, 0]])


@chaff(
    says="You pooled I and turned the sign round. The largest of the negatives belongs to the "
    "smallest number, so pool minus I itself.",
    breaks=WRONG,
)
def minus_the_answer_before():
    return np.array([[-4, -4], [0, -4]])


@wheat
def norms_as_a_list():
    return [11, 7, 6]


@chaff(
    says="You left the absolute values out for p of 1 and for p infinite. Each pixel counts by its "
    "absolute value.",
    breaks=WRONG,
)
def norms_without_absolute_value():
    return np.array([-1, 7, 3])


@chaff(
    says="The last one is wrong: with p infinite the largest absolute value counts, not the "
    "largest number.",
    breaks=WRONG,
)
def norms_with_the_largest_number():
    return np.array([11, 7, 3])


@chaff(
    says="The middle one lacks its square root.",
    breaks=WRONG,
)
def norms_without_the_root():
    return np.array([11, 49, 6])


@wheat
def four():
    return 4


@wheat
def four_as_an_array():
    return np.array(4.0)


@chaff(
    says="You multiplied by the number of pixels. LP pooling with p of 1 is the sum, and the mean "
    "is smaller than the sum.",
    breaks=WRONG,
)
def multiplied_by_the_pixels():
    return 324


@chaff(
    says="You divided by 3. A window of 3 by 3 has nine pixels.",
    breaks=WRONG,
)
def divided_by_three():
    return 12


@wheat
def max_gradient_as_lists():
    return [[0, 12, 0], [0, 28, 0], [0, 0, 0]]


@chaff(
    says="Both winners win twice, and you kept one of the two gradients. Add them up.",
    breaks=WRONG,
)
def last_gradient_only():
    return np.array([[0, 8, 0], [0, 16, 0], [0, 0, 0]])


@chaff(
    says="You wrote down the winners themselves. What they get is the upstream gradient of their "
    "windows.",
    breaks=WRONG,
)
def winners_themselves():
    return np.array([[0, 6, 0], [0, 5, 0], [0, 0, 0]])


@chaff(
    says="You counted how often each pixel wins. Each win counts with the gradient of its window.",
    breaks=WRONG,
)
def wins_counted():
    return np.array([[0, 2, 0], [0, 2, 0], [0, 0, 0]])


@wheat
def avg_gradient_as_lists():
    return [[1, 3, 2], [4, 10, 6], [3, 7, 4]]


@chaff(
    says="You forgot to divide: each pixel gets a quarter of what its window is handed.",
    breaks=WRONG,
)
def whole_gradients_added():
    return np.array([[4, 12, 8], [16, 40, 24], [12, 28, 16]])


@chaff(
    says="Where windows overlap you kept the last share only. Add up the shares of all windows "
    "that hold the pixel.",
    breaks=WRONG,
)
def last_share_only():
    return np.array([[1, 2, 2], [3, 4, 4], [3, 4, 4]])


@chaff(
    says="Where windows overlap you took the mean of the shares. They are added up.",
    breaks=WRONG,
)
def mean_of_the_shares():
    return np.array([[1, 1.5, 2], [2, 2.5, 3], [3, 3.5, 4]])


def _as_batch(matrix: np.ndarray) -> np.ndarray:
    return matrix[None, :, :, None]


def pooled(matrix: np.ndarray, **options: int) -> np.ndarray:
    """Max pooling of one channel of one image."""
    return convkit.max_pool2d(_as_batch(matrix), **options)[0, :, :, 0]


def pooled_shape() -> np.ndarray:
    """Shape of a batch after its max pooling."""
    return np.array(convkit.max_pool2d(np.zeros((16, 31, 22, 48)), size=5, stride=2).shape)


def norms() -> np.ndarray:
    """LP pooling of the one window for the three exponents."""
    return np.array([convkit.lp_pool2d(_as_batch(WINDOW), 2, p).item() for p in (1, 2, np.inf)])


def sent_back(backward: Callable[..., np.ndarray]) -> np.ndarray:
    """The upstream gradient, sent back through a pooling of the pixels."""
    return backward(_as_batch(UPSTREAM), _as_batch(PIXELS), size=2, stride=1)[0, :, :, 0]


EXERCISES: Final = (
    value(
        "max_pool_c",
        "max pooling of C, size 2, stride 1",
        lambda: pooled(MAP, size=2, stride=1),
        (c_as_lists,),
        (c_row_by_row, c_averaged, c_transposed),
        covers=("B2c C2c",),
    ),
    value(
        "pool_shape",
        "the shape after a max pooling",
        pooled_shape,
        (shape_as_a_tuple, shape_as_an_array),
        (
            shape_rounded_up,
            shape_by_the_stride_only,
            shape_one_short,
            shape_with_one_channel,
            shape_side_by_side,
        ),
        covers=("D(f) D(g)",),
    ),
    value(
        "max_pool_i",
        "max pooling of I, size 3, stride 3, padding 1",
        lambda: pooled(IMAGE, size=3, stride=3, padding=1),
        (i_as_lists,),
        (i_without_border, i_transposed),
        covers=("B2c C2c",),
    ),
    value(
        "max_pool_minus_i",
        "the same of minus I",
        lambda: pooled(-IMAGE, size=3, stride=3, padding=1),
        (minus_i_as_lists,),
        (minus_i_with_zeros, minus_the_answer_before),
        covers=("B2c C2c",),
    ),
    value(
        "lp_by_hand",
        "one window for three exponents",
        norms,
        (norms_as_a_list,),
        (norms_without_absolute_value, norms_with_the_largest_number, norms_without_the_root),
        covers=("C2d",),
    ),
    value(
        "average_from_lp",
        "the average from LP pooling with p = 1",
        lambda: 36 / 3**2,
        (four, four_as_an_array),
        (multiplied_by_the_pixels, divided_by_three),
        covers=("C2d",),
    ),
    value(
        "max_gradient",
        "a gradient sent back through max pooling",
        lambda: sent_back(convkit.max_pool2d_backward),
        (max_gradient_as_lists,),
        (last_gradient_only, winners_themselves, wins_counted),
        covers=("D(f) D(g)",),
    ),
    value(
        "avg_gradient",
        "a gradient sent back through average pooling",
        lambda: sent_back(convkit.avg_pool2d_backward),
        (avg_gradient_as_lists,),
        (whole_gradients_added, last_share_only, mean_of_the_shares),
        covers=("D(f) D(g)",),
    ),
)
