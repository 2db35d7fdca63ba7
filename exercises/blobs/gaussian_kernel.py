"""``gaussian_kernel(size, std)``: a Gaussian bell as a square kernel, 1 in its centre.

`size` is a whole number, at least 1, odd or even. `std` is positive, a whole number or a fraction.
An array of shape (size, size) is returned: ``exp(-r**2 / (2 * std**2))`` at distance r from the
centre of the kernel, ``(size - 1) / 2`` in both directions. Nothing is scaled, so the largest entry
is 1 for an odd size, and below 1 for an even one, whose centre lies between pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, rule_breaker, wheat

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("odd", 2, "an odd size"),
    RubricLine("even", 2, "an even size, with its centre between pixels"),
    RubricLine("single", 1, "a kernel of one pixel, and a larger one"),
)

EVERYWHERE: Final = frozenset({"odd", "even", "single"})


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no std is 1, which would hide a missing square, or 2, its double."""

    def size(least: int) -> int:
        return least + 2 * int(rng.integers(6))

    def std(least: int, most: int) -> float:
        return int(rng.integers(least, most + 1)) / 64

    yield Case("odd", (size(3), std(129, 320)))
    yield Case("odd", (size(5), std(129, 320)))
    yield Case("odd", (size(3), int(rng.integers(3, 10))))
    yield Case("even", (size(2), std(129, 320)))
    yield Case("even", (size(4), std(129, 320)))
    yield Case("even", (size(2), std(38, 52)))
    yield Case("single", (1, std(129, 320)))
    yield Case("single", (size(3), std(129, 320)))


EXAMPLES = (call(3, 2), call(5, 1.5), call(4, 2.0), call(2, 0.7), call(1, 3.0))


@wheat
def column_times_row(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offsets**2) / (2 * std**2))
    return bell[:, None] * bell[None, :]


@wheat
def grid_of_distances(size, std):
    rows, columns = np.mgrid[:size, :size]
    centre = (size - 1) / 2
    return np.exp(-0.5 * (np.hypot(rows - centre, columns - centre) / std) ** 2)


@wheat
def pixel_by_pixel(size, std):
    from math import exp

    middle = (size - 1) / 2
    kernel = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            kernel[i, j] = exp(-((i - middle) ** 2 + (j - middle) ** 2) / (2 * std * std))
    return kernel


@wheat
def density_without_its_factor(size, std):
    from scipy.stats import norm

    half = (size - 1) / 2
    bell = norm.pdf(np.linspace(-half, half, size), scale=std) * std * np.sqrt(2 * np.pi)
    return np.outer(bell, bell)


@chaff(
    says="You scale your kernel so that it adds up to 1, or as a probability density is. Leave "
    "that out: its centre is 1.",
    breaks={"odd", "even", "single"},
)
def adds_up_to_one(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offsets**2) / (2 * std**2))
    kernel = np.outer(bell, bell)
    return kernel / kernel.sum()


@chaff(
    says="You scale your kernel so that it adds up to 1, or as a probability density is. Leave "
    "that out: its centre is 1.",
    breaks=EVERYWHERE,
)
def density_of_the_normal_distribution(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offsets**2) / (2 * std**2)) / (np.sqrt(2 * np.pi) * std)
    return np.outer(bell, bell)


@chaff(
    says="You scale the largest entry to 1. With an even size the centre lies between pixels, and "
    "no pixel is as high as 1.",
    breaks={"even"},
)
def largest_entry_scaled_to_one(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offsets**2) / (2 * std**2))
    kernel = np.outer(bell, bell)
    return kernel / kernel.max()


@chaff(
    says="The 2 in front of the squared standard deviation is missing, so your bell is too narrow.",
    breaks={"odd", "even", "single"},
)
def two_is_missing(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-((offsets / std) ** 2))
    return np.outer(bell, bell)


@chaff(
    says="You divide by the standard deviation where its square is wanted.",
    breaks={"odd", "even", "single"},
)
def std_is_not_squared(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offsets**2) / (2 * std))
    return np.outer(bell, bell)


@chaff(
    says="Your bell falls with the distance. It falls with the distance squared, so it is round on "
    "top, without a tip.",
    breaks={"odd", "even", "single"},
)
def distance_is_not_squared(size, std):
    rows, columns = np.indices((size, size)) - (size - 1) / 2
    return np.exp(-np.hypot(rows, columns) / (2 * std**2))


@chaff(
    says="You add the steps down and across before you square. The square of the distance is the "
    "sum of their squares.",
    breaks={"odd", "even", "single"},
)
def city_block_distance(size, std):
    rows, columns = np.abs(np.indices((size, size)) - (size - 1) / 2)
    return np.exp(-((rows + columns) ** 2) / (2 * std**2))


@chaff(
    says="Your centre is half a pixel too far down and right. Indices run from 0 to the size less "
    "1; what is in their middle?",
    breaks={"even"},
)
def centre_on_a_pixel(size, std):
    offsets = np.arange(size) - size // 2
    bell = np.exp(-(offsets**2) / (2 * std**2))
    return np.outer(bell, bell)


@chaff(
    says="Your centre is half a pixel too far down and right. Indices run from 0 to the size less "
    "1; what is in their middle?",
    breaks=EVERYWHERE,
)
def centre_at_half_the_size(size, std):
    offsets = np.arange(size) - size / 2
    bell = np.exp(-(offsets**2) / (2 * std**2))
    return np.outer(bell, bell)


@chaff(
    says="Your pixels are more than 1 apart: you spread them from minus half the size to plus half "
    "the size, and that is one step more than there are between them.",
    breaks=EVERYWHERE,
)
def pixels_spread_too_far(size, std):
    offsets = np.linspace(-size / 2, size / 2, size)
    bell = np.exp(-(offsets**2) / (2 * std**2))
    return np.outer(bell, bell)


@chaff(
    says="You add the bell down and the bell across. Multiply them.",
    breaks=EVERYWHERE,
)
def bells_added(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offsets**2) / (2 * std**2))
    return bell[:, None] + bell[None, :]


@chaff(
    says="You give back one bell, a vector. The kernel is a matrix.",
    breaks=EVERYWHERE,
)
def bell_in_one_dimension(size, std):
    offsets = np.arange(size) - (size - 1) / 2
    return np.exp(-(offsets**2) / (2 * std**2))


@rule_breaker(finds="scipy.signal.windows")
def window_of_scipy(size, std):
    from scipy import signal

    bell = signal.windows.gaussian(size, std)
    return np.outer(bell, bell)


@rule_breaker(finds="scipy.signal.get_window")
def window_by_its_name(size, std):
    from scipy.signal import get_window

    bell = get_window(("gaussian", std), size, fftbins=False)
    return np.outer(bell, bell)


EXERCISE = Exercise(
    name="gaussian_kernel",
    oracle=convkit.gaussian_kernel,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(column_times_row, grid_of_distances, pixel_by_pixel, density_without_its_factor),
    misconceptions=(
        adds_up_to_one,
        density_of_the_normal_distribution,
        largest_entry_scaled_to_one,
        two_is_missing,
        std_is_not_squared,
        distance_is_not_squared,
        city_block_distance,
        centre_on_a_pixel,
        centre_at_half_the_size,
        pixels_spread_too_far,
        bells_added,
        bell_in_one_dimension,
    ),
    rule_breakers=(window_of_scipy, window_by_its_name),
    covers=("A3",),
)
