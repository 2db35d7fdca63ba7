"""The exercises of 07_batch_norm: right by plain Python, by hand, and tested where it is hard."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean, pvariance, variance

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from convkit import check, numerical_gradient
from tests.course import find_assignment

SECRET = b"a course"
ASSIGNMENT = find_assignment("07_batch_norm")
TRAINED = ["batch_norm", "batch_norm_cnn", "batch_norm_backward", "batch_norm_cnn_backward"]


def columns(x):
    """The values of each feature or channel, as plain Python numbers."""
    return [[float(value) for value in x[..., c].ravel()] for c in range(x.shape[-1])]


def batch_norm(x, gamma, beta, eps=1e-8):
    y = np.empty(x.shape)
    for c, values in enumerate(columns(x)):
        root = (pvariance(values) + eps) ** 0.5
        z = [(value - fmean(values)) / root for value in values]
        y[..., c] = np.reshape([gamma[c] * number + beta[c] for number in z], x.shape[:-1])
    return y


def batch_norm_backward(dy, x, gamma, eps=1e-8):
    """By central differences, in units of each feature's spread."""
    x, zero = x.astype(float), np.zeros(len(gamma))
    unit = np.array([(pvariance(values) + eps) ** 0.5 for values in columns(x)])
    dx = numerical_gradient(lambda moved: batch_norm(unit * moved, gamma, zero, eps), x / unit, dy)
    dgamma = numerical_gradient(lambda g: batch_norm(x, g, zero, eps), gamma, dy)
    return dx / unit, dgamma, np.array([sum(values) for values in columns(dy)])


def update_running(mean, var, x, momentum, asked="result"):
    if asked == "inputs":
        return mean, var, x
    means = [fmean(values) for values in columns(x)]
    variances = [variance(values) for values in columns(x)]
    olds_and_news = ((mean, means), (var, variances))
    return tuple(
        np.array([o + momentum * (n - o) for o, n in zip(old, new, strict=True)])
        for old, new in olds_and_news
    )


INDEPENDENT = {
    "batch_norm": batch_norm,
    "batch_norm_cnn": batch_norm,
    "batch_norm_backward": batch_norm_backward,
    "batch_norm_cnn_backward": batch_norm_backward,
    "update_running": update_running,
}

BY_HAND = {
    "batch_statistics": [[6, 10], [4, 16]],
    "normalized_batch": [[-1.5, 0.5], [-0.5, 0.5], [0, -2], [0.5, 0.5], [1.5, 0.5]],
    "undoing_parameters": [[2, 4], [6, 10]],
    "who_shares": [3200, 3, 6],
    "column_gradient": [3.5, -3.5, -2, -0.5, 2.5],
    "running_after_two_steps": [1.14, 1.76],
    "evaluated": [5, 3],
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_plain_python_on_the_hidden_cases(name: str) -> None:
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys[name].cases, keys[name].right, strict=True):
        expected = INDEPENDENT[name](*case.args, **case.kwargs)
        if not isinstance(expected, tuple):
            expected, right = (expected,), (right,)
        for one, other in zip(right, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-7, strict=True)


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name])


def test_the_two_laws_that_students_test_their_gradient_with() -> None:
    dx, z = np.array(BY_HAND["column_gradient"]), np.array(BY_HAND["normalized_batch"])[:, 0]
    assert dx.sum() == 0
    assert dx @ z == 0


def test_every_exercise_is_checked_here() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == INDEPENDENT.keys() | BY_HAND.keys()


def test_points_add_up_to_fifty() -> None:
    points = [each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)]
    assert sum(points) == 50


def inputs(case: Case) -> np.ndarray:
    """x, which comes after dy in a backward pass."""
    return [a for a in case.args if isinstance(a, np.ndarray) and a.ndim > 1][-1]


def spread(case: Case) -> np.ndarray:
    x = inputs(case)
    return x.reshape(-1, x.shape[-1]).std(axis=0)


HARD_CASES: list[tuple[str, str, Callable[[Case], bool]]] = [
    *[
        (
            name,
            "small_variance",
            lambda case: bool(((s := spread(case)) > 0).any() and s[0] < 1e-15),
        )
        for name in TRAINED
    ],
    *[(name, "small_variance", lambda case: spread(case).max() < 3e-4) for name in TRAINED],
    *[(name, "small_variance", lambda case: "eps" not in case.kwargs) for name in TRAINED],
    ("batch_norm", "eps", lambda case: case.kwargs["eps"] >= 0.5),
    ("batch_norm", "integers", lambda case: inputs(case).dtype.kind == "i"),
    ("batch_norm_cnn", "integers", lambda case: inputs(case).dtype == np.uint8),
    ("batch_norm_cnn", "integers", lambda case: inputs(case).dtype == np.int64),
    ("batch_norm_cnn", "one_image", lambda case: len(inputs(case)) == 1),
    ("batch_norm_cnn", "one_pixel", lambda case: inputs(case).shape[1:3] == (1, 1)),
    ("batch_norm_backward", "parameters", lambda case: not case.args[2].any()),
    ("batch_norm_backward", "gamma", lambda case: bool((case.args[2] > 1.5).all())),
    ("batch_norm_backward", "integers", lambda case: inputs(case).dtype.kind == "i"),
    ("batch_norm_cnn_backward", "parameters", lambda case: not case.args[2].any()),
    ("batch_norm_cnn_backward", "one_image", lambda case: len(inputs(case)) == 1),
    ("batch_norm_cnn_backward", "one_pixel", lambda case: inputs(case).shape[1:3] == (1, 1)),
    ("update_running", "vectors", lambda case: case.args[3] < 0.4),
    ("update_running", "vectors", lambda case: case.args[3] > 0.6),
    ("update_running", "images", lambda case: inputs(case).shape[2] == 1),
    ("update_running", "all_the_way", lambda case: case.args[3] == 1),
    ("update_running", "inputs", lambda case: inputs(case).ndim == 4),
]


@pytest.mark.parametrize(("name", "group", "is_hard"), HARD_CASES)
def test_a_group_holds_the_case_where_mistakes_show(
    name: str, group: str, is_hard: Callable[[Case], bool]
) -> None:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    assert any(is_hard(case) for case in cases if case.group == group)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_no_batch_is_as_long_as_it_is_wide(name: str) -> None:
    """A mean over the wrong axis then has the wrong shape or the wrong size."""
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
        shape = inputs(case).shape
        assert shape[0] != shape[-1]
        assert len(shape) == 2 or shape[1:3] == (1, 1) or shape[1] != shape[2]


def test_answers_for_uint8_photographs_fit_a_uint8() -> None:
    """A float outside 0 to 255 has no one uint8, so a truncating answer could not be named."""
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    key = keys["batch_norm_cnn"]
    for case, right in zip(key.cases, key.right, strict=True):
        if inputs(case).dtype == np.uint8:
            assert right.min() >= 0
            assert right.max() < 256


@pytest.mark.parametrize("name", INDEPENDENT)
def test_wide_and_tall_images_are_in_every_group_that_has_images(name: str) -> None:
    for number in range(5):
        cases = hidden_cases(b"%d" % number, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
        sizes: dict[str, set[int]] = {}
        for case in cases:
            if inputs(case).ndim == 4:
                _, height, width, _ = inputs(case).shape
                sizes.setdefault(case.group, set()).add(int(np.sign(width - height)))
        for group in sizes.keys() - {"one_pixel", "inputs"}:
            assert sizes[group] == {-1, 1}, group


@pytest.mark.parametrize("name", TRAINED)
def test_a_hundred_thousandth_counts_only_where_features_hardly_vary(name: str) -> None:
    """Else it would hang on the draw whether 1e-5 in place of eps is noticed."""
    for number in range(50):
        for case in hidden_cases(b"%d" % number, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
            close = case.group == "small_variance" or case.kwargs.get("eps", 1) < 1e-6
            assert spread(case).max() < 3e-4 if close else spread(case).min() > 2.9


WRONG_ANSWERS: list[tuple[str, Callable[..., object], str]] = [
    ("batch_norm", lambda x, gamma, beta, eps=1e-8: (x - x.mean()) / x.std(), "Example 1 of 7"),
    (
        "batch_norm",
        lambda x, gamma, beta, eps=1e-8: gamma * (x - x.mean(0)) / (x.std(0) + eps) + beta,
        "Example 5 of 7",
    ),
    (
        "batch_norm_cnn",
        lambda x, gamma, beta, eps=1e-8: batch_norm(x.reshape(-1, x.shape[-1]), gamma, beta, eps),
        "It has 2 dimensions, expected 4",
    ),
    (
        "batch_norm_backward",
        lambda dy, x, gamma, eps=1e-8: (dy, np.sum(dy * x), np.sum(dy)),
        "In dx",
    ),
    (
        "update_running",
        lambda mean, var, x, momentum: (x.mean(0), x.var(0)),
        "In var: First difference at [0]: yours 1, expected 2",
    ),
]


@pytest.mark.parametrize(("name", "answer", "words"), WRONG_ANSWERS)
def test_check_says_what_is_wrong(capsys, name: str, answer, words: str) -> None:
    assert not check.check(name, answer)
    assert words in capsys.readouterr().out
