"""Wrong answers to the functions of the notebook on convolution as a matrix."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("toeplitz_matrix", "the matrix of the convolution: kernel flipped", "kernel_turned_round")
def tm_flipped(w, n):
    k = len(w)
    T = np.zeros((n - k + 1, n))
    for i in range(n - k + 1):
        for a in range(k):
            T[i, i + a] = w[k - 1 - a]
    return T


@wrong("toeplitz_matrix", "transposed", "kernel_in_the_columns")
def tm_transposed(w, n):
    rows = n - len(w) + 1
    M = np.zeros((n, rows))
    for j in range(rows):
        M[j : j + len(w), j] = w
    return M


@wrong("toeplitz_matrix", "square: windows that stick out are kept", "kernel_cut_off_at_the_end")
def tm_square(w, n):
    T = np.zeros((n, n))
    for i in range(n):
        for a in range(len(w)):
            if i + a < n:
                T[i, i + a] = w[a]
    return T


@wrong("toeplitz_matrix", "one row is missing", "one_row_short")
def tm_one_row_less(w, n):
    k = w.shape[0]
    rows = []
    for i in range(n - k):
        rows.append(np.concatenate([np.zeros(i), w, np.zeros(n - k - i)]))
    return np.array(rows)


@wrong("toeplitz_matrix", "the kernel stands at the start of each row", "kernel_does_not_move")
def tm_not_shifted(w, n):
    T = np.zeros((n - len(w) + 1, n))
    for i in range(T.shape[0]):
        T[i, : len(w)] = w
    return T


@wrong("toeplitz_matrix", "circulant: wraps round at the end", "wraps_round_the_end")
def tm_circulant(w, n):
    first = np.zeros(n)
    first[: len(w)] = w
    return np.array([np.roll(first, i) for i in range(n)])


@pair(
    "toeplitz_matrix",
    "kernel flipped, and transposed",
    "kernel_turned_round",
    "kernel_in_the_columns",
)
def tm_flipped_transposed(w, n):
    k = len(w)
    T = np.zeros((n, n - k + 1))
    for c in range(n - k + 1):
        for a in range(k):
            T[c + a, c] = w[-1 - a]
    return T


@odd("toeplitz_matrix", "only the first number of the kernel, along the diagonal")
def tm_diagonal(w, n):
    return w[0] * np.eye(n - len(w) + 1, n)


@wrong("conv_matrix2d", "rows of the input counted with the width of the output")
def cm_width_out(k, input_shape):
    H, W = input_shape
    kh, kw = k.shape
    Ho, Wo = H - kh + 1, W - kw + 1
    M = np.zeros((Ho * Wo, H * W))
    for r in range(Ho):
        for c in range(Wo):
            for a in range(kh):
                for b in range(kw):
                    M[r * Wo + c, (r + a) * Wo + (c + b)] = k[a, b]
    return M


@wrong("conv_matrix2d", "kernel flipped", "kernel_turned_round")
def cm_flipped(k, input_shape):
    H, W = input_shape
    f = np.flip(k)
    kh, kw = f.shape
    rows = []
    for r in range(H - kh + 1):
        for c in range(W - kw + 1):
            canvas = np.zeros((H, W))
            canvas[r : r + kh, c : c + kw] = f
            rows.append(canvas.flatten())
    return np.array(rows)


@wrong("conv_matrix2d", "input read column by column", "images_read_by_columns")
def cm_columns(k, input_shape):
    H, W = input_shape
    kh, kw = k.shape
    rows = []
    for r in range(H - kh + 1):
        for c in range(W - kw + 1):
            img = np.zeros(input_shape)
            img[r : r + kh, c : c + kw] = k
            rows.append(img.ravel(order="F"))
    return np.stack(rows)


@wrong("conv_matrix2d", "outputs ordered column by column", "window_moves_down_first")
def cm_outputs_columns(k, input_shape):
    H, W = input_shape
    kh, kw = k.shape
    out = []
    for c in range(W - kw + 1):
        for r in range(H - kh + 1):
            line = [0.0] * (H * W)
            for a in range(kh):
                for b in range(kw):
                    line[(r + a) * W + c + b] = k[a, b]
            out.append(line)
    return np.array(out)


@wrong("conv_matrix2d", "transposed", "matrix_on_its_side")
def cm_transposed(k, input_shape):
    H, W = input_shape
    kh, kw = k.shape
    Ho, Wo = H - kh + 1, W - kw + 1
    M = np.zeros((H * W, Ho * Wo))
    for i in range(Ho):
        for j in range(Wo):
            for a in range(kh):
                for b in range(kw):
                    M[(i + a) * W + j + b, i * Wo + j] = k[a, b]
    return M


@wrong(
    "conv_matrix2d",
    "the kernel in one piece: not spread over the rows of the image",
    "kernel_rows_side_by_side",
)
def cm_one_piece(k, input_shape):
    H, W = input_shape
    flat = k.ravel()
    Ho, Wo = H - k.shape[0] + 1, W - k.shape[1] + 1
    M = np.zeros((Ho * Wo, H * W))
    for r in range(Ho):
        for c in range(Wo):
            start = r * W + c
            stop = min(start + len(flat), H * W)
            M[r * Wo + c, start:stop] = flat[: stop - start]
    return M


@wrong("conv_matrix2d", "kernel height and width exchanged in the size of the output")
def cm_sizes_swapped(k, input_shape):
    H, W = input_shape
    kw, kh = k.shape
    Ho, Wo = H - kh + 1, W - kw + 1
    M = np.zeros((Ho * Wo, H * W))
    for r in range(Ho):
        for c in range(Wo):
            for a in range(k.shape[0]):
                for b in range(k.shape[1]):
                    M[r * Wo + c, (r + a) * W + c + b] = k[a, b]
    return M


@pair(
    "conv_matrix2d",
    "kernel flipped, and input read column by column",
    "kernel_turned_round",
    "images_read_by_columns",
)
def cm_flipped_columns(k, input_shape):
    H, W = input_shape
    kh, kw = k.shape
    M = np.zeros(((H - kh + 1) * (W - kw + 1), H * W))
    n = 0
    for r in range(H - kh + 1):
        for c in range(W - kw + 1):
            for a in range(kh):
                for b in range(kw):
                    M[n, (c + b) * H + r + a] = k[kh - 1 - a, kw - 1 - b]
            n += 1
    return M


@odd(
    "conv_matrix2d", "the window moves by its own width after each row", "windows_run_over_the_edge"
)
def cm_row_running(k, input_shape):
    H, W = input_shape
    kh, kw = k.shape
    n = (H - kh + 1) * (W - kw + 1)
    first = np.zeros((H, W))
    first[:kh, :kw] = k
    return np.array([np.roll(first.ravel(), i) for i in range(n)])


@wrong("im2col", "columns ordered with the channel first", "channels_outermost")
def ic_channel_first(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    rows = []
    for n in range(N):
        for i in range(0, H - kh + 1, stride):
            for j in range(0, W - kw + 1, stride):
                rows.append(xp[n, i : i + kh, j : j + kw].transpose(2, 0, 1).ravel())
    return np.array(rows)


@wrong("im2col", "images vary fastest in the order of the rows", "images_innermost")
def ic_images_last(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if np.isscalar(kernel) else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    rows = []
    for i in range(0, H - kh + 1, stride):
        for j in range(0, W - kw + 1, stride):
            for n in range(N):
                rows.append(xp[n, i : i + kh, j : j + kw].ravel())
    return np.array(rows)


@wrong("im2col", "transposed: a window in each column", "windows_as_columns")
def ic_transposed(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    Ho, Wo = (H - kh) // stride + 1, (W - kw) // stride + 1
    M = np.zeros((kh * kw * C, N * Ho * Wo))
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                M[:, (n * Ho + i) * Wo + j] = xp[
                    n, i * stride : i * stride + kh, j * stride : j * stride + kw
                ].reshape(-1)
    return M


@wrong("im2col", "stride missing in the window start", "stride_missing_in_window_start")
def ic_no_stride(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if type(kernel) is int else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    Ho, Wo = (H - kh) // stride + 1, (W - kw) // stride + 1
    out = np.zeros((N * Ho * Wo, kh * kw * C), dtype=x.dtype)
    r = 0
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                out[r] = xp[n, i : i + kh, j : j + kw, :].flatten()
                r += 1
    return out


@wrong("im2col", "a pair for the window is not understood", "always_square")
def ic_no_pair(x, kernel, stride=1, padding=0):
    k = kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (k, k), axis=(1, 2))
    v = v[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return v.reshape(-1, k * k * x.shape[3])


@wrong("im2col", "taps collected first, then reshape without transpose")
def ic_reshape(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = xp.shape
    Ho, Wo = (H - kh) // stride + 1, (W - kw) // stride + 1
    taps = []
    for a in range(kh):
        for b in range(kw):
            taps.append(xp[:, a : a + stride * Ho : stride, b : b + stride * Wo : stride])
    return np.array(taps).reshape(N * Ho * Wo, kh * kw * C)


@wrong("im2col", "loops over windows one short", "one_window_short")
def ic_short(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = [
        xp[n, i : i + kh, j : j + kw].ravel()
        for n in range(len(xp))
        for i in range(0, xp.shape[1] - kh, stride)
        for j in range(0, xp.shape[2] - kw, stride)
    ]
    return np.array(rows)


@pair("im2col", "channel first, and padding ignored", "channels_outermost", "padding_ignored")
def ic_channel_first_no_padding(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    rows = []
    for img in x:
        for i in range(0, img.shape[0] - kh + 1, stride):
            for j in range(0, img.shape[1] - kw + 1, stride):
                part = img[i : i + kh, j : j + kw]
                rows.append(np.concatenate([part[:, :, c].ravel() for c in range(x.shape[3])]))
    return np.array(rows)


@odd("im2col", "the windows keep their shape", "windows_not_flattened")
def ic_not_flat(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    return np.array(
        [
            img[i : i + kh, j : j + kw]
            for img in xp
            for i in range(0, xp.shape[1] - kh + 1, stride)
            for j in range(0, xp.shape[2] - kw + 1, stride)
        ]
    )


@wrong(
    "conv2d_im2col",
    "kernel transposed before it is flattened: filters first",
    "filters_reshaped_to_the_front",
)
def im_filters_first(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    N, Ho, Wo = v.shape[:3]
    cols = v.transpose(0, 1, 2, 4, 5, 3).reshape(N * Ho * Wo, -1)
    y = cols @ w.reshape(F, -1).T + b
    return y.reshape(N, Ho, Wo, F)


@wrong(
    "conv2d_im2col",
    "windows and kernel in different orders of the channels",
    "channels_in_two_orders",
)
def im_orders(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    N, Ho, Wo = v.shape[:3]
    return (v.reshape(N * Ho * Wo, -1) @ w.reshape(-1, F) + b).reshape(N, Ho, Wo, F)


@wrong("conv2d_im2col", "the answer reshaped with the filters first, without transpose")
def im_reshape(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    N, Ho, Wo = v.shape[:3]
    cols = v.transpose(0, 1, 2, 4, 5, 3).reshape(N * Ho * Wo, -1)
    y = w.reshape(-1, F).T @ cols.T + b[:, None]
    return y.reshape(N, Ho, Wo, F)


@wrong(
    "conv2d_im2col", "stride missing in the slices of the taps", "stride_missing_in_window_start"
)
def im_no_stride(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    Ho, Wo = (xp.shape[1] - kh) // stride + 1, (xp.shape[2] - kw) // stride + 1
    taps = [xp[:, a : a + Ho, c : c + Wo] for a in range(kh) for c in range(kw)]
    cols = np.concatenate(taps, axis=-1).reshape(-1, kh * kw * C)
    return (cols @ w.reshape(-1, F) + b).reshape(len(x), Ho, Wo, F)


@wrong("conv2d_im2col", "bias forgotten", "bias_missing")
def im_no_bias(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    Ho, Wo = (xp.shape[1] - kh) // stride + 1, (xp.shape[2] - kw) // stride + 1
    y = 0
    for a in range(kh):
        for c in range(kw):
            y = y + xp[:, a : a + stride * Ho : stride, c : c + stride * Wo : stride] @ w[a, c]
    return y


@wrong(
    "conv2d_im2col",
    "whole numbers: the matrix product is stored in the type of x",
    "stored_as_the_image_is",
)
def im_int(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    Ho, Wo = (xp.shape[1] - kh) // stride + 1, (xp.shape[2] - kw) // stride + 1
    y = np.zeros((x.shape[0], Ho, Wo, F), dtype=x.dtype)
    cols = []
    for a in range(kh):
        for c in range(kw):
            cols.append(xp[:, a : a + stride * Ho : stride, c : c + stride * Wo : stride])
    cols = np.concatenate(cols, axis=3)
    y[...] = cols @ w.reshape(-1, F) + b
    return y


@pair(
    "conv2d_im2col",
    "kernels flipped, and bias forgotten",
    "flipped_and_without_bias",
    "kernels_turned_round",
    "bias_missing",
)
def im_flipped_no_bias(x, w, b, stride=1, padding=0):
    w = np.flip(w, axis=(0, 1))
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    N, Ho, Wo = v.shape[:3]
    cols = v.transpose(0, 1, 2, 4, 5, 3).reshape(N * Ho * Wo, -1)
    return (cols @ w.reshape(-1, F)).reshape(N, Ho, Wo, F)


@odd("conv2d_im2col", "the bias is a further column that is multiplied by zero")
def im_bias_lost(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    N, Ho, Wo = v.shape[:3]
    cols = v.transpose(0, 1, 2, 4, 5, 3).reshape(N * Ho * Wo, -1)
    cols = np.hstack([cols, cols[:, :1]])
    kernel = np.vstack([w.reshape(-1, F), b])
    return (cols @ kernel).reshape(N, Ho, Wo, F)


@pair(
    "toeplitz_matrix", "kernel flipped, and one row missing", "one_row_short", "kernel_turned_round"
)
def tm_flipped_short(w, n):
    f = w[::-1]
    return np.array([np.r_[np.zeros(i), f, np.zeros(n - len(f) - i)] for i in range(n - len(f))])


@pair(
    "conv_matrix2d",
    "outputs ordered column by column, and transposed",
    "matrix_on_its_side",
    "window_moves_down_first",
)
def cm_outputs_columns_transposed(k, input_shape):
    H, W = input_shape
    kh, kw = k.shape
    columns = []
    for c in range(W - kw + 1):
        for r in range(H - kh + 1):
            z = np.zeros((H, W))
            z[r : r + kh, c : c + kw] = k
            columns.append(z.ravel())
    return np.array(columns).T


@pair(
    "im2col",
    "stride missing in the window start, and transposed",
    "windows_as_columns",
    "stride_missing_in_window_start",
)
def ic_no_stride_transposed(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    Ho, Wo = (xp.shape[1] - kh) // stride + 1, (xp.shape[2] - kw) // stride + 1
    cols = []
    for image in xp:
        for i in range(Ho):
            for j in range(Wo):
                cols.append(image[i : i + kh, j : j + kw].ravel())
    return np.array(cols).T


@pair(
    "conv2d_im2col",
    "filters first in the kernel, and bias forgotten",
    "bias_missing",
    "filters_reshaped_to_the_front",
)
def im_filters_first_no_bias(x, w, b, stride=1, padding=0):
    kh, kw, C, F = w.shape
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    v = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    N, Ho, Wo = v.shape[:3]
    cols = v.transpose(0, 1, 2, 4, 5, 3).reshape(N * Ho * Wo, -1)
    return (cols @ w.reshape(F, -1).T).reshape(N, Ho, Wo, F)
