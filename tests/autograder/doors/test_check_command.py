"""``autograder check`` and ``autograder table`` as an author at work meets them: real processes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "autograder"

EXERCISES = """\
import numpy as np

from autograder.authoring.declare import chaff, value, wheat
from autograder.authoring.examples import call
from autograder.authoring.exercise import Assignment, Case, Exercise, RubricLine, Written

ASSIGNMENT = Assignment("01_small", written=(Written("why", points=2),))


def cases(rng):
    yield Case("plain", (rng.uniform(1, 2, (2, 3)),))
    yield Case("long", (rng.uniform(1, 2, 7),))


@wheat
def by_adding(x):
    return x + x


@chaff(says="That is the input.", breaks=["plain", "long"])
def unchanged(x):
    return x


@chaff(says="Only five are twice as large.", breaks=["long"])
def five_at_most(x):
    return 2 * x[:5]


def oracle(x):
    return 2 * x


DOUBLE = Exercise(
    "double",
    oracle=oracle,
    cases=cases,
    rubric=(RubricLine("plain", 2, "twice"), RubricLine("long", 1, "of seven")),
    wheats=(by_adding,),
    misconceptions=(unchanged, five_at_most),
    examples=(call(np.ones(3)),),
)
ANSWER = value("answer", "the answer", lambda: 42)
"""

TEXT = """\
# %% solution double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% test double
print(double(1))

# %% value answer
answer = 42

# %% test answer
print(answer)

# %% written why [markdown]
# Because.
"""


@pytest.fixture
def course(tmp_path):
    """A course with one notebook in which nothing is wrong."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    for folder, name, text in (
        ("exercises", "small.py", EXERCISES),
        ("solutions", "01_small.py", TEXT),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    return tmp_path


def change(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def autograder(root, *arguments):
    return subprocess.run(
        [PROGRAM, *arguments], cwd=root, capture_output=True, text=True, timeout=300
    )


SUMMARY = (
    "01_small: 2 exercises and 1 written question, 6 points; "
    "1 wheat, 2 chaffs, 0 rule breakers: all as they should be\n"
)


@pytest.mark.parametrize("arguments", [[], ["01_small"]])
def test_where_nothing_is_wrong_one_line_says_so(course, arguments):
    done = autograder(course, "check", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, SUMMARY, "")


def test_new_draws_are_told_by_a_seed_that_repeats_them(course):
    change(course / "exercises" / "small.py", "return x + x", "return x + x * (x.flat[0] < 1.9)")
    first = autograder(course, "check", "01_small", "double", "--draws", "20")
    assert first.returncode == 1
    assert " of 20 draws)" in first.stdout
    words = first.stderr.rpartition("to repeat them: ")[2].split()
    again = autograder(course, "check", "01_small", "double", *words)
    assert (again.stdout, again.stderr) == (first.stdout, "")
    alone = autograder(course, "check", "--seed", "a")
    assert alone.returncode == 2
    assert "--draws" in alone.stderr


def test_one_exercise_is_checked_without_a_look_at_the_others(course):
    change(course / "exercises" / "small.py", '"plain", 2, "twice"', '"plain", 0, "twice"')
    done = autograder(course, "check", "01_small", "answer")
    assert done.returncode == 0
    assert done.stdout.startswith("01_small answer: 1 point; 0 wheats, ")
    done = autograder(course, "check", "01_small", "double")
    assert done.returncode == 1
    assert done.stdout == ("01_small: double: 0 points for 'plain'; a line needs more than 0\n")


def test_each_fault_is_a_line_and_the_exit_code_tells(course):
    exercises = course / "exercises" / "small.py"
    change(exercises, "return 2 * x[:5]", "return 2 * x")
    change(exercises, "lambda: 42", "lambda: 1 / 0")
    change(course / "solutions" / "01_small.py", "# %% test answer", "# %% solution lost")
    (course / "solutions" / "02_later.py").touch()
    done = autograder(course, "check")
    assert done.returncode == 1
    place = EXERCISES[: EXERCISES.index("lambda: 42")].count("\n") + 1
    assert done.stdout.splitlines() == [
        f"{course.resolve()}/solutions/02_later.py has no exercises: no ASSIGNMENT is called "
        "02_later",
        "01_small: there is no cell test-answer",
        "01_small: cell solution 'lost' belongs to no exercise, and is not listed as unmarked",
        "01_small: answer: its oracle raises ZeroDivisionError: division by zero "
        f"(exercises/small.py:{place}) on a case of the group 'value'",
        "01_small: double: the chaff five_at_most earns everything; it should break 'long'",
    ]
    assert done.stderr == ""
    only = autograder(course, "check", "01_small")
    assert only.stdout.splitlines() == done.stdout.splitlines()[1:]


def test_a_fault_of_the_course_alone_fails_as_well(course):
    (course / "solutions" / "02_later.py").touch()
    done = autograder(course, "check")
    assert done.returncode == 1
    assert done.stdout.splitlines()[1:] == SUMMARY.splitlines()


def test_a_text_notebook_that_is_missing_is_a_fault(course):
    (course / "solutions" / "01_small.py").unlink()
    done = autograder(course, "check", "01_small")
    assert done.returncode == 1
    assert done.stdout.startswith("01_small: it has no text notebook: ")


def test_programs_get_the_same_as_data(course):
    done = autograder(course, "check", "--json")
    assert done.returncode == 0
    (found,) = json.loads(done.stdout)["assignments"]
    assert found == {
        "assignment": "01_small",
        "exercise": "",
        "exercises": 2,
        "written": 1,
        "points": 6,
        "wheats": 1,
        "chaffs": 2,
        "rule_breakers": 0,
        "faults": [],
    }
    change(course / "exercises" / "small.py", "return 2 * x[:5]", "return 2 * x")
    (course / "solutions" / "02_later.py").touch()
    done = autograder(course, "check", "--json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data["assignments"][0]["faults"] == [
        "double: the chaff five_at_most earns everything; it should break 'long'"
    ]
    assert [line.rpartition(":")[2] for line in data["course"]] == [
        " no ASSIGNMENT is called 02_later"
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["01_small", "triple"], "01_small has no exercise 'triple'; there are: double, answer"),
        (["small"], "no assignment is called 'small'; there are: 01_small"),
        (["small", "double"], "no assignment is called 'small'; there are: 01_small"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(course, arguments, said):
    done = autograder(course, "check", *arguments)
    assert done.returncode == 1
    assert done.stderr.strip() == f"autograder: {said}"
    assert done.stdout == ""


def test_one_exercise_is_checked_without_waiting_for_what_reads_notebooks(course):
    """nbgrader and nbformat take seconds to import."""
    program = (
        "import sys\n"
        "from autograder.doors.cli import app\n"
        "app(['check', '01_small', *sys.argv[1:]], standalone_mode=False)\n"
        "print(sorted({'nbformat', 'nbgrader', 'IPython'} & sys.modules.keys()))\n"
    )

    def loaded(*arguments):
        command = [sys.executable, "-c", program, *arguments]
        done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=60)
        return done.stdout.splitlines()[-1]

    assert loaded("double") == "[]"
    assert "nbformat" in loaded()


def test_the_table_is_printed_and_fails_where_a_row_is_wrong(course):
    right = autograder(course, "table")
    assert (right.returncode, right.stderr) == (0, "")
    exercises = course / "exercises" / "small.py"
    change(exercises, "return 2 * x[:5]", "return 2 * x")
    change(exercises, "return x + x", "return x + x[0]")
    done = autograder(course, "table", "01_small")
    assert done.returncode == 1
    assert "| **`five_at_most`** | ✓ | ✓ | 3/3 |" in done.stdout
    wheat, chaff = done.stderr.splitlines()
    assert wheat.startswith("01_small: double: the wheat by_adding loses 'long', 'plain' (")
    assert chaff == (
        "01_small: double: the chaff five_at_most earns everything; it should break 'long'"
    )
    written = autograder(course, "table", "--write", "table.md")
    assert (written.returncode, written.stdout) == (1, "")
    assert written.stderr == done.stderr
    assert (course / "table.md").read_text() == done.stdout
