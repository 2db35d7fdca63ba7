"""Convolution against scipy, the plain loops and finite differences, and by its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layer_strategies import MODES, Layer, layers
from numpy.testing import assert_allclose
from scipy import ndimage, signal

import convkit
from convkit import _strips, conv

ALL = {
    "plain": {},
    "stride": {"stride": (2, 3)},
    "stride beyond the kernel": {"stride": (4, 5)},
    "padding": {"padding": (1, 2)},
    "dilation": {"dilation": (2, 3)},
    "all": {"stride": (2, 1), "padding": (2, 1), "dilation": (1, 2), "groups": 2},
    **{mode: {"padding": (2, 3), "padding_mode": mode, "stride": (1, 2)} for mode in MODES},
}


def inner(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sum(a * b))


# --- the layer -----------------------------------------------------------------------------------


def test_conv2d_is_a_sum_of_scipy_correlations(rng):
    x, w = rng.standard_normal((2, 8, 11, 3)), rng.standard_normal((3, 4, 3, 5))
    b = rng.standard_normal(5)
    expected = np.empty((2, 6, 8, 5))
    for n, f in np.ndindex(2, 5):
        maps = [signal.correlate2d(x[n, :, :, c], w[:, :, c, f], mode="valid") for c in range(3)]
        expected[n, :, :, f] = sum(maps) + b[f]
    assert_allclose(convkit.conv2d(x, w, b), expected, atol=1e-12)
    assert_allclose(convkit.conv2d(x, w, b, stride=(2, 3)), expected[:, ::2, ::3], atol=1e-12)


@pytest.mark.parametrize(
    ("mode", "of_scipy"), [("reflect", "mirror"), ("replicate", "nearest"), ("circular", "wrap")]
)
def test_padding_modes_are_those_of_ndimage(mode, of_scipy, rng):
    x, k = rng.standard_normal((7, 9)), rng.standard_normal((3, 5))
    ours = convkit.correlate2d(x, k, padding="same", padding_mode=mode)
    assert_allclose(ours, ndimage.correlate(x, k, mode=of_scipy), atol=1e-12)


@given(layers())
def test_fast_form_is_the_naive_form(layer):
    x, w, b = layer.draw((layer.w_shape[3],))
    assert_allclose(
        convkit.conv2d(x, w, b, **layer.geometry),
        convkit.conv2d_naive(x, w, b, **layer.geometry),
        atol=1e-11,
    )


@pytest.mark.parametrize("block_bytes", [1, 400, 3000, 20_000])
@pytest.mark.parametrize("filters", [1, 2, 20])
def test_blocks_of_any_size_give_the_same(block_bytes, filters, monkeypatch, rng):
    x, w = rng.standard_normal((3, 9, 13, 2)), rng.standard_normal((3, 2, 2, filters))
    geometry = {"stride": (1, 2), "padding": (1, 0)}
    dy = rng.standard_normal(convkit.conv2d(x, w, **geometry).shape)
    whole = [convkit.conv2d(x, w, **geometry), *convkit.conv2d_backward(dy, x, w, **geometry)]
    monkeypatch.setattr(_strips, "BLOCK_BYTES", block_bytes)
    monkeypatch.setattr(conv, "PADDED_BYTES", block_bytes)
    blocks = [convkit.conv2d(x, w, **geometry), *convkit.conv2d_backward(dy, x, w, **geometry)]
    for one, other in zip(whole, blocks, strict=True):
        assert_allclose(one, other, atol=1e-12)


@given(layers(), st.floats(-3, 3))
def test_linear_in_images_and_in_kernels(layer, factor):
    x, w, u, v = layer.draw(layer.x_shape, layer.w_shape)

    def conv(images, kernels):
        return convkit.conv2d(images, kernels, **layer.geometry)

    assert_allclose(conv(x + factor * u, w), conv(x, w) + factor * conv(u, w), atol=1e-10)
    assert_allclose(conv(x, w + factor * v), conv(x, w) + factor * conv(x, v), atol=1e-10)


@given(layers())
def test_gradients_are_the_transposed_maps(layer):
    """<conv(u, w), dy> = <u, dx> and <conv(x, v), dy> = <v, dw> for all u and v."""
    x, w, u, v = layer.draw(layer.x_shape, layer.w_shape)
    y = convkit.conv2d(u, w, **layer.geometry)
    dy = np.random.default_rng(layer.seed + 1).standard_normal(y.shape)
    dx, dw, db = convkit.conv2d_backward(dy, x, w, **layer.geometry)
    assert dx.shape == x.shape
    assert dw.shape == w.shape
    assert_allclose(inner(y, dy), inner(u, dx), atol=1e-9)
    assert_allclose(inner(convkit.conv2d(x, v, **layer.geometry), dy), inner(v, dw), atol=1e-9)
    assert_allclose(db, dy.sum(axis=(0, 1, 2)), atol=1e-10)


@pytest.mark.parametrize("geometry", ALL.values(), ids=ALL)
def test_gradients_are_the_finite_differences(geometry, rng):
    groups = geometry.get("groups", 1)
    arrays = [
        rng.standard_normal((2, 7, 8, 2)),
        rng.standard_normal((3, 2, 2 // groups, 4)),
        rng.standard_normal(4),
    ]
    dy = rng.standard_normal(convkit.conv2d(*arrays, **geometry).shape)
    gradients = convkit.conv2d_backward(dy, *arrays[:2], **geometry)
    for array, gradient in zip(arrays, gradients, strict=True):
        numerical = np.empty_like(array)
        for place in np.ndindex(array.shape):
            kept, losses = array[place], []
            for step in (1e-4, -1e-4):
                array[place] = kept + step
                losses.append(inner(convkit.conv2d(*arrays, **geometry), dy))
            array[place] = kept
            numerical[place] = (losses[0] - losses[1]) / 2e-4
        assert_allclose(gradient, numerical, atol=1e-8)


@given(layers(modes=("zeros",)))
def test_transposed_convolution_is_the_transpose(layer):
    """<conv(x), y> = <x, conv_transpose(y)>."""
    x, w = layer.draw()
    y = convkit.conv2d(x, w, **layer.geometry)
    given_back = {k: v for k, v in layer.geometry.items() if k != "padding_mode"}
    u = np.random.default_rng(layer.seed + 1).standard_normal(y.shape)
    # The rows and columns at the end that no window reached.
    left_over = tuple(
        (n + 2 * p - d * (k - 1) - 1) % s
        for n, k, p, s, d in zip(
            layer.x_shape[1:3],
            layer.w_shape[:2],
            given_back["padding"],
            given_back["stride"],
            given_back["dilation"],
            strict=True,
        )
    )
    back = convkit.conv_transpose2d(u, w, output_padding=left_over, **given_back)
    assert back.shape == x.shape
    assert_allclose(inner(y, u), inner(x, back), atol=1e-9)


def test_stride_1_input_gradient_is_a_full_convolution(rng):
    x, k, dy = (rng.standard_normal(shape) for shape in ((6, 9), (3, 2), (4, 8)))
    arrays = (dy[None, :, :, None], x[None, :, :, None], k[:, :, None, None])
    dx, dk, _ = convkit.conv2d_backward(*arrays)
    assert_allclose(dx[0, :, :, 0], signal.convolve2d(dy, k), atol=1e-12)
    assert_allclose(dk[:, :, 0, 0], signal.correlate2d(x, dy, mode="valid"), atol=1e-12)


def test_a_kernel_as_large_as_the_image_is_a_linear_layer(rng):
    x, w = rng.standard_normal((3, 5, 4, 2)), rng.standard_normal((5, 4, 2, 7))
    assert_allclose(convkit.conv2d(x, w)[:, 0, 0], x.reshape(3, -1) @ w.reshape(-1, 7), atol=1e-12)


def test_a_1_by_1_kernel_mixes_channels(rng):
    x, w = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((1, 1, 5, 6))
    assert_allclose(convkit.conv2d(x, w), x @ w[0, 0], atol=1e-12)


def test_float32_is_as_exact_as_float32_can_be(rng):
    x, w = rng.standard_normal((2, 20, 30, 16)), rng.standard_normal((3, 3, 16, 8))
    small = convkit.conv2d(x.astype("f4"), w.astype("f4"), padding=1)
    assert_allclose(small, convkit.conv2d(x, w, padding=1), atol=1e-4)


# --- padding -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 2), (3, 4, 6, 2)])
def test_pad2d_is_numpys(mode, shape, rng):
    x = rng.standard_normal(shape)
    names = {"zeros": "constant", "replicate": "edge", "circular": "wrap"}
    widths = [(0, 0)] * (len(shape) == 4) + [(3, 3), (2, 2)] + [(0, 0)] * (len(shape) > 2)
    expected = np.pad(x, widths, mode=names.get(mode, mode))
    np.testing.assert_array_equal(convkit.pad2d(x, (3, 2), mode), expected)


@pytest.mark.parametrize("mode", MODES)
def test_pad2d_gives_a_new_array(mode):
    x = np.ones((2, 2))
    convkit.pad2d(x, 0, mode)[:] = 7
    assert x.sum() == 4


# --- signals and single channels -----------------------------------------------------------------

lines = st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(0, 2**32 - 1))


def draw_lines(n: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(n), rng.standard_normal(k)


@given(lines, st.integers(1, 3), st.integers(0, 5))
def test_correlate1d_is_scipys(line, stride, padding):
    x, w = draw_lines(*line)
    if len(w) > len(x) + 2 * padding:
        return
    expected = signal.correlate(np.pad(x, padding), w, mode="valid")[::stride]
    assert_allclose(convkit.correlate1d(x, w, stride, padding), expected, atol=1e-12)


@given(lines, st.integers(1, 3), st.integers(0, 5))
def test_correlate1d_backward_is_the_transpose(line, stride, padding):
    x, w = draw_lines(*line)
    if len(w) > len(x) + 2 * padding:
        return
    y = convkit.correlate1d(x, w, stride, padding)
    dy = np.random.default_rng(line[2] + 1).standard_normal(y.shape)
    dx, dw = convkit.correlate1d_backward(dy, x, w, stride, padding)
    assert_allclose([inner(x, dx), inner(w, dw)], [inner(y, dy)] * 2, atol=1e-11)
    for i in range(len(x)):
        bump = np.eye(len(x))[i]
        assert_allclose(dx[i], inner(convkit.correlate1d(bump, w, stride, padding), dy), atol=1e-11)
    for i in range(len(w)):
        bump = np.eye(len(w))[i]
        assert_allclose(dw[i], inner(convkit.correlate1d(x, bump, stride, padding), dy), atol=1e-11)


@given(lines, st.sampled_from(["full", "same", "valid"]))
def test_convolve1d_is_scipys(line, mode):
    x, w = draw_lines(*line)
    if mode == "valid" and len(w) > len(x):
        return
    expected = signal.convolve(x, w, mode=mode, method="direct")
    assert_allclose(convkit.convolve1d(x, w, mode), expected, atol=1e-12)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("size", [(3, 3), (2, 4), (1, 5), (6, 7)])
def test_convolve2d_is_scipys(mode, size, rng):
    x, k = rng.standard_normal((6, 9)), rng.standard_normal(size)
    expected = signal.convolve2d(x, k, mode=mode)
    assert_allclose(convkit.convolve2d(x, k, mode), expected, atol=1e-12)


@given(st.tuples(*[st.integers(1, 5)] * 6), st.integers(0, 2**32 - 1))
def test_full_convolution_commutes_and_associates(sizes, seed):
    rng = np.random.default_rng(seed)
    f, g, image = (rng.standard_normal(sizes[i : i + 2]) for i in (0, 2, 4))
    conv = convkit.convolve2d
    assert_allclose(conv(f, g), conv(g, f), atol=1e-11)
    assert_allclose(conv(f, conv(g, image)), conv(conv(f, g), image), atol=1e-11)
    line, taps, more = f.ravel(), g.ravel(), image.ravel()
    conv = convkit.convolve1d
    assert_allclose(conv(line, taps), conv(taps, line), atol=1e-11)
    assert_allclose(conv(line, conv(taps, more)), conv(conv(line, taps), more), atol=1e-11)


def test_correlation_does_not_commute():
    x, w = [1.0, 2.0, 3.0], [1.0, 0.0, 0.0]
    assert convkit.correlate1d(x, w, padding=2).tolist() == [0, 0, 1, 2, 3]
    assert convkit.correlate1d(w, x, padding=2).tolist() == [3, 2, 1, 0, 0]


@pytest.mark.parametrize("size", [(2, 4), (4, 2), (3, 3), (2, 3)])
def test_same_of_an_even_kernel_differs_between_scipys_functions(size, rng):
    x, k = rng.standard_normal((6, 9)), rng.standard_normal(size)
    ours = convkit.correlate2d(x, k, padding="same")
    assert_allclose(ours, signal.correlate2d(x, k, mode="same"), atol=1e-12)
    down, along = (1 - n % 2 for n in size)
    earlier = [
        signal.correlate(x, k, mode="same", method="direct"),
        ndimage.correlate(x, k, mode="constant"),
    ]
    for scipys in earlier:
        assert_allclose(ours[: 6 - down, : 9 - along], scipys[down:, along:], atol=1e-12)
    line = convkit.correlate1d(x[0], k[0], padding="same")
    scipys = signal.correlate(x[0], k[0], mode="same", method="direct")
    assert_allclose(line[: 9 - along], scipys[along:], atol=1e-12)


@given(layers(max_groups=1))
def test_correlate2d_is_conv2d_on_one_channel(layer):
    single = Layer((1, *layer.x_shape[1:3], 1), (*layer.w_shape[:2], 1, 1), layer.seed)
    x, w = single.draw()
    given_on = {k: v for k, v in layer.geometry.items() if k != "groups"}
    assert_allclose(
        convkit.correlate2d(x[0, :, :, 0], w[:, :, 0, 0], **given_on),
        convkit.conv2d_naive(x, w, **given_on)[0, :, :, 0],
        atol=1e-12,
    )
