"""Known mistakes in ``conv2d_backward``: padding, stride, and where the windows stand."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

EVERY_GROUP: Final = frozenset(
    {
        "bias",
        "kernel",
        "image",
        "batch",
        "stride",
        "remainder",
        "padding",
        "kernel_shape",
        "everything",
    }
)
LARGER_STRIDE: Final = frozenset({"stride", "remainder", "everything"})


@chaff(
    says="With padding 0, a slice that ends at minus zero is empty, so your dx is lost. Count "
    "the end of the slice from the front.",
    breaks=EVERY_GROUP - {"padding", "everything"},
)
def slice_ends_at_minus_zero(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    dx = dpadded[:, padding:-padding, padding:-padding]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your dx still has the border of the padding. It belongs to no pixel of x: cut it off.",
    breaks={"padding", "everything"},
)
def border_kept(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    dx = dpadded
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="You always cut off a border of one. Cut off as much as the padding has added.",
    breaks=EVERY_GROUP,
)
def border_of_one_cut_off(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    dx = dpadded[:, 1:-1, 1:-1]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="You lay the windows on x itself, without its border of zeros. The forward pass read them "
    "from the padded images: a window begins by the padding further up and to the left.",
    breaks={"padding", "everything"},
)
def padding_forgotten(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        rows, columns = x[seen].shape[1:3]
        dx[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w[:rows, :columns])
        dw[:rows, :columns] += np.einsum("nacm,nf->acmf", x[seen], dy[:, i, j])
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="The stride is missing in dx: the shares go to windows that lie side by side. Use the "
    "places of the forward pass.",
    breaks=LARGER_STRIDE,
)
def stride_missing_in_dx(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        side_by_side = np.s_[:, i : i + kh, j : j + kw]
        dpadded[side_by_side] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="The stride is missing in dw: its windows lie side by side. Use the places of the "
    "forward pass.",
    breaks=LARGER_STRIDE,
)
def stride_missing_in_dw(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        side_by_side = np.s_[:, i : i + kh, j : j + kw]
        dw += np.einsum("nacm,nf->acmf", padded[side_by_side], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="The stride is missing: your windows lie side by side. Use the places of the forward "
    "pass.",
    breaks=LARGER_STRIDE,
)
def stride_missing_everywhere(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i, j
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your stride spreads the kernel's entries apart. It moves the window; inside a "
    "window, pixels are neighbours.",
    breaks=LARGER_STRIDE,
)
def stride_inside_the_window(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        down = slice(i, i + stride * (kh - 1) + 1, stride)
        seen = np.s_[:, down, j : j + stride * (kw - 1) + 1 : stride]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your dx ends with the last window. Where the stride leaves rows or columns over, "
    "they get the gradient 0, and dx has the shape of x.",
    breaks={"remainder", "everything"},
)
def image_without_its_rest(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    rows, columns = ((size - 1) * stride for size in dy.shape[1:3])
    height, width = rows + kh - 2 * padding, columns + kw - 2 * padding
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="The last row and the last column of windows are missing. Your loops stop one output "
    "early.",
    breaks=EVERY_GROUP - {"bias"},
)
def one_window_short(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(dy.shape[1] - 1, dy.shape[2] - 1):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Height and width are mixed up: both your loops over the outputs go as far as dy is "
    "high. The axes of dy are image, height, width, filter.",
    breaks=EVERY_GROUP,
)
def height_for_both(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(dy.shape[1], dy.shape[1]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Height and width are mixed up: both your loops over the outputs go as far as dy is "
    "wide. The axes of dy are image, height, width, filter.",
    breaks=EVERY_GROUP,
)
def width_for_both(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(dy.shape[2], dy.shape[2]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Height and width are mixed up where you cut the border off dx: it has as many rows as x "
    "has, and as many columns.",
    breaks=EVERY_GROUP,
)
def height_and_width_exchanged_in_the_cut(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    width, height = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


MISTAKES: Final = (
    slice_ends_at_minus_zero,
    border_kept,
    border_of_one_cut_off,
    padding_forgotten,
    stride_missing_in_dx,
    stride_missing_in_dw,
    stride_missing_everywhere,
    stride_inside_the_window,
    image_without_its_rest,
    one_window_short,
    height_for_both,
    width_for_both,
    height_and_width_exchanged_in_the_cut,
)
