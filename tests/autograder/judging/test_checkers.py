"""Where many answers are right, a checker says which: any solution of ``A x = b``."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.authoring.answer_key import answer_keys, call_ids
from autograder.authoring.exercise import Assignment, Case, Exercise, Misconception, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.accepting import LONGEST_SENTENCE, NOT_ACCEPTED
from autograder.judging.judge import judge_exercise
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode

SECRET = b"a secret of this test"


def smallest(A, b):
    return np.linalg.pinv(A) @ b


def least_squares_of_the_transpose(A, b):
    return A.T @ b


def smallest_for_one_row_else_nothing(A, b):
    return np.linalg.pinv(A) @ b if len(A) == 1 else np.zeros(A.shape[1])


def solves(x, case):
    A, b = case.args
    if np.shape(x) != (A.shape[1],):
        return "x has one entry for each column of A"
    return np.linalg.norm(A @ x - b) <= 1e-6 * np.linalg.norm(b) or "A x is not b."


def cases(rng):
    yield Case("one row", (rng.standard_normal((1, 4)), rng.standard_normal(1)))
    yield Case("wide", (rng.standard_normal((2, 5)), rng.standard_normal(2)))
    yield Case("wide", (rng.standard_normal((3, 4)), rng.standard_normal(3)))


SOLVE = Exercise(
    "solve",
    oracle=smallest,
    cases=cases,
    rubric=(RubricLine("one row", 1, "one equation"), RubricLine("wide", 2, "a few")),
    misconceptions=(
        Misconception(
            least_squares_of_the_transpose,
            "The transpose is no inverse.",
            frozenset({"one row", "wide"}),
        ),
        Misconception(
            smallest_for_one_row_else_nothing, "Zero is no solution.", frozenset({"wide"})
        ),
    ),
    accepts=solves,
)


def key_of(exercise):
    ((_, key),) = answer_keys(Assignment("99_example", (exercise,)), SECRET)
    return key


def judged(exercise, *answers):
    """The verdict on answers to the cases of an exercise."""
    given = tuple(
        answer if isinstance(answer, Answer) else Answer("", encode(answer)) for answer in answers
    )
    ids = call_ids(exercise, key_of(exercise).cases)
    given = tuple(replace(each, call=id_) for id_, each in zip(ids, given, strict=True))
    question = QuestionResult(f"test-{exercise.name}", Outcome.OK, answers=given)
    return judge_exercise(exercise, key_of(exercise), question, [])


def checked_by(accepts, *answers):
    """The verdict on one's own answers, or on the right ones, by another checker."""
    return judged(replace(SOLVE, accepts=accepts), *(answers or key_of(SOLVE).right))


def away(case, weights, *, inside):
    """A vector of length 1, in the null space of a case's A or orthogonal to it."""
    A = case.args[0]
    rows = len(A)
    _, _, directions = np.linalg.svd(A)
    basis = directions[rows:] if inside else directions[:rows]
    vector = np.resize(weights, len(basis)) @ basis
    return vector / np.linalg.norm(vector)


lengths = st.floats(0.01, 100)
weights = st.lists(st.floats(0.1, 1), min_size=1, max_size=3)


@given(lengths, weights)
def test_every_solution_is_accepted(length, weights):
    key = key_of(SOLVE)
    others = [
        right + length * away(case, weights, inside=True)
        for case, right in zip(key.cases, key.right, strict=True)
    ]
    verdict = judged(SOLVE, *others)
    assert (verdict.outcome, verdict.earned) == (Outcome.OK, 3)


@given(lengths, weights, st.integers(0, 2))
def test_what_is_no_solution_is_not_accepted(length, weights, which):
    key = key_of(SOLVE)
    answers = list(key.right)
    answers[which] = answers[which] + length * away(key.cases[which], weights, inside=False)
    verdict = judged(SOLVE, *answers)
    assert verdict.outcome is Outcome.WRONG
    assert [line.earned for line in verdict.lines] == ([0, 2] if which == 0 else [1, 0])
    setting = ("1×4 with 1", "2×5 with 2", "3×4 with 3")[which]
    assert verdict.lines[min(which, 1)].message == f"A x is not b ({setting})"


def test_what_never_reached_the_checker_is_told_as_ever():
    key = key_of(SOLVE)
    verdict = judged(SOLVE, Answer("", raised="ValueError", line=3), *key.right[1:])
    assert verdict.lines[0].message == "raised ValueError in line 3 of its cell (1×4 with 1)"
    verdict = judged(SOLVE, Answer("", {"kind": "nonsense"}), *key.right[1:])
    assert verdict.lines[0].message == "returned something that is no answer (1×4 with 1)"


@pytest.mark.parametrize(
    "answer", [None, "text", 1.5, np.nan * np.ones(4), [1, 2], object(), {"x": (1,)}, 1j, True]
)
def test_whatever_a_student_returns_is_an_answer_and_no_fault_of_the_grader(answer):
    verdict = judged(SOLVE, answer, *key_of(SOLVE).right[1:])
    assert (verdict.outcome, verdict.earned) == (Outcome.WRONG, 2)


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, SystemExit])
def test_a_checker_that_raises_does_not_accept(error):
    def raises(x, case):
        raise error("3.14159 was a hidden input")

    verdict = checked_by(raises)
    assert (verdict.outcome, verdict.earned) == (Outcome.WRONG, 0)
    assert verdict.lines[0].message == f"{NOT_ACCEPTED} (1×4 with 1)"
    assert (verdict.misconception, verdict.advice) == ("", "")


def test_one_who_stops_the_grader_is_obeyed():
    def interrupted(x, case):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checked_by(interrupted)


@pytest.mark.parametrize("said", [True, np.True_, np.all([True])])
def test_a_bool_of_numpy_is_a_bool(said):
    assert checked_by(lambda x, case: said).earned == 3


@pytest.mark.parametrize("said", [False, np.False_])
def test_without_a_sentence_the_student_reads_a_plain_one(said):
    verdict = checked_by(lambda x, case: said)
    assert verdict.earned == 0
    assert verdict.lines[1].message == f"{NOT_ACCEPTED} (2×5 with 2)"


@pytest.mark.parametrize("said", [None, 1, 1.0, (True,), np.ones(1, bool), "", " \n"])
def test_a_checker_that_says_neither_yes_nor_why_not_does_not_accept(said):
    verdict = checked_by(lambda x, case: said)
    assert verdict.earned == 0
    assert verdict.lines[0].message == f"{NOT_ACCEPTED} (1×4 with 1)"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("has length 2, not 1", "has length 2, not 1"),
        ("has length 2,\n   not 1.", "has length 2, not 1"),
        ("\x1b]0;x\x07 is\ud800 \u202ethis", "]0;x is this"),
        ("word " * 100, ("word " * 100)[: LONGEST_SENTENCE - 1] + "…"),
    ],
)
def test_a_sentence_reaches_the_student_in_one_short_line(said, read):
    assert checked_by(lambda x, case: said).lines[0].message == f"{read} (1×4 with 1)"


def test_the_checker_sees_what_the_oracle_answered():
    seen = []

    def close_to_the_oracle(x, case):
        seen.append(case)
        return np.linalg.norm(x) <= np.linalg.norm(case.right) * (1 + 1e-9)

    key = key_of(SOLVE)
    assert checked_by(close_to_the_oracle).earned == 3
    for case, asked, right in zip(seen, key.cases, key.right, strict=True):
        assert (case.group, case.kwargs) == (asked.group, asked.kwargs)
        np.testing.assert_equal(case.right, right)
    longer = key.right[0] + away(key.cases[0], [1.0], inside=True)
    assert checked_by(close_to_the_oracle, longer, *key.right[1:]).earned == 2


def test_the_right_answer_of_a_case_is_not_overwritten():
    labels = np.arange(8)
    exercise = Exercise(
        "predict",
        oracle=lambda images: np.zeros(8),
        cases=lambda rng: [Case("easy", (np.zeros(8),), right=labels)],
        rubric=(RubricLine("easy", 2, "three quarters"),),
        accepts=lambda answer, case: (answer == case.right).mean() >= 0.75,
    )
    assert judged(exercise, np.where(labels < 6, labels, -1)).earned == 2
    assert judged(exercise, np.where(labels < 5, labels, -1)).earned == 0


def test_a_checker_cannot_change_what_others_are_judged_by():
    def tramples(x, case):
        accepted = solves(x, case)
        A, b = case.args
        for array in (x, A, b, case.right, *case.kwargs["more"]):
            array[...] = 0
        case.kwargs.clear()
        return accepted

    def cases_with_more(rng):
        for case in cases(rng):
            yield replace(case, kwargs={"more": (np.ones(2),)})

    exercise = replace(
        SOLVE,
        oracle=lambda A, b, more: smallest(A, b),
        cases=cases_with_more,
        accepts=tramples,
        misconceptions=(
            Misconception(lambda A, b, more: A.T @ b, "No.", frozenset({"one row", "wide"})),
        ),
    )
    key = key_of(exercise)
    wrong = [case.args[0].T @ case.args[1] for case in key.cases]
    for _ in range(2):
        assert judged(exercise, *key.right).earned == 3
        verdict = judged(exercise, key.right[0], *wrong[1:])
        assert (verdict.earned, verdict.advice) == (1, "")
        verdict = judged(exercise, *wrong)
        assert (verdict.earned, verdict.advice) == (0, "No.")


def test_a_known_mistake_is_named_beside_a_checker():
    wrong = [case.args[0].T @ case.args[1] for case in key_of(SOLVE).cases]
    verdict = judged(SOLVE, *wrong)
    assert (verdict.earned, verdict.misconception) == (0, "least_squares_of_the_transpose")
    assert verdict.advice == "The transpose is no inverse."


def test_a_known_mistake_is_named_whichever_of_the_right_answers_came_with_it():
    key = key_of(SOLVE)
    other = key.right[0] + 5 * away(key.cases[0], [1.0], inside=True)
    verdict = judged(SOLVE, other, np.zeros(5), np.zeros(4))
    assert (verdict.earned, verdict.advice) == (1, "Zero is no solution.")


def test_a_mistake_that_fails_where_the_answer_is_accepted_is_not_named():
    key = key_of(SOLVE)
    wrong = [case.args[0].T @ case.args[1] for case in key.cases]
    verdict = judged(SOLVE, *wrong[:2], key.right[2])
    named = [line.misconception for line in verdict.lines]
    assert (verdict.earned, named) == (0, ["least_squares_of_the_transpose", ""])


def test_an_accepted_answer_is_never_called_a_mistake():
    """Even where the right answer to everything is what a chaff gives."""
    lenient = replace(SOLVE, accepts=lambda x, case: np.shape(x) == (case.args[0].shape[1],))
    wrong = [case.args[0].T @ case.args[1] for case in key_of(SOLVE).cases]
    verdict = judged(lenient, *wrong)
    assert (verdict.outcome, verdict.misconception) == (Outcome.OK, "")


def test_a_value_may_have_many_answers():
    root = Exercise(
        "root",
        oracle=lambda: 3.0,
        cases=lambda rng: [Case("value")],
        rubric=(RubricLine("value", 1, "a root of 9"),),
        kind="value",
        accepts=lambda answer, case: abs(np.asarray(answer) ** 2 - 9).max() < 1e-6,
    )
    assert judged(root, -3.0).earned == 1
    assert judged(root, [3, -3]).earned == 1
    verdict = judged(root, 9.0)
    assert (verdict.earned, verdict.lines[0].message) == (0, NOT_ACCEPTED)


class Dice:
    def __init__(self, sides):
        self.sides = sides

    def throw(self):
        return self.sides


def test_a_class_may_have_many_answers():
    dice = Exercise(
        "Dice",
        oracle=Dice,
        cases=lambda rng: [Case("falls", (6,)), Case("falls", (20,))],
        rubric=(RubricLine("falls", 1, "one of its sides"),),
        kind="class",
        use=lambda answer, sides: answer(sides).throw(),
        accepts=lambda answer, case: 1 <= answer <= case.right or "no such side",
    )
    assert judged(dice, 2, 13).earned == 1
    verdict = judged(dice, 2, 21)
    assert (verdict.earned, verdict.lines[0].message) == (0, "no such side")
