"""Any order of harmless edits to a right notebook leaves it all of its points."""

import ast
import copy
import functools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autograder.building.release import release
from autograder.core.cells import EXTRA
from autograder.core.course import course_secret
from autograder.grading.own import own_grader
from autograder.running.zygotes import Zygotes
from autograder.settings import load_settings
from tests.course import find_assignment, make_course, right_notebook

NAME = "02_convolution"
EXAMPLES = int(os.environ.get("EDITED_NOTEBOOKS", "60"))

pytestmark = pytest.mark.long

SCRATCH = (
    "1 + 1",
    "import math\nmath.pi",
    "scratch = np.arange(6).reshape(2, 3)\nscratch",
    "%time sum(range(10))",
    "for i in range(3):\n    print(i)",
    "def compare(x, w):\n    import numpy as np\n    return np.convolve(x, w)",
    "from IPython.display import Markdown, display\ndisplay(Markdown('*so*'), scratch_2 := 2)",
    "1 / 0",
    "this is no Python",
    "",
)
OURS = ("solution", "value", "test", EXTRA)


def kind(cell):
    return cell.get("kind", EXTRA)


def flatten(notebook):
    """The cells as dicts that remember what they are, which no grader sees."""
    cells = json.loads(nbformat.writes(notebook))["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
        marker = cell["metadata"].get("autograder", {})
        cell["kind"] = marker.get("kind", "text") or "text"
    return cells


def places(cells, *kinds):
    return [
        n for n, cell in enumerate(cells) if kind(cell) in kinds and cell["cell_type"] == "code"
    ]


def fresh(source, cell_type="code"):
    return {"cell_type": cell_type, "source": source, "metadata": {}, "kind": EXTRA}


def insert(cells, one, other):
    cells.insert(one % (len(cells) + 1), fresh(SCRATCH[other % len(SCRATCH)]))


def insert_text(cells, one, other):
    cells.insert(one % (len(cells) + 1), fresh("A note of mine.", ("markdown", "raw")[other % 2]))


def split(cells, one, other):
    """As JupyterLab does: both halves have the metadata."""
    where = places(cells, "solution", "value", EXTRA)
    place = where[one % len(where)]
    source = cells[place]["source"]
    try:
        statements = ast.parse(source).body[1:]
    except SyntaxError:
        return
    starts = [
        min([each.lineno, *(d.lineno for d in getattr(each, "decorator_list", ()))]) - 1
        for each in statements
    ]
    if starts:
        lines = source.splitlines()
        start = starts[other % len(starts)]
        second = {**copy.deepcopy(cells[place]), "kind": EXTRA}
        second.pop("id", None)
        cells[place]["source"] = "\n".join(lines[:start])
        second["source"] = "\n".join(lines[start:])
        cells.insert(place + 1, second)


def merge(cells, one, other):
    """The first of two neighbours keeps its name."""
    where = [n for n in places(cells, *OURS)[:-1] if n + 1 in places(cells, *OURS)]
    where = [n for n in where if _is_python(cells[n]) and _is_python(cells[n + 1])]
    if where:
        place = where[one % len(where)]
        cells[place]["source"] += "\n" + cells.pop(place + 1)["source"]


def _is_python(cell):
    try:
        ast.parse(cell["source"])
    except SyntaxError:
        return False
    return "1 / 0" not in cell["source"]


def paste(cells, one, other):
    """A copy further down, with the metadata of the original."""
    where = places(cells, *OURS)
    place = where[one % len(where)]
    twin = {**copy.deepcopy(cells[place]), "kind": EXTRA}
    twin.pop("id", None)
    cells.insert(place + 1 + other % (len(cells) - place), twin)


def move(cells, one, other):
    where = [n for n in places(cells, EXTRA) if not cells[n]["metadata"]]
    where = [n for n in where if cells[n]["source"] in SCRATCH]
    if where:
        cell = cells.pop(where[one % len(where)])
        cells.insert(other % (len(cells) + 1), cell)


def retype(cells, one, other):
    where = places(cells, "solution", "value")
    if where:
        place = where[one % len(where)]
        cells[place] = fresh(cells[place]["source"])


def strip_metadata(cells, one, other):
    for cell in cells:
        cell["metadata"] = {}


def strip_ids(cells, one, other):
    for cell in cells:
        cell.pop("id", None)


def end_lines(cells, one, other):
    for cell in cells:
        cell["source"] = cell["source"].replace("\r\n", "\n").replace("\n", ("\r\n", "\n")[one % 2])


def comment(cells, one, other):
    where = places(cells, "solution", "value")
    if where:
        cells[where[one % len(where)]]["source"] += "\n# done\n"


EDITS = (
    *(insert, insert, insert_text, split, merge, paste, move, retype),
    *(strip_metadata, strip_ids, end_lines, comment),
)
NUMBERS = st.integers(0, 10_000)
PLANS = st.lists(st.tuples(st.sampled_from(EDITS), NUMBERS, NUMBERS), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def grading(tmp_path_factory):
    """A released course in which one student hands in."""
    course = make_course(tmp_path_factory.mktemp("edits") / "course")
    assignment = find_assignment(NAME)
    config, room = load_settings(course)
    release(course, assignment, config)
    course_secret(course)
    right = right_notebook(course, assignment)
    place = course.submission(NAME, "ada")
    place.parent.mkdir(parents=True)
    with Zygotes(room, course.root) as zygotes:
        zygote = functools.cache(zygotes.new)
        grade = own_grader(course, assignment, room, zygote, force=True, notebook=False)
        yield Grading(flatten(right), place, grade)


@dataclass(repr=False)
class Grading:
    """The right notebook's cells, where to hand in, and what grades it."""

    cells: list
    place: Path
    grade: Callable

    def verdict(self, cells):
        self.place.write_text(written(cells))
        return self.grade("ada").result.verdict


def written(cells):
    kept = [{key: cell[key] for key in cell if key != "kind"} for cell in cells]
    for cell in kept:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps({"cells": kept, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(plan=PLANS)
def test_harmless_edits_cost_nothing(grading, plan):
    cells = copy.deepcopy(grading.cells)
    for edit, one, other in plan:
        edit(cells, one, other)
    verdict = grading.verdict(cells)
    lost = [(each.exercise, each.advice) for each in verdict.exercises if each.earned < each.points]
    assert lost == [], verdict.remarks
    assert verdict.outcome == "OK", verdict.remarks
