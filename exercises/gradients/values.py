"""Values that students work out by hand; nested lists and arrays are both taken.

hand_dx, hand_dw
    Gradients of the 1-D correlation of `SIGNAL` with `KERNEL`, upstream gradient `UPSTREAM`.
backward_matrix
    The matrix that takes `UPSTREAM` to hand_dx.
true_convolution_dx
    Gradient to the signal if the layer truly convolves with `KERNEL`, same upstream gradient.
touched_outputs
    How many outputs the pixel at [1, 2] of a 5 x 5 image takes part in, under a 3 x 3 kernel.
ones_gradient
    Gradient to the 5 x 5 image correlated with `B`, for an upstream gradient of ones.
products_in_sum
    How many products make one entry of dw, and one entry of dx that lies far from the border, for
    2 images of 3 channels under 8 filters of 3 x 3, with an output of 4 x 5.
nudged_derivative
    Of w cubed at 2, with steps of 0.1 up and down.
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

SIGNAL: Final = np.array([1, 4, 0, 2])
KERNEL: Final = np.array([2, -1, 3])
UPSTREAM: Final = np.array([1, -2])
B: Final = np.array([[4, 3, 3], [5, 5, 5], [2, 4, 3]])

WRONG: Final = {"value"}


@wheat
def dx_as_a_list():
    return [2, -5, 5, -6]


@chaff(
    says="You let the kernel slide over the padded dy as it is printed. The first entry of x meets "
    "only the first entry of the kernel: turn the kernel round.",
    breaks=WRONG,
)
def dx_not_turned():
    return [3, -7, 4, -4]


@chaff(
    says="You left the upstream gradient out. Each share is an entry of the kernel times an entry "
    "of dy.",
    breaks=WRONG,
)
def dx_without_upstream():
    return [2, 1, 2, 3]


@chaff(
    says="You give what each output sends, one after the other. Entries of x that lie in both "
    "windows add the two shares up.",
    breaks=WRONG,
)
def dx_not_added():
    return [2, -4, 2, -6]


@wheat
def dw_as_an_array():
    return np.array([-7, 4, -4])


@chaff(
    says="Your answer runs backwards. Nothing is flipped in the gradient to the kernel.",
    breaks=WRONG,
)
def dw_backwards():
    return [-4, 4, -7]


@chaff(
    says="You turned dy round before it slid over x. Nothing is flipped in the gradient to the "
    "kernel.",
    breaks=WRONG,
)
def dw_upstream_turned():
    return [2, -8, 2]


@chaff(
    says="You left the upstream gradient out. Each share is an entry of x times an entry of dy.",
    breaks=WRONG,
)
def dw_without_upstream():
    return [5, 4, 2]


@wheat
def backward_matrix_as_lists():
    return [[2, 0], [-1, 2], [3, -1], [0, 3]]


@chaff(
    says="That is the matrix of the forward pass. It makes two numbers of four; the gradient goes "
    "the other way.",
    breaks=WRONG,
)
def forward_matrix():
    return [[2, -1, 3, 0], [0, 2, -1, 3]]


@chaff(
    says="You turned the kernel round inside the matrix. The transpose is enough: what was a row "
    "becomes a column, in the same order.",
    breaks=WRONG,
)
def backward_matrix_turned():
    return [[3, 0], [-1, 3], [2, -1], [0, 2]]


@wheat
def true_convolution_dx_as_a_list():
    return [3, -7, 4, -4]


@chaff(
    says="That is the gradient of the correlation. Here the forward pass has the flip already, so "
    "write the two outputs down anew.",
    breaks=WRONG,
)
def same_as_the_correlation():
    return [2, -5, 5, -6]


@chaff(
    says="Your answer runs backwards. The first entry of x meets only the last entry of the "
    "kernel, in the first output.",
    breaks=WRONG,
)
def true_convolution_dx_backwards():
    return [-4, 4, -7, 3]


@wheat
def six():
    return 6


@chaff(
    says="Nine windows would hold it if it were far enough from the border. Near the top some of "
    "them do not exist.",
    breaks=WRONG,
)
def nine():
    return 9


@chaff(
    says="You counted the rows for which the window fits, but with one row too few or too many. "
    "Windows that begin in row 0 and in row 1 hold the pixel.",
    breaks=WRONG,
)
def three():
    return 3


@chaff(
    says="You counted two windows in each direction. In a row of five pixels, the one in the "
    "middle lies in all three windows.",
    breaks=WRONG,
)
def four():
    return 4


@wheat
def ones_gradient_as_lists():
    return [
        [4, 7, 10, 6, 3],
        [9, 17, 25, 16, 8],
        [11, 23, 34, 23, 11],
        [7, 16, 24, 17, 8],
        [2, 6, 9, 7, 3],
    ]


@chaff(
    says="Your answer is turned by 180 degrees. The corner pixel of A meets only the corner entry "
    "of B, which is 4.",
    breaks=WRONG,
)
def ones_gradient_turned():
    return [
        [3, 7, 9, 6, 2],
        [8, 17, 24, 16, 7],
        [11, 23, 34, 23, 11],
        [8, 16, 25, 17, 9],
        [3, 6, 10, 7, 4],
    ]


@chaff(
    says="Your answer is transposed: rows and columns have changed places.",
    breaks=WRONG,
)
def ones_gradient_transposed():
    return [
        [4, 9, 11, 7, 2],
        [7, 17, 23, 16, 6],
        [10, 25, 34, 24, 9],
        [6, 16, 23, 17, 7],
        [3, 8, 11, 8, 3],
    ]


@chaff(
    says="You give every pixel the sum of the whole kernel. Only the pixel in the middle meets all "
    "nine entries.",
    breaks=WRONG,
)
def sum_everywhere():
    return np.full((5, 5), 34)


@wheat
def products_as_a_pair():
    return (40, 72)


@chaff(
    says="You left the batch out: every image has a share in dw.",
    breaks=WRONG,
)
def products_of_one_image():
    return [20, 72]


@chaff(
    says="You left the filters out: a pixel takes part in the map of every filter, and all of them "
    "send something back.",
    breaks=WRONG,
)
def products_of_one_filter():
    return [40, 9]


@chaff(
    says="You summed dx over the channels of the image. An entry of dx has one channel; what is "
    "summed away are the filters.",
    breaks=WRONG,
)
def products_over_channels():
    return [40, 27]


@wheat
def nudged_derivative_as_a_number():
    return 12.01


@chaff(
    says="That is the derivative itself. Work the fraction out: it comes close but not quite.",
    breaks=WRONG,
)
def exact_derivative():
    return 12


@chaff(
    says="You stepped to one side only. The central difference looks at both sides.",
    breaks=WRONG,
)
def forward_difference():
    return 12.61


@chaff(
    says="You divided by one step. From the lower to the upper point it is two.",
    breaks=WRONG,
)
def divided_by_one_step():
    return 24.02


def true_convolution_gradient() -> np.ndarray:
    """Gradient to the signal of the places where kernel and signal overlap entirely."""
    turned = KERNEL[::-1]
    return convkit.correlate1d_backward(UPSTREAM, SIGNAL, turned)[0]


def touched() -> int:
    """Count the outputs that change with the pixel."""
    image = np.zeros((5, 5))
    image[1, 2] = 1.0
    return int(np.count_nonzero(convkit.correlate2d(image, np.ones((3, 3)))))


def products() -> np.ndarray:
    """Sum ones instead of products."""
    x, w, dy = np.ones((2, 6, 7, 3)), np.ones((3, 3, 3, 8)), np.ones((2, 4, 5, 8))
    dx, dw, _ = convkit.conv2d_backward(dy, x, w)
    return np.array([dw[0, 0, 0, 0], dx[0, 2, 3, 0]])


EXERCISES: Final = (
    value(
        "hand_dx",
        "the gradient to a signal of four",
        lambda: convkit.correlate1d_backward(UPSTREAM, SIGNAL, KERNEL)[0],
        (dx_as_a_list,),
        (dx_not_turned, dx_without_upstream, dx_not_added),
        covers=("D3 D(d) D(e)",),
    ),
    value(
        "hand_dw",
        "the gradient to a kernel of three",
        lambda: convkit.correlate1d_backward(UPSTREAM, SIGNAL, KERNEL)[1],
        (dw_as_an_array,),
        (dw_backwards, dw_upstream_turned, dw_without_upstream),
        covers=("D3 D(d) D(e)",),
    ),
    value(
        "backward_matrix",
        "the matrix of the backward pass",
        lambda: convkit.toeplitz_matrix(KERNEL, len(SIGNAL)).T,
        (backward_matrix_as_lists,),
        (forward_matrix, backward_matrix_turned),
        covers=("doubly blocked",),
    ),
    value(
        "true_convolution_dx",
        "the gradient to the signal of a layer that truly convolves",
        true_convolution_gradient,
        (true_convolution_dx_as_a_list,),
        (same_as_the_correlation, true_convolution_dx_backwards),
        covers=("D3 D(d) D(e)",),
    ),
    value(
        "touched_outputs",
        "outputs that one pixel takes part in",
        touched,
        (six,),
        (nine, three, four),
        covers=("A6 E10",),
    ),
    value(
        "ones_gradient",
        "the gradient of ones, sent back to the image",
        lambda: convkit.convolve2d(np.ones((3, 3)), B),
        (ones_gradient_as_lists,),
        (ones_gradient_turned, ones_gradient_transposed, sum_everywhere),
        covers=("C1d",),
    ),
    value(
        "products_in_sum",
        "products behind one entry of dw and of dx",
        products,
        (products_as_a_pair,),
        (products_of_one_image, products_of_one_filter, products_over_channels),
        covers=("D3 D(d) D(e)",),
    ),
    value(
        "nudged_derivative",
        "a central difference by hand",
        lambda: ((2.0 + 0.1) ** 3 - (2.0 - 0.1) ** 3) / 0.2,
        (nudged_derivative_as_a_number,),
        (exact_derivative, forward_difference, divided_by_one_step),
        covers=("gradient checking",),
    ),
)
