"""From the scores that a foreign notebook has earned to a verdict. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from autograder.core.outcome import SEVERITY, Outcome
from autograder.foreign.assignment import ForeignAssignment, GradebookEntry, OwnTest
from autograder.foreign.labels import JUDGED_BY_ITSELF
from autograder.judging.verdict import ExerciseVerdict, LineVerdict, Verdict

_LATE = "late: "
_NO_SCORE = (
    "nbgrader has no score for it: its result is none, or its cell is missing; somebody has to "
    "look at the graded notebook, and to give the points by hand or to ask for a new hand-in"
)


def verdict_of(
    assignment: ForeignAssignment,
    student: str,
    entry: GradebookEntry,
    *,
    stopped: Mapping[tuple[str, str], Outcome],
    remarks: Sequence[str] = (),
    repairs: Collection[str] = (),
    missing: Collection[str] = (),
) -> Verdict:
    """What a submission has earned, by its own tests.

    Parameters
    ----------
    entry : GradebookEntry
        What the gradebook holds of it.
    stopped : dict
        (notebook, cell) -> what stopped it.
    remarks : sequence of str
        What was put right that nobody could have gained by.
    repairs : collection of str
        What had been changed that students must not change.
    missing : collection of str
        Notebooks that were not handed in.
    """
    tests = tuple(_marked(test, entry, stopped) for test in assignment.exercises)
    outcomes = [test.outcome for test in tests] + list(stopped.values())
    outcomes += [Outcome.TAMPERED] if repairs else []
    worst = min(outcomes, key=SEVERITY.index, default=Outcome.OK)
    graded = {(test.notebook, test.cell) for test in assignment.exercises}
    said = [JUDGED_BY_ITSELF, *_late(entry.penalty)]
    said += [f"{notebook}.ipynb is missing" for notebook in missing]
    said += [f"{cell}: {how}" for (_, cell), how in stopped.items() if (_, cell) not in graded]
    return Verdict(assignment.name, student, worst, tests, (*said, *remarks, *repairs))


def with_penalty(verdict: Verdict, penalty: float) -> Verdict:
    """The verdict on a submission that loses so many points by being late."""
    others = (remark for remark in verdict.remarks if not remark.startswith(_LATE))
    return replace(verdict, remarks=(next(others), *_late(penalty), *others))


def _late(penalty: float) -> list[str]:
    return [f"{_LATE}{penalty:g} points off"] if penalty else []


def _marked(
    test: OwnTest, entry: GradebookEntry, stopped: Mapping[tuple[str, str], Outcome]
) -> ExerciseVerdict:
    place = (test.notebook, test.cell)
    score = entry.scores.get(place)
    earned = score or 0.0
    wrong = Outcome.UNDONE if entry.untouched else Outcome.WRONG
    outcome = stopped.get(place, Outcome.OK if earned >= test.points else wrong)
    advice = f"{earned:g} of {test.points:g} points" if 0 < earned < test.points else ""
    if score is None:
        outcome, advice = Outcome.WRONG, _NO_SCORE
    (line,) = test.rubric
    lines = (LineVerdict(line, earned),)
    return ExerciseVerdict(test.name, outcome, test.points, lines, advice=advice)
