"""Known mistakes in painting blobs by two passes."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import Misconception, chaff

from .canvases import EVERYWHERE


@chaff(
    says="Your first pass goes along the rows. The final image is the same, but the first of the "
    "two results is wanted down the columns.",
    breaks=EVERYWHERE,
)
def rows_before_columns(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    across = signal.convolve2d(canvas, bell[None, :], mode="same")
    return across, signal.convolve2d(across, bell[:, None], mode="same")


@chaff(
    says="Both of your passes go down the columns. The second one goes along the rows.",
    breaks=EVERYWHERE,
)
def down_and_down_again(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[:, None], mode="same")


@chaff(
    says="Your second pass starts from the points again. It takes the result of the first.",
    breaks=EVERYWHERE,
)
def second_pass_over_the_points(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(canvas, bell[None, :], mode="same")


@chaff(
    says="You add a pass down and a pass across: that gives crosses. The second pass goes over the "
    "result of the first.",
    breaks=EVERYWHERE,
)
def passes_added(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, down + signal.convolve2d(canvas, bell[None, :], mode="same")


@chaff(
    says="You give back the final image alone. The result of the first pass is wanted, too.",
    breaks=EVERYWHERE,
)
def final_image_alone(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="Your first pass uses the whole kernel in two dimensions, so the second one blurs the "
    "rows twice.",
    breaks=EVERYWHERE,
)
def whole_kernel_first(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    first = signal.convolve2d(canvas, np.outer(bell, bell), mode="same")
    return first, signal.convolve2d(first, bell[None, :], mode="same")


@chaff(
    says="Your passes make the canvas grow: they are full convolutions. Each keeps the size of the "
    "canvas.",
    breaks=EVERYWHERE,
)
def full_passes(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None])
    return down, signal.convolve2d(down, bell[None, :])


@chaff(
    says="Where the bell is longer than the canvas, your pass returns a line as long as the bell: "
    "the same of numpy keeps the longer of its two arguments.",
    breaks={"large"},
)
def as_long_as_the_longer(shape, points, size, std):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = np.stack([np.convolve(column, bell, mode="same") for column in canvas.T], axis=1)
    return down, np.stack([np.convolve(row, bell, mode="same") for row in down])


@chaff(
    says="You take the middle row of the kernel for the bell. With an even size the centre lies "
    "between two rows, and each of them is already lower than the bell.",
    breaks={"even"},
)
def middle_row_of_the_kernel(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    offsets = np.arange(size) - (size - 1) / 2
    kernel = np.exp(-(offsets[:, None] ** 2 + offsets[None, :] ** 2) / (2 * std**2))
    bell = kernel[size // 2]
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="Your even bells reach further up and left. They reach one entry further down and right.",
    breaks={"even"},
)
def even_bells_lean_up_and_left(shape, points, size, std):
    from scipy import ndimage

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = ndimage.convolve1d(canvas, bell, axis=0, mode="constant")
    return down, ndimage.convolve1d(down, bell, axis=1, mode="constant")


@chaff(
    says="Your border is a mirror, as it is in ndimage unless you say something else. Outside the "
    "canvas there is nothing.",
    breaks={"border", "large"},
)
def mirror_at_the_border(shape, points, size, std):
    from scipy import ndimage

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    origin = -1 if size % 2 == 0 else 0
    down = ndimage.convolve1d(canvas, bell, axis=0, origin=origin)
    return down, ndimage.convolve1d(down, bell, axis=1, origin=origin)


@chaff(
    says="What leaves your canvas on one side comes in on the other. It is cut off: outside there "
    "is nothing.",
    breaks={"border", "large"},
)
def wraps_round(shape, points, size, std):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    steps = np.arange(size) - (size - 1) // 2
    down = sum(b * np.roll(canvas, s, axis=0) for b, s in zip(bell, steps, strict=True))
    return down, sum(b * np.roll(down, s, axis=1) for b, s in zip(bell, steps, strict=True))


@chaff(
    says="A point that is given twice counts once. It is twice as bright.",
    breaks={"overlap"},
)
def given_twice_counts_once(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] = 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="You cut everything that is brighter than 1. Blobs that overlap add up, above 1 as well.",
    breaks={"overlap"},
)
def clipped_at_white(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = np.minimum(signal.convolve2d(canvas, bell[:, None], mode="same"), 1)
    return down, np.minimum(signal.convolve2d(down, bell[None, :], mode="same"), 1)


CHAFFS: Final[tuple[Misconception, ...]] = (
    rows_before_columns,
    down_and_down_again,
    second_pass_over_the_points,
    passes_added,
    final_image_alone,
    whole_kernel_first,
    full_passes,
    as_long_as_the_longer,
    middle_row_of_the_kernel,
    even_bells_lean_up_and_left,
    mirror_at_the_border,
    wraps_round,
    given_twice_counts_once,
    clipped_at_white,
)
