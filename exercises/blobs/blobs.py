"""``blobs(shape, points, size, std)``: a Gaussian blob around each of some points.

`shape`, `points`, `size` and `std` are as for the two functions above. The canvas of impulses is
convolved once with the kernel, black counts as everything outside, and an array of shape (H, W) is
returned. A blob of odd size is centred on its point. One of even size covers one row and one
column more below and to the right of its point than above and to the left. Blobs that overlap add
up, a point given twice is twice as bright, and what reaches beyond the border is cut off. The
kernel may be larger than the canvas. There is at least one point.
"""

from __future__ import annotations

import numpy as np

import convkit
from autograder.authoring import Exercise, rule_breaker, wheat

from .blobs_chaffs import CHAFFS
from .blobs_loops import LOOPS
from .canvases import EXAMPLES, RUBRIC, cases
from .rules import FORBIDDEN, TOLERANCE


@wheat
def same_convolution_of_scipy(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    return signal.convolve2d(canvas, np.outer(bell, bell), mode="same")


@wheat
def stamps_on_a_larger_canvas(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@wheat
def windows_of_the_padded_canvas(shape, points, size, std):
    before, after = size // 2, (size - 1) // 2
    padded = np.zeros((shape[0] + size - 1, shape[1] + size - 1))
    for row, column in points:
        padded[row + before, column + before] += 1
    assert padded.shape == (shape[0] + before + after, shape[1] + before + after)
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
    return np.tensordot(windows, np.outer(bell, bell), axes=2)


@wheat
def product_of_spectra(shape, points, size, std):
    height, width = shape
    room = (height + size - 1, width + size - 1)
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    spectrum = np.fft.rfft2(canvas, room) * np.fft.rfft2(np.outer(bell, bell), room)
    full = np.fft.irfft2(spectrum, room)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@wheat
def distances_of_every_pixel(shape, points, size, std):
    rows, columns = np.indices(shape)
    lean = (size - 1) / 2 - (size - 1) // 2
    image = np.zeros(shape)
    for row, column in points:
        down, across = rows - row - lean, columns - column - lean
        inside = np.maximum(np.abs(down), np.abs(across)) < size / 2
        image += np.where(inside, np.exp(-(down**2 + across**2) / (2 * std**2)), 0.0)
    return image


@wheat
def ndimage_moved_by_one(shape, points, size, std):
    from scipy import ndimage

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    origin = -1 if size % 2 == 0 else 0
    return ndimage.convolve(canvas, np.outer(bell, bell), mode="constant", origin=origin)


@rule_breaker(finds="convkit")
def convkit_itself(shape, points, size, std):
    import convkit

    return convkit.blobs(shape, points, size, std)


EXERCISE = Exercise(
    name="blobs",
    oracle=convkit.blobs,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        same_convolution_of_scipy,
        stamps_on_a_larger_canvas,
        windows_of_the_padded_canvas,
        product_of_spectra,
        distances_of_every_pixel,
        ndimage_moved_by_one,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    rule_breakers=(convkit_itself,),
    covers=("A3",),
)
