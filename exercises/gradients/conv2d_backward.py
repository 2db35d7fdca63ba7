"""``conv2d_backward(dy, x, w, stride=1, padding=0)``: the gradients of a convolution layer.

The forward pass is ``y[n, i, j, f] = b[f] + sum over a, c, m of w[a, c, m, f] * padded[n, i *
stride + a, j * stride + c, m]``, where ``padded`` is `x` with zeros on all four sides. `x` has the
shape (N, H, W, C_in), `w` the shape (kh, kw, C_in, C_out), and `dy` that of y, (N, H_out, W_out,
C_out) with ``H_out = (H + 2 * padding - kh) // stride + 1``, and W_out likewise. Returned are, in
this order, ``dx``, ``dw`` and ``db`` with the shapes of x, w and b, which is (C_out,). Pixels that
no window reads get the gradient 0. Arrays may hold whole numbers or fractions; here they hold
fractions.

Each gradient is linear in one of the inputs: with `x` zero, dw is zero; with `w` zero, dx is zero.
So there are lines that a right db, dw or dx earns while another one is still wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, fractions, generic, wheat, whole

from . import (
    conv2d_backward_bias,
    conv2d_backward_slides,
    conv2d_backward_sums,
    conv2d_backward_windows,
)
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("bias", 2, "the gradient to the bias (x and w are zero, so dx and dw are too)"),
    RubricLine("kernel", 2, "the gradient to the kernels (w is zero, so dx is too)"),
    RubricLine("image", 2, "the gradient to the images (x is zero, so dw is too)"),
    RubricLine("batch", 2, "several images"),
    RubricLine("stride", 2, "a stride larger than 1 that fits"),
    RubricLine("remainder", 2, "a stride that leaves rows or columns over"),
    RubricLine("padding", 2, "zeros on all four sides"),
    RubricLine("kernel_shape", 1, "kernels that are not square"),
    RubricLine("everything", 3, "all of it at once"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; each group but the last leaves out what the other groups are about."""

    def layer(
        group: str,
        images: tuple[int, int, int, int],
        kernel: tuple[int, int],
        filters: int,
        stride: int = 1,
        padding: int = 0,
    ) -> Case:
        count, height, width, channels = images
        rows = (height + 2 * padding - kernel[0]) // stride + 1
        columns = (width + 2 * padding - kernel[1]) // stride + 1
        dy = generic(rng, count, rows, columns, filters)
        x = generic(rng, *images) * (group not in ("bias", "image"))
        w = generic(rng, *kernel, channels, filters) * (group not in ("bias", "kernel"))
        options: dict[str, Any] = {"stride": stride} if stride > 1 else {}
        return Case(group, (dy, x, w), options | ({"padding": padding} if padding else {}))

    yield layer("bias", (3, 4, 5, 2), (3, 3), 4)
    yield layer("bias", (2, 5, 4, 1), (2, 2), 3)
    yield layer("kernel", (1, 4, 6, 2), (3, 3), 3)
    yield layer("kernel", (1, 5, 4, 1), (2, 2), 2)
    yield layer("image", (1, 4, 5, 3), (3, 3), 2)
    yield layer("image", (1, 5, 3, 1), (2, 2), 2)
    yield layer("batch", (3, 4, 6, 2), (3, 3), 4)
    yield layer("batch", (2, 5, 4, 1), (2, 2), 3)
    yield layer("stride", (1, 7, 9, 2), (3, 3), 3, stride=2)
    yield layer("stride", (1, 9, 7, 1), (3, 3), 2, stride=2)
    yield layer("remainder", (1, 8, 6, 2), (3, 3), 3, stride=2)
    yield layer("remainder", (1, 7, 9, 2), (2, 2), 1, stride=3)
    yield layer("padding", (1, 4, 3, 2), (3, 3), 3, padding=1)
    yield layer("padding", (1, 2, 3, 1), (4, 4), 2, padding=2)
    yield layer("kernel_shape", (1, 3, 6, 2), (2, 4), 3)
    yield layer("kernel_shape", (1, 5, 3, 1), (3, 2), 2)
    yield layer("everything", (3, 5, 8, 2), (3, 2), 4, stride=2, padding=1)
    yield layer("everything", (2, 5, 4, 3), (2, 4), 2, stride=2, padding=2)


EXAMPLES = (
    call(whole(81, 1, 2, 3, 1), whole(82, 1, 3, 5, 1), whole(83, 2, 3, 1, 1)),
    call(whole(84, 1, 2, 3, 3), whole(85, 1, 4, 5, 2), whole(86, 3, 3, 2, 3)),
    call(fractions(87, 3, 2, 3, 2), fractions(88, 3, 3, 4, 3), fractions(89, 2, 2, 3, 2)),
    call(whole(90, 1, 2, 3, 1), whole(91, 1, 5, 7, 2), whole(92, 3, 3, 2, 1), stride=2),
    call(whole(93, 1, 2, 2, 1), whole(94, 1, 6, 7, 1), whole(95, 2, 3, 1, 1), stride=3),
    call(whole(96, 1, 3, 4, 2), whole(97, 1, 3, 4, 1), whole(98, 3, 3, 1, 2), padding=1),
    call(
        fractions(99, 2, 4, 4, 3),
        fractions(100, 2, 5, 6, 2),
        fractions(101, 3, 4, 2, 3),
        stride=2,
        padding=2,
    ),
)


@wheat
def seven_loops(dy, x, w, stride=1, padding=0):
    images, height, width, channels = x.shape
    kh, kw, _, filters = w.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(filters)
    for n in range(images):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for f in range(filters):
                    upstream = dy[n, i, j, f]
                    db[f] += upstream
                    for a in range(kh):
                        for c in range(kw):
                            row, column = i * stride + a - padding, j * stride + c - padding
                            if 0 <= row < height and 0 <= column < width:
                                for m in range(channels):
                                    dx[n, row, column, m] += w[a, c, m, f] * upstream
                                    dw[a, c, m, f] += x[n, row, column, m] * upstream
    return dx, dw, db


@wheat
def window_by_window(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            rows = slice(i * stride, i * stride + kh)
            columns = slice(j * stride, j * stride + kw)
            dpadded[:, rows, columns] += np.tensordot(dy[:, i, j], w, axes=(1, 3))
            dw += np.tensordot(padded[:, rows, columns], dy[:, i, j], axes=(0, 0))
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@wheat
def tap_by_tap(dy, x, w, stride=1, padding=0):
    _, rows, columns, filters = dy.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    upstream = dy.reshape(-1, filters)
    for a, c in np.ndindex(*w.shape[:2]):
        down = slice(a, a + stride * (rows - 1) + 1, stride)
        across = slice(c, c + stride * (columns - 1) + 1, stride)
        seen = np.s_[:, down, across]
        dpadded[seen] += dy @ w[a, c].T
        dw[a, c] = padded[seen].reshape(-1, x.shape[3]).T @ upstream
    bottom, right = (-padding, -padding) if padding else (None, None)
    dx = dpadded[:, padding:bottom, padding:right]
    return dx, dw, upstream.sum(axis=0)


@wheat
def patches_as_rows(dy, x, w, stride=1, padding=0):
    images, rows, columns, filters = dy.shape
    kh, kw, channels, _ = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    places = np.arange(padded.size).reshape(padded.shape)
    windows = np.lib.stride_tricks.sliding_window_view(places, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(images * rows * columns, kh * kw * channels)
    upstream = dy.reshape(-1, filters)
    dw = padded.ravel()[patches].T @ upstream
    shares = upstream @ w.reshape(-1, filters).T
    dpadded = np.bincount(patches.ravel(), shares.ravel(), padded.size).reshape(padded.shape)
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw.reshape(w.shape), np.ones(len(upstream)) @ upstream


@wheat
def dilated_upstream_and_turned_kernel(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows, columns = padded.shape[1] - kh + 1, padded.shape[2] - kw + 1
    dilated = np.zeros((len(x), rows, columns, w.shape[3]))
    dilated[:, ::stride, ::stride] = dy

    view = np.lib.stride_tricks.sliding_window_view
    windows = view(padded, (rows, columns), axis=(1, 2))
    dw = np.einsum("nacmij,nijf->acmf", windows, dilated)
    wide = np.pad(dilated, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    windows = view(wide, (kh, kw), axis=(1, 2))
    dpadded = np.einsum("nrsfac,acmf->nrsm", windows, w[::-1, ::-1])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, np.einsum("nijf->f", dy)


EXERCISE = Exercise(
    name="conv2d_backward",
    oracle=convkit.conv2d_backward,
    cases=cases,
    examples=EXAMPLES,
    parts=("dx", "dw", "db"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        seven_loops,
        window_by_window,
        tap_by_tap,
        patches_as_rows,
        dilated_upstream_and_turned_kernel,
    ),
    misconceptions=(
        *conv2d_backward_windows.MISTAKES,
        *conv2d_backward_sums.MISTAKES,
        *conv2d_backward_bias.MISTAKES,
        *conv2d_backward_slides.MISTAKES,
    ),
    covers=("D3 D(d) D(e)",),
)
