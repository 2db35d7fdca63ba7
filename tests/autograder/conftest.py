"""A tiny course on disk, with the real nbgrader and its database."""

import functools
import shutil

import nbgrader.api
import numpy as np
import pytest

from autograder.authoring.examples import call
from autograder.authoring.exercise import (
    Assignment,
    Case,
    Exercise,
    Misconception,
    RubricLine,
    Wheat,
    Written,
)
from autograder.building.release import release
from autograder.core.course import Course
from autograder.settings import load_settings

CONFIG = """\
from pathlib import Path
from autograder.settings import configure
c = get_config()
configure(c, Path(__file__).parent)
c.LockedRoom.cell_seconds = 3
c.LockedRoom.question_seconds = 3
"""

TEXT = '''\
# %% [markdown]
# # Twice

# %% setup
import numpy as np

# %% solution double
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return np.asarray(x) + np.asarray(x)
    ### END SOLUTION

# %% test double
check("double", double)

# %% value answer
answer = 6 * 7 - 0 * 0

# %% test answer
check("answer", answer)

# %% figure doubling
raise RuntimeError("figures are not run when grading")

# %% written why [markdown]
# Because of this and that.
#
# ### BEGIN MARK SCHEME
# 2 points for because
# ### END MARK SCHEME
'''


def double(x):
    return 2 * x


def answer():
    return 42


def squares(x):
    return x**2


def double_cases(rng):
    yield Case("plain", (rng.standard_normal((2, 3)),))
    yield Case("whole", (rng.integers(3, 9, 4),))


TINY = Assignment(
    "99_tiny",
    (
        Exercise(
            "double",
            oracle=double,
            cases=double_cases,
            rubric=(RubricLine("plain", 2, "twice"), RubricLine("whole", 1, "of whole numbers")),
            forbidden=("numpy.multiply",),
            examples=(call(np.array([[1.0, -2.5]])), call(3)),
            wheats=(Wheat(double),),
            misconceptions=(
                Misconception(squares, "That is the square.", frozenset({"plain", "whole"})),
            ),
        ),
        Exercise(
            "answer",
            oracle=lambda: np.int64(42),
            cases=lambda rng: [Case("value")],
            rubric=(RubricLine("value", 1, "the answer"),),
            kind="value",
            wheats=(Wheat(answer),),
        ),
    ),
    (Written("why", 2),),
)


@pytest.fixture(scope="session", autouse=True)
def _alembic_is_asked_once():
    """nbgrader starts a program for each new gradebook, and is told the same each time."""
    asked_once = functools.cache(nbgrader.api.get_alembic_version)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbgrader.api, "get_alembic_version", asked_once)
        yield


@pytest.fixture(scope="session")
def tiny():
    return TINY


def make_course(root):
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "solutions").mkdir()
    (root / "solutions" / "99_tiny.py").write_text(TEXT)
    return Course(root)


@pytest.fixture
def course(tmp_path):
    """A course with the tiny assignment, not released yet."""
    return make_course(tmp_path)


@pytest.fixture(scope="session")
def _released_once(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("released"))
    config, _ = load_settings(course)
    release(course, TINY, config)
    return course.root


@pytest.fixture
def released(_released_once, tmp_path):
    """The same course, with the assignment released and in the gradebook."""
    root = tmp_path / "course"
    shutil.copytree(_released_once, root)
    return Course(root)
