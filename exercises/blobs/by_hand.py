"""What students answer where a value is asked for: right, and wrong in the ways that are known."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff, wheat

WRONG: Final = {"value"}


@wheat
def height_by_numpy():
    return np.exp(-0.5)


@wheat
def height_as_a_number():
    return 0.606531


@chaff(says="The 2 in front of the squared standard deviation is missing.", breaks=WRONG)
def height_without_the_two():
    return np.exp(-1)


@chaff(
    says="You added 3 and 4 before you squared. The distance squared is the sum of the squares.",
    breaks=WRONG,
)
def height_at_the_city_block_distance():
    return np.exp(-49 / 50)


@chaff(says="You did not square the distance.", breaks=WRONG)
def height_without_a_square_of_the_distance():
    return np.exp(-5 / 50)


@chaff(says="You did not square the standard deviation.", breaks=WRONG)
def height_without_a_square_of_the_std():
    return np.exp(-25 / 10)


@wheat
def visible_as_a_pair():
    return (31, 25)


@chaff(
    says="The blob sticks out on the right: half of it needs 15 columns after column 40.",
    breaks=WRONG,
)
def visible_as_a_whole():
    return [31, 31]


@chaff(
    says="Columns are counted from 0, so the last of 50 is number 49. Count both ends.",
    breaks=WRONG,
)
def visible_less_one_column():
    return [31, 24]


@chaff(says="You counted a column that is not there: the last of 50 is number 49.", breaks=WRONG)
def visible_with_column_50():
    return [31, 26]


@chaff(says="Rows come first, then columns.", breaks=WRONG)
def visible_columns_first():
    return [25, 31]


@wheat
def rows_as_a_list():
    return [16, 25]


@chaff(
    says="That is the other lean, which ndimage has. Round down when you halve, and see where the "
    "kept part begins.",
    breaks=WRONG,
)
def rows_leaning_up():
    return [15, 24]


@chaff(
    says="These are 11 rows. A kernel of size 10 has no middle row, so it cannot reach equally far "
    "up and down.",
    breaks=WRONG,
)
def rows_of_an_odd_kernel():
    return [15, 25]


@chaff(
    says="The kernel has 10 rows, so the last one is 9 below the first.",
    breaks=WRONG,
)
def row_after_the_last():
    return [16, 26]


@wheat
def heights_by_numpy():
    return np.array([1 + np.exp(-2), 2 * np.exp(-0.5)])


@wheat
def heights_as_numbers():
    return [1.135335, 1.213061]


@chaff(
    says="You looked at one blob alone. Every pixel gets light from both.",
    breaks=WRONG,
)
def heights_of_one_blob():
    return [1, np.exp(-0.5)]


@chaff(
    says="At a point you forgot the other blob. It is 6 pixels away, and not yet dark there.",
    breaks=WRONG,
)
def other_blob_forgotten_at_the_point():
    return [1, 2 * np.exp(-0.5)]


@chaff(
    says="You averaged the two blobs. A convolution adds.",
    breaks=WRONG,
)
def heights_averaged():
    return [(1 + np.exp(-2)) / 2, np.exp(-0.5)]


@chaff(
    says="You cut at 1. An image of numbers may be brighter than white.",
    breaks=WRONG,
)
def heights_cut_at_white():
    return [1, 1]


@wheat
def separable_as_numbers():
    return [1, 0, 1, 0]


@wheat
def separable_as_truth_values():
    return [True, False, True, False]


@chaff(
    says="You went by symmetry. What counts is that every row is a multiple of one and the same "
    "row.",
    breaks=WRONG,
)
def separable_by_symmetry():
    return [0, 1, 1, 1]


@chaff(
    says="The first kernel is separable: its middle row is twice the first, and the third equals "
    "the first. Negative numbers do no harm.",
    breaks=WRONG,
)
def only_the_average():
    return [0, 0, 1, 0]


@chaff(
    says="The diagonal is not separable: no row of it is a multiple of another.",
    breaks=WRONG,
)
def diagonal_as_well():
    return [1, 0, 1, 1]


@chaff(
    says="The second kernel is not separable: its middle row is no multiple of its first.",
    breaks=WRONG,
)
def cross_as_well():
    return [1, 1, 1, 0]


@chaff(says="They cannot all be split. Look for two rows that point different ways.", breaks=WRONG)
def all_separable():
    return [1, 1, 1, 1]


@wheat
def multiplications_as_numbers():
    return [2402500, 155000]


@wheat
def multiplications_as_products():
    return [50 * 50 * 31**2, 50 * 50 * 2 * 31]


@chaff(
    says="You counted one of the two passes. Every pixel is computed once in each.",
    breaks=WRONG,
)
def one_pass_counted():
    return [2402500, 77500]


@chaff(
    says="That is the count for one pixel. The canvas has 2500.",
    breaks=WRONG,
)
def counted_for_one_pixel():
    return [961, 62]


@chaff(
    says="You counted only the pixels where the kernel lies wholly on the canvas. The answer is as "
    "large as the canvas.",
    breaks=WRONG,
)
def counted_in_the_valid_part():
    return [20 * 20 * 31**2, 20 * 50 * 31 + 20 * 20 * 31]
