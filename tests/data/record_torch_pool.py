"""Record what torch makes of poolings and batch norms: ``python tests/data/record_torch_pool.py``.

Writes ``torch_pool.npz`` beside this file. Needs torch; the tests do not. Everything is float64
and has its channels last, as in convkit. The keys are ``NAME/x``, ``NAME/y``, ``NAME/dy``, ...
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

GENERATOR = np.random.default_rng(20)

REGULAR = [
    # name, shape (N, H, W, C), size, stride, padding, dilation
    ("side_by_side", (2, 6, 4, 3), (2, 2), (2, 2), (0, 0), (1, 1)),
    ("overlapping", (2, 9, 7, 3), (3, 3), (2, 2), (0, 0), (1, 1)),
    ("left_over", (1, 8, 11, 2), (3, 2), (3, 4), (0, 0), (1, 1)),
    ("padded", (3, 7, 5, 2), (3, 2), (2, 1), (1, 1), (1, 1)),
    ("padded_by_half", (2, 5, 6, 2), (4, 2), (3, 2), (2, 1), (1, 1)),
    ("dilated", (2, 10, 9, 2), (3, 2), (1, 2), (1, 1), (2, 3)),
    ("one_window", (2, 3, 5, 4), (3, 5), (1, 1), (0, 0), (1, 1)),
    ("one_pixel", (2, 3, 5, 1), (1, 1), (2, 3), (0, 0), (1, 1)),
]
ADAPTIVE = [
    ("fewer", (2, 7, 5, 3), (3, 2)),
    ("as_many", (1, 4, 6, 2), (4, 6)),
    ("more", (2, 3, 4, 2), (5, 7)),
    ("one", (2, 5, 3, 2), (1, 1)),
    ("dividing", (1, 8, 6, 2), (4, 3)),
]
FRACTIONAL = [
    ("fractional", (2, 9, 12, 3), (2, 3), (6, 7)),
    ("nearly_all", (2, 8, 7, 2), (2, 2), (7, 6)),
    ("one_down", (1, 5, 9, 2), (2, 1), (1, 5)),
]


def images(shape: tuple[int, ...], ties: bool = False) -> np.ndarray:
    if ties:
        return GENERATOR.integers(-2, 2, shape).astype(np.float64)
    return GENERATOR.normal(size=shape)


def run(pool: Callable[[torch.Tensor], torch.Tensor], x: np.ndarray) -> dict[str, np.ndarray]:
    """Forward, and backward for a random upstream gradient."""
    tensor = torch.tensor(x.transpose(0, 3, 1, 2).copy(), requires_grad=True)
    y = pool(tensor)
    dy = torch.tensor(GENERATOR.normal(size=tuple(y.shape)))
    y.backward(dy)
    last = {"y": y.detach(), "dy": dy, "dx": tensor.grad}
    return {"x": x} | {key: value.permute(0, 2, 3, 1).numpy() for key, value in last.items()}


def poolings() -> dict[str, dict[str, np.ndarray]]:
    found = {}
    for name, shape, size, stride, padding, dilation in REGULAR:
        for kind, ties in [("max", False), ("max_ties", True)]:
            found[f"{kind}/{name}"] = run(
                lambda t, a=(size, stride, padding, dilation): F.max_pool2d(t, *a),
                images(shape, ties),
            )
        if dilation != (1, 1):
            continue
        for kind, include in [("avg", True), ("avg_inside", False)]:
            found[f"{kind}/{name}"] = run(
                lambda t, a=(size, stride, padding), include=include: F.avg_pool2d(
                    t, *a, count_include_pad=include
                ),
                images(shape),
            )
        if padding == (0, 0):
            for p in (1, 2, 3.5):
                found[f"lp/{name}/{p}"] = run(
                    lambda t, p=p, a=(size, stride): F.lp_pool2d(t, p, *a),
                    np.abs(images(shape)) + 0.1,
                )
    for name, shape, size in ADAPTIVE:
        found[f"adaptive_avg/{name}"] = run(
            lambda t, size=size: F.adaptive_avg_pool2d(t, size), images(shape)
        )
        found[f"adaptive_max/{name}"] = run(
            lambda t, size=size: F.adaptive_max_pool2d(t, size), images(shape)
        )
    for name, shape, size, output in FRACTIONAL:
        samples = GENERATOR.random((shape[0], shape[3], 2))
        drawn = torch.tensor(samples)
        found[f"fractional/{name}"] = run(
            lambda t, a=(size, output), drawn=drawn: F.fractional_max_pool2d(
                t, *a, _random_samples=drawn
            ),
            images(shape),
        ) | {"samples": samples}
    return found


def batch_norms() -> dict[str, dict[str, np.ndarray]]:
    found = {}
    for name, shape in [("vectors", (5, 4)), ("images", (3, 4, 5, 2))]:
        channels = shape[-1]
        layer = (torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d)(
            channels, eps=1e-3, momentum=0.3, dtype=torch.float64
        )
        gamma, beta = GENERATOR.normal(size=(2, channels))
        layer.weight.data, layer.bias.data = torch.tensor(gamma), torch.tensor(beta)
        steps = {"gamma": gamma, "beta": beta}
        for step, training in enumerate([True, True, False]):
            layer.train(training)
            layer.zero_grad()
            x = GENERATOR.normal(2, 3, shape)
            first = np.moveaxis(x, -1, 1).copy()
            tensor = torch.tensor(first, requires_grad=True)
            y = layer(tensor)
            dy = torch.tensor(GENERATOR.normal(size=first.shape))
            y.backward(dy)
            last = {"y": y.detach(), "dy": dy, "dx": tensor.grad}
            steps |= {f"x{step}": x}
            steps |= {f"{k}{step}": np.moveaxis(v.numpy(), 1, -1) for k, v in last.items()}
            steps |= {
                f"dgamma{step}": layer.weight.grad.numpy().copy(),
                f"dbeta{step}": layer.bias.grad.numpy().copy(),
                f"running_mean{step}": layer.running_mean.numpy().copy(),
                f"running_var{step}": layer.running_var.numpy().copy(),
            }
        found[f"batch_norm/{name}"] = steps
    return found


if __name__ == "__main__":
    recorded = {
        f"{name}/{key}": value
        for name, values in (poolings() | batch_norms()).items()
        for key, value in values.items()
    }
    # The arguments travel with the values, so that the tests cannot drift from them.
    for name, _, *arguments in [*REGULAR, *ADAPTIVE, *FRACTIONAL]:
        recorded[f"arguments/{name}"] = np.array(arguments)
    recorded["torch"] = np.array(torch.__version__)
    np.savez_compressed(Path(__file__).with_name("torch_pool.npz"), **recorded)
