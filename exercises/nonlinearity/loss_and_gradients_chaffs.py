"""Mistakes with ``loss_and_gradients``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="There is no ReLU in your network. Without it the maps go into the pool with their "
    "negative numbers.",
    breaks={"single", "filters", "batch", "rest"},
)
def no_nonlinearity(parameters, images, labels):
    from convkit import conv2d, conv2d_backward, max_pool2d, max_pool2d_backward

    w, b, W, c = parameters
    n = len(images)
    maps = conv2d(images, w, b)
    pooled = max_pool2d(maps, 2)
    features = pooled.reshape(n, -1)
    scores = features @ W + c
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = (np.exp(logs) - np.eye(len(c))[labels]) / n
    dactive = max_pool2d_backward((dscores @ W.T).reshape(pooled.shape), maps, 2)
    _, dw, db = conv2d_backward(dactive, images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="Your gradient goes through the ReLU as if it were not there. Where a map is below 0, "
    "nothing comes back.",
    breaks={"single", "filters", "batch", "rest"},
)
def nonlinearity_forward_only(parameters, images, labels):
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
    _, dw, db = conv2d_backward(dactive, images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="Your ReLU stops negative gradients. It stops gradients of any sign where the map "
    "itself is below 0.",
    breaks={"single", "filters", "batch", "rest"},
)
def mask_from_the_gradient(parameters, images, labels):
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
    _, dw, db = conv2d_backward(np.maximum(dactive, 0), images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="Your ReLU multiplies the gradient by the map. Its slope is 1 where the map is above "
    "0, and 0 elsewhere.",
    breaks={"single", "filters", "batch", "rest"},
)
def maps_for_the_mask(parameters, images, labels):
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
    _, dw, db = conv2d_backward(dactive * active, images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="Your max pool spreads its gradient over the window, as an average pool does. All of "
    "it goes to the largest entry.",
    breaks={"single", "filters", "batch", "rest"},
)
def gradient_spread_over_the_window(parameters, images, labels):
    from convkit import avg_pool2d_backward, conv2d, conv2d_backward, max_pool2d

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
    dactive = avg_pool2d_backward((dscores @ W.T).reshape(pooled.shape), active, 2)
    _, dw, db = conv2d_backward(dactive * (maps > 0), images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="Your max pool sends its gradient to every entry of the window. It belongs to the "
    "largest one alone.",
    breaks={"single", "filters", "batch", "rest"},
)
def gradient_to_the_whole_window(parameters, images, labels):
    from convkit import avg_pool2d_backward, conv2d, conv2d_backward, max_pool2d

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
    dactive = 4 * avg_pool2d_backward((dscores @ W.T).reshape(pooled.shape), active, 2)
    _, dw, db = conv2d_backward(dactive * (maps > 0), images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="You pool with the mean. This network takes the maximum of each window.",
    breaks={"single", "filters", "batch", "rest"},
)
def average_pool(parameters, images, labels):
    from convkit import avg_pool2d, avg_pool2d_backward, conv2d, conv2d_backward

    w, b, W, c = parameters
    n = len(images)
    maps = conv2d(images, w, b)
    active = np.maximum(maps, 0)
    pooled = avg_pool2d(active, 2)
    features = pooled.reshape(n, -1)
    scores = features @ W + c
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = (np.exp(logs) - np.eye(len(c))[labels]) / n
    dactive = avg_pool2d_backward((dscores @ W.T).reshape(pooled.shape), active, 2)
    _, dw, db = conv2d_backward(dactive * (maps > 0), images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="Your gradients belong to the sum over the batch. The loss is a mean: divide by the "
    "number of images, once.",
    breaks={"batch", "rest"},
)
def sums_over_the_batch(parameters, images, labels):
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
    dscores = np.exp(logs) - np.eye(len(c))[labels]
    dactive = max_pool2d_backward((dscores @ W.T).reshape(pooled.shape), active, 2)
    _, dw, db = conv2d_backward(dactive * (maps > 0), images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="You divide by the number of images twice: the gradient of the scores is divided already.",
    breaks={"batch", "rest"},
)
def divided_twice(parameters, images, labels):
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
    dw, db = dw / n, db / n
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores / n, dscores.sum(axis=0) / n)


@chaff(
    says="Your bias gradient is a mean over the maps. Every place adds its own share: sum them up.",
    breaks={"single", "filters", "batch", "rest"},
)
def bias_gradient_averaged(parameters, images, labels):
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
    db = db / maps[..., 0].size
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="The gradient of your filters is that of the last image. Sum over the batch.",
    breaks={"batch", "rest"},
)
def last_image_only(parameters, images, labels):
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
    _, dw, db = conv2d_backward((dactive * (maps > 0))[-1:], images[-1:], w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="The gradient of your filters is turned by 180 degrees. The forward pass does not "
    "flip, so this gradient is not flipped either.",
    breaks={"single", "filters", "batch", "rest"},
)
def filter_gradient_flipped(parameters, images, labels):
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
    dw = dw[::-1, ::-1]
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="You flatten the pooled maps filter by filter. Here the channels of one pixel stay "
    "together.",
    breaks={"filters", "batch", "rest"},
)
def channels_first_in_the_features(parameters, images, labels):
    from convkit import conv2d, conv2d_backward, max_pool2d, max_pool2d_backward

    w, b, W, c = parameters
    n = len(images)
    maps = conv2d(images, w, b)
    active = np.maximum(maps, 0)
    pooled = max_pool2d(active, 2)
    features = pooled.transpose(0, 3, 1, 2).reshape(n, -1)
    scores = features @ W + c
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = (np.exp(logs) - np.eye(len(c))[labels]) / n
    dpooled = (dscores @ W.T).reshape(n, -1, *pooled.shape[1:3]).transpose(0, 2, 3, 1)
    dactive = max_pool2d_backward(dpooled, active, 2)
    _, dw, db = conv2d_backward(dactive * (maps > 0), images, w)
    loss = -logs[np.arange(n), labels].mean()
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


@chaff(
    says="You return the parameters after a step. The gradients are wanted: the step comes later.",
    breaks={"single", "filters", "batch", "rest"},
)
def parameters_updated(parameters, images, labels):
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
    gradients = (dw, db, features.T @ dscores, dscores.sum(axis=0))
    return loss, tuple(p - 0.1 * g for p, g in zip(parameters, gradients, strict=True))


@chaff(
    says="Your gradients have the sign of a step downhill. The gradient points uphill; the "
    "step takes it with a minus.",
    breaks={"single", "filters", "batch", "rest"},
)
def downhill_direction(parameters, images, labels):
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
    return loss, (-dw, -db, -features.T @ dscores, -dscores.sum(axis=0))


CHAFFS: Final = (
    no_nonlinearity,
    nonlinearity_forward_only,
    mask_from_the_gradient,
    maps_for_the_mask,
    gradient_spread_over_the_window,
    gradient_to_the_whole_window,
    average_pool,
    sums_over_the_batch,
    divided_twice,
    bias_gradient_averaged,
    last_image_only,
    filter_gradient_flipped,
    channels_first_in_the_features,
    parameters_updated,
    downhill_direction,
)
