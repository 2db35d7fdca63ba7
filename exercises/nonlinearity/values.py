"""Values that students work out by hand; lists and arrays are both taken.

collapsed_by_hand
    Four weights and a bias: an image of one row of four pixels, a convolution with 1 2 and bias 1,
    then a linear layer with the weights 2 1 -1 and bias -3.
parameters_of_both
    On 10 x 10 x 1 images, of a 5 x 5 convolution with four filters, a 2 x 2 average pool and a
    linear layer with ten outputs; and of one linear layer with ten outputs.
loss_of_a_guess
    Cross-entropy of ten equal scores, to three digits after the point.
gradient_by_hand
    Gradient of the cross-entropy by the scores ln 1, ln 2, ln 5 of one image of class 1.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

from . import stack
from .softmax_cross_entropy import softmax_cross_entropy

ROUNDED: Final = 2e-3
"""How far a number may be off that is rounded to two or three digits."""

KERNEL: Final = np.array([1.0, 2.0]).reshape(1, 2, 1, 1)
WEIGHTS: Final = np.array([[2.0], [1.0], [-1.0]])
LAYERS: Final = (("conv", KERNEL, np.ones(1)), ("linear", WEIGHTS, np.array([-3.0])))

WRONG: Final = ("value",)

rounded = functools.partial(value, rtol=0.0, atol=ROUNDED)


@wheat
def weights_and_bias_as_a_list():
    return [2, 5, 1, -2, -1]


@chaff(
    says="The bias of the convolution is missing. It reaches the output three times, through each "
    "weight of the linear layer.",
    breaks=WRONG,
)
def early_bias_forgotten():
    return np.array([2, 5, 1, -2, -3])


@chaff(
    says="You added the two biases. The first one goes through the linear layer, and is multiplied "
    "by the sum of its weights.",
    breaks=WRONG,
)
def biases_added():
    return np.array([2, 5, 1, -2, -2])


@chaff(
    says="You flipped the kernel. A convolution layer lays it on the pixels as it is printed.",
    breaks=WRONG,
)
def kernel_flipped():
    return np.array([4, 4, -1, -1, -1])


@wheat
def both_counts_as_a_list():
    return [474, 1010]


@chaff(
    says="You left out the biases: one for each filter and one for each output.",
    breaks=WRONG,
)
def counted_without_biases():
    return np.array([460, 1000])


@chaff(
    says="You forgot that the pool shrinks the maps before the linear layer: to a quarter of their "
    "numbers.",
    breaks=WRONG,
)
def counted_without_the_pool():
    return np.array([1554, 1010])


@chaff(
    says="Your linear layer takes one pooled map. It takes those of all four filters.",
    breaks=WRONG,
)
def counted_one_map_only():
    return np.array([204, 1010])


@wheat
def natural_logarithm_of_ten():
    return np.log(10)


@wheat
def rounded_to_three_digits():
    return 2.303


@chaff(says="That is the logarithm to the base 10. The natural one is wanted.", breaks=WRONG)
def decimal_logarithm():
    return 1.0


@chaff(says="That is the logarithm to the base 2. The natural one is wanted.", breaks=WRONG)
def binary_logarithm():
    return 3.322


@chaff(
    says="That is the probability of the right class. The loss is minus its logarithm.",
    breaks=WRONG,
)
def probability_for_loss():
    return 0.1


@chaff(
    says="The sign is wrong: the logarithm of a tenth is negative, and the loss is minus that.",
    breaks=WRONG,
)
def negative_loss():
    return -2.303


@wheat
def gradient_as_a_list():
    return [1 / 8, -3 / 4, 5 / 8]


@chaff(
    says="These are the probabilities. At the right class one is taken off.",
    breaks=WRONG,
)
def probabilities_alone():
    return np.array([0.125, 0.25, 0.625])


@chaff(
    says="The signs are turned: probabilities minus the right answer, not the other way round.",
    breaks=WRONG,
)
def gradient_downhill():
    return np.array([-0.125, 0.75, -0.625])


@chaff(
    says="You counted the classes from 1. The right class is number 1 counted from 0: the one in "
    "the middle.",
    breaks=WRONG,
)
def first_class_for_the_right_one():
    return np.array([-0.875, 0.25, 0.625])


@chaff(
    says="You took the scores themselves for powers. Softmax takes their exponentials, and those "
    "are 1, 2 and 5.",
    breaks=WRONG,
)
def scores_not_exponentiated():
    scores = np.log([1.0, 2.0, 5.0])
    return scores / scores.sum() - [0, 1, 0]


def collapsed() -> np.ndarray:
    """Weights, then the bias."""
    matrix, bias = stack.collapse(LAYERS, (1, 4, 1))
    return np.append(matrix[:, 0], bias)


def parameter_counts() -> np.ndarray:
    """The network's, then those of logistic regression."""
    side = convkit.conv_output_size(10, 5) // 2
    network = convkit.conv_parameters(5, 1, 4) + convkit.linear_parameters(side * side * 4, 10)
    return np.array([network, convkit.linear_parameters(100, 10)])


EXERCISES: Final = (
    rounded(
        "collapsed_by_hand",
        "two layers as four weights and a bias",
        collapsed,
        (weights_and_bias_as_a_list,),
        (early_bias_forgotten, biases_added, kernel_flipped),
        points=2,
        covers=("A4",),
    ),
    rounded(
        "parameters_of_both",
        "parameters of the network and of logistic regression",
        parameter_counts,
        (both_counts_as_a_list,),
        (counted_without_biases, counted_without_the_pool, counted_one_map_only),
        points=2,
        covers=("A4",),
    ),
    rounded(
        "loss_of_a_guess",
        "the loss of ten equal scores",
        lambda: softmax_cross_entropy(np.zeros((1, 10)), np.array([3]))[0],
        (natural_logarithm_of_ten, rounded_to_three_digits),
        (decimal_logarithm, binary_logarithm, probability_for_loss, negative_loss),
        covers=("capstone",),
    ),
    rounded(
        "gradient_by_hand",
        "the gradient of three scores",
        lambda: softmax_cross_entropy(np.log([[1.0, 2.0, 5.0]]), np.array([1]))[1][0],
        (gradient_as_a_list,),
        (
            probabilities_alone,
            gradient_downhill,
            first_class_for_the_right_one,
            scores_not_exponentiated,
        ),
        covers=("capstone",),
    ),
)
