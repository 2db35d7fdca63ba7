"""Public examples of the exercises: what `check` calls a student's function with.

Expected values are not stored: the function of the same name in `convkit` computes them.  To add
a function, add a line with its parameters and a few calls; for an answer found by hand, add its
shape.  The inputs of the hidden cases stand nowhere in this package.
"""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np

from convkit.check.examples import Call, FunctionExamples, ValueExample


def _whole(seed: int, *shape: int) -> np.ndarray:
    """Small whole numbers: easy to follow by hand."""
    return np.random.default_rng(seed).integers(-4, 10, shape)


def _fractions(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).round(2)


def _call(*args: Any, **options: Any) -> Call:
    return Call(args, options)


def _shape_or_none(*args: Any, **options: Any) -> tuple[int, int, int] | None:
    """The output shape of a layer; None where the stride does not fit."""
    import convkit

    try:
        return convkit.conv_output_shape(*args, **options, exact=True)
    except ValueError:
        return None


_CONVOLUTION = (
    FunctionExamples(
        "correlate1d",
        "x, w, stride=1, padding=0",
        (
            _call(np.array([3, 1, 4, 1, 5, 9]), np.array([1, 2, 0])),
            _call(np.array([2.0, 7.0, 1.0, 8.0]), np.array([0.5, -1.0, 0.25, 3.0])),
            _call(_whole(1, 8), np.array([1, 2, 3]), stride=2),
            _call(_whole(2, 9), np.array([2, -1]), stride=3),
            _call(np.array([1, 2, 3]), np.array([1, 10, 100]), padding=1),
            _call(np.array([5, 2]), np.array([1, 2, 3, 4]), padding=2),
            _call(_fractions(3, 7), _fractions(4, 4), stride=2, padding=2),
            _call(np.array([1, 2, 3, 4]), np.array([0.5, 0.25])),
        ),
    ),
    FunctionExamples(
        "convolve1d",
        "x, w",
        (
            _call(np.array([1, 2, 3, 4]), np.array([1, 0, 0])),
            _call(np.array([3, 1, 4, 1, 5]), np.array([1, 10, 100])),
            _call(np.array([1, 2]), np.array([4, 3, 2, 1, 0])),
            _call(np.array([2.5]), np.array([4.0, -2.0])),
            _call(_fractions(5, 6), np.array([3.0])),
        ),
    ),
    FunctionExamples(
        "pad2d",
        'x, padding, mode="zeros"',
        (
            _call(np.arange(1, 7).reshape(2, 3), 1),
            _call(np.array([[1, 2], [3, 4]]), 3),
            _call(np.arange(1, 13).reshape(3, 4), 1, mode="reflect"),
            _call(np.arange(1, 13).reshape(3, 4), 2, mode="reflect"),
            _call(np.arange(1, 7).reshape(2, 3), 2, mode="replicate"),
            _call(np.arange(1, 7).reshape(3, 2), 2, mode="circular"),
            _call(np.arange(1, 13).reshape(3, 4), 2, mode="circular"),
            *(
                _call(np.arange(1, 7).reshape(2, 3), 0, mode=mode)
                for mode in ("zeros", "reflect", "replicate", "circular")
            ),
        ),
    ),
    FunctionExamples(
        "correlate2d",
        "x, k, stride=1, padding=0",
        (
            _call(_whole(6, 4, 5), np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]])),
            _call(_whole(7, 5, 4), _whole(8, 3, 3)),
            _call(_whole(9, 4, 6), _whole(10, 2, 3)),
            _call(_whole(11, 6, 5), _whole(12, 3, 1), stride=2),
            _call(_whole(13, 3, 4), _whole(14, 2, 2), padding=1),
            _call(_fractions(15, 6, 7), _fractions(16, 3, 2), stride=3, padding=2),
            _call(_whole(17, 3, 4), _whole(18, 3, 4)),
            _call(np.array([[7]]), np.array([[3]])),
        ),
    ),
    FunctionExamples(
        "convolve2d",
        "x, k",
        (
            _call(np.array([[0, 0, 0], [0, 1, 0]]), np.array([[1, 2], [3, 4]])),
            _call(_whole(19, 3, 4), _whole(20, 2, 3)),
            _call(np.array([[1, 2]]), _whole(21, 3, 3)),
            _call(np.array([[2.5]]), _fractions(22, 2, 4)),
            _call(_fractions(23, 4, 3), np.array([[-2.0]])),
        ),
    ),
    FunctionExamples(
        "conv2d",
        "x, w, b, stride=1, padding=0",
        (
            _call(_whole(24, 1, 4, 5, 1), _whole(25, 3, 3, 1, 1), np.array([100])),
            _call(_whole(26, 1, 4, 5, 3), _whole(27, 2, 2, 3, 1), np.array([0])),
            _call(_whole(28, 1, 4, 5, 1), _whole(29, 2, 2, 1, 4), np.array([0, 10, 20, 30])),
            _call(_fractions(30, 2, 4, 5, 3), _fractions(31, 3, 3, 3, 2), np.array([0.5, -0.5])),
            _call(_whole(32, 2, 7, 6, 1), _whole(33, 3, 3, 1, 2), np.array([0, 1]), stride=2),
            _call(_whole(34, 2, 3, 4, 2), _whole(35, 3, 3, 2, 3), np.array([1, 2, 3]), padding=1),
            _call(
                _fractions(36, 2, 7, 8, 3),
                _fractions(37, 2, 3, 3, 4),
                _fractions(38, 4),
                stride=2,
                padding=1,
            ),
            _call(
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

_SHAPES = (
    FunctionExamples(
        "conv_output_size",
        "n, kernel, stride=1, padding=0",
        (
            _call(9, 4),
            _call(10, 3, stride=2),
            _call(7, 3, padding=2),
            _call(11, 5, stride=3, padding=1),
            _call(6, 6),
        ),
    ),
    FunctionExamples(
        "conv_output_shape",
        "input_shape, kernel, filters, stride=1, padding=0",
        (
            _call((8, 10, 3), 3, 5),
            _call((9, 13, 2), 3, 4, stride=2, padding=1),
            _call((8, 9, 3), 3, 4, stride=2),
        ),
        reference=_shape_or_none,
    ),
    FunctionExamples(
        "conv_parameters",
        "kernel, in_channels, filters, bias=True",
        (_call(3, 2, 5), _call(7, 4, 6), _call(3, 2, 5, bias=False)),
    ),
    FunctionExamples(
        "conv_multiplications",
        "input_shape, kernel, filters, stride=1, padding=0",
        (_call((6, 8, 1), 3, 1), _call((7, 9, 3), 3, 4, stride=2, padding=1)),
    ),
    FunctionExamples(
        "linear_multiplications", "in_features, out_features", (_call(12, 5), _call(1, 7))
    ),
    FunctionExamples(
        "receptive_field",
        "layers",
        (_call([(3, 1)]), _call([(3, 2), (3, 1)]), _call([(5, 2), (2, 2), (3, 1)])),
    ),
)

_MATRIX_FORM = (
    FunctionExamples(
        "toeplitz_matrix",
        "w, n",
        (_call(np.array([1, 2, 3]), 5), _call(np.array([0.5, -1.0]), 4), _call(_whole(39, 4), 4)),
    ),
    FunctionExamples(
        "conv_matrix2d",
        "k, input_shape",
        (_call(np.array([[1, 2], [3, 4]]), (3, 4)), _call(_whole(40, 1, 3), (2, 4))),
    ),
    FunctionExamples(
        "im2col",
        "x, kernel, stride=1, padding=0",
        (
            _call(_whole(41, 1, 3, 4, 1), 2),
            _call(_whole(42, 2, 4, 5, 3), 3),
            _call(_whole(43, 2, 5, 6, 2), 2, stride=2, padding=1),
        ),
    ),
)

_DISTANCES = (
    *(
        FunctionExamples(
            name,
            "X_test, X_train",
            (
                _call(np.array([[0, 0], [1, 5]]), np.array([[1, 2], [3, 4], [-1, 0]])),
                _call(_fractions(44, 3, 4), _fractions(45, 5, 4)),
            ),
        )
        for name in ("l1_two_loops", "l1_one_loop", "l1_no_loops")
    ),
    FunctionExamples(
        "knn_predict",
        "distances, y_train, k",
        (
            _call(np.array([[4.0, 1.0, 3.0], [0.5, 2.0, 1.0]]), np.array([7, 8, 9]), 1),
            _call(np.array([[4, 1, 3, 2], [0.5, 2, 1, 9]]), np.array([1, 2, 1, 1]), 3),
        ),
    ),
)

_ALL: tuple[FunctionExamples | ValueExample, ...] = (
    *_SHAPES,
    *_CONVOLUTION,
    *_MATRIX_FORM,
    *_DISTANCES,
)
EXAMPLES = {examples.name: examples for examples in _ALL}


def find(name: str) -> FunctionExamples | ValueExample:
    """The examples of an exercise.

    Parameters
    ----------
    name : str
        Name of the exercise.

    Returns
    -------
    FunctionExamples or ValueExample
        What is public about it.

    Raises
    ------
    ValueError
        If no exercise has this name; the message lists those that exist.
    """
    if name in EXAMPLES:
        return EXAMPLES[name]
    near = difflib.get_close_matches(str(name), EXAMPLES, n=1)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(
        f"check knows no exercise called {name!r}.{guess} It knows: {', '.join(EXAMPLES)}."
    )
