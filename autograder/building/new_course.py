"""A first course, to be changed by whoever asked for it: ``autograder new``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from autograder.core.course import Course
from autograder.core.errors import CourseError

_TEMPLATE = Path(__file__).with_name("first_course")


def write_course(root: Path) -> Course:
    """Write a small course that works: a value, a function, a class and a question in prose.

    Parameters
    ----------
    root : Path
        A directory that does not exist yet, or is empty.

    Raises
    ------
    CourseError
        If something is there already, or the directory cannot be written.
    """
    root = root.resolve()
    if root.exists() and (not root.is_dir() or any(os.scandir(root))):
        raise CourseError(f"{root} is not empty; it is left alone. Name a new directory")
    try:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(_TEMPLATE, root, ignore=ignored, dirs_exist_ok=True)
    except OSError as error:
        raise CourseError(f"the course cannot be written: {error}") from None
    return Course(root)
