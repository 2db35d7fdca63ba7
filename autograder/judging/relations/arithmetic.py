"""The right numbers after one step of arithmetic."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from autograder.judging.relations.pair import Found, Numbers, Pair, along

_TELLING = 2.0
_LARGEST_FACTOR = 1000
_SMALLEST_FACTOR = 1e-9
_LONGEST_PRODUCT = 4


def well_known_factor(pair: Pair) -> Iterator[Found]:
    """The other sign, twice, half, 255 times."""
    factor = _factor(pair)
    said = {
        -1.0: "Your answer has the wrong sign everywhere, and is right but for that.",
        2.0: "Your answer is exactly twice the right one.",
        0.5: "Your answer is exactly half of the right one.",
        255.0: "Your answer is exactly 255 times the right one.",
        1 / 255: "Your answer is exactly the right one divided by 255.",
    }
    for known, sentence in said.items():
        if factor and _is_near(factor, known):
            yield sentence, pair.evidence


def factor_of_a_size(pair: Pair) -> Iterator[Found]:
    """A sum for a mean, or a mean for a sum, or one over too many or too few."""
    factor = _factor(pair)
    if not factor or _is_near(factor, 1):
        return
    for what, size in _sizes(pair):
        if _is_near(factor, 1 / size):
            yield f"Your answer is the right one divided by {what}.", pair.evidence
        if _is_near(factor, size):
            yield f"Your answer is the right one times {what}.", pair.evidence


def _sizes(pair: Pair) -> Iterator[tuple[str, int]]:
    """Whole numbers from 2 that stand in the inputs, or say how large they are, in words."""
    for name, value in pair.inputs.items():
        if not value.ndim and value.dtype.kind in "iu" and value > 1:
            yield name, int(value)
    for name, value in pair.inputs.items():
        if not 1 <= value.ndim <= _LONGEST_PRODUCT:
            continue
        for count in range(1, value.ndim + 1):
            for axes in itertools.combinations(range(value.ndim), count):
                size = math.prod(value.shape[axis] for axis in axes)
                of = "the number of entries" if count == value.ndim else "the length"
                where = f" along {along(axes)}" if count < value.ndim else ""
                if size > 1:
                    yield f"{of} of {name}{where}", size


def whole_factor(pair: Pair) -> Iterator[Found]:
    """A whole number of times the right one, or the right one divided by a whole number."""
    factor = _factor(pair)
    if not factor:
        return
    for number, word in ((factor, "{} times the right one"), (1 / factor, "the right one over {}")):
        whole = round(number)
        if 2 < abs(whole) <= _LARGEST_FACTOR and _is_near(number, whole):
            yield f"Your answer is exactly {word.format(whole)}.", _but_one(pair)


def _factor(pair: Pair) -> float:
    """What the right answer is multiplied by everywhere; 0 where there is no such number."""
    if not pair.has_one_shape or not pair.right.size:
        return 0.0
    mine, right = pair.answer.astype(float), pair.right.astype(float)
    place = np.argmax(np.abs(right))
    largest = right.flat[place]
    if not np.isfinite(largest) or not largest:
        return 0.0
    factor = float(mine.flat[place] / largest)
    plain = _SMALLEST_FACTOR < abs(factor) < 1 / _SMALLEST_FACTOR
    return factor if plain and pair.same(mine, factor * right) else 0.0


def _is_near(number: float, other: float) -> bool:
    return abs(number - other) <= 1e-4 * abs(other)


def _but_one(pair: Pair) -> float:
    """The evidence that is left when one number has been used up to find a constant."""
    each = pair.each_digits(pair.right)
    return float(each.sum() - each.max()) if each.size else 0.0


def off_by_an_input(pair: Pair) -> Iterator[Found]:
    """An input that was added, or left out: a bias."""
    if not pair.has_one_shape:
        return
    missing = pair.answer.astype(float) - pair.right
    for name, value in pair.inputs.items():
        # A stride of 1 would otherwise explain whatever is off by one.
        if pair.digits(value) < _TELLING or not _fits_into(value, pair.right):
            continue
        whole = np.broadcast_to(value, pair.right.shape)
        if pair.same(missing, -whole):
            yield f"Your answer is the right one minus {name}.", pair.evidence
        elif pair.same(missing, whole):
            yield f"Your answer is the right one plus {name}.", pair.evidence


def _fits_into(value: Numbers, right: Numbers) -> bool:
    try:
        return np.broadcast_shapes(value.shape, right.shape) == right.shape
    except ValueError:
        return False


def off_by_a_constant(pair: Pair) -> Iterator[Found]:
    """The same number too large or too small everywhere."""
    if not pair.has_one_shape or not pair.right.size:
        return
    mine, right = pair.answer.astype(float), pair.right.astype(float)
    constant = float((mine - right).flat[0])
    if constant and np.isfinite(constant) and pair.same(mine, right + constant):
        size = "large" if constant > 0 else "small"
        yield f"Your answer is {abs(constant):.4g} too {size} everywhere.", _but_one(pair)


def unchanged(pair: Pair) -> Iterator[Found]:
    """An input, as it was given."""
    for name, value in pair.inputs.items():
        if value.ndim and pair.same(pair.answer, value):
            yield f"Your answer is {name}, unchanged.", pair.digits(value)


def powers(pair: Pair) -> Iterator[Found]:
    """The square, the root, one over it."""
    if not pair.has_one_shape:
        return
    mine, right = pair.answer.astype(float), pair.right.astype(float)
    with np.errstate(all="ignore"):
        said = {
            "Your answer is the square of the right one.": right**2,
            "Your answer is the square root of the right one.": np.sqrt(right),
            "Your answer is 1 over the right one.": 1 / right,
            "Your answer is the logarithm of the right one.": np.log(right),
            "Your answer is the exponential of the right one.": np.exp(right),
        }
    for sentence, other in said.items():
        if np.isfinite(other).all() and pair.same(mine, other):
            yield sentence, pair.evidence
