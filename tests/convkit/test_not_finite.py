"""NaN and infinity reach the numbers that are computed from them, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_strategies import layers
from numpy.testing import assert_allclose

import convkit
from convkit import _strips


@given(
    layers(modes=("zeros",), max_groups=1),
    st.sampled_from([np.nan, np.inf, -np.inf]),
    st.sampled_from([(0, 0), (0, 1000), (50, 10**7)]),
    st.data(),
)
@settings(max_examples=150)
def test_what_is_not_finite_spreads_as_far_as_the_loops_say(layer, bad, start, data):
    """im2col and col2im compute with the windows as they are, and with no others."""
    x, w = layer.draw()
    geometry = {k: layer.geometry[k] for k in ("stride", "padding", "dilation")}
    size, filters = w.shape[:2], w.shape[3]
    y = convkit.conv2d(x, w, **geometry)
    dy = np.random.default_rng(layer.seed + 1).standard_normal(y.shape)

    def spoil(array):
        spoilt = array.copy()
        spoilt[data.draw(st.tuples(*(st.integers(0, n - 1) for n in array.shape)))] = bad
        return spoilt

    with np.errstate(invalid="ignore"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(_strips, "PRODUCT_START", start)
        spoilt = spoil(x)
        columns = convkit.im2col(spoilt, size, **geometry)
        expected = (columns @ w.reshape(-1, filters)).reshape(y.shape)
        assert_allclose(convkit.conv2d(spoilt, w, **geometry), expected, atol=1e-11)

        _, dw, _ = convkit.conv2d_backward(dy, spoilt, w, **geometry)
        expected = (columns.T[:, :, None] * dy.reshape(1, -1, filters)).sum(axis=1)
        assert_allclose(dw, expected.reshape(w.shape), atol=1e-10)

        for upstream, kernels in ((spoil(dy), w), (dy, spoil(w))):
            dx, _, _ = convkit.conv2d_backward(upstream, x, kernels, **geometry)
            shares = upstream.reshape(-1, 1, filters) * kernels.reshape(1, -1, filters)
            expected = convkit.col2im(shares.sum(axis=2), x.shape, size, **geometry)
            assert_allclose(dx, expected, atol=1e-10)


UNEVEN = [
    {"dilation": (2, 1)},
    {"dilation": (1, 2)},
    {"dilation": (3, 2)},
    {"stride": (2, 1)},
    {"stride": (1, 3)},
    {"padding": (1, 0)},
    {"padding": (0, 2)},
    {"stride": (3, 2), "dilation": (2, 1), "padding": (1, 2)},
    {"dilation": (2, 1), "groups": 2},
]


def spoilt_pairs(x: np.ndarray, w: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return `x` and `w` with a NaN and an infinity in the first, then in the second of them."""
    bad_x, bad_w = x.copy(), w.copy()
    bad_x[0, 1, 2, 0], bad_x[1, 0, 4, 1] = np.nan, np.inf
    bad_w[1, 0, 0, 1], bad_w[0, 2, 0, 0] = np.nan, -np.inf
    return [(bad_x, w), (x, bad_w)]


def painted(x, w, stride=(1, 1), padding=(0, 0), output_padding=(0, 0), dilation=(1, 1), groups=1):
    """Return what a transposed layer paints, as the sum over taps, pixels and channels."""
    (n, height, width, channels), (kh, kw, depth, _) = x.shape, w.shape
    size = [
        (length - 1) * s + d * (k - 1) + 1 + e
        for length, k, s, d, e in zip(
            (height, width), (kh, kw), stride, dilation, output_padding, strict=True
        )
    ]
    y = np.zeros((n, *size, depth * groups))
    for i, j, r, c, f in np.ndindex(kh, kw, height, width, channels):
        first = f // (channels // groups) * depth
        place = r * stride[0] + i * dilation[0], c * stride[1] + j * dilation[1]
        y[:, *place, first : first + depth] += x[:, r, c, f, None] * w[i, j, :, f]
    (top, left), (bottom, right) = padding, np.subtract(size, padding)
    return y[:, top:bottom, left:right]


@pytest.mark.parametrize("geometry", [*UNEVEN, {"stride": (3, 2), "output_padding": (1, 0)}])
def test_a_transposed_layer_spreads_what_is_not_finite_as_far_as_the_sum_says(geometry, rng):
    x, w = rng.standard_normal((2, 4, 7, 2)), rng.standard_normal((2, 3, 1, 2))
    with np.errstate(invalid="ignore"):
        for images, kernels in [(x, w), *spoilt_pairs(x, w)]:
            y = convkit.conv_transpose2d(images, kernels, **geometry)
            assert_allclose(y, painted(images, kernels, **geometry), atol=1e-12)


@pytest.mark.parametrize("geometry", UNEVEN)
def test_a_layer_spreads_what_is_not_finite_as_far_as_the_loops_say(geometry, rng):
    depth = 2 // geometry.get("groups", 1)
    x, w = rng.standard_normal((2, 6, 9, 2)), rng.standard_normal((2, 3, depth, 2))
    with np.errstate(invalid="ignore"):
        for images, kernels in spoilt_pairs(x, w):
            y = convkit.conv2d(images, kernels, **geometry)
            expected = convkit.conv2d_naive(images, kernels, **geometry)
            assert_allclose(y, expected, atol=1e-12)
