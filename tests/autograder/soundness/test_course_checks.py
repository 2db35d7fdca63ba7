"""Faults of a course as a whole."""

from autograder.authoring.exercise import Assignment, Written
from autograder.core.course import Course
from autograder.soundness import course_checks
from autograder.soundness.course_checks import course_faults


def test_a_text_notebook_without_exercises_is_told(tmp_path):
    (tmp_path / "solutions").mkdir()
    for name in ("01_small.py", "02_lost.py", "notes.txt"):
        (tmp_path / "solutions" / name).touch()
    lost = tmp_path / "solutions" / "02_lost.py"
    assert list(course_faults(Course(tmp_path), [Assignment("01_small")])) == [
        f"{lost} has no exercises: no ASSIGNMENT is called 02_lost"
    ]
    both = [Assignment("01_small"), Assignment("02_lost")]
    assert list(course_faults(Course(tmp_path), both)) == []


def test_a_row_of_the_syllabus_that_nothing_covers_is_told(tmp_path):
    (tmp_path / "exercises").mkdir()
    rows = "| Row | What |\n| --- | --- |\n| A1 | lines |\n| A2 | planes |\n"
    (tmp_path / "exercises" / "syllabus.md").write_text(rows)
    lines = Assignment("01_small", written=(Written("why", points=1, covers=("A1",)),))
    assert list(course_faults(Course(tmp_path), [lines])) == [
        "exercises/syllabus.md: nothing covers the row 'A2'"
    ]


def test_a_check_is_a_function_in_a_list(tmp_path, monkeypatch):
    def too_few(course, assignments):
        yield f"{len(assignments)} notebooks in {course.root.name}"

    monkeypatch.setattr(course_checks, "CHECKS", (*course_checks.CHECKS, too_few))
    assert list(course_faults(Course(tmp_path), [])) == [f"0 notebooks in {tmp_path.name}"]
