"""What a student's page says of each exercise: every sentence once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.core.cells import marker_of, test_id
from autograder.core.outcome import Outcome
from autograder.judging.verdict import NOT_DONE, ExerciseVerdict, LineVerdict, sentences
from autograder.publishing.page.cases import ShownCase

_OFTEN = 3
"""What as many exercises have to be told is said once for all of them."""

CaseOf = Callable[[str, int | None], ShownCase | None]
"""Name of an exercise and index of a case -> what is shown of it."""


@dataclass(frozen=True)
class ShownLine:
    """A rubric line; `explained` and `message` are what is not said for the whole exercise.

    Attributes
    ----------
    explained : str
        The sentence of a known mistake, or what holds between the answers and the right ones.
    case : ShownCase or None
        The case that shows what is wrong.
    """

    text: str
    earned: float
    points: float
    message: str
    explained: str = ""
    case: ShownCase | None = None


@dataclass(frozen=True)
class ShownExercise:
    """An exercise as the page shows it.

    Attributes
    ----------
    test, answers : str, tuple of str
        Ids of its cells, for their marks and comments.
    said : tuple of str
        What holds for the whole exercise, or for several of its lines.
    quoted : str
        The code that is spoken of, if any is quoted.
    right, undone : bool
        Whether it has all points; whether there is nothing to say but that it is not done.
    """

    name: str
    test: str
    answers: tuple[str, ...]
    said: tuple[str, ...]
    quoted: str
    lines: tuple[ShownLine, ...]
    right: bool
    undone: bool


@dataclass(frozen=True)
class SaidOfMany:
    """A sentence that holds for several exercises: (name, place on the page) of each."""

    text: str
    exercises: tuple[tuple[str, str], ...]


def shown_exercises(
    marked: Iterable[ExerciseVerdict], cells: Sequence[Mapping[str, Any]], case_of: CaseOf
) -> tuple[list[ShownExercise], list[SaidOfMany]]:
    """All exercises, and what many of them have in common."""
    shown = [_exercise(each, cells, case_of) for each in marked]
    whose: dict[str, list[str]] = {}
    for exercise in shown:
        for text in () if exercise.undone else exercise.said:
            whose.setdefault(text, []).append(exercise.name)
    of_many = [
        SaidOfMany(text, tuple((name, name) for name in names))
        for text, names in whose.items()
        if len(names) >= _OFTEN
    ]
    elsewhere = {each.text for each in of_many}
    return [
        replace(each, said=tuple(text for text in each.said if text not in elsewhere))
        for each in shown
    ], of_many


def _exercise(
    marked: ExerciseVerdict, cells: Sequence[Mapping[str, Any]], case_of: CaseOf
) -> ShownExercise:
    name = marked.exercise
    advice, _, quoted = marked.advice.partition("\n")
    if marked.advice == sentences(marked.lines):
        # It is said at the lines, or once for some of them.
        advice = ""
    found = [_without_case(line.message) for line in marked.lines]
    repeated = _repeated(sentence for sentence, _ in found)
    explained = _of_many_lines([line for line in marked.lines if not line.is_full])
    said = tuple(dict.fromkeys(text for text in (*explained, advice, *repeated) if text))
    lines = tuple(
        ShownLine(
            line.line.text,
            line.earned,
            line.line.points,
            case if sentence in said else line.message,
            "" if (why := _explained(line)) in said else why,
            case_of(name, line.case),
        )
        for line, (sentence, case) in zip(marked.lines, found, strict=True)
    )
    return ShownExercise(
        name,
        test_id(name),
        _answers_of(name, cells),
        said,
        quoted,
        lines,
        right=marked.earned == marked.points,
        undone=marked.outcome is Outcome.UNDONE and marked.advice == NOT_DONE,
    )


def _explained(line: LineVerdict) -> str:
    return line.says or line.fact


def _of_many_lines(lost: Sequence[LineVerdict]) -> list[str]:
    """What explains several lines: known mistakes, and a fact that holds for all that are lost."""
    why = list(map(_explained, lost))
    if len(set(why)) == 1:
        return why[:1]
    return _repeated(line.says for line in lost)


def _repeated(said: Iterable[str]) -> list[str]:
    """What is said more than once."""
    count = Counter(sentence for sentence in said if sentence)
    return [sentence for sentence, times in count.items() if times > 1]


def without_messages(marked: ExerciseVerdict) -> ExerciseVerdict:
    """An exercise of which points alone are told, and whether it was done."""
    lines = tuple(LineVerdict(line.line, line.earned) for line in marked.lines)
    return replace(marked, lines=lines, advice=marked.advice if marked.advice == NOT_DONE else "")


def _without_case(message: str) -> tuple[str, str]:
    """A message without the case that it ends with, and that case.

    Examples
    --------
    >>> _without_case("raised TypeError (3×5, stride=(2, 1))")
    ('raised TypeError', '3×5, stride=(2, 1)')
    >>> _without_case("is wrong")
    ('is wrong', '')
    """
    depth = 0
    for place in range(len(message) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(message[place], 0)
        if not depth:
            if message[place] == "(" and message[place - 1 : place] == " ":
                return message[: place - 1], message[place + 1 : -1]
            break
    return message, ""


def _answers_of(name: str, cells: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Ids of the answers between an exercise's test and the test before."""
    answers: list[str] = []
    for cell in cells:
        marker = marker_of(cell)
        if marker.id == test_id(name):
            break
        if marker.kind == "test":
            answers = []
        elif marker.kind in ("solution", "value"):
            answers.append(marker.id)
    return tuple(answers)
