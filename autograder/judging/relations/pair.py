"""An answer beside the right one, and how much a fact about the two can mean."""

from __future__ import annotations

import cmath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.core.check import close
from autograder.judging.evidence import each_digits

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Pair:
    """An answer and the right one, both as arrays.

    Attributes
    ----------
    inputs : dict
        Name of a parameter -> array or number that was given for it.
    rtol, atol : float
        How near is near enough.
    """

    answer: Numbers
    right: Numbers
    inputs: Mapping[str, Numbers]
    rtol: float
    atol: float

    def same(self, one: Numbers, other: Numbers) -> bool:
        """Whether two arrays are the same in shape and, within the tolerance, in numbers."""
        if one.shape != other.shape:
            return False
        # Most of what is tried differs in the first number already.
        if one.size and not self._is_near(complex(one.flat[0]), complex(other.flat[0])):
            return False
        return bool(close(one, other, self.rtol, self.atol).all())

    def _is_near(self, number: complex, other: complex) -> bool:
        far = abs(number - other) > self.atol + self.rtol * abs(other)
        return not far or not cmath.isfinite(other)

    @cached_property
    def has_one_shape(self) -> bool:
        """Whether the answer has the right shape."""
        return self.answer.shape == self.right.shape

    @cached_property
    def good(self) -> NDArray[np.bool_]:
        """Which entries are right, of an answer with the right shape."""
        return close(self.answer, self.right, self.rtol, self.atol)

    @cached_property
    def evidence(self) -> float:
        """Digits of those right entries where the answer is wrong; of all, in another shape."""
        return self.digits(self.right[~self.good] if self.has_one_shape else self.right)

    def digits(self, numbers: Numbers) -> float:
        """How many digits of chance an equality of these numbers to others rules out."""
        return float(self.each_digits(numbers).sum())

    def each_digits(self, numbers: Numbers) -> Numbers:
        """The digits of each different number."""
        return each_digits(numbers, self.atol)


Found = tuple[str, float]
"""A sentence that holds for a pair, and how many digits speak for it."""

Relation = Callable[[Pair], Iterator[Found]]


def along(axes: tuple[int, ...]) -> str:
    """Axes in words.

    Examples
    --------
    >>> along((0,)), along((0, 2))
    ('axis 0', 'axes 0 and 2')
    """
    names = ", ".join(map(str, axes[:-1]))
    return f"axes {names} and {axes[-1]}" if names else f"axis {axes[-1]}"
