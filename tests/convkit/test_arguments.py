"""Bad arguments: a clear error that names what is wrong, or the right answer."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import convkit
from convkit._arguments import as_float_array, as_integer, as_padding, as_pair

X = np.arange(2 * 4 * 5 * 3, dtype=float).reshape(2, 4, 5, 3)
W = np.arange(2 * 3 * 3 * 4, dtype=float).reshape(2, 3, 3, 4)


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3), np.array(3)])
def test_every_kind_of_integer_is_an_integer(value):
    assert as_integer(value, "n") == 3
    assert type(as_integer(value, "n")) is int


@pytest.mark.parametrize("value", [2.0, np.float64(2), True, np.True_, "2", None, 2 + 0j, [2]])
def test_nothing_else_is_an_integer(value):
    with pytest.raises(TypeError, match="stride must be an integer"):
        as_integer(value, "stride")


@pytest.mark.parametrize(
    ("value", "pair"),
    [(2, (2, 2)), ((1, 2), (1, 2)), ([1, 2], (1, 2)), (np.array([1, 2]), (1, 2))],
)
def test_pairs(value, pair):
    assert as_pair(value, "stride") == pair


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ((1, 2, 3), ValueError, r"pair \(vertical, horizontal\), not \(1, 2, 3\)"),
        ((), ValueError, "pair"),
        ((1, 2.0), TypeError, r"stride\[1\] must be an integer, not 2.0"),
        ((0, 1), ValueError, r"stride\[0\] must be at least 1, not 0"),
        (-1, ValueError, "stride must be at least 1, not -1"),
        ("ab", TypeError, "stride must be an integer or a pair"),
        (1.5, TypeError, "stride must be an integer, not 1.5"),
    ],
)
def test_what_is_no_pair(value, error, message):
    with pytest.raises(error, match=message):
        as_pair(value, "stride", minimum=1)


@pytest.mark.parametrize(
    ("padding", "kernel", "dilation", "sides"),
    [
        (2, (3, 3), (1, 1), ((2, 2), (2, 2))),
        ((0, 1), (3, 3), (1, 1), ((0, 0), (1, 1))),
        ("valid", (3, 3), (1, 1), ((0, 0), (0, 0))),
        ("same", (3, 5), (1, 1), ((1, 1), (2, 2))),
        ("same", (2, 4), (1, 1), ((0, 1), (1, 2))),
        ("same", (2, 3), (3, 2), ((1, 2), (2, 2))),
    ],
)
def test_padding(padding, kernel, dilation, sides):
    assert as_padding(padding, kernel, (1, 1), dilation) == sides


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"x": X[0]}, ValueError, r"x must have 4 dimensions \(N, H, W, C_in\).*\(4, 5, 3\)"),
        ({"w": W[0]}, ValueError, r"w must have 4 dimensions \(kh, kw, C_in/groups, C_out\)"),
        ({"x": X[:, :0]}, ValueError, r"x is empty: H = 0 .*N=2, H=0, W=5, C_in=3"),
        ({"x": X[..., :2]}, ValueError, r"x of shape \(2, 4, 5, 2\) has 2 channels, .* takes 3"),
        ({"groups": 3}, ValueError, "has 3 channels, .* with groups=3 takes 9"),
        (
            {"w": W[:, :, :1], "groups": 3},
            ValueError,
            r"groups=3 does not divide the 4 filters of w with shape \(2, 3, 1, 4\)",
        ),
        ({"groups": 0}, ValueError, "groups must be at least 1, not 0"),
        (
            {"x": X[:, :1]},
            ValueError,
            r"kernel of 2 is larger than the padded input of 1 along the height: "
            r"1 \+ 0 \+ 0 \(padding\) - 2 \(window\) = -1",
        ),
        (
            {"dilation": (1, 3)},
            ValueError,
            "kernel of 3, dilated by 3 to 7, is larger than the padded input of 5 along the width",
        ),
        ({"stride": 0}, ValueError, "stride must be at least 1"),
        ({"stride": 2.0}, TypeError, "stride must be an integer, not 2.0"),
        ({"stride": True}, TypeError, "stride must be an integer, not the boolean True"),
        ({"dilation": 0}, ValueError, "dilation must be at least 1"),
        ({"padding": -1}, ValueError, "padding must be at least 0"),
        ({"padding": "full"}, ValueError, "padding must be .* not 'full'"),
        ({"padding": "same", "stride": 2}, ValueError, r"stride 1 only, not for stride \(2, 2\)"),
        ({"padding_mode": "mirror"}, ValueError, "padding_mode must be one of zeros, reflect"),
        ({"padding_mode": None}, ValueError, "padding_mode must be one of"),
        (
            {"padding_mode": "reflect", "padding": (4, 0)},
            ValueError,
            "can pad a height of 4 by at most 3 on each side, not by 4",
        ),
        (
            {"padding_mode": "circular", "padding": (0, 6)},
            ValueError,
            "can pad a width of 5 by at most 5 on each side, not by 6",
        ),
        ({"x": X.astype(object)}, TypeError, "x must hold real numbers, not dtype object"),
        ({"x": X.astype(str)}, TypeError, "x must hold real numbers, not dtype <U"),
        ({"w": W * 1j}, TypeError, "w must hold real numbers, not dtype complex128; treat"),
        ({"x": [[[[1.0], [1.0, 2.0]]]]}, ValueError, "x cannot be read as an array"),
        ({"x": np.ma.masked_less(X, 3)}, TypeError, "x is a masked array"),
        ({"x": X.astype("M8[s]")}, TypeError, "x must hold real numbers"),
    ],
)
@pytest.mark.parametrize("function", ["conv2d", "conv2d_naive", "conv2d_backward"])
def test_bad_layers_are_named(function, arguments, error, message):
    given = {"x": X, "w": W} | arguments
    if function == "conv2d_backward":
        given["dy"] = np.ones((2, 3, 3, 4))
    with pytest.raises(error, match=message):
        getattr(convkit, function)(**given)


@pytest.mark.parametrize(
    ("b", "message"),
    [
        (np.ones(3), r"b has shape \(3,\), .* asks for \(4,\)"),
        (np.ones((1, 4)), r"b must have 1 dimensions \(C_out\)"),
        (1.0, r"b must have 1 dimensions \(C_out\)"),
    ],
)
@pytest.mark.parametrize("function", ["conv2d", "conv2d_naive"])
def test_bad_biases_are_named(function, b, message):
    with pytest.raises(ValueError, match=message):
        getattr(convkit, function)(X, W, b)


def test_upstream_gradient_of_another_shape():
    with pytest.raises(ValueError, match=r"dy has shape \(2, 3, 2, 4\), .* \(2, 3, 3, 4\)"):
        convkit.conv2d_backward(np.ones((2, 3, 2, 4)), X, W)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": X[..., :2]}, "x of shape .* has 2 channels, but w .* takes 3 in 1 groups"),
        ({"groups": 2}, "takes 3 in 2 groups"),
        ({"groups": 0}, "groups must be at least 1, not 0"),
        ({"stride": (1, 0)}, r"stride\[1\] must be at least 1, not 0"),
        ({"dilation": (0, 1)}, r"dilation\[0\] must be at least 1, not 0"),
        ({"padding": (0, -1)}, r"padding\[1\] must be at least 0, not -1"),
        ({"output_padding": (-1, 0)}, r"output_padding\[0\] must be at least 0, not -1"),
        ({"output_padding": 1}, "output_padding of 1 along the height must be smaller"),
        ({"padding": 9}, r"nothing is left along the height: \(4 - 1\) \* 1 \(stride\)"),
        ({"b": np.ones(4)}, r"b has shape \(4,\), .* asks for \(2,\)"),
    ],
)
def test_bad_transposed_layers_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        convkit.conv_transpose2d(**({"x": X, "w": np.ones((2, 3, 2, 3))} | arguments))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: convkit.correlate1d([1, 2], [1, 2, 3]), ValueError, "kernel of 3 is larger"),
        (lambda: convkit.correlate1d([[1, 2]], [1]), ValueError, r"x must have 1 dimensions"),
        (lambda: convkit.correlate1d([], [1]), ValueError, "x is empty"),
        (lambda: convkit.correlate1d([1, 2], []), ValueError, "w is empty"),
        (lambda: convkit.correlate1d([1, 2], [1], stride=-1), ValueError, "stride must be"),
        (lambda: convkit.correlate1d([1, 2], [1], padding=1.0), TypeError, "padding must be"),
        (
            lambda: convkit.correlate1d_backward([1, 2], [1, 2, 3], [1]),
            ValueError,
            r"dy has shape \(2,\), .* asks for \(3,\)",
        ),
        (lambda: convkit.convolve1d([1], [1], mode="half"), ValueError, "mode must be"),
        (lambda: convkit.convolve1d([1], [1, 2], mode="valid"), ValueError, "does not fit"),
        (lambda: convkit.convolve2d([[1]], [[1, 2]], mode="valid"), ValueError, "does not fit"),
        (lambda: convkit.correlate2d(X, [[1]]), ValueError, r"x must have 2 dimensions \(H, W\)"),
        (lambda: convkit.pad2d([1, 2], 1), ValueError, r"x must have 2 dimensions .* or 3"),
        (lambda: convkit.pad2d([[1, 2]], 1, "reflect"), ValueError, 'mode="reflect" can pad'),
        (lambda: convkit.pad2d([[1, 2]], "same"), TypeError, "padding must be an integer"),
        (lambda: convkit.toeplitz_matrix([1, 2, 3], 2), ValueError, "kernel of 3 is larger"),
        (lambda: convkit.conv_matrix2d([[1]], 3), ValueError, "input_shape must be"),
        (lambda: convkit.conv_matrix2d([[1]], (3, 3, 1)), ValueError, "input_shape must be"),
        (lambda: convkit.im2col(X, 7), ValueError, "kernel of 7 is larger"),
        (lambda: convkit.im2col(X[0], 2), ValueError, "x must have 4 dimensions"),
        (
            lambda: convkit.col2im(np.ones((6, 4)), (1, 3, 3, 1), 2),
            ValueError,
            r"columns has shape \(6, 4\), .* asks for \(4, 4\)",
        ),
        (lambda: convkit.col2im(np.ones((4, 4)), (3, 3, 1), 2), ValueError, r"\(N, H, W, C\)"),
        (lambda: convkit.col2im(np.ones((4, 4)), 3, 2), TypeError, r"\(N, H, W, C\)"),
    ],
)
def test_bad_arguments_elsewhere(call, error, message):
    with pytest.raises(error, match=message):
        call()


AT_LEAST_1 = {
    "toeplitz_matrix": (([1, 2], 4), ("stride", "n")),
    "conv_matrix2d": (([[1, 2]], (3, 4)), ("stride", "input_shape")),
    "im2col": ((X, 2), ("kernel", "stride", "dilation")),
    "col2im": ((np.ones((4, 4)), (1, 3, 3, 1), 2), ("kernel", "stride", "dilation")),
    "correlate1d": (([1, 2], [1]), ("stride",)),
    "correlate1d_backward": (([1, 2], [1, 2], [1]), ("stride",)),
    "correlate2d": (([[1, 2]], [[1]]), ("stride", "dilation")),
    "max_pool2d": ((X, 2), ("size", "stride", "dilation")),
    "adaptive_avg_pool2d": ((X, 2), ("output_size",)),
    "conv_parameters": ((3, 4, 6), ("kernel", "in_channels", "filters", "groups")),
    "conv_multiplications": (
        ((5, 6, 4), 3, 6),
        ("input_shape", "kernel", "filters", "stride", "dilation", "groups"),
    ),
}


@pytest.mark.parametrize(
    ("function", "name"), [(f, name) for f, (_, names) in AT_LEAST_1.items() for name in names]
)
def test_every_size_is_at_least_1(function, name):
    """In a pair or a shape the last number is the one that is too small."""
    call = inspect.signature(getattr(convkit, function)).bind(*AT_LEAST_1[function][0])
    call.apply_defaults()
    right = call.arguments[name]
    pair = isinstance(right, tuple)
    call.arguments[name] = (*right[:-1], 0) if pair else 0
    place = rf"\[{len(right) - 1}\]" if pair else ""
    with pytest.raises(ValueError, match=f"^{name}{place} must be at least 1, not 0"):
        getattr(convkit, function)(*call.args, **call.kwargs)


@pytest.mark.parametrize(
    ("dtype", "result"),
    [
        (np.float16, np.float16),
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.longdouble, np.longdouble),
        (">f4", np.float32),
        (np.uint8, np.float64),
        (np.int64, np.float64),
        (bool, np.float64),
    ],
)
def test_dtypes(dtype, result):
    assert as_float_array(np.ones(3, dtype), "x").dtype == result
    x, w = (X > 50).astype(dtype), (W > 30).astype(dtype)
    y = convkit.conv2d(x, w)
    assert y.dtype == result
    assert y.dtype.isnative
    for gradient in convkit.conv2d_backward(np.ones_like(y), x, w):
        assert gradient.dtype == result


def test_where_two_dtypes_meet_the_larger_one_wins():
    assert convkit.conv2d(X.astype(np.float32), W).dtype == np.float64
    assert convkit.conv2d(X.astype(np.float32), W.astype(np.float32), np.ones(4)).dtype == "f8"


def test_small_integers_do_not_wrap_around():
    image, kernel = np.full((1, 3, 3, 1), 255, np.uint8), np.full((3, 3, 1, 1), 255, np.uint8)
    assert convkit.conv2d(image, kernel).item() == 9 * 255**2
    line, taps = np.full(3, -128, np.int8), np.full(3, 127, np.int8)
    assert_array_equal(convkit.correlate1d(line, taps), [-3 * 128 * 127])


@pytest.mark.parametrize(
    "change",
    [
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=1)[:, ::2],
        lambda a: a[::-1].copy()[::-1],
        lambda a: np.moveaxis(np.moveaxis(a, 3, 0).copy(), 0, 3),
        lambda a: a.tolist(),
    ],
    ids=["fortran", "gaps", "backwards", "channels first in memory", "lists"],
)
def test_memory_layout_does_not_matter(change):
    dy = np.arange(2 * 2 * 3 * 4, dtype=float).reshape(2, 2, 3, 4)
    geometry = {"stride": (2, 1), "padding": (1, 0)}
    dy = np.concatenate([dy, dy[:, :1]], axis=1)
    assert_array_equal(
        convkit.conv2d(change(X), change(W), **geometry), convkit.conv2d(X, W, **geometry)
    )
    changed = convkit.conv2d_backward(change(dy), change(X), change(W), **geometry)
    for ours, plain in zip(changed, convkit.conv2d_backward(dy, X, W, **geometry), strict=True):
        assert_array_equal(ours, plain)


def test_arguments_are_only_read():
    x, w, b = X.copy(), W.copy(), np.ones(4)
    for array in (x, w, b):
        array.flags.writeable = False
    y = convkit.conv2d(x, w, b, padding=1, padding_mode="circular")
    y.flags.writeable = False
    convkit.conv2d_backward(y, x, w, padding=1, padding_mode="circular")
    convkit.conv_transpose2d(y, w, stride=2)
    convkit.pad2d(x, 0)[:] = 0
    assert_array_equal(x, X)
    assert_array_equal(w, W)


def test_an_empty_batch_has_empty_feature_maps():
    y = convkit.conv2d(X[:0], W, np.ones(4), padding=1, padding_mode="reflect")
    assert y.shape == (0, 5, 5, 4)
    dx, dw, db = convkit.conv2d_backward(y, X[:0], W, padding=1, padding_mode="reflect")
    assert dx.shape == (0, 4, 5, 3)
    assert_array_equal(dw, np.zeros_like(W))
    assert_array_equal(db, np.zeros(4))
    assert convkit.im2col(X[:0], 2).shape == (0, 12)
    assert convkit.conv_transpose2d(y, W).shape == (0, 6, 7, 3)
