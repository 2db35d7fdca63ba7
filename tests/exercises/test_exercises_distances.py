"""The exercises of 08_distances: right by scipy and by hand, and their rules can be measured."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from autograder.authoring.loop_probes import probes
from autograder.judging.rules.loops import looped_over
from autograder.sandbox.inside.effort import growth
from autograder.sandbox.inside.watch import Watch
from exercises.distances.rules import FORBIDDEN, loops
from tests.course import find_assignment

ASSIGNMENT = find_assignment("08_distances")

SECRET = b"a course"
FORMS = ("l1_two_loops", "l1_one_loop", "l1_no_loops")
SIZES = {"num_test": 500, "num_train": 5000, "features": 3072}


def vote(distances: np.ndarray, y_train: np.ndarray, k: int) -> np.ndarray:
    winners = []
    for row in distances.tolist():
        nearest = sorted(zip(row, y_train.tolist(), strict=True))[:k]
        votes = Counter(label for _, label in nearest)
        winners.append(min(votes, key=lambda label: (-votes[label], label)))
    return np.array(winners)


INDEPENDENT: dict[str, Callable[..., np.ndarray]] = {
    **dict.fromkeys(FORMS, lambda test, train: cdist(test, train, "cityblock")),
    "knn_predict": vote,
}

BY_HAND = {
    "table_by_hand": [[5, 4, 7], [8, 11, 0]],
    "wrapped_distance": (3 - 7 + 256) + (200 - 190),
    "three_shapes": [[500, 1, 3072], [1, 5000, 3072], [500, 5000, 3072]],
    "no_loop_gib": 61_440_000_000 / 1_073_741_824,
    "rows_in_one_gib": 8,
    "knn_by_hand": [7, 4, 9],
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_another_on_the_hidden_cases(name: str) -> None:
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys[name].cases, keys[name].right, strict=True):
        np.testing.assert_allclose(right, INDEPENDENT[name](*case.args), rtol=1e-12, strict=True)


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name])


def test_a_block_of_eight_images_fits_and_one_of_nine_does_not() -> None:
    bytes_a_row = SIZES["num_train"] * SIZES["features"] * np.dtype(np.float64).itemsize
    rows = ASSIGNMENT.exercise("rows_in_one_gib").oracle()
    assert rows * bytes_a_row <= 2**30 < (rows + 1) * bytes_a_row


def test_every_exercise_is_checked_here_and_the_points_add_up_to_thirty() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == INDEPENDENT.keys() | BY_HAND.keys()
    assert sum(each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)) == 30


@pytest.mark.parametrize("name", FORMS)
def test_sizes_differ_and_pixels_wrap_around(name: str) -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
        test, train = case.args
        assert len({len(test), len(train), test.shape[1]}) == 3
        if case.group == "pixels":
            assert test.dtype == train.dtype == np.uint8
            assert (test[:, None] < train).any()
            assert cdist(test, train, "cityblock").max() > 255


def draws(case: Case) -> list[bool]:
    """For each test image, whether two labels have most votes."""
    distances, y_train, k = case.args
    found = []
    for row in distances:
        votes = sorted(Counter(y_train[np.argsort(row)[:k]].tolist()).values())
        found.append(len(votes) > 1 and votes[-1] == votes[-2])
    return found


def test_there_is_a_draw_where_the_rubric_says_so_and_nowhere_else() -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise("knn_predict")):
        distances, y_train, _ = case.args
        assert draws(case) == [case.group == "draw"] * len(distances)
        assert all(len(np.unique(row)) == len(y_train) for row in distances)


LOOPED: dict[str, tuple[Callable[..., object], set[str]]] = {
    "blocks of 50": (
        lambda test, train: [
            np.abs(test[start : start + 50, None] - train).sum(axis=2)
            for start in range(0, len(test), 50)
        ],
        set(),
    ),
    "norm": (lambda test, train: np.linalg.norm(test[:, None] - train, 1, axis=2), set()),
    "rows": (lambda test, train: [np.abs(a - train).sum(axis=1) for a in test], {"test images"}),
    "columns": (
        lambda test, train: [np.abs(test - b).sum(axis=1) for b in train],
        {"training images"},
    ),
    "own sum": (lambda test, train: sum(abs(test[:, None] - train).T), {"features"}),
    "pairs": (
        lambda test, train: [abs(test[i] - train[j]).sum() for i, j in np.ndindex(
            len(test), len(train))],
        {"test images", "training images"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("form", "dimensions"), LOOPED.values(), ids=LOOPED)
def test_what_an_answer_loops_over_is_measured(
    form: Callable[..., object], dimensions: set[str]
) -> None:
    rule = loops(at_most=0)
    smallest, *larger = probes(rule)
    assert set(looped_over(rule, growth(form, smallest, larger))) == dimensions


def test_a_ready_made_table_is_noticed_under_a_name_that_cannot_be_read() -> None:
    module = importlib.import_module("scipy.spatial" + ".distance")
    ready_made = getattr(module, "cd" + "ist")
    reached: set[str] = set()
    with Watch(FORBIDDEN).observe(reached):
        ready_made(np.ones((2, 3)), np.ones((4, 3)), "cityblock")
    assert "scipy.spatial.distance.cdist" in reached


@pytest.mark.parametrize("name", INDEPENDENT)
def test_no_wheat_reaches_what_is_forbidden_inside_a_library(name: str) -> None:
    exercise = ASSIGNMENT.exercise(name)
    case, *_ = hidden_cases(SECRET, ASSIGNMENT.name, exercise)
    for wheat in exercise.wheats:
        wheat.implementation(*case.args)  # loads what it imports
        reached: set[str] = set()
        with Watch(exercise.forbidden).observe(reached):
            wheat.implementation(*case.args)
        assert reached == set(), wheat.name
