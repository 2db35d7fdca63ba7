"""Known mistakes in ``conv2d_backward``: what is added up, in which order of the axes."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

from .conv2d_backward_windows import EVERY_GROUP

TO_THE_KERNELS: Final = EVERY_GROUP - {"bias", "image"}
TO_THE_IMAGES: Final = EVERY_GROUP - {"bias", "kernel"}
SEVERAL_IMAGES: Final = frozenset({"batch", "everything"})

OVERWRITTEN: Final = (
    "Each window overwrites what the windows before it sent to the image. A pixel lies in "
    "several windows, and their shares are added."
)

WHERE_TO_TURN: Final = (
    "In your dx the kernel lies the wrong way round, by 180 degrees. If you add a share for each "
    "window, it stays as it is; only if you slide it over the padded dy is it turned."
)


@chaff(
    says=WHERE_TO_TURN,
    breaks=TO_THE_IMAGES,
)
def kernels_turned(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w[::-1, ::-1])
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your dw is turned by 180 degrees. Nothing is flipped in the gradient to the kernels.",
    breaks=TO_THE_KERNELS,
)
def kernel_gradient_turned(dy, x, w, stride=1, padding=0):
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
    return dx, dw[::-1, ::-1], dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your kernels lie on their side: their rows run down the image. The first axis of w "
    "is the height, the second the width.",
    breaks=TO_THE_IMAGES | TO_THE_KERNELS,
)
def kernels_transposed(dy, x, w, stride=1, padding=0):
    w = w.transpose(1, 0, 2, 3)
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
    return dx, dw.transpose(1, 0, 2, 3), dy.sum(axis=(0, 1, 2))


@chaff(
    says=OVERWRITTEN,
    breaks=TO_THE_IMAGES,
)
def shares_overwritten(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] = np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your dw comes from the last window only. The kernels take part in every output, and "
    "all their shares are added.",
    breaks=TO_THE_KERNELS,
)
def last_window_only(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw = np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your dw comes from the first image only. All images use the same kernels: add their "
    "shares.",
    breaks=SEVERAL_IMAGES,
)
def kernel_gradient_of_first_image(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.multiply.outer(padded[seen][0], dy[0, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Only the last image has a gradient in your dx. Look at what your loop over the "
    "images writes to, and when.",
    breaks=SEVERAL_IMAGES,
)
def image_gradient_of_last_image(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen][-1] += np.tensordot(dy[-1, i, j], w, axes=(0, 3))
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your images are shuffled into each other. A reshape does not move axes: with more "
    "than one image, the image axis must be brought to its place by a transpose.",
    breaks=SEVERAL_IMAGES,
)
def images_reshaped_without_transpose(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    places, images, filters = dy[0, ..., 0].size, len(dy), dy.shape[3]
    shuffled = dy.reshape(-1, filters).reshape(places, images, filters)
    shuffled = shuffled.transpose(1, 0, 2).reshape(dy.shape)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.einsum("nacm,nf->acmf", padded[seen], shuffled[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="You divide by the number of images. That belongs into the loss, if anywhere: dy "
    "already holds it. The layer adds the shares of all images up.",
    breaks=SEVERAL_IMAGES | {"bias"},
)
def gradients_averaged_over_images(dy, x, w, stride=1, padding=0):
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
    return dx, dw / len(x), dy.sum(axis=(0, 1, 2)) / len(x)


@chaff(
    says="Your dw holds the right numbers in the wrong order. A reshape does not move axes: it "
    "cuts the same numbers at other places. Transpose first.",
    breaks=TO_THE_KERNELS,
)
def kernels_reshaped_without_transpose(dy, x, w, stride=1, padding=0):
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
    filters_first = dw.reshape(-1, w.shape[3]).T
    return dx, filters_first.reshape(w.shape), dy.sum(axis=(0, 1, 2))


@chaff(
    says="Channels and filters have changed places in your dw. It has the shape of w: height, "
    "width, channels, filters.",
    breaks=EVERY_GROUP,
)
def filters_before_channels(dy, x, w, stride=1, padding=0):
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
    return dx, dw.transpose(0, 1, 3, 2), dy.sum(axis=(0, 1, 2))


@chaff(
    says="You return the gradients in another order. First comes dx, then dw, then db.",
    breaks=EVERY_GROUP,
)
def returned_in_another_order(dy, x, w, stride=1, padding=0):
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
    return dw, dx, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Your dw comes from the last image only. All images use the same kernels: add their "
    "shares.",
    breaks=SEVERAL_IMAGES,
)
def kernel_gradient_of_last_image(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += np.multiply.outer(padded[seen][-1], dy[-1, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="Only the first image has a gradient in your dx. Each image has one of its own.",
    breaks=SEVERAL_IMAGES,
)
def image_gradient_of_first_image(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen][0] += np.tensordot(dy[0, i, j], w, axes=(0, 3))
        dw += np.einsum("nacm,nf->acmf", padded[seen], dy[:, i, j])
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@chaff(
    says="You leave the upstream gradient out of dw. A share is the pixel that the kernel met, "
    "times the entry of dy of that output.",
    breaks=TO_THE_KERNELS,
)
def upstream_left_out_of_dw(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        seen = np.s_[:, top : top + kh, left : left + kw]
        dpadded[seen] += np.einsum("nf,acmf->nacm", dy[:, i, j], w)
        dw += padded[seen].sum(axis=0)[..., None]
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


MISTAKES: Final = (
    kernels_turned,
    kernel_gradient_turned,
    kernels_transposed,
    shares_overwritten,
    last_window_only,
    kernel_gradient_of_first_image,
    image_gradient_of_last_image,
    images_reshaped_without_transpose,
    gradients_averaged_over_images,
    kernels_reshaped_without_transpose,
    filters_before_channels,
    returned_in_another_order,
    kernel_gradient_of_last_image,
    image_gradient_of_first_image,
    upstream_left_out_of_dw,
)
