"""Known mistakes in ``correlate1d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your kernel is flipped: this is true convolution. A correlation slides the kernel as it "
    "is, its first number on the first number of the window.",
    breaks={"plain", "stride", "padding", "stride_padding", "integers"},
)
def flipped_kernel(x, w, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), len(w))
    return windows[::stride] @ w[::-1]


@chaff(
    says="The size of your answer takes the stride into account, but your windows still move by "
    "one. Where does window number 2 begin at stride 3?",
    breaks={"stride", "stride_padding"},
)
def stride_missing_in_window_start(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = (len(padded) - len(w)) // stride + 1
    return np.array([padded[i : i + len(w)] @ w for i in range(size)])


@chaff(
    says="You compute a window at every position. With a larger stride most of them are skipped, "
    "and the answer gets shorter.",
    breaks={"stride", "stride_padding"},
)
def stride_ignored(x, w, stride=1, padding=0):
    return np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), len(w)) @ w


@chaff(
    says="Your stride spreads the kernel's numbers apart (that is called dilation). The stride "
    "moves the whole window; inside it the numbers stay neighbours.",
    breaks={"stride", "stride_padding"},
)
def stride_multiplies_tap(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = (len(padded) - len(w)) // stride + 1
    y = np.zeros(size)
    for i in range(size):
        for a in range(len(w)):
            y[i] += w[a] * padded[i + a * stride]
    return y


@chaff(
    says="You round the number of windows up. A last window that sticks out of the signal is left "
    "out, not filled up.",
    breaks={"stride", "stride_padding"},
)
def last_window_sticks_out(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = -(-(len(padded) - len(w)) // stride) + 1
    longer = np.concatenate([padded, np.zeros(stride)])
    return np.array([longer[i * stride : i * stride + len(w)] @ w for i in range(size)])


@chaff(
    says="One window is missing at the end. A signal of 5 and a kernel of 3 have three windows: "
    "count them on paper, then check where your loop stops.",
    breaks={"plain", "stride", "padding", "stride_padding", "integers"},
)
def one_window_short(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = (len(padded) - len(w)) // stride
    return np.array([padded[i * stride : i * stride + len(w)] @ w for i in range(size)])


@chaff(
    says="You put zeros at one end only. The padding goes at both ends.",
    breaks={"padding", "stride_padding"},
)
def padding_at_the_end_only(x, w, stride=1, padding=0):
    padded = np.concatenate([x, np.zeros(padding)])
    size = max((len(padded) - len(w)) // stride + 1, 0)
    return np.array([padded[i * stride : i * stride + len(w)] @ w for i in range(size)])


@chaff(
    says="You repeat the first and last number at the ends. Here the padding is zeros.",
    breaks={"padding", "stride_padding"},
)
def padding_repeats_the_ends(x, w, stride=1, padding=0):
    padded = np.pad(x, padding, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, len(w))[::stride] @ w


@chaff(
    says="Your fractions are cut off: the answer is stored in an array of whole numbers, because "
    "its type was copied from the signal. Make an array of floats.",
    breaks={"integers"},
)
def stored_as_whole_numbers(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    y = np.zeros((len(padded) - len(w)) // stride + 1, dtype=x.dtype)
    for i in range(len(y)):
        y[i] = padded[i * stride : i * stride + len(w)] @ w
    return y


CHAFFS: Final = (
    flipped_kernel,
    stride_missing_in_window_start,
    stride_ignored,
    stride_multiplies_tap,
    last_window_sticks_out,
    one_window_short,
    padding_at_the_end_only,
    padding_repeats_the_ends,
    stored_as_whole_numbers,
)
