"""The convolution layer: forward, backward and transposed.

As in every deep-learning library, a layer *correlates*: it lays the kernel on the image as it is,
multiplies and sums. True convolution turns the kernel by 180 degrees first; that is
`convkit.convolve2d`. The turn comes back in the gradient to the input: there the kernel is flipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import (
    FloatArray,
    IntOrPair,
    Padding,
    PaddingMode,
    Pair,
    Sides,
    as_float_array,
    as_integer,
    as_padding,
    as_pair,
    check_padding_mode,
    check_shape,
    to_common_dtype,
)
from convkit._products import correlate, gradients, input_gradient
from convkit.pad import fold_padding, pad_batch
from convkit.shapes import output_extent

PADDED_BYTES = 2 << 20
"""Size of a padded part of a batch; about what a second-level cache holds."""


@dataclass(frozen=True)
class _Layer:
    """The checked geometry of a layer on a certain batch."""

    kernel: Pair
    stride: Pair
    sides: Sides
    mode: PaddingMode
    dilation: Pair
    groups: int
    output: tuple[int, int, int, int]


def _layer(
    x: FloatArray,
    w: FloatArray,
    stride: IntOrPair,
    padding: Padding,
    mode: PaddingMode,
    dilation: IntOrPair,
    groups: SupportsIndex,
) -> _Layer:
    """Check how `x` and `w` fit together, and work out the output shape."""
    stride, dilation = as_pair(stride, "stride", 1), as_pair(dilation, "dilation", 1)
    groups = as_integer(groups, "groups", 1)
    n, height, width, channels = x.shape
    kernel, depth, filters = (w.shape[0], w.shape[1]), w.shape[2], w.shape[3]
    if channels != depth * groups:
        raise ValueError(
            f"x of shape {x.shape} has {channels} channels, but w of shape {w.shape} "
            f"(kh, kw, C_in / groups, C_out) with groups={groups} takes {depth * groups}"
        )
    if filters % groups:
        raise ValueError(
            f"groups={groups} does not divide the {filters} filters of w with shape {w.shape}"
        )
    sides = as_padding(padding, kernel, stride, dilation)
    check_padding_mode(mode, sides, (height, width))
    rows, columns = output_extent((height, width), kernel, stride, sides, dilation)
    return _Layer(kernel, stride, sides, mode, dilation, groups, (n, rows, columns, filters))


def _group(g: int, groups: int, channels: int) -> slice:
    """Return which of `channels` belong to group `g`."""
    share = channels // groups
    return slice(g * share, (g + 1) * share)


def _groups(layer: _Layer, channels: int) -> Iterator[tuple[slice, slice]]:
    """Yield the input channels and the filters of each group."""
    for g in range(layer.groups):
        yield _group(g, layer.groups, channels), _group(g, layer.groups, layer.output[3])


def _few_images(images: FloatArray, layer: _Layer) -> Iterator[slice]:
    """Yield slices of the batch that are small enough for their padded copies to stay in cache."""
    n, height, width, channels = images.shape
    (top, bottom), (left, right) = layer.sides
    pixels = (height + top + bottom) * (width + left + right)
    few = max(1, PADDED_BYTES // (pixels * channels * images.itemsize))
    if not np.any(layer.sides):
        few = max(1, n)
    for first in range(0, n, few):
        yield slice(first, first + few)


def _with_bias(b: ArrayLike | None, filters: int, *arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Return `arrays` and the bias (zeros where there is none) in their common dtype."""
    if b is None:
        common = to_common_dtype(*arrays)
        return (*common, np.zeros(filters, common[0].dtype))
    bias = as_float_array(b, "b", "C_out")
    check_shape(bias, "b", (filters,), f"one bias for each of {filters} output channels")
    return to_common_dtype(*arrays, bias)


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    padding_mode: PaddingMode = "zeros",
    dilation: IntOrPair = 1,
    groups: SupportsIndex = 1,
) -> FloatArray:
    """Apply a convolution layer to a batch of images.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C_in)
        The images.
    w : array_like of shape (kh, kw, C_in / groups, C_out)
        The kernels, one for each output channel. They are not flipped.
    b : array_like of shape (C_out,), optional
        One bias for each output channel.
    stride : int or pair of int, default 1
        Pixels from one window to the next.
    padding : int, pair of int, "valid" or "same", default 0
        Pixels added on each side. "same" keeps the size, for stride 1 only; for even kernels the
        extra row and column are added at the end.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}, default "zeros"
        What the border shows; see `pad2d`.
    dilation : int or pair of int, default 1
        Pixels from one tap of the kernel to the next.
    groups : int, default 1
        Into how many independent parts the channels are split.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C_out)
        The feature maps. Booleans and integers are computed as float64; float32 stays float32.

    Raises
    ------
    ValueError
        If shapes do not fit together, or the kernel is larger than the padded image.
    TypeError
        If an array holds no real numbers, or a size is no integer.

    See Also
    --------
    conv2d_naive : The same with plain loops, to read.
    conv2d_backward : The gradients.
    convkit.convolve2d : True convolution, with the kernel turned by 180 degrees.

    Notes
    -----
    ``y[n, r, c, f] = b[f] + sum of x[n, s * r + d * i, s * c + d * j, k] * w[i, j, k, f]`` over
    i, j and k, with stride s, dilation d, and x after padding [1]_.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", MIT Press, 2016,
       equations 9.6 and 9.8.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(12.0).reshape(1, 3, 4, 1)
    >>> w = np.array([[1.0, 0.0], [0.0, -1.0]]).reshape(2, 2, 1, 1)
    >>> conv2d(x, w)[0, :, :, 0]
    array([[-5., -5., -5.],
           [-5., -5., -5.]])
    >>> conv2d(np.ones((2, 227, 227, 3)), np.ones((11, 11, 3, 96)), stride=4).shape
    (2, 55, 55, 96)
    """
    images, kernels = _images_and_kernels(x, w)
    layer = _layer(images, kernels, stride, padding, padding_mode, dilation, groups)
    images, kernels, bias = _with_bias(b, kernels.shape[3], images, kernels)
    padded = pad_batch(images, layer.sides, layer.mode)
    y = np.empty(layer.output, images.dtype)
    for g in range(layer.groups):
        filters = _group(g, layer.groups, layer.output[3])
        channels = _group(g, layer.groups, padded.shape[3])
        correlate(
            padded[..., channels],
            kernels[..., filters],
            layer.stride,
            layer.dilation,
            y[..., filters],
        )
    if b is not None:
        y += bias
    return y


def _images_and_kernels(x: ArrayLike, w: ArrayLike) -> tuple[FloatArray, FloatArray]:
    return as_float_array(x, "x", "N H W C_in"), as_float_array(w, "w", "kh kw C_in/groups C_out")


def conv2d_naive(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    padding_mode: PaddingMode = "zeros",
    dilation: IntOrPair = 1,
    groups: SupportsIndex = 1,
) -> FloatArray:
    """Apply a convolution layer with plain loops: slow, and easy to check by eye.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C_in)
        The images.
    w : array_like of shape (kh, kw, C_in / groups, C_out)
        The kernels.
    b : array_like of shape (C_out,), optional
        One bias for each output channel.
    stride, padding, padding_mode, dilation, groups : see `conv2d`
        Geometry of the layer.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C_out)
        The feature maps.

    See Also
    --------
    conv2d : The same, fast.

    Examples
    --------
    >>> conv2d_naive([[[[1.0], [2.0], [4.0]]]], [[[[-1.0]], [[1.0]]]])[0, 0, :, 0]
    array([1., 2.])
    """
    images, kernels = _images_and_kernels(x, w)
    layer = _layer(images, kernels, stride, padding, padding_mode, dilation, groups)
    images, kernels, bias = _with_bias(b, kernels.shape[3], images, kernels)
    padded = pad_batch(images, layer.sides, layer.mode)
    (kh, kw), (sh, sw), (dh, dw) = layer.kernel, layer.stride, layer.dilation
    n, rows, columns, filters = layer.output
    y = np.empty(layer.output, images.dtype)
    for g in range(layer.groups):
        channels = padded[..., _group(g, layer.groups, padded.shape[3])]
        for f in range(filters)[_group(g, layer.groups, filters)]:
            for i in range(n):
                for r in range(rows):
                    for c in range(columns):
                        down = slice(r * sh, r * sh + dh * (kh - 1) + 1, dh)
                        right = slice(c * sw, c * sw + dw * (kw - 1) + 1, dw)
                        window = channels[i, down, right]
                        y[i, r, c, f] = np.sum(window * kernels[..., f]) + bias[f]
    return y


def conv2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    padding_mode: PaddingMode = "zeros",
    dilation: IntOrPair = 1,
    groups: SupportsIndex = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the gradients of a convolution layer.

    Parameters
    ----------
    dy : array_like of shape (N, H_out, W_out, C_out)
        Upstream gradient: the derivative of the loss by each output of `conv2d`.
    x : array_like of shape (N, H, W, C_in)
        The images of the forward pass.
    w : array_like of shape (kh, kw, C_in / groups, C_out)
        The kernels of the forward pass.
    stride, padding, padding_mode, dilation, groups : see `conv2d`
        Geometry of the layer, as in the forward pass.

    Returns
    -------
    dx : ndarray of shape (N, H, W, C_in)
        Gradient to the images. What reached the border goes back to the pixels that were copied
        there.
    dw : ndarray of shape (kh, kw, C_in / groups, C_out)
        Gradient to the kernels.
    db : ndarray of shape (C_out,)
        Gradient to the biases.

    Raises
    ------
    ValueError
        If `dy` has not the shape that the forward pass gives.

    Notes
    -----
    At stride 1, ``dw`` is the correlation of x with dy, and ``dx`` is the full correlation of dy
    with the kernel turned by 180 degrees: a true convolution [1]_.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", MIT Press, 2016,
       equations 9.11 and 9.13.

    Examples
    --------
    >>> import numpy as np
    >>> x, w = np.ones((1, 3, 3, 1)), np.arange(4.0).reshape(2, 2, 1, 1)
    >>> dx, dw, db = conv2d_backward(np.ones((1, 2, 2, 1)), x, w)
    >>> dx[0, :, :, 0]
    array([[0., 1., 1.],
           [2., 6., 4.],
           [2., 5., 3.]])
    >>> db
    array([4.])
    """
    images, kernels = _images_and_kernels(x, w)
    layer = _layer(images, kernels, stride, padding, padding_mode, dilation, groups)
    upstream = as_float_array(dy, "dy", "N H_out W_out C_out")
    check_shape(
        upstream, "dy", layer.output, f"x of shape {images.shape} under w of shape {kernels.shape}"
    )
    upstream, images, kernels = to_common_dtype(upstream, images, kernels)
    dx, dw = np.empty_like(images), np.zeros_like(kernels)
    geometry = layer.stride, layer.dilation
    for some in _few_images(images, layer):
        padded = pad_batch(images[some], layer.sides, layer.mode)
        for channels, filters in _groups(layer, images.shape[3]):
            of_group, part = kernels[..., filters], upstream[some, ..., filters]
            dpadded, share = gradients(padded[..., channels], of_group, *geometry, part)
            dx[some, ..., channels] = fold_padding(dpadded, layer.sides, layer.mode)
            dw[..., filters] += share
    flat = upstream.reshape(-1, layer.output[3])
    db = np.ones(len(flat), flat.dtype) @ flat
    return dx, dw, db


def conv_transpose2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: SupportsIndex = 1,
) -> FloatArray:
    """Apply a transposed convolution layer: each input pixel paints a kernel into the output.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C_in)
        The images.
    w : array_like of shape (kh, kw, C_out / groups, C_in)
        The kernels, in the layout of the convolution that this transposes: the very array that
        `conv2d` takes to go from C_out channels to C_in.
    b : array_like of shape (C_out,), optional
        One bias for each output channel.
    stride : int or pair of int, default 1
        Output pixels from one painted kernel to the next.
    padding : int or pair of int, default 0
        Rows and columns that are cut off on each side.
    output_padding : int or pair of int, default 0
        Rows and columns added at the end only. With a stride, several input sizes of the
        convolution give the same output size; this says which one is wanted.
    dilation : int or pair of int, default 1
        Pixels from one tap of the kernel to the next.
    groups : int, default 1
        Into how many independent parts the channels are split.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C_out)
        With ``H_out = (H - 1) * stride - 2 * padding + dilation * (kh - 1) + output_padding + 1``.

    Raises
    ------
    ValueError
        If shapes do not fit together, if nothing is left after the padding is cut off, or if
        `output_padding` is neither smaller than the stride nor than the dilation.

    Notes
    -----
    Transposed, not inverse: ``<conv2d(u, w), x> == <u, conv_transpose2d(x, w)>`` for all u [1]_.

    References
    ----------
    .. [1] V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning",
       arXiv:1603.07285, 2016, section 4.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([1.0, 10.0]).reshape(1, 1, 2, 1)
    >>> w = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    >>> conv_transpose2d(x, w, stride=(1, 2))[0, 0, :, 0]
    array([ 1.,  2., 13., 20., 30.])
    """
    images = as_float_array(x, "x", "N H W C_in")
    kernels = as_float_array(w, "w", "kh kw C_out/groups C_in")
    stride, dilation = as_pair(stride, "stride", 1), as_pair(dilation, "dilation", 1)
    cut, extra = as_pair(padding, "padding", 0), as_pair(output_padding, "output_padding", 0)
    groups = as_integer(groups, "groups", 1)
    if images.shape[3] != kernels.shape[3] or kernels.shape[3] % groups:
        raise ValueError(
            f"x of shape {images.shape} has {images.shape[3]} channels, but w of shape "
            f"{kernels.shape} (kh, kw, C_out / groups, C_in) takes {kernels.shape[3]} "
            f"in {groups} groups"
        )
    painted = _painted_size(images.shape[1:3], kernels.shape[:2], stride, cut, extra, dilation)
    filters = kernels.shape[2] * groups
    images, kernels, bias = _with_bias(b, filters, images, kernels)
    parts = [_group(g, groups, images.shape[3]) for g in range(groups)]
    canvas = np.concatenate(
        [
            input_gradient(images[..., part], kernels[..., part], painted, stride, dilation)
            for part in parts
        ],
        axis=3,
    )
    y = canvas[:, cut[0] : painted[0] - cut[0], cut[1] : painted[1] - cut[1]]
    return y + bias


def _painted_size(
    size: Pair, kernel: Pair, stride: Pair, cut: Pair, extra: Pair, dilation: Pair
) -> Pair:
    """Return height and width of what a transposed convolution paints, before the cut."""
    painted = []
    for axis, n, k, s, p, e, d in zip(
        ("height", "width"), size, kernel, stride, cut, extra, dilation, strict=True
    ):
        if e >= max(s, d):
            raise ValueError(
                f"output_padding of {e} along the {axis} must be smaller than the stride {s} "
                f"or the dilation {d}"
            )
        length = (n - 1) * s + d * (k - 1) + 1 + e
        if length <= 2 * p:
            raise ValueError(
                f"nothing is left along the {axis}: ({n} - 1) * {s} (stride) + {d} * ({k} - 1) "
                f"(dilated kernel) + 1 + {e} (output_padding) = {length}, "
                f"less {p} (padding) on each side"
            )
        painted.append(length)
    return painted[0], painted[1]
