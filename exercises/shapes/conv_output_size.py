"""``conv_output_size(n, kernel, stride=1, padding=0)``: along one axis, rounded down.

Given the length `n` of an input, the length `kernel` of a window, and `padding` entries at *each*
end, return how many windows fit if they start `stride` apart: ``(n + 2 * padding - kernel) //
stride + 1``. A last window that would stick out is left out. The window is never longer than the
padded input. All are whole numbers, and so is the answer; 55.0 counts as 55.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, rule_breaker, wheat

from .conv_output_size_chaffs import CHAFFS
from .draw import between, side
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "stride 1, no padding"),
    RubricLine("padding", 1, "padding at both ends"),
    RubricLine("stride", 1, "a stride that fits"),
    RubricLine("rest", 1, "a stride that does not fit"),
    RubricLine("everything", 1, "stride and padding together"),
)

PLACES = (20, 300)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; the kernels keep n // stride from being right by chance."""
    yield Case("plain", side(rng, places=PLACES))
    n = between(rng, 10, 999)
    yield Case("plain", (n, n))
    for padding in (1, between(rng, 4, 9)):
        # The output is smaller than the input.
        kernels = (2 * padding + 2, 2 * padding + 7)
        n, kernel = side(rng, padding=padding, kernel=kernels, places=PLACES)
        yield Case("padding", (n, kernel), {"padding": padding})
    for stride in (1, 2, between(rng, 3, 7)):
        kernels = (2 * stride, 2 * stride + 5)
        n, kernel = side(rng, stride=stride, kernel=kernels, places=PLACES)
        yield Case("stride", (n, kernel), {"stride": stride})
    for rest in ("one", "all but one"):
        stride = between(rng, 4, 7)
        left = 1 if rest == "one" else stride - 1
        kernels = (3 * stride, 3 * stride + 5)
        n, kernel = side(rng, stride=stride, rest=left, kernel=kernels, places=PLACES)
        yield Case("rest", (n, kernel), {"stride": stride})
    for rest in ("one", "all but one"):
        stride = between(rng, 4, 5)
        padding = between(rng, 2 * stride, 2 * stride + 2)
        left = 1 if rest == "one" else stride - 1
        least = 3 * stride + 2 * padding
        n, kernel = side(
            rng,
            stride=stride,
            padding=padding,
            rest=left,
            kernel=(least, least + 6),
            places=PLACES,
        )
        yield Case("everything", (n, kernel), {"stride": stride, "padding": padding})


EXAMPLES = (
    call(9, 4),
    call(6, 6),
    call(7, 3, padding=2),
    call(10, 4, stride=2),
    call(10, 3, stride=2),
    call(11, 2, stride=5),
    call(11, 5, stride=3, padding=1),
)


@wheat
def floor_formula(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride + 1


@wheat
def counts_the_starts(n, kernel, stride=1, padding=0):
    last = n + 2 * padding - kernel
    return len(range(0, last + 1, stride))


@wheat
def slides_until_it_sticks_out(n, kernel, stride=1, padding=0):
    count, start = 0, -padding
    while start + kernel <= n + padding:
        count += 1
        start += stride
    return count


@wheat
def floor_of_a_quotient(n, kernel, stride=1, padding=0):
    return np.floor((n + 2 * padding - kernel) / stride) + 1


@wheat
def cuts_windows_out_of_an_array(n, kernel, stride=1, padding=0):
    padded = np.pad(np.zeros(n), padding)
    return np.lib.stride_tricks.sliding_window_view(padded, kernel)[::stride].shape[0]


@rule_breaker(finds="convkit.conv_output_size")
def ready_made(n, kernel, stride=1, padding=0):
    import convkit

    return convkit.conv_output_size(n, kernel, stride, padding)


EXERCISE = Exercise(
    name="conv_output_size",
    oracle=convkit.conv_output_size,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        floor_formula,
        counts_the_starts,
        slides_until_it_sticks_out,
        floor_of_a_quotient,
        cuts_windows_out_of_an_array,
    ),
    misconceptions=CHAFFS,
    rule_breakers=(ready_made,),
    covers=("A1 B0 B1a C1b",),
)
