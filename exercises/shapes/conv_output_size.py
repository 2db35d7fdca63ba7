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
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, rule_breaker, wheat

from .draw import between, side
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "stride 1, no padding"),
    RubricLine("padding", 1, "padding at both ends"),
    RubricLine("stride", 1, "a stride that fits"),
    RubricLine("rest", 1, "a stride that does not fit"),
    RubricLine("everything", 1, "stride and padding together"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; the kernels keep n // stride from being right by chance."""
    yield Case("plain", side(rng))
    n = between(rng, 10, 99)
    yield Case("plain", (n, n))
    for padding in (1, between(rng, 4, 9)):
        n, kernel = side(rng, padding=padding, kernel=(2, 7))
        even = kernel + kernel % 2  # No padding keeps the size of the input.
        yield Case("padding", (n, even), {"padding": padding})
    for stride in (2, between(rng, 3, 7)):
        n, kernel = side(rng, stride=stride, kernel=(2 * stride, 2 * stride + 5))
        yield Case("stride", (n, kernel), {"stride": stride})
    for rest in ("one", "all but one"):
        stride = between(rng, 4, 7)
        left = 1 if rest == "one" else stride - 1
        n, kernel = side(rng, stride=stride, rest=left, kernel=(2 * stride, 2 * stride + 5))
        yield Case("rest", (n, kernel), {"stride": stride})
    for rest in ("one", "all but one"):
        stride = between(rng, 4, 5)
        padding = between(rng, stride, stride + 2)
        left = 1 if rest == "one" else stride - 1
        least = 2 * (stride + padding)
        n, kernel = side(rng, stride=stride, padding=padding, rest=left, kernel=(least, least + 6))
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


@chaff(
    says="You left out the last step: a window that cannot move at all still stands in one place. "
    "Count the places, not the moves.",
    breaks={"plain", "padding", "stride", "rest", "everything"},
)
def moves_instead_of_places(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride


@chaff(
    says="The stride plays no part in your count. With stride 3 a window begins at 0, 3, 6 and so "
    "on.",
    breaks={"stride", "rest", "everything"},
)
def stride_ignored(n, kernel, stride=1, padding=0):
    return n + 2 * padding - kernel + 1


@chaff(
    says="Only the padding is divided by the stride. The whole room, input and padding less the "
    "window, is what the steps must share: mind the brackets.",
    breaks={"stride", "rest", "everything"},
)
def only_padding_divided(n, kernel, stride=1, padding=0):
    return n - kernel + 2 * padding // stride + 1


@chaff(
    says="You count the padding once. It is added at both ends.",
    breaks={"padding", "everything"},
)
def padding_at_one_end(n, kernel, stride=1, padding=0):
    return (n + padding - kernel) // stride + 1


@chaff(
    says="The padding plays no part in your count.",
    breaks={"padding", "everything"},
)
def padding_ignored(n, kernel, stride=1, padding=0):
    return (n - kernel) // stride + 1


@chaff(
    says="You divide the input by the stride. The window has a length too, and it must not stick "
    "out at the end.",
    breaks={"plain", "padding", "stride", "rest", "everything"},
)
def input_over_stride(n, kernel, stride=1, padding=0):
    return n // stride


@chaff(
    says="You round up. A last window that sticks out is left out, not filled up.",
    breaks={"rest", "everything"},
)
def rounded_up(n, kernel, stride=1, padding=0):
    return -(-(n + 2 * padding - kernel) // stride) + 1


@chaff(
    says="You round to the nearest whole number. Most of a window is not a window: round down.",
    breaks={"rest", "everything"},
)
def rounded_to_nearest(n, kernel, stride=1, padding=0):
    return (2 * (n + 2 * padding - kernel) + stride) // (2 * stride) + 1


@chaff(
    says="Your answer has a fraction where the stride does not fit. There is no third of a window: "
    "round down.",
    breaks={"rest", "everything"},
)
def not_rounded(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) / stride + 1


@chaff(
    says="You add the one before you divide by the stride. It stands for the first window, which "
    "needs no step: add it afterwards.",
    breaks={"stride", "rest", "everything"},
)
def one_added_before_the_division(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel + 1) // stride


@chaff(
    says="You give None where the stride does not fit. This function rounds down; the next one "
    "gives None.",
    breaks={"rest", "everything"},
)
def none_where_the_stride_does_not_fit(n, kernel, stride=1, padding=0):
    steps, rest = divmod(n + 2 * padding - kernel, stride)
    return None if rest else steps + 1


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
    misconceptions=(
        moves_instead_of_places,
        stride_ignored,
        only_padding_divided,
        padding_at_one_end,
        padding_ignored,
        input_over_stride,
        rounded_up,
        rounded_to_nearest,
        not_rounded,
        one_added_before_the_division,
        none_where_the_stride_does_not_fit,
    ),
    rule_breakers=(ready_made,),
    covers=("A1 B0 B1a C1b",),
)
