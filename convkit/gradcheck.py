"""Numerical gradients, and their comparison with those worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import FloatArray, as_float_array, check_shape

Function = Callable[[FloatArray], ArrayLike]


def numerical_gradient(
    f: Function, x: ArrayLike, upstream: ArrayLike | None = None, *, step: float | None = None
) -> FloatArray:
    """Return the gradient of a function by central differences.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns a number, or an array if `upstream` is
        given. It is called twice for each entry of `x`.
    x : array_like of floats
        Where. It is not changed.
    upstream : array_like of the shape of ``f(x)``, optional
        Gradient of the loss with respect to ``f(x)``. The result is then that of the loss.
    step : float, optional
        How far each entry is moved, up and down. By default the cube root of the machine
        precision, times the entry where that is larger than 1: there, the error of the formula
        and the error of rounding balance.

    Returns
    -------
    ndarray of the shape of `x`
        ``(f(x + step) - f(x - step)) / (2 * step)`` for each entry.

    Raises
    ------
    TypeError
        If `x` holds integers, which a small step would not move.
    ValueError
        If ``f(x)`` holds more than one number and `upstream` is not given.

    Examples
    --------
    >>> numerical_gradient(lambda x: np.sum(x**2), [1.0, 2.0, 3.0]).round(6)
    array([2., 4., 6.])
    >>> numerical_gradient(lambda x: x**2, [1.0, 2.0, 3.0], upstream=[1, 0, -1]).round(6)
    array([ 2.,  0., -6.])
    """
    x = _as_floats(x)
    if step is not None and not step > 0:
        raise ValueError(f"step must be positive, not {step}")
    weights = None if upstream is None else as_float_array(upstream, "upstream")
    moved = x.copy()
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        h = step or np.cbrt(np.finfo(x.dtype).eps) * max(1.0, abs(float(x[place])))
        moved[place] = x[place] + h
        above, high = _loss(f, moved, weights), moved[place]
        moved[place] = x[place] - h
        below, low = _loss(f, moved, weights), moved[place]
        # Rounding may have changed the step: divide by the one that was made.
        gradient[place] = (above - below) / (float(high) - float(low))
        moved[place] = x[place]
    return gradient


@dataclass(frozen=True)
class GradientCheck:
    """What the comparison of a gradient with central differences found.

    Parameters
    ----------
    error : float
        Largest relative error; infinite where a gradient is NaN or infinite.
    index : tuple of int
        Where it is.
    given, numerical : float
        The two gradients there.
    tolerance : float
        Largest error that is taken for rounding.

    Examples
    --------
    >>> import numpy as np
    >>> from convkit import check_gradient
    >>> check_gradient(lambda x: np.sum(x**2), np.array([1.0, 2.0]), np.array([2.0, 4.0])).agrees
    True
    """

    error: float
    index: tuple[int, ...]
    given: float
    numerical: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether the largest error is within the tolerance."""
        return self.error <= self.tolerance

    def __str__(self) -> str:
        if self.agrees:
            return (
                f"The gradients agree: the largest relative error is {self.error:.1e} "
                f"(at most {self.tolerance:.0e} is taken for rounding)."
            )
        return (
            f"The gradients differ, most of all at index {self.index}: given {self.given:.6g}, "
            f"by central differences {self.numerical:.6g} (relative error {self.error:.1e})."
        )


def check_gradient(
    f: Function,
    x: ArrayLike,
    gradient: ArrayLike,
    upstream: ArrayLike | None = None,
    *,
    tolerance: float | None = None,
    step: float | None = None,
) -> GradientCheck:
    """Compare a gradient with central differences.

    Parameters
    ----------
    f : callable
        As in `numerical_gradient`.
    x : array_like of floats
        Where.
    gradient : array_like of the shape of `x`
        The gradient to check.
    upstream : array_like of the shape of ``f(x)``, optional
        As in `numerical_gradient`.
    tolerance : float, optional
        Largest relative error that is taken for rounding; by default the cube root of the machine
        precision (6e-6 for float64).
    step : float, optional
        As in `numerical_gradient`.

    Returns
    -------
    GradientCheck
        The largest error and where it is; ``print`` it, or ask ``.agrees``.

    Raises
    ------
    TypeError
        If `x` holds integers.
    ValueError
        If `gradient` has another shape than `x`.

    Notes
    -----
    The error of an entry is divided by the larger of its two gradients, but by no less than the
    root mean square of the whole numerical gradient: an entry that should be zero is compared with
    its neighbours, not with itself.

    A function with corners (max pooling, the absolute value) agrees only where no step crosses
    one.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> print(check_gradient(lambda x: np.sum(x**2), x, [2, 5, 6]))
    The gradients differ, most of all at index (1,): given 5, by central differences 4 (relative
    error 2.0e-01).
    """
    x = _as_floats(x)
    given = as_float_array(gradient, "gradient")
    check_shape(given, "gradient", x.shape, f"x of shape {x.shape}")
    if tolerance is None:
        tolerance = float(np.cbrt(np.finfo(x.dtype).eps))
    if x.size == 0:
        return GradientCheck(0.0, (), 0.0, 0.0, tolerance)
    numerical = numerical_gradient(f, x, upstream, step=step)
    errors = _relative_errors(given.astype(np.float64), numerical.astype(np.float64))
    index = tuple(int(i) for i in np.unravel_index(np.argmax(errors), x.shape))
    return GradientCheck(
        float(errors[index]), index, float(given[index]), float(numerical[index]), tolerance
    )


def _relative_errors(given: FloatArray, numerical: FloatArray) -> FloatArray:
    finite = np.isfinite(given) & np.isfinite(numerical)
    a, b = np.where(finite, given, 0), np.where(finite, numerical, 0)
    typical = np.sqrt(np.mean(b**2))
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), typical)
    return np.where(finite, np.abs(a - b) / np.where(scale == 0, 1, scale), np.inf)


def _loss(f: Function, x: FloatArray, weights: FloatArray | None) -> float:
    y = as_float_array(f(x), "f(x)")
    if weights is None:
        if y.size != 1:
            raise ValueError(
                f"f(x) has shape {y.shape}: give an upstream gradient of that shape, "
                "or let f return one number"
            )
        return float(y.item())
    check_shape(weights, "upstream", y.shape, f"f(x) of shape {y.shape}")
    return float(np.sum(weights * y, dtype=np.float64))


def _as_floats(x: ArrayLike) -> FloatArray:
    array = np.asarray(x)
    if array.dtype.kind in "biu":
        raise TypeError(
            f"x holds {array.dtype}, which a small step would not move; use x.astype(float)"
        )
    return as_float_array(array, "x")
