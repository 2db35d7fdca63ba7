"""``update_running(mean, var, x, momentum) -> new mean, new var``: one step of the running values.

Given the running `mean` and `var`, both of shape (D,), and a batch `x`: vectors (N, D) or images
(N, H, W, D), with at least 2 values of each feature or channel. ``new = (1 - momentum) * old +
momentum * batch``, torch's convention, with momentum from 0 to 1. The batch's mean and variance
are those of each feature or channel. The variance that is kept is the unbiased one: divided by the
number of values of a channel less one. `mean`, `var` and `x` hold floats. A tuple of two arrays of
shape (D,) is returned; `mean`, `var` and `x` stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.authoring import Case, Exercise, RubricLine, call, chaff, fractions, generic, wheat
from convkit import BatchNorm

from .batches import batch
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("vectors", 2, "one step with vectors"),
    RubricLine("images", 2, "one step with images"),
    RubricLine("all_the_way", 1, "momentum 1: only the batch counts"),
    RubricLine("inputs", 1, "mean, var and x are as they were when the step is done"),
)

EVERYWHERE = {"vectors", "images", "all_the_way"}


def update_running(
    mean: np.ndarray, var: np.ndarray, x: np.ndarray, momentum: float
) -> tuple[np.ndarray, np.ndarray]:
    """The reference: what a layer does in training."""
    layer = BatchNorm(len(mean), momentum=momentum)
    layer.running_mean, layer.running_var = mean, var
    layer(x)
    return layer.running_mean, layer.running_var


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; momentum stays away from a half, where its two conventions agree."""

    def step(*shape: int, momentum: float) -> tuple[np.ndarray | float, ...]:
        mean, var = 3 * generic(rng, shape[-1]), 2 * np.abs(generic(rng, shape[-1]))
        return mean, var, batch(rng, *shape), momentum

    def little() -> float:
        return int(rng.integers(7, 20)) / 64

    def much() -> float:
        return int(rng.integers(45, 58)) / 64

    yield Case("vectors", step(6, 4, momentum=little()))
    yield Case("vectors", step(5, 3, momentum=much()))
    yield Case("images", step(3, 2, 4, 5, momentum=little()))
    yield Case("images", step(2, 3, 1, 4, momentum=much()))
    yield Case("all_the_way", step(7, 3, momentum=1.0))
    for shape in [(4, 3), (2, 3, 4, 5)]:
        yield Case("inputs", step(*shape, momentum=little()), {"asked": "inputs"})


def use(update_running, mean, var, x, momentum, asked="result"):
    """The new values, or what the step has made of its inputs."""
    result = update_running(mean, var, x, momentum)
    return (mean, var, x) if asked == "inputs" else result


EXAMPLES = (
    call(np.array([0.0]), np.array([1.0]), np.array([[1.0], [3.0]]), 1.0),
    call(np.array([0.0]), np.array([1.0]), np.array([[1.0], [3.0]]), 0.25),
    call(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]), fractions(32, 6, 3), 0.1),
    call(np.array([1.0, 2.0]), np.array([4.0, 5.0]), fractions(33, 2, 3, 4, 2), 0.2),
)


@wheat
def reshape_and_ddof(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    new_mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
    return new_mean, (1 - momentum) * var + momentum * x.var(axis=0, ddof=1)


@wheat
def biased_variance_put_right(mean, var, x, momentum):
    axes = tuple(range(x.ndim - 1))
    count = np.prod(x.shape[:-1])
    unbiased = np.var(x, axis=axes) * count / (count - 1)
    return mean + momentum * (x.mean(axis=axes) - mean), var + momentum * (unbiased - var)


@wheat
def channel_by_channel(mean, var, x, momentum):
    new_mean, new_var = mean.copy(), var.copy()
    for c in range(len(mean)):
        values = x[..., c].ravel()
        average = sum(values) / len(values)
        spread = sum((values - average) ** 2) / (len(values) - 1)
        new_mean[c] = momentum * average + (1 - momentum) * mean[c]
        new_var[c] = momentum * spread + (1 - momentum) * var[c]
    return new_mean, new_var


@wheat
def copies_changed_in_place(mean, var, x, momentum):
    pixels = np.moveaxis(x, -1, 0).reshape(len(mean), -1)
    mean, var = mean.copy(), var.copy()
    mean *= 1 - momentum
    mean += momentum * pixels.mean(axis=1)
    var *= 1 - momentum
    var += momentum * np.diag(np.atleast_2d(np.cov(pixels)))
    return [mean, var]


@chaff(
    says="You change the arrays that you were given. Whoever called you still needs the old "
    "values: make new arrays.",
    breaks={"inputs"},
)
def inputs_changed_in_place(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    mean *= 1 - momentum
    mean += momentum * x.mean(axis=0)
    var *= 1 - momentum
    var += momentum * x.var(axis=0, ddof=1)
    return mean, var


@chaff(
    says="The two results stand in the other order. First comes the mean, then the variance.",
    breaks=EVERYWHERE,
)
def variance_returned_first(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    new_mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
    return (1 - momentum) * var + momentum * x.var(axis=0, ddof=1), new_mean


@chaff(
    says="The old mean does not move: only the variance is brought up to date.",
    breaks=EVERYWHERE,
)
def mean_not_moved(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    return mean, (1 - momentum) * var + momentum * x.var(axis=0, ddof=1)


@chaff(
    says="Your momentum runs the other way round. Here it is the share of the new batch; what is "
    "left is the share of the old value.",
    breaks=EVERYWHERE,
)
def other_way_round_and_biased(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    new_mean = momentum * mean + (1 - momentum) * x.mean(axis=0)
    return new_mean, momentum * var + (1 - momentum) * x.var(axis=0)


@chaff(
    says="Your momentum runs the other way round. Here it is the share of the new batch; what is "
    "left is the share of the old value.",
    breaks=EVERYWHERE,
)
def momentum_for_the_old_value(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    new_mean = momentum * mean + (1 - momentum) * x.mean(axis=0)
    return new_mean, momentum * var + (1 - momentum) * x.var(axis=0, ddof=1)


@chaff(
    says="You keep the biased variance. It normalizes the batch; what is kept for evaluation is "
    "the unbiased one, divided by the number of values less one.",
    breaks=EVERYWHERE,
)
def biased_variance_kept(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    new_mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
    return new_mean, (1 - momentum) * var + momentum * x.var(axis=0)


@chaff(
    says="For images you correct the variance with the number of images. Count the values of a "
    "channel: images times height times width.",
    breaks={"images"},
)
def images_counted_for_values(mean, var, x, momentum):
    n = len(x)
    x = x.reshape(-1, x.shape[-1])
    unbiased = x.var(axis=0) * n / (n - 1)
    new_mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
    return new_mean, (1 - momentum) * var + momentum * unbiased


@chaff(
    says="For images your mean is taken over the batch only, so every pixel has its own. A channel "
    "has one mean.",
    breaks={"images"},
)
def first_axis_only(mean, var, x, momentum):
    new_mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
    return new_mean, (1 - momentum) * var + momentum * x.var(axis=0, ddof=1)


@chaff(
    says="You take one mean and one variance over everything. Each feature keeps its own.",
    breaks=EVERYWHERE,
)
def statistics_over_everything(mean, var, x, momentum):
    new_mean = (1 - momentum) * mean + momentum * x.mean()
    return new_mean, (1 - momentum) * var + momentum * x.var(ddof=1)


@chaff(
    says="You keep the standard deviation. What is kept is the variance; the root is taken when it "
    "is used.",
    breaks=EVERYWHERE,
)
def standard_deviation_kept(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    new_mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
    return new_mean, (1 - momentum) * var + momentum * x.std(axis=0, ddof=1)


@chaff(
    says="You give back the values of this batch alone. The old values keep their share.",
    breaks={"vectors", "images"},
)
def old_values_forgotten(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    return x.mean(axis=0), x.var(axis=0, ddof=1)


@chaff(
    says="You add the new share, but the old values do not shrink. The two shares add up to 1.",
    breaks=EVERYWHERE,
)
def old_values_kept_whole(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    return mean + momentum * x.mean(axis=0), var + momentum * x.var(axis=0, ddof=1)


@chaff(
    says="You measure the variance from the running mean. Measure it from the mean of the batch.",
    breaks={"vectors", "images"},
)
def variance_about_the_running_mean(mean, var, x, momentum):
    x = x.reshape(-1, x.shape[-1])
    new_mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
    spread = np.sum((x - new_mean) ** 2, axis=0) / (len(x) - 1)
    return new_mean, (1 - momentum) * var + momentum * spread


EXERCISE = Exercise(
    name="update_running",
    oracle=update_running,
    cases=cases,
    examples=EXAMPLES,
    parts=("mean", "var"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    use=use,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        reshape_and_ddof,
        biased_variance_put_right,
        channel_by_channel,
        copies_changed_in_place,
    ),
    misconceptions=(
        momentum_for_the_old_value,
        biased_variance_kept,
        images_counted_for_values,
        first_axis_only,
        statistics_over_everything,
        standard_deviation_kept,
        old_values_forgotten,
        old_values_kept_whole,
        variance_about_the_running_mean,
        inputs_changed_in_place,
        variance_returned_first,
        mean_not_moved,
        other_way_round_and_biased,
    ),
    covers=("D(h)",),
)
