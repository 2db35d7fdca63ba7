"""What wrong functions that are no chaffs are told: ``python -m tests.exercises.naming --write``.

Each of `wrong_functions` is handed in and marked in several draws. A name is right if it is a chaff
whose sentence is true of the function, as its tag says; one untrue name in one draw makes it wrong.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from autograder.authoring.answer_key import AnswerKey, answer_keys
from autograder.authoring.exercise import Assignment, Exercise
from autograder.sandbox.protocol.plan import QuestionResult
from autograder.trials.handed_in import hand_in
from tests.course import ASSIGNMENTS
from tests.exercises.wrong_functions.tagging import Kind, WrongFunction

PAGE = Path(__file__).parents[2] / "docs" / "naming.md"
DRAWS = tuple(f"{number:032x}" for number in range(3))

_SECRET = b"the published table"
_FOLDER = Path(__file__).with_name("wrong_functions")

Told = Literal["a name", "an untrue name", "a relation", "the case"]


@dataclass(frozen=True)
class Tried:
    """A wrong function, marked in each draw.

    Attributes
    ----------
    untrue : frozenset of str
        Names that it was called by and that are not true of it.
    named : frozenset of str
        Names that it was called by in every draw, the first of the forms of each mistake.
    told : {"a name", "an untrue name", "a relation", "the case"}
        What its author reads in every draw: the best of it that is never missing.
    facts : tuple of str
        The relations, each once.
    earns_everything : bool
        Whether it did so in one of the draws.
    answers : tuple of QuestionResult
        What it answered in each draw.
    """

    wrong: WrongFunction
    untrue: frozenset[str]
    named: frozenset[str]
    told: Told
    facts: tuple[str, ...]
    earns_everything: bool
    answers: tuple[QuestionResult, ...]


@functools.cache
def wrong_functions() -> tuple[WrongFunction, ...]:
    """All of them, in the order of their modules."""
    modules = (
        importlib.import_module(f"tests.exercises.wrong_functions.{path.stem}")
        for path in sorted(_FOLDER.glob("*.py"))
    )
    found = (value for module in modules for value in vars(module).values())
    return tuple(value for value in found if isinstance(value, WrongFunction))


@functools.cache
def tried() -> tuple[Tried, ...]:
    """All wrong functions, marked."""
    return tuple(each for assignment in ASSIGNMENTS for each in _of_assignment(assignment))


def _of_assignment(assignment: Assignment) -> Iterable[Tried]:
    drawn = [dict(answer_keys(assignment, _SECRET, draw)) for draw in DRAWS]
    for exercise in assignment.exercises:
        keys = [keys[exercise] for keys in drawn]
        for wrong in wrong_functions():
            if wrong.exercise == exercise.name:
                yield _of_function(exercise, keys, wrong)


def _of_function(exercise: Exercise, keys: Sequence[AnswerKey], wrong: WrongFunction) -> Tried:
    handed_in = [hand_in(exercise, key, wrong.implementation) for key in keys]
    verdicts = [each.verdict for each in handed_in]
    names = [
        frozenset(first_form(exercise, name) for name in verdict.names) for verdict in verdicts
    ]
    facts = [[line.fact for line in verdict.lines if line.fact] for verdict in verdicts]
    untrue = frozenset().union(*names) - wrong.true
    told: Told = "the case"
    if untrue:
        told = "an untrue name"
    elif all(names):
        told = "a name"
    elif all(each or also for each, also in zip(names, facts, strict=True)):
        told = "a relation"
    return Tried(
        wrong,
        untrue,
        names[0].intersection(*names),
        told,
        tuple(dict.fromkeys(fact for each in facts for fact in each)),
        any(verdict.earned >= exercise.points for verdict in verdicts),
        tuple(each.answered for each in handed_in),
    )


def first_form(exercise: Exercise, name: str) -> str:
    """The first of the forms of a mistake, which say the same."""
    says = {mistake.name: mistake.says for mistake in exercise.misconceptions}
    return next(each for each in says if says[each] == says[name])


def share(told: Told, of: Iterable[Tried]) -> float:
    """How many of some wrong functions are told so much, from 0 to 1."""
    counted = Counter(each.told for each in of)
    return counted[told] / counted.total()


def page() -> str:
    """The page, as it is published."""
    exercises = [exercise for assignment in ASSIGNMENTS for exercise in assignment.exercises]
    rows = [
        (each, [one for one in tried() if one.wrong.exercise == each.name]) for each in exercises
    ]
    table = [
        _row(f"`{exercise.name}`", len(exercise.misconceptions), found)
        for exercise, found in rows
        if found
    ]
    chaffs = sum(len(exercise.misconceptions) for exercise, found in rows if found)
    kinds = [
        _row(kind, None, [one for one in tried() if one.wrong.kind == kind])
        for kind in get_args(Kind)
    ]
    whole = _row("**all**", chaffs, tried())
    return _HEAD + "".join(table) + whole + _KINDS + "".join(kinds)


def _row(first: str, chaffs: int | None, found: Sequence[Tried]) -> str:
    pairs = sum(one.wrong.kind == "a pair" for one in found)
    told = Counter(one.told for one in found)
    cells = [first]
    if chaffs is not None:
        cells.append(str(chaffs))
    cells.append(str(len(found)))
    if chaffs is not None:
        cells.append(str(pairs))
    cells += [str(told[each]) for each in get_args(Told)]
    cells.append(f"{share('a name', found):.0%}")
    return "| " + " | ".join(cells) + " |\n"


_HEAD = f"""\
# What wrong functions are told

Chaffs are called by their own names, or they would not be there. What of a function that is no
chaff? {len(wrong_functions())} wrong functions were written from the statements of the exercises,
before any chaff was read: with loops and without, verbose, clumsy, some with two mistakes at once,
some odd. They stand in `tests/exercises/wrong_functions`. Each is handed in on {len(DRAWS)} draws
of the hidden cases, and counts by the worst of them.

A name is right if the sentence of that chaff is true of the function, of one of its mistakes where
it has two. Where nothing is named, a relation between the answers and the right ones may be told,
which holds by computation. With nothing but the case, its author still sees the inputs and both
answers.

| exercise | chaffs | wrong functions | of these, pairs of mistakes | named, rightly \
| named, wrongly | a relation | nothing but the case | share named rightly |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
"""

_KINDS = """
| kind | wrong functions | named, rightly | named, wrongly | a relation | nothing but the case \
| share named rightly |
|---|--:|--:|--:|--:|--:|--:|
"""


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
