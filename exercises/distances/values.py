"""Values that students work out by hand; nested lists and arrays are both taken.

table_by_hand
    The L1 distances of two test images, 2 0 5 and 4 1 1, to the three rows of `TRAIN`.
wrapped_distance
    The distance of the images 3 200 and 7 190 if their uint8 differences wrap around and are then
    summed in a larger type.
three_shapes
    With 500 test and 5000 training images of 3072 numbers: the shapes of the test images with a
    new axis in the middle, of the training images with a new axis in front, of their difference.
no_loop_gib
    The memory of that difference in float64, in GiB, to a whole number or more exactly.
rows_in_one_gib
    How many test images at a time keep such a difference within one GiB.
knn_by_hand
    The labels that 1, 2 and 4 neighbours vote for; in a draw the smaller label wins.
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

TEST: Final = np.array([[2, 0, 5], [4, 1, 1]])
TRAIN: Final = np.array([[1, 3, 4], [0, 0, 7], [4, 1, 1]])
ONE_IMAGE: Final = np.array([3, 200], dtype=np.uint8)
OTHER_IMAGE: Final = np.array([7, 190], dtype=np.uint8)
NUM_TEST: Final = 500
NUM_TRAIN: Final = 5000
FEATURES: Final = 3072
GIB: Final = 2**30
FLOAT64_BYTES: Final = 8
DISTANCES: Final = np.array([[2.0, 0.9, 1.4, 3.1, 1.1, 2.6]])
LABELS: Final = np.array([9, 7, 9, 4, 4, 4])

ROUNDED: Final = 0.005
"""Relative; takes 57 for 57.2."""

WRONG: Final = {"value"}


@wheat
def table_as_lists():
    return [[5, 4, 7], [8, 11, 0]]


@chaff(
    says="The absolute value is missing. A distance is never negative.",
    breaks=WRONG,
)
def table_without_absolute_values():
    return [[-1, 0, 1], [-2, -1, 0]]


@chaff(
    says="You took the absolute value of the sum. Take it of each difference, then add up.",
    breaks=WRONG,
)
def table_of_absolute_sums():
    return [[1, 0, 1], [2, 1, 0]]


@chaff(
    says="You added squares. L1 adds absolute values.",
    breaks=WRONG,
)
def table_of_squares():
    return [[11, 8, 21], [22, 53, 0]]


@chaff(
    says="You took the largest difference. The L1 distance is the sum of all of them.",
    breaks=WRONG,
)
def table_of_largest_differences():
    return [[3, 2, 4], [3, 6, 0]]


@wheat
def wrapped_as_a_number():
    return 262


@chaff(
    says="This is the true distance. Which number does uint8 give for 3 minus 7?",
    breaks=WRONG,
)
def true_distance():
    return 14


@chaff(
    says="A uint8 is never negative: 3 minus 7 wraps around to a large number.",
    breaks=WRONG,
)
def signed_sum():
    return 6


@chaff(
    says="There are 256 numbers in a uint8, not 255: below 0 comes 255.",
    breaks=WRONG,
)
def wrapped_at_255():
    return 261


@chaff(
    says="Only 3 minus 7 falls below 0. 200 minus 190 is 10 in uint8, too.",
    breaks=WRONG,
)
def both_differences_wrapped():
    return 498


@wheat
def shapes_as_lists():
    return [[500, 1, 3072], [1, 5000, 3072], [500, 5000, 3072]]


@wheat
def shapes_as_tuples():
    return (500, 1, 3072), (1, 5000, 3072), (500, 5000, 3072)


@chaff(
    says="The new axes have changed places. Where the new axis stands, the shape has a 1.",
    breaks=WRONG,
)
def new_axes_swapped():
    return [[1, 500, 3072], [5000, 1, 3072], [5000, 500, 3072]]


@chaff(
    says="An axis of length 1 is stretched to the length of the other. It does not stay 1.",
    breaks=WRONG,
)
def axes_not_stretched():
    return [[500, 1, 3072], [1, 5000, 3072], [1, 1, 3072]]


@chaff(
    says="The difference still has the features as its last axis. They go when you sum.",
    breaks=WRONG,
)
def summed_already():
    return [[500, 1, 3072], [1, 5000, 3072], [500, 5000, 1]]


@wheat
def whole_gib():
    return 57


@wheat
def exact_gib():
    return 500 * 5000 * 3072 * 8 / 2**30


@chaff(
    says="These are gigabytes of a thousand million bytes. A GiB is 2 to the power of 30 bytes.",
    breaks=WRONG,
)
def decimal_gigabytes():
    return 61.44


@chaff(
    says="A float64 takes 8 bytes. You counted 4, as for float32.",
    breaks=WRONG,
)
def gib_of_float32():
    return 28.61


@chaff(
    says="You counted numbers, not bytes. A float64 takes 8 bytes.",
    breaks=WRONG,
)
def numbers_not_bytes():
    return 7.15


@chaff(
    says="This is the table of distances alone. The differences have a third axis: the features.",
    breaks=WRONG,
)
def gib_of_the_table():
    return 0.01863


@wheat
def eight_rows():
    return 8


@chaff(
    says="You rounded up. With 9 test images the differences take more than one GiB.",
    breaks=WRONG,
)
def rounded_up():
    return 9


@chaff(
    says="This is right for float32. A float64 takes 8 bytes.",
    breaks=WRONG,
)
def rows_of_float32():
    return 17


@chaff(
    says="You did not round. How many whole images are that?",
    breaks=WRONG,
)
def not_rounded():
    return 2**30 / (5000 * 3072 * 8)


@wheat
def votes_as_a_list():
    return [7, 4, 9]


@chaff(
    says="With two neighbours there is a draw. The smaller label wins it, not the nearer one.",
    breaks=WRONG,
)
def draw_to_the_nearer():
    return [7, 7, 9]


@chaff(
    says="You took the first columns. Sort by distance first.",
    breaks=WRONG,
)
def first_columns():
    return [9, 7, 9]


@chaff(
    says="You took the farthest images. A small distance means near.",
    breaks=WRONG,
)
def farthest_columns():
    return [4, 4, 4]


@chaff(
    says="You asked the nearest image only. With k neighbours, k labels have a vote.",
    breaks=WRONG,
)
def nearest_only():
    return [7, 7, 7]


def wrapped() -> int:
    """Let numpy wrap around."""
    return int(np.sum(np.abs(ONE_IMAGE - OTHER_IMAGE)))


def shapes() -> np.ndarray:
    """Broadcast arrays that take no memory."""
    test = np.broadcast_to(np.float64(0), (NUM_TEST, FEATURES))[:, None, :]
    train = np.broadcast_to(np.float64(0), (NUM_TRAIN, FEATURES))[None, :, :]
    return np.array([test.shape, train.shape, np.broadcast_shapes(test.shape, train.shape)])


EXERCISES: Final = (
    value(
        "table_by_hand",
        "two test images against three training images",
        lambda: convkit.l1_two_loops(TEST, TRAIN),
        (table_as_lists,),
        (
            table_without_absolute_values,
            table_of_absolute_sums,
            table_of_squares,
            table_of_largest_differences,
        ),
        covers=("B3",),
    ),
    value(
        "wrapped_distance",
        "a distance whose differences wrap around",
        wrapped,
        (wrapped_as_a_number,),
        (true_distance, signed_sum, wrapped_at_255, both_differences_wrapped),
        covers=("B3",),
    ),
    value(
        "three_shapes",
        "the shapes of a broadcast difference",
        shapes,
        (shapes_as_lists, shapes_as_tuples),
        (new_axes_swapped, axes_not_stretched, summed_already),
        covers=("B3",),
    ),
    value(
        "no_loop_gib",
        "memory of all differences at once",
        lambda: NUM_TEST * NUM_TRAIN * FEATURES * FLOAT64_BYTES / GIB,
        (whole_gib, exact_gib),
        (decimal_gigabytes, gib_of_float32, numbers_not_bytes, gib_of_the_table),
        rtol=ROUNDED,
        covers=("B3",),
    ),
    value(
        "rows_in_one_gib",
        "test images at a time within one GiB",
        lambda: GIB // (NUM_TRAIN * FEATURES * FLOAT64_BYTES),
        (eight_rows,),
        (rounded_up, rows_of_float32, not_rounded),
        covers=("B3",),
    ),
    value(
        "knn_by_hand",
        "votes of 1, 2 and 4 neighbours",
        lambda: np.array([convkit.knn_predict(DISTANCES, LABELS, k)[0] for k in (1, 2, 4)]),
        (votes_as_a_list,),
        (draw_to_the_nearer, first_columns, farthest_columns, nearest_only),
        covers=("B3",),
    ),
)
