"""Rows of a syllabus, and the exercises that cover them, in small courses on disk."""

import pytest

from autograder.authoring.declare import value
from autograder.authoring.loading import load_assignments
from autograder.authoring.syllabus import read_syllabus, syllabus_faults, syllabus_page
from autograder.core.course import Course
from autograder.core.errors import CourseError

HEAD = "# What the course covers\n\nOf a book.\n\n"
TABLE = """\
| Row | What |
| --- | --- |
| B1d B1e B1f | counts |
| sums | adding up, a \\| b |
"""
TAIL = "\nThe end.\n"
X = """\
from autograder.authoring.declare import value
from autograder.authoring.exercise import Assignment, Written

ASSIGNMENT = Assignment("x", written=(Written("why", points=1{why}),))
EXERCISES = (
    value("total", "a sum", lambda: 3{total}),
    value("count", "a number", lambda: 2{count}),
)
"""
Y = """\
from autograder.authoring.declare import value
from autograder.authoring.exercise import Assignment

ASSIGNMENT = Assignment("y")
EXERCISE = value("more", "a sum", lambda: 3, covers=("sums",))
"""
TEXT_OF_X = """\
# %% value total
total = 0

# %% test total
check("total", total)

# %% written why [markdown]
# Because.

# %% value count
count = 0

# %% test count
check("count", count)
"""
BOTH = {"why": '"sums"', "total": '"B1d B1e B1f", "sums"', "count": '"B1d B1e B1f"'}


@pytest.fixture
def make_course(tmp_path):
    """Write a course with one notebook of three questions; its assignments come with it."""

    def make(table=HEAD + TABLE + TAIL, **covers):
        (tmp_path / "nbgrader_config.py").touch()
        (tmp_path / "exercises").mkdir(exist_ok=True)
        given = {
            name: f", covers=({covers[name]},)" if covers.get(name) else ""
            for name in ("why", "total", "count")
        }
        (tmp_path / "exercises" / "x.py").write_text(X.format(**given))
        if table is not None:
            (tmp_path / "exercises" / "syllabus.md").write_text(table)
        course = Course(tmp_path)
        return course, load_assignments(course)

    return make


def faults(made):
    return list(syllabus_faults(*made))


def test_a_value_says_what_it_covers():
    assert value("answer", "the answer", lambda: 42, covers=("sums",)).covers == ("sums",)
    assert value("answer", "the answer", lambda: 42).covers == ()


def test_the_syllabus_is_read_as_a_head_a_table_and_a_tail(make_course):
    course, _ = make_course()
    syllabus = read_syllabus(course)
    assert (syllabus.head, syllabus.tail) == (HEAD, TAIL)
    assert syllabus.rows == ("B1d B1e B1f", "sums")
    assert syllabus.table[-1] == ("sums", "adding up, a \\| b")


def test_a_course_in_which_all_fits_has_no_faults(make_course):
    assert faults(make_course(**BOTH)) == []


def test_a_course_without_a_syllabus_has_no_faults_and_no_page(make_course):
    made = make_course(None)
    assert read_syllabus(made[0]) is None
    assert faults(made) == []
    with pytest.raises(CourseError, match=r"no syllabus: exercises/syllabus\.md is missing"):
        syllabus_page(*made)


PAGE = """\
| Row | What | Graded by |
| --- | --- | --- |
| B1d B1e B1f | counts | x: {first} |
| sums | adding up, a \\| b | x: {second}; y: `more` |
"""


def test_the_page_says_what_grades_each_row_in_the_order_of_the_notebooks(make_course):
    course, _ = make_course(**BOTH)
    (course.exercises / "y.py").write_text(Y)
    (course.root / "solutions").mkdir()
    course.text("x").write_text(TEXT_OF_X)
    page = syllabus_page(course, load_assignments(course))
    table = PAGE.format(first="`total`, `count`", second="`total`, `why`")
    assert page == HEAD + table + TAIL


def test_a_notebook_without_a_text_is_in_order_of_name_prose_last(make_course):
    course, _ = make_course(**BOTH)
    (course.exercises / "y.py").write_text(Y)
    page = syllabus_page(course, load_assignments(course))
    assert PAGE.format(first="`count`, `total`", second="`total`, `why`") in page


def test_a_page_may_be_a_table_alone_with_other_headings_and_no_pipes_at_its_ends(make_course):
    made = make_course("|Nr.|Was\n|:--|:-:\n|B1d B1e B1f|\n|sums||\n", **BOTH)
    assert faults(made) == ["exercises/syllabus.md, line 3: a row has two cells, not 1"]
    made = make_course("|Nr.|Was\n|:--|:-:\n|B1d B1e B1f|counts\n|sums||\n", **BOTH)
    assert faults(made) == []
    assert syllabus_page(*made) == (
        "| Nr. | Was | Graded by |\n"
        "| :-- | :-: | --- |\n"
        "| B1d B1e B1f | counts | x: `count`, `total` |\n"
        "| sums |  | x: `total`, `why` |\n"
    )


@pytest.mark.parametrize(
    ("table", "covers", "expected"),
    [
        pytest.param(
            HEAD + TABLE + "| rest | nothing yet |\n",
            BOTH,
            ["exercises/syllabus.md: nothing covers the row 'rest'"],
            id="a row that nothing covers",
        ),
        pytest.param(
            TABLE,
            BOTH | {"count": '"B1d B1e B1f", "B1e"'},
            ["x: count covers 'B1e', which the syllabus lacks; did you mean 'B1d B1e B1f'?"],
            id="a part of a row",
        ),
        pytest.param(
            TABLE,
            BOTH | {"why": '"sums", "summs"'},
            ["x: why covers 'summs', which the syllabus lacks; did you mean 'sums'?"],
            id="a misspelt row",
        ),
        pytest.param(
            TABLE,
            BOTH | {"why": '"sums", "Z9"'},
            ["x: why covers 'Z9', which the syllabus lacks"],
            id="a row like no other",
        ),
        pytest.param(
            TABLE,
            BOTH | {"count": ""},
            ["x: count covers no row of the syllabus"],
            id="an exercise that covers nothing",
        ),
        pytest.param(
            TABLE,
            BOTH | {"why": ""},
            ["x: why covers no row of the syllabus"],
            id="a written question that covers nothing",
        ),
        pytest.param(
            TABLE + "| sums | once more |\n",
            BOTH,
            ["exercises/syllabus.md: 2 rows are called 'sums'"],
            id="a row twice",
        ),
        pytest.param(
            None,
            {"why": '"sums"', "total": '"counts", "sums"'},
            [
                "x: total covers 'counts', but the course has no exercises/syllabus.md",
                "x: why covers 'sums', but the course has no exercises/syllabus.md",
            ],
            id="rows without a syllabus",
        ),
        pytest.param(
            HEAD,
            BOTH,
            ["exercises/syllabus.md has no table"],
            id="no table",
        ),
        pytest.param(
            TABLE + "\n" + TABLE,
            BOTH,
            ["exercises/syllabus.md has more than one table"],
            id="two tables",
        ),
        pytest.param(
            HEAD + TABLE + "| rest | a | b |\n",
            BOTH,
            ["exercises/syllabus.md, line 9: a row has two cells, not 3"],
            id="a row of three cells",
        ),
        pytest.param(
            HEAD + "| Row | What |\n| sums | adding up |\n",
            BOTH,
            [
                "exercises/syllabus.md, line 5: under the heading of a table there must be a line "
                "of dashes"
            ],
            id="no dashes",
        ),
    ],
)
def test_each_fault_is_told_in_one_line(make_course, table, covers, expected):
    assert faults(make_course(table, **covers)) == expected


def test_a_row_that_two_notebooks_name_is_covered_by_either(make_course):
    course, _ = make_course(**BOTH | {"why": '"B1d B1e B1f"', "total": '"B1d B1e B1f"'})
    assert faults((course, load_assignments(course))) == [
        "exercises/syllabus.md: nothing covers the row 'sums'"
    ]
    (course.exercises / "y.py").write_text(Y)
    assert faults((course, load_assignments(course))) == []


def test_a_forgotten_comma_is_one_fault(make_course):
    course, _ = make_course(**dict.fromkeys(BOTH, '"B1d B1e B1f"'))
    (course.exercises / "y.py").write_text(Y.replace('("sums",)', '("sums")'))
    assert faults((course, load_assignments(course))) == [
        "y: more needs a comma in its covers: ('sums',)"
    ]
