"""The case that shows what is wrong with a line, ready for whoever draws the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.authoring.answer_key import AnswerKey, call_ids
from autograder.authoring.exercise import Case, Exercise
from autograder.core.check import Difference, compare
from autograder.judging.attempt import Attempt, Given
from autograder.judging.by_entry import entries
from autograder.judging.evidence import Place
from autograder.judging.pasteable import pasteable
from autograder.sandbox.protocol.plan import QuestionResult


@dataclass(frozen=True)
class Shown:
    """One case, what was answered, and what is right.

    Attributes
    ----------
    case : Case
        What was asked. It belongs to others: nobody changes it.
    call : str
        The same as lines that can be pasted; "" for a value, which is read.
    given : Given
        The answer, or the exception with its message and its line.
    has_right : bool
        Whether the right answer may be shown.
    right : object
        The right answer; None where it may not be shown.
    wrong : tuple of tuple of int
        Places of the wrong entries of a value whose other entries earn; () where it has none.
    difference : Difference or None
        Where the answer is not the right one, if that may be shown and there is one answer alone
        that is right.
    """

    case: Case
    call: str
    given: Given
    has_right: bool = False
    right: Any = None
    difference: Difference | None = None
    wrong: tuple[Place, ...] = ()


def shown(
    exercise: Exercise, key: AnswerKey, question: QuestionResult, index: int, varies: bool
) -> Shown:
    """Lay out one case of an exercise for the student who answered it.

    Parameters
    ----------
    key : AnswerKey
        The cases of the run, and what is right.
    question : QuestionResult
        What was answered.
    index : int
        Which case.
    varies : bool
        Whether the right answer to this case is another one in another draw. Only then may it be
        shown: it is of no use in the next run. What a case brings as right, such as labels, and
        the right answer of a value are never shown, nor are the inputs that have labels: a
        person could tell them.
    """
    case, right = key.cases[index], key.right[index]
    answers = {answer.call: answer for answer in question.answers}
    given = Given.of(answers.get(call_ids(exercise, key.cases)[index]))
    if exercise.kind == "value":
        taken = entries(exercise, Attempt(index, case, right, given, "wrong"))
        return Shown(case, "", given, wrong=taken.wrong if taken and taken.share else ())
    if case.right is not None:
        return Shown(case, "", given)
    code = pasteable(exercise, case)
    if not varies:
        return Shown(case, code, given)
    found = None
    if given.kind == "value" and not exercise.accepts:
        found = compare(given.value, right, rtol=exercise.rtol, atol=exercise.atol)
    return Shown(case, code, given, True, right, found)
