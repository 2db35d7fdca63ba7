"""``autograder demo``: a sample class hands in, and is graded."""

from __future__ import annotations

from pathlib import Path

from autograder.building.release import release
from autograder.core.course import find_course
from autograder.core.errors import CourseError
from autograder.doors import console as show
from autograder.doors.classrooms import find_classrooms
from autograder.doors.pages import own_assignments
from autograder.grading.class_report import write_report
from autograder.grading.own import OwnClassroom
from autograder.publishing.rows import SubmissionRow
from autograder.sample import make_course, submit_class, surprises
from autograder.settings import load_settings


def grade_sample(start: Path, into: Path) -> None:
    """Copy the course that `start` lies in, and grade a sample class in the copy."""
    original = find_course(start)
    own_assignments(original)  # Without any there is nothing to copy.
    course = make_course(original, into)
    config, room = load_settings(course)
    unexpected: list[str] = []
    submissions = 0
    for assignment in own_assignments(course):
        release(course, assignment, config)
        members = submit_class(course, assignment)
        students = sorted(member.student for member in members)
        classroom = OwnClassroom(course, assignment, room)
        with show.progress(len(students), f"Grading {assignment.name}") as advancing:
            verdicts = [result.verdict for result in advancing(classroom.grade(students))]
        marks = classroom.marks()
        show.class_table(
            assignment.name, [SubmissionRow.of(each, marks.get(each.student)) for each in verdicts]
        )
        unexpected += surprises(verdicts, members)
        submissions += len(members)
    write_report(course, find_classrooms(course))
    show.places(classroom.places)
    if unexpected:
        raise CourseError("not every submission got what it deserves:\n" + "\n".join(unexpected))
    print(f"All {submissions} submissions got the outcome, and the points, that they deserve.")
