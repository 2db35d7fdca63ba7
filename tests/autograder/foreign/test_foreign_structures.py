"""Structures of public courses: the gradebook that nbgrader makes, but for what is listed."""

import shutil

import nbformat
import pytest
from public_courses import DATA, DIFFERENCES, FOOTER, HEADER, hand_in, make
from test_foreign_courses import nbgrader, release
from test_foreign_grade import autograder, gradebook, verdicts

pytestmark = pytest.mark.long

STOCK = """\
c = get_config()
c.IncludeHeaderFooter.header = "source/header.ipynb"
c.IncludeHeaderFooter.footer = "source/footer.ipynb"
"""
OURS = STOCK + "from autograder.settings import lock\nlock(c)\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The assignments, released and handed in; two of them late."""
    root = tmp_path_factory.mktemp("structures") / "course"
    make(root)
    (root / "nbgrader_config.py").write_text(STOCK)
    nbgrader(root, "update", "source")
    release(root, *DATA, header=f"source/{HEADER}", footer=f"source/{FOOTER}")
    with gradebook(root) as book:
        for name in ("helpers", "partial-credit"):
            book.update_or_create_assignment(name, duedate="2024-03-02 12:00:00 UTC")
    hand_in(root)
    return root


def graded(course, name, config):
    root = shutil.copytree(course, course.parent / name)
    (root / "nbgrader_config.py").write_text(config)
    return root


@pytest.fixture(scope="module")
def by_stock(course):
    root = graded(course, "stock", STOCK)
    for name in DATA:
        nbgrader(root, "autograde", name, check=False)
    return root


@pytest.fixture(scope="module")
def by_nbgrader(course):
    root = graded(course, "by-nbgrader", OURS)
    for name in DATA:
        nbgrader(root, "autograde", name)
    return root


@pytest.fixture(scope="module")
def by_us(course):
    root = graded(course, "by-us", OURS)
    return root, {name: autograder(root, "grade", name, "--json") for name in DATA}


def entered(root):
    """(student, assignment) -> all that the gradebook holds of a submission that was graded."""
    with gradebook(root) as book:
        return {
            (submission.student.id, assignment.name): {
                "totals": (
                    submission.score,
                    submission.max_score,
                    submission.code_score,
                    submission.written_score,
                    submission.task_score,
                    submission.needs_manual_grade,
                    submission.total_seconds_late,
                    str(submission.timestamp),
                ),
                "grades": sorted(
                    (n.name, g.name, g.auto_score, g.max_score, g.needs_manual_grade)
                    for n in submission.notebooks
                    for g in n.grades
                ),
                "comments": sorted(
                    (n.name, c.name, c.auto_comment)
                    for n in submission.notebooks
                    for c in n.comments
                ),
                "penalties": [n.late_submission_penalty for n in submission.notebooks],
            }
            for assignment in book.assignments
            for submission in assignment.submissions
            if (root / "autograded" / submission.student.id / assignment.name).exists()
        }


def test_the_gradebook_is_nbgraders_own_but_for_what_is_listed(by_stock, by_nbgrader, by_us):
    theirs, ours = entered(by_stock), entered(by_us[0])
    assert entered(by_nbgrader) == ours
    different = {place for place in ours if theirs.get(place) != ours[place]}
    assert different == set(DIFFERENCES)
    assert set(theirs) <= set(ours)
    for place, (_, stock, expected) in DIFFERENCES.items():
        assert stock is None
        assert place not in theirs
        assert {name: score for _, name, score, *_ in ours[place]["grades"]} == expected


def test_scores_are_of_all_kinds(by_us):
    grades = {
        (who, what, cell): score
        for (who, what), found in entered(by_us[0]).items()
        for _, cell, score, *_ in found["grades"]
    }
    assert grades["ann", "data-science", "summary_test"] == 2
    assert grades["ann", "data-science", "style_test"] == 1
    assert grades["ben", "data-science", "summary_test"] == 0
    assert grades["ann", "partial-credit", "roots_part"] == 4
    assert grades["ben", "partial-credit", "roots_part"] == 1
    assert 0 < grades["ben", "partial-credit", "roots_share"] < 2.5
    assert grades["ben", "helpers", "centre_test"] == 0
    assert grades["ann", "essays", "why"] is None
    assert grades["ben", "essays", "how"] == 0


def test_every_full_submission_has_full_points(by_us):
    for name, done in by_us[1].items():
        verdict = verdicts(done)["ann"]
        assert (verdict["outcome"], verdict["score"]) == ("OK", verdict["points"]), name
        assert verdict["remarks"] == ["judged in the student's process"], name


def test_what_one_notebook_wrote_can_be_seen(by_stock, by_nbgrader, by_us):
    for root in (by_stock, by_nbgrader, by_us[0]):
        for student, total in (("ann", "6.0"), ("ben", "5")):
            path = root / "autograded" / student / "data-science" / "summary.txt"
            assert path.read_text() == total


def test_the_files_are_those_that_nbgrader_leaves(by_stock, by_nbgrader, by_us):
    def files(root):
        top = root / "autograded"
        return {
            str(path.relative_to(top))
            for path in top.rglob("*")
            if "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts
        }

    theirs = files(by_stock)
    assert files(by_nbgrader) == files(by_us[0])
    more = files(by_us[0]) - theirs
    assert theirs <= files(by_us[0])
    assert {path.split("/")[0] for path in more} <= {student for student, _ in DIFFERENCES}


def test_header_and_footer_are_there(by_us):
    notebook = nbformat.read(by_us[0] / "autograded" / "ann" / "helpers" / "tools.ipynb", 4)
    assert notebook.cells[0].source == "# A course"
    assert notebook.cells[-2].source == "The end."
