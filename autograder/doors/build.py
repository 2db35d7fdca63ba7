"""``autograder build``: from text notebooks to the release."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.building.release import release, require_texts
from autograder.building.student_side import library_folder, remove_old_examples, write_examples
from autograder.core.course import find_course
from autograder.core.errors import CourseError, itemized
from autograder.doors.pages import own_assignments
from autograder.settings import PublicExamples, load_settings
from autograder.soundness.course_checks import course_faults


def build_course(start: Path, names: Sequence[str] | None) -> None:
    """Release the assignments called `names`, or all of the course that `start` lies in."""
    course = find_course(start)
    config, _ = load_settings(course)
    require_texts(course)
    assignments = own_assignments(course, names)
    if not names and (found := tuple(course_faults(course, assignments))):
        raise CourseError(itemized(f"the course {course.root} cannot be built", found))
    require_texts(course, assignments)
    named = PublicExamples(config=config).folder
    library = library_folder(course, named) if named else None
    if library and not names:
        remove_old_examples(assignments, library)
    for assignment in assignments:
        print(release(course, assignment, config))
        if library:
            write_examples(assignment, library)
