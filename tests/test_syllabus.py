"""The syllabus: every row of the course documents ends as something that is graded."""

import re
from pathlib import Path

import nbformat
import pytest

from tests.course import ASSIGNMENTS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "syllabus.md"
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


def table():
    """Rows of the page: names of rows, and (notebook, exercise) pairs."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] not in ("Row", "---"):
            graded = [
                (notebook, exercise)
                for notebook, names in re.findall(r"(\d\d_\w+): ((?:`\w+`(?:, )?)+)", cells[2])
                for exercise in re.findall(r"`(\w+)`", names)
            ]
            yield cells[0], graded


ROWS = list(table())


def points():
    """Points of everything that is graded, by notebook and name."""
    return {
        (assignment.name, each.name): each.points
        for assignment in ASSIGNMENTS
        for each in (*assignment.exercises, *assignment.written)
    }


def test_every_row_of_the_sources_is_there():
    named = [name for row, _ in ROWS for name in row.split()]
    assert set(SOURCE_ROWS) <= set(named)


@pytest.mark.parametrize(("row", "graded"), ROWS, ids=[row for row, _ in ROWS])
def test_a_row_is_graded_and_has_points(row, graded):
    assert graded
    for notebook, exercise in graded:
        assert points().get((notebook, exercise), 0) > 0, f"{notebook}: {exercise}"


def test_every_exercise_is_on_the_page_and_in_its_notebook():
    on_page = {each for _, graded in ROWS for each in graded}
    assert on_page == set(points())
    for assignment in ASSIGNMENTS:
        released = nbformat.read(
            ROOT / "notebooks" / assignment.name / f"{assignment.name}.ipynb", 4
        )
        graded = {
            cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
            for cell in released.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        expected = {f"test-{each.name}": each.points for each in assignment.exercises}
        expected |= {f"written-{each.name}": each.points for each in assignment.written}
        assert graded == expected
