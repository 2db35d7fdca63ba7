"""The class report of a course on disk."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.core.files import write_atomically
from autograder.grading.classroom import Classroom
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.page import refresh_page
from autograder.publishing.report import report_page
from autograder.publishing.result import Result, saved_results
from autograder.publishing.tally import Tally


def refresh_pages(classroom: Classroom, marks: Mapping[str, Marks]) -> list[str]:
    """Bring the feedback pages of a class up to date: marks, and what may be shown by now.

    A page that another program replaces meanwhile is left to that program.

    Parameters
    ----------
    marks : dict
        What the gradebook holds of each student's submission.

    Returns
    -------
    list of str
        Students who have another page now.

    Raises
    ------
    OSError
        If a page cannot be written.
    """
    changed = []
    for student, place in classroom.pages():
        known = marks.get(student, Marks())
        if refresh_page(place, functools.partial(classroom.refreshed, student, known)):
            changed.append(student)
    return changed


def write_report(
    course: Course,
    classrooms: Iterable[Classroom],
    faults: Sequence[Result] = (),
    known: Mapping[str, Mapping[str, Marks]] | None = None,
) -> Path:
    """Write the class report over all `classrooms` that have results.

    Parameters
    ----------
    known : dict, optional
        What has been read of the gradebook already, by assignment and student.
    faults : sequence of Result
        What the run just done could not grade, in case that could not be saved either.

    Raises
    ------
    CourseError
        If there are no results, or the gradebook cannot be read.
    OSError
        If the report cannot be written.
    """
    tallies = []
    for classroom in classrooms:
        assignment = classroom.assignment
        tally = Tally(assignment)
        marks = (known or {}).get(assignment.name)
        if marks is None:
            marks = classroom.marks()
        results = {r.verdict.student: r for r in faults if r.verdict.assignment == assignment.name}
        for result in saved_results(course, assignment.name):
            student = result.verdict.student
            tally.add(results.pop(student, result), marks.get(student))
        for student, result in results.items():
            tally.add(result, marks.get(student))
        if tally.submissions:
            tally.expect(classroom.students)
            tallies.append(tally)
    if not tallies:
        raise CourseError("there is nothing to report: no submission has been graded yet")
    write_atomically(course.report, report_page(tallies))
    return course.report
