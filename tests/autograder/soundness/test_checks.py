"""What is wrong with an assignment is told, a line for each fault."""

import os
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.examples import call, program
from autograder.authoring.exercise import (
    Assignment,
    Case,
    Exercise,
    LoopRule,
    Misconception,
    RubricLine,
    RuleBreaker,
    Wheat,
    Written,
)
from autograder.soundness.checks import UnsoundError, faults, require_sound

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


FACTOR = 2


class Unsigned:
    __signature__ = 3

    def __call__(self, x):
        return 2 * x


class Doubled:
    def __init__(self, x):
        self.twice = 2 * x


def put_to_use(answer, x):
    return answer(x).twice


def uses_a_constant(x, factor=FACTOR):
    return factor * x


class UsesMore:
    def __call__(self, x):
        return [twice(FACTOR * item) for item in x]


def calls_a_helper(x):
    return once(x) + np.asarray(once(x))


def calls_the_answer(x):
    return double(x)  # noqa: F821


def accepts_with_a_helper(answer, case):
    right = 2 * once(np.asarray(case.args[0]))
    return np.shape(answer) == right.shape and bool(np.all(abs(answer - right) < 1e-9))


def uses_with_a_helper(answer, x):
    return answer(once(x))


def stands_alone(x, power: int = 1):
    """A wheat may do all this."""
    import math

    from numpy import linspace

    def helper(n):
        return stands_alone(n, power - 1) if power > 1 else 2 * n

    class Doubled(list):
        def __init__(self, items):
            super().__init__(items)

    del math, linspace, Doubled
    return np.array([helper(item) for item in x]) if np.ndim(x) else helper(x)


HERE = os.path.relpath(__file__)
PLACE = f"{HERE}:{raises.__code__.co_firstlineno + 1}"


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
        "double: the chaff once breaks 'stride', which the rubric lacks",
    ),
    "a misconception that breaks nothing": (
        DOUBLE,
        {"misconceptions": breaking()},
        "double: the chaff once breaks nothing",
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
    "public examples that have the same fault": (
        DOUBLE,
        {"examples": (call(3), call({1}), call({2}))},
        "double: its public example 2 makes its oracle raise TypeError: unsupported operand "
        "type(s) for *: 'int' and 'set' "
        f"({HERE}:{twice.__code__.co_firstlineno + 1})",
    ),
    "a public example that the oracle cannot take": (
        DOUBLE,
        {"examples": (call(3), call("3", 4))},
        "double: its public example 2 makes its oracle raise TypeError: twice() takes 1 positional "
        "argument but 2 were given "
        f"({HERE}:{twice.__code__.co_firstlineno})",
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
    "a name with a space": (
        DOUBLE,
        {"name": "two times"},
        "two times: its name is none that a notebook could bind",
    ),
    "a name that Python keeps": (
        DOUBLE,
        {"name": "lambda"},
        "lambda: its name is none that a notebook could bind",
    ),
    "endless points": (
        DOUBLE,
        {"rubric": lines(("plain", 2), ("whole", float("inf")))},
        "double: inf points for 'whole'; a line needs more than 0",
    ),
    "points in words": (
        DOUBLE,
        {"rubric": lines(("plain", "two"), ("whole", 1))},
        "double: 'two' points for 'plain'; a line needs more than 0",
    ),
    "a negative tolerance": (
        DOUBLE,
        {"rtol": -1e-5},
        "double: its rtol is -1e-05; it needs a number, 0 or more",
    ),
    "a tolerance that is no number": (
        DOUBLE,
        {"atol": float("nan")},
        "double: its atol is nan; it needs a number, 0 or more",
    ),
    "a tolerance for anything": (
        DOUBLE,
        {"atol": float("inf")},
        "double: its atol is inf; it needs a number, 0 or more",
    ),
    "a chaff that says nothing": (
        DOUBLE,
        {"misconceptions": (Misconception(once, " ", frozenset({"plain"})),)},
        "double: the chaff once says nothing to the student",
    ),
    "a rule breaker that nobody need find": (
        DOUBLE,
        {"rule_breakers": (RuleBreaker(twice, ""),)},
        "double: the rule breaker twice does not say what the judge finds",
    ),
    "two of a name": (
        DOUBLE,
        {"wheats": (Wheat(twice), Wheat(once))},
        "double: 2 of its wheats and chaffs are called once",
    ),
    "a wheat with a global": (
        DOUBLE,
        {"wheats": (Wheat(uses_a_constant),)},
        "double: the wheat uses_a_constant does not stand alone: it uses FACTOR from outside; "
        "it may use np and what it defines or imports itself",
    ),
    "a chaff with two globals": (
        DOUBLE,
        {"misconceptions": (Misconception(UsesMore, "No.", frozenset({"plain"})),)},
        "double: the chaff UsesMore does not stand alone: it uses FACTOR, twice from outside; "
        "it may use np and what it defines or imports itself",
    ),
    "a rule breaker with a helper": (
        DOUBLE,
        {"rule_breakers": (RuleBreaker(calls_a_helper, "a helper"),)},
        "double: the rule breaker calls_a_helper does not stand alone: it uses once from outside; "
        "it may use np and what it defines or imports itself",
    ),
    "a wheat that calls the answer of another": (
        DOUBLE,
        {"wheats": (Wheat(calls_the_answer),)},
        "double: the wheat calls_the_answer does not stand alone: it uses double from outside; "
        "it may use np and what it defines or imports itself",
    ),
    "a use with a helper": (
        DOUBLE,
        {"use": uses_with_a_helper},
        "double: its use does not stand alone: it uses once from outside; "
        "it may use np and what it defines or imports itself",
    ),
    "a checker with a helper": (
        DOUBLE,
        {"accepts": accepts_with_a_helper},
        "double: its checker does not stand alone: it uses once from outside; "
        "it may use np and what it defines or imports itself",
    ),
    "a wheat without source": (
        DOUBLE,
        {"wheats": (Wheat(lambda x: 2 * x),)},
        "double: the wheat <lambda> is no plain function or class whose source can be read",
    ),
    "a wheat of a library": (
        DOUBLE,
        {"wheats": (Wheat(len),)},
        "double: the wheat len is no plain function or class whose source can be read",
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


def test_a_wheat_may_import_define_and_call_itself():
    wheats = (Wheat(stands_alone),)
    assert list(faults(replace(SOUND, exercises=(replace(DOUBLE, wheats=wheats),)), SECRET)) == []


def test_an_exercise_without_rubric_is_told():
    bare = replace(DOUBLE, rubric=(), misconceptions=())
    assert "double: it has no rubric" in faults(Assignment("99_faulty", (bare,)), SECRET)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exercises": (DOUBLE, ANSWER, DOUBLE)}, "double is listed 2 times"),
        ({"written": (Written("why", 2), Written("why", 1))}, "why is listed 2 times"),
        (
            {"written": (Written("answer", 2),)},
            "answer is the name of an exercise and of a written question",
        ),
        ({"written": (Written("why", 0),)}, "why: 0 points; it needs more than 0"),
        ({"written": (Written("why", float("nan")),)}, "why: nan points; it needs more than 0"),
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
        "  double: the chaff once breaks nothing",
        "  double: its public example 1 makes its oracle raise ValueError: no stride yet "
        f"({PLACE})",
        f"  double: its oracle raises ValueError: no stride yet ({PLACE}) on a case of the group "
        "'plain', 2×3",
        "  answer: 0 points for 'value'; a line needs more than 0",
    ]
