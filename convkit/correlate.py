"""Correlation and convolution of single signals and single-channel images.

Correlation lays the kernel on the signal as it is; convolution turns it round first. For a
symmetric kernel they agree. Only convolution commutes and associates.
"""

from __future__ import annotations

from typing import Literal, SupportsIndex, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from convkit._arguments import (
    FloatArray,
    IntOrPair,
    Padding,
    PaddingMode,
    as_float_array,
    as_integer,
    as_padding,
    check_shape,
    to_common_dtype,
)
from convkit.conv import conv2d
from convkit.shapes import output_extent

Mode: TypeAlias = Literal["full", "same", "valid"]
LinePadding: TypeAlias = SupportsIndex | Literal["valid", "same"]


def _line(
    x: ArrayLike, w: ArrayLike, stride: SupportsIndex, padding: LinePadding
) -> tuple[FloatArray, FloatArray, int, tuple[int, int], int]:
    """Return checked signal, kernel, stride, padding at both ends, and length of the output."""
    signal, kernel = to_common_dtype(as_float_array(x, "x", "n"), as_float_array(w, "w", "k"))
    step = as_integer(stride, "stride", 1)
    if not isinstance(padding, str):
        padding = as_integer(padding, "padding", 0)
    # A signal is an image of height 1; its padding is horizontal.
    sides = ((0, 0), as_padding(padding, (1, len(kernel)), (step, step))[1])
    _, places = output_extent((1, len(signal)), (1, len(kernel)), (1, step), sides)
    return signal, kernel, step, sides[1], places


def correlate1d(
    x: ArrayLike, w: ArrayLike, stride: SupportsIndex = 1, padding: LinePadding = 0
) -> FloatArray:
    """Return the correlation of a signal with a kernel.

    Parameters
    ----------
    x : array_like of shape (n,)
        The signal.
    w : array_like of shape (k,)
        The kernel; it is not flipped.
    stride : int, default 1
        Steps from one window to the next.
    padding : int, "valid" or "same", default 0
        Zeros added at each end. "same" keeps the length, for stride 1 only.

    Returns
    -------
    ndarray of shape ((n + 2 * padding - k) // stride + 1,)
        ``y[r] = sum_i x[r * stride + i] * w[i]``, with x after padding.

    Raises
    ------
    ValueError
        If the kernel is longer than the padded signal.

    See Also
    --------
    convolve1d : With the kernel turned round.

    Notes
    -----
    For an even kernel, padding="same" adds the extra zero at the end, as torch does. The "same" of
    ``scipy.signal.correlate`` adds it at the beginning, so its result starts one index earlier.

    Examples
    --------
    >>> correlate1d([1, 2, 4, 7, 11], [-1, 1])
    array([1., 2., 3., 4.])
    >>> correlate1d([1, 2, 4, 7, 11], [-1, 1], stride=2, padding=1)
    array([1., 2., 4.])
    """
    signal, kernel, step, ends, _ = _line(x, w, stride, padding)
    return sliding_window_view(np.pad(signal, ends), len(kernel))[::step] @ kernel


def correlate1d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: SupportsIndex = 1,
    padding: LinePadding = 0,
) -> tuple[FloatArray, FloatArray]:
    """Return the gradients of `correlate1d`.

    Parameters
    ----------
    dy : array_like of shape (n_out,)
        Upstream gradient.
    x : array_like of shape (n,)
        The signal of the forward pass.
    w : array_like of shape (k,)
        The kernel of the forward pass.
    stride, padding : see `correlate1d`
        As in the forward pass.

    Returns
    -------
    dx : ndarray of shape (n,)
        Gradient to the signal. At stride 1 without padding: the full *convolution* of dy and w.
    dw : ndarray of shape (k,)
        Gradient to the kernel. At stride 1: the correlation of the padded x with dy.

    Raises
    ------
    ValueError
        If `dy` has not the length that the forward pass gives.

    Examples
    --------
    >>> dx, dw = correlate1d_backward([1, 10], [1, 2, 3, 4], [5, 6, 7])
    >>> dx
    array([ 5., 56., 67., 70.])
    >>> dw
    array([21., 32., 43.])
    """
    signal, kernel, step, ends, places = _line(x, w, stride, padding)
    upstream = as_float_array(dy, "dy", "n_out")
    check_shape(upstream, "dy", (places,), f"x of length {len(signal)} under w of {len(kernel)}")
    upstream, signal, kernel = to_common_dtype(upstream, signal, kernel)
    padded = np.pad(signal, ends)
    dw = upstream @ sliding_window_view(padded, len(kernel))[::step]
    dx = np.zeros_like(padded)
    for i, weight in enumerate(kernel):
        dx[i : i + step * (places - 1) + 1 : step] += weight * upstream
    return dx[ends[0] : ends[0] + len(signal)], dw


def convolve1d(x: ArrayLike, w: ArrayLike, mode: Mode = "full") -> FloatArray:
    """Return the convolution of a signal with a kernel: the kernel is turned round.

    Parameters
    ----------
    x : array_like of shape (n,)
        The signal.
    w : array_like of shape (k,)
        The kernel.
    mode : {"full", "same", "valid"}, default "full"
        Every place where they overlap, n + k - 1; the n in the middle of these; or only the
        n - k + 1 where the kernel lies inside the signal.

    Returns
    -------
    ndarray
        ``y[r] = sum_i w[i] * x[r - i]``.

    Raises
    ------
    ValueError
        If `mode` is unknown, or "valid" and the kernel is longer than the signal.

    See Also
    --------
    correlate1d : With the kernel as it is.

    Notes
    -----
    Where the middle of "same" is not unique (even k) it starts at index (k - 1) // 2 of "full", as
    in ``scipy.signal.convolve``. That is one index before what `correlate1d` with the flipped
    kernel and padding="same" gives, which follows torch.

    Examples
    --------
    >>> convolve1d([1, 2, 3], [1, 10])
    array([ 1., 12., 23., 30.])
    >>> convolve1d([1, 2, 3], [1, 10], mode="same")
    array([ 1., 12., 23.])
    """
    signal, kernel = to_common_dtype(as_float_array(x, "x", "n"), as_float_array(w, "w", "k"))
    _check_mode(mode, signal.shape, kernel.shape)
    full = correlate1d(signal, kernel[::-1], padding=len(kernel) - 1)
    return full[_cut(mode, len(signal), len(kernel))]


def correlate2d(
    x: ArrayLike,
    k: ArrayLike,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    *,
    padding_mode: PaddingMode = "zeros",
    dilation: IntOrPair = 1,
) -> FloatArray:
    """Return the correlation of a single-channel image with a kernel.

    Parameters
    ----------
    x : array_like of shape (H, W)
        The image.
    k : array_like of shape (kh, kw)
        The kernel; it is not flipped.
    stride : int or pair of int, default 1
        Pixels from one window to the next.
    padding : int, pair of int, "valid" or "same", default 0
        Pixels added on each side. "same" keeps the size, for stride 1 only.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}, default "zeros"
        What the border shows; see `convkit.pad2d`.
    dilation : int or pair of int, default 1
        Pixels from one tap of the kernel to the next.

    Returns
    -------
    ndarray of shape (H_out, W_out)
        ``y[r, c] = sum_ij x[r + i, c + j] * k[i, j]`` at stride 1, with x after padding.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded image.

    See Also
    --------
    convolve2d : With the kernel turned by 180 degrees.
    convkit.conv2d : Batches, channels and many kernels.

    Notes
    -----
    For an even kernel, padding="same" adds the extra row and column at the end, as torch and
    ``scipy.signal.correlate2d`` do. The "same" of ``scipy.signal.correlate`` and
    ``scipy.ndimage.correlate`` adds them at the beginning, so their results start one index
    earlier.

    Examples
    --------
    >>> correlate2d([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, 1]])
    array([[6., 8.]])
    """
    image, kernel = _image_and_kernel(x, k)
    y = conv2d(
        image[np.newaxis, :, :, np.newaxis],
        kernel[:, :, np.newaxis, np.newaxis],
        stride=stride,
        padding=padding,
        padding_mode=padding_mode,
        dilation=dilation,
    )
    return y[0, :, :, 0]


def convolve2d(x: ArrayLike, k: ArrayLike, mode: Mode = "full") -> FloatArray:
    """Return the convolution of a single-channel image with a kernel turned by 180 degrees.

    Parameters
    ----------
    x : array_like of shape (H, W)
        The image.
    k : array_like of shape (kh, kw)
        The kernel.
    mode : {"full", "same", "valid"}, default "full"
        Every place where they overlap, (H + kh - 1, W + kw - 1); the (H, W) in the middle of
        these; or only those where the kernel lies inside the image.

    Returns
    -------
    ndarray
        ``y[r, c] = sum_ij k[i, j] * x[r - i, c - j]``.

    Raises
    ------
    ValueError
        If `mode` is unknown, or "valid" and the kernel is larger than the image.

    See Also
    --------
    correlate2d : With the kernel as it is.

    Notes
    -----
    Where the middle of "same" is not unique (even kernels) it is that of
    ``scipy.signal.convolve2d``; see `convolve1d`.

    Examples
    --------
    >>> convolve2d([[1, 2], [3, 4]], [[1, 10]])
    array([[ 1., 12., 20.],
           [ 3., 34., 40.]])
    """
    image, kernel = _image_and_kernel(x, k)
    _check_mode(mode, image.shape, kernel.shape)
    (height, width), (kh, kw) = image.shape, kernel.shape
    full = correlate2d(image, kernel[::-1, ::-1], padding=(kh - 1, kw - 1))
    return full[_cut(mode, height, kh), _cut(mode, width, kw)]


def _image_and_kernel(x: ArrayLike, k: ArrayLike) -> tuple[FloatArray, FloatArray]:
    image, kernel = as_float_array(x, "x", "H W"), as_float_array(k, "k", "kh kw")
    image, kernel = to_common_dtype(image, kernel)
    return image, kernel


def _check_mode(mode: str, size: tuple[int, ...], kernel: tuple[int, ...]) -> None:
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"mode must be full, same or valid, not {mode!r}")
    if mode == "valid" and any(k > n for k, n in zip(kernel, size, strict=True)):
        raise ValueError(f"a kernel of shape {kernel} does not fit into x of shape {size}")


def _cut(mode: str, n: int, k: int) -> slice:
    """Return which part of the full convolution of lengths n and k is asked for."""
    if mode == "full":
        return slice(None)
    if mode == "same":
        return slice((k - 1) // 2, (k - 1) // 2 + n)
    return slice(k - 1, n)
