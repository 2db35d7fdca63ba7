"""What an answer has against it by the rules of its exercise, and what only may be against it."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.authoring.exercise import Exercise
from autograder.judging.code.definitions import Standing
from autograder.judging.code.mentions import ANY
from autograder.judging.rules import loops
from autograder.judging.rules.forbidden import ForbiddenCall, forbidden_calls, matches
from autograder.sandbox.protocol.plan import QuestionResult

_MOST_DOUBTS = 3
_UNREAD = "nobody could read whether it breaks a rule; its calls were watched"


def ruling(
    exercise: Exercise,
    question: QuestionResult,
    sources: Sequence[str] | Standing,
    *,
    right: bool,
) -> tuple[str, tuple[str, ...]]:
    """Say which rule an answer breaks, or "", and what a person may want to look at.

    What an answer called is certain, and so is what its code refers to. Loops count only where
    something is `right`.

    Parameters
    ----------
    exercise : Exercise
        It may have rules.
    question : QuestionResult
        Which forbidden callables the answer has called, and how its work grows.
    sources : sequence of str, or Standing
        The code cells that had run.
    right : bool
        Whether any answer is.
    """
    calls, doubts = _calls(exercise, sources) if exercise.forbidden else ([], [])
    for call in calls:
        if call.certain:
            broken = f"uses {_shown(call.name)}, which this exercise rules out"
            return f"{broken} ({_place(call, exercise)})", ()
    for pattern in exercise.forbidden:
        if any(matches(name, pattern) for name in question.reached):
            return f"calls {_shown(pattern)}, which this exercise rules out", ()
    if exercise.loops and right:
        try:
            broken = loops.broken(exercise.loops, question.growth, sources, exercise.name)
        except Exception:
            broken, doubts = "", [_UNREAD]
        if broken:
            return broken, ()
    first = {call.name: call for call in reversed(calls)}
    doubts += [
        f"may use {_shown(name)} ({_place(first[name], exercise)})" for name in sorted(first)
    ]
    return "", tuple(doubts[:_MOST_DOUBTS])


def _calls(
    exercise: Exercise, sources: Sequence[str] | Standing
) -> tuple[list[ForbiddenCall], list[str]]:
    """Forbidden calls that can be read. A text made to break its reader costs nobody anything."""
    try:
        notebook = Standing.of(sources)
        calls = forbidden_calls(notebook, exercise.name, exercise.forbidden)
        return list(calls), [_UNREAD] if notebook.unread(exercise.name) else []
    except Exception:
        return [], [_UNREAD]


def _place(call: ForbiddenCall, exercise: Exercise) -> str:
    owner = "its" if call.within == exercise.name else f"the {call.within}"
    return f"line {call.line} of {owner} cell"


def _shown(dotted: str) -> str:
    """The name of a callable as a student knows it."""
    if dotted.endswith(f".{ANY}"):
        return f"a function of {dotted.removesuffix('.*')}"
    name = dotted.removeprefix("builtins.")
    return name if name == dotted else f"Python's own {name}"
