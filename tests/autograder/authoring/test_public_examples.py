"""Public examples as data: written so that nothing is lost, and the same on every machine."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.examples import call, program
from autograder.authoring.exercise import Assignment, Exercise, RubricLine, Wheat, Written
from autograder.authoring.public_examples import (
    example_faults,
    exercise_data,
    public_examples,
    write_value,
)
from autograder.core.check import TOLERANCE, read_exercise, read_value, try_out
from autograder.judging.compare import difference

RNG = np.random.default_rng(8)
VALUES = [
    *(
        None,
        True,
        False,
        3,
        -(10**30),
        0.1 + 0.2,
        5e-324,
        -0.0,
        math.inf,
        -math.inf,
        "ß \n'",
        1 - 2j,
    ),
    *((), (1, (2.5, "x")), [1, [2]], [(0, 2), (1, 3)], np.float64(1 / 3), np.int8(-3), np.True_),
    *(RNG.normal(size=(2, 3)), RNG.normal(size=5).astype(np.float32), np.array([np.nan, -np.inf])),
    *(np.array(7.5), np.zeros((0, 3)), np.arange(6, dtype=np.uint8).reshape(3, 2).T),
    *(np.array([True, False]), np.array([2**64 - 1], dtype=np.uint64), np.array(["a", "bc"])),
    *(np.array([1 + 2j, 1j]), np.array([[1 + 2j]], dtype=np.complex64)),
]


def same(read, value):
    """Whether both are alike, bit by bit."""
    if isinstance(value, np.ndarray):
        alike = (read.dtype, read.shape) == (value.dtype, value.shape)
        return alike and read.tobytes() == value.tobytes()
    value = value.item() if isinstance(value, np.generic) else value
    return type(read) is type(value) and repr(read) == repr(value)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value):
    assert same(read_value(json.loads(json.dumps(write_value(value)))), value)


@pytest.mark.parametrize(
    "value", [{1: 2}, {1}, abs, [b"x"], np.array([{}]), np.longdouble(1), np.ones(2, np.longdouble)]
)
def test_what_cannot_be_written_is_refused(value):
    with pytest.raises(TypeError, match="cannot be written as data"):
        write_value(value)


def thirds(x, parts: int = 3, *, mode="plain", eps: float = 1e-8) -> float:
    return x / parts


FIVE = (call(5),)


def exercise(name="thirds", oracle=thirds, examples=FIVE, **more):
    return Exercise(name, (), cases=iter, oracle=oracle, examples=examples, **more)


def expected(oracle, number, **tolerances):
    """What is written as right for one call of an oracle."""
    data = exercise_data(exercise(oracle=oracle, examples=(call(number),), **tolerances))
    return data["examples"][0]["expected"]


@pytest.fixture
def written():
    calls = (call(np.array([1.0, 2.0])), call(5, mode="plain"))
    pair = exercise("pair", lambda: [1, 2.5], (), kind="value")
    some = replace(pair, name="some", open_size=True)
    motto = exercise("motto", lambda: "less", (), kind="value")
    thirds = replace(
        exercise(examples=calls), rubric=(RubricLine("a", 2, ""), RubricLine("b", 1.5, ""))
    )
    prose = Written("why", 2.0)
    return public_examples(Assignment("99_tiny", (thirds, pair, some, motto), (prose,)))


def test_the_file_has_a_line_for_each_example(written):
    assert written.decode() == (
        '{"format": 1, "points": {"thirds": 3.5, "pair": 0, "some": 0, "motto": 0, '
        '"why": 2}, "exercises": {\n'
        '"thirds": {"kind": "function", '
        '"signature": "x, parts=3, *, mode=\'plain\', eps=1e-8", "examples": [\n'
        '{"args": [{"dtype": "float64", "shape": [2], "values": [1.0, 2.0]}], '
        '"expected": {"dtype": "float64", "shape": [2], "values": [0.333333333, 0.666666667]}},\n'
        '{"args": [5], "options": {"mode": "plain"}, "expected": 1.666666667}\n'
        "]},\n"
        '"pair": {"kind": "value", "shape": [2]},\n'
        '"some": {"kind": "value", "shape": [null]},\n'
        '"motto": {"kind": "value"}\n'
        "}}\n"
    )


@pytest.mark.parametrize("tolerance", [1e-3, TOLERANCE, 1e-9])
@pytest.mark.parametrize("number", [1e-7, 0.3, 7.0, 12345.678])
def test_what_is_right_is_rounded_far_within_the_tolerance(tolerance, number):
    right = number * math.pi
    written = expected(lambda x: x * math.pi, number, rtol=tolerance, atol=tolerance)
    assert written != right
    assert abs(written - right) <= 1e-4 * tolerance * (1 + right)


def test_what_must_be_exact_is_not_rounded():
    assert expected(lambda x: x * math.pi, 0.3, rtol=0, atol=0) == 0.3 * math.pi
    assert expected(lambda x: x * 10**15 + 1, 7) == 7 * 10**15 + 1
    assert expected(lambda x: x / 2, math.inf) == math.inf


@pytest.mark.parametrize("noise", [1e-16, -1e-16, 3e-17])
def test_the_last_bits_leave_no_trace(noise):
    written = expected(lambda x: (np.array([x, 0.0]) + noise, [x + noise], 1j + noise), 0.1)
    array = {"dtype": "float64", "shape": [2], "values": [0.1, 0.0]}
    assert repr(written) == repr({"tuple": [array, [0.1], {"complex": [0.0, 1.0]}]})


def test_the_first_wheat_has_the_signature():
    def as_students_write_it(x, scale=(1, 2)):
        return x

    data = exercise_data(exercise(wheats=(Wheat(as_students_write_it), Wheat(thirds))))
    assert data["signature"] == "x, scale=(1, 2)"


def test_a_tolerance_is_written_where_it_is_not_the_usual():
    assert "rtol" not in exercise_data(exercise(rtol=TOLERANCE, atol=1e-3))
    assert exercise_data(exercise(rtol=TOLERANCE, atol=1e-3))["atol"] == 1e-3


@pytest.mark.parametrize(("off", "is_right"), [(0.9, True), (1.1, False)])
@pytest.mark.parametrize("given", [{}, {"rtol": 1e-3, "atol": 1e-3}])
def test_check_and_grade_draw_one_line(given, off, is_right):
    """Also where an exercise says nothing of its tolerance."""
    tried = exercise(oracle=lambda x: x * 1.0, examples=(call(1.0),), **given)
    answer = 1.0 + off * (tried.rtol + tried.atol)
    public = read_exercise("thirds", exercise_data(tried))
    assert (try_out(public, lambda x: answer).state == "right") is is_right
    graded = difference(answer, 1.0, rtol=tried.rtol, atol=tried.atol)
    assert (graded is None) is is_right


def test_what_float32_gives_is_right_by_the_usual_tolerance():
    x = np.linspace(0.1, 9.7, 12)
    tried = exercise(oracle=lambda x: np.sqrt(x) / 3, examples=(call(x),))
    public = read_exercise("thirds", exercise_data(tried))
    answer = np.sqrt(x.astype(np.float32)) / np.float32(3)
    assert answer.dtype == np.float32
    assert try_out(public, lambda x: answer).state == "right"
    assert difference(answer, np.sqrt(x) / 3, rtol=tried.rtol, atol=tried.atol) is None


def test_of_a_function_that_takes_nothing_only_the_form_is_public():
    answer = (np.array([[3.5, 1.5]]), ("why", 7), None)
    told = exercise(oracle=lambda: answer, examples=())
    assert list(example_faults(told)) == []
    data = exercise_data(told)
    array = {"dtype": "float64", "shape": [1, 2], "values": [0.0, 0.0]}
    assert data["blank"] == {"tuple": [array, {"tuple": ["", 0]}, None]}
    public = read_exercise("thirds", data)
    report = try_out(public, lambda: (np.ones((1, 2)), ("because", 3), None))
    assert report.state == "complete"
    assert try_out(public, lambda: (np.ones(2), ("why", 7), None)).state == "wrong"
    assert try_out(public, lambda: answer[:2]).state == "wrong"
    (fault,) = example_faults(replace(told, examples=(call(),)))
    assert fault == "it takes nothing, so it has one answer, and can have no public examples"


def test_parts_have_a_name_each():
    pair = exercise(oracle=lambda x: (x, 2 * x), parts=("once", "twice"))
    assert list(example_faults(pair)) == []
    public = read_exercise("thirds", exercise_data(pair))
    assert try_out(public, lambda x: (x, x)).says == "In twice: Yours is 5, expected 10."
    (fault,) = example_faults(replace(pair, parts=("once", "twice", "thrice")))
    assert fault == "its parts have 3 names, and its oracle gives 2 parts"


class Tally:
    def __init__(self):
        self.count, self.weight = np.array(0), np.array(0.0)

    def add(self):
        self.count, self.weight = np.array(1), np.array(0.5)


def test_a_program_is_run_with_the_oracle_under_the_name_of_the_exercise():
    shown = program("t = Clicker()", "t.add()", shown="t.count, t.weight, max(t.count, 5)")
    data = exercise_data(exercise("Clicker", Tally, (shown,), kind="class"))
    assert data == {
        "kind": "class",
        "examples": [
            {
                "code": "t = Clicker()\nt.add()",
                "shown": ["t.count", "t.weight", "max(t.count, 5)"],
                "expected": [1, 0.5, 5],
            }
        ],
    }


def test_labels_say_themselves_what_is_right():
    digits = program(
        "x, labels = np.arange(4), np.array([0, 1, 1, 1])",
        shown="parity(x)",
        right="labels",
        what="small numbers",
        of="number",
        at_least=0.75,
    )
    predict = exercise("parity", lambda x: x % 2, (digits,))
    assert list(example_faults(predict)) == []
    public = read_exercise("parity", exercise_data(predict))
    says = try_out(public, lambda x: x % 2).says
    assert says == "good enough on the public numbers.\nsmall numbers: 75.0 % right (75 % wanted)"
    says = try_out(public, lambda x: 0 * x).says
    assert says.startswith("small numbers: 25.0 % of 4 numbers are right; 75 % are wanted.")


def divides(answer, case):
    if answer <= 0:
        return f"{answer} is not above 0."
    return case.args[0] % answer == 0


def chosen(accepts=divides, **more):
    """An exercise to which many answers are right."""
    return exercise("divisor", lambda n: n, (call(6),), accepts=accepts, **more)


def test_what_accepts_right_answers_is_sent_as_source():
    assert list(example_faults(chosen())) == []
    data = exercise_data(chosen())
    assert data["accepts"].startswith("def accepts(answer, case):\n")
    public = read_exercise("divisor", data)
    says = [try_out(public, lambda n, m=m: m).says for m in (3, 6, 4, -1)]
    assert says[:2] == ["the public example is right."] * 2
    assert says[2:] == ["This is not a right answer.", "-1 is not above 0."]


def test_a_checker_that_cannot_stand_alone_is_told():
    limit = 3

    def is_large(answer, case):
        return answer > limit

    (fault,) = example_faults(chosen(is_large))
    assert fault == "check refuses its own oracle: This is not a right answer."


def test_a_call_is_not_judged_by_what_looks_at_its_use():
    (fault,) = example_faults(chosen(use=lambda answer, n: answer(n)))
    assert fault == (
        "its public example 1 is a call, but accepts looks at what use returns: make it a program"
    )
