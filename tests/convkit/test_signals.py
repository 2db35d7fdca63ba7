"""Impulses, Gaussian kernels and blobs, against scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, signal

from convkit import blobs, gaussian_kernel, impulses


def test_impulses_stand_at_row_and_column() -> None:
    image = impulses((5, 8), [(4, 0), (0, 7), (2, 3)])
    assert image.shape == (5, 8)
    assert {tuple(place) for place in np.argwhere(image).tolist()} == {(4, 0), (0, 7), (2, 3)}
    assert image.sum() == 3


def test_a_point_that_is_given_twice_counts_twice() -> None:
    assert impulses((2, 2), np.array([[1, 0], [0, 1], [1, 0]])).tolist() == [[0, 1], [2, 0]]


def test_no_points_give_a_black_image() -> None:
    assert not impulses(3, []).any()
    assert not blobs((3, 4), [], size=5, std=1).any()


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (4, 7), (6, 2)])
@pytest.mark.parametrize("std", [0.3, 2, 50.0])
def test_kernel_against_scipy(size: tuple[int, int], std: float) -> None:
    column, row = (signal.windows.gaussian(n, std) for n in size)
    np.testing.assert_allclose(gaussian_kernel(size, std), np.outer(column, row), rtol=1e-13)


def test_kernel_has_peak_one_and_is_symmetric() -> None:
    kernel = gaussian_kernel(7, 1.5)
    assert kernel.shape == (7, 7)
    assert kernel[3, 3] == kernel.max() == 1
    np.testing.assert_array_equal(kernel, kernel[::-1, ::-1])
    np.testing.assert_array_equal(kernel, kernel.T)
    assert gaussian_kernel(4, 1.5)[1:3, 1:3].ravel() == pytest.approx(np.exp(-0.25 / 1.5**2))


@given(
    shape=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    size=st.tuples(st.integers(1, 14), st.integers(1, 14)),
    std=st.floats(0.2, 5),
    places=st.lists(st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)), max_size=4),
)
def test_blobs_against_a_full_convolution(
    shape: tuple[int, int],
    size: tuple[int, int],
    std: float,
    places: list[tuple[float, float]],
) -> None:
    points = [(int(r * shape[0]), int(c * shape[1])) for r, c in places]
    full = signal.convolve2d(impulses(shape, points), gaussian_kernel(size, std), mode="full")
    top, left = ((k - 1) // 2 for k in size)
    wanted = full[top : top + shape[0], left : left + shape[1]]
    np.testing.assert_allclose(blobs(shape, points, size, std), wanted, rtol=1e-12, atol=1e-14)


def test_the_two_blobs_of_the_course() -> None:
    points = [(20, 40), (40, 20)]
    image = blobs((50, 50), points, size=31, std=4)
    by_fft = signal.fftconvolve(impulses((50, 50), points), gaussian_kernel(31, 4), mode="same")
    np.testing.assert_allclose(image, by_fft, atol=1e-13)
    peaks = np.argwhere(ndimage.maximum_filter(image, 9) == image)
    assert [tuple(peak) for peak in peaks.tolist() if image[tuple(peak)] > 0.5] == points
    assert image[20, 40] == pytest.approx(1, abs=1e-3)


def test_an_even_blob_reaches_one_further_down_and_right() -> None:
    lit = np.argwhere(blobs((9, 9), [(4, 4)], size=(4, 2), std=3))
    assert lit.min(axis=0).tolist() == [3, 4]
    assert lit.max(axis=0).tolist() == [6, 5]


@pytest.mark.parametrize("point", [(-1, 0), (0, -1), (3, 0), (0, 4)])
def test_points_outside(point: tuple[int, int]) -> None:
    with pytest.raises(
        IndexError, match=r"outside the image: rows go from 0 to 2, columns .* to 3"
    ):
        impulses((3, 4), [(0, 0), point])
    with pytest.raises(IndexError, match="outside the image"):
        blobs((3, 4), [point], 3, 1)


@pytest.mark.parametrize(
    ("function", "arguments", "error", "message"),
    [
        (impulses, ((3, 4), [(1.0, 2)]), TypeError, r"points\[0\]\[0\] must be an integer"),
        (impulses, ((3, 4), [(1, 2), (1, 2, 3)]), ValueError, r"points\[1\] must be"),
        (impulses, ((3, 4), (1, 2)), ValueError, r"points\[0\] must be a pair"),
        (impulses, ((3, 0), []), ValueError, r"shape\[1\] must be at least 1"),
        (gaussian_kernel, (0, 1), ValueError, "size must be at least 1"),
        (gaussian_kernel, (3.0, 1), TypeError, "size must be an integer"),
        (gaussian_kernel, (3, 0), ValueError, "std must be positive"),
        (gaussian_kernel, (3, np.nan), ValueError, "std must be positive"),
        (gaussian_kernel, (3, "1"), TypeError, "std must be a number"),
    ],
)
def test_what_is_refused(
    function: Any, arguments: tuple, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        function(*arguments)
