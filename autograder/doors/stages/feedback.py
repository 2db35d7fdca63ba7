"""What ``nbgrader generate_feedback`` and formgrader make: the page that ``autograder`` makes."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter

from autograder.authoring.loading import find_assignment
from autograder.core.course import Course
from autograder.core.errors import CourseError, GraderError
from autograder.doors.stages.faults_in_words import say_faults_in_words
from autograder.doors.stages.opening import own_submission
from autograder.grading.own import page_settings
from autograder.publishing.marks.place import gradebook_url
from autograder.publishing.page.stored import stored_page
from autograder.settings import Shows


class StudentPage(HTMLExporter):
    """nbgrader's exporter for feedback, which gives our own page for our own assignments.

    Where there is no record that fits what the gradebook holds, and for assignments of other
    courses, it is nbgrader's page.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        say_faults_in_words(self.log)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **settings: Any
    ) -> tuple[Any, dict[str, Any]]:
        if own := own_submission(self.config, resources):
            course, names = own
            page = self._own_page(course, names["assignment"], names["student"])
            if page is not None:
                return page, self._init_resources(resources)  # type: ignore[no-untyped-call]
        return super().from_filename(filename, resources, **settings)

    def _own_page(self, course: Course, assignment: str, student: str) -> str | None:
        exercises = find_assignment(course, assignment)
        # With a wrong setting no page is written: nbgrader's own might show more than it should.
        settings = page_settings(course, exercises, self.config)
        shows = settings.of(assignment)
        why = "there is no record of what is in the gradebook"
        try:
            url = gradebook_url(self.config, course.root)
            if page := stored_page(course, exercises, student, url, shows, settings.hand_ins):
                return page
        except GraderError as error:
            why = str(error)
        mend = f"run: autograder grade {assignment}"
        if shows is Shows.NOTHING:
            raise CourseError(f"{student}: {why}, so no page is written; {mend}")
        self.log.warning("%s: %s, so nbgrader's own page is written; %s", student, why, mend)
        return None
