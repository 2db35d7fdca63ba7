"""Convolution layers against the matrix product they boil down to, im2col, scipy and torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

import convkit
from benchmarks.report import Report, Requirement, Row
from benchmarks.timing import in_turn, once, peak_bytes

SCIPY_SECONDS = 5.0
"""A rival that would take longer than this is left out."""


@dataclass(frozen=True)
class Layer:
    """A layer and its batch."""

    batch: tuple[int, int, int, int]
    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0

    def __str__(self) -> str:
        size = "x".join(map(str, self.batch))
        rest = f" stride {self.stride}" * (self.stride > 1) + f" pad {self.padding}" * (
            self.padding > 0
        )
        return f"{size}, {self.filters} of {self.kernel}x{self.kernel}{rest}"

    @property
    def geometry(self) -> dict[str, Any]:
        """Keyword arguments of the layer."""
        return {"stride": self.stride, "padding": self.padding}


LAYERS = (
    Layer((8, 227, 227, 3), 96, 11, stride=4),
    Layer((8, 56, 56, 64), 64, 3, padding=1),
    Layer((8, 28, 28, 128), 128, 3, padding=1),
    Layer((64, 28, 28, 1), 6, 5),
    Layer((64, 32, 32, 3), 32, 5),
)


def matrix_product(layer: Layer, x: np.ndarray, w: np.ndarray) -> Callable[[], Any]:
    """Return the bare product of the sizes of the layer: the floor of every im2col."""
    _, rows, columns, filters = convkit.conv2d(x, w, **layer.geometry).shape
    matrix = w.reshape(-1, filters)
    windows = np.random.default_rng(1).standard_normal(
        (len(x) * rows * columns, len(matrix)), dtype=x.dtype
    )
    out = np.empty((len(windows), filters), x.dtype)
    return lambda: np.matmul(windows, matrix, out=out)


def tensordot(layer: Layer, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Convolve by `tensordot` over a view of all windows, which numpy copies out."""
    p, s = layer.padding, layer.stride
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    windows = sliding_window_view(padded, w.shape[:2], axis=(1, 2))[:, ::s, ::s]
    return np.tensordot(windows, w, axes=((4, 5, 3), (0, 1, 2)))


def scipy_correlate(layer: Layer, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Convolve by one three-dimensional `scipy.signal.correlate` for each image and filter."""
    p, s = layer.padding, layer.stride
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    maps = [
        [signal.correlate(image, w[..., f], mode="valid")[::s, ::s, 0] for f in range(w.shape[3])]
        for image in padded
    ]
    return np.moveaxis(np.array(maps), 1, 3)


def torch_layer(
    layer: Layer, x: np.ndarray, w: np.ndarray, dy: np.ndarray
) -> tuple[Any, ...] | None:
    """Return torch's forward, and its forward with backward, or None without torch."""
    try:
        import torch
    except ImportError:
        return None
    images = torch.tensor(x.transpose(0, 3, 1, 2).copy(), requires_grad=True)
    kernels = torch.tensor(w.transpose(3, 2, 0, 1).copy(), requires_grad=True)
    bias = torch.zeros(w.shape[3], requires_grad=True)
    upstream = torch.tensor(dy.transpose(0, 3, 1, 2).copy())

    def forward() -> Any:
        with torch.no_grad():
            return torch.nn.functional.conv2d(images, kernels, bias, **layer.geometry)

    y = torch.nn.functional.conv2d(images, kernels, bias, **layer.geometry)

    def backward() -> Any:
        return torch.autograd.grad(y, (images, kernels, bias), upstream, retain_graph=True)

    return forward, backward


def measure(report: Report, repeats: int) -> None:
    """Add all layers to the report."""
    for layer in LAYERS:
        _measure(report, layer, repeats)


def _measure(report: Report, layer: Layer, repeats: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal(layer.batch, dtype=np.float32)
    w = rng.standard_normal(
        (layer.kernel, layer.kernel, layer.batch[3], layer.filters), dtype=np.float32
    )
    y = convkit.conv2d(x, w, **layer.geometry)
    dy = rng.standard_normal(y.shape, dtype=np.float32)
    contenders: dict[str, Callable[[], Any]] = {
        "forward": lambda: convkit.conv2d(x, w, **layer.geometry),
        "backward": lambda: convkit.conv2d_backward(dy, x, w, **layer.geometry),
        "matmul": matrix_product(layer, x, w),
        "tensordot": lambda: tensordot(layer, x, w),
    }
    notes = []
    # One image tells whether all of them are worth waiting for.
    expected = once(lambda: scipy_correlate(layer, x[:1], w)) * len(x)
    if expected <= SCIPY_SECONDS / repeats:
        contenders["scipy"] = lambda: scipy_correlate(layer, x, w)
    elif expected > SCIPY_SECONDS:
        notes.append(f"scipy.signal.correlate left out: it would take {expected:.0f} s a run")
    torch = torch_layer(layer, x, w, dy)
    if torch:
        contenders["torch"], contenders["torch backward"] = torch

    times = in_turn(contenders, repeats)
    forward = {name: times.ratio(name, "forward") for name in ("matmul", "tensordot")}
    if "scipy" in contenders:
        forward["scipy"] = times.ratio("scipy", "forward")
    elif expected <= SCIPY_SECONDS:
        forward["scipy"] = once(lambda: scipy_correlate(layer, x, w)) / times.seconds("forward")
        notes.append("scipy.signal.correlate was run once only")
    backward = {"conv2d forward": times.ratio("forward", "backward")}
    if torch:
        forward["torch"] = times.ratio("torch", "forward")
        backward["torch"] = times.ratio("torch backward", "backward")
    for operation, run, rivals, remarks in (
        ("forward", "conv2d", forward, tuple(notes)),
        ("backward", "conv2d_backward", backward, ()),
    ):
        peak = peak_bytes(contenders[operation]) / 1e6
        report.rows.append(
            Row(run, str(layer), times.seconds(operation) * 1e3, peak, rivals, remarks)
        )

    if layer.batch[3] >= 64:
        text = f"conv2d {layer}: speed of the bare product"
        report.requirements.append(Requirement(text, forward["matmul"], 0.9))
    text = f"conv2d {layer}: times as fast as tensordot"
    report.requirements.append(Requirement(text, forward["tensordot"], 1.0))
    for name, rivals in (("conv2d", forward), ("conv2d_backward", backward)):
        if torch:
            text = f"{name} {layer}: times as fast as torch"
            report.requirements.append(Requirement(text, rivals["torch"], 1.0))
    text = f"conv2d_backward {layer}: times of forward"
    ratio = times.ratio("backward", "forward")
    report.requirements.append(Requirement(text, ratio, 3.0, at_most=True))
