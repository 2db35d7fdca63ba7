"""What the checker of an exercise has against an answer, where many answers are right."""

from __future__ import annotations

from typing import Any

from autograder.authoring.asking import ask
from autograder.authoring.exercise import Case, Exercise

NOT_ACCEPTED = "is not an answer that is accepted here"
LONGEST_SENTENCE = 200


def objection(exercise: Exercise, case: Case, right: Any, answer: Any) -> str:
    """Say why the checker of an exercise does not accept an answer, or "".

    The answer is made by somebody who may want the checker to fail. So whatever it raises is an
    answer that is not accepted, and so is whatever it returns besides a bool and a sentence.

    Parameters
    ----------
    exercise : Exercise
        It has a checker.
    case : Case
        What was asked.
    right : object
        The oracle's answer.
    answer : object
        A decoded answer.

    Examples
    --------
    >>> def even(answer, case):
    ...     return answer % 2 == 0 or "that is odd."
    >>> exercise = Exercise("pick", (), lambda: 2, lambda rng: [Case("any")], accepts=even)
    >>> [objection(exercise, Case("any"), 2, answer) for answer in (4, 5, None)]
    ['', 'that is odd', 'is not an answer that is accepted here']
    """
    assert exercise.accepts is not None
    try:
        said = ask(exercise.accepts, case, right, answer)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return NOT_ACCEPTED
    if said is True:
        return ""
    return (_in_one_line(said) if said else "") or NOT_ACCEPTED


def _in_one_line(sentence: str) -> str:
    """A sentence as it stands before the setting in parentheses: short, and fit to be shown."""
    text = "".join(filter(str.isprintable, " ".join(sentence.split())))
    if len(text) > LONGEST_SENTENCE:
        return text[: LONGEST_SENTENCE - 1] + "…"
    return text.removesuffix(".")
