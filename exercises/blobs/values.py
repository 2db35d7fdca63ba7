"""Values that students work out by hand; nested lists and arrays are both taken.

bell_height
    Height of a bell of standard deviation `STD` at `OFFSET` (rows, columns) from its centre.
visible_part
    How many rows and columns of a blob of size `SIZE` around `POINT` lie on the `CANVAS`.
even_rows
    First and last row of a blob of size `EVEN` around `POINT`, where the part kept of the full
    convolution begins at the size less 1, halved and rounded down.
two_heights
    Brightness of the image at each of two points `APART` pixels apart in a row, and half-way
    between them, with blobs of standard deviation `WIDE`.
separable
    Which of `KERNELS` are a column times a row: 1 or 0 for each.
multiplications
    How many times one pass with a square kernel of `SIZE` multiplies on the `CANVAS`, and how many
    times two 1-D passes do, black pixels and the border counted in.
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import value

from . import by_hand

CANVAS: Final = (50, 50)
POINT: Final = (20, 40)
SIZE: Final = 31
EVEN: Final = 10
STD: Final = 5.0
OFFSET: Final = (3, 4)
APART: Final = 6
WIDE: Final = 3.0
KERNELS: Final = (
    np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    np.array([[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
    np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
)


def height() -> float:
    """Look the pixel up in a kernel that is large enough."""
    kernel = convkit.gaussian_kernel(SIZE, STD)
    centre = SIZE // 2
    return float(kernel[centre + OFFSET[0], centre + OFFSET[1]])


def extent(size: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last row and column that a blob of this size lights."""
    lit = np.argwhere(convkit.blobs(CANVAS, [POINT], size, std=50.0) > 0)
    return lit.min(axis=0), lit.max(axis=0)


def visible() -> np.ndarray:
    """Count rows and columns that are not black."""
    first, last = extent(SIZE)
    return last - first + 1


def even() -> np.ndarray:
    """Rows at which the even blob begins and ends."""
    first, last = extent(EVEN)
    return np.array([first[0], last[0]])


def heights() -> np.ndarray:
    """Paint two blobs and look."""
    row, left = 25, 20
    image = convkit.blobs(CANVAS, [(row, left), (row, left + APART)], SIZE, WIDE)
    return image[row, [left, left + APART // 2]]


def ranks() -> np.ndarray:
    """A column times a row is a matrix of rank 1."""
    return np.array([int(np.linalg.matrix_rank(kernel) == 1) for kernel in KERNELS])


def products() -> np.ndarray:
    """Multiplications of convolutions that keep the size of the canvas."""
    image = (*CANVAS, 1)
    half = SIZE // 2
    square = convkit.conv_multiplications(image, SIZE, 1, padding=half)
    column = convkit.conv_multiplications(image, (SIZE, 1), 1, padding=(half, 0))
    row = convkit.conv_multiplications(image, (1, SIZE), 1, padding=(0, half))
    return np.array([square, column + row])


EXERCISES: Final = (
    value(
        "bell_height",
        "the height of the bell at one pixel",
        height,
        (by_hand.height_by_numpy, by_hand.height_as_a_number),
        (
            by_hand.height_without_the_two,
            by_hand.height_at_the_city_block_distance,
            by_hand.height_without_a_square_of_the_distance,
            by_hand.height_without_a_square_of_the_std,
        ),
        covers=("A3",),
    ),
    value(
        "visible_part",
        "rows and columns of a blob at the border",
        visible,
        (by_hand.visible_as_a_pair,),
        (
            by_hand.visible_as_a_whole,
            by_hand.visible_less_one_column,
            by_hand.visible_with_column_50,
            by_hand.visible_columns_first,
        ),
        covers=("A3",),
    ),
    value(
        "even_rows",
        "first and last row of an even blob",
        even,
        (by_hand.rows_as_a_list,),
        (by_hand.rows_leaning_up, by_hand.rows_of_an_odd_kernel, by_hand.row_after_the_last),
        covers=("A3",),
    ),
    value(
        "two_heights",
        "brightness where two blobs overlap",
        heights,
        (by_hand.heights_by_numpy, by_hand.heights_as_numbers),
        (
            by_hand.heights_of_one_blob,
            by_hand.other_blob_forgotten_at_the_point,
            by_hand.heights_averaged,
            by_hand.heights_cut_at_white,
        ),
        covers=("A3",),
    ),
    value(
        "separable",
        "which kernels are a column times a row",
        ranks,
        (by_hand.separable_as_numbers, by_hand.separable_as_truth_values),
        (
            by_hand.separable_by_symmetry,
            by_hand.only_the_average,
            by_hand.diagonal_as_well,
            by_hand.cross_as_well,
            by_hand.all_separable,
        ),
        covers=("A3",),
    ),
    value(
        "multiplications",
        "multiplications of one square pass and of two thin ones",
        products,
        (by_hand.multiplications_as_numbers, by_hand.multiplications_as_products),
        (
            by_hand.one_pass_counted,
            by_hand.counted_for_one_pixel,
            by_hand.counted_in_the_valid_part,
        ),
        covers=("A3",),
    ),
)
