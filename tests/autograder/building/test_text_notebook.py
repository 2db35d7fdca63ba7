import sys
from dataclasses import replace
from types import ModuleType

import nbformat
import pytest

from autograder.authoring.exercise import Assignment, Case, Exercise, RubricLine, Written
from autograder.building.prompts import with_points
from autograder.building.text_notebook import (
    SourceError,
    build_source,
    parse_marker,
    solved_notebook,
    visible,
)
from autograder.core.cells import Marker, marker_of


def exercise(name, *points, kind="function"):
    rubric = tuple(RubricLine(f"line {i}", p, "text") for i, p in enumerate(points))
    return Exercise(
        name, oracle=lambda: 1, cases=lambda rng: [Case("line 0")], rubric=rubric, kind=kind
    )


ASSIGNMENT = Assignment(
    "99_example",
    (exercise("double", 2, 1.5), exercise("answer", 1, kind="value")),
    (Written("why", 2),),
)

TEXT = '''\
# %% [markdown]
# # Title

# %% setup
import numpy as np

# %% solution double
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% test double
check("double", double)

# %% value answer
answer = 42

# %% test answer
check("answer", answer)

# %% figure doubling
draw(double)

# %% [markdown]
# Why?

# %% written why [markdown]
# Because.
#
# ### BEGIN MARK SCHEME
# 2 points for because
# ### END MARK SCHEME

# %%
play = 1
'''


@pytest.fixture
def source():
    return build_source(TEXT, ASSIGNMENT)


def cell(notebook, id_):
    return next(cell for cell in notebook.cells if cell.id == id_)


def flags(cell):
    nbgrader = cell.metadata.nbgrader
    return nbgrader.grade, nbgrader.solution, nbgrader.locked, nbgrader.get("points")


def test_markers_become_nbgraders_metadata(source):
    nbformat.validate(source)
    assert flags(cell(source, "double")) == (False, True, False, None)
    assert flags(cell(source, "value-answer")) == (False, True, False, None)
    assert flags(cell(source, "figure-doubling")) == (False, False, True, None)
    assert flags(cell(source, "setup")) == (False, False, True, None)


def test_points_come_from_the_rubric(source):
    assert flags(cell(source, "test-double")) == (True, False, True, 3.5)
    assert flags(cell(source, "test-answer")) == (True, False, True, 1)
    assert flags(cell(source, "written-why")) == (True, True, False, 2)


def prompts(text, assignment=ASSIGNMENT):
    return [
        cell.source
        for cell in build_source(text, assignment).cells
        if cell.cell_type == "markdown" and not marker_of(cell).kind
    ]


def test_a_prompt_says_what_its_answers_are_worth():
    assert prompts(TEXT) == [
        "# Title\n\n*`double`: 3.5 points · `answer`: 1 point*",
        "Why?\n\n*2 points*",
    ]


@pytest.mark.parametrize(
    ("written", "released"),
    [
        ("### Do `double`\n\nText.", "### Do `double` · 3.5 points\n\nText."),
        ("## `double`\n\n### Do `double`", "## `double`\n\n### Do `double` · 3.5 points"),
        ("## `doubled`", "## `doubled`\n\n*3.5 points*"),
        ("Do `double`.", "Do `double`.\n\n*3.5 points*"),
        ("A\n\n<details>\nb\n</details>\n", "A\n\n*3.5 points*\n\n<details>\nb\n</details>\n"),
        (
            "A\n\n<details>b</details>\n\n<details>c</details>",
            "A\n\n*3.5 points*\n\n<details>b</details>\n\n<details>c</details>",
        ),
        ("A <details>b</details>\n\nC", "A <details>b</details>\n\nC\n\n*3.5 points*"),
    ],
)
def test_points_stand_at_a_heading_or_above_the_hints(written, released):
    assert with_points(written, {"double": 3.5}) == released


def test_points_stand_with_the_nearest_text_above_an_answer():
    text = TEXT.replace("# %% value answer", "# %% [markdown]\n# How much?\n\n# %% value answer")
    text = text.replace("# %% figure doubling", "# %% [markdown]\n# Look.\n\n# %% figure doubling")
    assert prompts(text) == [
        "# Title\n\n*3.5 points*",
        "How much?\n\n*1 point*",
        "Look.",
        "Why?\n\n*2 points*",
    ]


def test_the_id_of_a_prompt_does_not_depend_on_points():
    more = replace(ASSIGNMENT, written=(Written("why", 3),))
    assert prompts(TEXT, more)[-1] == "Why?\n\n*3 points*"
    ids = [[cell.id for cell in build_source(TEXT, each).cells] for each in (ASSIGNMENT, more)]
    assert ids[0] == ids[1]


def test_the_hidden_part_is_appended_and_can_be_taken_off(source):
    text = cell(source, "test-double").source
    assert 'hidden_tests("double", double)' in text
    assert visible(text) == 'check("double", double);'
    assert visible("x = 1\n") == "x = 1\n"


def test_cell_ids_are_the_same_each_time(source):
    again = build_source(TEXT, ASSIGNMENT)
    assert [cell.id for cell in again.cells] == [cell.id for cell in source.cells]
    assert len({cell.id for cell in source.cells}) == len(source.cells)


def test_the_solved_notebook_has_answers_and_no_marks(source):
    text = "\n".join(cell.source for cell in solved_notebook(source).cells)
    assert "return 2 * x" in text
    assert "answer = 42" in text
    assert "SOLUTION" not in text
    assert "hidden_tests" not in text


@pytest.mark.parametrize(
    ("imported", "module"),
    [
        ("from check import check", "check"),
        ("from plots.check import check, waiting_for", "plots.check"),
        ("from plots.testing import\\\n    try_out as check", "plots.testing"),
    ],
)
def test_a_notebook_that_imports_check_gets_a_last_cell(source, imported, module):
    made = build_source(TEXT.replace("import numpy as np", imported), ASSIGNMENT)
    last = made.cells[-1]
    assert [cell.id for cell in made.cells[:-1]] == [cell.id for cell in source.cells]
    assert last.id == "closing-99_example"
    assert f"    from {module} import progress\n" in last.source
    assert last.source.endswith('    progress("99_example")')
    assert (last.metadata.editable, last.metadata.deletable) == (False, False)
    assert marker_of(last) == Marker("closing", "99_example")


@pytest.mark.parametrize(
    ("module", "what"),
    [("old_check", "the file old_check.py"), ("old_plots.check", "the package old_plots")],
)
def test_a_check_that_cannot_show_progress_is_told_in_a_line(module, what, monkeypatch, capsys):
    """A course's package may hold a copy from before there was a last cell."""
    made = build_source(
        TEXT.replace("import numpy as np", f"from {module} import check"), ASSIGNMENT
    )
    package = module.split(".")[0]
    monkeypatch.setitem(sys.modules, package, ModuleType(package))
    monkeypatch.setitem(sys.modules, module, ModuleType(module))
    exec(made.cells[-1].source, {})
    told = capsys.readouterr().out
    assert told == f"This list needs a newer version of {what}. All else works without it.\n"


def test_the_last_cell_is_none_of_the_gradebooks():
    """nbgrader enters what has its metadata."""
    made = build_source(TEXT.replace("import numpy as np", "from check import check"), ASSIGNMENT)
    assert "nbgrader" not in made.cells[-1].metadata


@pytest.mark.parametrize("imported", ["import numpy as np", "from .check import check", "%time 3"])
def test_without_check_there_is_no_last_cell(source, imported):
    made = build_source(TEXT.replace("import numpy as np", imported), ASSIGNMENT)
    assert [cell.id for cell in made.cells] == [cell.id for cell in source.cells]


def test_an_author_cannot_make_a_last_cell():
    with pytest.raises(SourceError, match="'closing' is none of"):
        parse_marker("closing 99_example")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# %% figure doubling", "# %% figgure doubling", "figgure"),
        ("# %% figure doubling", "# %% figure", "'' is not a name"),
        ("# %% figure doubling", "# %% figure two words", "not a name"),
        ("# %% figure doubling", "# %% solution double", "two cells are called 'double'"),
        ("# %% test double", "# %% test treble", "no exercise called 'treble'"),
        ('# %% test answer\ncheck("answer", answer)', "", "no cell test-answer"),
        (
            'check("answer"',
            'check("anwser"',
            "cell test 'answer' checks 'anwser', which is no exer",
        ),
        ("# %% written why [markdown]", "# %% written whence [markdown]", "no written question"),
        ("# %% written why [markdown]", "# %% written why", "is a code cell"),
        ("# %% solution double", "# %% solution double [markdown]", "is a markdown cell"),
        ("# %% solution double", "# %% solution triple", "'triple' belongs to no exercise"),
        ("# %% solution double", "# %% solution triple", "no solution or value cell gives double"),
        ("answer = 42", "reply = 42", "no solution or value cell gives answer"),
        ("answer = 42", "reply = 42", "'answer' belongs to no exercise: it gives reply"),
        ("answer = 42", "print(answer := 42)", "holds more than plain assignments"),
        ("answer = 42", "answer = (42", "holds more than plain assignments"),
    ],
)
def test_a_broken_rule_is_told(old, new, said):
    assert old in TEXT
    with pytest.raises(SourceError, match=said):
        build_source(TEXT.replace(old, new), ASSIGNMENT)


def test_all_broken_rules_are_told_at_once():
    text = TEXT.replace("# %% figure doubling", "# %% figgure doubling")
    text = text.replace("# %% test double", "# %% test treble")
    with pytest.raises(SourceError) as refusal:
        build_source(text, ASSIGNMENT)
    head, *faults = str(refusal.value).splitlines()
    assert head == "the text notebook of 99_example:"
    assert len(faults) == 3
    assert "no exercise called 'treble'" in faults[0]
    assert "figgure" in faults[1]
    assert faults[2] == "  there is no cell test-double"


def test_a_solution_without_points_is_listed():
    text = TEXT + "\n# %% solution layers\ndef layers(x):\n    return x\n"
    with pytest.raises(SourceError, match="'layers' belongs to no exercise"):
        build_source(text, ASSIGNMENT)
    built = build_source(text, replace(ASSIGNMENT, unmarked=("layers",)))
    assert flags(cell(built, "layers")) == (False, True, False, None)


def test_a_marker_is_read():
    assert parse_marker("setup").name == "setup"
    assert parse_marker("written why").kind == "written"
