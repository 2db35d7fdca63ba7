"""Points for each rubric line, and what is said about the lines that were lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.authoring.answer_key import AnswerKey
from autograder.authoring.exercise import Exercise, Misconception, RubricLine
from autograder.judging.attempt import Attempt, of_group, smallest_wrong
from autograder.judging.by_entry import entries, marked_by_entry
from autograder.judging.diagnosis import known_mistakes
from autograder.judging.relations.facts import fact
from autograder.judging.verdict import LineVerdict


def marked(
    exercise: Exercise, key: AnswerKey, attempts: Sequence[Attempt]
) -> tuple[LineVerdict, ...]:
    """Mark each line of an exercise.

    Parameters
    ----------
    exercise : Exercise
        Its rubric and its known mistakes.
    key : AnswerKey
        What known mistakes give.
    attempts : sequence of Attempt
        One for each case.
    """
    lines = tuple(_marked(line, of_group(attempts, line.group)) for line in exercise.rubric)
    if not any(each.fault for each in attempts):
        return lines
    if found := entries(exercise, attempts[0]):
        lines = tuple(marked_by_entry(line, found, exercise, key) for line in lines)
    named = known_mistakes(exercise, key, attempts)
    return tuple(_explained(line, named, exercise, attempts) for line in lines)


def _marked(line: RubricLine, attempts: Sequence[Attempt]) -> LineVerdict:
    worst = smallest_wrong(attempts)
    if worst is None:
        return LineVerdict(line, line.points)
    setting = f" ({worst.case.inputs})" if worst.case.inputs else ""
    return LineVerdict(line, 0.0, worst.fault + setting, worst.index)


def _explained(
    line: LineVerdict,
    named: Mapping[str, Misconception],
    exercise: Exercise,
    attempts: Sequence[Attempt],
) -> LineVerdict:
    group = line.line.group
    if mistake := named.get(group):
        return replace(line, misconception=mistake.name, says=mistake.says)
    if line.misconception:
        return line
    return replace(line, fact=fact(exercise, of_group(attempts, group)))
