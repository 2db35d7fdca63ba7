"""Values that students work out by hand; nested lists and arrays are both taken, eps is 0.

batch_statistics
    Means and biased variances of `BATCH`: two rows, a column for each feature.
normalized_batch
    `BATCH`, normalized; gamma is 1 and beta is 0.
undoing_parameters
    Gamma and beta that give back `BATCH`: two rows, a column for each feature.
who_shares
    For images of shape `IMAGES`: how many numbers share one mean, how many means there are, and
    how many parameters the layer trains.
column_gradient
    dx of the first feature of `BATCH`, where gamma is `GAMMA` and dy is `UPSTREAM`.
running_after_two_steps
    Running mean and variance of the first feature, from 0 and 1, after two steps with `BATCH` at
    momentum `MOMENTUM`.
evaluated
    Outputs for `TESTED` in evaluation, with a running mean of 4, a running variance of 9, a gamma
    of 2 and a beta of 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

BATCH: Final = np.array([[3, 12], [5, 12], [6, 2], [7, 12], [9, 12]])
IMAGES: Final = (16, 10, 20, 3)
UPSTREAM: Final = np.array([[10.0], [0.0], [0.0], [0.0], [0.0]])
GAMMA: Final = 2.0
MOMENTUM: Final = 0.1
TESTED: Final = np.array([[10.0], [7.0]])

WRONG: Final = {"value"}


@wheat
def statistics_as_lists():
    return [[6, 10], [4, 16]]


@chaff(
    says="Your variances are the unbiased ones, divided by 4. Batch norm divides by the number of "
    "vectors, 5.",
    breaks=WRONG,
)
def unbiased_variances():
    return [[6, 10], [5, 20]]


@chaff(
    says="Your second row holds standard deviations. Leave the root for the next step.",
    breaks=WRONG,
)
def standard_deviations():
    return [[6, 10], [2, 4]]


@chaff(
    says="Your second row holds sums of squares. The variance is their mean.",
    breaks=WRONG,
)
def sums_of_squares():
    return [[6, 10], [20, 80]]


@wheat
def normalized_as_lists():
    return [[-1.5, 0.5], [-0.5, 0.5], [0, -2], [0.5, 0.5], [1.5, 0.5]]


@chaff(
    says="You divided by the variance. Divide by its square root.",
    breaks=WRONG,
)
def divided_by_the_variance():
    return [[-0.75, 0.125], [-0.25, 0.125], [0, -0.5], [0.25, 0.125], [0.75, 0.125]]


@chaff(
    says="You took the mean away, but the spread is still there. Divide by the root of the "
    "variance.",
    breaks=WRONG,
)
def only_centred():
    return [[-3, 2], [-1, 2], [0, -8], [1, 2], [3, 2]]


@wheat
def undone_by_root_and_mean():
    return [[2, 4], [6, 10]]


@chaff(
    says="Gamma takes back a division by the root of the variance. You gave the variance itself.",
    breaks=WRONG,
)
def undone_by_the_variance():
    return [[4, 16], [6, 10]]


@chaff(
    says="That divides and subtracts once more. Gamma multiplies and beta is added.",
    breaks=WRONG,
)
def applied_twice():
    return [[0.5, 0.25], [-6, -10]]


@chaff(
    says="Gamma and beta have changed places: gamma is the first row.",
    breaks=WRONG,
)
def beta_first():
    return [[6, 10], [2, 4]]


@wheat
def shared_as_a_list():
    return [3200, 3, 6]


@chaff(
    says="You counted a mean for each pixel, as if the images were vectors. All pixels of a "
    "channel share one.",
    breaks=WRONG,
)
def each_pixel_has_its_mean():
    return [16, 600, 1200]


@chaff(
    says="You counted a mean for each image and channel. All images of the batch share one.",
    breaks=WRONG,
)
def each_image_has_its_mean():
    return [200, 48, 6]


@chaff(
    says="Means and variances are computed, not trained. Trained are gamma and beta: two numbers "
    "for each channel.",
    breaks=WRONG,
)
def means_and_variances_counted_as_trained():
    return [3200, 3, 12]


@chaff(
    says="A channel has two parameters, gamma and beta.",
    breaks=WRONG,
)
def beta_not_counted():
    return [3200, 3, 3]


@wheat
def gradient_as_a_list():
    return [3.5, -3.5, -2, -0.5, 2.5]


@chaff(
    says="You treated mean and variance as constants. They move when a number of the batch moves.",
    breaks=WRONG,
)
def gradient_with_constant_statistics():
    return [10, 0, 0, 0, 0]


@chaff(
    says="The path through the variance is missing: take z times the mean of dy z away as well.",
    breaks=WRONG,
)
def gradient_without_the_variance():
    return [8, -2, -2, -2, -2]


@chaff(
    says="The path through the mean is missing: take the mean of dy away as well.",
    breaks=WRONG,
)
def gradient_without_the_mean():
    return [5.5, -1.5, 0, 1.5, 4.5]


@chaff(
    says="The mean of dy z is negative. Taking away a negative number adds.",
    breaks=WRONG,
)
def gradient_with_a_lost_sign():
    return [12.5, -0.5, -2, -3.5, -6.5]


@wheat
def running_as_a_pair():
    return (1.14, 1.76)


@chaff(
    says="You kept the biased variance, 4. The one that is kept is unbiased: divide by 4 in place "
    "of 5.",
    breaks=WRONG,
)
def running_biased():
    return [1.14, 1.57]


@chaff(
    says="Your momentum runs the other way round. The batch gets a share of one tenth.",
    breaks=WRONG,
)
def running_the_other_way_round():
    return [5.94, 4.96]


@chaff(
    says="That is after the first step. Do it once more.",
    breaks=WRONG,
)
def running_after_one_step():
    return [0.6, 1.4]


@wheat
def evaluated_as_a_list():
    return [5, 3]


@chaff(
    says="You normalized the two with their own mean and variance. In evaluation the running "
    "values take their place.",
    breaks=WRONG,
)
def evaluated_with_batch_statistics():
    return [3, -1]


@chaff(
    says="You divided by the running variance. Divide by its square root.",
    breaks=WRONG,
)
def evaluated_without_the_root():
    return [7 / 3, 5 / 3]


@chaff(
    says="You stopped after normalizing. Gamma and beta belong to evaluation, too.",
    breaks=WRONG,
)
def evaluated_without_gamma_and_beta():
    return [2, 1]


def statistics() -> np.ndarray:
    """Means and biased variances, as the definition has them."""
    means = BATCH.sum(axis=0) / len(BATCH)
    return np.array([means, ((BATCH - means) ** 2).sum(axis=0) / len(BATCH)])


def undoing() -> np.ndarray:
    """The roots of the variances, and the means."""
    means, variances = statistics()
    return np.array([np.sqrt(variances), means])


def sharing() -> np.ndarray:
    """Count by doing: the axes that a mean goes over are all but the last."""
    x = np.zeros(IMAGES)
    means = x.mean(axis=(0, 1, 2))
    return np.array([x.size // means.size, means.size, 2 * means.size])


def gradient() -> np.ndarray:
    """The first feature's dx."""
    x = BATCH[:, :1].astype(float)
    dx, _, _ = convkit.batch_norm_backward(UPSTREAM, x, np.array([GAMMA]), eps=0.0)
    return dx[:, 0]


def running() -> np.ndarray:
    """Two steps of a layer in training."""
    layer = convkit.BatchNorm(1, momentum=MOMENTUM)
    for _ in range(2):
        layer(BATCH[:, :1])
    return np.array([layer.running_mean[0], layer.running_var[0]])


def evaluation() -> np.ndarray:
    """A layer that has been trained, on a batch of two."""
    layer = convkit.BatchNorm(1, eps=0.0)
    layer.running_mean, layer.running_var = np.array([4.0]), np.array([9.0])
    layer.gamma, layer.beta = np.array([2.0]), np.array([1.0])
    layer.eval()
    return layer(TESTED)[:, 0]


EXERCISES: Final = (
    value(
        "batch_statistics",
        "means and variances",
        statistics,
        (statistics_as_lists,),
        (unbiased_variances, standard_deviations, sums_of_squares),
        covers=("D(h)",),
    ),
    value(
        "normalized_batch",
        "the normalized batch",
        lambda: convkit.batch_norm(BATCH, [1, 1], [0, 0], eps=0.0),
        (normalized_as_lists,),
        (divided_by_the_variance, only_centred),
        covers=("D(h)",),
    ),
    value(
        "undoing_parameters",
        "gamma and beta that undo it",
        undoing,
        (undone_by_root_and_mean,),
        (undone_by_the_variance, applied_twice, beta_first),
        covers=("D(h)",),
    ),
    value(
        "who_shares",
        "numbers that share a mean, means, parameters",
        sharing,
        (shared_as_a_list,),
        (
            each_pixel_has_its_mean,
            each_image_has_its_mean,
            means_and_variances_counted_as_trained,
            beta_not_counted,
        ),
        covers=("D(h)",),
    ),
    value(
        "column_gradient",
        "the gradient of one feature",
        gradient,
        (gradient_as_a_list,),
        (
            gradient_with_constant_statistics,
            gradient_without_the_variance,
            gradient_without_the_mean,
            gradient_with_a_lost_sign,
        ),
        covers=("D(h)",),
    ),
    value(
        "running_after_two_steps",
        "running mean and variance",
        running,
        (running_as_a_pair,),
        (running_biased, running_the_other_way_round, running_after_one_step),
        covers=("D(h)",),
    ),
    value(
        "evaluated",
        "outputs in evaluation",
        evaluation,
        (evaluated_as_a_list,),
        (
            evaluated_with_batch_statistics,
            evaluated_without_the_root,
            evaluated_without_gamma_and_beta,
        ),
        covers=("D(h)",),
    ),
)
