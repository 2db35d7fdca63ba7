"""The numbers that the source material of the course states, one by one.

The letters are those of `docs/syllabus.md`: A EPFL CS-233 exercise 9, B UW CSE 493G section 3,
C NYU DS-GA 1008 homework 2, D Berkeley Data C182 discussion 4, E Georgia Tech CS 7643.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import convkit

A = np.array([[4, 5, 2, 2, 1], [3, 3, 2, 2, 4], [4, 3, 4, 1, 1], [5, 1, 4, 1, 2], [5, 1, 3, 1, 4]])
B = np.array([[4, 3, 3], [5, 5, 5], [2, 4, 3]])
C = np.array([[109, 92, 72], [108, 85, 74], [110, 74, 79]])

I = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [-1, 0, 1, 2], [0, -2, 4, 0]])  # noqa: E741
F = np.array([[1, -1], [0, 2]])

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
PATCH = np.array([[200, 150, 150], [100, 50, 100], [25, 25, 10]])


@pytest.mark.parametrize(
    ("row", "got", "stated"),
    [
        ("B1b stride 1", convkit.conv_output_shape((32, 32, 3), 5, 1), (28, 28, 1)),
        ("B1b stride 3", convkit.conv_output_shape((32, 32, 3), 5, 1, 3, exact=True), (10, 10, 1)),
        ("B1b padded", convkit.conv_output_shape((32, 32, 3), 5, 1, 3, 3, exact=True), (12, 12, 1)),
        ("B1c", convkit.conv_output_shape((227, 227, 3), 11, 96, 4, exact=True), (55, 55, 96)),
        ("B1e", convkit.conv_parameters(11, 3, 96), 34_944),
        ("B1f", convkit.conv_parameters(3, 5, 25), 1_150),
        ("B1g", convkit.conv_output_shape((55, 55, 96), 3, 96, 2, exact=True), (27, 27, 96)),
        ("C1a", convkit.conv_output_shape((5, 5, 1), 3, 1), (3, 3, 1)),
        ("D1(i)", convkit.conv_output_shape((32, 32, 3), 5, 1), (28, 28, 1)),
        ("D1(ii)", convkit.conv_output_shape((32, 32, 3), 5, 1, padding=2), (32, 32, 1)),
        ("D1(iii)", convkit.conv_output_shape((32, 32, 3), 5, 10, padding=2), (32, 32, 10)),
        ("D1(iii) parameters", convkit.conv_parameters(5, 3, 10, bias=False), 750),
        ("D1(iii) with bias", convkit.conv_parameters(5, 3, 10), 760),
        ("D1(iv)", convkit.conv_output_shape((32, 32, 3), 1, 7), (32, 32, 7)),
        ("E8", convkit.conv_parameters(3, 3, 4), 112),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_sizes_and_counts(row, got, stated):
    assert got == stated


@pytest.mark.parametrize("padding", [0, 3])
def test_b1b_stride_2_is_invalid(padding):
    assert convkit.conv_output_size(32, 5, 2, padding) > 0
    with pytest.raises(ValueError, match="stride 2 does not fit"):
        convkit.conv_output_size(32, 5, 2, padding, exact=True)


def test_e7_stride_3_on_5_by_5_skips_pixels():
    with pytest.raises(ValueError, match="stride 3 does not fit"):
        convkit.conv_output_shape((5, 5, 1), 3, 1, stride=3, exact=True)


def test_alexnet_needs_227_or_a_padding_of_2():
    assert convkit.conv_output_size(224, 11, 4) == 54
    assert convkit.conv_output_size(227, 11, 4) == 55
    assert convkit.conv_output_size(224, 11, 4, padding=2) == 55


def test_a2_ratio_of_multiplications():
    conv = convkit.conv_multiplications((20, 30, 3), (4, 5), 7)
    height, width, maps = convkit.conv_output_shape((20, 30, 3), (4, 5), 7)
    assert conv == 7 * height * width * 4 * 5 * 3
    full = convkit.linear_multiplications(20 * 30 * 3, maps * height * width)
    assert conv / full == pytest.approx(4 * 5 / (20 * 30))


def test_c1c_correlation():
    assert_array_equal(convkit.correlate2d(A, B), C)


def test_c1d_gradient_of_ones():
    stated = [
        [4, 7, 10, 6, 3],
        [9, 17, 25, 16, 8],
        [11, 23, 34, 23, 11],
        [7, 16, 24, 17, 8],
        [2, 6, 9, 7, 3],
    ]
    ones = np.ones((1, 3, 3, 1))
    dx, _, _ = convkit.conv2d_backward(ones, A[None, :, :, None], B[:, :, None, None])
    assert_array_equal(dx[0, :, :, 0], stated)
    assert_array_equal(convkit.convolve2d(np.ones((3, 3)), B), stated)
    matrix = convkit.conv_matrix2d(B, (5, 5))
    assert_array_equal((matrix.T @ np.ones(9)).reshape(5, 5), stated)


def test_c2c_max_pool():
    pooled = convkit.max_pool2d(C[None, :, :, None].astype(float), 2, stride=1)
    assert_array_equal(pooled[0, :, :, 0], [[109, 92], [110, 85]])


def test_b2_worked_by_hand():
    assert_array_equal(convkit.correlate2d(I, F), [[5, 3, 1], [1, 3, 5], [-5, 7, -1]])
    assert_array_equal(
        convkit.correlate2d(I, F, stride=2, padding=1), [[2, 6, 0], [-6, 3, 1], [0, -6, 0]]
    )
    image = I[None, :, :, None].astype(float)
    pooled = convkit.max_pool2d(image, 3, stride=3, padding=1)
    assert_array_equal(pooled[0, :, :, 0], [[4, 4], [0, 4]])
    assert_array_equal(convkit.max_pool2d(-5 - image**2, 3, stride=3, padding=1) < 0, True)


def test_e5_patch():
    rotated = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    assert_array_equal(SOBEL[::-1, ::-1], rotated)
    assert convkit.correlate2d(PATCH, rotated).item() == 65
    assert convkit.convolve2d(PATCH, SOBEL, mode="valid").item() == 65


def test_e3_convolution_is_correlation_with_the_turned_kernel():
    kernel = np.arange(1, 10).reshape(3, 3)
    turned = [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    impulse = np.zeros((3, 3))
    impulse[1, 1] = 1
    assert_array_equal(convkit.correlate2d(impulse, kernel, padding=1), turned)
    assert_array_equal(convkit.convolve2d(impulse, kernel, mode="same"), kernel)


def test_d2_correlation_as_a_4_by_6_matrix():
    w, x = np.array([2, 3, 5]), np.array([7, 11, 13, 17])
    matrix = convkit.toeplitz_matrix(w, 6)
    stated = [[2, 3, 5, 0, 0, 0], [0, 2, 3, 5, 0, 0], [0, 0, 2, 3, 5, 0], [0, 0, 0, 2, 3, 5]]
    assert_array_equal(matrix, stated)
    assert_array_equal(matrix @ np.pad(x, 1), convkit.correlate1d(x, w, padding=1))
    assert_array_equal(convkit.toeplitz_matrix(w, 4, padding=1), np.array(stated)[:, 1:-1])


def test_d3_one_dimensional_gradients():
    x, w, d = np.array([1.5, -2, 3, 0.5]), np.array([2, -1, 4.0]), np.array([0.3, -0.7])
    dx, dw = convkit.correlate1d_backward(d, x, w)
    assert_allclose(
        dx, [w[0] * d[0], w[1] * d[0] + w[0] * d[1], w[2] * d[0] + w[1] * d[1], w[2] * d[1]]
    )
    assert_allclose(dw, [d[0] * x[i] + d[1] * x[i + 1] for i in range(3)])


def test_d0_length_is_n_minus_k_plus_1():
    assert len(convkit.correlate1d(np.ones(9), np.ones(4))) == 9 - 4 + 1


def test_a3_two_points_become_two_blobs():
    canvas = np.zeros((50, 50))
    canvas[20, 40] = canvas[40, 20] = 1
    line = np.exp(-(np.arange(-5.0, 6) ** 2) / (2 * 2.0**2))
    blobs = convkit.convolve2d(canvas, np.outer(line, line), mode="same")
    assert_allclose(blobs[[20, 40], [40, 20]], 1)
    assert_allclose(blobs[15:26, 35:46], np.outer(line, line))
    assert np.count_nonzero(blobs) == 2 * 11 * 11
