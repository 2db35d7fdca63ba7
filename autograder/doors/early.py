"""Whether a run needs a zygote for sure, which is then started before anything else is loaded."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from autograder.core.walls import Sandbox
from autograder.doors.unchanged import Beginning
from autograder.running.early import EarlyZygote
from autograder.settings import with_walls


def early_zygote(
    beginning: Beginning, students: Sequence[str] | None, sandbox: Sandbox | None, *, force: bool
) -> contextlib.AbstractContextManager[EarlyZygote | None]:
    """A zygote that comes up while the run gets ready; none where it may not be needed."""
    course, name = beginning.course, beginning.assignment
    everyone = course.students(name) if course.text(name).is_file() else []
    chosen = set(students or everyone).intersection(everyone)
    if not any(force or not course.record(name, student).exists() for student in chosen):
        return contextlib.nullcontext()
    return EarlyZygote(with_walls(beginning.room, sandbox), course.root)
