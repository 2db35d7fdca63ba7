"""Whatever editor saved a right notebook: the same is run, the same is asked, nobody is accused."""

import functools

import pytest

from autograder.core.notebooks import read_notebook
from autograder.running.questions import plan
from autograder.running.read import SubmittedFile, parse_submission
from autograder.running.rebuild import rebuild
from autograder.running.stems import Releases
from autograder.sandbox.protocol.plan import Cell
from tests.autograder.honest.editors import HABITS, mangled
from tests.course import ASSIGNMENTS, COURSE, right_notebook

SECRET = b"secret"
QUICK = ("02_convolution",)
BY_NAME = {assignment.name: assignment for assignment in ASSIGNMENTS}
# What they add runs besides: copies of an answer, cells of the student's own.
ADDS = {"notebook_pasted_cells", "lab_split_and_merged", "colab_drive", "kaggle_boilerplate"} | {
    "git_both_kept"
}


@functools.cache
def master(name):
    return read_notebook(COURSE.released(name))


@functools.cache
def right(name):
    return right_notebook(COURSE, BY_NAME[name])


def steps(name, content):
    clean = rebuild(Releases(master(name)), parse_submission(SubmittedFile.of([content])))
    return clean, [
        ("cell", step.id, step.source.rstrip()) if isinstance(step, Cell) else ("asked", step.id)
        for step in plan(clean, BY_NAME[name], SECRET)
    ]


@functools.cache
def undisturbed(name):
    return steps(name, mangled(right(name), lambda document: None))[1]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in BY_NAME],
)
def test_the_same_is_run_and_nobody_is_accused(name, habit):
    clean, run = steps(name, mangled(right(name), habit))
    own = [step for step in run if not step[1].startswith("extra") and not step[1].endswith(":end")]
    spaces = [(*step[:2], *(text.replace("  \n", "\n") for text in step[2:])) for step in own]
    assert spaces == undisturbed(name)
    assert clean.repairs == ()
    assert len(clean.remarks) <= 2, clean.remarks
    if habit.__name__ not in ADDS:
        assert len(run) == len(own)
