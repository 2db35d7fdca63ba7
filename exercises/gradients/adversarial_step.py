"""``adversarial_step(x, dx, epsilon)``: change an image a little, against a classifier.

`x` holds brightness from 0 to 1 in an array of any shape, `dx` of the same shape is the gradient of
the loss with respect to `x`, `epsilon` is a positive number. Every pixel moves by exactly `epsilon`
in the direction in which the loss grows, ``x + epsilon * sign(dx)``; a pixel whose gradient is 0
stays. Then what lies below 0 becomes 0, and what lies above 1 becomes 1. An array of the shape of
`x` is returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from autograder.authoring import Case, Exercise, RubricLine, call, chaff, generic, wheat

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("inside", 2, "a step that stays between 0 and 1"),
    RubricLine("flat", 1, "pixels whose gradient is 0"),
    RubricLine("border", 1, "pixels that would leave the range from 0 to 1"),
    RubricLine("batch", 1, "a batch of images, all of it at once"),
)

EVERY_GROUP: Final = frozenset(line.group for line in RUBRIC)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; only the last two groups have pixels that must be cut off."""

    def grey(*shape: int) -> np.ndarray:
        return rng.integers(20, 45, shape) / 64

    def slopes(*shape: int) -> np.ndarray:
        """Gradients of both signs, some of them small."""
        dx = generic(rng, *shape)
        dx.flat[:3] = -1.75, 0.03125, -0.015625
        return dx

    def with_flat_pixels(*shape: int) -> np.ndarray:
        dx = slopes(*shape)
        dx.flat[3:7] = 0.0
        return dx

    def black_and_white(*shape: int) -> tuple[np.ndarray, np.ndarray]:
        """Among others, pixels at both ends that are pushed in both directions."""
        x, dx = grey(*shape), generic(rng, *shape)
        x.flat[:4] = 0.0, 0.05, 0.95, 1.0
        dx.flat[:4] = -1.5, 0.7, 1.2, -0.6
        x.flat[4:6] = 0.05, 0.95
        dx.flat[4:6] = -0.8, 0.9
        return x, dx

    yield Case("inside", (grey(3, 4), slopes(3, 4), 0.125))
    yield Case("inside", (grey(4, 3), generic(rng, 4, 3) / 64, 0.25))
    yield Case("inside", (grey(5), slopes(5) / 64, 0.25))
    for shape in [(4, 3), (3, 5)]:
        yield Case("flat", (grey(*shape), with_flat_pixels(*shape), 0.2))
        yield Case("border", (*black_and_white(*shape), 0.15))
        x, dx = black_and_white(2, *shape, 1)
        dx.flat[6:9] = 0.0
        yield Case("batch", (x, dx, 0.3))


EXAMPLES = (
    call(np.array([0.25, 0.5, 0.75]), np.array([3.0, -0.01, 20.0]), 0.125),
    call(np.array([[0.5, 0.5, 0.5]]), np.array([[0.2, 0.0, -0.1]]), 0.25),
    call(np.array([[0.0, 1.0], [0.9, 0.1]]), np.array([[-2.0, 1.0], [0.5, -0.5]]), 0.2),
    call(
        np.array([[0.0, 1.0], [0.9, 0.4]]).reshape(1, 2, 2, 1),
        np.array([[1.0, -1.0], [0.0, 0.3]]).reshape(1, 2, 2, 1),
        0.3,
    ),
)


@wheat
def sign_and_clip(x, dx, epsilon):
    return np.clip(x + epsilon * np.sign(dx), 0, 1)


@wheat
def pixel_by_pixel(x, dx, epsilon):
    moved = []
    for value, slope in zip(x.ravel(), dx.ravel(), strict=True):
        if slope > 0:
            value = value + epsilon
        elif slope < 0:
            value = value - epsilon
        moved.append(min(max(value, 0.0), 1.0))
    return np.array(moved).reshape(x.shape)


@wheat
def chosen_by_masks(x, dx, epsilon):
    moved = x.copy()
    moved[dx > 0] += epsilon
    moved[dx < 0] -= epsilon
    moved[moved < 0] = 0
    moved[moved > 1] = 1
    return moved


@wheat
def gradient_over_its_size(x, dx, epsilon):
    size = np.abs(dx)
    direction = np.divide(dx, size, out=np.zeros(dx.shape), where=size > 0)
    return np.minimum(1.0, np.maximum(0.0, x + epsilon * direction))


@chaff(
    says="You step along the gradient itself. Only its sign counts here: every pixel moves by the "
    "same amount.",
    breaks=EVERY_GROUP,
)
def gradient_in_place_of_its_sign(x, dx, epsilon):
    return np.clip(x + epsilon * dx, 0, 1)


@chaff(
    says="You step down the gradient, as in training. That makes the classifier surer; here the "
    "loss must grow.",
    breaks=EVERY_GROUP,
)
def downhill(x, dx, epsilon):
    return np.clip(x - epsilon * np.sign(dx), 0, 1)


@chaff(
    says="You let pixels leave the range from 0 to 1. A darkest and a brightest pixel exist: cut "
    "off what lies beyond them.",
    breaks={"border", "batch"},
)
def not_cut_off(x, dx, epsilon):
    return x + epsilon * np.sign(dx)


@chaff(
    says="You stretch the result so that it fills the range from 0 to 1. Only what lies beyond is "
    "cut off; the other pixels keep their value.",
    breaks=EVERY_GROUP,
)
def stretched_to_the_range(x, dx, epsilon):
    moved = x + epsilon * np.sign(dx)
    return (moved - moved.min()) / (moved.max() - moved.min())


@chaff(
    says="A pixel whose gradient is 0 gets darker. It makes no difference to the loss, so it "
    "stays as it is.",
    breaks={"flat", "batch"},
)
def flat_pixels_lowered(x, dx, epsilon):
    return np.clip(x + np.where(dx > 0, epsilon, -epsilon), 0, 1)


@chaff(
    says="A pixel whose gradient is 0 gets brighter. It makes no difference to the loss, so it "
    "stays as it is.",
    breaks={"flat", "batch"},
)
def flat_pixels_raised(x, dx, epsilon):
    return np.clip(x + np.where(dx >= 0, epsilon, -epsilon), 0, 1)


@chaff(
    says="You scale the gradient so that its largest entry moves by epsilon. Every pixel moves by "
    "the full epsilon, however small its gradient is.",
    breaks=EVERY_GROUP,
)
def scaled_by_the_largest_entry(x, dx, epsilon):
    return np.clip(x + epsilon * dx / np.abs(dx).max(), 0, 1)


@chaff(
    says="You return the change, not the changed image.",
    breaks=EVERY_GROUP,
)
def change_only(x, dx, epsilon):
    return epsilon * np.sign(dx)


@chaff(
    says="You cut the step off before it is added to the image, so no pixel ever gets darker. Add "
    "first, then cut off.",
    breaks=EVERY_GROUP,
)
def step_cut_off(x, dx, epsilon):
    return x + np.clip(epsilon * np.sign(dx), 0, 1)


@chaff(
    says="You cut off at 0 only. What lies above 1 becomes 1.",
    breaks={"border", "batch"},
)
def cut_off_below_only(x, dx, epsilon):
    return np.maximum(x + epsilon * np.sign(dx), 0)


@chaff(
    says="You cut off at 1 only. What lies below 0 becomes 0.",
    breaks={"border", "batch"},
)
def cut_off_above_only(x, dx, epsilon):
    return np.minimum(x + epsilon * np.sign(dx), 1)


@chaff(
    says="You step along the gradient divided by its length. Only its sign counts here: every "
    "pixel moves by the same amount.",
    breaks=EVERY_GROUP,
)
def scaled_by_the_length(x, dx, epsilon):
    return np.clip(x + epsilon * dx / np.linalg.norm(dx), 0, 1)


def oracle(x: np.ndarray, dx: np.ndarray, epsilon: float) -> np.ndarray:
    """Take the step, then cut off what left the range."""
    return np.clip(x + epsilon * np.sign(dx), 0.0, 1.0)


EXERCISE = Exercise(
    name="adversarial_step",
    oracle=oracle,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(sign_and_clip, pixel_by_pixel, chosen_by_masks, gradient_over_its_size),
    misconceptions=(
        gradient_in_place_of_its_sign,
        downhill,
        not_cut_off,
        stretched_to_the_range,
        flat_pixels_lowered,
        flat_pixels_raised,
        scaled_by_the_largest_entry,
        change_only,
        step_cut_off,
        cut_off_below_only,
        cut_off_above_only,
        scaled_by_the_length,
    ),
    covers=("gradient checking",),
)
