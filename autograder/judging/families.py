"""Submissions that make the same mistake, by their answers to the common cases.

A mistake that no chaff has is told once more when a person has named it: what is kept are the
answers, as data, and the sentence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from autograder.authoring.answer_key import common_calls, common_key
from autograder.authoring.exercise import Exercise
from autograder.judging.attempt import Given, fault, same
from autograder.judging.verdict import ExerciseVerdict, sentences
from autograder.records.families import KnownFamily
from autograder.sandbox.protocol.plan import Answer, QuestionResult

_ID_DIGITS = 6


@dataclass(frozen=True)
class Member:
    """One student's wrong answer to an exercise.

    Attributes
    ----------
    lines : tuple of str
        Rubric groups that it loses.
    source : str
        The student's code, for an example.
    """

    student: str
    lines: tuple[str, ...]
    answers: tuple[Answer, ...]
    source: str = ""


@dataclass(frozen=True)
class Family:
    """Students who lose the same lines and answer the common cases alike."""

    exercise: str
    members: tuple[Member, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return self.members[0].lines

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.members[0].answers

    @property
    def id(self) -> str:
        """What a person calls it by; the same as long as its first member is."""
        data = json.dumps([self.lines, [asdict(each) for each in self.answers]])
        digest = hashlib.sha256(data.encode()).hexdigest()
        return f"{self.exercise}-{digest[:_ID_DIGITS]}"

    def named(self, says: str) -> KnownFamily:
        """The same, with a sentence and without its students and their code."""
        return KnownFamily(self.id, self.exercise, says, self.lines, self.answers)


def common_answers(exercise: Exercise, question: QuestionResult) -> tuple[Answer, ...]:
    """What was answered to the common cases; none if not all of them were.

    Lines and messages of exceptions are left out: they tell of one student's code.
    """
    answers = {answer.call: answer for answer in question.answers}
    found = [answers.get(call) for call in common_calls(exercise)]
    kept = [replace(each, line=None, message="") for each in found if each is not None]
    return tuple(kept) if len(kept) == len(found) else ()


def families(exercise: Exercise, members: Iterable[Member]) -> tuple[Family, ...]:
    """Group wrong answers that agree, the largest group first.

    Answers of which none is a wrong value, such as exceptions alone, belong to no family.
    """
    groups: list[list[Member]] = []
    for member in members:
        if not is_wrong(exercise, member.answers):
            continue
        for group in groups:
            same_lines = group[0].lines == member.lines
            if same_lines and agree(exercise, group[0].answers, member.answers):
                group.append(member)
                break
        else:
            groups.append([member])
    found = [Family(exercise.name, tuple(group)) for group in groups]
    return tuple(sorted(found, key=lambda family: -len(family.members)))


def known_family(
    known: Sequence[KnownFamily], exercise: Exercise, question: QuestionResult
) -> KnownFamily | None:
    """The named family that a student's answers belong to; None if there is none, or several."""
    mine = [family for family in known if family.exercise == exercise.name]
    if not mine:
        return None
    answers = common_answers(exercise, question)
    if not is_wrong(exercise, answers):
        return None
    found = [family for family in mine if agree(exercise, family.answers, answers)]
    return found[0] if len({family.says for family in found}) == 1 else None


def told(verdict: ExerciseVerdict, family: KnownFamily) -> ExerciseVerdict:
    """A verdict with the family's sentence on those of its lines that nothing else explains."""
    lines = tuple(
        replace(line, misconception=family.id, says=family.says, fact="")
        if not (line.is_full or line.says) and line.line.group in family.lines
        else line
        for line in verdict.lines
    )
    if lines == verdict.lines:
        return verdict
    return replace(verdict, lines=lines, advice=sentences(lines) or verdict.advice)


def is_wrong(exercise: Exercise, answers: Sequence[Answer]) -> bool:
    """Whether one of these answers to the common cases is a wrong value."""
    key = common_key(exercise)
    return len(answers) == len(key.cases) and any(
        given.kind == "value" and fault(exercise, case, right, given)
        for given, case, right in zip(map(Given.of, answers), key.cases, key.right, strict=True)
    )


def agree(exercise: Exercise, one: Sequence[Answer], other: Sequence[Answer]) -> bool:
    """Whether two students have answered the common cases alike."""
    return len(one) == len(other) and all(
        _agree(exercise, *each) for each in zip(one, other, strict=True)
    )


def _agree(exercise: Exercise, one: Answer, other: Answer) -> bool:
    mine, theirs = Given.of(one), Given.of(other)
    if mine.kind != theirs.kind or mine.raised != theirs.raised:
        return False
    return mine.kind != "value" or _alike(exercise, mine.value, theirs.value)


def _alike(exercise: Exercise, one: Any, other: Any) -> bool:
    """Whether two answers are the same within the tolerance; they may be anything."""
    if isinstance(one, list | tuple | dict) or isinstance(other, list | tuple | dict):
        if type(one) is not type(other) or len(one) != len(other):
            return False
        if isinstance(one, dict):
            return one.keys() == other.keys() and _alike(
                exercise, list(one.values()), [other[key] for key in one]
            )
        return all(_alike(exercise, *each) for each in zip(one, other, strict=True))
    return same(exercise, one, other)
