from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_key, answer_keys, call_ids
from autograder.authoring.exercise import (
    Assignment,
    Case,
    Exercise,
    LoopRule,
    Misconception,
    RubricLine,
    Wheat,
)
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge, judge_exercise
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import Answer, CellResult, QuestionResult
from autograder.sandbox.protocol.values import encode

SECRET = b"a secret of this test"


def double(x, shift=0):
    return 2 * x + shift


def doubles_without_shift(x, shift=0):
    return 2 * x


def squares(x, shift=0):
    return x**2 + shift


def raises_on_a_shift(x, shift=0):
    if shift:
        raise ValueError("no shift")
    return 2 * x


def cases(rng):
    yield Case("plain", (rng.standard_normal((2, 3)),))
    yield Case("plain", (rng.standard_normal((4, 1)),))
    yield Case("shift", (rng.standard_normal(5),), {"shift": 3})


EXERCISE = Exercise(
    "double",
    oracle=double,
    cases=cases,
    rubric=(RubricLine("plain", 2, "twice"), RubricLine("shift", 1, "with a shift")),
    forbidden=("numpy.multiply",),
    wheats=(Wheat(double),),
    misconceptions=(
        Misconception(doubles_without_shift, "The shift is left out.", frozenset({"shift"})),
        Misconception(squares, "That is the square.", frozenset({"plain", "shift"})),
        Misconception(raises_on_a_shift, "A shift is allowed.", frozenset({"shift"})),
    ),
)


def labels_of(images):
    raise AssertionError("labels are given, not computed")


PREDICTION = Exercise(
    "predict",
    oracle=labels_of,
    cases=lambda rng: [Case("easy", (np.zeros(8),), right=np.arange(8), at_least=0.75)],
    rubric=(RubricLine("easy", 2, "three quarters"),),
)


class Counter:
    def __init__(self, start):
        self.value = start

    def add(self, number):
        self.value = self.value + number


class Forgetful:
    def __init__(self, start):
        self.value = start

    def add(self, number):
        self.value = number


def add_twice(answer, start, number):
    counter = answer(start)
    counter.add(number)
    counter.add(number)
    return counter.value


CLASS = Exercise(
    "Counter",
    oracle=Counter,
    cases=lambda rng: [Case("adds", (rng.standard_normal(3), 2.0))],
    rubric=(RubricLine("adds", 3, "adds up"),),
    kind="class",
    use=add_twice,
    misconceptions=(Misconception(Forgetful, "It forgets.", frozenset({"adds"})),),
)
VALUE = Exercise(
    "answer",
    oracle=lambda: np.array([[1, 2], [3, 4]]),
    cases=lambda rng: [Case("value")],
    rubric=(RubricLine("value", 1, "the number"),),
    kind="value",
)
ASSIGNMENT = Assignment("99_example", (EXERCISE, VALUE))


def answered(function, **changes):
    (_, key), _ = answer_keys(ASSIGNMENT, SECRET)
    answers = []
    for id_, case in zip(call_ids(EXERCISE, key.cases), key.cases, strict=True):
        try:
            value = function(*case.args, **case.kwargs)
        except Exception as error:
            answers.append(Answer(id_, raised=type(error).__name__, line=2))
        else:
            answers.append(Answer(id_, encode(value)))
    return replace(QuestionResult("test-double", Outcome.OK, answers=tuple(answers)), **changes)


def valued(value):
    return QuestionResult("test-answer", Outcome.OK, answers=(Answer("value", encode(value)),))


def record(*questions, **changes):
    cell = {"id": "double", "cell_type": "code", "source": changes.pop("source", "")}
    run = (CellResult("double", Outcome.OK),)
    blank = Record("99_example", "student", "key", notebook={"cells": [cell]}, cells=run)
    return replace(blank, questions=questions, **changes)


def verdict_of(question, **changes):
    return judge(record(question, **changes), ASSIGNMENT, SECRET).exercises[0]


def test_right_answers_earn_every_line():
    verdict = judge(record(answered(double), valued([[1, 2], [3, 4]])), ASSIGNMENT, SECRET)
    assert (verdict.earned, verdict.points, verdict.outcome) == (4, 4, Outcome.OK)
    assert verdict.remark == ""


def test_a_misconception_loses_its_lines_and_is_named():
    verdict = verdict_of(answered(doubles_without_shift))
    assert [line.earned for line in verdict.lines] == [2, 0]
    assert verdict.misconception == "doubles_without_shift"
    assert verdict.advice == "The shift is left out."
    assert "first at [0] (5, shift=3)" in verdict.lines[1].message


def test_an_exception_alone_names_nothing():
    verdict = verdict_of(answered(raises_on_a_shift), source="\n")
    assert (verdict.misconception, verdict.advice) == ("", "")
    assert verdict.lines[1].message.startswith("raised ValueError in line 2")


@pytest.mark.parametrize(("cell", "told"), [("x = 1\ny = 2", True), ("x = 1", False)])
def test_only_lines_that_a_cell_has_are_told(cell, told):
    verdict = verdict_of(answered(raises_on_a_shift), source=cell)
    assert ("in line 2 of its cell" in verdict.lines[1].message) == told


def test_an_unknown_mistake_gets_a_message_and_no_name():
    verdict = verdict_of(answered(lambda x, shift=0: 3 * x))
    assert verdict.earned == 0
    assert (verdict.misconception, verdict.advice) == ("", "")
    assert "4 of 4 values are wrong" in verdict.lines[0].message


def test_no_message_says_an_expected_value():
    key = answer_keys(ASSIGNMENT, SECRET)[0][1]
    said = " ".join(line.message for line in verdict_of(answered(lambda x, shift=0: 3 * x)).lines)
    for right in key.right:
        for number in right.flat:
            assert f"{number:.2f}" not in said


@pytest.mark.parametrize(
    ("outcome", "said", "setting"),
    [
        (Outcome.TIMEOUT, "too long", "c.LockedRoom.question_seconds"),
        (Outcome.CRASH, "ended the process", ""),
        (Outcome.MEMORY, "memory", "c.LockedRoom.memory_bytes"),
        (Outcome.OUTPUT, "more than can be taken", ""),
    ],
)
def test_a_question_that_was_stopped_keeps_the_lines_that_were_answered(outcome, said, setting):
    whole = answered(double)
    verdict = verdict_of(replace(whole, outcome=outcome, answers=whole.answers[:2]))
    assert verdict.outcome is outcome
    assert [line.earned for line in verdict.lines] == [2, 0]
    assert said in verdict.lines[1].message
    assert setting in verdict.advice


@pytest.mark.parametrize(
    ("answered_calls", "seconds", "said"),
    [
        (1, 0, ["it took too long and was stopped", "was not called: an earlier call took too"]),
        (0, 9, ["it took too long and was stopped", "was not called: an earlier call took too"]),
        (0, 0, ["no call has an answer: it took too", "no call has an answer: it took too"]),
    ],
)
def test_the_call_that_was_running_is_told_from_those_behind_it(answered_calls, seconds, said):
    whole = answered(double)
    given = whole.answers[:answered_calls]
    stopped = replace(whole, outcome=Outcome.TIMEOUT, answers=given, seconds=seconds)
    lines = verdict_of(stopped).lines
    first = [answered_calls, 2]
    assert [line.case for line in lines] == first
    assert all(line.message.startswith(words) for line, words in zip(lines, said, strict=True))


def test_of_calls_without_an_answer_the_first_is_told_and_not_the_smallest():
    def sized(rng):
        yield Case("plain", (rng.random(5),))
        yield Case("plain", (rng.random(2),))

    exercise = replace(EXERCISE, cases=sized, rubric=EXERCISE.rubric[:1])
    key = answer_key(SECRET, ASSIGNMENT.name, exercise)
    question = QuestionResult("test-double", Outcome.TIMEOUT, seconds=9)
    assert judge_exercise(exercise, key, question, []).lines[0].case == 0


def test_an_untouched_stub_is_undone_and_not_wrong():
    def stub(x, shift=0):
        raise NotImplementedError

    ellipsis = replace(valued(0), answers=(Answer("value", encode(...)),))
    verdict = judge(record(answered(stub), ellipsis), ASSIGNMENT, SECRET)
    assert [e.outcome for e in verdict.exercises] == [Outcome.UNDONE, Outcome.UNDONE]
    assert verdict.earned == 0


def test_a_question_that_is_missing_or_unbound_is_undone():
    assert verdict_of(valued(0)).outcome is Outcome.UNDONE
    assert verdict_of(answered(double, bound=False)).outcome is Outcome.UNDONE


def test_a_broken_rule_costs_the_exercise_and_is_told():
    seen = verdict_of(answered(double, reached=("numpy.multiply",)))
    assert (seen.earned, seen.outcome) == (0, Outcome.WRONG)
    assert "numpy.multiply" in seen.advice
    source = "import numpy as np\ndef double(x, shift=0):\n    return np.multiply(2, x) + shift"
    read = verdict_of(answered(double), source=source)
    assert (read.earned, "line 3" in read.advice) == (0, True)


def test_what_the_room_says_of_itself_is_not_repeated():
    """A process that has seen the hidden inputs must not get them into the feedback."""
    leak = "3.14159-was-a-hidden-input"
    answers = tuple(Answer(f"call-{i}", raised=leak) for i in range(3))
    verdict = verdict_of(answered(double, answers=answers))
    assert leak not in " ".join(line.message for line in verdict.lines)
    others = tuple(Answer(f"call-{i}", {"kind": "other", "type": leak}) for i in range(3))
    verdict = verdict_of(answered(double, answers=others))
    assert leak not in " ".join(line.message for line in verdict.lines)
    broken = tuple(Answer(f"call-{i}", {"kind": leak}) for i in range(3))
    verdict = verdict_of(answered(double, answers=broken))
    assert leak not in " ".join(line.message for line in verdict.lines)
    assert leak not in verdict_of(answered(double, reached=(leak,))).advice


def test_nothing_is_scored_where_a_person_or_another_run_is_needed():
    refused = judge(record(refused="no JSON"), ASSIGNMENT, SECRET)
    assert (refused.outcome, refused.scored, refused.remark) == (Outcome.REFUSED, False, "no JSON")
    infra = judge(record(infra="no room"), ASSIGNMENT, SECRET)
    assert (infra.outcome, infra.scored) == (Outcome.INFRA, False)


def test_repairs_show_but_cost_nothing():
    right = (answered(double), valued([[1, 2], [3, 4]]))
    verdict = judge(record(*right, repairs=("cell x was changed",)), ASSIGNMENT, SECRET)
    assert (verdict.outcome, verdict.earned) == (Outcome.TAMPERED, 4)
    assert verdict.remark == "cell x was changed (put right)"


def test_the_worst_outcome_of_any_cell_is_the_submissions():
    right = (answered(double), valued([[1, 2], [3, 4]]))
    stopped = (CellResult("extra-1", Outcome.TIMEOUT),)
    verdict = judge(record(*right, cells=stopped), ASSIGNMENT, SECRET)
    assert (verdict.outcome, verdict.earned) == (Outcome.TIMEOUT, 4)
    assert "extra-1: it took too long and was stopped (c.LockedRoom.cell_seconds" in verdict.remark


def test_cases_depend_on_the_secret_alone():
    mine = answer_keys(ASSIGNMENT, SECRET)[0][1].cases
    answer_keys.cache_clear()
    again = answer_keys(ASSIGNMENT, SECRET)[0][1].cases
    other = answer_keys(ASSIGNMENT, b"another")[0][1].cases
    for a, b, c in zip(mine, again, other, strict=True):
        assert np.array_equal(a.args[0], b.args[0])
        assert not np.array_equal(a.args[0], c.args[0])


def judged(exercise, *answers, **changes):
    """The verdict on answers to the cases of an exercise."""
    ((_, key),) = answer_keys(Assignment("99_example", (exercise,)), SECRET)
    given = tuple(
        Answer(id_, encode(value))
        for id_, value in zip(call_ids(exercise, key.cases), answers, strict=True)
    )
    question = QuestionResult(f"test-{exercise.name}", Outcome.OK, answers=given, **changes)
    return judge_exercise(exercise, key, question, [])


def test_a_prediction_needs_its_share_of_right_labels():
    labels = np.arange(8)
    assert judged(PREDICTION, np.where(labels < 6, labels, -1)).earned == 2
    short = judged(PREDICTION, np.where(labels < 5, labels, -1))
    assert short.earned == 0
    assert short.lines[0].message.startswith("62.5 % of 8 are right where 75 % are wanted")
    assert judged(PREDICTION, labels[:6]).earned == 0


def test_a_class_is_judged_by_what_it_is_used_for():
    ((_, key),) = answer_keys(Assignment("99_example", (CLASS,)), SECRET)
    start, number = key.cases[0].args
    assert judged(CLASS, start + 2 * number).earned == 3
    forgetful = judged(CLASS, np.float64(number))
    assert (forgetful.earned, forgetful.misconception) == (0, "Forgetful")


def notebook_of(*cells, errors=()):
    """A record of some cells, given by id and source, which names those that an error ended."""
    plain = [{"id": id_, "cell_type": "code", "source": source} for id_, source in cells]
    ran = tuple(
        CellResult(id_, Outcome.OK, error="SyntaxError" if id_ in errors else "")
        for id_, _ in cells
        if not id_.startswith("test-")
    )
    return {"notebook": {"cells": plain}, "cells": ran}


UNBOUND = QuestionResult("test-double", Outcome.OK, bound=False)
TRUE_TO_ITS_TEST = ("test-double", "check(double)")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "def double(x, shift=0):\n    return (",
            "line 2: '(' was never closed\n    return (\n           ^",
        ),
        (
            "def double(x, shift=0):\n    y =\xa02 * x\n    return y",
            "line 2: invalid non-printable character U+00A0\n    y = 2 * x\n       ^",
        ),
        (
            "def double(x, x):\n    return 2 * x",
            "line 1: duplicate argument 'x' in function definition\n"
            "    def double(x, x):\n                  ^",
        ),
        ("%matplotlib inline\n\ndouble = “2”", "line 3: invalid character '“' (U+201C)"),
    ],
)
@pytest.mark.parametrize("id_", ["double", "more"])
def test_a_syntax_error_is_the_first_thing_said(source, says, id_):
    notebook = notebook_of((id_, source), TRUE_TO_ITS_TEST, errors=[id_])
    verdict = judge(record(UNBOUND, **notebook), ASSIGNMENT, SECRET)
    first = verdict.exercises[0]
    assert (first.outcome, first.earned) == (Outcome.WRONG, 0)
    assert first.advice.startswith(says)
    assert f"double: {says.splitlines()[0]}" in verdict.remark
    assert "^" not in verdict.remark


def test_in_its_own_cell_a_syntax_error_counts_whatever_the_cell_defines():
    notebook = notebook_of(("double", "deff double(x):\n    return 2 * x"), TRUE_TO_ITS_TEST)
    verdict = judge(record(UNBOUND, **notebook), ASSIGNMENT, SECRET).exercises[0]
    assert (verdict.outcome, verdict.advice[:7]) == (Outcome.WRONG, "line 1:")


def test_a_broken_try_beside_the_stub_is_not_undone():
    def stub(x, shift=0):
        raise NotImplementedError

    cells = ("double", "def double(x, shift=0):\n    ..."), ("more", "def double(x):\n  return (")
    notebook = notebook_of(*cells, TRUE_TO_ITS_TEST)
    verdict = judge(record(answered(stub), **notebook), ASSIGNMENT, SECRET).exercises[0]
    assert (verdict.outcome, verdict.advice[:7]) == (Outcome.WRONG, "line 2:")


@pytest.mark.parametrize(
    "cells",
    [
        [("double", "%matplotlib inline\nx = !ls"), TRUE_TO_ITS_TEST],
        [("more", "print('double'"), TRUE_TO_ITS_TEST],
        [("more", "redouble = ("), TRUE_TO_ITS_TEST],
        [TRUE_TO_ITS_TEST, ("more", "def double(x):\n    return (")],
    ],
    ids=["magics", "another cell", "another name", "behind its test"],
)
def test_what_is_no_broken_try_stays_undone(cells):
    verdict = judge(record(UNBOUND, **notebook_of(*cells)), ASSIGNMENT, SECRET).exercises[0]
    assert (verdict.outcome, verdict.advice) == (Outcome.UNDONE, "double is not defined")


def test_a_broken_scratch_cell_takes_nothing_from_an_answer():
    right = "def double(x, shift=0):\n    return 2 * x + shift"
    cells = ("double", right), ("more", "def double(x, x): pass"), TRUE_TO_ITS_TEST
    notebook = notebook_of(*cells, errors=["more"])
    assert judge(record(answered(double), **notebook), ASSIGNMENT, SECRET).earned == 3


def test_a_rule_looks_at_the_cells_before_its_test():
    np, own = "import numpy as np\n", "def double(x, shift=0):\n    return x + x + shift"
    forbidden = "def double(x, shift=0):\n    return np.multiply(2, x) + shift"
    for before, behind, earned in ((own, forbidden, 3), (forbidden, own, 0)):
        cells = ("double", np + before), TRUE_TO_ITS_TEST, ("more", behind)
        verdict = judge(record(answered(double), **notebook_of(*cells)), ASSIGNMENT, SECRET)
        assert verdict.earned == earned


def test_what_only_may_break_a_rule_is_a_remark_and_costs_nothing():
    source = (
        "import numpy as np\n"
        "if np.ones(1)[0]:\n    twice = np.abs\nelse:\n    twice = np.multiply\n"
        "def double(x, shift=0):\n    return twice(2, x) + shift"
    )
    verdict = judge(record(answered(double), source=source), ASSIGNMENT, SECRET)
    assert (verdict.earned, verdict.exercises[0].outcome) == (3, Outcome.OK)
    doubt = "may use numpy.multiply (line 7 of its cell)"
    assert verdict.exercises[0].doubts == (doubt,)
    assert f"double: {doubt}" in verdict.remark
    assert verdict.remarks == ()
    called = answered(double, reached=("numpy.multiply",))
    assert judge(record(called, source=source), ASSIGNMENT, SECRET).earned == 0


def test_a_text_that_nobody_can_read_is_a_remark():
    source = "def double(x, shift=0):\n    return " + "-" * 100_000 + "x"
    verdict = judge(record(answered(double), source=source), ASSIGNMENT, SECRET)
    assert (verdict.earned, len(verdict.exercises[0].doubts)) == (3, 1)
    assert "nobody could read" in verdict.remark


LOOPING = replace(
    EXERCISE,
    loops=LoopRule(0, ("rows",), lambda rng, rows: (np.zeros(rows),), (3,)),
)


@pytest.mark.parametrize(
    ("growth", "earned", "advice"),
    [((0,), 3, ""), ((3,), 3, ""), ((12,), 0, "loops over the rows; no such loop is allowed here")],
)
def test_a_loop_that_was_measured_costs_the_exercise(growth, earned, advice):
    (_, key), _ = answer_keys(ASSIGNMENT, SECRET)
    verdict = judged(LOOPING, *key.right, growth=growth)
    assert (verdict.earned, verdict.advice) == (earned, advice)


def test_wrong_answers_are_explained_before_loops_are_counted():
    verdict = judged(LOOPING, *(3 * np.ones(1) for _ in range(3)), growth=(12,))
    assert (verdict.earned, verdict.advice) == (0, "")
    assert "returned shape" in verdict.lines[0].message


def stub(x, shift=0):
    raise NotImplementedError


AT_THE_TEST = {
    "nothing": QuestionResult("test-double", Outcome.OK, bound=False),
    "the stub": answered(stub),
}


@pytest.mark.parametrize("there", AT_THE_TEST)
def test_what_is_defined_behind_its_test_counts_where_there_was_nothing(there):
    late = answered(double, id="test-double:end")
    verdict = judge(record(AT_THE_TEST[there], late, untouched=("double",)), ASSIGNMENT, SECRET)
    assert (verdict.exercises[0].earned, verdict.exercises[0].outcome) == (3, Outcome.OK)
    assert verdict.remarks == ("double: what is defined behind its test cell counts",)
    assert verdict.unanswered == frozenset()


def test_what_is_defined_behind_its_test_changes_no_answer():
    late = answered(double, id="test-double:end")
    verdict = judge(record(answered(squares), late), ASSIGNMENT, SECRET)
    assert verdict.exercises[0].misconception == "squares"
    assert verdict.remarks == ()


def test_nothing_anywhere_is_not_done():
    late = answered(stub, id="test-double:end")
    verdict = judge(record(answered(stub), late, untouched=("double",)), ASSIGNMENT, SECRET)
    assert verdict.exercises[0].outcome is Outcome.UNDONE
    assert verdict.unanswered == frozenset({"double"})
