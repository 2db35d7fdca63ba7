"""``softmax_cross_entropy(scores, labels)``: how wrong a batch of scores is, and the gradient.

`scores` is (N, K), `labels` are N whole numbers from 0 to K - 1.  (loss, gradient) is returned:
the mean over the batch of minus the natural logarithm of the probability that softmax gives to the
right class, and its derivative by `scores`, of shape (N, K).  Scores may be of any size, as far as
floats go: a difference of thousands must neither overflow nor give a logarithm of 0.  Scores may
be whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.authoring import Case, Exercise, RubricLine, call, chaff, fractions, generic, wheat

from .rules import READY_MADE_LOSSES, TOLERANCE

RUBRIC = (
    RubricLine("single", 2, "one image"),
    RubricLine("batch", 2, "a batch: the mean over its images"),
    RubricLine("large", 2, "scores in the thousands, and images of very different scores"),
    RubricLine("hopeless", 1, "a right class whose probability is too small for a float"),
    RubricLine("integers", 1, "whole numbers as scores"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden scores; N is never K, and labels of a batch are not in order."""
    yield Case("single", (generic(rng, 1, 4), np.array([rng.integers(1, 4)])))
    yield Case("batch", (generic(rng, 5, 3), rng.permutation([0, 1, 2, 2, 0])))
    yield Case("batch", (generic(rng, 3, 7), rng.permutation([6, 2, 5])))
    large = generic(rng, 4, 3) + np.array([[1000.0], [-1000.0], [3000.0], [0.0]])
    yield Case("large", (large, rng.permutation([0, 1, 2, 1])))
    hopeless = generic(rng, 3, 5)
    hopeless[1] += [0.0, 900.0, 0.0, 0.0, 0.0]
    yield Case("hopeless", (hopeless, np.array([4, rng.integers(2, 5), 1])))
    whole = rng.permuted(np.tile(np.arange(1, 7), (4, 1)), axis=1)
    yield Case("integers", (whole, rng.permutation([5, 0, 3, 2])))


EXAMPLES = (
    call(np.zeros((1, 4)), np.array([2])),
    call(np.log([[1.0, 2.0, 5.0]]).round(12), np.array([1])),
    call(np.array([[2.0, 1.0, 0.0], [0.5, 0.5, 3.0]]), np.array([0, 1])),
    call(fractions(11, 4, 3), np.array([2, 0, 1, 1])),
    call(np.array([[1001.0, 1002.0], [-3.0, -4.0], [5.0, 5.0]]), np.array([0, 1, 1])),
    call(np.array([[0.0, 2000.0, 1.0], [1.0, 2.0, 3.0]]), np.array([0, 2])),
    call(np.array([[3, 1, 2, 1]]), np.array([1])),
)


def softmax_cross_entropy(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean cross-entropy of softmax, and its gradient."""
    picked = np.arange(len(scores)), labels
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    gradient = np.exp(logs)
    gradient[picked] -= 1
    return float(-logs[picked].mean()), gradient / len(scores)


@wheat
def largest_score_taken_off(scores, labels):
    n = len(scores)
    shifted = scores - scores.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1)
    loss = np.mean(np.log(total) - shifted[np.arange(n), labels])
    right = np.eye(scores.shape[1])[labels]
    return loss, (np.exp(shifted) / total[:, None] - right) / n


@wheat
def image_by_image(scores, labels):
    loss, gradient = 0.0, np.zeros(scores.shape)
    for i, (row, label) in enumerate(zip(scores, labels, strict=True)):
        largest = max(row)
        powers = np.array([np.exp(score - largest) for score in row])
        loss += largest + np.log(sum(powers)) - row[label]
        gradient[i] = powers / sum(powers)
        gradient[i, label] -= 1
    return loss / len(scores), gradient / len(scores)


@wheat
def logaddexp_of_the_scores(scores, labels):
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True, dtype=float)
    right = np.zeros(scores.shape)
    np.put_along_axis(right, np.asarray(labels)[:, None], 1, axis=1)
    return -(right * logs).sum() / len(scores), (np.exp(logs) - right) / len(scores)


@wheat
def sum_of_differences(scores, labels):
    own = np.take_along_axis(scores, np.asarray(labels)[:, None], axis=1)
    ahead = (scores - own).astype(float)
    top = ahead.max(axis=1, keepdims=True)
    logs = top + np.log(np.exp(ahead - top).sum(axis=1, keepdims=True))
    gradient = np.exp(ahead - logs) - (np.arange(scores.shape[1]) == np.asarray(labels)[:, None])
    return logs.mean(), gradient / scores.shape[0]


@chaff(
    says="Large scores overflow in the exponential. Take the largest score of each image off "
    "first: softmax stays the same.",
    breaks={"large", "hopeless"},
)
def overflow(scores, labels):
    powers = np.exp(scores)
    p = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(scores))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p / len(scores)


@chaff(
    says="Your probability becomes 0 and its logarithm is infinite. Never take the logarithm of a "
    "probability: score minus the logarithm of the sum is the same and stays finite.",
    breaks={"hopeless"},
)
def logarithm_of_zero(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(scores))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p / len(scores)


@chaff(
    says="A tiny number inside the logarithm hides how wrong a hopeless image is: the loss stops "
    "growing. Score minus the logarithm of the sum needs no such crutch.",
    breaks={"hopeless"},
)
def tiny_number_in_the_logarithm(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(scores))
    loss = -np.log(p[rows, labels] + 1e-12).mean()
    p[rows, labels] -= 1
    return loss, p / len(scores)


@chaff(
    says="You take the largest score of the whole batch off. Beside an image of large scores one "
    "of small scores vanishes: take each image's own largest.",
    breaks={"large", "hopeless"},
)
def largest_of_the_batch_taken_off(scores, labels):
    shifted = scores - scores.max()
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    logs = shifted - np.log(total)
    rows = np.arange(len(scores))
    gradient = np.exp(shifted) / total
    gradient[rows, labels] -= 1
    return -logs[rows, labels].mean(), gradient / len(scores)


@chaff(
    says="Your loss is the sum over the batch. The mean is wanted, in the gradient too.",
    breaks={"batch", "large", "hopeless", "integers"},
)
def sum_over_the_batch(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    gradient = np.exp(logs)
    gradient[rows, labels] -= 1
    return -logs[rows, labels].sum(), gradient


@chaff(
    says="Your gradient is not divided by the number of images. The loss is a mean, so each image "
    "has that share in it.",
    breaks={"batch", "large", "hopeless", "integers"},
)
def gradient_of_the_sum(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    gradient = np.exp(logs)
    gradient[rows, labels] -= 1
    return -logs[rows, labels].mean(), gradient


@chaff(
    says="You divide by the number of scores. The mean is over the images only.",
    breaks={"single", "batch", "large", "hopeless", "integers"},
)
def mean_over_the_classes_too(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    right = np.eye(scores.shape[1])[labels]
    return -(right * logs).mean(), (np.exp(logs) - right) / scores.size


@chaff(
    says="Your softmax runs down the columns. Each image, a row, has probabilities that add up to "
    "one.",
    breaks={"single", "batch", "large", "hopeless", "integers"},
)
def softmax_down_the_columns(scores, labels):
    shifted = scores - scores.max(axis=0)
    logs = shifted - np.log(np.exp(shifted).sum(axis=0))
    rows = np.arange(len(scores))
    gradient = np.exp(logs)
    gradient[rows, labels] -= 1
    return -logs[rows, labels].mean(), gradient / len(scores)


@chaff(
    says="The sign of your loss is wrong. The logarithm of a probability is negative, so the loss "
    "is minus that.",
    breaks={"single", "batch", "large", "hopeless", "integers"},
)
def sign_of_the_loss(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    gradient = np.exp(logs)
    gradient[rows, labels] -= 1
    return logs[rows, labels].mean(), gradient / len(scores)


@chaff(
    says="Your gradient is the probabilities alone. At the right class one is taken off.",
    breaks={"single", "batch", "large", "hopeless", "integers"},
)
def nothing_taken_off_at_the_label(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    return -logs[rows, labels].mean(), np.exp(logs) / len(scores)


@chaff(
    says="The gradient's sign is turned: probabilities minus the right answer, not the other way "
    "round.",
    breaks={"single", "batch", "large", "hopeless", "integers"},
)
def gradient_turned(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    gradient = -np.exp(logs)
    gradient[rows, labels] += 1
    return -logs[rows, labels].mean(), gradient / len(scores)


@chaff(
    says="Your gradient has numbers at the right class only. Raising any other score makes the "
    "loss larger, too.",
    breaks={"single", "batch", "large", "hopeless", "integers"},
)
def gradient_at_the_label_only(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    gradient = np.zeros(scores.shape)
    gradient[rows, labels] = np.exp(logs[rows, labels]) - 1
    return -logs[rows, labels].mean(), gradient / len(scores)


@chaff(
    says="Your gradient is stored in an array of whole numbers, so its fractions are cut off. Make "
    "an array of floats.",
    breaks={"integers"},
)
def gradient_stored_as_whole_numbers(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    p = np.exp(logs)
    p[rows, labels] -= 1
    gradient = np.zeros_like(scores)
    for i in range(len(scores)):
        gradient[i] = p[i] / len(scores)
    return -logs[rows, labels].mean(), gradient


EXERCISE = Exercise(
    name="softmax_cross_entropy",
    oracle=softmax_cross_entropy,
    cases=cases,
    examples=EXAMPLES,
    parts=("loss", "gradient"),
    rubric=RUBRIC,
    forbidden=READY_MADE_LOSSES,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        largest_score_taken_off,
        image_by_image,
        logaddexp_of_the_scores,
        sum_of_differences,
    ),
    misconceptions=(
        overflow,
        logarithm_of_zero,
        tiny_number_in_the_logarithm,
        largest_of_the_batch_taken_off,
        sum_over_the_batch,
        gradient_of_the_sum,
        mean_over_the_classes_too,
        softmax_down_the_columns,
        sign_of_the_loss,
        nothing_taken_off_at_the_label,
        gradient_turned,
        gradient_at_the_label_only,
        gradient_stored_as_whole_numbers,
    ),
    covers=("capstone",),
)
