"""The same assignment as for stock nbgrader: asserts in hidden cells."""

from __future__ import annotations

import nbformat
import numpy as np

from autograder.authoring.answer_key import hidden_cases
from autograder.authoring.exercise import Assignment, Case, Exercise
from autograder.building.text_notebook import build_source
from autograder.core.cells import marker_of
from tests.course import COURSE

_HIDDEN = """\
{visible}
### BEGIN HIDDEN TESTS
import numpy as _np
from convkit import {name} as _reference
for _args, _kwargs in {cases}:
    _np.testing.assert_allclose(
        {name}(*_args, **_kwargs), _reference(*_args, **_kwargs), rtol=1e-5, atol=1e-5
    )
### END HIDDEN TESTS"""
_HIDDEN_VALUE = """\
{visible}
### BEGIN HIDDEN TESTS
import numpy as _np
_np.testing.assert_allclose(_np.array({name}), {value}, rtol=1e-5, atol=1e-5)
### END HIDDEN TESTS"""


def stock_source(assignment: Assignment, secret: bytes) -> nbformat.NotebookNode:
    """The instructor's notebook, with the same inputs that our hidden cases have."""
    text = (COURSE.root / "solutions" / f"{assignment.name}.py").read_text(encoding="utf-8")
    notebook = build_source(text, assignment)
    for cell in notebook.cells:
        marker = marker_of(cell)
        if marker.kind == "test":
            exercise = assignment.exercise(marker.name)
            visible = cell.source.split("\n### BEGIN")[0]
            cell.source = _test(visible, exercise, hidden_cases(secret, assignment.name, exercise))
    return notebook


def _test(visible: str, exercise: Exercise, cases: tuple[Case, ...]) -> str:
    if exercise.kind == "value":
        value = _literal(exercise.oracle())
        return _HIDDEN_VALUE.format(visible=visible, name=exercise.name, value=value)
    calls = [(case.args, dict(case.kwargs)) for case in cases]
    text = "[" + ", ".join(f"({_tuple(args)}, {kwargs!r})" for args, kwargs in calls) + "]"
    return _HIDDEN.format(visible=visible, name=exercise.name, cases=text)


def _tuple(values: tuple[object, ...]) -> str:
    return "(" + "".join(f"{_literal(value)}, " for value in values) + ")"


def _literal(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"_np.array({value.tolist()!r}, dtype={value.dtype.str!r})"
    return repr(value)
