"""Who is in the sample class, and what each of them deserves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import nbformat

from autograder.authoring.exercise import Assignment, Exercise, Misconception
from autograder.core.notebooks import as_bytes
from autograder.core.outcome import Outcome
from autograder.sample.answers import Implementations, fill_in, stands_alone, wheats

Maker = Callable[[nbformat.NotebookNode, nbformat.NotebookNode], bytes]
"""Takes the released and the solved notebook, and gives the bytes of a submission."""


@dataclass(frozen=True)
class Member:
    """One submission of the sample class.

    Attributes
    ----------
    make : callable
        Makes the submission.
    outcome : Outcome
        What the submission as a whole deserves.
    lost : frozenset of str
        Exercises that must have no points.
    dented : frozenset of str
        Exercises that must have some lines lost; all others that are not in `lost` must have all
        their points.
    misconceptions : frozenset of str
        Known mistakes that must be named.
    """

    student: str
    make: Maker
    outcome: Outcome
    lost: frozenset[str] = frozenset()
    dented: frozenset[str] = frozenset()
    misconceptions: frozenset[str] = frozenset()


def everyday(assignment: Assignment) -> Iterator[Member]:
    """Honest students: right, wrong, unfinished, a bit of everything, and past the rules.

    The first hands in the course's own solution.
    """
    exercises = assignment.exercises
    solved = wheats(assignment)
    yield Member("model", _answering(dict.fromkeys(solved)), Outcome.OK)
    yield wheat_student(assignment, 0)
    yield _mistaken("chaff", assignment, exercises)
    done = {each.name: solved[each.name] for each in exercises[: len(exercises) // 2]}
    done = {name: wheat for name, wheat in done.items() if wheat is not None}
    undone = frozenset(solved) - frozenset(done)
    yield Member("unfinished", _answering(done), Outcome.UNDONE, undone)
    yield _mixed(assignment)
    breakers = {
        each.name: each.rule_breakers[0].implementation for each in exercises if each.rule_breakers
    }
    if breakers:
        answers = _answering({**solved, **breakers})
        yield Member("past-the-rules", answers, Outcome.WRONG, frozenset(breakers))


def wheat_student(assignment: Assignment, style: int) -> Member:
    """A student who is right all the way, in one style of several."""
    return Member(f"wheat-{style + 1}", _answering(wheats(assignment, style)), Outcome.OK)


def one_mistake_each(assignment: Assignment) -> Iterator[Member]:
    """For each function a student who is right but for its first known mistake."""
    for exercise in assignment.exercises:
        if exercise.kind != "value":
            yield _mistaken(f"chaff-{exercise.name}", assignment, [exercise])


def _answering(implementations: Implementations) -> Maker:
    return lambda released, solved: as_bytes(fill_in(released, implementations, solved))


def _names(exercises: Iterable[Exercise]) -> frozenset[str]:
    return frozenset(exercise.name for exercise in exercises)


def _mistaken(student: str, assignment: Assignment, wrong: Sequence[Exercise]) -> Member:
    """A student who makes the first known mistake of each of some exercises."""
    mistakes = _mistakes(wrong, 0)
    answers = {name: mistake.implementation for name, mistake in mistakes.items()}
    return Member(
        student,
        _answering({**wheats(assignment), **answers}),
        Outcome.WRONG,
        dented=frozenset(mistakes),
        misconceptions=frozenset(mistake.name for mistake in mistakes.values()),
    )


def _mistakes(exercises: Iterable[Exercise], number: int) -> dict[str, Misconception]:
    """One known mistake of each exercise that has any which a student could hand in."""
    able = {
        exercise.name: [
            each for each in exercise.misconceptions if stands_alone(each.implementation)
        ]
        for exercise in exercises
    }
    return {name: found[number] for name, found in able.items() if found}


def _mixed(assignment: Assignment) -> Member:
    """A student with every third exercise wrong and every third one not done.

    What builds on other exercises is not done either.
    """
    exercises = assignment.exercises
    wrong, undone = exercises[1::3], _names(exercises[2::3])
    mistakes = _mistakes(wrong, -1)
    answers = {
        **wheats(assignment, style=1),
        **{name: mistake.implementation for name, mistake in mistakes.items()},
    }
    undone |= {name for name, answer in answers.items() if answer is None}
    return Member(
        "mixed",
        _answering({name: answers[name] for name in answers.keys() - undone}),
        Outcome.WRONG,
        undone,
        frozenset(mistakes),
        frozenset(mistake.name for mistake in mistakes.values()),
    )
