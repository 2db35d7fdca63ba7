"""Numerical gradients of functions whose derivatives are known, and the comparison."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from convkit import check_gradient, numerical_gradient

X = np.random.default_rng(0).normal(size=(3, 4))


def only_one_entry(x: np.ndarray) -> np.ndarray:
    gradient = np.zeros_like(x)
    gradient[1, 2] = 3 * x[1, 2] ** 2
    return gradient


@pytest.mark.parametrize(
    ("f", "derivative"),
    [
        (lambda x: np.sum(x**2), lambda x: 2 * x),
        (lambda x: np.sum(np.exp(x)), np.exp),
        (lambda x: np.array([[np.sum(np.sin(x))]]), np.cos),
        (lambda x: float(x[1, 2]) ** 3, only_one_entry),
    ],
)
@pytest.mark.parametrize("scale", [1e-3, 1.0, 5.0])
def test_known_derivatives(f: Callable, derivative: Callable, scale: float) -> None:
    x = X * scale
    np.testing.assert_allclose(numerical_gradient(f, x), derivative(x), rtol=1e-6, atol=1e-6)


def test_against_scipy() -> None:
    def f(x: np.ndarray) -> float:
        return float(np.sum(np.sin(x[:-1] * x[1:])))

    x = X.ravel()
    np.testing.assert_allclose(numerical_gradient(f, x), approx_fprime(x, f), atol=1e-6)


def test_upstream_gradient_weighs_the_outputs() -> None:
    matrix, upstream = np.random.default_rng(1).normal(size=(5, 4)), np.arange(15.0).reshape(3, 5)
    found = numerical_gradient(lambda x: x @ matrix.T, X, upstream)
    np.testing.assert_allclose(found, upstream @ matrix, rtol=1e-8)


def test_large_entries_get_large_steps() -> None:
    found = numerical_gradient(lambda x: np.sum(x**2), [1e8])
    np.testing.assert_allclose(found, [2e8], rtol=1e-9)


def test_a_given_step_is_taken() -> None:
    seen: list[float] = []
    numerical_gradient(lambda x: seen.append(x.item()) or 0.0, [1.0], step=0.25)  # type: ignore[func-returns-value]
    assert seen == [1.25, 0.75]


def test_the_step_that_rounding_leaves_is_the_divisor() -> None:
    """Between 1000 and 1001, float32 has steps of 6e-5."""
    x = np.array([1000.03], np.float32)
    found = numerical_gradient(lambda x: x.sum(dtype=np.float64), x, step=1e-3)
    assert found.tolist() == [1.0]


@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_single_numbers_and_nothing(shape: tuple[int, ...]) -> None:
    x = np.full(shape, 3.0)
    found = numerical_gradient(lambda x: np.sum(x**2), x)
    assert found.shape == shape
    np.testing.assert_allclose(found, 2 * x)
    assert check_gradient(lambda x: np.sum(x**2), x, 2 * x).agrees


def test_the_point_is_not_moved() -> None:
    x = X.copy()
    x.flags.writeable = False
    numerical_gradient(lambda moved: np.sum(moved), x)
    np.testing.assert_array_equal(x, X)


def test_a_function_that_returns_its_argument() -> None:
    np.testing.assert_allclose(numerical_gradient(lambda x: x, X, np.ones_like(X)), 1)


def test_float32_stays_float32() -> None:
    x = X.astype(np.float32)
    found = numerical_gradient(lambda x: np.sum(x**2), x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, 2 * x, rtol=1e-3, atol=1e-3)
    assert check_gradient(lambda x: np.sum(x**2), x, 2 * x).agrees
    assert not check_gradient(lambda x: np.sum(x**2), x, 2.1 * x).agrees


def test_integers_are_refused_with_the_way_out() -> None:
    for x in (np.arange(3), [1, 2], np.array(True)):
        with pytest.raises(TypeError, match=r"would not move; use x.astype\(float\)"):
            numerical_gradient(np.sum, x)
        with pytest.raises(TypeError, match="would not move"):
            check_gradient(np.sum, x, np.ones(np.shape(x)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: numerical_gradient(lambda x: x, X),
            r"f\(x\) has shape \(3, 4\): give an upstream",
        ),
        (lambda: numerical_gradient(np.sum, X, X), r"upstream has shape \(3, 4\).*\(\)"),
        (lambda: numerical_gradient(np.sum, X, step=0.0), "step must be positive"),
        (lambda: check_gradient(np.sum, X, X[0]), r"gradient has shape \(4,\)"),
    ],
)
def test_what_is_refused(call: Callable, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@given(
    place=st.tuples(st.integers(0, 2), st.integers(0, 3)),
    by=st.sampled_from([-3.0, 1e-3, 1e-4]),
)
def test_one_wrong_entry_is_found(place: tuple[int, int], by: float) -> None:
    wrong = 2 * X
    wrong[place] += by
    found = check_gradient(lambda x: np.sum(x**2), X, wrong)
    assert not found.agrees
    assert found.index == place
    assert found.given == wrong[place]
    assert found.numerical == pytest.approx(2 * X[place], rel=1e-6)
    assert f"differ, most of all at index {place}" in str(found)


def test_agreement() -> None:
    found = check_gradient(lambda x: np.sum(np.tanh(x)), X, 1 / np.cosh(X) ** 2)
    assert found.agrees
    assert found.error < 1e-8
    assert "The gradients agree" in str(found)
    strict = check_gradient(lambda x: np.sum(np.tanh(x)), X, 1 / np.cosh(X) ** 2, tolerance=1e-16)
    assert not strict.agrees
    assert check_gradient(lambda x: x**2, X, 2 * X * X, upstream=X).agrees


def test_zeros_are_compared_with_their_neighbours() -> None:
    """Of a gradient (1000, 0), central differences of rounding size at the zero are no error."""
    x = np.array([1.0, 1.0])

    def f(x: np.ndarray) -> float:
        return 1000 * x[0] + 1e-7 * x[1]

    found = check_gradient(f, x, [1000, 0])
    assert found.agrees
    assert check_gradient(lambda x: 0.0, x, [0, 0]).error == 0
    assert check_gradient(lambda x: 0.0, x, [0, 1e-3]).error == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_never_agree(bad: float) -> None:
    wrong = 2 * X
    wrong[2, 1] = bad
    found = check_gradient(lambda x: np.sum(x**2), X, wrong)
    assert (found.agrees, found.error, found.index) == (False, np.inf, (2, 1))
