"""Public examples of the notebook ``02_convolution``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import FunctionExamples, ValueExample
from convkit.check.table.inputs import call, fractions, whole

EXAMPLES = (
    FunctionExamples(
        "correlate1d",
        "x, w, stride=1, padding=0",
        (
            call(np.array([3, 1, 4, 1, 5, 9]), np.array([1, 2, 0])),
            call(np.array([2.0, 7.0, 1.0, 8.0]), np.array([0.5, -1.0, 0.25, 3.0])),
            call(whole(1, 8), np.array([1, 2, 3]), stride=2),
            call(whole(2, 9), np.array([2, -1]), stride=3),
            call(np.array([1, 2, 3]), np.array([1, 10, 100]), padding=1),
            call(np.array([5, 2]), np.array([1, 2, 3, 4]), padding=2),
            call(fractions(3, 7), fractions(4, 4), stride=2, padding=2),
            call(np.array([1, 2, 3, 4]), np.array([0.5, 0.25])),
        ),
    ),
    FunctionExamples(
        "convolve1d",
        "x, w",
        (
            call(np.array([1, 2, 3, 4]), np.array([1, 0, 0])),
            call(np.array([3, 1, 4, 1, 5]), np.array([1, 10, 100])),
            call(np.array([1, 2]), np.array([4, 3, 2, 1, 0])),
            call(np.array([2.5]), np.array([4.0, -2.0])),
            call(fractions(5, 6), np.array([3.0])),
        ),
    ),
    FunctionExamples(
        "pad2d",
        'x, padding, mode="zeros"',
        (
            call(np.arange(1, 7).reshape(2, 3), 1),
            call(np.array([[1, 2], [3, 4]]), 3),
            call(np.arange(1, 13).reshape(3, 4), 1, mode="reflect"),
            call(np.arange(1, 13).reshape(3, 4), 2, mode="reflect"),
            call(np.arange(1, 7).reshape(2, 3), 2, mode="replicate"),
            call(np.arange(1, 7).reshape(3, 2), 2, mode="circular"),
            call(np.arange(1, 13).reshape(3, 4), 2, mode="circular"),
            *(
                call(np.arange(1, 7).reshape(2, 3), 0, mode=mode)
                for mode in ("zeros", "reflect", "replicate", "circular")
            ),
        ),
    ),
    FunctionExamples(
        "correlate2d",
        "x, k, stride=1, padding=0",
        (
            call(whole(6, 4, 5), np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]])),
            call(whole(7, 5, 4), whole(8, 3, 3)),
            call(whole(9, 4, 6), whole(10, 2, 3)),
            call(whole(11, 6, 5), whole(12, 3, 1), stride=2),
            call(whole(13, 3, 4), whole(14, 2, 2), padding=1),
            call(fractions(15, 6, 7), fractions(16, 3, 2), stride=3, padding=2),
            call(whole(17, 3, 4), whole(18, 3, 4)),
            call(np.array([[7]]), np.array([[3]])),
        ),
    ),
    FunctionExamples(
        "convolve2d",
        "x, k",
        (
            call(np.array([[0, 0, 0], [0, 1, 0]]), np.array([[1, 2], [3, 4]])),
            call(whole(19, 3, 4), whole(20, 2, 3)),
            call(np.array([[1, 2]]), whole(21, 3, 3)),
            call(np.array([[2.5]]), fractions(22, 2, 4)),
            call(fractions(23, 4, 3), np.array([[-2.0]])),
        ),
    ),
    FunctionExamples(
        "conv2d",
        "x, w, b, stride=1, padding=0",
        (
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
        ),
    ),
    ValueExample("corr_stride_1", (3, 3)),
    ValueExample("corr_stride_2_padded", (3, 3)),
    ValueExample("corr_a_b", (3, 3)),
    ValueExample("patch_value", ()),
    ValueExample("unseen_columns", ()),
    ValueExample("swapped_correlation", (5,)),
    ValueExample("combined_kernel", (2, 4)),
    ValueExample("centre_in_full", (2,)),
)
