"""Wrong answers to the functions of the notebook on convolution."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("correlate1d", "stride missing in the window start", "stride_missing_in_window_start")
def c1_no_stride_in_start(x, w, stride=1, padding=0):
    xp = np.pad(x, padding)
    n_out = (len(xp) - len(w)) // stride + 1
    y = np.zeros(n_out)
    for i in range(n_out):
        for a in range(len(w)):
            y[i] += w[a] * xp[i + a]
    return y


@wrong("correlate1d", "the stride multiplies the tap as well", "stride_multiplies_tap")
def c1_stride_on_tap(x, w, stride=1, padding=0):
    signal = [0.0] * padding + list(x) + [0.0] * padding
    result = []
    for i in range((len(signal) - len(w)) // stride + 1):
        s = 0.0
        for a, wa in enumerate(w):
            s += wa * signal[(i + a) * stride]
        result.append(s)
    return np.array(result)


@wrong("correlate1d", "kernel flipped", "flipped_kernel")
def c1_flipped(x, w, stride=1, padding=0):
    padded = np.concatenate([np.zeros(padding), x, np.zeros(padding)])
    k = len(w)
    y = []
    for start in range(0, len(padded) - k + 1, stride):
        total = 0
        for a in range(k):
            total = total + padded[start + a] * w[k - 1 - a]
        y.append(total)
    return np.array(y)


@wrong("correlate1d", "the loop over windows is one short", "one_window_short")
def c1_one_short(x, w, stride=1, padding=0):
    xp = np.pad(x, (padding, padding), mode="constant")
    out = []
    for i in range(0, len(xp) - len(w), stride):
        out.append(np.sum(xp[i : i + len(w)] * w))
    return np.array(out)


@wrong("correlate1d", "the result has the whole numbers of x", "stored_as_whole_numbers")
def c1_int_result(x, w, stride=1, padding=0):
    xp = np.pad(x, padding)
    y = np.zeros_like(xp, shape=((xp.size - w.size) // stride + 1,))
    for i in range(y.shape[0]):
        y[i] = np.dot(xp[i * stride : i * stride + w.size], w)
    return y


@wrong(
    "correlate1d", "size formula: the stride divides the padding alone", "size_divides_only_padding"
)
def c1_size_precedence(x, w, stride=1, padding=0):
    n, k = x.shape[0], w.shape[0]
    size = int(n - k + 2 * padding / stride + 1)
    xp = np.zeros(n + 2 * padding)
    xp[padding : padding + n] = x
    y = np.zeros(size)
    for i in range(size):
        y[i] = (xp[i * stride : i * stride + k] * w).sum()
    return y


@wrong("correlate1d", "zeros at the front only", "padding_at_the_end_only")
def c1_pad_front(x, w, stride=1, padding=0):
    xp = np.append(np.zeros(padding), x)
    n = (len(xp) - len(w)) // stride + 1
    return np.array([xp[i * stride : i * stride + len(w)] @ w for i in range(n)])


@wrong("correlate1d", "edge values instead of zeros at the ends", "padding_repeats_the_ends")
def c1_edge(x, w, stride=1, padding=0):
    padded = np.pad(x, padding, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(w))[::stride]
    return windows @ w


@wrong("correlate1d", "fails where padding is larger than one: a fixed padding of one")
def c1_pad_one(x, w, stride=1, padding=0):
    if padding:
        x = np.concatenate(([0], x, [0]))
    ans = []
    i = 0
    while i + len(w) <= len(x):
        ans.append(sum(x[i + j] * w[j] for j in range(len(w))))
        i += stride
    return np.array(ans)


@pair(
    "correlate1d",
    "kernel flipped, and zeros at the front only",
    "flipped_kernel",
    "padding_at_the_end_only",
)
def c1_flipped_pad_front(x, w, stride=1, padding=0):
    xp = np.hstack((np.zeros(padding), x))
    w = w[::-1]
    n = (len(xp) - len(w)) // stride + 1
    y = np.empty(n)
    for i in range(n):
        y[i] = np.dot(xp[i * stride : i * stride + len(w)], w)
    return y


@pair(
    "correlate1d",
    "stride missing in the window start, and padding ignored",
    "stride_missing_in_window_start",
    "padding_ignored",
)
def c1_no_stride_no_padding(x, w, stride=1, padding=0):
    n = (len(x) + 2 * padding - len(w)) // stride + 1
    y = np.zeros(n)
    for i in range(n):
        piece = x[i : i + len(w)]
        for a in range(len(piece)):
            y[i] += piece[a] * w[a]
    return y


@odd("correlate1d", "each window is divided by the length of the kernel")
def c1_mean(x, w, stride=1, padding=0):
    xp = np.pad(x, padding)
    return np.array(
        [np.mean(xp[s : s + len(w)] * w) for s in range(0, len(xp) - len(w) + 1, stride)]
    )


@odd("correlate1d", "y is overwritten by each tap, so the last remains", "last_product_only")
def c1_last_tap(x, w, stride=1, padding=0):
    xp = np.pad(x, padding)
    y = np.zeros((len(xp) - len(w)) // stride + 1)
    for i in range(len(y)):
        for a in range(len(w)):
            y[i] = w[a] * xp[i * stride + a]
    return y


@wrong("convolve1d", "kernel not flipped", "not_flipped")
def v1_not_flipped(x, w):
    k = len(w)
    xp = np.pad(x, k - 1)
    y = np.zeros(len(x) + k - 1)
    for i in range(len(y)):
        y[i] = np.sum(xp[i : i + k] * w)
    return y


@wrong("convolve1d", "only windows that fit", "only_the_valid_part")
def v1_valid(x, w):
    flipped = w[::-1]
    return np.array([x[i : i + len(w)] @ flipped for i in range(len(x) - len(w) + 1)])


@wrong("convolve1d", "cut to the length of the signal", "as_long_as_the_signal")
def v1_same(x, w):
    y = np.zeros(len(x))
    for i in range(len(x)):
        for a in range(len(w)):
            if 0 <= i - a < len(x):
                y[i] += w[a] * x[i - a]
    return y


@wrong("convolve1d", "a negative index wraps round to the end of the signal", "wraps_round")
def v1_wraps(x, w):
    n, k = len(x), len(w)
    y = np.zeros(n + k - 1)
    for i in range(n + k - 1):
        for a in range(k):
            if i - a < n:
                y[i] += w[a] * x[i - a]
    return y


@wrong("convolve1d", "the last entry is missing", "last_number_missing")
def v1_one_short(x, w):
    out = [0.0] * (len(x) + len(w) - 2)
    for i in range(len(out)):
        for a in range(len(w)):
            j = i - a
            if j >= 0 and j < len(x):
                out[i] += w[a] * x[j]
    return np.array(out)


@pair(
    "convolve1d",
    "kernel not flipped, and only windows that fit",
    "not_flipped",
    "only_the_valid_part",
)
def v1_not_flipped_valid(x, w):
    out = []
    for i in range(len(x) - len(w) + 1):
        out.append(float(np.dot(x[i : i + len(w)], w)))
    return np.array(out)


@odd("convolve1d", "the signal is flipped too", "both_flipped")
def v1_both_flipped(x, w):
    def full(u, v):
        r = np.zeros(len(u) + len(v) - 1)
        for i, a in enumerate(u):
            for j, b in enumerate(v):
                r[i + j] += a * b
        return r

    return full(x[::-1], w[::-1])


@odd("convolve1d", "assigned instead of added", "assigns_where_pieces_overlap")
def v1_assigned(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(x)):
        y[i : i + len(w)] = x[i] * w
    return y


@wrong("pad2d", "reflect repeats the edge", "reflect_repeats_the_edge")
def pad_symmetric(x, padding, mode="zeros"):
    p = padding
    H, W = x.shape
    out = np.zeros((H + 2 * p, W + 2 * p))

    def find(t, n):
        if 0 <= t < n:
            return t
        if mode == "zeros":
            return None
        if mode == "replicate":
            return 0 if t < 0 else n - 1
        if mode == "circular":
            return t % n
        return -t - 1 if t < 0 else 2 * n - t - 1

    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            a, b = find(i - p, H), find(j - p, W)
            if a is not None and b is not None:
                out[i, j] = x[a, b]
    return out


@wrong("pad2d", "padding 0 cuts everything off", "slice_ends_at_minus_zero")
def pad_minus_zero(x, padding, mode="zeros"):
    p = padding
    H, W = x.shape
    big = np.zeros((H + 2 * p, W + 2 * p))
    big[p:-p, p:-p] = x
    if mode == "zeros":
        return big
    for i in range(H + 2 * p):
        for j in range(W + 2 * p):
            r, c = i - p, j - p
            if mode == "replicate":
                r, c = min(max(r, 0), H - 1), min(max(c, 0), W - 1)
            elif mode == "circular":
                r, c = r % H, c % W
            else:
                r = abs(r) if r < H else 2 * (H - 1) - r
                c = abs(c) if c < W else 2 * (W - 1) - c
            big[i, j] = x[r, c]
    return big


@wrong("pad2d", "replicate fills with zeros at the corners", "corners_left_empty")
def pad_corners(x, padding, mode="zeros"):
    H, W = x.shape
    p = padding
    if mode == "reflect":
        rows = [abs(t) if t < H else 2 * H - 2 - t for t in range(-p, H + p)]
        cols = [abs(t) if t < W else 2 * W - 2 - t for t in range(-p, W + p)]
        return x[rows][:, cols]
    if mode == "circular":
        return x[np.arange(-p, H + p) % H][:, np.arange(-p, W + p) % W]
    out = np.zeros((H + 2 * p, W + 2 * p))
    out[p : p + H, p : p + W] = x
    if mode == "replicate":
        for q in range(p):
            out[q, p : p + W] = x[0]
            out[p + H + q, p : p + W] = x[-1]
            out[p : p + H, q] = x[:, 0]
            out[p : p + H, p + W + q] = x[:, -1]
    return out


@wrong("pad2d", "only zeros, whatever the mode", "always_zeros")
def pad_only_zeros(x, padding, mode="zeros"):
    H, W = x.shape
    new = np.zeros((H + 2 * padding, W + 2 * padding))
    for i in range(H):
        for j in range(W):
            new[i + padding, j + padding] = x[i, j]
    return new


@wrong("pad2d", "circular takes the pixels of the same side", "circular_on_the_wrong_side")
def pad_circular_same_side(x, padding, mode="zeros"):
    p = padding
    if p == 0:
        return x
    h, w = x.shape
    if mode == "zeros":
        left = right = np.zeros((h, p))
    elif mode == "reflect":
        left, right = x[:, p:0:-1], x[:, -2 : -p - 2 : -1]
    elif mode == "replicate":
        left, right = np.repeat(x[:, :1], p, 1), np.repeat(x[:, -1:], p, 1)
    else:
        left, right = x[:, :p], x[:, -p:]
    wide = np.hstack([left, x, right])
    if mode == "zeros":
        top = bottom = np.zeros((p, w + 2 * p))
    elif mode == "reflect":
        top, bottom = wide[p:0:-1], wide[-2 : -p - 2 : -1]
    elif mode == "replicate":
        top, bottom = np.repeat(wide[:1], p, 0), np.repeat(wide[-1:], p, 0)
    else:
        top, bottom = wide[:p], wide[-p:]
    return np.vstack([top, wide, bottom])


@wrong("pad2d", "only the columns are padded", "columns_padded_only")
def pad_columns(x, padding, mode="zeros"):
    W = x.shape[1]
    t = np.arange(-padding, W + padding)
    if mode == "zeros":
        side = np.zeros((len(x), padding))
        return np.concatenate((side, x, side), axis=1)
    if mode == "replicate":
        return x[:, np.clip(t, 0, W - 1)]
    if mode == "circular":
        return x[:, t % W]
    return x[:, np.where(t < W, np.abs(t), 2 * (W - 1) - t)]


@wrong("pad2d", "reflect and circular confused", "circular_is_a_mirror")
def pad_names_confused(x, padding, mode="zeros"):
    n = np.array(x.shape) + 2 * padding
    big = np.zeros(n)
    for i in range(n[0]):
        for j in range(n[1]):
            where = []
            for t, size in ((i - padding, x.shape[0]), (j - padding, x.shape[1])):
                if mode == "reflect":
                    t = t % size
                elif mode == "circular":
                    t = abs(t) if t < size else 2 * size - 2 - t
                elif mode == "replicate":
                    t = max(0, min(t, size - 1))
                where.append(t)
            if 0 <= where[0] < x.shape[0] and 0 <= where[1] < x.shape[1]:
                big[i, j] = x[where[0], where[1]]
    return big


@pair(
    "pad2d",
    "reflect repeats the edge, and circular fails without padding",
    "reflect_repeats_the_edge",
    "slice_ends_at_minus_zero",
)
def pad_two(x, padding, mode="zeros"):
    p = padding
    H, W = x.shape
    if mode == "circular":
        wide = np.concatenate([x[:, -p:], x, x[:, :p]], axis=1)
        return np.concatenate([wide[-p:], wide, wide[:p]], axis=0)
    rows, cols = np.arange(-p, H + p), np.arange(-p, W + p)
    if mode == "reflect":
        rows = np.where(rows < 0, -rows - 1, np.where(rows >= H, 2 * H - rows - 1, rows))
        cols = np.where(cols < 0, -cols - 1, np.where(cols >= W, 2 * W - cols - 1, cols))
        return x[rows][:, cols]
    y = x[np.clip(rows, 0, H - 1)][:, np.clip(cols, 0, W - 1)]
    if mode == "zeros":
        inside = ((rows >= 0) & (rows < H))[:, None] & ((cols >= 0) & (cols < W))
        y = y * inside
    return y


@odd(
    "pad2d",
    "the mirror is not turned: the first rows come in the same order",
    "reflect_without_turning",
)
def pad_mirror_not_turned(x, padding, mode="zeros"):
    p = padding
    H, W = x.shape
    if p == 0:
        return x
    if mode == "reflect":
        side = np.hstack([x[:, 1 : p + 1], x, x[:, -p - 1 : -1]])
        return np.vstack([side[1 : p + 1], side, side[-p - 1 : -1]])
    if mode == "circular":
        return x[np.arange(-p, H + p) % H][:, np.arange(-p, W + p) % W]
    if mode == "replicate":
        return x[np.clip(np.arange(-p, H + p), 0, H - 1)][
            :, np.clip(np.arange(-p, W + p), 0, W - 1)
        ]
    y = np.zeros((H + 2 * p, W + 2 * p))
    y[p:-p, p:-p] = x
    return y


@wrong("correlate2d", "kernel height and width exchanged in the size of the output")
def c2_sizes_swapped(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    kw, kh = k.shape
    H = (xp.shape[0] - kh) // stride + 1
    W = (xp.shape[1] - kw) // stride + 1
    y = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            y[i, j] = np.sum(
                xp[i * stride : i * stride + k.shape[0], j * stride : j * stride + k.shape[1]] * k
            )
    return y


@wrong("correlate2d", "stride only along the rows", "stride_along_the_height_only")
def c2_stride_rows_only(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    out = []
    for i in range(0, xp.shape[0] - k.shape[0] + 1, stride):
        row = []
        for j in range(xp.shape[1] - k.shape[1] + 1):
            row.append((xp[i : i + k.shape[0], j : j + k.shape[1]] * k).sum())
        out.append(row)
    return np.array(out)


@wrong(
    "correlate2d",
    "stride missing in the window start, in both directions",
    "stride_missing_in_window_start",
)
def c2_no_stride_in_start(x, k, stride=1, padding=0):
    H, W = x.shape
    kh, kw = k.shape
    big = np.zeros((H + 2 * padding, W + 2 * padding))
    big[padding : padding + H, padding : padding + W] = x
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    y = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            for a in range(kh):
                for b in range(kw):
                    y[i, j] += k[a, b] * big[i + a, j + b]
    return y


@wrong("correlate2d", "kernel turned by half a turn", "flipped_kernel")
def c2_flipped(x, k, stride=1, padding=0):
    k = np.rot90(k, 2)
    P = np.pad(x, ((padding, padding), (padding, padding)))
    win = np.lib.stride_tricks.sliding_window_view(P, k.shape)[::stride, ::stride]
    return np.einsum("ijab,ab->ij", win, k)


@wrong("correlate2d", "kernel transposed", "transposed_kernel")
def c2_transposed(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    kh, kw = k.shape
    rows = range(0, xp.shape[0] - kh + 1, stride)
    cols = range(0, xp.shape[1] - kw + 1, stride)
    y = np.zeros((len(rows), len(cols)))
    for p, i in enumerate(rows):
        for q, j in enumerate(cols):
            acc = 0
            for a in range(kh):
                for b in range(kw):
                    acc += xp[i + a, j + b] * k[b, a]
            y[p, q] = acc
    return y


@wrong("correlate2d", "the loops over windows are one short", "one_window_short")
def c2_one_short(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    h, w = k.shape
    res = [
        [np.sum(xp[i : i + h, j : j + w] * k) for j in range(0, xp.shape[1] - w, stride)]
        for i in range(0, xp.shape[0] - h, stride)
    ]
    return np.array(res)


@wrong(
    "correlate2d",
    "padding added at the top and on the left only",
    "padding_at_the_top_and_left_only",
)
def c2_pad_once(x, k, stride=1, padding=0):
    xp = np.pad(x, ((padding, 0), (padding, 0)))
    kh, kw = k.shape
    oh, ow = (xp.shape[0] - kh) // stride + 1, (xp.shape[1] - kw) // stride + 1
    y = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = xp[i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[i, j] = np.sum(window * k)
    return y


@wrong("correlate2d", "windows at every pixel, cut off at the border")
def c2_every_pixel(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    H, W = xp.shape
    out = np.zeros((len(range(0, H, stride)), len(range(0, W, stride))))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            r, c = i * stride, j * stride
            piece = xp[r : r + k.shape[0], c : c + k.shape[1]]
            out[i, j] = np.sum(piece * k[: piece.shape[0], : piece.shape[1]])
    return out


@pair(
    "correlate2d",
    "kernel flipped, and stride missing in the window start",
    "flipped_kernel",
    "stride_missing_in_window_start",
)
def c2_flipped_no_stride(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    kh, kw = k.shape
    f = k[::-1, ::-1]
    h = (xp.shape[0] - kh) // stride + 1
    w = (xp.shape[1] - kw) // stride + 1
    y = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            y[i, j] = np.sum(xp[i : i + kh, j : j + kw] * f)
    return y


@pair(
    "correlate2d",
    "padding ignored, and the loops over windows one short",
    "one_window_short",
    "padding_ignored",
)
def c2_no_pad_short(x, k, stride=1, padding=0):
    kh, kw = k.shape
    y = []
    for i in range(0, x.shape[0] - kh, stride):
        for j in range(0, x.shape[1] - kw, stride):
            y.append(np.sum(x[i : i + kh, j : j + kw] * k))
    rows = len(range(0, x.shape[0] - kh, stride))
    return np.array(y).reshape(rows, -1) if rows else np.zeros((0, 0))


@odd("correlate2d", "the output is a flat list of windows")
def c2_flat(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    values = []
    for i in range(0, xp.shape[0] - k.shape[0] + 1, stride):
        for j in range(0, xp.shape[1] - k.shape[1] + 1, stride):
            values.append(np.vdot(xp[i : i + k.shape[0], j : j + k.shape[1]], k))
    return np.array(values)


@odd("correlate2d", "matrix product of window and kernel instead of entry by entry")
def c2_matmul(x, k, stride=1, padding=0):
    xp = np.pad(x, padding)
    kh, kw = k.shape
    oh = (xp.shape[0] - kh) // stride + 1
    ow = (xp.shape[1] - kw) // stride + 1
    y = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            y[i, j] = np.sum(xp[i * stride : i * stride + kh, j * stride : j * stride + kw] @ k)
    return y


@wrong("convolve2d", "kernel not flipped", "not_flipped")
def v2_not_flipped(x, k):
    kh, kw = k.shape
    xp = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    y = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(xp[i : i + kh, j : j + kw] * k)
    return y


@wrong("convolve2d", "kernel flipped upside down only", "flipped_in_one_direction")
def v2_flipud(x, k):
    kernel = np.flipud(k)
    kh, kw = kernel.shape
    padded = np.pad(x, ((kh - 1,), (kw - 1,)))
    view = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw))
    return (view * kernel).sum(axis=(2, 3))


@wrong("convolve2d", "kernel flipped by turning it a quarter")
def v2_rot90(x, k):
    H, W = x.shape
    kh, kw = k.shape
    f = np.rot90(k)
    xp = np.zeros((H + 2 * kh - 2, W + 2 * kw - 2))
    xp[kh - 1 : kh - 1 + H, kw - 1 : kw - 1 + W] = x
    y = np.zeros((H + kh - 1, W + kw - 1))
    for i in range(H + kh - 1):
        for j in range(W + kw - 1):
            y[i, j] = (xp[i : i + kh, j : j + kw] * f).sum()
    return y


@wrong("convolve2d", "padding of the kernel height on all sides", "pads_both_sides_by_the_height")
def v2_pad_height(x, k):
    kh, kw = k.shape
    xp = np.pad(x, kh - 1)
    flipped = k[::-1, ::-1]
    rows, cols = xp.shape[0] - kh + 1, xp.shape[1] - kw + 1
    out = np.zeros((rows, cols))
    for r in range(rows):
        for c in range(cols):
            out[r, c] = np.sum(xp[r : r + kh, c : c + kw] * flipped)
    return out


@wrong("convolve2d", "only windows that fit", "only_the_valid_part")
def v2_valid(x, k):
    kh, kw = k.shape
    H, W = x.shape
    y = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            for a in range(kh):
                for b in range(kw):
                    y[i, j] += k[a, b] * x[i + kh - 1 - a, j + kw - 1 - b]
    return y


@wrong("convolve2d", "stamps of the kernel overwrite each other", "assigns_where_pieces_overlap")
def v2_overwrite(x, k):
    y = np.zeros((x.shape[0] + k.shape[0] - 1, x.shape[1] + k.shape[1] - 1))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i : i + k.shape[0], j : j + k.shape[1]] = x[i, j] * k
    return y


@pair(
    "convolve2d",
    "kernel not flipped, and only windows that fit",
    "not_flipped",
    "only_the_valid_part",
)
def v2_valid_not_flipped(x, k):
    a, b = k.shape
    out = []
    for i in range(x.shape[0] - a + 1):
        out.append([np.sum(x[i : i + a, j : j + b] * k) for j in range(x.shape[1] - b + 1)])
    return np.array(out)


@odd(
    "convolve2d", "product of the spectra without room for the borders: wraps round", "wraps_round"
)
def v2_fft(x, k):
    shape = (max(x.shape[0], k.shape[0]), max(x.shape[1], k.shape[1]))
    return np.real(np.fft.ifft2(np.fft.fft2(x, shape) * np.fft.fft2(k, shape)))


@odd("convolve2d", "rows and columns convolved with the sums of the kernel")
def v2_as_if_separable(x, k):
    down = k.sum(axis=1)
    along = k.sum(axis=0)
    H, W = x.shape
    first = np.zeros((H + len(down) - 1, W))
    for a in range(len(down)):
        first[a : a + H] += down[a] * x
    y = np.zeros((first.shape[0], W + len(along) - 1))
    for b in range(len(along)):
        y[:, b : b + W] += along[b] * first
    return y


@wrong("conv2d", "bias added at every tap and channel", "bias_added_for_every_tap")
def conv_bias_many(x, w, b, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, _, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    Ho = (H + 2 * padding - kh) // stride + 1
    Wo = (W + 2 * padding - kw) // stride + 1
    y = np.zeros((N, Ho, Wo, F))
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                for f in range(F):
                    window = xp[n, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    y[n, i, j, f] = np.sum(window * w[:, :, :, f] + b[f])
    return y


@wrong("conv2d", "only the first image of the batch", "first_image_only")
def conv_first_image(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    kh, kw, _, F = w.shape
    y = np.zeros((N, (H - kh) // stride + 1, (W - kw) // stride + 1, F))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            for f in range(F):
                patch = xp[0, i * stride : i * stride + kh, j * stride : j * stride + kw, :]
                y[0, i, j, f] = np.sum(patch * w[..., f]) + b[f]
    return y


@wrong("conv2d", "only the first channel is read", "first_channel_only")
def conv_first_channel(x, w, b, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, Cin, F = w.shape
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    padded[:, padding : H + padding, padding : W + padding] = x
    Ho, Wo = (H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1
    y = np.zeros((N, Ho, Wo, F))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    s = 0
                    for a in range(kh):
                        for c in range(kw):
                            s += padded[n, i * stride + a, j * stride + c, 0] * w[a, c, 0, f]
                    y[n, i, j, f] = s + b[f]
    return y


@wrong("conv2d", "bias forgotten", "bias_forgotten")
def conv_no_bias(x, w, b, stride=1, padding=0):
    xp = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    kh, kw = w.shape[0], w.shape[1]
    v = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))
    v = v[:, ::stride, ::stride]
    return np.einsum("nijcab,abcf->nijf", v, w)


@wrong("conv2d", "kernels flipped", "flipped_kernels")
def conv_flipped(x, w, b, stride=1, padding=0):
    w = w[::-1, ::-1]
    xp = np.pad(x, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0)))
    N, H, W, _ = xp.shape
    kh, kw, _, F = w.shape
    out = []
    for img in xp:
        rows = []
        for i in range(0, H - kh + 1, stride):
            row = []
            for j in range(0, W - kw + 1, stride):
                row.append(np.tensordot(img[i : i + kh, j : j + kw], w, 3) + b)
            rows.append(row)
        out.append(rows)
    return np.array(out)


@wrong(
    "conv2d", "the kernel is read transposed: its height and width exchanged", "transposed_kernels"
)
def conv_kernel_swapped(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    kw, kh, C, F = w.shape
    Ho = (H - kh) // stride + 1
    Wo = (W - kw) // stride + 1
    y = np.zeros((N, Ho, Wo, F))
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                for f in range(F):
                    for a in range(kh):
                        for c in range(kw):
                            for m in range(C):
                                y[n, i, j, f] += (
                                    xp[n, i * stride + a, j * stride + c, m] * w[c, a, m, f]
                                )
    return y + b


@wrong("conv2d", "stride missing in the window start", "stride_missing_in_window_start")
def conv_no_stride(x, w, b, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, C, F = w.shape
    x_pad = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), "constant")
    H_out = int(1 + (H + 2 * padding - kh) / stride)
    W_out = int(1 + (W + 2 * padding - kw) / stride)
    out = np.zeros((N, H_out, W_out, F))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    out[n, i, j, f] = (
                        np.sum(x_pad[n, i : i + kh, j : j + kw, :] * w[:, :, :, f]) + b[f]
                    )
    return out


@wrong("conv2d", "the answer has the type of x, so fractions are cut", "stored_as_whole_numbers")
def conv_type_of_x(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    kh, kw, C, F = w.shape
    out = np.zeros((N, (H - kh) // stride + 1, (W - kw) // stride + 1, F), dtype=x.dtype)
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            area = xp[:, i * stride : i * stride + kh, j * stride : j * stride + kw, :]
            for f in range(F):
                out[:, i, j, f] = np.sum(area * w[:, :, :, f], axis=(1, 2, 3)) + b[f]
    return out


@wrong("conv2d", "batch and channels are padded too", "every_axis_padded")
def conv_pads_all(x, w, b, stride=1, padding=0):
    xp = np.pad(x, padding)
    N, H, W, C = xp.shape
    kh, kw, C, F = w.shape
    y = np.zeros((N, (H - kh) // stride + 1, (W - kw) // stride + 1, F))
    for n in range(N):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                for f in range(F):
                    y[n, i, j, f] = b[f]
                    y[n, i, j, f] += np.sum(
                        xp[n, i * stride : i * stride + kh, j * stride : j * stride + kw, :C]
                        * w[:, :, :, f]
                    )
    return y


@wrong("conv2d", "a sum without its axes: images are added together")
def conv_sums_batch(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    kh, kw, C, F = w.shape
    y = np.zeros((N, (H - kh) // stride + 1, (W - kw) // stride + 1, F))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            cut = xp[:, i * stride : i * stride + kh, j * stride : j * stride + kw, :]
            for f in range(F):
                y[:, i, j, f] = np.sum(cut * w[:, :, :, f]) + b[f]
    return y


@pair(
    "conv2d",
    "kernels flipped, and the bias forgotten",
    "flipped_and_without_bias",
    "flipped_kernels",
    "bias_forgotten",
)
def conv_flipped_no_bias(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, C, F = w.shape
    flipped = np.flip(w, (0, 1))
    Ho, Wo = (xp.shape[1] - kh) // stride + 1, (xp.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), Ho, Wo, F))
    for i in range(Ho):
        for j in range(Wo):
            block = xp[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, i, j] = block.reshape(len(x), -1) @ flipped.reshape(-1, F)
    return y


@pair(
    "conv2d",
    "stride missing in the window start, and only the last image is kept",
    "stride_missing_in_window_start",
    "last_image_only",
)
def conv_no_stride_last_image(x, w, b, stride=1, padding=0):
    N, H, W, C = x.shape
    kh, kw, _, F = w.shape
    Ho = (H + 2 * padding - kh) // stride + 1
    Wo = (W + 2 * padding - kw) // stride + 1
    for n in range(N):
        y = np.zeros((N, Ho, Wo, F))
        image = np.pad(x[n], ((padding, padding), (padding, padding), (0, 0)))
        for i in range(Ho):
            for j in range(Wo):
                for f in range(F):
                    y[n, i, j, f] = np.sum(image[i : i + kh, j : j + kw] * w[..., f]) + b[f]
    return y


@pair(
    "conv2d",
    "bias at every tap, and padding ignored",
    "bias_added_for_every_tap",
    "padding_ignored",
)
def conv_bias_many_no_padding(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    N, H, W, _ = x.shape
    Ho, Wo = (H - kh) // stride + 1, (W - kw) // stride + 1
    y = np.zeros((N, Ho, Wo, F))
    for a in range(kh):
        for c in range(kw):
            part = x[:, a : a + stride * Ho : stride, c : c + stride * Wo : stride]
            y += part @ w[a, c] + b
    return y


@odd(
    "conv2d",
    "reshaped to a batch of windows in the wrong order",
    "images_reshaped_without_transpose",
)
def conv_reshape(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, C, F = w.shape
    Ho = (xp.shape[1] - kh) // stride + 1
    Wo = (xp.shape[2] - kw) // stride + 1
    columns = []
    for i in range(Ho):
        for j in range(Wo):
            for n in range(len(x)):
                columns.append(
                    xp[n, i * stride : i * stride + kh, j * stride : j * stride + kw].ravel()
                )
    y = np.array(columns) @ w.reshape(-1, F) + b
    return y.reshape(len(x), Ho, Wo, F)


@odd("conv2d", "a ReLU at the end that nobody asked for")
def conv_relu(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, C, F = w.shape
    Ho = (xp.shape[1] - kh) // stride + 1
    Wo = (xp.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), Ho, Wo, F))
    for i in range(Ho):
        for j in range(Wo):
            cut = xp[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, i, j] = np.tensordot(cut, w, axes=([1, 2, 3], [0, 1, 2])) + b
    return np.maximum(y, 0)


@pair(
    "correlate1d",
    "the loop over windows one short, and fractions cut",
    "one_window_short",
    "stored_as_whole_numbers",
)
def c1_short_int(x, w, stride=1, padding=0):
    xp = np.pad(x, padding)
    y = []
    for i in range(0, len(xp) - len(w), stride):
        y.append(xp[i : i + len(w)] @ w)
    return np.array(y).astype(x.dtype)


@pair(
    "convolve1d",
    "kernel not flipped, and cut to the length of the signal",
    "not_flipped",
    "as_long_as_the_signal",
)
def v1_not_flipped_same(x, w):
    k = len(w)
    left = (k - 1) // 2
    xp = np.concatenate([np.zeros(left), x, np.zeros(k - 1 - left)])
    return np.array([np.sum(xp[i : i + k] * w) for i in range(len(x))])


@pair(
    "correlate2d",
    "kernel transposed, and padding at the top and on the left only",
    "transposed_kernel",
    "padding_at_the_top_and_left_only",
)
def c2_transposed_pad_once(x, k, stride=1, padding=0):
    xp = np.pad(x, ((padding, 0), (padding, 0)))
    kt = k.T
    kh, kw = kt.shape
    oh, ow = (xp.shape[0] - kh) // stride + 1, (xp.shape[1] - kw) // stride + 1
    y = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            y[i, j] = np.sum(xp[i * stride : i * stride + kh, j * stride : j * stride + kw] * kt)
    return y


@pair(
    "convolve2d",
    "kernel flipped upside down only, and stamps overwrite each other",
    "assigns_where_pieces_overlap",
    "flipped_in_one_direction",
)
def v2_flipud_overwrite(x, k):
    f = k[:, ::-1]
    y = np.zeros((x.shape[0] + k.shape[0] - 1, x.shape[1] + k.shape[1] - 1))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i : i + k.shape[0], j : j + k.shape[1]] = x[i, j] * f
    return y


@pair(
    "conv2d",
    "only the first channel is read, and the bias forgotten",
    "bias_forgotten",
    "first_channel_only",
)
def conv_first_channel_no_bias(x, w, b, stride=1, padding=0):
    xp = np.pad(x[..., 0], ((0, 0), (padding, padding), (padding, padding)))
    kh, kw, C, F = w.shape
    Ho, Wo = (xp.shape[1] - kh) // stride + 1, (xp.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), Ho, Wo, F))
    for i in range(Ho):
        for j in range(Wo):
            for f in range(F):
                cut = xp[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
                y[:, i, j, f] = np.sum(cut * w[:, :, 0, f], axis=(1, 2))
    return y


@pair("pad2d", "reflect and replicate confused, and circular not known", "always_replicate")
def pad_confused_no_circular(x, padding, mode="zeros"):
    H, W = x.shape
    p = padding
    out = np.zeros((H + 2 * p, W + 2 * p))
    for i in range(H + 2 * p):
        for j in range(W + 2 * p):
            r, c = i - p, j - p
            if mode == "reflect":
                r, c = min(max(r, 0), H - 1), min(max(c, 0), W - 1)
            elif mode == "replicate":
                r, c = abs(r) % H, abs(c) % W
            if 0 <= r < H and 0 <= c < W:
                out[i, j] = x[r, c]
    return out
