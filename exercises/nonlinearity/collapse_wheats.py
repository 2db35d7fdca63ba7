"""Correct implementations of ``collapse``, each in a style of its own."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import wheat


@wheat
def every_lit_pixel_as_one_batch(layers, input_shape):
    def run(y):
        for layer in layers:
            if layer[0] == "conv":
                w, b = layer[1:]
                windows = np.lib.stride_tricks.sliding_window_view(y, w.shape[:2], axis=(1, 2))
                y = np.tensordot(windows, w, axes=((4, 5, 3), (0, 1, 2))) + b
            elif layer[0] == "avg_pool":
                n, height, width, channels = y.shape
                size = layer[1]
                rows, columns = height // size, width // size
                y = y[:, : rows * size, : columns * size]
                y = y.reshape(n, rows, size, columns, size, channels).mean(axis=(2, 4))
            else:
                y = y.reshape(len(y), -1) @ layer[1] + layer[2]
        return y.reshape(len(y), -1)

    pixels = np.prod(input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    return run(np.eye(pixels).reshape(pixels, *input_shape)) - c, c


@wheat
def one_matrix_for_each_layer(layers, input_shape):
    def place(i, j, channel, shape):
        return (i * shape[1] + j) * shape[2] + channel

    def matrix(layer, shape):
        height, width, channels = shape
        if layer[0] == "conv":
            w, b = layer[1:]
            kh, kw, _, filters = w.shape
            after = (height - kh + 1, width - kw + 1, filters)
            one = np.zeros((np.prod(shape), np.prod(after)))
            for i, j, f in np.ndindex(*after):
                for a, d, m in np.ndindex(kh, kw, channels):
                    one[place(i + a, j + d, m, shape), place(i, j, f, after)] = w[a, d, m, f]
            return one, np.tile(b, after[0] * after[1]), after
        size = layer[1]
        after = (height // size, width // size, channels)
        one = np.zeros((np.prod(shape), np.prod(after)))
        for i, j, m in np.ndindex(*after):
            for a, d in np.ndindex(size, size):
                row = place(i * size + a, j * size + d, m, shape)
                one[row, place(i, j, m, after)] = 1 / size**2
        return one, np.zeros(np.prod(after)), after

    shape = input_shape
    M, c = np.eye(np.prod(shape)), np.zeros(np.prod(shape))
    for layer in layers:
        if layer[0] == "linear":
            one, bias = layer[1:]
        else:
            one, bias, shape = matrix(layer, shape)
        M, c = M @ one, c @ one + bias
    return M, c


@wheat
def matrix_and_bias_travel_together(layers, input_shape):
    pixels = int(np.prod(input_shape))
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    black = np.zeros((1, *input_shape))
    both = np.concatenate([lit, black])
    for kind, *parts in layers:
        if kind == "linear":
            both = both.reshape(pixels + 1, -1) @ parts[0]
            both[-1] += parts[1]
            continue
        if kind == "conv":
            w, b = parts
            kh, kw = w.shape[:2]
        else:
            size = parts[0]
            kh = kw = size
            w = np.eye(both.shape[3]) * np.full((size, size, 1, 1), 1 / size**2)
            b = 0
        step = 1 if kind == "conv" else kh
        rows = (both.shape[1] - kh) // step + 1
        columns = (both.shape[2] - kw) // step + 1
        maps = np.zeros((pixels + 1, rows, columns, w.shape[3]))
        for i in range(kh):
            for j in range(kw):
                down = slice(i, i + step * (rows - 1) + 1, step)
                right = slice(j, j + step * (columns - 1) + 1, step)
                maps += both[:, down, right] @ w[i, j]
        maps[-1] += b
        both = maps
    both = both.reshape(pixels + 1, -1)
    return both[:-1], both[-1]


@wheat
def backwards_from_the_output(layers, input_shape):
    shapes = [tuple(input_shape)]
    for layer in layers:
        height, width, *_ = (*shapes[-1], 1, 1)
        if layer[0] == "conv":
            kh, kw, _, filters = layer[1].shape
            shapes.append((height - kh + 1, width - kw + 1, filters))
        elif layer[0] == "avg_pool":
            shapes.append((height // layer[1], width // layer[1], shapes[-1][2]))
        else:
            shapes.append((layer[1].shape[1],))
    outputs = int(np.prod(shapes[-1]))
    pull, c = np.eye(outputs), np.zeros(outputs)
    for layer, before, after in reversed(list(zip(layers, shapes[:-1], shapes[1:], strict=True))):
        maps = pull.T.reshape(outputs, *after)
        if layer[0] == "linear":
            c = c + layer[2] @ pull
            pull = layer[1] @ pull
            continue
        back = np.zeros((outputs, *before))
        if layer[0] == "conv":
            w, b = layer[1:]
            c = c + maps.sum(axis=(1, 2)) @ b
            for i, j in np.ndindex(*w.shape[:2]):
                back[:, i : i + after[0], j : j + after[1]] += maps @ w[i, j].T
        else:
            size = layer[1]
            for i, j in np.ndindex(size, size):
                back[:, i : after[0] * size : size, j : after[1] * size : size] += maps / size**2
        pull = back.reshape(outputs, -1).T
    return pull, c


WHEATS: Final = (
    every_lit_pixel_as_one_batch,
    one_matrix_for_each_layer,
    matrix_and_bias_travel_together,
    backwards_from_the_output,
)
