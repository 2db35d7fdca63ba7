"""What ``nbgrader generate_feedback`` and formgrader make: the page that ``autograder`` makes."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter

from autograder.authoring.loading import find_assignment
from autograder.core.course import Course
from autograder.core.errors import GraderError
from autograder.doors.opening import own_submission
from autograder.grading.own import shown_by
from autograder.publishing.marks.place import gradebook_url
from autograder.publishing.page.stored import stored_page


class StudentPage(HTMLExporter):
    """nbgrader's exporter for feedback, which gives our own page for our own assignments.

    Where there is no record that fits what the gradebook holds, and for assignments of other
    courses, it is nbgrader's page.
    """

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
        try:
            url = gradebook_url(self.config, course.root)
            exercises = find_assignment(course, assignment)
            shows = shown_by(course, exercises, self.config)
            page = stored_page(course, exercises, student, url, shows)
        except GraderError as error:
            self.log.warning("%s: %s; nbgrader's own page is written", student, error)
            return None
        if page is None:
            self.log.warning(
                "%s: there is no record of what is in the gradebook, so nbgrader's own page is "
                "written; run: autograder grade %s",
                student,
                assignment,
            )
        return page
