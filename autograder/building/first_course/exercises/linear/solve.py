"""``solve(A, b)``: any x with A x = b. There may be many, and each of them is right."""

import numpy as np

from autograder.authoring import Case, Exercise, RubricLine, call, chaff, generic, wheat

RUBRIC = (
    RubricLine("square", 2, "as many unknowns as equations"),
    RubricLine("wide", 2, "more unknowns than equations"),
)


def cases(rng):
    for group, m, n in [("square", 3, 3), ("square", 4, 4), ("wide", 2, 4), ("wide", 3, 5)]:
        yield Case(group, (generic(rng, m, n), generic(rng, m)))


def accepts(answer, case):
    """What a right answer is. This function goes into the student's `check`, too."""
    A, b = case.args
    if np.shape(answer) != A.shape[1:]:
        return f"x has the shape {np.shape(answer)}, but A has {A.shape[1]} columns"
    return np.allclose(A @ answer, b)


@wheat
def of_least_length(A, b):
    return np.linalg.pinv(A) @ b


@wheat
def last_unknowns_are_zero(A, b):
    x = np.zeros(A.shape[1])
    x[: len(b)] = np.linalg.solve(A[:, : len(b)], b)
    return x


@chaff(says="The transpose of A is not its inverse.", breaks=["square", "wide"])
def times_the_transpose(A, b):
    return A.T @ b


@chaff(says="You have an entry for each equation. x needs one for each unknown.", breaks=["wide"])
def unknowns_left_out(A, b):
    return np.linalg.solve(A[:, : len(b)], b)


EXERCISE = Exercise(
    "solve",
    oracle=lambda A, b: np.linalg.lstsq(A, b)[0],
    accepts=accepts,
    cases=cases,
    rubric=RUBRIC,
    examples=(
        call(np.array([[2.0, 0.0], [1.0, 1.0]]), np.array([4.0, 5.0])),
        call(np.array([[1.0, 2.0, 3.0]]), np.array([6.0])),
    ),
    wheats=(of_least_length, last_unknowns_are_zero),
    misconceptions=(times_the_transpose, unknowns_left_out),
)
