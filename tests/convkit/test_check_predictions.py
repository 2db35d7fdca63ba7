"""Feedback on a trained classifier: form first, then how much is right and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from convkit.check.general import Exercise, Program, find, try_out

LABELS = np.array([0, 1, 2, 2, 1, 0, 2, 1])
IMAGES = "images = np.arange(8.0).reshape(8, 1, 1, 1)"
CALL = ("predict(images)",)
EXERCISE = Exercise(
    "predict",
    "function",
    examples=(
        Program(IMAGES, CALL, (LABELS,), "easy ones", "image", 0.5),
        Program(f"{IMAGES}[::-1]", CALL, (LABELS[::-1],), "hard ones", "image", 0.75),
    ),
)


def answer(images: np.ndarray) -> np.ndarray:
    """Right on all."""
    return LABELS[images[:, 0, 0, 0].astype(int)]


def predict(images: np.ndarray) -> np.ndarray:
    raise NotImplementedError


def scores(images: np.ndarray) -> np.ndarray:
    raise NotImplementedError


def broken(images: np.ndarray) -> np.ndarray:
    return images[100]


def in_place(images: np.ndarray) -> np.ndarray:
    right = answer(images)
    images[:] = 0
    return right


@pytest.mark.parametrize(
    ("classifier", "state", "words"),
    [
        (answer, "right", "easy ones: 100.0 % right (50 % wanted)"),
        (lambda images: answer(images) + 1e-7, "right", "easy ones: 100.0 % right"),
        (in_place, "right", "hard ones: 100.0 % right (75 % wanted)"),
        (..., "undone", "not done yet"),
        (None, "undone", "not done yet"),
        (predict, "undone", "not done yet."),
        (lambda images: scores(images), "undone", "it calls scores, which is not"),
        (3, "wrong", "expected a function, but predict is now an int"),
        (broken, "wrong", "it raised IndexError"),
        (lambda images: None, "wrong", "It returned None. Is a return missing?"),
        (lambda images: [0] * 8, "wrong", "It returned a list; expected an array"),
        (lambda images: np.zeros((8, 3)), "wrong", "The shape is (8, 3); expected (8,)"),
        (lambda images: np.array(list("abcdefgh")), "wrong", "expected whole numbers"),
        (lambda images: np.full(8, 2), "wrong", "37.5 % of 8 images are right; 50 % are wanted"),
        (lambda images: np.full(8, 2), "wrong", "The answer is always 2."),
        (lambda images: images[:, 0, 0, 0] > 3, "wrong", "dtype is bool; expected whole numbers"),
        (
            lambda images: np.where(answer(images) == 2, 0, answer(images)),
            "wrong",
            "hard ones: 62.5 % of 8 images are right; 75 % are wanted. "
            "Most often 2 is taken for 0 (3 times).",
        ),
    ],
)
def test_what_is_said(classifier: Callable[..., Any], state: str, words: str) -> None:
    report = try_out(EXERCISE, classifier)
    assert report.state == state
    assert words in report.says


def test_what_was_asked_is_shown() -> None:
    report = try_out(EXERCISE, broken)
    assert report.call == ("predict(images), easy ones", "images = array of shape (8, 1, 1, 1)")


def test_public_digits_are_drawn_alike_every_time() -> None:
    for program in find("predict").examples:
        assert isinstance(program, Program)
        first, again = {"np": np}, {"np": np}
        exec(program.code, first)
        exec(program.code, again)
        np.testing.assert_array_equal(first["images"], again["images"])
        (labels,) = program.expected
        assert first["images"].shape == (len(labels), 10, 10, 1)
