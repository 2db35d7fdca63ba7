"""Batch normalization for vectors and for images, forward, backward and with running statistics.

Each feature of vectors ``(N, D)``, or each channel of images ``(N, H, W, C)``, is shifted and
scaled to mean 0 and variance 1 over all other axes, then scaled by gamma and shifted by beta [1]_.
An image is normalized as if each of its pixels were a vector: ``(N, H, W, C) -> (N*H*W, C)``.

Float32 pixels with a large mean keep their digits; `convkit._columns` tells how.

References
----------
.. [1] S. Ioffe, C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
   Internal Covariate Shift", ICML 2015, arXiv:1502.03167.
"""

from __future__ import annotations

from typing import SupportsIndex, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import FloatArray, as_float_array, as_integer, check_shape
from convkit._columns import Moments, add_scaled, affine, moments, moments_and_covariance

Gradients: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]


def batch_norm(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-8) -> FloatArray:
    """Return a batch normalized by its own mean and variance, scaled by gamma, shifted by beta.

    Parameters
    ----------
    x : array_like of shape (N, D) or (N, H, W, C)
        Vectors or images.
    gamma : array_like of shape (D,) or (C,)
        Scale of each feature or channel.
    beta : array_like of shape (D,) or (C,)
        Shift of each feature or channel.
    eps : float, default 1e-8
        Added to the variance, under the root. Torch's default is 1e-5.

    Returns
    -------
    ndarray of the shape of `x`
        ``gamma * (x - mean) / sqrt(variance + eps) + beta``.

    Raises
    ------
    ValueError
        If there is only one value for each feature: it would be normalized to 0 whatever it is.

    Notes
    -----
    The variance is the biased one: the sum of squares is divided by the number of values.

    Examples
    --------
    >>> batch_norm([[1, 10], [3, 30]], gamma=[1, 2], beta=[0, 5]).round(6)
    array([[-1.,  3.],
           [ 1.,  7.]])
    """
    x = _as_batch(x, "x")
    gamma, beta = _as_parameter(gamma, "gamma", x), _as_parameter(beta, "beta", x)
    dtype = np.result_type(x, gamma, beta)
    if len(x) == 0:
        return x.astype(dtype)
    return _normalize(x, _statistics(x), gamma, beta, _as_eps(eps), dtype)


def batch_norm_backward(
    dy: ArrayLike, x: ArrayLike, gamma: ArrayLike, eps: float = 1e-8
) -> Gradients:
    """Return the gradients of a batch normalization.

    Parameters
    ----------
    dy : array_like of the shape of `x`
        Upstream gradient.
    x : array_like of shape (N, D) or (N, H, W, C)
        Vectors or images, as in the forward pass.
    gamma : array_like of shape (D,) or (C,)
        Scale, as in the forward pass.
    eps : float, default 1e-8
        As in the forward pass.

    Returns
    -------
    dx : ndarray of the shape of `x`
        Gradient to the batch.
    dgamma : ndarray of shape (D,) or (C,)
        Gradient to the scale.
    dbeta : ndarray of shape (D,) or (C,)
        Gradient to the shift.

    Raises
    ------
    ValueError
        If `dy` has another shape than `x`, or if there is only one value for each feature.

    Notes
    -----
    Each value moves the mean and the variance, too. Take that away from the upstream gradient:
    with z the normalized batch, and means over all axes but the last,

    ``dx = gamma / sqrt(variance + eps) * (dy - mean(dy) - z * mean(dy * z))``.

    Examples
    --------
    >>> dx, dgamma, dbeta = batch_norm_backward([[1], [0], [0]], [[1], [2], [6]], gamma=[1])
    >>> dx.ravel().round(4), dgamma.round(4), dbeta
    (array([ 0.1763, -0.2204,  0.0441]), array([-0.9258]), array([1.]))
    """
    x, dy = _as_batch(x, "x"), _as_batch(dy, "dy")
    gamma, eps = _as_parameter(gamma, "gamma", x), _as_eps(eps)
    check_shape(dy, "dy", x.shape, f"x of shape {x.shape}")
    dtype = np.result_type(dy, x, gamma)
    if len(x) == 0:
        nothing = np.zeros(gamma.shape, dtype)
        return x.astype(dtype), nothing, nothing.copy()
    _check_more_than_one_value(x)
    pixels, upstream = _pixels(x, dtype), _pixels(dy, dtype)
    statistics, mean_dy, covariance = moments_and_covariance(pixels, upstream)
    inverse = 1 / np.sqrt(statistics.variance + eps)
    # z is (x - mean) * inverse, so mean(dy * z) is the covariance of dy and x times inverse.
    dx = affine(upstream, mean_dy, gamma * inverse, np.zeros_like(inverse))
    add_scaled(dx, pixels, statistics.mean, -gamma * inverse * covariance * inverse * inverse)
    dgamma, dbeta = covariance * inverse * len(dx), mean_dy * len(dx)
    return dx.reshape(x.shape).astype(dtype, copy=False), dgamma.astype(dtype), dbeta.astype(dtype)


class BatchNorm:
    """Batch normalization that remembers mean and variance for evaluation.

    In training, a batch is normalized by its own statistics, and the running ones move towards
    them. In evaluation the running ones are used, so that an image gets the same answer whichever
    images stand beside it.

    Parameters
    ----------
    channels : int
        Number of features or channels.
    eps : float, default 1e-8
        Added to the variance, under the root.
    momentum : float, default 0.1
        How far the running statistics move towards those of a batch: 0 not at all, 1 all the way.

    Attributes
    ----------
    gamma, beta : ndarray of shape (channels,)
        Scale and shift, 1 and 0 at first. Yours to train.
    running_mean, running_var : ndarray of shape (channels,)
        What evaluation uses; 0 and 1 at first.
    training : bool
        Set it with `train` and `eval`.

    Notes
    -----
    Two conventions are torch's. ``running = (1 - momentum) * running + momentum * batch``: many
    texts use momentum the other way round. And the running variance is the unbiased one (divided
    by the number of values less one), although the batch is normalized by the biased one.

    Examples
    --------
    >>> layer = BatchNorm(1, momentum=0.5)
    >>> layer([[1], [3]]).round(6).ravel()
    array([-1.,  1.])
    >>> layer.running_mean, layer.running_var
    (array([1.]), array([1.5]))
    >>> layer.eval()
    >>> layer([[1]])
    array([[0.]])
    """

    def __init__(
        self, channels: SupportsIndex, *, eps: float = 1e-8, momentum: float = 0.1
    ) -> None:
        channels = as_integer(channels, "channels", minimum=1)
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must lie between 0 and 1, not {momentum}")
        self.eps = _as_eps(eps)
        self.momentum = momentum
        self.gamma, self.beta = np.ones(channels), np.zeros(channels)
        self.running_mean: FloatArray = np.zeros(channels)
        self.running_var: FloatArray = np.ones(channels)
        self.training = True
        self._last: tuple[FloatArray, Moments | None] | None = None

    def train(self) -> None:
        """Normalize by each batch's own statistics from now on."""
        self.training = True

    def eval(self) -> None:
        """Normalize by the running statistics from now on."""
        self.training = False

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return the normalized batch, in the dtype of `x`; in training, move the statistics."""
        x = _as_batch(x, "x")
        check_shape(self.gamma, "gamma", x.shape[-1:], f"x of shape {x.shape}")
        if not self.training:
            statistics = Moments(self.running_mean, self.running_var)
            self._last = x, statistics
        elif len(x) == 0:
            self._last = x, None
            return x.copy()
        else:
            statistics = _statistics(x)
            self._last = x, None
            self._move_towards(statistics, x.size // x.shape[-1])
        return _normalize(x, statistics, self.gamma, self.beta, self.eps, x.dtype)

    def backward(self, dy: ArrayLike) -> Gradients:
        """Return dx, dgamma and dbeta for the last batch.

        Parameters
        ----------
        dy : array_like of the shape of the last batch
            Upstream gradient.

        Returns
        -------
        tuple of ndarray
            As `batch_norm_backward`. If the last call was an evaluation, the statistics are
            constants, and ``dx = dy * gamma / sqrt(running_var + eps)``.

        Raises
        ------
        RuntimeError
            If there was no forward pass.
        ValueError
            If `dy` has another shape than the last batch.
        """
        if self._last is None:
            raise RuntimeError("call the layer on a batch before you call backward")
        x, statistics = self._last
        dtype = x.dtype
        if statistics is None:
            dx, dgamma, dbeta = batch_norm_backward(dy, x, self.gamma, self.eps)
            return dx.astype(dtype), dgamma.astype(dtype), dbeta.astype(dtype)
        dy = _as_batch(dy, "dy")
        check_shape(dy, "dy", x.shape, f"x of shape {x.shape}")
        inverse = 1 / np.sqrt(statistics.variance + self.eps)
        dx = (dy * (self.gamma * inverse)).astype(dtype)
        z, axes = (x - statistics.mean) * inverse, tuple(range(x.ndim - 1))
        dgamma, dbeta = np.sum(dy * z, axes), np.sum(dy, axes, dtype=np.float64)
        return dx, dgamma.astype(dtype), dbeta.astype(dtype)

    def _move_towards(self, batch: Moments, values: int) -> None:
        unbiased = batch.variance * values / (values - 1)
        self.running_mean = _mix(self.running_mean, batch.mean, self.momentum)
        self.running_var = _mix(self.running_var, unbiased, self.momentum)


def _statistics(x: FloatArray) -> Moments:
    _check_more_than_one_value(x)
    return moments(_pixels(x, x.dtype))


def _check_more_than_one_value(x: FloatArray) -> None:
    if x.size == x.shape[-1]:
        raise ValueError(
            f"x of shape {x.shape} has one value for each feature; "
            "a mean and a variance need more than one"
        )


def _pixels(x: FloatArray, dtype: np.dtype) -> FloatArray:
    """Return one pixel a row, in a dtype that can be computed with: float16 cannot."""
    return x.reshape(-1, x.shape[-1]).astype(np.result_type(dtype, np.float32), copy=False)


def _normalize(
    x: FloatArray,
    statistics: Moments,
    gamma: FloatArray,
    beta: FloatArray,
    eps: float,
    dtype: np.dtype,
) -> FloatArray:
    scale = gamma / np.sqrt(statistics.variance + eps)
    y = affine(_pixels(x, dtype), statistics.mean, scale, beta)
    return y.reshape(x.shape).astype(dtype, copy=False)


def _mix(old: FloatArray, new: FloatArray, share: float) -> FloatArray:
    return (1 - share) * old + share * new


def _as_batch(value: ArrayLike, name: str) -> FloatArray:
    return as_float_array(value, name, "N D", "N H W C")


def _as_parameter(value: ArrayLike, name: str, x: FloatArray) -> FloatArray:
    parameter = as_float_array(value, name)
    check_shape(parameter, name, x.shape[-1:], f"x of shape {x.shape}")
    return parameter


def _as_eps(eps: float) -> float:
    if not eps >= 0:
        raise ValueError(f"eps must not be negative, but it is {eps}")
    return float(eps)
