"""Wrong answers to the functions of the notebook on gradients."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong(
    "correlate1d_backward", "dx as a correlation: the kernel is not flipped", "kernel_not_turned"
)
def cb1_dx_not_flipped(dy, x, w):
    k = len(w)
    dw = np.zeros(k)
    for a in range(k):
        for i in range(len(dy)):
            dw[a] += dy[i] * x[i + a]
    padded = np.pad(dy, k - 1)
    dx = np.array([np.sum(padded[i : i + k] * w) for i in range(len(x))])
    return dx, dw


@wrong("correlate1d_backward", "the answers in the other order", "returned_in_the_other_order")
def cb1_order(dy, x, w):
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dw, dx


@wrong("correlate1d_backward", "assigned instead of added in dx", "shares_overwritten")
def cb1_assigned(dy, x, w):
    dx = np.zeros(len(x))
    dw = np.zeros(len(w))
    for i in range(dy.shape[0]):
        for a in range(w.shape[0]):
            dx[i + a] = dy[i] * w[a]
            dw[a] += dy[i] * x[i + a]
    return dx, dw


@wrong("correlate1d_backward", "assigned instead of added in dw", "last_window_only")
def cb1_dw_assigned(dy, x, w):
    n, k = len(x), len(w)
    dx, dw = np.zeros(n), np.zeros(k)
    for i in range(n - k + 1):
        for a in range(k):
            dx[i + a] = dx[i + a] + dy[i] * w[a]
            dw[a] = dy[i] * x[i + a]
    return dx, dw


@wrong("correlate1d_backward", "dw flipped", "kernel_gradient_backwards")
def cb1_dw_flipped(dy, x, w):
    dx = np.zeros(len(x))
    for a in range(len(w)):
        dx[a : a + len(dy)] += w[a] * dy
    dw = [np.dot(dy, x[a : a + len(dy)]) for a in range(len(w))]
    return dx, np.array(dw[::-1])


@wrong(
    "correlate1d_backward",
    "arrays made like x: fractions cut, or an error of types",
    "fractions_cut_off",
)
def cb1_like_x(dy, x, w):
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw


@wrong(
    "correlate1d_backward",
    "dx has the length of dy: what reaches further is left out",
    "dx_as_long_as_the_output",
)
def cb1_dx_short(dy, x, w):
    dw = np.array([np.dot(dy, x[a : a + len(dy)]) for a in range(len(w))])
    dx = np.zeros(len(dy))
    for i in range(len(dy)):
        for a in range(len(w)):
            if 0 <= i - a:
                dx[i] += dy[i - a] * w[a]
    return dx, dw


@pair(
    "correlate1d_backward",
    "the kernel not flipped, and the answers in the other order",
    "returned_in_the_other_order",
    "kernel_not_turned",
)
def cb1_not_flipped_order(dy, x, w):
    k = len(w)
    dw = np.array([sum(dy[i] * x[i + a] for i in range(len(dy))) for a in range(k)])
    far = np.concatenate([np.zeros(k - 1), dy, np.zeros(k - 1)])
    dx = np.array([far[i : i + k] @ w for i in range(len(x))])
    return dw, dx


@pair(
    "correlate1d_backward",
    "assigned in dx, and in dw as well",
    "last_window_only",
    "shares_overwritten",
)
def cb1_both_assigned(dy, x, w):
    gx = [0.0] * len(x)
    gw = [0.0] * len(w)
    for i, g in enumerate(dy):
        for a in range(len(w)):
            gx[i + a] = g * w[a]
            gw[a] = g * x[i + a]
    return np.array(gx), np.array(gw)


@odd(
    "correlate1d_backward",
    "divided by the number of outputs",
    "mean_over_windows",
    "mean_over_windows_in_dx",
)
def cb1_mean(dy, x, w):
    m = len(dy)
    dx = np.zeros(len(x))
    for i in range(m):
        dx[i : i + len(w)] += dy[i] * w / m
    dw = np.array([np.mean(dy * x[a : a + m]) for a in range(len(w))])
    return dx, dw


@wrong(
    "filter_gradient",
    "convolution instead of correlation: the upstream gradient is flipped",
    "upstream_turned",
)
def fg_flipped(dy, x):
    h, w = dy.shape
    kh, kw = x.shape[0] - h + 1, x.shape[1] - w + 1
    dk = np.zeros((kh, kw))
    g = dy[::-1, ::-1]
    for a in range(kh):
        for b in range(kw):
            dk[a, b] = np.sum(g * x[a : a + h, b : b + w])
    return dk


@wrong("filter_gradient", "the gradient to the kernel turned by half a turn", "gradient_turned")
def fg_turned(dy, x):
    view = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.rot90(np.einsum("abij,ij->ab", view, dy), 2)


@wrong("filter_gradient", "assigned: only the last output counts", "last_output_only")
def fg_assigned(dy, x):
    h, w = dy.shape
    dk = np.zeros((x.shape[0] - h + 1, x.shape[1] - w + 1))
    for i in range(h):
        for j in range(w):
            for a in range(dk.shape[0]):
                for b in range(dk.shape[1]):
                    dk[a, b] = dy[i, j] * x[i + a, j + b]
    return dk


@wrong("filter_gradient", "full size instead of the kernel's", "full_in_place_of_valid")
def fg_full(dy, x):
    h, w = dy.shape
    xp = np.pad(x, ((h - 1, h - 1), (w - 1, w - 1)))
    out = np.zeros((x.shape[0] + h - 1, x.shape[1] + w - 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(xp[i : i + h, j : j + w] * dy)
    return out


@wrong("filter_gradient", "whole numbers of x cut the sums", "fractions_cut_off")
def fg_int(dy, x):
    h, w = dy.shape
    dk = np.zeros((x.shape[0] - h + 1, x.shape[1] - w + 1), dtype=x.dtype)
    for a in range(dk.shape[0]):
        for b in range(dk.shape[1]):
            dk[a, b] = np.sum(dy * x[a : a + h, b : b + w])
    return dk


@wrong("filter_gradient", "the kernel is taken for square")
def fg_square(dy, x):
    size = x.shape[0] - dy.shape[0] + 1
    dk = np.zeros((size, size))
    for a in range(size):
        for b in range(size):
            part = x[a : a + dy.shape[0], b : b + dy.shape[1]]
            dk[a, b] = np.sum(part * dy[: part.shape[0], : part.shape[1]])
    return dk


@pair("filter_gradient", "assigned, and the result flipped", "gradient_turned", "last_output_only")
def fg_assigned_flipped(dy, x):
    dk = np.zeros((x.shape[0] - dy.shape[0] + 1, x.shape[1] - dy.shape[1] + 1))
    kh, kw = dk.shape
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            dk = dy[i, j] * x[i : i + kh, j : j + kw][::-1, ::-1]
    return dk


@odd("filter_gradient", "the sum of all upstream gradients times the sum of the window")
def fg_sums(dy, x):
    h, w = dy.shape
    kh, kw = x.shape[0] - h + 1, x.shape[1] - w + 1
    return np.array(
        [[dy.sum() * x[a : a + h, b : b + w].sum() for b in range(kw)] for a in range(kh)]
    )


@wrong("input_gradient", "full correlation: the kernel is not flipped", "kernel_not_turned")
def ig_not_flipped(dy, k):
    kh, kw = k.shape
    pad = np.pad(dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    H, W = dy.shape[0] + kh - 1, dy.shape[1] + kw - 1
    dx = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            dx[i, j] = np.sum(pad[i : i + kh, j : j + kw] * k)
    return dx


@wrong("input_gradient", "assigned instead of added where windows overlap", "shares_overwritten")
def ig_assigned(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            dx[i : i + kh, j : j + kw] = dy[i, j] * k
    return dx


@wrong("input_gradient", "kernel transposed instead of flipped", "kernel_transposed")
def ig_transposed(dy, k):
    kt = k.T
    kh, kw = kt.shape
    p = np.pad(dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    v = np.lib.stride_tricks.sliding_window_view(p, kt.shape)
    return np.sum(v * kt, axis=(2, 3))


@wrong("input_gradient", "only where the kernel lies inside: no border")
def ig_valid(dy, k):
    a, b = k.shape
    f = np.flip(k)
    return np.array(
        [
            [np.sum(dy[i : i + a, j : j + b] * f) for j in range(dy.shape[1] - b + 1)]
            for i in range(dy.shape[0] - a + 1)
        ]
    )


@wrong("input_gradient", "whole numbers of dy cut the fractions of the kernel", "fractions_cut_off")
def ig_int(dy, k):
    kh, kw = k.shape
    dx = np.zeros_like(dy, shape=(dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            for a in range(kh):
                for b in range(kw):
                    dx[i + a, j + b] += dy[i, j] * k[a, b]
    return dx


@wrong("input_gradient", "flipped upside down only", "turned_upside_down_only")
def ig_flipud(dy, k):
    kh, kw = k.shape
    f = k[::-1]
    P = np.zeros((dy.shape[0] + 2 * kh - 2, dy.shape[1] + 2 * kw - 2))
    P[kh - 1 : kh - 1 + dy.shape[0], kw - 1 : kw - 1 + dy.shape[1]] = dy
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for r in range(dx.shape[0]):
        for c in range(dx.shape[1]):
            dx[r, c] = (P[r : r + kh, c : c + kw] * f).sum()
    return dx


@pair("input_gradient", "kernel not flipped, and no border", "kernel_not_turned")
def ig_not_flipped_valid(dy, k):
    v = np.lib.stride_tricks.sliding_window_view(dy, k.shape)
    return (v * k).sum(axis=(-1, -2))


@odd("input_gradient", "every pixel gets the sum of the kernel times the mean of dy")
def ig_mean(dy, k):
    return np.full(
        (dy.shape[0] + k.shape[0] - 1, dy.shape[1] + k.shape[1] - 1), dy.mean() * k.sum()
    )


@wrong("conv2d_backward", "un-padding with [p:-p] where p is 0", "slice_ends_at_minus_zero")
def cb_unpad_zero(dy, x, w, stride=1, padding=0):
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    kh, kw, _, F = w.shape
    N, Ho, Wo, _ = dy.shape
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                for f in range(F):
                    r, c = i * stride, j * stride
                    dw[..., f] += dy[n, i, j, f] * xp[n, r : r + kh, c : c + kw]
                    dxp[n, r : r + kh, c : c + kw] += dy[n, i, j, f] * w[..., f]
    return dxp[:, p:-p, p:-p], dw, dy.sum(axis=(0, 1, 2))


@wrong("conv2d_backward", "stride missing in dx", "stride_missing_in_dx")
def cb_no_stride_dx(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, _, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            for n in range(N):
                for f in range(F):
                    g = dy[n, i, j, f]
                    a, b = i * stride, j * stride
                    dw[:, :, :, f] += g * xp[n, a : a + kh, b : b + kw, :]
                    dxp[n, i : i + kh, j : j + kw, :] += g * w[:, :, :, f]
    db = np.sum(dy, axis=(0, 1, 2))
    return dxp[:, padding : padding + H, padding : padding + W, :], dw, db


@wrong("conv2d_backward", "dw of the first image only", "kernel_gradient_of_first_image")
def cb_dw_first(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, _, F = w.shape
    xp = np.pad(x, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    db = dy.sum((0, 1, 2))
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            rows = slice(i * stride, i * stride + kh)
            cols = slice(j * stride, j * stride + kw)
            dw += xp[0, rows, cols][..., None] * dy[0, i, j]
            dxp[:, rows, cols] += np.einsum("nf,abcf->nabc", dy[:, i, j], w)
    return dxp[:, padding : padding + H, padding : padding + W], dw, db


@wrong("conv2d_backward", "db summed over the batch alone", "bias_summed_over_images_only")
def cb_db_batch(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, _, F = w.shape
    xp = np.pad(x, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            block = xp[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            dw += np.tensordot(block, dy[:, i, j], axes=(0, 0))
            dxp[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += np.tensordot(
                dy[:, i, j], w, axes=(1, 3)
            )
    db = np.sum(dy, axis=0)
    return dxp[:, padding : padding + H, padding : padding + W], dw, db


@wrong("conv2d_backward", "the mean over the batch in dw and db", "gradients_averaged_over_images")
def cb_mean(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dxp, dw, db = np.zeros(xp.shape), np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for f in range(F):
                    db[f] += dy[n, i, j, f] / N
                    for a in range(kh):
                        for b in range(kw):
                            for c in range(C):
                                r, q = i * stride + a, j * stride + b
                                dw[a, b, c, f] += dy[n, i, j, f] * xp[n, r, q, c] / N
                                dxp[n, r, q, c] += dy[n, i, j, f] * w[a, b, c, f]
    return dxp[:, p : p + H, p : p + W], dw, db


@wrong("conv2d_backward", "assigned instead of added in dx", "shares_overwritten")
def cb_dx_assigned(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dx = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                a, b = i * stride, j * stride
                dx[n, a : a + kh, b : b + kw] = w @ dy[n, i, j]
                for f in range(F):
                    dw[..., f] += xp[n, a : a + kh, b : b + kw] * dy[n, i, j, f]
    return dx[:, p : p + H, p : p + W], dw, dy.sum(axis=(0, 1, 2))


@wrong("conv2d_backward", "dx with the kernel flipped", "kernels_turned")
def cb_dx_flipped(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dx, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                a, b = i * stride, j * stride
                dx[n, a : a + kh, b : b + kw] += w[::-1, ::-1] @ dy[n, i, j]
                dw += xp[n, a : a + kh, b : b + kw, :, None] * dy[n, i, j]
    return dx[:, p : p + H, p : p + W], dw, dy.sum(axis=(0, 1, 2))


@wrong("conv2d_backward", "the padding is left on dx", "border_kept")
def cb_padding_stays(dy, x, w, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dx, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros(F)
    for n in range(x.shape[0]):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for f in range(F):
                    window = xp[n, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    dw[:, :, :, f] += window * dy[n, i, j, f]
                    db[f] += dy[n, i, j, f]
                    dx[n, i * stride : i * stride + kh, j * stride : j * stride + kw] += (
                        w[:, :, :, f] * dy[n, i, j, f]
                    )
    return dx, dw, db


@wrong("conv2d_backward", "un-padding by one pixel, whatever the padding", "border_of_one_cut_off")
def cb_unpad_one(dy, x, w, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dx, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            win = xp[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            dw += np.einsum("nabc,nf->abcf", win, dy[:, i, j])
            dx[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += np.einsum(
                "abcf,nf->nabc", w, dy[:, i, j]
            )
    if padding > 0:
        dx = dx[:, 1:-1, 1:-1, :]
    return dx, dw, np.einsum("nijf->f", dy)


@wrong("conv2d_backward", "padding forgotten in dw", "padding_forgotten")
def cb_dw_no_padding(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    dxp = np.zeros((N, H + 2 * p, W + 2 * p, C))
    dw = np.zeros(w.shape)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                r, c = i * stride, j * stride
                part = x[n, r : r + kh, c : c + kw]
                for f in range(F):
                    dw[: part.shape[0], : part.shape[1], :, f] += part * dy[n, i, j, f]
                    dxp[n, r : r + kh, c : c + kw] += w[..., f] * dy[n, i, j, f]
    return dxp[:, p : p + H, p : p + W], dw, dy.sum(axis=(0, 1, 2))


@pair(
    "conv2d_backward",
    "un-padding with [p:-p], and db summed over the batch alone",
    "bias_summed_over_images_only",
    "slice_ends_at_minus_zero",
)
def cb_unpad_db(dy, x, w, stride=1, padding=0):
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    kh, kw = w.shape[:2]
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            r, c = i * stride, j * stride
            dw += np.einsum("nabc,nf->abcf", xp[:, r : r + kh, c : c + kw], dy[:, i, j])
            dxp[:, r : r + kh, c : c + kw] += np.einsum("abcf,nf->nabc", w, dy[:, i, j])
    return dxp[:, p:-p, p:-p, :], dw, dy.sum(axis=0)


@pair(
    "conv2d_backward",
    "stride missing in dx, and dw of the last image only",
    "kernel_gradient_of_last_image",
    "stride_missing_in_dx",
)
def cb_no_stride_last(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    dx = np.zeros(x.shape)
    for n in range(N):
        dw = np.zeros(w.shape)
        img = np.pad(x[n], ((p, p), (p, p), (0, 0)))
        dimg = np.zeros(img.shape)
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for f in range(F):
                    dw[..., f] += (
                        img[i * stride : i * stride + kh, j * stride : j * stride + kw]
                        * dy[n, i, j, f]
                    )
                    dimg[i : i + kh, j : j + kw] += w[..., f] * dy[n, i, j, f]
        dx[n] = dimg[p : p + H, p : p + W]
    return dx, dw, dy.sum(axis=(0, 1, 2))


@pair(
    "conv2d_backward",
    "dx not flipped, and stride missing everywhere",
    "kernels_turned",
    "stride_missing_everywhere",
)
def cb_flipped_no_stride(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            dw += np.einsum("nabc,nf->abcf", xp[:, i : i + kh, j : j + kw], dy[:, i, j])
            dxp[:, i : i + kh, j : j + kw] += np.einsum(
                "abcf,nf->nabc", np.flip(w, axis=(0, 1)), dy[:, i, j]
            )
    return dxp[:, p : p + H, p : p + W], dw, dy.sum(axis=(0, 1, 2))


@odd("conv2d_backward", "the order dw, dx, db", "returned_in_another_order")
def cb_order(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            r, c = i * stride, j * stride
            dw += np.einsum("nabc,nf->abcf", xp[:, r : r + kh, c : c + kw], dy[:, i, j])
            dxp[:, r : r + kh, c : c + kw] += np.einsum("abcf,nf->nabc", w, dy[:, i, j])
    return dw, dxp[:, p : p + H, p : p + W], dy.sum((0, 1, 2))


@odd("conv2d_backward", "filters are added up before they meet the kernels")
def cb_filters_summed(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    g = dy.sum(axis=3)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                r, c = i * stride, j * stride
                dxp[n, r : r + kh, c : c + kw] += g[n, i, j] * w.sum(axis=3)
                dw += (g[n, i, j] * xp[n, r : r + kh, c : c + kw])[..., None]
    return dxp[:, p : p + H, p : p + W], dw, dy.sum(axis=(0, 1, 2))


@wrong(
    "adversarial_step", "the gradient itself instead of its sign", "gradient_in_place_of_its_sign"
)
def adv_no_sign(x, dx, epsilon):
    x_adv = x.copy()
    for place in np.ndindex(x.shape):
        x_adv[place] = min(max(x[place] + epsilon * dx[place], 0), 1)
    return x_adv


@wrong("adversarial_step", "against the gradient, as in training", "downhill")
def adv_down(x, dx, epsilon):
    new = x - epsilon * np.sign(dx)
    new[new < 0] = 0
    new[new > 1] = 1
    return new


@wrong("adversarial_step", "not cut to the range", "not_cut_off")
def adv_no_clip(x, dx, epsilon):
    out = np.copy(x)
    for idx in np.ndindex(x.shape):
        if dx[idx] > 0:
            out[idx] += epsilon
        elif dx[idx] < 0:
            out[idx] -= epsilon
    return out


@wrong("adversarial_step", "a pixel with gradient 0 moves down", "flat_pixels_lowered")
def adv_flat_moves(x, dx, epsilon):
    return np.clip(np.where(dx > 0, x + epsilon, x - epsilon), 0, 1)


@wrong("adversarial_step", "only the upper end is cut", "cut_off_above_only")
def adv_upper(x, dx, epsilon):
    return np.minimum(x + epsilon * np.sign(dx), 1.0)


@wrong("adversarial_step", "the step is cut, not the image", "step_cut_off")
def adv_clips_step(x, dx, epsilon):
    step = np.clip(epsilon * np.sign(dx), 0, 1)
    return x + step


@pair(
    "adversarial_step",
    "the gradient itself, and not cut",
    "gradient_in_place_of_its_sign",
    "not_cut_off",
)
def adv_no_sign_no_clip(x, dx, epsilon):
    y = x + dx * epsilon
    return y


@pair(
    "adversarial_step",
    "against the gradient, and a flat pixel moves",
    "downhill",
    "flat_pixels_raised",
)
def adv_down_flat(x, dx, epsilon):
    r = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        s = 1 if dx[i] > 0 else -1
        r[i] = min(1, max(0, x[i] - epsilon * s))
    return r


@odd("adversarial_step", "the gradient scaled to the largest entry", "scaled_by_the_largest_entry")
def adv_scaled(x, dx, epsilon):
    direction = dx / np.abs(dx).max()
    return np.clip(x + epsilon * direction, 0, 1)


@odd("adversarial_step", "stretched to the whole range after the step", "stretched_to_the_range")
def adv_stretched(x, dx, epsilon):
    y = x + epsilon * np.sign(dx)
    return (y - y.min()) / (y.max() - y.min())


@pair(
    "filter_gradient",
    "convolution instead of correlation, and fractions cut",
    "upstream_turned",
    "fractions_cut_off",
)
def fg_flipped_int(dy, x):
    g = np.flip(dy)
    h, w = g.shape
    dk = np.zeros((x.shape[0] - h + 1, x.shape[1] - w + 1), x.dtype)
    for a in range(dk.shape[0]):
        for b in range(dk.shape[1]):
            dk[a, b] = (g * x[a : a + h, b : b + w]).sum()
    return dk


@pair(
    "input_gradient",
    "kernel not flipped, and assigned instead of added",
    "kernel_not_turned",
    "shares_overwritten",
)
def ig_not_flipped_assigned(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            dx[i : i + kh, j : j + kw] = dy[i, j] * k[::-1, ::-1]
    return dx


@pair(
    "conv2d_backward",
    "assigned instead of added in dx, and the padding left on it",
    "shares_overwritten",
    "border_kept",
)
def cb_assigned_padding(dy, x, w, stride=1, padding=0):
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dx, dw = np.zeros(xp.shape), np.zeros(w.shape)
    kh, kw = w.shape[:2]
    for n in range(len(x)):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                r, c = i * stride, j * stride
                dx[n, r : r + kh, c : c + kw] = w @ dy[n, i, j]
                dw += xp[n, r : r + kh, c : c + kw, :, None] * dy[n, i, j]
    return dx, dw, dy.sum((0, 1, 2))


@pair(
    "conv2d_backward",
    "the mean over the batch in dw and db, and stride missing in dx",
    "gradients_averaged_over_images",
    "stride_missing_in_dx",
)
def cb_mean_no_stride_dx(dy, x, w, stride=1, padding=0):
    N, H, W, C = x.shape
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dx, dw = np.zeros(xp.shape), np.zeros(w.shape)
    kh, kw = w.shape[:2]
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            r, c = i * stride, j * stride
            dw += np.einsum("nabc,nf->abcf", xp[:, r : r + kh, c : c + kw], dy[:, i, j]) / N
            dx[:, i : i + kh, j : j + kw] += np.einsum("abcf,nf->nabc", w, dy[:, i, j])
    return dx[:, p : p + H, p : p + W], dw, dy.sum((0, 1, 2)) / N
