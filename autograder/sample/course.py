"""Making the sample course on disk, and holding its verdicts against what was deserved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.authoring.exercise import Assignment
from autograder.authoring.loading import load_module
from autograder.building.text_notebook import solved_notebook
from autograder.core.course import CONFIG_FILE, Course
from autograder.core.errors import CourseError
from autograder.core.files import write_atomically
from autograder.core.notebooks import read_notebook
from autograder.judging.verdict import Verdict
from autograder.sample.members import Member, everyday
from autograder.settings import PublicExamples, load_settings

_PARTS = ("exercises", "solutions", "sample")

_SAMPLE = """

# This is a sample course. `autograder demo` makes it, and removes it when it makes another one.
c.LockedRoom.cell_seconds = 4
c.LockedRoom.question_seconds = 4
if "folder" in c.PublicExamples:
    # The package that students have is the course's own, not a copy of it.
    c.PublicExamples.folder = "public-examples"
"""


def make_course(course: Course, root: Path) -> Course:
    """Copy a course to `root`, without its class; an older sample course there is removed.

    Raises
    ------
    CourseError
        If `root` exists and is not a sample course, or `course` is one.
    """
    root = root.resolve()
    config = root / CONFIG_FILE
    text = (course.root / CONFIG_FILE).read_text(encoding="utf-8")
    if text.endswith(_SAMPLE):
        raise CourseError(f"{course.root} is a sample course; run the demo in the course itself")
    if root.exists() and any(root.iterdir()):
        if not config.is_file() or not config.read_text(encoding="utf-8").endswith(_SAMPLE):
            raise CourseError(f"{root} is not empty and holds no sample course; it is left alone")
        shutil.rmtree(root)
    write_atomically(config, text.rstrip() + _SAMPLE)
    for part in _PARTS:
        if (course.root / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(course.root / part, root / part, ignore=ignored)
    settings, _ = load_settings(Course(root))
    (root / PublicExamples(config=settings).folder).mkdir(exist_ok=True)
    return Course(root)


def sample_class(course: Course, assignment: Assignment) -> tuple[Member, ...]:
    """Who hands in an assignment: as the course's ``sample`` module says, else `everyday`.

    Raises
    ------
    CourseError
        If that module cannot be loaded, or has no ``members``.
    """
    if not (course.root / "sample").is_dir():
        return tuple(everyday(assignment))
    members = getattr(load_module(course, "sample"), "members", None)
    if members is None:
        raise CourseError(f"{course.root / 'sample'} defines no function members(assignment)")
    return tuple(members(assignment))


def submit_class(
    course: Course, assignment: Assignment, members: Sequence[Member] | None = None
) -> tuple[Member, ...]:
    """Hand in the sample class's notebooks, or those of some members, of a released assignment."""
    released = read_notebook(course.released(assignment.name))
    solved = solved_notebook(read_notebook(course.master(assignment.name)))
    members = sample_class(course, assignment) if members is None else tuple(members)
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
        named = {name for exercise in verdict.exercises for name in exercise.names}
        for missing in sorted(member.misconceptions - named):
            yield f"{member.student}: {missing} was not named"
