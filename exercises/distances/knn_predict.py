"""``knn_predict(distances, y_train, k)``: the label that most of the k nearest images carry.

Given `distances` of shape (num_test, num_train) and whole, non-negative labels `y_train` of shape
(num_train,); `k` is from 1 to num_train. An array of shape (num_test,) is returned. In a draw the
smaller label wins. No two distances in a row are equal, and labels need not be 0, 1, 2 and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, wheat

from .rules import READY_MADE, TOLERANCE

RUBRIC = (
    RubricLine("nearest", 1, "one neighbour"),
    RubricLine("majority", 3, "several neighbours, one label with most votes"),
    RubricLine("draw", 2, "a draw, which the smaller label wins"),
    RubricLine("everyone", 1, "as many neighbours as there are training images"),
)

FAR: Final = 40
"""Less than every distance, so that votes weighed by distance differ in draws alone."""

EVERY_GROUP: Final = frozenset({"nearest", "majority", "draw", "everyone"})


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs: each row ranks the training images' labels from the nearest to the farthest.

    The rankings are chosen so that known mistakes give another label; the labels themselves, the
    distances and the order of the training images are drawn.
    """

    def ranked(group: str, k: int, *rankings: str) -> Case:
        ranks = np.array([[int(label) for label in ranking] for ranking in rankings])
        names = np.cumsum(rng.integers(8, 60, ranks.max() + 1))
        owner = rng.permutation(ranks[0])
        distances = np.empty(ranks.shape)
        for row, ranking in zip(distances, ranks, strict=True):
            nearest_first = np.empty(len(ranking), dtype=int)
            for label in np.unique(ranking):
                columns = rng.permutation(np.flatnonzero(owner == label))
                nearest_first[ranking == label] = columns
            row[nearest_first] = FAR + np.cumsum(rng.integers(32, 129, len(ranking)) / 64)
        return Case(group, (distances, names[owner], k))

    yield ranked("nearest", 1, "10021120", "21010021", "02110210")
    yield ranked("majority", 3, "10011220", "21102001", "02211010", "12100021")
    yield ranked("majority", 5, "11000122", "00111220", "01121200")
    yield ranked("draw", 2, "10221100", "21000112", "01221010", "20112100")
    yield ranked("draw", 4, "22001110", "10012210", "21210100", "01102210")
    yield ranked("draw", 5, "21001210", "12201010", "01102021")
    yield ranked("everyone", 5, "10101", "11010", "01011", "10011", "11001", "00111")


EXAMPLES = (
    call(np.array([[4.0, 1.0, 3.0], [0.5, 2.0, 1.0]]), np.array([7, 8, 9]), 1),
    call(np.array([[4, 1, 3, 2], [0.5, 2, 1, 9]]), np.array([1, 2, 1, 1]), 3),
    call(np.array([[0.3, 0.1, 0.2, 0.4]]), np.array([12, 20, 12, 20]), 4),
    call(
        np.array([[1.0, 0.2, 0.7], [0.6, 0.9, 0.1], [0.2, 0.8, 0.3], [3.0, 1.0, 2.0]]),
        np.array([30, 12, 5]),
        2,
    ),
)


@wheat
def bincount_of_each_row(distances, y_train, k):
    predicted = np.zeros(distances.shape[0], dtype=y_train.dtype)
    for i in range(distances.shape[0]):
        closest = y_train[np.argsort(distances[i])[:k]]
        predicted[i] = np.argmax(np.bincount(closest))
    return predicted


@wheat
def unique_labels_and_their_counts(distances, y_train, k):
    def vote(row):
        labels, counts = np.unique(y_train[np.argpartition(row, k - 1)[:k]], return_counts=True)
        return labels[counts.argmax()]

    return np.array([vote(row) for row in distances])


@wheat
def votes_in_one_table(distances, y_train, k):
    classes = np.unique(y_train)
    nearest = np.argsort(distances, axis=1)[:, :k]
    votes = (y_train[nearest][:, :, None] == classes).sum(axis=1)
    return classes[votes.argmax(axis=1)]


@wheat
def plain_python(distances, y_train, k):
    predicted = []
    for row in distances:
        pairs = sorted(zip(row.tolist(), y_train.tolist(), strict=True))[:k]
        labels = [label for _, label in pairs]
        predicted.append(min(labels, key=lambda label: (-labels.count(label), label)))
    return np.array(predicted)


@wheat
def mode_of_scipy(distances, y_train, k):
    from scipy.stats import mode

    return mode(y_train[np.argsort(distances, axis=1)[:, :k]], axis=1).mode


@wheat
def ranks_below_k(distances, y_train, k):
    ranks = distances.argsort(axis=1).argsort(axis=1)
    votes = (ranks < k) @ np.eye(y_train.max() + 1)[y_train]
    return np.argmax(votes, axis=1)


@chaff(
    says="You take the farthest images. Sorting puts the smallest distance first.",
    breaks={"nearest", "majority", "draw"},
)
def farthest_images(distances, y_train, k):
    chosen = y_train[np.argsort(distances, axis=1)[:, -k:]]
    return np.array([np.bincount(labels).argmax() for labels in chosen])


@chaff(
    says="You return the label of the nearest image whatever k is. All k neighbours have a vote.",
    breaks={"majority", "draw", "everyone"},
)
def nearest_image_only(distances, y_train, k):
    return y_train[np.argmin(distances, axis=1)]


@chaff(
    says="You leave the nearest image out, as if it were the test image itself. Here no test image "
    "is among the training images.",
    breaks=EVERY_GROUP,
)
def nearest_image_left_out(distances, y_train, k):
    chosen = y_train[np.argsort(distances, axis=1)[:, 1 : k + 1]]
    return np.array([np.bincount(labels).argmax() for labels in chosen])


@chaff(
    says="You count one neighbour too few. A slice ends before the number that it is given.",
    breaks=EVERY_GROUP,
)
def one_neighbour_too_few(distances, y_train, k):
    chosen = y_train[np.argsort(distances, axis=1)[:, : k - 1]]
    return np.array([np.bincount(labels).argmax() for labels in chosen])


@chaff(
    says="All training images vote in your function, near or far. Only the k nearest have a vote.",
    breaks={"nearest", "majority", "draw"},
)
def everyone_votes(distances, y_train, k):
    return np.full(len(distances), np.bincount(y_train).argmax())


@chaff(
    says="You average the labels. A digit half-way between 3 and 5 is not a 4: count votes.",
    breaks={"majority", "draw", "everyone"},
)
def mean_of_the_labels(distances, y_train, k):
    chosen = y_train[np.argsort(distances, axis=1)[:, :k]]
    return np.round(chosen.mean(axis=1)).astype(int)


@chaff(
    says="Your neighbours vote with their place in the training set. Look up their labels first.",
    breaks=EVERY_GROUP,
)
def places_instead_of_labels(distances, y_train, k):
    chosen = np.argsort(distances, axis=1)[:, :k]
    return np.array([np.bincount(places).argmax() for places in chosen])


@chaff(
    says="You sort down the columns. The distances of one test image stand in one row.",
    breaks=EVERY_GROUP,
)
def sorted_down_the_columns(distances, y_train, k):
    chosen = y_train[np.argsort(distances, axis=0)[:k]]
    return np.array([np.bincount(labels).argmax() for labels in chosen])


@chaff(
    says="In a draw the nearest of the labels wins in your function. Here the smaller label wins.",
    breaks={"draw"},
)
def nearest_label_wins_a_draw(distances, y_train, k):
    from collections import Counter

    chosen = y_train[np.argsort(distances, axis=1)[:, :k]]
    return np.array([Counter(labels.tolist()).most_common(1)[0][0] for labels in chosen])


@chaff(
    says="In a draw the larger label wins in your function. Here the smaller label wins.",
    breaks={"draw"},
)
def larger_label_wins_a_draw(distances, y_train, k):
    def vote(labels):
        counts = np.bincount(labels)
        return np.flatnonzero(counts == counts.max())[-1]

    return np.array([vote(y_train[np.argsort(row)[:k]]) for row in distances])


@chaff(
    says="Nothing comes back: the return is missing.",
    breaks=EVERY_GROUP,
)
def return_forgotten(distances, y_train, k):
    predicted = np.zeros(len(distances))
    for i, row in enumerate(distances):
        predicted[i] = np.bincount(y_train[np.argsort(row)[:k]]).argmax()


@chaff(
    says="You return how many votes the winner has. The label is wanted.",
    breaks=EVERY_GROUP,
)
def votes_of_the_winner(distances, y_train, k):
    chosen = y_train[np.argsort(distances, axis=1)[:, :k]]
    return np.array([np.bincount(labels).max() for labels in chosen])


@chaff(
    says="You take the middle label of the neighbours, their median. Count votes: labels are "
    "names.",
    breaks={"draw"},
)
def median_of_the_labels(distances, y_train, k):
    chosen = y_train[np.argsort(distances, axis=1)[:, :k]]
    return np.median(chosen, axis=1)


EXERCISE = Exercise(
    name="knn_predict",
    oracle=convkit.knn_predict,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=READY_MADE,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        bincount_of_each_row,
        unique_labels_and_their_counts,
        votes_in_one_table,
        plain_python,
        mode_of_scipy,
        ranks_below_k,
    ),
    misconceptions=(
        farthest_images,
        nearest_image_only,
        nearest_image_left_out,
        one_neighbour_too_few,
        everyone_votes,
        mean_of_the_labels,
        places_instead_of_labels,
        sorted_down_the_columns,
        nearest_label_wins_a_draw,
        larger_label_wins_a_draw,
        return_forgotten,
        votes_of_the_winner,
        median_of_the_labels,
    ),
    covers=("B3",),
)
