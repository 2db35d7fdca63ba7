"""Pooling, batch norm and L1 distances against what one would write, scipy and torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.spatial.distance import cdist

import convkit
from benchmarks.report import Report, Requirement, Row
from benchmarks.timing import in_turn, peak_bytes

Runs = dict[str, Callable[[], Any]]
EXTRA_MEGABYTES = 256


def measure(report: Report, repeats: int) -> None:
    """Add all operations to the report."""
    for shape, size, stride in (((8, 56, 56, 64), 2, 2), ((8, 55, 55, 96), 3, 2)):
        x = np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
        name = f"{'x'.join(map(str, shape))}, {size}x{size} stride {stride}"
        for operation in ("max", "avg"):
            runs = _pool(operation, x, size, stride)
            _add(report, f"{operation}_pool2d", name, runs, repeats)
    x = np.random.default_rng(0).standard_normal((8, 56, 56, 64), dtype=np.float32)
    dy = np.random.default_rng(1).standard_normal(x.shape, dtype=np.float32)
    for name, runs in (("batch_norm", _batch_norm(x)), ("batch_norm_backward", _backward(dy, x))):
        row = _add(report, name, "8x56x56x64", runs, repeats)
        text = f"{name}: times as fast as the plain formula in float32"
        report.requirements.append(Requirement(text, row.rivals["formula"], 1.5))
    for dtype in (np.float32, np.float64):
        _distances(report, dtype, repeats)


def _add(report: Report, operation: str, size: str, runs: Runs, repeats: int) -> Row:
    times = in_turn(runs, repeats)
    rivals = {name: times.ratio(name, "convkit") for name in runs if name != "convkit"}
    peak = peak_bytes(runs["convkit"]) / 1e6
    row = Row(operation, size, times.seconds("convkit") * 1e3, peak, rivals)
    report.rows.append(row)
    return row


def _pool(operation: str, x: np.ndarray, size: int, stride: int) -> Runs:
    reduce: Callable[..., Any] = getattr(np, {"max": "max", "avg": "mean"}[operation])
    ours: Callable[..., Any] = getattr(convkit, f"{operation}_pool2d")
    n, height, width, channels = x.shape

    def windows() -> Any:
        view = sliding_window_view(x, (size, size), axis=(1, 2))[:, ::stride, ::stride]
        return reduce(view, axis=(4, 5))

    runs: Runs = {"convkit": lambda: ours(x, size, stride=stride), "windows": windows}
    if size == stride:
        cells = x.reshape(n, height // size, size, width // size, size, channels)
        runs["reshape"] = lambda: reduce(cells, axis=(2, 4))
    try:
        from torch import nn, tensor
    except ImportError:
        return runs
    images = tensor(x.transpose(0, 3, 1, 2).copy())
    layer = {"max": nn.functional.max_pool2d, "avg": nn.functional.avg_pool2d}[operation]
    runs["torch"] = lambda: layer(images, size, stride)
    return runs


def _batch_norm(x: np.ndarray) -> Runs:
    gamma, beta = np.ones(x.shape[-1], x.dtype), np.zeros(x.shape[-1], x.dtype)

    def formula() -> Any:
        mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
        return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta

    runs: Runs = {
        "convkit": lambda: convkit.batch_norm(x, gamma, beta, eps=1e-5),
        "formula": formula,
    }
    try:
        from torch import nn, tensor
    except ImportError:
        return runs
    images = tensor(x.transpose(0, 3, 1, 2).copy())
    runs["torch"] = lambda: nn.functional.batch_norm(images, None, None, training=True)
    return runs


def _backward(dy: np.ndarray, x: np.ndarray) -> Runs:
    gamma = np.ones(x.shape[-1], x.dtype)

    def formula() -> tuple[np.ndarray, ...]:
        mean, deviation = x.mean(axis=(0, 1, 2)), np.sqrt(x.var(axis=(0, 1, 2)) + 1e-5)
        z = (x - mean) / deviation
        dgamma, dbeta = np.sum(dy * z, axis=(0, 1, 2)), np.sum(dy, axis=(0, 1, 2))
        count = x.size // x.shape[-1]
        return gamma / deviation * (dy - dbeta / count - z * dgamma / count), dgamma, dbeta

    runs: Runs = {
        "convkit": lambda: convkit.batch_norm_backward(dy, x, gamma, eps=1e-5),
        "formula": formula,
    }
    try:
        import torch
    except ImportError:
        return runs
    images = torch.tensor(x.transpose(0, 3, 1, 2).copy(), requires_grad=True)
    scale = torch.ones(x.shape[-1], requires_grad=True)
    shift = torch.zeros(x.shape[-1], requires_grad=True)
    upstream = torch.tensor(dy.transpose(0, 3, 1, 2).copy())
    y = torch.nn.functional.batch_norm(images, None, None, scale, shift, training=True)
    inputs = (images, scale, shift)
    runs["torch"] = lambda: torch.autograd.grad(y, inputs, upstream, retain_graph=True)
    return runs


def _distances(report: Report, dtype: type, repeats: int) -> None:
    rng = np.random.default_rng(0)
    test: np.ndarray = rng.standard_normal((500, 3072)).astype(dtype)
    train: np.ndarray = rng.standard_normal((5000, 3072)).astype(dtype)
    size = f"500x5000x3072 {np.dtype(dtype).name}"
    runs: Runs = {
        "convkit": lambda: convkit.l1_distances(test, train),
        "cdist": lambda: cdist(test, train, "cityblock"),
    }
    row = _add(report, "l1_distances", size, runs, min(repeats, 3))
    report.requirements += [
        Requirement(f"l1_distances {size}: times as fast as cdist", row.rivals["cdist"], 1.0),
        Requirement(
            f"l1_distances {size}: peak extra MB", row.peak_megabytes, EXTRA_MEGABYTES, at_most=True
        ),
    ]
