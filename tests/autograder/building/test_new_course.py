"""First courses: what is written, and what is left alone."""

import stat

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.authoring.loading import load_assignments
from autograder.building.new_course import write_course
from autograder.building.release import release
from autograder.core.course import find_course
from autograder.core.errors import CourseError
from autograder.settings import load_settings
from autograder.soundness.checks import faults
from autograder.soundness.course_checks import course_faults


def test_a_first_course_is_sound(tmp_path):
    course = write_course(tmp_path / "new" / "course")
    assert find_course(course.root / "exercises").root == course.root
    (assignment,) = assignments = load_assignments(course)
    assert list(faults(assignment, b"any secret")) == []
    assert list(course_faults(course, assignments)) == []
    assert [each.name for each in assignment.exercises] == ["length_by_hand", "solve", "Projector"]
    assert [each.kind for each in assignment.exercises] == ["value", "function", "class"]
    assert [each.name for each in assignment.written] == ["how_many"]
    assert (course.root / "README.md").is_file()
    assert "/.course-secret" in (course.root / ".gitignore").read_text().splitlines()


def test_its_exercises_are_short(tmp_path):
    course = write_course(tmp_path / "course")
    lengths = [len(path.read_text().splitlines()) for path in course.exercises.rglob("*.py")]
    assert len(lengths) == 4
    assert max(lengths) <= 60


def test_an_empty_directory_will_do(tmp_path):
    assert write_course(tmp_path).root == tmp_path.resolve()


@pytest.mark.parametrize("kind", ["file", "folder with a file"])
def test_what_is_there_is_left_alone(tmp_path, kind):
    place = tmp_path / "thesis"
    if kind == "file":
        place.write_text("years of work")
    else:
        place.mkdir()
        (place / ".hidden").write_text("years of work")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CourseError, match="is not empty; it is left alone"):
        write_course(place)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_directory_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="the course cannot be written: "):
        write_course(tmp_path / "file" / "course")


def test_all_of_it_can_be_changed(tmp_path):
    course = write_course(tmp_path / "course")
    for path in course.root.rglob("*"):
        assert path.stat().st_mode & stat.S_IWUSR


@pytest.mark.slow
def test_a_student_can_run_the_empty_notebook_from_top_to_bottom(tmp_path):
    course = write_course(tmp_path / "course")
    (assignment,) = load_assignments(course)
    config, _ = load_settings(course)
    released = release(course, assignment, config)
    notebook = nbformat.read(released, 4)
    NotebookClient(notebook, resources={"metadata": {"path": str(released.parent)}}).execute()
    said = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    ]
    *starts, last = [text.partition(" yet")[0] for text in said]
    assert starts == [f"[to do] {each.name}: not done" for each in assignment.exercises]
    assert last == "01_linear, 10 points: 3 not done"
