"""Courses as plug-ins: what is found in their directories, and how it is loaded."""

import os
import sys

import pytest

from autograder.authoring.exercise import source_as
from autograder.authoring.loading import (
    find_assignment,
    is_foreign,
    load_assignments,
    load_module,
)
from autograder.core.course import Course
from autograder.core.errors import CourseError

EXERCISE = """
from autograder.authoring.declare import value, wheat

@wheat
def right():
    return {answer}

{name} = value("{exercise}", "the number", lambda: {answer}, (right,))
"""


def write(course, path, text):
    file = course.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def number(exercise, answer=1, name="EXERCISE"):
    return EXERCISE.format(exercise=exercise, answer=answer, name=name)


ASSIGNMENT = "from autograder.authoring.exercise import Assignment\n"


def notebook(name):
    return f'{ASSIGNMENT}ASSIGNMENT = Assignment("{name}")\n'


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def names(course):
    return [[each.name for each in found.exercises] for found in load_assignments(course)]


def test_modules_and_packages_are_notebooks_in_order_of_their_names(course):
    write(course, "exercises/second.py", notebook("1_b") + number("one"))
    write(course, "exercises/first/__init__.py", notebook("2_a"))
    write(course, "exercises/first/two.py", number("two"))
    write(course, "exercises/first/long/__init__.py", number("three"))
    write(course, "exercises/first/long/chaffs.py", "CHAFFS = ()")
    assert [found.name for found in load_assignments(course)] == ["1_b", "2_a"]
    assert names(course) == [["one"], ["three", "two"]]


def test_exercises_come_in_the_order_of_the_text_and_each_once(course):
    listed = number("b") + "EXERCISES = (EXERCISE, EXERCISE)\nAGAIN = [EXERCISE]\n"
    write(course, "exercises/n/__init__.py", notebook("n"))
    write(course, "exercises/n/late.py", listed)
    write(course, "exercises/n/early.py", "from .late import EXERCISE as B\n" + number("a"))
    write(course, "exercises/n/hidden.py", number("c", name="_EXERCISE"))
    assert names(course) == [["a", "b"]]
    write(course, "solutions/n.py", "# %% test b\n\n# %% test a\n")
    assert names(course) == [["b", "a"]]


def test_written_questions_are_found_as_well(course):
    write(course, "exercises/n.py", notebook("n") + "from autograder.authoring.exercise import *\n")
    with open(course.exercises / "n.py", "a") as file:
        file.write('WHY = Written("why", 2)\nHOW = Written("how", 1)\n')
    (found,) = load_assignments(course)
    assert [each.name for each in found.written] == ["how", "why"]


def test_points_come_in_the_order_of_the_text(course):
    write(course, "exercises/n/__init__.py", notebook("n"))
    write(course, "exercises/n/numbers.py", number("a") + number("b", name="OTHER"))
    why = "from autograder.authoring.exercise import Written\nWHY = Written('why', 2)\n"
    write(course, "exercises/n/prose.py", why)
    write(course, "solutions/n.py", "# %% test b\n\n# %% written why [markdown]\n\n# %% test a\n")
    (found,) = load_assignments(course)
    assert list(found.worth) == ["b", "why", "a"]


def test_two_courses_do_not_meet_and_the_path_stays(tmp_path):
    before = list(sys.path)
    courses = [Course(tmp_path / name) for name in "ab"]
    for answer, course in enumerate(courses):
        write(course, "exercises/_shared.py", f"ANSWER = {answer}")
        write(course, "exercises/n/__init__.py", notebook("n"))
        text = number("x").replace("return 1", "from .._shared import ANSWER; return ANSWER")
        write(course, "exercises/n/x.py", text)
    for answer, course in enumerate(courses):
        (wheat,) = find_assignment(course, "n").exercise("x").wheats
        assert wheat.implementation() == answer
        assert source_as(wheat.implementation, "x").startswith("def x():")
    assert sys.path == before
    assert not {"exercises", "n", "_shared"} & sys.modules.keys() - {"exercises"}


def test_what_has_changed_is_loaded_again(course):
    write(course, "exercises/n.py", notebook("n") + number("x", 1))
    first = find_assignment(course, "n")
    assert find_assignment(course, "n") is first
    write(course, "exercises/n.py", notebook("n") + number("x", 22))
    os.utime(course.exercises / "n.py", (1, 1))
    assert find_assignment(course, "n").exercise("x").oracle() == 22


def test_a_folder_without_an_assignment_is_left_alone(course):
    write(course, "exercises/script.py", "raise SystemExit('run')")
    write(course, "exercises/week1/week1.ipynb", "{}")
    assert load_assignments(course) == ()
    assert is_foreign(course, "script")
    with pytest.raises(CourseError, match="'script'; there are: none"):
        find_assignment(course, "script")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"helper.py": "A = 1"}, r"helper.py binds no ASSIGNMENT.*underscore"),
        ({"m.py": "ASSIGNMENT = 3"}, r"m.py binds no ASSIGNMENT"),
        ({"m.py": notebook("n")}, r"n.py: another notebook is called n, too"),
        ({"m.py": f"{notebook('m')}\n1 / 0"}, r"m.py, line 4: ZeroDivisionError: division by zero"),
        ({"m.py": f"{notebook('m')}\ndef f(:"}, r"m.py, line 4: SyntaxError: invalid syntax"),
        ({"m.py": f"{notebook('m')}import nowhere_at_all"}, r"m.py, line 3: ModuleNotFoundError"),
        (
            {"m/__init__.py": notebook("m"), "m/deep.py": "x = undefined"},
            r"m/deep.py, line 1: NameError",
        ),
    ],
)
def test_what_cannot_be_loaded_is_told_with_its_place(course, files, said):
    write(course, "exercises/n.py", notebook("n"))
    for path, text in files.items():
        write(course, f"exercises/{path}", text)
    with pytest.raises(CourseError, match=said):
        load_assignments(course)


def test_what_stands_beside_the_exercises_can_use_them(course):
    write(course, "exercises/n.py", notebook("n") + number("x", 5))
    write(course, "sample/__init__.py", "from ..exercises.n import EXERCISE\n")
    assert load_module(course, "sample").EXERCISE.oracle() == 5
