"""All that a gradebook holds of an assignment, whichever command wrote it."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from nbgrader.api import Gradebook

from autograder.core.course import Course


def entered(course: Course, assignment: str) -> dict[str, dict[str, Any]]:
    """Every column of every submission by student, but for ids that are made at random."""
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        return {
            submission.student.id: {
                "submission": _columns(
                    submission,
                    *("timestamp", "extension", "duedate", "total_seconds_late"),
                    *("score", "max_score", "code_score", "max_code_score"),
                    *("written_score", "max_written_score", "late_submission_penalty"),
                    "needs_manual_grade",
                ),
                "notebooks": {
                    notebook.name: _columns(notebook, "score", "late_submission_penalty")
                    for notebook in submission.notebooks
                },
                "grades": {
                    (notebook.name, grade.name): _columns(
                        grade,
                        *("auto_score", "manual_score", "extra_credit", "needs_manual_grade"),
                        *("score", "max_score", "failed_tests"),
                    )
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                },
                "comments": {
                    (notebook.name, comment.name): _columns(
                        comment, "auto_comment", "manual_comment", "comment"
                    )
                    for notebook in submission.notebooks
                    for comment in notebook.comments
                },
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
