"""Known mistakes in ``conv2d_backward`` of those who slide dy or the kernel over an image."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

from .conv2d_backward_sums import OVERWRITTEN, TO_THE_IMAGES, WHERE_TO_TURN
from .conv2d_backward_windows import LARGER_STRIDE


@chaff(
    says="You slide the kernel over dy as it is, to get dx. With a stride the outputs stood apart: "
    "first put zeros between the entries of dy.",
    breaks=LARGER_STRIDE,
)
def upstream_not_spread_in_dx(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dw = np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dw += np.einsum("nacm,nf->acmf", padded[:, top : top + kh, left : left + kw], dy[:, i, j])
    wide = np.pad(dy, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(1, 2))
    dpadded = np.einsum("nrsfac,acmf->nrsm", windows, w[::-1, ::-1])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(says=WHERE_TO_TURN, breaks=TO_THE_IMAGES)
def neither_turned_nor_spread(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dw = np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dw += np.einsum("nacm,nf->acmf", padded[:, top : top + kh, left : left + kw], dy[:, i, j])
    wide = np.pad(dy, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(1, 2))
    dpadded = np.einsum("nrsfac,acmf->nrsm", windows, w)
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="You slide dy over the images as it is, to get dw. With a stride the outputs stood apart: "
    "first put zeros between the entries of dy.",
    breaks=LARGER_STRIDE,
)
def upstream_not_spread_in_dw(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded = np.zeros(padded.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dpadded[:, top : top + kh, left : left + kw] += share
    windows = np.lib.stride_tricks.sliding_window_view(padded, dy.shape[1:3], axis=(1, 2))
    dw = np.einsum("nacmij,nijf->acmf", windows, dy)
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="You slide dy over the images, and the kernel over dy, with dy as it is. With a stride "
    "the outputs stood apart: first put zeros between the entries of dy.",
    breaks=LARGER_STRIDE,
)
def upstream_spread_nowhere(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, dy.shape[1:3], axis=(1, 2))
    dw = np.einsum("nacmij,nijf->acmf", windows, dy)
    wide = np.pad(dy, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(1, 2))
    dpadded = np.einsum("nrsfac,acmf->nrsm", windows, w[::-1, ::-1])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(says=OVERWRITTEN, breaks=TO_THE_IMAGES)
def overwritten_side_by_side(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[:, i : i + kh, j : j + kw] = np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(says=WHERE_TO_TURN, breaks=TO_THE_IMAGES)
def turned_side_by_side(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        share = np.einsum("nf,acmf->nacm", dy[:, i, j], w[::-1, ::-1])
        dpadded[:, i : i + kh, j : j + kw] += share
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


MISTAKES: Final = (
    upstream_not_spread_in_dx,
    neither_turned_nor_spread,
    upstream_not_spread_in_dw,
    upstream_spread_nowhere,
    overwritten_side_by_side,
    turned_side_by_side,
)
