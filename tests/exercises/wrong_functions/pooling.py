"""Wrong answers to the functions of the notebook on pooling."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("max_pool2d", "padded with zeros, which win over what is below zero", "zeros_in_the_border")
def mp_zero_border(x, size, stride=None, padding=0):
    if stride is None:
        stride = size
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    Ho, Wo = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, Ho, Wo, C))
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                for c in range(C):
                    y[n, i, j, c] = xp[
                        n, i * stride : i * stride + size, j * stride : j * stride + size, c
                    ].max()
    return y


@wrong(
    "max_pool2d",
    "stride missing in the window start: windows always side by side",
    "stride_ignored",
)
def mp_side_by_side(x, size, stride=None, padding=0):
    s = size if stride is None else stride
    p = padding
    xp = np.pad(x.astype(float), ((0, 0), (p, p), (p, p), (0, 0)), constant_values=-np.inf)
    Ho = (xp.shape[1] - size) // s + 1
    Wo = (xp.shape[2] - size) // s + 1
    y = np.full((len(x), Ho, Wo, x.shape[3]), -np.inf)
    for i in range(Ho):
        for j in range(Wo):
            window = xp[:, i * size : (i + 1) * size, j * size : (j + 1) * size]
            if window.size:
                y[:, i, j] = np.nanmax(window.reshape(len(x), -1, x.shape[3]), axis=1)
    return y


@wrong(
    "max_pool2d",
    "output of H // stride rows, windows cut off at the border",
    "size_divided_by_stride",
)
def mp_h_over_stride(x, size, stride=None, padding=0):
    if stride is None:
        stride = size
    x = np.pad(
        x.astype(float),
        ((0, 0), (padding, padding), (padding, padding), (0, 0)),
        constant_values=-np.inf,
    )
    N, H, W, C = x.shape
    out = np.zeros((N, H // stride, W // stride, C))
    for i in range(H // stride):
        for j in range(W // stride):
            a, b = i * stride, j * stride
            out[:, i, j, :] = np.max(x[:, a : a + size, b : b + size, :], axis=(1, 2))
    return out


@wrong("max_pool2d", "the running maximum starts at 0", "search_from_zero")
def mp_starts_at_zero(x, size, stride=None, padding=0):
    stride = stride or size
    N, H, W, C = x.shape
    ho = (H + 2 * padding - size) // stride + 1
    wo = (W + 2 * padding - size) // stride + 1
    y = np.zeros((N, ho, wo, C))
    for n in range(N):
        for c in range(C):
            for i in range(ho):
                for j in range(wo):
                    best = 0
                    for a in range(size):
                        for b in range(size):
                            r = i * stride + a - padding
                            q = j * stride + b - padding
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                    y[n, i, j, c] = best
    return y


@wrong("max_pool2d", "one maximum over all channels", "maximum_over_channels")
def mp_over_channels(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    xp = np.full(
        (x.shape[0], x.shape[1] + 2 * padding, x.shape[2] + 2 * padding, x.shape[3]), -np.inf
    )
    xp[:, padding : padding + x.shape[1], padding : padding + x.shape[2]] = x
    N, H, W, C = xp.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for n in range(N):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                y[n, i, j] = np.max(
                    xp[n, i * stride : i * stride + size, j * stride : j * stride + size]
                )
    return y


@wrong("max_pool2d", "a whole number array cannot hold minus infinity")
def mp_int_infinity(x, size, stride=None, padding=0):
    stride = stride if stride is not None else size
    if padding > 0:
        x = np.pad(
            x,
            ((0, 0), (padding, padding), (padding, padding), (0, 0)),
            mode="constant",
            constant_values=-np.inf,
        )
    v = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    return v[:, ::stride, ::stride].max(axis=(-1, -2))


@wrong(
    "max_pool2d",
    "reshape: a rest that fills no window raises, the stride is ignored",
    "stride_ignored",
)
def mp_reshape(x, size, stride=None, padding=0):
    p = padding
    x = np.pad(x.astype(float), ((0, 0), (p, p), (p, p), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    return x.reshape(N, H // size, size, W // size, size, C).max(axis=(2, 4))


@wrong("max_pool2d", "padding ignored", "no_border")
def mp_no_padding(x, size, stride=None, padding=0):
    if stride == None:  # noqa: E711
        stride = size
    out = []
    for image in x:
        rows = []
        for i in range(0, image.shape[0] - size + 1, stride):
            rows.append(
                [
                    image[i : i + size, j : j + size].max(axis=(0, 1))
                    for j in range(0, image.shape[1] - size + 1, stride)
                ]
            )
        out.append(rows)
    return np.array(out)


@wrong("max_pool2d", "rounds up: a last window that sticks out is kept", "partial_windows_kept")
def mp_ceil(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    p = padding
    xp = np.pad(x.astype(float), ((0, 0), (p, p), (p, p), (0, 0)), constant_values=-np.inf)
    N, H, W, C = xp.shape
    Ho = int(np.ceil((H - size) / stride)) + 1
    Wo = int(np.ceil((W - size) / stride)) + 1
    y = np.full((N, Ho, Wo, C), -np.inf)
    for i in range(Ho):
        for j in range(Wo):
            w = xp[:, i * stride : i * stride + size, j * stride : j * stride + size]
            if w.shape[1] and w.shape[2]:
                y[:, i, j] = w.max(axis=(1, 2))
    return y


@wrong("max_pool2d", "height used for the number of columns too", "height_for_both")
def mp_square_only(x, size, stride=None, padding=0):
    s = size if stride is None else stride
    p = padding
    xp = np.pad(x.astype(float), ((0, 0), (p, p), (p, p), (0, 0)), constant_values=-np.inf)
    n_out = (xp.shape[1] - size) // s + 1
    y = np.zeros((len(x), n_out, n_out, x.shape[3]))
    for i in range(n_out):
        for j in range(n_out):
            y[:, i, j] = np.amax(xp[:, i * s : i * s + size, j * s : j * s + size], axis=(1, 2))
    return y


@pair(
    "max_pool2d",
    "zeros as border, and the loop over windows one short",
    "zeros_in_the_border",
    "one_window_short",
)
def mp_zero_short(x, size, stride=None, padding=0):
    stride = stride or size
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = list(range(0, xp.shape[1] - size, stride))
    cols = list(range(0, xp.shape[2] - size, stride))
    y = np.zeros((len(x), len(rows), len(cols), x.shape[3]))
    for p, i in enumerate(rows):
        for q, j in enumerate(cols):
            y[:, p, q] = xp[:, i : i + size, j : j + size].max((1, 2))
    return y


@pair(
    "max_pool2d",
    "only the first image, and zeros as border",
    "first_image_only",
    "zeros_in_the_border",
)
def mp_first_image_zero(x, size, stride=None, padding=0):
    if not stride:
        stride = size
    img = np.pad(x[0], ((padding, padding), (padding, padding), (0, 0)))
    H, W, C = img.shape
    y = np.zeros((x.shape[0], (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            for c in range(C):
                y[0, i, j, c] = np.max(
                    img[i * stride : i * stride + size, j * stride : j * stride + size, c]
                )
    return y


@odd("max_pool2d", "the maximum of the absolute values", "largest_absolute_value")
def mp_abs(x, size, stride=None, padding=0):
    stride = stride or size
    xp = np.pad(np.abs(x), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (size, size), axis=(1, 2))
    return v[:, ::stride, ::stride].max(axis=(4, 5))


@odd("max_pool2d", "pads with minus infinity after pooling instead of before")
def mp_pad_after(x, size, stride=None, padding=0):
    stride = stride or size
    v = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    y = v[:, ::stride, ::stride].max(axis=(4, 5)).astype(float)
    p = padding
    return np.pad(y, ((0, 0), (p, p), (p, p), (0, 0)), constant_values=-np.inf)


@wrong("avg_pool2d", "divides by the pixels inside, zeros do not count", "border_not_counted")
def ap_inside(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    N, H, W, C = x.shape
    Ho = (H + 2 * padding - size) // stride + 1
    Wo = (W + 2 * padding - size) // stride + 1
    y = np.zeros((N, Ho, Wo, C))
    for i in range(Ho):
        for j in range(Wo):
            r0, c0 = i * stride - padding, j * stride - padding
            r1, c1 = min(r0 + size, H), min(c0 + size, W)
            y[:, i, j] = x[:, max(r0, 0) : r1, max(c0, 0) : c1].mean(axis=(1, 2))
    return y


@wrong("avg_pool2d", "whole numbers are cut: the answer has the type of x", "fractions_cut_off")
def ap_int(x, size, stride=None, padding=0):
    if stride is None:
        stride = size
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    out = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C), x.dtype)
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = np.mean(
                xp[:, i * stride : i * stride + size, j * stride : j * stride + size], axis=(1, 2)
            )
    return out


@wrong("avg_pool2d", "divided by size, not by size squared", "divided_by_the_size_once")
def ap_by_size(x, size, stride=None, padding=0):
    s = stride or size
    p = padding
    xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    Ho, Wo = (xp.shape[1] - size) // s + 1, (xp.shape[2] - size) // s + 1
    y = np.zeros((x.shape[0], Ho, Wo, x.shape[3]))
    for a in range(size):
        for b in range(size):
            y += xp[:, a : a + s * Ho : s, b : b + s * Wo : s]
    return y / size


@wrong("avg_pool2d", "the sum, not divided", "sum_not_divided")
def ap_sum(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for n in range(N):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                for c in range(C):
                    total = 0
                    for a in range(size):
                        for b in range(size):
                            total += xp[n, i * stride + a, j * stride + b, c]
                    y[n, i, j, c] = total
    return y


@wrong("avg_pool2d", "stride ignored, windows side by side", "stride_ignored")
def ap_no_stride(x, size, stride=None, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    h, w = H // size, W // size
    return xp[:, : h * size, : w * size].reshape(N, h, size, w, size, C).mean(axis=(2, 4))


@wrong("avg_pool2d", "edge pixels instead of zeros as border", "border_repeats_the_edge")
def ap_edge(x, size, stride=None, padding=0):
    stride = stride or size
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), mode="edge")
    v = np.lib.stride_tricks.sliding_window_view(xp, (size, size), axis=(1, 2))
    return v[:, ::stride, ::stride].mean(axis=(-1, -2))


@wrong("avg_pool2d", "the mean over all channels of a window", "mean_over_channels")
def ap_channels(x, size, stride=None, padding=0):
    stride = stride or size
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for n in range(N):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                piece = xp[n, i * stride : i * stride + size, j * stride : j * stride + size, :]
                y[n, i, j, :] = piece.mean()
    return y


@pair(
    "avg_pool2d",
    "divided by size only, and padding ignored",
    "divided_by_the_size_once",
    "no_border",
)
def ap_by_size_no_padding(x, size, stride=None, padding=0):
    stride = stride or size
    N, H, W, C = x.shape
    rows = range(0, H - size + 1, stride)
    cols = range(0, W - size + 1, stride)
    y = np.array([[x[:, i : i + size, j : j + size].sum((1, 2)) for j in cols] for i in rows])
    return y.transpose(2, 0, 1, 3) / size


@pair(
    "avg_pool2d",
    "last windows missing, and whole numbers cut",
    "one_window_short",
    "fractions_cut_off",
)
def ap_short_int(x, size, stride=None, padding=0):
    stride = stride or size
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    y = np.zeros((N, len(range(0, H - size, stride)), len(range(0, W - size, stride)), C))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            total = xp[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, i, j] = total.sum(axis=(1, 2)) // (size * size)
    return y


@odd("avg_pool2d", "the median instead of the mean")
def ap_median(x, size, stride=None, padding=0):
    stride = stride or size
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (size, size), axis=(1, 2))
    return np.median(v[:, ::stride, ::stride], axis=(-1, -2))


@wrong("lp_pool2d", "no absolute value", "no_absolute_value")
def lp_no_abs(x, size, p, stride=None):
    stride = stride or size
    N, H, W, C = x.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for n in range(N):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                for c in range(C):
                    win = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    if p == np.inf:
                        y[n, i, j, c] = np.abs(win).max()
                    else:
                        y[n, i, j, c] = np.sum(win**p) ** (1 / p)
    return y


@wrong("lp_pool2d", "the root is missing", "root_forgotten")
def lp_no_root(x, size, p, stride=None):
    stride = size if stride is None else stride
    v = np.lib.stride_tricks.sliding_window_view(np.abs(x), (size, size), axis=(1, 2))
    v = v[:, ::stride, ::stride]
    if np.isinf(p):
        return v.max(axis=(-2, -1))
    return (v**p).sum(axis=(-2, -1))


@wrong("lp_pool2d", "p infinite is not treated on its own", "infinity_in_the_formula")
def lp_no_infinity(x, size, p, stride=None):
    if stride is None:
        stride = size
    rows = (x.shape[1] - size) // stride + 1
    cols = (x.shape[2] - size) // stride + 1
    y = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for i in range(rows):
        for j in range(cols):
            w = np.abs(x[:, i * stride : i * stride + size, j * stride : j * stride + size])
            y[:, i, j] = np.sum(w**p, axis=(1, 2)) ** (1 / p)
    return y


@wrong(
    "lp_pool2d",
    "p infinite: the largest pixel instead of the largest |x|",
    "maximum_without_absolute_value",
)
def lp_signed_max(x, size, p, stride=None):
    stride = stride or size
    v = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    v = v[:, ::stride, ::stride]
    if p == float("inf"):
        return v.max(axis=(-2, -1))
    return (np.abs(v) ** p).sum(axis=(-2, -1)) ** (1.0 / p)


@wrong("lp_pool2d", "the mean instead of the sum under the root", "mean_of_the_powers")
def lp_mean(x, size, p, stride=None):
    stride = stride or size
    N, H, W, C = x.shape
    out = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            w = np.abs(x[:, i * stride : i * stride + size, j * stride : j * stride + size])
            if p == np.inf:
                out[:, i, j] = w.max(axis=(1, 2))
            else:
                out[:, i, j] = np.mean(w**p, axis=(1, 2)) ** (1 / p)
    return out


@wrong("lp_pool2d", "always the square root", "always_the_square_root")
def lp_square_root(x, size, p, stride=None):
    stride = stride or size
    v = np.lib.stride_tricks.sliding_window_view(np.abs(x), (size, size), axis=(1, 2))
    v = v[:, ::stride, ::stride]
    if p == np.inf:
        return v.max(axis=(-2, -1))
    return np.sqrt(np.sum(v**p, axis=(-2, -1)))


@wrong("lp_pool2d", "p cut to a whole number")
def lp_int_p(x, size, p, stride=None):
    stride = stride or size
    v = np.lib.stride_tricks.sliding_window_view(np.abs(x), (size, size), axis=(1, 2))
    v = v[:, ::stride, ::stride]
    if p == np.inf:
        return np.amax(v, axis=(4, 5))
    p = int(p)
    product = np.ones_like(v)
    for _ in range(p):
        product = product * v
    return product.sum((4, 5)) ** (1 / p)


@pair(
    "lp_pool2d",
    "no absolute value, and the stride ignored",
    "no_absolute_value",
    "maximum_without_absolute_value",
    "stride_ignored",
)
def lp_no_abs_no_stride(x, size, p, stride=None):
    N, H, W, C = x.shape
    h, w = H // size, W // size
    v = x[:, : h * size, : w * size].reshape(N, h, size, w, size, C)
    if p == np.inf:
        return v.max(axis=(2, 4))
    return (v**p).sum(axis=(2, 4)) ** (1 / p)


@odd(
    "lp_pool2d",
    "1 / p in whole numbers: the root of everything is 1 for p above 1",
    "root_in_whole_numbers",
)
def lp_floor_root(x, size, p, stride=None):
    stride = stride or size
    v = np.lib.stride_tricks.sliding_window_view(np.abs(x), (size, size), axis=(1, 2))
    v = v[:, ::stride, ::stride]
    if p == np.inf:
        return v.max(axis=(-1, -2))
    return (v**p).sum(axis=(-1, -2)) ** (1 // p)


@wrong(
    "adaptive_avg_pool2d", "windows of H // rows, starting there too", "fixed_windows_rounded_down"
)
def ad_floor(x, output_size):
    N, H, W, C = x.shape
    rows, cols = output_size
    sh, sw = H // rows, W // cols
    y = np.zeros((N, rows, cols, C))
    for i in range(rows):
        for j in range(cols):
            y[:, i, j] = x[:, i * sh : (i + 1) * sh, j * sw : (j + 1) * sw].mean(axis=(1, 2))
    return y


@wrong("adaptive_avg_pool2d", "ends rounded down: windows do not overlap", "ends_rounded_down")
def ad_no_overlap(x, output_size):
    N, H, W, C = x.shape
    R, Q = output_size
    y = np.zeros((N, R, Q, C))
    for n in range(N):
        for c in range(C):
            for i in range(R):
                for j in range(Q):
                    top, bottom = i * H // R, (i + 1) * H // R
                    left, right = j * W // Q, (j + 1) * W // Q
                    y[n, i, j, c] = np.mean(x[n, top:bottom, left:right, c])
    return y


@wrong("adaptive_avg_pool2d", "starts rounded up", "beginnings_rounded_up")
def ad_starts_up(x, output_size):
    import math

    N, H, W, C = x.shape
    R, Q = output_size
    out = np.empty((N, R, Q, C))
    for i in range(R):
        for j in range(Q):
            a, b = math.ceil(i * H / R), math.ceil((i + 1) * H / R)
            c, d = math.ceil(j * W / Q), math.ceil((j + 1) * W / Q)
            out[:, i, j] = x[:, a:b, c:d].mean((1, 2))
    return out


@wrong(
    "adaptive_avg_pool2d", "rows and columns of the output exchanged", "rows_and_columns_swapped"
)
def ad_swapped(x, output_size):
    cols, rows = output_size
    N, H, W, C = x.shape

    def bounds(i, n, m):
        return (i * n) // m, -((-(i + 1) * n) // m)

    y = np.zeros((N, rows, cols, C))
    for i in range(rows):
        for j in range(cols):
            a, b = bounds(i, H, rows)
            c, d = bounds(j, W, cols)
            y[:, i, j] = x[:, a:b, c:d].mean(axis=(1, 2))
    return y


@wrong("adaptive_avg_pool2d", "the last window takes all that is left over")
def ad_last_takes_rest(x, output_size):
    N, H, W, C = x.shape
    r, q = output_size
    h, w = H // r, W // q
    y = np.zeros((N, r, q, C))
    for i in range(r):
        for j in range(q):
            bottom = H if i == r - 1 else (i + 1) * h
            right = W if j == q - 1 else (j + 1) * w
            y[:, i, j] = np.mean(x[:, i * h : bottom, j * w : right], axis=(1, 2))
    return y


@wrong(
    "adaptive_avg_pool2d",
    "the mean over images and channels as well",
    "mean_over_channels",
    "mean_over_the_batch",
)
def ad_mean_all(x, output_size):
    N, H, W, C = x.shape
    R, Q = output_size
    y = np.zeros((N, R, Q, C))
    for i in range(R):
        for j in range(Q):
            a, b = int(np.floor(i * H / R)), int(np.ceil((i + 1) * H / R))
            c, d = int(np.floor(j * W / Q)), int(np.ceil((j + 1) * W / Q))
            y[:, i, j, :] = np.mean(x[:, a:b, c:d, :])
    return y


@pair(
    "adaptive_avg_pool2d",
    "ends rounded down, and the sum instead of the mean",
    "sum_not_divided",
    "ends_rounded_down",
)
def ad_no_overlap_sum(x, output_size):
    N, H, W, C = x.shape
    R, Q = output_size
    y = np.zeros((N, R, Q, C))
    for i in range(R):
        for j in range(Q):
            y[:, i, j] = x[:, i * H // R : (i + 1) * H // R, j * W // Q : (j + 1) * W // Q].sum(
                axis=(1, 2)
            )
    return y


@odd("adaptive_avg_pool2d", "picks pixels at equal distances instead of means")
def ad_picks(x, output_size):
    rows = np.linspace(0, x.shape[1] - 1, output_size[0]).astype(int)
    cols = np.linspace(0, x.shape[2] - 1, output_size[1]).astype(int)
    return x[:, rows][:, :, cols]


@wrong(
    "max_pool2d_backward", "assigned instead of added where windows overlap", "assigned_not_added"
)
def mb_assigned(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    N, Ho, Wo, C = dy.shape
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                for c in range(C):
                    w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    a, b = np.unravel_index(w.argmax(), w.shape)
                    dx[n, i * stride + a, j * stride + b, c] = dy[n, i, j, c]
    return dx


@wrong("max_pool2d_backward", "all tied pixels get the gradient", "every_tied_pixel")
def mb_ties(dy, x, size, stride=None):
    if stride is None:
        stride = size
    dx = np.zeros_like(x, dtype=float)
    N, H_out, W_out, C = dy.shape
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, s = i * stride, j * stride
                    window = x[n, r : r + size, s : s + size, c]
                    mask = window == np.max(window)
                    dx[n, r : r + size, s : s + size, c] += mask * dy[n, i, j, c]
    return dx


@wrong("max_pool2d_backward", "stride ignored", "stride_ignored")
def mb_no_stride(dy, x, size, stride=None):
    N, H, W, C = x.shape
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for c in range(C):
                    w = x[n, i * size : (i + 1) * size, j * size : (j + 1) * size, c]
                    if w.size == 0:
                        continue
                    k = np.argmax(w)
                    dx[n, i * size + k // w.shape[1], j * size + k % w.shape[1], c] += dy[
                        n, i, j, c
                    ]
    return dx


@wrong("max_pool2d_backward", "whole numbers in x cut the gradient", "fractions_cut_off")
def mb_int(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros_like(x)
    for n in range(len(x)):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for c in range(x.shape[3]):
                    area = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    p, q = np.unravel_index(np.argmax(area), area.shape)
                    before = dx[n, i * stride + p, j * stride + q, c]
                    dx[n, i * stride + p, j * stride + q, c] = before + dy[n, i, j, c]
    return dx


@wrong("max_pool2d_backward", "the last of equal pixels wins", "last_tied_pixel")
def mb_last_wins(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        best = -np.inf
        for a in range(size):
            for b in range(size):
                if x[n, i * stride + a, j * stride + b, c] >= best:
                    best = x[n, i * stride + a, j * stride + b, c]
                    where = (i * stride + a, j * stride + b)
        dx[n, where[0], where[1], c] += dy[n, i, j, c]
    return dx


@wrong("max_pool2d_backward", "one winner for all channels", "one_winner_for_all_channels")
def mb_one_winner(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape, float)
    for n in range(x.shape[0]):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, :]
                a, b, _ = np.unravel_index(np.argmax(w), w.shape)
                dx[n, i * stride + a, j * stride + b, :] += dy[n, i, j, :]
    return dx


@wrong("max_pool2d_backward", "the gradient times the pixel", "winner_times_upstream")
def mb_times_pixel(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[3]):
            for i in range(dy.shape[1]):
                for j in range(dy.shape[2]):
                    w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    p, q = divmod(int(np.argmax(w)), size)
                    dx[n, i * stride + p, j * stride + q, c] += w[p, q] * dy[n, i, j, c]
    return dx


@pair(
    "max_pool2d_backward",
    "all tied pixels get it, and assigned instead of added",
    "assigned_not_added",
    "every_tied_pixel",
)
def mb_ties_assigned(dy, x, size, stride=None):
    s = stride or size
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for c in range(x.shape[3]):
                    w = x[n, i * s : i * s + size, j * s : j * s + size, c]
                    spot = dx[n, i * s : i * s + size, j * s : j * s + size, c]
                    spot[w == w.max()] = dy[n, i, j, c]
    return dx


@pair(
    "max_pool2d_backward",
    "stride ignored, and all tied pixels get it, by a mask of the upsampled",
    "every_tied_pixel",
    "stride_ignored",
)
def mb_upsampled_mask(dy, x, size, stride=None):
    N, H, W, C = x.shape
    h, w = H // size, W // size
    y = x[:, : h * size, : w * size].reshape(N, h, size, w, size, C).max(axis=(2, 4))
    up = np.repeat(np.repeat(y, size, axis=1), size, axis=2)
    grad = np.repeat(np.repeat(dy, size, axis=1), size, axis=2)
    dx = np.zeros(x.shape)
    dx[:, : h * size, : w * size] = (x[:, : h * size, : w * size] == up) * grad
    return dx


@odd("max_pool2d_backward", "the share of tied pixels is divided among them", "tied_pixels_share")
def mb_shared(dy, x, size, stride=None):
    s = stride or size
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            w = x[:, i * s : i * s + size, j * s : j * s + size]
            m = w == w.max(axis=(1, 2), keepdims=True)
            share = dy[:, i : i + 1, j : j + 1] / m.sum(axis=(1, 2), keepdims=True)
            dx[:, i * s : i * s + size, j * s : j * s + size] += m * share
    return dx


@odd("max_pool2d_backward", "the smallest pixel wins", "smallest_pixel_wins")
def mb_argmin(dy, x, size, stride=None):
    s = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        w = x[n, i * s : i * s + size, j * s : j * s + size, c]
        a, b = np.unravel_index(np.argsort(w, axis=None)[0], w.shape)
        dx[n, i * s + a, j * s + b, c] += dy[n, i, j, c]
    return dx


@wrong("avg_pool2d_backward", "not divided by the pixels of a window", "not_divided")
def ab_not_divided(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    N, Ho, Wo, C = dy.shape
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                for c in range(C):
                    for a in range(size):
                        for b in range(size):
                            dx[n, i * stride + a, j * stride + b, c] += dy[n, i, j, c]
    return dx


@wrong(
    "avg_pool2d_backward", "assigned instead of added where windows overlap", "assigned_not_added"
)
def ab_assigned(dy, x, size, stride=None):
    if stride is None:
        stride = size
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            share = dy[:, i, j, :] / size**2
            dx[:, i * stride : i * stride + size, j * stride : j * stride + size, :] = share[
                :, None, None, :
            ]
    return dx


@wrong(
    "avg_pool2d_backward",
    "repeated by the size, whatever the stride",
    "stride_ignored",
    "repeated_upstream",
)
def ab_repeat(dy, x, size, stride=None):
    g = dy / (size * size)
    g = np.repeat(g, size, axis=1)
    g = np.repeat(g, size, axis=2)
    out = np.zeros(x.shape)
    h, w = min(g.shape[1], x.shape[1]), min(g.shape[2], x.shape[2])
    out[:, :h, :w] = g[:, :h, :w]
    return out


@wrong("avg_pool2d_backward", "whole numbers in x cut the gradient", "fractions_cut_off")
def ab_int(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros_like(x)
    for n in range(dy.shape[0]):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for c in range(dy.shape[3]):
                    r, s = i * stride, j * stride
                    old = dx[n, r : r + size, s : s + size, c]
                    dx[n, r : r + size, s : s + size, c] = old + dy[n, i, j, c] / (size * size)
    return dx


@wrong("avg_pool2d_backward", "divided by size once", "divided_by_the_size_once")
def ab_by_size(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            piece = dx[:, i * stride : i * stride + size, j * stride : j * stride + size]
            piece += dy[:, i : i + 1, j : j + 1] / size
    return dx


@wrong("avg_pool2d_backward", "the answer has the shape of what the windows reach")
def ab_small(dy, x, size, stride=None):
    s = stride or size
    N, h, w, C = dy.shape
    dx = np.zeros((N, (h - 1) * s + size, (w - 1) * s + size, C))
    for a in range(size):
        for b in range(size):
            dx[:, a : a + s * h : s, b : b + s * w : s] += dy / size**2
    return dx


@pair(
    "avg_pool2d_backward",
    "not divided, and assigned instead of added",
    "not_divided",
    "assigned_not_added",
)
def ab_not_divided_assigned(dy, x, size, stride=None):
    s = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dy.shape):
        dx[n, i * s : i * s + size, j * s : j * s + size, c] = dy[n, i, j, c]
    return dx


@odd("avg_pool2d_backward", "divided by the number of windows instead of pixels")
def ab_by_windows(dy, x, size, stride=None):
    s = stride or size
    dx = np.zeros(x.shape)
    windows = dy.shape[1] * dy.shape[2]
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            dx[:, i * s : i * s + size, j * s : j * s + size] += (dy / windows)[
                :, i : i + 1, j : j + 1
            ]
    return dx


@pair("max_pool2d", "padding ignored, and rounds up", "no_border", "partial_windows_kept")
def mp_no_padding_ceil(x, size, stride=None, padding=0):
    stride = stride or size
    N, H, W, C = x.shape
    Ho = -(-(H - size) // stride) + 1
    Wo = -(-(W - size) // stride) + 1
    y = np.full((N, Ho, Wo, C), -np.inf)
    for i in range(Ho):
        for j in range(Wo):
            w = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            if w.size:
                y[:, i, j] = w.max(axis=(1, 2))
    return y


@pair(
    "max_pool2d_backward",
    "assigned instead of added, and whole numbers cut",
    "assigned_not_added",
    "fractions_cut_off",
)
def mb_assigned_int(dy, x, size, stride=None):
    s = stride or size
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(*dy.shape):
        w = x[n, i * s : i * s + size, j * s : j * s + size, c]
        a, b = divmod(int(w.argmax()), size)
        dx[n, i * s + a, j * s + b, c] = dy[n, i, j, c]
    return dx


@pair(
    "avg_pool2d",
    "zeros do not count, and the stride ignored",
    "stride_ignored",
    "border_not_counted",
)
def ap_inside_no_stride(x, size, stride=None, padding=0):
    N, H, W, C = x.shape
    Ho, Wo = (H + 2 * padding) // size, (W + 2 * padding) // size
    y = np.zeros((N, Ho, Wo, C))
    for i in range(Ho):
        for j in range(Wo):
            top, left = i * size - padding, j * size - padding
            cut = x[:, max(top, 0) : top + size, max(left, 0) : left + size]
            y[:, i, j] = cut.mean(axis=(1, 2))
    return y


@pair(
    "lp_pool2d",
    "the root missing, and p infinite not treated on its own",
    "root_forgotten",
    "infinity_in_the_formula",
)
def lp_no_root_no_infinity(x, size, p, stride=None):
    s = stride or size
    v = np.lib.stride_tricks.sliding_window_view(np.abs(x), (size, size), axis=(1, 2))
    return (v[:, ::s, ::s] ** p).sum(axis=(-1, -2))


@pair(
    "adaptive_avg_pool2d",
    "rows and columns exchanged, and ends rounded down",
    "rows_and_columns_swapped",
    "ends_rounded_down",
)
def ad_swapped_no_overlap(x, output_size):
    cols, rows = output_size
    N, H, W, C = x.shape
    y = np.zeros((N, rows, cols, C))
    for i in range(rows):
        for j in range(cols):
            part = x[:, i * H // rows : (i + 1) * H // rows, j * W // cols : (j + 1) * W // cols]
            y[:, i, j] = part.mean((1, 2))
    return y


@pair(
    "avg_pool2d_backward",
    "divided by size once, and whole numbers cut",
    "divided_by_the_size_once",
    "fractions_cut_off",
)
def ab_by_size_int(dy, x, size, stride=None):
    s = stride or size
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(*dy.shape):
        for a in range(size):
            for b in range(size):
                old = dx[n, i * s + a, j * s + b, c]
                dx[n, i * s + a, j * s + b, c] = old + dy[n, i, j, c] / size
    return dx
