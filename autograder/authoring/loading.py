"""The assignments of a course, found by looking into its ``exercises`` folder.

A module or package there that binds ``ASSIGNMENT`` is a notebook. Its exercises and written
questions are whatever its modules bind to public names, in the order of the text notebook. The
modules are loaded from the course's directory under a private name, so ``sys.path`` stays as it is,
two courses do not meet, and nothing needs to be installed where a room could read it.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from autograder.authoring.exercise import Assignment, Exercise, Written
from autograder.core.course import Course
from autograder.core.errors import CourseError, in_one_line

_BINDS_ASSIGNMENT = re.compile(r"^ASSIGNMENT\b", re.MULTILINE)
_GRADED_CELL = re.compile(r"^# %% (?:test|written) (\S+)", re.MULTILINE)

_Found = TypeVar("_Found", Exercise, Written)


def load_assignments(course: Course) -> tuple[Assignment, ...]:
    """All assignments of a course that have exercises, in order of name.

    They are loaded once, and again when a file has changed. A course without an ``exercises``
    folder, or with one in which no file binds ``ASSIGNMENT``, has none, and nothing there is run.

    Raises
    ------
    CourseError
        If a module cannot be loaded, or a notebook binds no ``ASSIGNMENT``, or two have one name.
    """
    files = _files(course)
    if not files:
        return ()
    texts = sorted(course.text("NAME").parent.glob("*.py"))
    return _load(course, _stamp(files + texts))


def find_assignment(course: Course, name: str) -> Assignment:
    """The assignment of a course that is called `name`.

    Raises
    ------
    CourseError
        If there is no such assignment; the message lists those that there are.
    """
    assignments = load_assignments(course)
    for assignment in assignments:
        if assignment.name == name:
            return assignment
    known = ", ".join(assignment.name for assignment in assignments) or "none"
    raise CourseError(f"no assignment is called {name!r}; there are: {known}")


def is_foreign(course: Course, name: str) -> bool:
    """Whether an assignment has no exercises here, so that its own cells have to test it."""
    return all(assignment.name != name for assignment in load_assignments(course))


def graded_order(course: Course, name: str) -> list[str]:
    """What the text notebook of an assignment grades, in its order; nothing if there is no text."""
    text = course.text(name)
    return _GRADED_CELL.findall(text.read_text(encoding="utf-8")) if text.is_file() else []


def load_module(course: Course, name: str) -> ModuleType:
    """A module below the course's directory, such as ``"sample"``, loaded beside its exercises.

    Raises
    ------
    CourseError
        If it cannot be loaded.
    """
    files = sorted((course.root / name.split(".")[0]).rglob("*.py"))
    package = _private_package(course, _stamp(files + _files(course)))
    return _imported(course, f"{package}.{name}")


def _stamp(files: Iterable[Path]) -> str:
    """A text that changes when one of the files does."""
    states = [(str(path), path.stat()) for path in files]
    told = [(path, state.st_mtime_ns, state.st_size) for path, state in states]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _files(course: Course) -> list[Path]:
    """The Python files of the exercises; none if no notebook is among them."""
    files = sorted(course.exercises.rglob("*.py"))
    return files if any(map(_binds_assignment, _notebooks(course.exercises))) else []


def _notebooks(folder: Path) -> Iterator[Path]:
    """The file that stands for each module and package of a folder."""
    for path in sorted(folder.glob("[!_.]*")):
        file = path / "__init__.py" if path.is_dir() else path
        if file.suffix == ".py" and file.is_file():
            yield file


def _binds_assignment(file: Path) -> bool:
    return bool(_BINDS_ASSIGNMENT.search(file.read_text(encoding="utf-8", errors="replace")))


@functools.lru_cache(maxsize=8)
def _load(course: Course, stamp: str) -> tuple[Assignment, ...]:
    package = _private_package(course, stamp)
    assignments: dict[str, Assignment] = {}
    for file in _notebooks(course.exercises):
        stem = file.parent.name if file.name == "__init__.py" else file.stem
        module = _imported(course, f"{package}.{course.exercises.name}.{stem}")
        assignment = getattr(module, "ASSIGNMENT", None)
        if not isinstance(assignment, Assignment):
            raise CourseError(
                f"{file} binds no ASSIGNMENT. Write ASSIGNMENT = Assignment(NAME), or, if it is "
                "no notebook but a helper, begin its name with an underscore"
            )
        if assignment.name in assignments:
            raise CourseError(f"{file}: another notebook is called {assignment.name}, too")
        assignments[assignment.name] = _filled(course, assignment, module)
    return tuple(assignments[name] for name in sorted(assignments))


def _private_package(course: Course, stamp: str) -> str:
    """The name of a package that stands for the course's directory in `sys.modules`."""
    place = hashlib.sha256(str(course.root.resolve()).encode()).hexdigest()[:8]
    name = f"_course_{place}_{stamp}"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(course.root.resolve())]
        sys.modules[name] = package
        importlib.invalidate_caches()
    return name


def _imported(course: Course, name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        where = [
            f"{frame.filename}, line {frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(str(course.root.resolve()))
        ]
        if isinstance(error, SyntaxError):
            where.append(f"{error.filename}, line {error.lineno}")
        place = where[-1] if where else str(course.root / name.partition(".")[2].replace(".", "/"))
        why = f"{type(error).__name__}: {in_one_line(error)}"
        raise CourseError(f"{place}: {why}") from error


def _filled(course: Course, assignment: Assignment, module: ModuleType) -> Assignment:
    """`assignment` with whatever the modules of its notebook bind."""
    inside = pkgutil.walk_packages(getattr(module, "__path__", ()), f"{module.__name__}.")
    modules = [module, *(_imported(course, found.name) for found in inside)]
    values = [
        value
        for each in modules
        for name, value in vars(each).items()
        if not name.startswith("_")
        for value in (value if isinstance(value, tuple | list) else (value,))
    ]
    order = graded_order(course, assignment.name)
    return replace(
        assignment,
        exercises=_in_order(order, Exercise, (*assignment.exercises, *values)),
        written=_in_order(order, Written, (*assignment.written, *values)),
        order=tuple(order),
    )


def _in_order(order: list[str], kind: type[_Found], values: Iterable[object]) -> tuple[_Found, ...]:
    """The values of one kind, each once: as the text notebook has them, the rest by name."""
    found = {id(value): value for value in values if isinstance(value, kind)}
    places = {name: place for place, name in enumerate(order)}
    return tuple(
        sorted(found.values(), key=lambda each: (places.get(each.name, len(order)), each.name))
    )
