"""The check file alone: numpy, the standard library, its data, and a student."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.examples import call, program
from autograder.authoring.exercise import Assignment, Exercise
from autograder.building.student_side import lay_beside
from autograder.core import check


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()


def centred(x, axis=0, *, scale=1.0):
    return scale * (x - x.mean(axis=axis, keepdims=True))


ASSIGNMENT = Assignment(
    "98_statistics",
    (
        Exercise(
            "centred",
            (),
            oracle=centred,
            cases=iter,
            examples=(
                call(np.array([1.0, 2.0, 6.0])),
                call(np.array([[1, 2], [3, 8]]), 1, scale=0.5),
                call(np.array([1.0, np.nan])),
            ),
        ),
        Exercise(
            "Stack",
            (),
            oracle=Stack,
            cases=iter,
            kind="class",
            examples=(
                program("s = Stack()", "s.push(3)", shown="s.pop()"),
                program("s = Stack()", "s.push(3)", "s.push(4)", shown="s.pop(), s.pop()"),
            ),
        ),
        Exercise("pair", (), oracle=lambda: [1, 2], cases=iter, kind="value"),
        Exercise("some", (), lambda: [0, 4, 8], cases=iter, kind="value", open_size=True),
        Exercise("motto", (), oracle=lambda: "less is more", cases=iter, kind="value"),
    ),
)

OTHERS = {
    "format": 1,
    "exercises": {
        "solve": {
            "kind": "function",
            "signature": "A, b",
            "accepts": "def accepts(answer, case):\n"
            "    A, b = case.args\n"
            "    if answer.shape != case.right.shape:\n"
            "        return 'a solution has as many entries as A has columns'\n"
            "    return np.allclose(A @ answer, b)\n",
            "later": [{"says": "of a later version"}],
            "examples": [
                {
                    "args": [
                        {"dtype": "int64", "shape": [1, 2], "values": [1, 1]},
                        {"dtype": "int64", "shape": [1], "values": [4]},
                    ],
                    "expected": {"dtype": "float64", "shape": [2], "values": [2.0, 2.0]},
                    "note": "of a later version",
                }
            ],
        }
    },
}

ANSWERS = """
import statistics

import numpy as np


def right(x, axis=0, *, scale=1.0):
    return (x - x.mean(axis, keepdims=True)) * scale


def forgets_the_scale(x, axis=0, *, scale=1.0):
    return x - x.mean(axis, keepdims=True)


def flattens(x, axis=0, *, scale=1.0):
    return right(x, axis, scale=scale).ravel()


def breaks(x, axis=0, *, scale=1.0):
    return x - statistics.mean([])


def undone(x, axis=0, *, scale=1.0):
    raise NotImplementedError


def calls_undone(x, axis=0, *, scale=1.0):
    return helper(x)


def helper(x):
    raise NotImplementedError


def changes_its_input(x, axis=0, *, scale=1.0):
    y = right(x, axis, scale=scale)
    x[...] = 0
    return y


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()


class Queue(Stack):
    def pop(self):
        return self.items.pop(0)


class Begun(Stack):
    def pop(self):
        if len(self.items) > 1:
            raise NotImplementedError
        return self.items.pop()


TRIED = {
    "right": ("centred", right),
    "wrong value": ("centred", forgets_the_scale),
    "wrong shape": ("centred", flattens),
    "raises": ("centred", breaks),
    "undone": ("centred", undone),
    "calls what is undone": ("centred", calls_undone),
    "dots": ("centred", ...),
    "changes its input": ("centred", changes_its_input),
    "no function": ("centred", 3),
    "class": ("Stack", Stack),
    "wrong class": ("Stack", Queue),
    "class that is begun": ("Stack", Begun),
    "value": ("pair", [3, 4]),
    "value of another size": ("pair", [3]),
    "value of any size": ("some", [0, 4]),
    "value of no size": ("some", []),
    "value of another form": ("some", [[0, 4, 8]]),
    "value that is no number": ("motto", "more is more"),
    "solution": ("solve", lambda A, b: np.array([2, 2])),
    "another solution": ("solve", lambda A, b: np.array([1.0, 3.0])),
    "no solution": ("solve", lambda A, b: np.array([1.0, 1.0])),
    "a solution in another form": ("solve", lambda A, b: np.array([4.0])),
    "a solution that is a list": ("solve", lambda A, b: [2, 2]),
    "nothing": ("solve", lambda A, b: None),
}
"""

ALONE = """
import contextlib, io, json, sys
sys.path[:0] = sys.argv[1:]
from check import check, waiting_for
import answers

told = {}
for what, (name, answer) in answers.TRIED.items():
    with contextlib.redirect_stdout(io.StringIO()) as out:
        good = check(name, answer)
    told[what] = [good, out.getvalue()]
try:
    check("centered", answers.right)
except ValueError as error:
    told["unknown name"] = [False, str(error)]
with contextlib.redirect_stdout(io.StringIO()) as out, waiting_for("centred"):
    raise NotImplementedError
told["waiting"] = [True, out.getvalue()]
told["packages"] = [True, sorted({name.partition(".")[0] for name in sys.modules})]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the check file says where nothing but numpy can be imported."""
    packages, folder = (tmp_path_factory.mktemp(name) for name in ("packages", "notebooks"))
    for found in Path(np.__file__).parent.parent.glob("numpy*"):
        if found.name in ("numpy", "numpy.libs"):
            (packages / found.name).symlink_to(found)
    lay_beside(ASSIGNMENT, folder)
    (folder / "99_equations.examples.json").write_text(json.dumps(OTHERS))
    (folder / "answers.py").write_text(ANSWERS)
    alone = [sys.executable, "-I", "-S", "-c", ALONE, folder, packages]
    done = subprocess.run(alone, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


SAID = {
    "right": (True, "[right] centred: all 3 public examples are right.\n"),
    "wrong value": (
        False,
        "[not right yet] centred: First difference at [0, 0]: yours -0.5, expected -0.25. "
        "4 of 4 entries differ.\n"
        "    Example 2 of 3: centred(x, 1, scale=0.5)\n"
        "    x = [[1 2]\n"
        "         [3 8]]\n",
    ),
    "wrong shape": (False, "The shape is (4,); expected (2, 2). It has 1 dimension, expected 2."),
    "raises": (False, "it raised StatisticsError: mean requires at least one data point\n"),
    "undone": (False, "[to do] centred: not done yet.\n"),
    "calls what is undone": (False, "not done yet: it calls helper, which is not done yet.\n"),
    "dots": (False, "[to do] centred: not done yet.\n"),
    "changes its input": (True, "are right.\n    Note: Your function changes its input x."),
    "no function": (False, "expected a function, but centred is now an int."),
    "class": (True, "[right] Stack: all 2 public examples are right.\n"),
    "wrong class": (
        False,
        "s.pop(): yours is 3, expected 4.\n    Example 2 of 2:\n    s = Stack()\n    s.push(3)\n",
    ),
    "class that is begun": (
        False,
        "Begun.pop still raises NotImplementedError. Right so far: 1 of 2 public examples.\n",
    ),
    "value": (True, "[complete] pair: looks complete: 2 numbers. It is marked when you submit.\n"),
    "value of another size": (False, "you gave 1 number; expected 2 numbers."),
    "value of any size": (True, "[complete] some: looks complete: 2 numbers. It is marked when"),
    "value of no size": (False, "you gave 0 numbers; expected a list of numbers."),
    "value of another form": (False, "you gave 1 row, 3 columns; expected a list of numbers."),
    "value that is no number": (True, "looks complete. It is marked when you submit.\n"),
    "solution": (True, "[right] solve: the public example is right.\n"),
    "another solution": (True, "[right] solve: the public example is right.\n"),
    "no solution": (False, "solve: This is not a right answer.\n    Example 1 of 1: solve(A, b)\n"),
    "a solution in another form": (
        False,
        "solve: a solution has as many entries as A has columns.\n",
    ),
    "a solution that is a list": (False, "It returned a list; expected an array."),
    "nothing": (False, "It returned None. Is a return missing?\n"),
    "unknown name": (
        False,
        "check knows no exercise called 'centered'. Did you mean 'centred'? "
        "It knows: centred, Stack, pair, some, motto, solve.",
    ),
    "waiting": (True, "This picture appears once centred is done.\n"),
}


@pytest.mark.parametrize("what", SAID)
def test_the_check_file_stands_alone(told, what):
    good, said = told[what]
    wanted, words = SAID[what]
    assert good is wanted
    assert words in said


def test_an_error_is_placed_in_the_students_own_code(told):
    line = ANSWERS.splitlines().index("    return x - statistics.mean([])") + 1
    assert f"in line {line} of the cell: return x - statistics.mean([])\n" in told["raises"][1]


def test_nothing_but_numpy_is_loaded(told):
    packages = set(told["packages"][1])
    assert "numpy" in packages
    assert packages.isdisjoint({"scipy", "matplotlib", "IPython", "autograder", "convkit"})


def test_all_that_was_tried_is_looked_at(told):
    assert set(told) == {*SAID, "packages"}


def test_data_of_another_format_are_refused(tmp_path, monkeypatch):
    (tmp_path / "a.examples.json").write_text('{"format": 2, "exercises": {}}')
    monkeypatch.setattr(check, "__file__", str(tmp_path / "check.py"))
    check.read_files.cache_clear()
    with pytest.raises(ValueError, match=r"a\.examples\.json and .*check\.py belong to different"):
        check.find("f")


def test_without_data_check_says_what_is_missing():
    check.read_files.cache_clear()
    with pytest.raises(ValueError, match=r"'f'\. No \*\.examples\.json lies beside it\."):
        check.check("f", abs)


def test_arguments_beyond_the_parameters_are_shown():
    exercise = check.Exercise("total", "function", signature="first, *others")
    told = check.describe_call(exercise, check.Call((1, np.array([2, 3]), 4)))
    assert told == ("total(1, arg2, 4)", "arg2 = [2 3]")


def test_parameters_with_commas_in_their_defaults_are_told_apart():
    exercise = check.Exercise("f", "function", signature="x, size=(2, 2), mode='a,b', *, last=1")
    assert exercise.named((1, 2, 3)) == {"x": 1, "size": 2, "mode": 3}


def test_an_input_with_nan_counts_as_unchanged():
    call = check.Call((np.array([1.0, np.nan]),), expected=np.array([2.0, np.nan]))
    exercise = check.Exercise("twice", "function", signature="x", examples=(call,))
    assert check.try_out(exercise, lambda x: 2 * x).remark == ""
