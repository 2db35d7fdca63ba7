"""Known mistakes in ``conv_output_size``."""

from __future__ import annotations

from typing import Final

from autograder.authoring import chaff


@chaff(
    says="You left out the last step: a window that cannot move at all still stands in one place. "
    "Count the places, not the moves.",
    breaks={"plain", "padding", "stride", "rest", "everything"},
)
def moves_instead_of_places(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride


@chaff(
    says="The stride must divide the whole room: input and padding less the window. In your count "
    "it divides nothing, or the padding alone. With stride 3 a window begins at 0, 3, 6 and so on.",
    breaks={"stride", "rest", "everything"},
)
def stride_ignored(n, kernel, stride=1, padding=0):
    return n + 2 * padding - kernel + 1


@chaff(
    says="The stride must divide the whole room: input and padding less the window. In your count "
    "it divides nothing, or the padding alone. With stride 3 a window begins at 0, 3, 6 and so on.",
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


@chaff(
    says="Only the window is divided by the stride. The whole room, input and padding less the "
    "window, is what the steps must share: mind the brackets.",
    breaks={"stride", "rest", "everything"},
)
def only_window_divided(n, kernel, stride=1, padding=0):
    return n + 2 * padding - kernel // stride + 1


@chaff(
    says="You add the window to the room. It takes room away.",
    breaks={"plain", "padding", "stride", "rest", "everything"},
)
def window_added(n, kernel, stride=1, padding=0):
    return (n + 2 * padding + kernel) // stride + 1


@chaff(
    says="You take the padding away. It makes the input longer, at both ends.",
    breaks={"padding", "everything"},
)
def padding_subtracted(n, kernel, stride=1, padding=0):
    return (n - 2 * padding - kernel) // stride + 1


@chaff(
    says="You left out the last step: a window that cannot move at all still stands in one place. "
    "Count the places, not the moves.",
    breaks={"plain", "padding", "stride"},
)
def loop_ends_at_the_last_place(n, kernel, stride=1, padding=0):
    return len(range(0, n + 2 * padding - kernel, stride))


CHAFFS: Final = (
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
    only_window_divided,
    window_added,
    padding_subtracted,
    loop_ends_at_the_last_place,
)
