"""The syllabus: every row of the course documents ends as something that is graded."""

from pathlib import Path

import nbformat
import pytest

from autograder.authoring.syllabus import read_syllabus, syllabus_faults, syllabus_page
from tests.course import ASSIGNMENTS, COURSE

PAGE = Path(__file__).parent.parent / "docs" / "syllabus.md"
SOURCE_ROWS = [
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "B0",
    "B1a",
    "B1b",
    "B1c",
    "B1d",
    "B1e",
    "B1f",
    "B1g",
    "B1h",
    "B1i",
    "B2a",
    "B2b",
    "B2c",
    "B3",
    "B4",
    "C1a",
    "C1b",
    "C1c",
    "C1d",
    "C2a",
    "C2b",
    "C2c",
    "C2d",
    "D0",
    "D1(i)",
    "D1(ii)",
    "D1(iii)",
    "D1(iv)",
    "D2",
    "D3",
    "D(d)",
    "D(e)",
    "D(f)",
    "D(g)",
    "D(h)",
    "E1",
    "E2",
    "E3",
    "E4",
    "E5",
    "E6",
    "E7",
    "E8",
    "E9",
    "E10",
]


def test_every_row_of_the_sources_is_there():
    named = [name for row in read_syllabus(COURSE).rows for name in row.split()]
    assert set(SOURCE_ROWS) <= set(named)


def test_every_row_is_graded_and_whatever_is_graded_has_its_row():
    assert list(syllabus_faults(COURSE, ASSIGNMENTS)) == []


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == syllabus_page(COURSE, ASSIGNMENTS), (
        "run: autograder syllabus --write docs/syllabus.md"
    )


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_whatever_is_graded_has_its_points_in_the_released_notebook(assignment):
    released = nbformat.read(COURSE.released(assignment.name), 4)
    graded = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    expected = {f"test-{each.name}": each.points for each in assignment.exercises}
    expected |= {f"written-{each.name}": each.points for each in assignment.written}
    assert graded == expected
    assert all(points > 0 for points in graded.values())
