"""Wrong answers to the functions of the notebook on the nonlinearity."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("softmax_cross_entropy", "overflows: the largest score is not subtracted", "overflow")
def sm_overflow(scores, labels):
    N = scores.shape[0]
    e = np.exp(scores)
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(N), labels]))
    grad = p.copy()
    grad[np.arange(N), labels] -= 1
    return loss, grad / N


@wrong("softmax_cross_entropy", "the sum over the batch instead of the mean", "sum_over_the_batch")
def sm_sum(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = 0.0
    grad = np.exp(logp)
    for n in range(len(labels)):
        loss += -logp[n, labels[n]]
        grad[n, labels[n]] -= 1
    return loss, grad


@wrong("softmax_cross_entropy", "the gradient is not divided by the batch", "gradient_of_the_sum")
def sm_grad_not_divided(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    loss = -logp[rows, labels].mean()
    dscores = np.exp(logp)
    dscores[rows, labels] -= 1
    return loss, dscores


@wrong("softmax_cross_entropy", "the logarithm of a probability of 0", "logarithm_of_zero")
def sm_log_zero(scores, labels):
    shifted = scores - np.max(scores, axis=1)[:, None]
    probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1)[:, None]
    onehot = np.zeros(probs.shape)
    onehot[range(len(labels)), labels] = 1
    loss = -np.log(probs[range(len(labels)), labels]).sum() / len(labels)
    return loss, (probs - onehot) / len(labels)


@wrong(
    "softmax_cross_entropy",
    "a small number is added before the logarithm",
    "tiny_number_in_the_logarithm",
)
def sm_small_number(scores, labels):
    z = scores - np.max(scores, axis=1, keepdims=True)
    p = np.exp(z)
    p = p / np.sum(p, axis=1, keepdims=True)
    N = len(labels)
    total = 0
    for i in range(N):
        total -= np.log(p[i, labels[i]] + 1e-12)
    dp = np.array(p)
    dp[np.arange(N), labels] -= 1
    return total / N, dp / N


@wrong(
    "softmax_cross_entropy",
    "softmax over the batch instead of the classes",
    "softmax_down_the_columns",
)
def sm_wrong_axis(scores, labels):
    z = scores - scores.max(axis=0)
    p = np.exp(z) / np.exp(z).sum(axis=0)
    N = len(labels)
    loss = -np.log(p[np.arange(N), labels]).mean()
    g = p.copy()
    g[np.arange(N), labels] -= 1
    return loss, g / N


@wrong(
    "softmax_cross_entropy",
    "the largest score of the whole batch is subtracted",
    "largest_of_the_batch_taken_off",
)
def sm_global_max(scores, labels):
    N, K = scores.shape
    e = np.exp(scores - np.max(scores))
    p = e / np.sum(e, axis=1).reshape(N, 1)
    loss = -np.sum(np.log(p[range(N), labels])) / N
    d = p
    d[range(N), labels] -= 1
    d /= N
    return loss, d


@pair(
    "softmax_cross_entropy", "overflows, and sums over the batch", "sum_over_the_batch", "overflow"
)
def sm_overflow_sum(scores, labels):
    loss, grads = 0, []
    for s, t in zip(scores, labels):
        p = np.exp(s) / sum(np.exp(s))
        loss = loss - np.log(p[t])
        p[t] = p[t] - 1
        grads.append(p)
    return loss, np.array(grads)


@pair(
    "softmax_cross_entropy",
    "logarithm to base 2, and the gradient not divided",
    "gradient_of_the_sum",
)
def sm_log2(scores, labels):
    z = scores - scores.max(1, keepdims=True)
    lse = np.log(np.exp(z).sum(1, keepdims=True))
    logp = (z - lse) / np.log(2)
    r = np.arange(len(z))
    g = np.exp(z - lse)
    g[r, labels] -= 1
    return -logp[r, labels].mean(), g


@odd(
    "softmax_cross_entropy",
    "the gradient of the probabilities: the right class is not lowered",
    "nothing_taken_off_at_the_label",
)
def sm_probabilities(scores, labels):
    z = scores - scores.max(1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return -logp[np.arange(len(z)), labels].mean(), p / len(z)


@odd("softmax_cross_entropy", "the square of what is missing instead of the cross-entropy")
def sm_squares(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    t = np.eye(scores.shape[1])[labels]
    return np.mean(np.sum((p - t) ** 2, axis=1)), 2 * (p - t) / len(p)


@wrong(
    "collapse", "the biases of earlier layers are not carried through later ones", "last_bias_only"
)
def co_bias_not_carried(layers, input_shape):
    size = int(np.prod(input_shape))

    def apply(layer, t, with_bias):
        if layer[0] == "linear":
            t = t.reshape(len(t), -1)
            return t @ layer[1] + layer[2] * with_bias
        if layer[0] == "conv":
            _, w, b = layer
            kh, kw, _, F = w.shape
            Ho, Wo = t.shape[1] - kh + 1, t.shape[2] - kw + 1
            y = np.zeros((len(t), Ho, Wo, F))
            for a in range(kh):
                for c in range(kw):
                    y += t[:, a : a + Ho, c : c + Wo] @ w[a, c]
            return y + b * with_bias
        s = layer[1]
        h, v = t.shape[1] // s, t.shape[2] // s
        return t[:, : h * s, : v * s].reshape(len(t), h, s, v, s, -1).mean(axis=(2, 4))

    t = np.eye(size).reshape(size, *input_shape)
    shape = np.zeros((1, *input_shape))
    bias = 0
    for layer in layers:
        t = apply(layer, t, 0)
        own = apply(layer, shape, 1)
        shape = np.zeros_like(own)
        bias = own.ravel()
    return t.reshape(size, -1), bias


@wrong("collapse", "the matrix includes the bias in every row", "bias_left_in_every_row")
def co_bias_in_matrix(layers, input_shape):
    def run(t):
        for layer in layers:
            if layer[0] == "conv":
                w, b = layer[1], layer[2]
                v = np.lib.stride_tricks.sliding_window_view(t, w.shape[:2], axis=(1, 2))
                t = np.einsum("nijcab,abcf->nijf", v, w) + b
            elif layer[0] == "avg_pool":
                s = layer[1]
                h, q = t.shape[1] // s, t.shape[2] // s
                t = t[:, : h * s, : q * s].reshape(len(t), h, s, q, s, -1).mean(axis=(2, 4))
            else:
                t = t.reshape(len(t), -1) @ layer[1] + layer[2]
        return t.reshape(len(t), -1)

    n = int(np.prod(input_shape))
    M = run(np.eye(n).reshape((n,) + tuple(input_shape)))
    c = run(np.zeros((1,) + tuple(input_shape)))[0]
    return M, c


@wrong("collapse", "kernels flipped", "flipped_kernels")
def co_flipped(layers, input_shape):
    def run(t):
        for kind, *rest in layers:
            if kind == "conv":
                w, b = rest
                w = w[::-1, ::-1]
                v = np.lib.stride_tricks.sliding_window_view(t, w.shape[:2], axis=(1, 2))
                t = np.einsum("nijcab,abcf->nijf", v, w) + b
            elif kind == "avg_pool":
                s = rest[0]
                h, q = t.shape[1] // s, t.shape[2] // s
                t = t[:, : h * s, : q * s].reshape(len(t), h, s, q, s, -1).mean(axis=(2, 4))
            else:
                t = t.reshape(len(t), -1) @ rest[0] + rest[1]
        return t.reshape(len(t), -1)

    n = int(np.prod(input_shape))
    c = run(np.zeros((1, *input_shape)))
    return run(np.eye(n).reshape(n, *input_shape)) - c, c[0]


@wrong("collapse", "flattened with the channels first", "flattened_channel_by_channel")
def co_channels_first(layers, input_shape):
    def run(t):
        for kind, *rest in layers:
            if kind == "conv":
                w, b = rest
                v = np.lib.stride_tricks.sliding_window_view(t, w.shape[:2], axis=(1, 2))
                t = np.einsum("nijcab,abcf->nijf", v, w) + b
            elif kind == "avg_pool":
                s = rest[0]
                h, q = t.shape[1] // s, t.shape[2] // s
                t = t[:, : h * s, : q * s].reshape(len(t), h, s, q, s, -1).mean(axis=(2, 4))
            else:
                if t.ndim == 4:
                    t = t.transpose(0, 3, 1, 2)
                t = t.reshape(len(t), -1) @ rest[0] + rest[1]
        return t.reshape(len(t), -1)

    n = int(np.prod(input_shape))
    c = run(np.zeros((1, *input_shape)))
    return run(np.eye(n).reshape(n, *input_shape)) - c, c[0]


@wrong("collapse", "M transposed", "matrix_transposed")
def co_transposed(layers, input_shape):
    def run(t):
        for kind, *rest in layers:
            if kind == "conv":
                w, b = rest
                v = np.lib.stride_tricks.sliding_window_view(t, w.shape[:2], axis=(1, 2))
                t = np.einsum("nijcab,abcf->nijf", v, w) + b
            elif kind == "avg_pool":
                s = rest[0]
                h, q = t.shape[1] // s, t.shape[2] // s
                t = t[:, : h * s, : q * s].reshape(len(t), h, s, q, s, -1).mean(axis=(2, 4))
            else:
                t = t.reshape(len(t), -1) @ rest[0] + rest[1]
        return t.reshape(len(t), -1)

    c = run(np.zeros((1, *input_shape)))[0]
    columns = []
    for index in np.ndindex(*input_shape):
        e = np.zeros((1, *input_shape))
        e[(0, *index)] = 1
        columns.append(run(e)[0] - c)
    return np.array(columns).T, c


@wrong("collapse", "average pool as a sum", "sums_for_means")
def co_sum_pool(layers, input_shape):
    def run(t):
        for kind, *rest in layers:
            if kind == "conv":
                w, b = rest
                v = np.lib.stride_tricks.sliding_window_view(t, w.shape[:2], axis=(1, 2))
                t = np.einsum("nijcab,abcf->nijf", v, w) + b
            elif kind == "avg_pool":
                s = rest[0]
                h, q = t.shape[1] // s, t.shape[2] // s
                t = t[:, : h * s, : q * s].reshape(len(t), h, s, q, s, -1).sum(axis=(2, 4))
            else:
                t = t.reshape(len(t), -1) @ rest[0] + rest[1]
        return t.reshape(len(t), -1)

    n = int(np.prod(input_shape))
    c = run(np.zeros((1, *input_shape)))
    return run(np.eye(n).reshape(n, *input_shape)) - c, c[0]


@pair(
    "collapse", "only linear layers are treated, and their biases added up", "biases_not_passed_on"
)
def co_linear_only(layers, input_shape):
    M, c = None, 0
    for layer in layers:
        if layer[0] != "linear":
            continue
        M = layer[1] if M is None else M @ layer[1]
        c = layer[2] if np.ndim(c) == 0 else c @ np.eye(len(c), len(layer[2])) + layer[2]
    return M, c


@odd("collapse", "a ReLU between the layers")
def co_relu(layers, input_shape):
    def run(t):
        for kind, *rest in layers:
            if kind == "conv":
                w, b = rest
                v = np.lib.stride_tricks.sliding_window_view(t, w.shape[:2], axis=(1, 2))
                t = np.maximum(np.einsum("nijcab,abcf->nijf", v, w) + b, 0)
            elif kind == "avg_pool":
                s = rest[0]
                h, q = t.shape[1] // s, t.shape[2] // s
                t = t[:, : h * s, : q * s].reshape(len(t), h, s, q, s, -1).mean(axis=(2, 4))
            else:
                t = np.maximum(t.reshape(len(t), -1) @ rest[0] + rest[1], 0)
        return t.reshape(len(t), -1)

    n = int(np.prod(input_shape))
    c = run(np.zeros((1, *input_shape)))
    return run(np.eye(n).reshape(n, *input_shape)) - c, c[0]


@wrong("loss_and_gradients", "the ReLU is forgotten on the way back", "nonlinearity_forward_only")
def lg_no_relu_back(parameters, images, labels):
    w, b, W, c = parameters
    N = len(images)
    v = np.lib.stride_tricks.sliding_window_view(images, w.shape[:2], axis=(1, 2))
    z = np.einsum("nijcab,abcf->nijf", v, w) + b
    a = np.maximum(z, 0)
    h, q, F = a.shape[1] // 2, a.shape[2] // 2, a.shape[3]
    blocks = a[:, : 2 * h, : 2 * q].reshape(N, h, 2, q, 2, F)
    p = blocks.max(axis=(2, 4))
    f = p.reshape(N, -1)
    s = f @ W + c
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(N), labels].mean()
    ds = np.exp(logp)
    ds[np.arange(N), labels] -= 1
    ds /= N
    dW, dc = f.T @ ds, ds.sum(axis=0)
    dp = (ds @ W.T).reshape(p.shape)
    da = np.zeros(a.shape)
    winners = blocks == p[:, :, None, :, None, :]
    da[:, : 2 * h, : 2 * q] = (winners * dp[:, :, None, :, None, :]).reshape(N, 2 * h, 2 * q, F)
    dw = np.einsum("nijcab,nijf->abcf", v, da)
    return loss, (dw, da.sum(axis=(0, 1, 2)), dW, dc)


@wrong("loss_and_gradients", "the gradient is not divided by the batch", "sums_over_the_batch")
def lg_not_divided(parameters, images, labels):
    w, b, W, c = parameters
    N = images.shape[0]
    kh, kw, C, F = w.shape
    Ho, Wo = images.shape[1] - kh + 1, images.shape[2] - kw + 1
    z = np.zeros((N, Ho, Wo, F))
    for i in range(Ho):
        for j in range(Wo):
            z[:, i, j] = np.tensordot(images[:, i : i + kh, j : j + kw], w, 3) + b
    a = z * (z > 0)
    h, q = Ho // 2, Wo // 2
    p = np.zeros((N, h, q, F))
    for i in range(h):
        for j in range(q):
            p[:, i, j] = a[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max(axis=(1, 2))
    f = p.reshape(N, -1)
    s = f @ W + c
    e = np.exp(s - s.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(probs[range(N), labels]).mean()
    ds = probs.copy()
    ds[range(N), labels] -= 1
    dW = f.T @ ds
    dc = ds.sum(0)
    dp = (ds @ W.T).reshape(p.shape)
    da = np.zeros_like(a)
    for n in range(N):
        for i in range(h):
            for j in range(q):
                for k in range(F):
                    win = a[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, k]
                    r, t = np.unravel_index(win.argmax(), (2, 2))
                    da[n, 2 * i + r, 2 * j + t, k] += dp[n, i, j, k]
    dz = da * (z > 0)
    dw = np.zeros_like(w)
    for i in range(Ho):
        for j in range(Wo):
            dw += np.tensordot(images[:, i : i + kh, j : j + kw], dz[:, i, j], axes=(0, 0))
    return loss, (dw, dz.sum(axis=(0, 1, 2)), dW, dc)


@wrong("loss_and_gradients", "flattened with the channels first", "channels_first_in_the_features")
def lg_channels_first(parameters, images, labels):
    w, b, W, c = parameters
    N = len(images)
    v = np.lib.stride_tricks.sliding_window_view(images, w.shape[:2], axis=(1, 2))
    z = np.einsum("nijcab,abcf->nijf", v, w) + b
    a = np.maximum(z, 0)
    h, q, F = a.shape[1] // 2, a.shape[2] // 2, a.shape[3]
    blocks = a[:, : 2 * h, : 2 * q].reshape(N, h, 2, q, 2, F)
    p = blocks.max(axis=(2, 4))
    f = p.transpose(0, 3, 1, 2).reshape(N, -1)
    s = f @ W + c
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(N), labels].mean()
    ds = np.exp(logp)
    ds[np.arange(N), labels] -= 1
    ds /= N
    dW, dc = f.T @ ds, ds.sum(axis=0)
    dp = (ds @ W.T).reshape(N, F, h, q).transpose(0, 2, 3, 1)
    da = np.zeros(a.shape)
    winners = blocks == p[:, :, None, :, None, :]
    da[:, : 2 * h, : 2 * q] = (winners * dp[:, :, None, :, None, :]).reshape(N, 2 * h, 2 * q, F)
    dz = da * (z > 0)
    dw = np.einsum("nijcab,nijf->abcf", v, dz)
    return loss, (dw, dz.sum(axis=(0, 1, 2)), dW, dc)


@wrong(
    "loss_and_gradients",
    "db is the mean over images and pixels, not the sum",
    "bias_gradient_averaged",
)
def lg_db(parameters, images, labels):
    w, b, W, c = parameters
    N = len(images)
    v = np.lib.stride_tricks.sliding_window_view(images, w.shape[:2], axis=(1, 2))
    z = np.einsum("nijcab,abcf->nijf", v, w) + b
    a = np.maximum(z, 0)
    h, q, F = a.shape[1] // 2, a.shape[2] // 2, a.shape[3]
    blocks = a[:, : 2 * h, : 2 * q].reshape(N, h, 2, q, 2, F)
    p = blocks.max(axis=(2, 4))
    f = p.reshape(N, -1)
    s = f @ W + c
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(N), labels].mean()
    ds = np.exp(logp)
    ds[np.arange(N), labels] -= 1
    ds /= N
    dp = (ds @ W.T).reshape(p.shape)
    da = np.zeros(a.shape)
    winners = blocks == p[:, :, None, :, None, :]
    da[:, : 2 * h, : 2 * q] = (winners * dp[:, :, None, :, None, :]).reshape(N, 2 * h, 2 * q, F)
    dz = da * (z > 0)
    dw = np.einsum("nijcab,nijf->abcf", v, dz)
    return loss, (dw, dz.mean(axis=(0, 1, 2)), f.T @ ds, ds.sum(axis=0))


@pair(
    "loss_and_gradients",
    "ReLU forgotten on the way back, and not divided by the batch",
    "nonlinearity_forward_only",
    "sums_over_the_batch",
)
def lg_relu_batch(parameters, images, labels):
    w, b, W, c = parameters
    N = len(images)
    v = np.lib.stride_tricks.sliding_window_view(images, w.shape[:2], axis=(1, 2))
    a = np.maximum(np.einsum("nijcab,abcf->nijf", v, w) + b, 0)
    h, q, F = a.shape[1] // 2, a.shape[2] // 2, a.shape[3]
    blocks = a[:, : 2 * h, : 2 * q].reshape(N, h, 2, q, 2, F)
    p = blocks.max(axis=(2, 4))
    f = p.reshape(N, -1)
    s = f @ W + c
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    ds = np.exp(logp)
    ds[np.arange(N), labels] -= 1
    dp = (ds @ W.T).reshape(p.shape)
    da = np.zeros(a.shape)
    winners = blocks == p[:, :, None, :, None, :]
    da[:, : 2 * h, : 2 * q] = (winners * dp[:, :, None, :, None, :]).reshape(N, 2 * h, 2 * q, F)
    dw = np.einsum("nijcab,nijf->abcf", v, da)
    loss = -logp[np.arange(N), labels].mean()
    return loss, (dw, da.sum(axis=(0, 1, 2)), f.T @ ds, ds.sum(axis=0))


@odd("loss_and_gradients", "only the gradients of the last layer, the others stay zero")
def lg_last_layer(parameters, images, labels):
    w, b, W, c = parameters
    N = len(images)
    v = np.lib.stride_tricks.sliding_window_view(images, w.shape[:2], axis=(1, 2))
    a = np.maximum(np.einsum("nijcab,abcf->nijf", v, w) + b, 0)
    h, q, F = a.shape[1] // 2, a.shape[2] // 2, a.shape[3]
    f = a[:, : 2 * h, : 2 * q].reshape(N, h, 2, q, 2, F).max(axis=(2, 4)).reshape(N, -1)
    s = f @ W + c
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    ds = np.exp(logp)
    ds[np.arange(N), labels] -= 1
    ds /= N
    loss = -logp[np.arange(N), labels].mean()
    return loss, (np.zeros_like(w), np.zeros_like(b), f.T @ ds, ds.sum(axis=0))


@wrong("predict", "always the same digit", "always_one")
def pr_constant(images):
    out = []
    for image in images:
        probabilities = [0.0, 1.0] + [0.0] * 8
        out.append(probabilities.index(max(probabilities)))
    return np.array(out)


@wrong("predict", "returns the ten scores instead of the best digit", "scores_for_labels")
def pr_scores(images):
    from convkit import load_digits

    known, _ = load_digits().split()
    flat = np.pad(known.images, ((0, 0), (1, 1), (1, 1))).reshape(len(known.images), -1)
    means = np.array([flat[known.labels == d].mean(axis=0) for d in range(10)])
    return images.reshape(len(images), -1) @ means.T


@wrong("predict", "argmax over the images instead of the digits", "best_image_of_each_class")
def pr_argmax_axis(images):
    from convkit import load_digits

    known, _ = load_digits().split()
    flat = np.pad(known.images, ((0, 0), (1, 1), (1, 1))).reshape(len(known.images), -1)
    means = np.array([flat[known.labels == d].mean(axis=0) for d in range(10)])
    scores = images.reshape(len(images), -1) @ means.T
    return np.argmax(scores, axis=0)


@wrong("predict", "knows digits in the middle only: the nearest mean", "trained_in_the_middle_only")
def pr_nearest_mean(images):
    from convkit import load_digits

    known, _ = load_digits().split()
    flat = np.pad(known.images, ((0, 0), (1, 1), (1, 1))).reshape(len(known.images), -1)
    out = []
    for image in images.reshape(len(images), -1):
        dists = [((image - flat[known.labels == d].mean(axis=0)) ** 2).sum() for d in range(10)]
        out.append(int(np.argmin(dists)))
    return np.array(out)


@odd("predict", "the number of bright pixels, as a digit")
def pr_bright(images):
    return (images > 0.5).sum(axis=(1, 2, 3)) % 10
