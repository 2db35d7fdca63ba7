"""Public examples of every exercise: what `check` calls a student's function with.

Expected values are not stored: the function of the same name in `convkit` computes them.  To add
a function, add a line with the names of its arguments and a few calls; for an answer found by
hand, add its shape.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Call:
    """One call of a student's function: arrays by position, options by name."""

    args: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FunctionExamples:
    """Calls of a function that a student writes.

    Attributes
    ----------
    signature : str
        The parameters as the notebook states them.
    calls : tuple of Call
        Tried in this order; the first that goes wrong is reported.
    reference : callable, optional
        Gives the expected answers; by default the function of that name in `convkit`.
    """

    name: str
    signature: str
    calls: tuple[Call, ...]
    reference: Callable[..., Any] | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the parameters, in their order."""
        return tuple(part.split("=")[0].strip() for part in self.signature.split(","))

    def expected(self, call: Call) -> Any:
        """The right answer to a call.

        Parameters
        ----------
        call : Call
            One of the calls.

        Returns
        -------
        object
            What the reference returns.
        """
        import convkit

        reference = self.reference or getattr(convkit, self.name)
        return reference(*call.args, **call.options)


@dataclass(frozen=True)
class ValueExample:
    """An answer that a student finds by hand. Only its shape is public.

    Attributes
    ----------
    shape : tuple of int
        () for one number, (n,) for a list of n numbers, (rows, columns) for a matrix.
    """

    name: str
    shape: tuple[int, ...]


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


def _whole(seed: int, *shape: int) -> np.ndarray:
    """Small whole numbers: easy to follow by hand."""
    return np.random.default_rng(seed).integers(-4, 10, shape)


def _fractions(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).round(2)


def _call(*args: Any, **options: Any) -> Call:
    return Call(args, options)


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

EXAMPLES: dict[str, FunctionExamples | ValueExample] = {
    examples.name: examples for examples in (*_CONVOLUTION,)
}
