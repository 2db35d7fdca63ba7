"""Known mistakes in ``conv2d_backward``: the gradient to the bias."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

from .conv2d_backward_windows import EVERY_GROUP


@chaff(
    says="You sum db over the filters too. Each filter has a bias of its own, so the axis of "
    "the filters stays.",
    breaks=EVERY_GROUP,
)
def bias_summed_over_everything(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, np.array(dy.sum())


@chaff(
    says="You sum db over the images only. A bias is added at every place of its map as well.",
    breaks=EVERY_GROUP,
)
def bias_summed_over_images_only(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=0)


@chaff(
    says="You take the mean of dy for db. The bias is added to every output, and all their "
    "gradients are summed.",
    breaks=EVERY_GROUP,
)
def bias_as_a_mean(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.mean(axis=(0, 1, 2))


@chaff(
    says="You add the gradient of the bias again for every entry of the kernel. A bias is added "
    "once to each output: take it out of the inner loops.",
    breaks=EVERY_GROUP,
)
def bias_gradient_for_every_tap(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, w[..., 0].size * dy.sum(axis=(0, 1, 2))


MISTAKES: Final = (
    bias_summed_over_everything,
    bias_summed_over_images_only,
    bias_as_a_mean,
    bias_gradient_for_every_tap,
)
