"""Convolution, pooling, batch norm and distances in numpy, slow and clear beside fast.

Images have their channels last: ``(N, H, W, C)``. Kernels are ``(kh, kw, C_in, C_out)``. A
"convolution layer" is a cross-correlation, as in every deep-learning library; the functions that
flip the kernel are called ``convolve*``.

Every public name can be imported from here and is loaded when it is first used, so that
``import convkit`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from convkit import check as check
    from convkit import viz as viz
    from convkit.conv import conv2d as conv2d
    from convkit.conv import conv2d_backward as conv2d_backward
    from convkit.conv import conv2d_naive as conv2d_naive
    from convkit.conv import conv_transpose2d as conv_transpose2d
    from convkit.correlate import convolve1d as convolve1d
    from convkit.correlate import convolve2d as convolve2d
    from convkit.correlate import correlate1d as correlate1d
    from convkit.correlate import correlate1d_backward as correlate1d_backward
    from convkit.correlate import correlate2d as correlate2d
    from convkit.data import Digits as Digits
    from convkit.data import load_digits as load_digits
    from convkit.distance import knn_predict as knn_predict
    from convkit.distance import l1_distances as l1_distances
    from convkit.distance import l1_no_loops as l1_no_loops
    from convkit.distance import l1_one_loop as l1_one_loop
    from convkit.distance import l1_two_loops as l1_two_loops
    from convkit.gradcheck import GradientCheck as GradientCheck
    from convkit.gradcheck import check_gradient as check_gradient
    from convkit.gradcheck import numerical_gradient as numerical_gradient
    from convkit.graph import Node as Node
    from convkit.layers import Conv as Conv
    from convkit.layers import Ledger as Ledger
    from convkit.layers import LedgerRow as LedgerRow
    from convkit.layers import Linear as Linear
    from convkit.layers import Pool as Pool
    from convkit.layers import alexnet_layers as alexnet_layers
    from convkit.layers import ledger as ledger
    from convkit.matrix import col2im as col2im
    from convkit.matrix import conv_matrix2d as conv_matrix2d
    from convkit.matrix import im2col as im2col
    from convkit.matrix import toeplitz_matrix as toeplitz_matrix
    from convkit.norm import BatchNorm as BatchNorm
    from convkit.norm import batch_norm as batch_norm
    from convkit.norm import batch_norm_backward as batch_norm_backward
    from convkit.pad import pad2d as pad2d
    from convkit.pool import adaptive_avg_pool2d as adaptive_avg_pool2d
    from convkit.pool import adaptive_avg_pool2d_backward as adaptive_avg_pool2d_backward
    from convkit.pool import adaptive_max_pool2d as adaptive_max_pool2d
    from convkit.pool import adaptive_max_pool2d_backward as adaptive_max_pool2d_backward
    from convkit.pool import avg_pool2d as avg_pool2d
    from convkit.pool import avg_pool2d_backward as avg_pool2d_backward
    from convkit.pool import avg_pool2d_naive as avg_pool2d_naive
    from convkit.pool import fractional_max_pool2d as fractional_max_pool2d
    from convkit.pool import fractional_max_pool2d_backward as fractional_max_pool2d_backward
    from convkit.pool import lp_pool2d as lp_pool2d
    from convkit.pool import lp_pool2d_backward as lp_pool2d_backward
    from convkit.pool import max_pool2d as max_pool2d
    from convkit.pool import max_pool2d_backward as max_pool2d_backward
    from convkit.pool import max_pool2d_naive as max_pool2d_naive
    from convkit.shapes import conv_multiplications as conv_multiplications
    from convkit.shapes import conv_output_shape as conv_output_shape
    from convkit.shapes import conv_output_size as conv_output_size
    from convkit.shapes import conv_parameters as conv_parameters
    from convkit.shapes import linear_multiplications as linear_multiplications
    from convkit.shapes import linear_parameters as linear_parameters
    from convkit.shapes import receptive_field as receptive_field
    from convkit.signals import blobs as blobs
    from convkit.signals import gaussian_kernel as gaussian_kernel
    from convkit.signals import impulses as impulses

_SUBPACKAGES = ("check", "viz")
_NAMES_OF = {
    "conv": ("conv2d", "conv2d_backward", "conv2d_naive", "conv_transpose2d"),
    "correlate": (
        "convolve1d",
        "convolve2d",
        "correlate1d",
        "correlate1d_backward",
        "correlate2d",
    ),
    "data": ("Digits", "load_digits"),
    "distance": ("knn_predict", "l1_distances", "l1_no_loops", "l1_one_loop", "l1_two_loops"),
    "gradcheck": ("GradientCheck", "check_gradient", "numerical_gradient"),
    "graph": ("Node",),
    "layers": ("Conv", "Ledger", "LedgerRow", "Linear", "Pool", "alexnet_layers", "ledger"),
    "matrix": ("col2im", "conv_matrix2d", "im2col", "toeplitz_matrix"),
    "norm": ("BatchNorm", "batch_norm", "batch_norm_backward"),
    "pad": ("pad2d",),
    "pool": (
        "adaptive_avg_pool2d",
        "adaptive_avg_pool2d_backward",
        "adaptive_max_pool2d",
        "adaptive_max_pool2d_backward",
        "avg_pool2d",
        "avg_pool2d_backward",
        "avg_pool2d_naive",
        "fractional_max_pool2d",
        "fractional_max_pool2d_backward",
        "lp_pool2d",
        "lp_pool2d_backward",
        "max_pool2d",
        "max_pool2d_backward",
        "max_pool2d_naive",
    ),
    "shapes": (
        "conv_multiplications",
        "conv_output_shape",
        "conv_output_size",
        "conv_parameters",
        "linear_multiplications",
        "linear_parameters",
        "receptive_field",
    ),
    "signals": ("blobs", "gaussian_kernel", "impulses"),
}
_MODULE_OF = {name: module for module, names in _NAMES_OF.items() for name in names}

__all__ = sorted([*_SUBPACKAGES, *_MODULE_OF])


def __getattr__(name: str) -> Any:
    if name in _SUBPACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _MODULE_OF:
        value = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
