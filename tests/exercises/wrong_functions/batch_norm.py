"""Wrong answers to the functions of the notebook on batch normalization."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("batch_norm", "one mean and one variance over everything", "statistics_over_everything")
def bn_everything(x, gamma, beta, eps=1e-8):
    mu = np.mean(x)
    var = np.var(x)
    x_hat = (x - mu) / np.sqrt(var + eps)
    return gamma * x_hat + beta


@wrong("batch_norm", "eps outside the root", "eps_outside_the_root")
def bn_eps_outside(x, gamma, beta, eps=1e-8):
    mean = x.mean(axis=0)
    std = x.std(axis=0)
    out = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = gamma[j] * (x[i, j] - mean[j]) / (std[j] + eps) + beta[j]
    return out


@wrong(
    "batch_norm",
    "mean and variance of each vector instead of each feature",
    "statistics_of_each_vector",
)
def bn_rows(x, gamma, beta, eps=1e-8):
    mu = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    return gamma * ((x - mu) / np.sqrt(var + eps)) + beta


@wrong("batch_norm", "divided by the variance, the root is missing", "divided_by_the_variance")
def bn_no_root(x, gamma, beta, eps=1e-8):
    N, D = x.shape
    mu = np.sum(x, axis=0) / N
    xc = x - mu
    var = np.sum(xc**2, axis=0) / N
    return gamma * (xc / (var + eps)) + beta


@wrong("batch_norm", "the unbiased variance", "unbiased_variance")
def bn_unbiased(x, gamma, beta, eps=1e-8):
    n = len(x)
    m = sum(x) / n
    v = sum((row - m) ** 2 for row in x) / (n - 1)
    return np.array([gamma * (row - m) / np.sqrt(v + eps) + beta for row in x])


@wrong("batch_norm", "gamma and beta forgotten", "gamma_and_beta_left_out")
def bn_no_gamma(x, gamma, beta, eps=1e-8):
    return (x - np.mean(x, 0)) / np.sqrt(np.var(x, 0) + eps)


@wrong("batch_norm", "eps of 1e-5 written into the code", "eps_is_always_the_default")
def bn_own_eps(x, gamma, beta, eps=1e-8):
    eps = 1e-5
    mu = x.mean(0)
    sigma2 = x.var(0)
    xhat = (x - mu) / np.sqrt(sigma2 + eps)
    return gamma * xhat + beta


@wrong(
    "batch_norm",
    "the answer is written into an array like x, and loses its fractions",
    "stored_as_whole_numbers",
)
def bn_like_x(x, gamma, beta, eps=1e-8):
    out = np.zeros_like(x)
    for j in range(x.shape[1]):
        col = x[:, j]
        out[:, j] = gamma[j] * (col - col.mean()) / np.sqrt(col.var() + eps) + beta[j]
    return out


@pair(
    "batch_norm",
    "eps outside the root, and the unbiased variance",
    "unbiased_variance",
    "eps_outside_the_root",
)
def bn_eps_unbiased(x, gamma, beta, eps=1e-8):
    mu = np.mean(x, axis=0)
    s = np.std(x, axis=0, ddof=1)
    return gamma * (x - mu) / (s + eps) + beta


@pair("batch_norm", "one mean over everything, and beta forgotten", "statistics_over_everything")
def bn_everything_no_beta(x, gamma, beta, eps=1e-8):
    centred = x - x.mean()
    return gamma * centred / np.sqrt((centred**2).mean() + eps)


@odd("batch_norm", "scaled to the range from 0 to 1")
def bn_range(x, gamma, beta, eps=1e-8):
    lo, hi = x.min(axis=0), x.max(axis=0)
    return gamma * (x - lo) / (hi - lo + eps) + beta


@wrong(
    "batch_norm_cnn", "statistics of each image: the batch axis is left out", "each_image_by_itself"
)
def bc_per_image(x, gamma, beta, eps=1e-8):
    mu = x.mean(axis=(1, 2), keepdims=True)
    var = x.var(axis=(1, 2), keepdims=True)
    return gamma * (x - mu) / np.sqrt(var + eps) + beta


@wrong("batch_norm_cnn", "statistics of each pixel: over the batch alone", "each_pixel_by_itself")
def bc_per_pixel(x, gamma, beta, eps=1e-8):
    mean = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    normed = (x - mean) / np.sqrt(var + eps)
    return normed * gamma + beta


@wrong("batch_norm_cnn", "one mean over everything, channels too", "statistics_over_everything")
def bc_everything(x, gamma, beta, eps=1e-8):
    flat = x.ravel().astype(float)
    mu = flat.sum() / flat.size
    var = ((flat - mu) ** 2).sum() / flat.size
    y = np.empty(x.shape)
    for c in range(x.shape[3]):
        y[..., c] = gamma[c] * (x[..., c] - mu) / np.sqrt(var + eps) + beta[c]
    return y


@wrong(
    "batch_norm_cnn",
    "reshaped with the channels first and no transpose",
    "reshaped_without_transpose",
)
def bc_reshape(x, gamma, beta, eps=1e-8):
    N, H, W, C = x.shape
    flat = x.reshape(C, -1).T
    mu = flat.mean(axis=0)
    var = flat.var(axis=0)
    y = gamma * (flat - mu) / np.sqrt(var + eps) + beta
    return y.T.reshape(N, H, W, C)


@wrong("batch_norm_cnn", "eps outside the root", "eps_outside_the_root")
def bc_eps_outside(x, gamma, beta, eps=1e-8):
    N, H, W, C = x.shape
    flat = x.reshape(-1, C)
    mu = flat.mean(0)
    std = np.sqrt(((flat - mu) ** 2).mean(0))
    return (gamma * (flat - mu) / (std + eps) + beta).reshape(N, H, W, C)


@wrong("batch_norm_cnn", "uint8 minus its mean of uint8: wraps around")
def bc_uint8(x, gamma, beta, eps=1e-8):
    mu = x.mean(axis=(0, 1, 2)).astype(x.dtype)
    d = x - mu
    var = np.mean(d.astype(float) ** 2, axis=(0, 1, 2))
    return gamma * d / np.sqrt(var + eps) + beta


@wrong(
    "batch_norm_cnn", "the axes of images with the channels in front", "statistics_over_everything"
)
def bc_axes(x, gamma, beta, eps=1e-8):
    mu = np.mean(x, axis=(0, 2, 3), keepdims=True)
    var = np.var(x, axis=(0, 2, 3), keepdims=True)
    return gamma * (x - mu) / np.sqrt(var + eps) + beta


@pair(
    "batch_norm_cnn",
    "statistics of each image, and eps outside the root",
    "each_image_by_itself",
    "eps_outside_the_root",
)
def bc_per_image_eps(x, gamma, beta, eps=1e-8):
    out = []
    for im in x:
        m = im.mean(axis=(0, 1))
        s = im.std(axis=(0, 1))
        out.append(gamma * (im - m) / (s + eps) + beta)
    return np.array(out)


@odd(
    "batch_norm_cnn", "normalized, scaled, and then normalized once more", "gamma_and_beta_left_out"
)
def bc_twice(x, gamma, beta, eps=1e-8):
    def norm(a):
        return (a - a.mean(axis=(0, 1, 2))) / np.sqrt(a.var(axis=(0, 1, 2)) + eps)

    return norm(gamma * norm(x) + beta)


@wrong("batch_norm_backward", "mean and variance taken for constants", "statistics_as_constants")
def bb_constants(dy, x, gamma, eps=1e-8):
    mu, var = x.mean(axis=0), x.var(axis=0)
    std = np.sqrt(var + eps)
    xhat = (x - mu) / std
    dgamma = np.sum(dy * xhat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx = dy * gamma / std
    return dx, dgamma, dbeta


@wrong("batch_norm_backward", "the variance taken for a constant", "variance_as_a_constant")
def bb_variance_constant(dy, x, gamma, eps=1e-8):
    N, D = x.shape
    mu = x.mean(0)
    var = x.var(0)
    istd = 1 / np.sqrt(var + eps)
    xhat = (x - mu) * istd
    dxhat = dy * gamma
    dx = istd * (dxhat - dxhat.mean(axis=0))
    return dx, (dy * xhat).sum(0), dy.sum(0)


@wrong(
    "batch_norm_backward",
    "dgamma and dbeta summed over everything",
    "parameters_summed_over_everything",
)
def bb_sum_all(dy, x, gamma, eps=1e-8):
    N = x.shape[0]
    mu, var = np.mean(x, 0), np.var(x, 0)
    xhat = (x - mu) / np.sqrt(var + eps)
    dgamma = np.sum(dy * xhat)
    dbeta = np.sum(dy)
    g = dy * gamma
    dx = (N * g - g.sum(0) - xhat * (g * xhat).sum(0)) / (N * np.sqrt(var + eps))
    return dx, dgamma, dbeta


@wrong("batch_norm_backward", "means instead of sums in dgamma and dbeta", "parameters_averaged")
def bb_means(dy, x, gamma, eps=1e-8):
    N, D = dy.shape
    dx = np.zeros((N, D))
    dgamma, dbeta = np.zeros(D), np.zeros(D)
    for d in range(D):
        col = x[:, d].astype(float)
        s = np.sqrt(col.var() + eps)
        h = (col - col.mean()) / s
        g = dy[:, d] * gamma[d]
        dgamma[d] = np.mean(dy[:, d] * h)
        dbeta[d] = np.mean(dy[:, d])
        dx[:, d] = (g - g.mean() - h * np.mean(g * h)) / s
    return dx, dgamma, dbeta


@wrong("batch_norm_backward", "gamma forgotten in dx", "gamma_missing_in_dx")
def bb_no_gamma(dy, x, gamma, eps=1e-8):
    N = len(x)
    mu = x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - mu) / std
    dgamma = (dy * xhat).sum(axis=0)
    dbeta = dy.sum(axis=0)
    dx = (1.0 / N) / std * (N * dy - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta


@wrong("batch_norm_backward", "dgamma with x instead of the normalized x", "dgamma_from_x_itself")
def bb_dgamma_x(dy, x, gamma, eps=1e-8):
    mu, var = x.mean(0), x.var(0)
    xmu = x - mu
    ivar = (var + eps) ** -0.5
    dxhat = dy * gamma
    dvar = np.sum(dxhat * xmu * -0.5 * (var + eps) ** -1.5, axis=0)
    dmu = np.sum(-dxhat * ivar, axis=0) + dvar * np.mean(-2 * xmu, axis=0)
    dx = dxhat * ivar + dvar * 2 * xmu / len(x) + dmu / len(x)
    return dx, np.sum(dy * x, axis=0), np.sum(dy, axis=0)


@wrong("batch_norm_backward", "the branch of the mean is not divided by N", "sums_for_means")
def bb_mean_not_divided(dy, x, gamma, eps=1e-8):
    N = x.shape[0]
    mu, var = x.mean(0), x.var(0)
    xmu = x - mu
    istd = 1 / np.sqrt(var + eps)
    dxhat = dy * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * istd**3
    dmu = np.sum(-dxhat * istd, axis=0)
    dx = dxhat * istd + dvar * 2 * xmu / N + dmu
    return dx, np.sum(dy * xmu * istd, axis=0), np.sum(dy, axis=0)


@wrong("batch_norm_backward", "the unbiased variance", "unbiased_variance")
def bb_unbiased(dy, x, gamma, eps=1e-8):
    N = x.shape[0]
    std = np.sqrt(x.var(axis=0, ddof=1) + eps)
    h = (x - x.mean(axis=0)) / std
    g = gamma * dy
    dx = (g - g.sum(axis=0) / N - h * (g * h).sum(axis=0) / N) / std
    return dx, (dy * h).sum(axis=0), dy.sum(axis=0)


@wrong("batch_norm_backward", "eps outside the root", "eps_outside_the_root")
def bb_eps_outside(dy, x, gamma, eps=1e-8):
    s = x.std(axis=0) + eps
    h = (x - x.mean(axis=0)) / s
    g = gamma * dy
    dx = (g - g.mean(axis=0) - h * (g * h).mean(axis=0)) / s
    return dx, np.sum(dy * h, 0), np.sum(dy, 0)


@pair(
    "batch_norm_backward",
    "mean and variance constants, and gamma forgotten in dx",
    "statistics_as_constants",
    "gamma_missing_in_dx",
)
def bb_constants_no_gamma(dy, x, gamma, eps=1e-8):
    std = np.sqrt(np.var(x, axis=0) + eps)
    xhat = (x - np.mean(x, axis=0)) / std
    return dy / std, np.sum(dy * xhat, axis=0), np.sum(dy, axis=0)


@pair(
    "batch_norm_backward",
    "dgamma summed over the features, and the variance constant",
    "variance_as_a_constant",
)
def bb_axis_variance(dy, x, gamma, eps=1e-8):
    std = np.sqrt(x.var(0) + eps)
    xhat = (x - x.mean(0)) / std
    g = dy * gamma
    dx = (g - g.mean(0)) / std
    return dx, (dy * xhat).sum(axis=1), dy.sum(axis=1)


@odd("batch_norm_backward", "dgamma and dbeta in the other order", "dgamma_and_dbeta_swapped")
def bb_order(dy, x, gamma, eps=1e-8):
    s = np.sqrt(x.var(axis=0) + eps)
    h = (x - x.mean(axis=0)) / s
    g = gamma * dy
    dx = (g - g.mean(axis=0) - h * (g * h).mean(axis=0)) / s
    return dx, np.sum(dy, 0), np.sum(dy * h, 0)


@wrong("batch_norm_cnn_backward", "statistics over the batch alone", "each_pixel_by_itself")
def bcb_batch_only(dy, x, gamma, eps=1e-8):
    N = x.shape[0]
    s = np.sqrt(x.var(axis=0) + eps)
    h = (x - x.mean(axis=0)) / s
    g = gamma * dy
    dx = (g - g.mean(axis=0) - h * (g * h).mean(axis=0)) / s
    return dx, np.sum(dy * h, axis=(0, 1, 2)), np.sum(dy, axis=(0, 1, 2))


@wrong("batch_norm_cnn_backward", "divided by N instead of N H W", "divided_by_images_only")
def bcb_divides_by_n(dy, x, gamma, eps=1e-8):
    N, H, W, C = x.shape
    mu = x.mean(axis=(0, 1, 2))
    std = np.sqrt(x.var(axis=(0, 1, 2)) + eps)
    h = (x - mu) / std
    dbeta = dy.sum(axis=(0, 1, 2))
    dgamma = (dy * h).sum(axis=(0, 1, 2))
    dx = gamma / (N * std) * (N * dy - dbeta - h * dgamma)
    return dx, dgamma, dbeta


@wrong(
    "batch_norm_cnn_backward", "mean and variance taken for constants", "statistics_as_constants"
)
def bcb_constants(dy, x, gamma, eps=1e-8):
    N, H, W, C = x.shape
    dx = np.zeros(x.shape)
    dgamma = np.zeros(C)
    dbeta = np.zeros(C)
    for c in range(C):
        ch = x[:, :, :, c]
        std = np.sqrt(ch.var() + eps)
        dgamma[c] = np.sum(dy[:, :, :, c] * (ch - ch.mean()) / std)
        dbeta[c] = np.sum(dy[:, :, :, c])
        dx[:, :, :, c] = dy[:, :, :, c] * gamma[c] / std
    return dx, dgamma, dbeta


@wrong(
    "batch_norm_cnn_backward",
    "reshaped with the channels first and no transpose",
    "reshaped_without_transpose",
)
def bcb_reshape(dy, x, gamma, eps=1e-8):
    N, H, W, C = x.shape
    X = x.reshape(C, -1).T
    D = dy.reshape(C, -1).T
    M = X.shape[0]
    s = np.sqrt(X.var(0) + eps)
    h = (X - X.mean(0)) / s
    dgamma, dbeta = (D * h).sum(0), D.sum(0)
    dx = gamma / (M * s) * (M * D - dbeta - h * dgamma)
    return dx.T.reshape(x.shape), dgamma, dbeta


@wrong(
    "batch_norm_cnn_backward",
    "dgamma and dbeta summed over everything",
    "parameters_summed_over_everything",
)
def bcb_sum_all(dy, x, gamma, eps=1e-8):
    ax = (0, 1, 2)
    s = np.sqrt(x.var(axis=ax) + eps)
    h = (x - x.mean(axis=ax)) / s
    g = dy * gamma
    dx = (g - g.mean(axis=ax) - h * (g * h).mean(axis=ax)) / s
    return dx, np.sum(dy * h), np.sum(dy)


@wrong("batch_norm_cnn_backward", "statistics of each image", "each_image_by_itself")
def bcb_per_image(dy, x, gamma, eps=1e-8):
    ax = (1, 2)
    s = np.sqrt(x.var(axis=ax, keepdims=True) + eps)
    h = (x - x.mean(axis=ax, keepdims=True)) / s
    g = dy * gamma
    dx = (g - g.mean(axis=ax, keepdims=True) - h * (g * h).mean(axis=ax, keepdims=True)) / s
    return dx, (dy * h).sum((0, 1, 2)), dy.sum((0, 1, 2))


@pair(
    "batch_norm_cnn_backward",
    "the variance constant, and means instead of sums",
    "parameters_averaged",
    "variance_as_a_constant",
)
def bcb_variance_means(dy, x, gamma, eps=1e-8):
    ax = (0, 1, 2)
    s = np.sqrt(np.var(x, axis=ax) + eps)
    h = (x - np.mean(x, axis=ax)) / s
    g = dy * gamma
    dx = (g - np.mean(g, axis=ax)) / s
    return dx, np.mean(dy * h, axis=ax), np.mean(dy, axis=ax)


@odd(
    "batch_norm_cnn_backward", "the sign of the branch of the variance", "variance_path_with_a_plus"
)
def bcb_sign(dy, x, gamma, eps=1e-8):
    ax = (0, 1, 2)
    s = np.sqrt(np.var(x, axis=ax) + eps)
    h = (x - np.mean(x, axis=ax)) / s
    g = dy * gamma
    dx = (g - g.mean(axis=ax) + h * (g * h).mean(axis=ax)) / s
    return dx, np.sum(dy * h, axis=ax), np.sum(dy, axis=ax)


@wrong("update_running", "momentum weighs the old value", "momentum_for_the_old_value")
def ur_momentum(mean, var, x, momentum):
    axes = tuple(range(x.ndim - 1))
    n = x.size // x.shape[-1]
    m = x.mean(axis=axes)
    v = x.var(axis=axes) * n / (n - 1)
    return momentum * mean + (1 - momentum) * m, momentum * var + (1 - momentum) * v


@wrong("update_running", "the biased variance", "biased_variance_kept")
def ur_biased(mean, var, x, momentum):
    flat = x.reshape(-1, x.shape[-1])
    new_mean = (1 - momentum) * mean + momentum * flat.mean(axis=0)
    new_var = (1 - momentum) * var + momentum * flat.var(axis=0)
    return new_mean, new_var


@wrong("update_running", "images: statistics over the batch alone", "first_axis_only")
def ur_batch_axis(mean, var, x, momentum):
    m = np.mean(x, axis=0)
    v = np.var(x, axis=0, ddof=1)
    return (1 - momentum) * mean + momentum * m, (1 - momentum) * var + momentum * v


@wrong(
    "update_running", "unbiased by the number of images, not of values", "images_counted_for_values"
)
def ur_n_images(mean, var, x, momentum):
    axes = (0,) if x.ndim == 2 else (0, 1, 2)
    N = x.shape[0]
    m = x.mean(axes)
    v = x.var(axes) * N / (N - 1)
    return mean + momentum * (m - mean), var + momentum * (v - var)


@wrong(
    "update_running",
    "the standard deviation is kept instead of the variance",
    "standard_deviation_kept",
)
def ur_std(mean, var, x, momentum):
    f = x.reshape(-1, x.shape[-1])
    mean = (1 - momentum) * mean + momentum * f.mean(0)
    var = (1 - momentum) * var + momentum * f.std(0, ddof=1)
    return mean, var


@pair(
    "update_running",
    "momentum weighs the old value, and the biased variance",
    "momentum_for_the_old_value",
    "biased_variance_kept",
)
def ur_momentum_biased(mean, var, x, momentum):
    f = x.reshape(-1, x.shape[-1])
    mean = momentum * mean + (1 - momentum) * f.mean(0)
    var = momentum * var + (1 - momentum) * f.var(0)
    return mean, var


@odd(
    "update_running",
    "the old value is not faded: momentum times the batch is added",
    "old_values_kept_whole",
)
def ur_added(mean, var, x, momentum):
    f = x.reshape(-1, x.shape[-1])
    return mean + momentum * f.mean(0), var + momentum * f.var(0, ddof=1)


@pair(
    "batch_norm_backward",
    "means instead of sums, and gamma forgotten in dx",
    "parameters_averaged",
    "gamma_missing_in_dx",
)
def bb_means_no_gamma(dy, x, gamma, eps=1e-8):
    s = np.sqrt(x.var(axis=0) + eps)
    h = (x - x.mean(axis=0)) / s
    dgamma, dbeta = (dy * h).mean(axis=0), dy.mean(axis=0)
    return (dy - dbeta - h * dgamma) / s, dgamma, dbeta


@pair("batch_norm_cnn", "statistics of each pixel, and beta forgotten", "each_pixel_by_itself")
def bc_per_pixel_no_beta(x, gamma, beta, eps=1e-8):
    m = x.mean(axis=0, keepdims=True)
    v = ((x - m) ** 2).mean(axis=0, keepdims=True)
    return gamma * (x - m) * (v + eps) ** -0.5


@pair(
    "batch_norm_cnn_backward",
    "constants, and dgamma and dbeta summed over everything",
    "parameters_summed_over_everything",
    "statistics_as_constants",
)
def bcb_constants_sum_all(dy, x, gamma, eps=1e-8):
    ax = (0, 1, 2)
    s = np.sqrt(x.var(axis=ax) + eps)
    h = (x - x.mean(axis=ax)) / s
    return dy * gamma / s, np.sum(dy * h), np.sum(dy)


@pair(
    "update_running",
    "the biased variance, and images over the batch alone",
    "biased_variance_kept",
    "first_axis_only",
)
def ur_biased_batch_axis(mean, var, x, momentum):
    keep = 1 - momentum
    return keep * mean + momentum * x.mean(axis=0), keep * var + momentum * x.var(axis=0)
