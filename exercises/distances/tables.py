"""What the three forms of the table of L1 distances have in common: cases, rubric, known mistakes.

Given `X_test` of shape (num_test, D) and `X_train` of shape (num_train, D). Both hold fractions,
both hold whole numbers, or both hold uint8 pixels. An array of shape (num_test, num_train) is
returned; entry [i, j] is the sum over the features of the absolute differences between row i of
`X_test` and row j of `X_train`. Pixels are subtracted as numbers: no difference wraps around.

The mistakes here are written without a loop, so that they keep the rule of every form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from autograder.authoring import Case, RubricLine, call, chaff, fractions

from .rules import two_sets

RUBRIC: Final = (
    RubricLine("several", 2, "several test and several training images"),
    RubricLine("single", 1, "a single test image, a single training image, a single feature"),
    RubricLine("pixels", 2, "uint8 pixels, where a difference must not wrap around"),
)

EVERY_GROUP: Final = frozenset({"several", "single", "pixels"})

NOT_L2: Final = "This is the L2 distance, the root of the sum of squares. L1 adds absolute values."
NOT_SQUARES: Final = "You add squares. L1 adds absolute values."
NOT_DOT: Final = (
    "This is the dot product of the images. It is large where they agree; a distance is large "
    "where they differ."
)
TRANSPOSED: Final = (
    "Your table is transposed. Test images are its rows, training images its columns."
)
NOT_MEAN: Final = "You take the mean of the absolute differences. The L1 distance is their sum."
NOT_LARGEST: Final = "You take the largest difference. The L1 distance is the sum of all of them."
CANCEL: Final = (
    "The absolute value is missing, so differences of opposite sign cancel. A distance is never "
    "negative."
)
WRAPS: Final = (
    "With uint8 pixels your differences wrap around: 3 minus 7 becomes 252. Turn the images "
    "into fractions before you subtract; afterwards it is too late."
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; the three sizes of a case are never equal."""

    def pixels(*shape: int) -> np.ndarray:
        return rng.integers(0, 256, shape, dtype=np.uint8)

    yield Case("several", two_sets(rng, 3, 5, 4))
    yield Case("several", two_sets(rng, 6, 2, 7))
    yield Case("single", two_sets(rng, 1, 6, 5))
    yield Case("single", two_sets(rng, 5, 1, 6))
    yield Case("single", two_sets(rng, 4, 5, 1))
    yield Case("pixels", (pixels(4, 12), pixels(6, 12)))
    yield Case("pixels", (pixels(5, 16), pixels(3, 16)))


EXAMPLES: Final = (
    call(np.array([[0, 0], [1, 5]]), np.array([[1, 2], [3, 4], [-1, 0]])),
    call(fractions(44, 3, 4), fractions(45, 5, 4)),
    call(fractions(46, 1, 3), fractions(47, 4, 3)),
    call(
        np.array([[10, 250], [255, 0]], dtype=np.uint8),
        np.array([[30, 240], [0, 255], [240, 5]], dtype=np.uint8),
    ),
)


@chaff(says=CANCEL, breaks=EVERY_GROUP)
def no_absolute_value(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.sum(test[:, None] - train[None], axis=2)


@chaff(
    says="You take the absolute value after the sum. By then differences of opposite sign have "
    "cancelled: take it first.",
    breaks=EVERY_GROUP,
)
def absolute_value_after_the_sum(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.abs(np.sum(test[:, None] - train[None], axis=2))


@chaff(says=NOT_L2, breaks=EVERY_GROUP)
def euclidean(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.sqrt(np.sum((test[:, None] - train[None]) ** 2, axis=2))


@chaff(says=NOT_SQUARES, breaks=EVERY_GROUP)
def squares(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.sum((test[:, None] - train[None]) ** 2, axis=2)


@chaff(says=NOT_DOT, breaks=EVERY_GROUP)
def dot_product(X_test, X_train):
    return X_test.astype(float) @ X_train.astype(float).T


@chaff(says=NOT_MEAN, breaks=EVERY_GROUP)
def mean_of_differences(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.mean(np.abs(test[:, None] - train[None]), axis=2)


@chaff(says=NOT_LARGEST, breaks=EVERY_GROUP)
def largest_difference(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.max(np.abs(test[:, None] - train[None]), axis=2)


@chaff(says=TRANSPOSED, breaks=EVERY_GROUP)
def transposed_table(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.sum(np.abs(train[:, None] - test[None]), axis=2)


@chaff(
    says="Nothing comes back: the return is missing.",
    breaks=EVERY_GROUP,
)
def return_forgotten(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    np.sum(np.abs(test[:, None] - train[None]), axis=2)


@chaff(says=WRAPS, breaks={"pixels"})
def uint8_wraps_around(X_test, X_train):
    return np.sum(np.abs(X_test[:, None] - X_train[None]), axis=2)


@chaff(
    says="You turn the images into whole numbers and lose all that stands after the point. "
    "Fractions hold pixels and fractions.",
    breaks={"several", "single"},
)
def truncated_to_whole_numbers(X_test, X_train):
    test, train = X_test.astype(int), X_train.astype(int)
    return np.sum(np.abs(test[:, None] - train[None]), axis=2)


@chaff(
    says="Your table has the dtype of the images. A distance between uint8 images is larger than "
    "255 and does not fit.",
    breaks={"pixels"},
)
def table_of_the_pixels_dtype(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)), dtype=X_test.dtype)
    differences = X_test[:, None] * 1.0 - X_train[None]
    totals = np.sum(np.abs(differences), axis=2)
    table[:] = totals if table.dtype.kind == "f" else totals.astype(int)
    return table


@chaff(says=CANCEL, breaks=EVERY_GROUP)
def no_absolute_value_from_train(X_test, X_train):
    return X_train.sum(axis=1, dtype=float) - X_test.sum(axis=1, dtype=float)[:, None]


@chaff(says=WRAPS, breaks={"pixels"})
def uint8_wraps_around_from_train(X_test, X_train):
    return np.sum(np.abs(X_train[None] - X_test[:, None]), axis=2)


@chaff(says=NOT_L2, breaks=EVERY_GROUP)
def euclidean_wrapped(X_test, X_train):
    return np.sqrt(np.sum((X_test[:, None] - X_train[None]) ** 2, axis=2))


@chaff(says=NOT_L2, breaks=EVERY_GROUP)
def norm_of_wrapped_differences(X_test, X_train):
    return np.linalg.norm(X_test[:, None] - X_train[None], axis=2)


@chaff(says=NOT_SQUARES, breaks=EVERY_GROUP)
def squares_wrapped(X_test, X_train):
    return np.sum((X_test[:, None] - X_train[None]) ** 2, axis=2)


@chaff(says=NOT_SQUARES, breaks=EVERY_GROUP)
def squares_of_wrapped_differences(X_test, X_train):
    return np.sum((X_test[:, None] - X_train[None]).astype(float) ** 2, axis=2)


@chaff(says=NOT_DOT, breaks=EVERY_GROUP)
def dot_product_wrapped(X_test, X_train):
    return X_test @ X_train.T


@chaff(says=NOT_MEAN, breaks=EVERY_GROUP)
def mean_of_wrapped_differences(X_test, X_train):
    return np.mean(np.abs(X_test[:, None] - X_train[None]), axis=2)


@chaff(says=NOT_LARGEST, breaks=EVERY_GROUP)
def largest_wrapped_difference(X_test, X_train):
    return np.max(np.abs(X_test[:, None] - X_train[None]), axis=2)


@chaff(says=TRANSPOSED, breaks=EVERY_GROUP)
def transposed_and_wrapped(X_test, X_train):
    return np.sum(np.abs(X_train[:, None] - X_test[None]), axis=2)


CHAFFS: Final = (
    no_absolute_value,
    absolute_value_after_the_sum,
    euclidean,
    squares,
    dot_product,
    mean_of_differences,
    largest_difference,
    transposed_table,
    return_forgotten,
    uint8_wraps_around,
    truncated_to_whole_numbers,
    table_of_the_pixels_dtype,
    no_absolute_value_from_train,
    uint8_wraps_around_from_train,
    euclidean_wrapped,
    norm_of_wrapped_differences,
    squares_wrapped,
    squares_of_wrapped_differences,
    dot_product_wrapped,
    mean_of_wrapped_differences,
    largest_wrapped_difference,
    transposed_and_wrapped,
)
