"""Convolution as a matrix: against scipy's Toeplitz matrices, and against the layer itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layer_strategies import layers
from numpy.testing import assert_allclose, assert_array_equal
from scipy import linalg, sparse

import convkit


@given(
    st.integers(1, 12),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(0, 3) | st.just("same"),
    st.booleans(),
)
def test_toeplitz_times_signal_is_correlation(n, k, stride, padding, as_sparse):
    stride = 1 if padding == "same" else stride
    if padding != "same" and k > n + 2 * padding:
        return
    rng = np.random.default_rng(n * k)
    x, w = rng.standard_normal(n), rng.standard_normal(k)
    matrix = convkit.toeplitz_matrix(w, n, stride, padding, sparse=as_sparse)
    assert_allclose(matrix @ x, convkit.correlate1d(x, w, stride, padding), atol=1e-12)
    upstream = rng.standard_normal(matrix.shape[0])
    dx, _ = convkit.correlate1d_backward(upstream, x, w, stride, padding)
    assert_allclose(matrix.T @ upstream, dx, atol=1e-12)


def test_toeplitz_is_scipys(rng):
    w = rng.standard_normal(4)
    first_column, first_row = np.r_[w[0], np.zeros(5)], np.r_[w, np.zeros(5)]
    assert_array_equal(convkit.toeplitz_matrix(w, 9), linalg.toeplitz(first_column, first_row))


@given(layers(modes=("zeros",), max_groups=1), st.booleans())
def test_matrix_times_image_is_correlation(layer, as_sparse):
    x, w = layer.draw()
    x, k = x[:1, :, :, :1], w[:, :, :1, :1]
    stride, padding = layer.geometry["stride"], layer.geometry["padding"]
    if any(a > n + 2 * p for a, n, p in zip(k.shape, x.shape[1:], padding, strict=False)):
        return
    matrix = convkit.conv_matrix2d(k[:, :, 0, 0], x.shape[1:3], stride, padding, sparse=as_sparse)
    y = convkit.conv2d_naive(x, k, stride=stride, padding=padding)
    assert_allclose(matrix @ x.ravel(), y.ravel(), atol=1e-12)
    upstream = np.random.default_rng(layer.seed).standard_normal(y.shape)
    dx, _, _ = convkit.conv2d_backward(upstream, x, k, stride=stride, padding=padding)
    assert_allclose(matrix.T @ upstream.ravel(), dx.ravel(), atol=1e-11)


def test_matrix_is_doubly_blocked(rng):
    k = rng.standard_normal((2, 3))
    blocks = convkit.conv_matrix2d(k, (4, 5)).reshape(3, 3, 4, 5).transpose(0, 2, 1, 3)
    for r, h in np.ndindex(3, 4):
        row = h - r
        expected = convkit.toeplitz_matrix(k[row], 5) if row in (0, 1) else np.zeros((3, 5))
        assert_array_equal(blocks[r, h], expected)


def test_sparse_matrix_holds_taps_only():
    matrix = convkit.conv_matrix2d(np.ones((3, 3)), (20, 30), padding=1, sparse=True)
    assert sparse.issparse(matrix)
    assert matrix.nnz == (3 * 20 - 2) * (3 * 30 - 2)
    assert convkit.toeplitz_matrix([1, 2], 5, sparse=True).nnz == 8


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_matrices_keep_the_dtype(dtype):
    k = np.ones((2, 2), dtype)
    assert convkit.conv_matrix2d(k, (3, 3)).dtype == dtype
    assert convkit.conv_matrix2d(k, (3, 3), sparse=True).dtype == dtype
    assert convkit.im2col(np.ones((1, 3, 3, 1), dtype), 2).dtype == dtype


@given(layers(modes=("zeros",), max_groups=1))
def test_im2col_makes_a_layer_one_product(layer):
    x, w = layer.draw()
    geometry = {k: layer.geometry[k] for k in ("stride", "padding", "dilation")}
    y = convkit.conv2d_naive(x, w, **geometry)
    columns = convkit.im2col(x, w.shape[:2], **geometry)
    assert_allclose(columns @ w.reshape(-1, w.shape[3]), y.reshape(-1, w.shape[3]), atol=1e-12)


@given(layers(modes=("zeros",), max_groups=1))
def test_col2im_is_the_transpose_of_im2col(layer):
    x, _ = layer.draw()
    geometry = {k: layer.geometry[k] for k in ("stride", "padding", "dilation")}
    columns = convkit.im2col(x, layer.w_shape[:2], **geometry)
    other = np.random.default_rng(layer.seed).standard_normal(columns.shape)
    back = convkit.col2im(other, x.shape, layer.w_shape[:2], **geometry)
    assert_allclose(np.sum(columns * other), np.sum(x * back), atol=1e-10)


def test_col2im_counts_the_windows_of_each_pixel():
    counts = convkit.col2im(np.ones((6, 4)), (1, 3, 4, 1), 2)[0, :, :, 0]
    assert_array_equal(counts, [[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]])
