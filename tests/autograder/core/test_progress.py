"""What the last cell of a notebook says, and what the checks tell nbgrader's Validate."""

import json
import sys

import numpy as np
import pytest

from autograder.authoring.examples import call
from autograder.authoring.exercise import Assignment, Exercise, RubricLine, Written
from autograder.building.student_side import lay_beside
from autograder.core import check


def doubled(x):
    return 2 * x


def undone(x):
    raise NotImplementedError


def exercise(name, *points, **more):
    rubric = tuple(RubricLine(f"line {number}", each, "") for number, each in enumerate(points))
    return Exercise(name, rubric, cases=iter, **more)


ASSIGNMENT = Assignment(
    "97_pairs",
    (
        exercise("doubled", 2, 1.5, oracle=doubled, examples=(call(np.arange(40.0)), call(3))),
        exercise("squared", 4, oracle=lambda x: x * x, examples=(call(3),)),
        exercise("pair", 1, oracle=lambda: [1, 2], kind="value"),
    ),
    (Written("why", 2),),
    order=("doubled", "squared", "why", "pair"),
)

DONE = {"doubled": doubled, "squared": lambda x: x * x, "pair": [7, 8]}


@pytest.fixture(autouse=True)
def laid(tmp_path, monkeypatch):
    lay_beside(ASSIGNMENT, tmp_path)
    monkeypatch.setattr(check, "__file__", str(tmp_path / "check.py"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    check.read_files.cache_clear()
    yield tmp_path
    check.read_files.cache_clear()


@pytest.fixture
def validating(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")


def states(names):
    return {each.name: each.state for each in check.stand("97_pairs", names).entries}


def test_every_exercise_has_its_points_and_how_far_it_is():
    standing = check.stand("97_pairs", {"doubled": doubled, "squared": doubled, "pair": ...})
    assert [(each.name, each.points, each.state) for each in standing.entries] == [
        ("doubled", 3.5, "right"),
        ("squared", 4, "wrong"),
        ("why", 2, "prose"),
        ("pair", 1, "undone"),
    ]
    assert standing.points == 10.5
    assert [each.name for each in standing.open] == ["squared", "pair"]


def test_a_value_is_complete_and_never_right():
    for pair in ([1, 2], [7, 8]):
        assert states({"pair": pair})["pair"] == "complete"


def test_a_name_that_nothing_has_bound_is_not_done():
    assert states({}) == {
        "doubled": "undone",
        "squared": "undone",
        "pair": "undone",
        "why": "prose",
    }


def test_answers_are_tried_anew(capsys):
    names = dict(DONE)
    check.check("squared", names["squared"])
    names["squared"] = undone
    assert states(names)["squared"] == "undone"
    names["squared"] = doubled
    assert states(names)["squared"] == "wrong"


def test_the_answers_are_those_of_the_running_notebook(monkeypatch, capsys):
    monkeypatch.setattr(sys.modules["__main__"], "doubled", doubled, raising=False)
    check.progress("97_pairs")
    assert "[right]         doubled" in capsys.readouterr().out


def test_what_answers_print_is_not_shown(capsys):
    def noisy(x):
        print("NOISE")
        print("NOISE", file=sys.stderr)
        return 2 * x

    check.progress("97_pairs", {"doubled": noisy})
    told = capsys.readouterr()
    assert "[right]         doubled" in told.out
    assert "NOISE" not in told.out + told.err


def test_the_list_as_text(capsys):
    check.progress("97_pairs", {**DONE, "squared": doubled})
    assert capsys.readouterr().out == (
        "97_pairs, 10.5 points: 1 right by the public examples, 1 complete, 1 not right\n"
        "    yet, 1 in your own words, for a person to read.\n"
        "    [right]         doubled  3.5 points\n"
        "    [not right yet] squared  4 points\n"
        "    [in words]      why      2 points\n"
        "    [complete]      pair     1 point\n"
        "Points are given when your work is graded: for functions and classes by other\n"
        "    inputs, for values by what is right.\n"
        "To hand in: choose Restart Kernel and Run All Cells, look at this list again,\n"
        "    save, and hand in 97_pairs.ipynb under this name, as your course says (with\n"
        "    nbgrader: Submit, in the Assignment List). An exercise that is not done\n"
        "    costs the others nothing.\n"
    )


def test_the_list_as_a_block_has_a_row_with_a_sign_for_each():
    block = check.standing_as_html(check.stand("97_pairs", {**DONE, "squared": undone}))
    rows = [row.partition("</b>")[0][-1] for row in block.split("width:1.2em")[1:]]
    assert rows == ["✓", "…", "¶", "●"]
    for name, points in (("doubled", "3.5 points"), ("pair", "1 point"), ("why", "2 points")):
        assert block.index(f"<b>{name}</b>") < block.index(f">{points}<", block.index(f">{name}<"))


def test_a_notebook_that_is_not_known_is_told(laid):
    with pytest.raises(ValueError, match=r"called '97_pair'\. It knows: 97_pairs\."):
        check.progress("97_pair", {})
    path = laid / "97_pairs.examples.json"
    data = json.loads(path.read_text())
    del data["points"]
    path.write_text(json.dumps(data))
    check.read_files.cache_clear()
    with pytest.raises(ValueError, match=r"No \*\.examples\.json lies beside it\."):
        check.progress("97_pairs", {})


@pytest.mark.parametrize("execution", [None, "autograde", ""])
def test_nothing_is_raised_outside_of_validate(execution, monkeypatch, capsys):
    if execution is not None:
        monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    check.progress("97_pairs", {})
    assert check.check("doubled", undone) is False
    assert capsys.readouterr().err == ""


def test_validate_is_told_of_each_check_what_is_not_done_or_not_right(validating, capsys):
    for name, answer in (("doubled", undone), ("squared", doubled), ("pair", ...)):
        assert check.check(name, answer) is False
        told = capsys.readouterr()
        assert told.err.startswith(("[to do] ", "[not right yet] "))
        assert name in told.err.split("\n")[0]
        assert name in told.out


def test_validate_has_nothing_against_what_is_right_or_complete(validating, capsys):
    for name, answer in DONE.items():
        assert check.check(name, answer) is True
    assert capsys.readouterr().err == ""


def test_a_warning_of_a_right_answer_is_no_failure(validating, capsys):
    def warns(x):
        # As warnings are shown outside of pytest.
        print("RuntimeWarning: divide by zero", file=sys.stderr)
        return 2 * x

    assert check.check("doubled", warns) is True
    assert capsys.readouterr().err == ""


def test_validate_cuts_no_line_off(validating, capsys):
    def breaks(x):
        raise ValueError("so " * 90 + "END")

    check.check("doubled", breaks)
    err = capsys.readouterr().err
    assert max(map(len, err.split("\n"))) <= 80
    assert "END" in err


def test_in_the_end_validate_gets_a_list_of_what_is_open(validating, capsys):
    with pytest.raises(check.NotFinished) as caught:
        check.progress("97_pairs", {**DONE, "squared": doubled, "pair": [1, ...]})
    lines = caught.value._render_traceback_()
    assert lines[1:] == ["[not right yet] squared: not right yet", "[to do] pair: not done yet"]
    assert "[not right yet] squared" in capsys.readouterr().out
    check.progress("97_pairs", DONE)
