"""Known mistakes in ``correlate1d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your size formula divides only the padding by the stride. Take the kernel from the "
    "padded length first, then divide all of it.",
    breaks={"stride", "stride_padding"},
)
def size_divides_only_padding(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = int(len(x) - len(w) + 2 * padding / stride + 1)
    y = np.zeros(size)
    for i in range(size):
        window = padded[i * stride : i * stride + len(w)]
        if len(window) == len(w):
            y[i] = np.sum(window * w)
    return y


@chaff(
    says="Your output has a place for every step of the stride that goes into the signal, so the "
    "last ones stay zero: no window begins there. Count the places where a window still ends "
    "inside the padded signal.",
    breaks={"plain", "stride", "padding", "stride_padding", "integers"},
)
def places_that_no_window_fills(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    y = np.zeros(len(padded) // stride)
    for i in range(len(y)):
        window = padded[i * stride : i * stride + len(w)]
        if len(window) == len(w):
            y[i] = np.dot(window, w)
    return y


@chaff(
    says="A window begins at every multiple of the stride in your loop, even where it sticks out "
    "at the end. Stop where it still ends inside the padded signal.",
    breaks={"plain", "padding", "stride_padding", "integers"},
)
def window_at_every_multiple_of_the_stride(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    y = []
    for start in range(0, len(padded), stride):
        total = 0
        for a in range(len(w)):
            if start + a < len(padded):
                total += w[a] * padded[start + a]
        y.append(total)
    return np.array(y)


@chaff(
    says="You divide the place of a window by 2 to find its place in the output. Divide by the "
    "stride, which need not be 2.",
    breaks={"plain", "stride", "padding", "stride_padding", "integers"},
)
def place_divided_by_two(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    y = np.zeros((len(padded) - len(w)) // stride + 1)
    for start in range(0, len(padded) - len(w) + 1, stride):
        if start // 2 < len(y):
            y[start // 2] = np.sum(padded[start : start + len(w)] * w)
    return y


@chaff(
    says="The padding plays no part in your answer. Put the zeros at both ends before the first "
    "window.",
    breaks={"padding", "stride_padding"},
)
def padding_ignored(x, w, stride=1, padding=0):
    starts = range(0, len(x) - len(w) + 1, stride)
    return np.array([np.sum(x[i : i + len(w)] * w) for i in starts])


@chaff(
    says="Your output is as long as if there were padding, and the windows begin at the first "
    "number of the signal, so the last places stay zero. Put the zeros at both ends before "
    "the first window.",
    breaks={"padding", "stride_padding"},
)
def padding_in_the_size_alone(x, w, stride=1, padding=0):
    y = np.zeros((len(x) + 2 * padding - len(w)) // stride + 1)
    for i in range(len(y)):
        window = x[i * stride : i * stride + len(w)]
        if len(window) == len(w):
            y[i] = np.sum(window * w)
    return y


@chaff(
    says="You put zeros at one end only. The padding goes at both ends.",
    breaks={"padding", "stride_padding"},
)
def padding_at_the_beginning_only(x, w, stride=1, padding=0):
    padded = np.concatenate([np.zeros(padding), x])
    starts = range(0, len(padded) - len(w) + 1, stride)
    return np.array([np.sum(padded[i : i + len(w)] * w) for i in starts])


@chaff(
    says="Each product overwrites the one before it, so only the last number of the kernel counts. "
    "Add the products up.",
    breaks={"plain", "stride", "padding", "stride_padding", "integers"},
)
def last_product_only(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    y = np.zeros((len(padded) - len(w)) // stride + 1)
    for i in range(len(y)):
        for a in range(len(w)):
            y[i] = w[a] * padded[i * stride + a]
    return y


@chaff(
    says="The last number of the kernel is left out: your loop over the kernel stops one early.",
    breaks={"plain", "stride", "padding", "stride_padding", "integers"},
)
def last_tap_left_out(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    y = np.zeros((len(padded) - len(w)) // stride + 1)
    for i in range(len(y)):
        for a in range(len(w) - 1):
            y[i] += w[a] * padded[i * stride + a]
    return y


LOOPS: Final = (
    size_divides_only_padding,
    places_that_no_window_fills,
    window_at_every_multiple_of_the_stride,
    place_divided_by_two,
    padding_ignored,
    padding_in_the_size_alone,
    padding_at_the_beginning_only,
    last_product_only,
    last_tap_left_out,
)
