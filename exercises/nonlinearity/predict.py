"""``predict(images)``: which digit does each image show?

`images` is (N, 10, 10, 1): digits of 8 x 8 pixels from 0 to 1, on a black canvas, possibly with
noise, which can be below 0 or above 1.  An array of N whole numbers from 0 to 9 is returned.  It
comes from a network that the student has trained on the training part of the digits.  The hidden
images show digits of the same writers that students are not given, written anew in every run:
turned by up to 5 degrees, stretched by up to 4 percent, moved by parts of a pixel, with another
pen.  So no table of digits knows them.  That makes them harder than the public examples, and three
of a hundred more may be misread, in the middle four.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.authoring import Case, Exercise, RubricLine, chaff, program, rule_breaker, wheat

from . import readers
from .handwriting import noisy, rewritten
from .held_back import held_back
from .rules import NEIGHBOURS

RUBRIC = (
    RubricLine("centred", 3, "digits in the middle: at least 91 % right"),
    RubricLine("anywhere", 3, "digits anywhere on the canvas: at least 87 % right"),
    RubricLine("noisy", 2, "digits anywhere, with noise of 0.1: at least 82 % right"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """All digits held back in each group, in an order of its own."""
    digits = held_back()
    first, second, third = (rng.permutation(len(digits)) for _ in range(3))
    centred = rewritten(rng, first, readers.SIZE, reach=0.25)
    anywhere = rewritten(rng, second, readers.SIZE, reach=1.0)
    noise = noisy(rng, anywhere[third], readers.NOISE)
    labels = digits.labels
    yield Case("centred", (centred,), right=labels[first], at_least=0.91)
    yield Case("anywhere", (anywhere,), right=labels[second], at_least=0.87)
    yield Case("noisy", (noise,), right=labels[second[third]], at_least=0.82)


_ANYWHERE = (
    "from convkit import load_digits",
    "from convkit.data import scatter_digits",
    "digits = load_digits().split()[1]",
    "rng = np.random.default_rng(7)",
)

EXAMPLES = (
    program(
        "from convkit import load_digits",
        "digits = load_digits().split()[1]",
        "images = np.pad(digits.images, ((0, 0), (1, 1), (1, 1)))[..., None]",
        shown="predict(images)",
        right="digits.labels",
        what="digits in the middle",
        of="image",
        at_least=0.95,
    ),
    program(
        *_ANYWHERE,
        "images = scatter_digits(digits.images, rng)",
        shown="predict(images)",
        right="digits.labels",
        what="digits anywhere",
        of="image",
        at_least=0.9,
    ),
    program(
        *_ANYWHERE,
        "images = scatter_digits(digits.images, rng, noise=0.1)",
        shown="predict(images)",
        right="digits.labels",
        what="digits anywhere, noise 0.1",
        of="image",
        at_least=0.85,
    ),
)


@wheat
def small_network(images):
    from convkit import conv2d, max_pool2d

    from .readers import trained

    w, b, W, c = trained(0)
    active = np.maximum(conv2d(images, w, b), 0)
    return np.argmax(max_pool2d(active, 2).reshape(len(images), -1) @ W + c, axis=1)


@wheat
def a_few_images_at_a_time(images):
    from .readers import trained

    w, b, W, c = trained(0)
    digits = []
    for first in range(0, len(images), 50):
        some = images[first : first + 50, :, :, 0]
        windows = np.lib.stride_tricks.sliding_window_view(some, (5, 5), axis=(1, 2))
        maps = np.tensordot(windows, w[:, :, 0], axes=2) + b
        pooled = maps.reshape(len(some), 3, 2, 3, 2, -1).max(axis=(2, 4)).clip(min=0)
        scores = pooled.reshape(len(some), -1) @ W + c
        digits += [int(np.flatnonzero(row == row.max())[0]) for row in scores]
    return np.array(digits)


@wheat
def two_networks_together(images):
    from .network import scores
    from .readers import trained

    def probabilities(s):
        powers = np.exp(s - s.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    both = sum(probabilities(scores(trained(seed), images)) for seed in (0, 1))
    return both.argmax(axis=1).astype(np.int8)


@chaff(
    says="Your answer is 0 for every image. Is the network that answers the one that was trained, "
    "and did its loss stay a number?",
    breaks={"centred", "anywhere", "noisy"},
)
def always_zero(images):
    return np.zeros(len(images), dtype=int)


@chaff(
    says="You take the class of the smallest score. The largest is the network's choice.",
    breaks={"centred", "anywhere", "noisy"},
)
def smallest_score(images):
    from .readers import quick_scores

    return quick_scores(images).argmin(axis=1)


@chaff(
    says="You count the classes from 1. Column 0 of the scores belongs to the digit 0.",
    breaks={"centred", "anywhere", "noisy"},
)
def classes_counted_from_one(images):
    from .readers import quick_scores

    return quick_scores(images).argmax(axis=1) + 1


@chaff(
    says="You return the scores. One whole number for each image is wanted: the class of the "
    "largest score.",
    breaks={"centred", "anywhere", "noisy"},
)
def scores_for_labels(images):
    from .readers import quick_scores

    return quick_scores(images)


@chaff(
    says="You look for the largest score of the whole batch. Each image, a row, has its own.",
    breaks={"centred", "anywhere", "noisy"},
)
def largest_of_the_batch(images):
    from .readers import quick_scores

    return quick_scores(images).argmax()


@chaff(
    says="You look for the best image of each class. Wanted is the best class of each image: go "
    "along the rows.",
    breaks={"centred", "anywhere", "noisy"},
)
def best_image_of_each_class(images):
    from .readers import quick_scores

    return quick_scores(images).argmax(axis=0)


@chaff(
    says="Your network knows digits in the middle only. Train it on digits that stand elsewhere "
    "on the canvas, too.",
    breaks={"anywhere", "noisy"},
)
def trained_in_the_middle_only(images):
    from .readers import likeness_of_centred

    return likeness_of_centred(images).argmax(axis=1)


@chaff(
    says="Your classifier is linear. One template for each digit cannot fit nine places at once: "
    "the network needs its ReLU.",
    breaks={"centred", "anywhere", "noisy"},
)
def linear_classifier(images):
    from .readers import linear_scores

    return linear_scores(images).argmax(axis=1)


@chaff(
    says="You lay the images on their side before the network sees them. Rows stay rows.",
    breaks={"centred", "anywhere", "noisy"},
)
def images_on_their_side(images):
    from .readers import quick_scores

    return quick_scores(images.transpose(0, 2, 1, 3)).argmax(axis=1)


@chaff(
    says="Your answer is 1 for every image. Did the loss fall in training, and are the pixels from "
    "0 to 1 there and here?",
    breaks={"centred", "anywhere", "noisy"},
)
def always_one(images):
    return np.ones(len(images), dtype=int)


@rule_breaker(finds="convkit.knn_predict")
def looked_up(images):
    from convkit import knn_predict, load_digits

    digits = load_digits().split()[0]
    known = np.pad(digits.images[::8], ((0, 0), (1, 1), (1, 1))).reshape(-1, 100)
    distances = (known**2).sum(axis=1) - 2 * images.reshape(len(images), -1) @ known.T
    return knn_predict(distances, digits.labels[::8], 1)


EXERCISE = Exercise(
    name="predict",
    oracle=readers.predict,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=NEIGHBOURS,
    wheats=(small_network, a_few_images_at_a_time, two_networks_together),
    misconceptions=(
        always_zero,
        smallest_score,
        classes_counted_from_one,
        scores_for_labels,
        largest_of_the_batch,
        best_image_of_each_class,
        trained_in_the_middle_only,
        linear_classifier,
        images_on_their_side,
        always_one,
    ),
    rule_breakers=(looked_up,),
    covers=("capstone",),
)
