"""Making the sample course on disk, and holding its verdicts against what was deserved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.authoring.exercise import Assignment
from autograder.authoring.text_notebook import solved_notebook
from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.core.files import write_atomically
from autograder.core.notebooks import read_notebook
from autograder.judging.verdict import Verdict
from autograder.sample.members import Member, everyday, one_mistake_each, wheat_student
from autograder.sample.troubles import TARGET, troubled

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
"""This course's text notebooks, which the sample course is built from."""

_CONFIG = '''\
"""nbgrader's configuration of the sample course."""

from pathlib import Path

from autograder.settings import configure

c = get_config()
configure(c, Path(__file__).parent)
c.LockedRoom.cell_seconds = 4
c.LockedRoom.question_seconds = 4
'''


def make_course(root: Path) -> Course:
    """Make an empty course at `root`; an older sample course there is removed.

    Raises
    ------
    CourseError
        If `root` exists and is not a sample course.
    """
    root = root.resolve()
    config = root / "nbgrader_config.py"
    if root.exists() and any(root.iterdir()):
        if not config.is_file() or config.read_text() != _CONFIG:
            raise CourseError(f"{root} is not empty and holds no sample course; it is left alone")
        shutil.rmtree(root)
    write_atomically(config, _CONFIG)
    return Course(root, SOLUTIONS)


def sample_class(assignment: Assignment) -> tuple[Member, ...]:
    """The members of the sample class for one assignment.

    A few honest students; where `TARGET` is asked for, a mistake in each function and all kinds
    of trouble besides.
    """
    members = [*everyday(assignment)]
    if any(exercise.name == TARGET for exercise in assignment.exercises):
        members += [wheat_student(assignment, style) for style in (1, 2)]
        members += [*one_mistake_each(assignment), *troubled(assignment)]
    return tuple(members)


def submit_class(
    course: Course, assignment: Assignment, members: Sequence[Member] | None = None
) -> tuple[Member, ...]:
    """Hand in the sample class's notebooks, or those of some members, of a released assignment."""
    released = read_notebook(course.released(assignment.name))
    solved = solved_notebook(read_notebook(course.master(assignment.name)))
    members = sample_class(assignment) if members is None else tuple(members)
    for member in members:
        folder = course.submitted / member.student / assignment.name
        write_atomically(folder / f"{assignment.name}.ipynb", member.make(released, solved))
    return members


def surprises(verdicts: Sequence[Verdict], members: Sequence[Member]) -> Iterator[str]:
    """Where a verdict is not what its member of the class deserves."""
    found = {verdict.student: verdict for verdict in verdicts}
    for member in members:
        verdict = found.get(member.student)
        if verdict is None:
            yield f"{member.student}: no verdict"
            continue
        if verdict.outcome is not member.outcome:
            yield f"{member.student}: {verdict.outcome}, deserved {member.outcome}"
        for exercise in verdict.exercises:
            lost_all, lost_none = not exercise.earned, exercise.earned == exercise.points
            if exercise.exercise in member.lost:
                deserved = lost_all
            elif exercise.exercise in member.dented:
                deserved = not lost_none
            else:
                deserved = lost_none
            if not deserved:
                got = f"{exercise.earned:g} of {exercise.points:g}"
                yield f"{member.student}: {got} for {exercise.exercise}"
        named = {exercise.misconception for exercise in verdict.exercises}
        for missing in sorted(member.misconceptions - named):
            yield f"{member.student}: {missing} was not named"
