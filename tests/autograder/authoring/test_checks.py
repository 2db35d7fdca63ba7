"""What is wrong with an assignment is told, a line for each fault."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.checks import UnsoundError, faults, require_sound
from autograder.authoring.examples import call, program
from autograder.authoring.exercise import (
    Assignment,
    Case,
    Exercise,
    LoopRule,
    Misconception,
    RubricLine,
    Written,
)

SECRET = b"secret"


def twice(x):
    return 2 * x


def once(x):
    return x


def cases(rng):
    yield Case("plain", (rng.random((2, 3)),))
    yield Case("whole", (rng.integers(3, 9, 4),))


DOUBLE = Exercise(
    "double",
    oracle=twice,
    cases=cases,
    rubric=(RubricLine("plain", 2, "twice"), RubricLine("whole", 1, "of whole numbers")),
    misconceptions=(Misconception(once, "That is the input.", frozenset({"plain"})),),
    examples=(call(np.ones((1, 2))),),
)
ANSWER = Exercise(
    "answer",
    oracle=lambda: 42,
    cases=lambda rng: [Case("value")],
    rubric=(RubricLine("value", 1, "the answer"),),
    kind="value",
)
SOUND = Assignment("99_sound", (DOUBLE, ANSWER), (Written("why", 2),))


def lines(*rubric):
    return tuple(RubricLine(group, points, "text") for group, points in rubric)


def raises(*_):
    raise ValueError("no stride\nyet")


def raises_on_whole(x):
    return x / 0 if x.ndim == 2 else raises()


class Unsigned:
    __signature__ = 3

    def __call__(self, x):
        return 2 * x


class Doubled:
    def __init__(self, x):
        self.twice = 2 * x


def put_to_use(answer, x):
    return answer(x).twice


def broken_cases(rng):
    yield Case("plain", (np.ones(2),))
    raise IndexError("out of cases")


def breaking(*groups):
    return (Misconception(once, "That is the input.", frozenset(groups)),)


EXERCISES = {
    "a line without cases": (
        DOUBLE,
        {"rubric": lines(("plain", 2), ("whole", 1), ("more", 1))},
        "double: no case belongs to the line 'more', so everybody would earn it",
    ),
    "cases without a line": (
        DOUBLE,
        {"rubric": lines(("plain", 2))},
        "double: its cases of the group 'whole' earn no line of the rubric",
    ),
    "no points": (
        DOUBLE,
        {"rubric": lines(("plain", 2), ("whole", 0))},
        "double: 0 points for 'whole'; a line needs more than 0",
    ),
    "negative points": (
        DOUBLE,
        {"rubric": lines(("plain", -1.5), ("whole", 1))},
        "double: -1.5 points for 'plain'; a line needs more than 0",
    ),
    "points that are no number": (
        DOUBLE,
        {"rubric": lines(("plain", float("nan")), ("whole", 1))},
        "double: nan points for 'plain'; a line needs more than 0",
    ),
    "a group twice": (
        DOUBLE,
        {"rubric": lines(("plain", 2), ("whole", 1), ("plain", 1))},
        "double: 2 lines of the rubric are called 'plain'",
    ),
    "a misconception of an unknown group": (
        DOUBLE,
        {"misconceptions": breaking("plain", "stride")},
        "double: the misconception once breaks 'stride', which the rubric lacks",
    ),
    "a misconception that breaks nothing": (
        DOUBLE,
        {"misconceptions": breaking()},
        "double: the misconception once breaks nothing",
    ),
    "an oracle that raises": (
        DOUBLE,
        {"oracle": raises_on_whole},
        "double: its oracle raises ValueError: no stride yet on a case of the group 'whole', 4",
    ),
    "cases that raise": (
        DOUBLE,
        {"cases": broken_cases},
        "double: its cases raise IndexError: out of cases",
    ),
    "no public examples": (DOUBLE, {"examples": ()}, "double: check has no examples of it"),
    "public examples of a value": (
        ANSWER,
        {"examples": (call(),)},
        "answer: a value is not tried out, so it can have no public examples",
    ),
    "a public example without its comma": (
        DOUBLE,
        {"examples": (call(3))},
        "double: its public examples are one, not a tuple of them: a comma is missing behind it",
    ),
    "a public example that is none": (
        DOUBLE,
        {"examples": (call(3), (4,))},
        "double: its public example 2 is of type tuple; write call(...) or program(...)",
    ),
    "a public example that the oracle cannot take": (
        DOUBLE,
        {"examples": (call(3), call("3", 4))},
        "double: its public example 2 makes its oracle raise TypeError: twice() takes 1 positional "
        "argument but 2 were given",
    ),
    "a public program that the oracle cannot take": (
        DOUBLE,
        {"examples": (program("y = double(2)", shown="y[0]"),)},
        "double: its public example 1 makes its oracle raise TypeError: 'int' object is not "
        "subscriptable",
    ),
    "a public example that is no data": (
        DOUBLE,
        {"examples": (call(np.array([{}])), call(3)), "oracle": once, "misconceptions": ()},
        "double: its public example 1 holds a value of type ndarray cannot be written as data",
    ),
    "a call of a class": (
        DOUBLE,
        {"kind": "class", "oracle": Doubled, "use": put_to_use, "examples": (call(3),)},
        "double: its public example 1 is a call; a class is tried out by programs",
    ),
    "predictions without a name": (
        DOUBLE,
        {"examples": (program("", shown="double(1)", at_least=0.5),)},
        "double: its public example 1 may be right in part: it needs a what, and shows one "
        "expression",
    ),
    "a program that says too little of what is right": (
        DOUBLE,
        {"examples": (program("", shown="double(1), double(2)", right="2"),)},
        "double: its public example 1 shows 2 values and has 1 right ones",
    ),
    "an oracle that contradicts a public example": (
        DOUBLE,
        {"examples": (program("x = 3", shown="double(x)", right="x"),)},
        "double: check refuses its own oracle: double(x): yours is 6, expected 3.",
    ),
    "an oracle whose parameters are unknown": (
        DOUBLE,
        {"oracle": Unsigned()},
        "double: its public examples cannot be written: unexpected object 3 in __signature__ "
        "attribute",
    ),
    "an unknown kind": (
        DOUBLE,
        {"kind": "method"},
        "double: its kind 'method' is none of function, value, class",
    ),
    "a class without use": (
        DOUBLE,
        {"kind": "class", "oracle": Doubled, "examples": (program("", shown="double(2).twice"),)},
        "double: a class needs a use that turns it into plain data",
    ),
    "a value with a use": (
        ANSWER,
        {"use": lambda oracle: oracle()},
        "answer: a value is read, not called, so it can have no use",
    ),
    "a value with loops": (
        ANSWER,
        {"loops": LoopRule(1, ("rows",), lambda rng, n: (n,), (3,))},
        "answer: a value is read, not called, so its loops cannot be counted",
    ),
    "a value with two cases": (
        ANSWER,
        {"cases": lambda rng: [Case("value"), Case("value")]},
        "answer: a value has one case, not 2",
    ),
    "a value with inputs": (
        ANSWER,
        {"oracle": twice, "cases": lambda rng: [Case("value", (3,))]},
        "answer: a value is read, not called, so its case can have no inputs",
    ),
}


def test_a_sound_assignment_has_no_faults():
    assert list(faults(SOUND, SECRET)) == []
    require_sound(SOUND, SECRET)


@pytest.mark.parametrize("case", EXERCISES)
def test_a_fault_of_an_exercise_is_told_in_one_line(case):
    exercise, changes, said = EXERCISES[case]
    assignment = Assignment("99_faulty", (replace(exercise, **changes),))
    assert list(faults(assignment, SECRET)) == [said]


def test_an_exercise_without_rubric_is_told():
    bare = replace(DOUBLE, rubric=(), misconceptions=())
    assert "double: it has no rubric" in faults(Assignment("99_faulty", (bare,)), SECRET)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exercises": (DOUBLE, ANSWER, DOUBLE)}, "double is listed 2 times"),
        ({"written": (Written("why", 2), Written("why", 1))}, "why is listed 2 times"),
        ({"written": (Written("answer", 2),)}, "answer is listed 2 times"),
        ({"written": (Written("why", 0),)}, "why: 0 points; it needs more than 0"),
    ],
)
def test_a_fault_of_the_whole_assignment_is_told(changes, said):
    assert list(faults(replace(SOUND, **changes), SECRET)) == [said]


def test_all_faults_are_told_at_once():
    first = replace(DOUBLE, oracle=raises, misconceptions=breaking())
    second = replace(ANSWER, rubric=lines(("value", 0)))
    with pytest.raises(UnsoundError) as refusal:
        require_sound(Assignment("99_faulty", (first, second)), SECRET)
    assert str(refusal.value).splitlines() == [
        "99_faulty cannot be used as it stands:",
        "  double: the misconception once breaks nothing",
        "  double: its public example 1 makes its oracle raise ValueError: no stride yet",
        "  double: its oracle raises ValueError: no stride yet on a case of the group 'plain', 2×3",
        "  answer: 0 points for 'value'; a line needs more than 0",
    ]
