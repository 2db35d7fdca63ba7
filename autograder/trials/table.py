"""The published table of wheats and chaffs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.authoring.exercise import Assignment, Exercise
from autograder.trials.wheat_chaff import Trial


def markdown_table(chapters: Iterable[tuple[Assignment, Sequence[Trial]]]) -> str:
    """Write the published table: what the hidden cases of each exercise tell apart.

    Parameters
    ----------
    chapters : iterable of (Assignment, sequence of Trial)
        Each assignment, and how its wheats and chaffs fared.

    Returns
    -------
    str
        Markdown, with a newline at its end.
    """
    return _HEAD + "".join(_chapter(assignment, trials) for assignment, trials in chapters)


_HEAD = """\
# Wheats and chaffs

Can the hidden cases be trusted? Each **wheat** is a correct implementation in a style of its own;
it must get full marks. Each **chaff** is a mistake that students make; it must lose the rubric
lines that it breaks, keep all others, and be called by its name, so that its author reads the
sentence beside it. Each **rule breaker** gives the right answers in a way that the exercise rules
out, such as a loop in disguise; it must get nothing, and read why. ✓ is a line earned, · a line
lost. A row in **bold** fails at that.

`autograder table --write docs/wheats-and-chaffs.md` writes this page; a test keeps it up to date.
"""


def _chapter(assignment: Assignment, trials: Sequence[Trial]) -> str:
    def count(kind: str) -> str:
        tried = [trial.as_expected for trial in trials if trial.kind == kind]
        return f"{sum(tried)} of {len(tried)}"

    head = (
        f"\n## {assignment.name}\n\n"
        f"{count('wheat')} wheats get full marks; {count('chaff')} chaffs lose what they break and "
        f"are called by their name; {count('rule breaker')} rule breakers are found.\n"
    )
    return head + "".join(
        _section(exercise, [trial for trial in trials if trial.exercise == exercise.name])
        for exercise in assignment.exercises
    )


def _section(exercise: Exercise, trials: Sequence[Trial]) -> str:
    groups = [line.group for line in exercise.rubric]
    header = ["implementation", *groups, "points", "the student reads"]
    rows = [
        [
            _bold_if(not trial.as_expected, f"`{trial.name}`"),
            *("·" if group in trial.fails else "✓" for group in groups),
            f"{trial.earned:g}/{exercise.points:g}",
            trial.says,
        ]
        for trial in trials
    ]
    rule = ["---", *(":-:" for _ in groups), "--:", "---"]
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, rule, *rows)]
    return f"\n### {exercise.name}\n\n" + "\n".join(lines) + "\n"


def _bold_if(condition: bool, text: str) -> str:
    return f"**{text}**" if condition else text
