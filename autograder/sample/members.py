"""Who is in the sample class, and what each of them deserves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import nbformat

from autograder.exercise import Assignment, Exercise
from autograder.outcome import Outcome
from autograder.sample.answers import Implementations, fill_in, wheats

Maker = Callable[[nbformat.NotebookNode], bytes]


@dataclass(frozen=True)
class Member:
    """One submission of the sample class.

    Attributes
    ----------
    make : callable
        Takes the released notebook and gives the bytes of the submission.
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


def as_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """The notebook as it lies on disk."""
    return (nbformat.writes(notebook) + "\n").encode()


def everyday(assignment: Assignment) -> Iterator[Member]:
    """Honest students: right, wrong, unfinished, a bit of everything, and past the rules."""
    exercises = assignment.exercises
    solved = wheats(assignment)
    for style in range(3):
        yield Member(f"wheat-{style + 1}", _answering(wheats(assignment, style)), Outcome.OK)
    yield _mistaken("chaff", assignment, exercises)
    undone = exercises[len(exercises) // 2 :]
    done = {each.name: solved[each.name] for each in exercises if each not in undone}
    yield Member("unfinished", _answering(done), Outcome.UNDONE, _names(undone))
    yield _mixed(assignment)
    breakers = {
        each.name: each.rule_breakers[0].implementation for each in exercises if each.rule_breakers
    }
    if breakers:
        answers = _answering({**solved, **breakers})
        yield Member("past-the-rules", answers, Outcome.WRONG, frozenset(breakers))


def one_mistake_each(assignment: Assignment) -> Iterator[Member]:
    """For each function a student who is right but for its first known mistake."""
    for exercise in assignment.exercises:
        if exercise.kind != "value":
            yield _mistaken(f"chaff-{exercise.name}", assignment, [exercise])


def _answering(implementations: Implementations) -> Maker:
    return lambda notebook: as_bytes(fill_in(notebook, implementations))


def _names(exercises: Iterable[Exercise]) -> frozenset[str]:
    return frozenset(exercise.name for exercise in exercises)


def _mistaken(student: str, assignment: Assignment, wrong: Sequence[Exercise]) -> Member:
    """A student who makes the first known mistake of each of some exercises."""
    mistakes = {each.name: each.misconceptions[0] for each in wrong}
    answers = {name: mistake.implementation for name, mistake in mistakes.items()}
    return Member(
        student,
        _answering({**wheats(assignment), **answers}),
        Outcome.WRONG,
        dented=frozenset(mistakes),
        misconceptions=frozenset(mistake.name for mistake in mistakes.values()),
    )


def _mixed(assignment: Assignment) -> Member:
    """A student with every third exercise wrong and every third one not done."""
    exercises = assignment.exercises
    wrong, undone = exercises[1::3], exercises[2::3]
    mistakes = {each.name: each.misconceptions[-1] for each in wrong}
    answers = {
        **wheats(assignment, style=1),
        **{name: mistake.implementation for name, mistake in mistakes.items()},
    }
    for exercise in undone:
        del answers[exercise.name]
    return Member(
        "mixed",
        _answering(answers),
        Outcome.WRONG,
        _names(undone),
        _names(wrong),
        frozenset(mistake.name for mistake in mistakes.values()),
    )
