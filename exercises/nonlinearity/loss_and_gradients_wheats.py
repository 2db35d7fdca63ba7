"""Correct implementations of ``loss_and_gradients``, each in a style of its own."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import wheat


@wheat
def layers_of_the_library(parameters, images, labels):
    from convkit import conv2d, conv2d_backward, max_pool2d, max_pool2d_backward

    w, b, W, c = parameters
    n = len(images)
    maps = conv2d(images, w, b)
    active = np.maximum(maps, 0)
    pooled = max_pool2d(active, 2)
    features = pooled.reshape(n, -1)
    scores = features @ W + c
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = (np.exp(logs) - np.eye(len(c))[labels]) / n
    dactive = max_pool2d_backward((dscores @ W.T).reshape(pooled.shape), active, 2)
    _, dw, db = conv2d_backward(dactive * (maps > 0), images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@wheat
def windows_and_einsum(parameters, images, labels):
    w, b, W, c = parameters
    n, (kh, kw) = len(images), w.shape[:2]
    windows = np.lib.stride_tricks.sliding_window_view(images, (kh, kw), axis=(1, 2))
    maps = np.einsum("nijmac,acmf->nijf", windows, w) + b
    rows, columns = maps.shape[1] // 2, maps.shape[2] // 2
    quads = maps[:, : 2 * rows, : 2 * columns].reshape(n, rows, 2, columns, 2, -1)
    quads = quads.transpose(0, 1, 3, 5, 2, 4).reshape(n, rows, columns, len(b), 4)
    features = np.maximum(quads.max(axis=4), 0)
    scores = features.reshape(n, -1) @ W + c
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    dscores = np.exp(logs)
    dscores[np.arange(n), labels] -= 1
    dscores /= n
    dfeatures = (dscores @ W.T).reshape(features.shape) * (features > 0)
    dquads = np.eye(4)[quads.argmax(axis=4)] * dfeatures[..., None]
    dmaps = np.zeros(maps.shape)
    dquads = dquads.reshape(n, rows, columns, len(b), 2, 2).transpose(0, 1, 4, 2, 5, 3)
    dmaps[:, : 2 * rows, : 2 * columns] = dquads.reshape(n, 2 * rows, 2 * columns, len(b))
    dw = np.einsum("nijmac,nijf->acmf", windows, dmaps)
    loss = -np.mean(logs[np.arange(n), labels])
    dW = features.reshape(n, -1).T @ dscores
    return loss, (dw, dmaps.sum(axis=(0, 1, 2)), dW, dscores.sum(axis=0))


@wheat
def one_image_after_the_other(parameters, images, labels):
    w, b, W, c = parameters
    kh, kw, _, filters = w.shape
    loss, gradients = 0.0, [np.zeros(p.shape) for p in parameters]
    for x, label in zip(images, labels, strict=True):
        rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
        z = np.zeros((rows, columns, filters))
        for i, j in np.ndindex(rows, columns):
            z[i, j] = (x[i : i + kh, j : j + kw, :, None] * w).sum(axis=(0, 1, 2)) + b
        pooled = np.zeros((rows // 2, columns // 2, filters))
        winner = {}
        for i, j, f in np.ndindex(*pooled.shape):
            window = np.maximum(z[2 * i : 2 * i + 2, 2 * j : 2 * j + 2, f], 0)
            pooled[i, j, f] = window.max()
            a, d = divmod(int(window.argmax()), 2)
            winner[i, j, f] = 2 * i + a, 2 * j + d
        s = pooled.ravel() @ W + c
        p = np.exp(s - s.max())
        p /= p.sum()
        loss -= np.log(p[label])
        p[label] -= 1
        dpooled = (W @ p).reshape(pooled.shape)
        for (i, j, f), (row, column) in winner.items():
            if z[row, column, f] > 0:
                part = dpooled[i, j, f]
                gradients[0][..., f] += part * x[row : row + kh, column : column + kw]
                gradients[1][f] += part
        gradients[2] += np.outer(pooled.ravel(), p)
        gradients[3] += p
    n = len(images)
    return loss / n, tuple(gradient / n for gradient in gradients)


@wheat
def pool_before_the_nonlinearity(parameters, images, labels):
    from convkit import conv2d, conv2d_backward, max_pool2d, max_pool2d_backward

    w, b, W, c = parameters
    maps = conv2d(images, w, b)
    pooled = max_pool2d(maps, 2)
    features = pooled.clip(min=0).reshape(len(images), -1)
    scores = features @ W + c
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    picked = np.arange(len(labels)), labels
    loss = -np.log(p[picked]).mean()
    p[picked] -= 1
    p /= len(labels)
    dpooled = np.where(pooled > 0, (p @ W.T).reshape(pooled.shape), 0)
    dw, db = conv2d_backward(max_pool2d_backward(dpooled, maps, 2), images, w)[1:]
    return loss, [dw, db, features.T @ p, p.sum(axis=0)]


WHEATS: Final = (
    layers_of_the_library,
    windows_and_einsum,
    one_image_after_the_other,
    pool_before_the_nonlinearity,
)
