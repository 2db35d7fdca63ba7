"""An implementation as if a student had handed it in: turned into a cell, run, asked, marked.

What it answers is encoded as it would leave the locked room. It is our own code, so no room is
needed.
"""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np

from autograder.authoring.answer_key import AnswerKey, call_ids, called, put_to_use
from autograder.authoring.exercise import Exercise, source_as
from autograder.authoring.loop_probes import probes
from autograder.core.cells import test_id
from autograder.core.outcome import Outcome
from autograder.judging.code.definitions import Standing
from autograder.judging.judge import judge_exercise
from autograder.judging.verdict import ExerciseVerdict
from autograder.sandbox.inside.effort import growth
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode


@dataclass(frozen=True)
class HandedIn:
    """What the locked room would report, and what the judge makes of it.

    Attributes
    ----------
    answered : QuestionResult
        The answers, encoded.
    raised : tuple of Exception or None
        What was raised on each case, if anything was. The judge does not read it.
    verdict : ExerciseVerdict
        The marks.
    """

    answered: QuestionResult
    raised: tuple[Exception | None, ...]
    verdict: ExerciseVerdict


_FIRST_CELL = "import numpy as np"
_source = functools.cache(source_as)


@functools.lru_cache(maxsize=256)
def _standing(source: str) -> Standing:
    """The notebook of an implementation; it is read once, however many draws there are."""
    return Standing.of([_FIRST_CELL, source])


def hand_in(exercise: Exercise, key: AnswerKey, implementation: Callable[..., Any]) -> HandedIn:
    """Run an implementation as a student's cell, ask it all cases, and mark it.

    Parameters
    ----------
    exercise : Exercise
        Under its name the implementation is handed in.
    key : AnswerKey
        What is asked, and what is right.
    implementation : callable
        A plain function or a class that was read from a file.
    """
    source = _source(implementation, exercise.name)
    answered, raised = _answers(exercise, key, source, implementation.__module__)
    verdict = judge_exercise(exercise, key, answered, _standing(source))
    return HandedIn(answered, raised, verdict)


def _answers(
    exercise: Exercise, key: AnswerKey, source: str, module: str
) -> tuple[QuestionResult, tuple[Exception | None, ...]]:
    id_ = test_id(exercise.name)
    try:
        function = _defined(exercise, source, module)
    except Exception as error:
        return QuestionResult(id_, Outcome.OK, bound=False), (error,) * len(key.cases)
    answers: list[Answer] = []
    raised: list[Exception | None] = []
    with contextlib.redirect_stdout(io.StringIO()):
        for call, case in zip(call_ids(exercise, key.cases), key.cases, strict=True):
            try:
                answers.append(Answer(call, encode(called(function, case))))
                raised.append(None)
            except Exception as error:
                answers.append(Answer(call, raised=type(error).__name__))
                raised.append(error)
    grown = _growth(exercise, source, module)
    return QuestionResult(id_, Outcome.OK, answers=tuple(answers), growth=grown), tuple(raised)


@functools.cache
def _growth(exercise: Exercise, source: str, module: str) -> tuple[int, ...] | None:
    """What the locked room would measure. The secret plays no part in it."""
    if exercise.loops is None:
        return None
    smallest, *larger = probes(exercise.loops)
    with contextlib.suppress(Exception):
        return growth(_defined(exercise, source, module), smallest, larger)
    return None


def _defined(exercise: Exercise, source: str, module: str) -> Callable[..., Any]:
    """Run `source` as a cell that knows numpy, and imports as the module that it comes from."""
    cell: dict[str, Any] = {"np": np, "__package__": module.rpartition(".")[0]}
    exec(_compiled(source), cell)
    return put_to_use(exercise, cell[exercise.name])


@functools.lru_cache(maxsize=256)
def _compiled(source: str) -> CodeType:
    return compile(source, "cell", "exec", dont_inherit=True)
