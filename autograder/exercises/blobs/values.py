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

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

import convkit
from autograder.exercise import Case, Exercise, Misconception, RubricLine, Wheat
from autograder.exercises.blobs.rules import TOLERANCE
from autograder.exercises.declare import chaff, wheat

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

WRONG: Final = {"value"}


def only_case(rng: np.random.Generator) -> Iterator[Case]:
    """A value is read, not called."""
    yield Case("value")


def value(
    name: str,
    text: str,
    oracle: Callable[[], Any],
    wheats: tuple[Wheat, ...],
    misconceptions: tuple[Misconception, ...],
) -> Exercise:
    """An exercise of one point whose answer is a number or a few."""
    return Exercise(
        name=name,
        kind="value",
        oracle=oracle,
        cases=only_case,
        rubric=(RubricLine("value", 1, text),),
        rtol=TOLERANCE,
        atol=TOLERANCE,
        wheats=wheats,
        misconceptions=misconceptions,
    )


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
        (height_by_numpy, height_as_a_number),
        (
            height_without_the_two,
            height_at_the_city_block_distance,
            height_without_a_square_of_the_distance,
            height_without_a_square_of_the_std,
        ),
    ),
    value(
        "visible_part",
        "rows and columns of a blob at the border",
        visible,
        (visible_as_a_pair,),
        (
            visible_as_a_whole,
            visible_less_one_column,
            visible_with_column_50,
            visible_columns_first,
        ),
    ),
    value(
        "even_rows",
        "first and last row of an even blob",
        even,
        (rows_as_a_list,),
        (rows_leaning_up, rows_of_an_odd_kernel, row_after_the_last),
    ),
    value(
        "two_heights",
        "brightness where two blobs overlap",
        heights,
        (heights_by_numpy, heights_as_numbers),
        (
            heights_of_one_blob,
            other_blob_forgotten_at_the_point,
            heights_averaged,
            heights_cut_at_white,
        ),
    ),
    value(
        "separable",
        "which kernels are a column times a row",
        ranks,
        (separable_as_numbers, separable_as_truth_values),
        (
            separable_by_symmetry,
            only_the_average,
            diagonal_as_well,
            cross_as_well,
            all_separable,
        ),
    ),
    value(
        "multiplications",
        "multiplications of one square pass and of two thin ones",
        products,
        (multiplications_as_numbers, multiplications_as_products),
        (one_pass_counted, counted_for_one_pixel, counted_in_the_valid_part),
    ),
)
