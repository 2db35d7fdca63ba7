"""``class Projector``: ``Projector(A)(v)`` is the point nearest to v in the column space of A."""

import numpy as np

from autograder.authoring import Case, Exercise, RubricLine, chaff, generic, program, wheat

RUBRIC = (
    RubricLine("line", 1, "one column: onto a line"),
    RubricLine("plane", 2, "two columns, not at right angles: onto a plane"),
)


def cases(rng):
    for group, m, n in [("line", 3, 1), ("line", 5, 1), ("plane", 3, 2), ("plane", 4, 2)]:
        yield Case(group, (generic(rng, m, n), generic(rng, m)))


def use(Projector, A, v):
    """What is compared: a class is put to use, and the result is plain data."""
    return Projector(A)(v)


@wheat
class ByLeastSquares:
    def __init__(self, A):
        self.A = A

    def __call__(self, v):
        return self.A @ np.linalg.lstsq(self.A, v)[0]


@chaff(says="This is what is left of v. Take it away from v.", breaks=["line", "plane"])
class TheRest:
    def __init__(self, A):
        self.P = A @ np.linalg.pinv(A)

    def __call__(self, v):
        return v - self.P @ v


EXERCISE = Exercise(
    "Projector",
    kind="class",
    oracle=ByLeastSquares.implementation,
    use=use,
    cases=cases,
    rubric=RUBRIC,
    examples=(
        program("P = Projector(np.array([[1.0], [0.0]]))", shown="P(np.array([3.0, 4.0]))"),
        program("P = Projector(np.eye(3)[:, :2])", "v = np.arange(3.0)", shown="P(v), P(P(v))"),
    ),
    wheats=(ByLeastSquares,),
    misconceptions=(TheRest,),
)
