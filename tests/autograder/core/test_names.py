"""Which folders are students', and how names are shown."""

import os

import pytest

from autograder.core.course import Course
from autograder.core.files import write_atomically
from autograder.core.names import printable


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def hand_in(course, student):
    (course.submitted / student / "hw").mkdir(parents=True)


@pytest.mark.parametrize("folder", [".hidden", ".ipynb_checkpoints"])
def test_a_hidden_folder_is_no_student(course, folder):
    hand_in(course, folder)
    hand_in(course, "ada")
    assert course.students("hw") == ["ada"]
    assert course.left_out("hw") == {folder: "hidden"}


def test_a_name_may_be_as_long_as_its_files_allow(course):
    longest, longer = "x" * 250, "ä" * 125 + "x"
    hand_in(course, longest)
    hand_in(course, longer)
    assert course.students("hw") == [longest]
    assert "at most 250" in course.left_out("hw")[longer]
    write_atomically(course.result("hw", longest), "{}")
    assert os.listdir(course.results / "hw") == [f"{longest}.json"]


def test_who_has_not_handed_in_is_not_left_out(course):
    hand_in(course, ".hidden")
    assert course.left_out("another") == {}


@pytest.mark.parametrize("hidden", ["\x1b]0;x\x07", "\x9b2J", "\N{RIGHT-TO-LEFT OVERRIDE}", "\r"])
def test_nothing_that_a_terminal_obeys_is_printed(hidden):
    assert printable(f"a{hidden}b").isprintable()


def test_names_in_any_script_are_printed_as_they_are():
    assert printable("Zoë Ж 李\nx") == "Zoë Ж 李\nx"
