"""Rows 41 to 50: notebooks that were changed or broken outside of their answers."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell, new_output

from attacks.attack import TARGET, Attack, cell, changed
from autograder.core.outcome import Outcome

_TAMPERED, _REFUSED = Outcome.TAMPERED, Outcome.REFUSED
_TEST = f"test-{TARGET}"
_SCRIPT = "<script>alert('le' + 'aked')</script><img src=x onerror=alert(1)>"

Notebook = nbformat.NotebookNode


def _tests(notebook: Notebook) -> list[Notebook]:
    return [cell for cell in notebook.cells if cell.id.startswith("test-")]


def _of_target(notebook: Notebook) -> Notebook:
    return next(cell for cell in notebook.cells if cell.id == _TEST)


def _without_tests(notebook: Notebook) -> None:
    notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith("test-")]


def _tests_twice(notebook: Notebook) -> None:
    for original in _tests(notebook):
        if original.id != _TEST:
            copy = nbformat.from_dict(original)
            copy["id"] = f"copy-of-{copy.id}"
            copy.metadata.nbgrader = {**copy.metadata.nbgrader, "grade_id": _TEST}
            notebook.cells.insert(0, copy)


def _reordered(notebook: Notebook) -> None:
    tests = _tests(notebook)
    others = [cell for cell in notebook.cells if cell not in tests]
    notebook.cells = [*tests[::-1], *others]


def _skipped(notebook: Notebook) -> None:
    for each in notebook.cells:
        each.metadata["tags"] = ["skip-execution", "raises-exception"]


def _more_points(notebook: Notebook) -> None:
    for each in _tests(notebook):
        if each.id != _TEST:
            each.metadata.nbgrader["points"] = 1000


def _as_markdown(notebook: Notebook) -> None:
    _turn(notebook, "markdown", _TEST)


def _as_raw(notebook: Notebook) -> None:
    _turn(notebook, "raw", TARGET)


def _turn(notebook: Notebook, kind: str, name: str) -> None:
    for each in notebook.cells:
        if each.id == name:
            each.cell_type = kind
            each.pop("outputs", None)
            each.pop("execution_count", None)


def _not_graded(notebook: Notebook) -> None:
    _of_target(notebook).metadata.nbgrader.update(grade=False, locked=False, solution=True)


def _as_json(change: Any) -> Any:
    def make(notebook: Notebook) -> str:
        document = json.loads(nbformat.writes(notebook))
        return json.dumps(change(document) or document)

    return make


def _cut(notebook: Notebook) -> str:
    return nbformat.writes(notebook)[:-200]


def _format_99(document: dict[str, Any]) -> None:
    document["nbformat"] = 99


def _another_kernel(document: dict[str, Any]) -> None:
    document["metadata"]["kernelspec"] = {
        "name": "../../bin/sh",
        "display_name": "sh",
        "language": "bash",
        "argv": ["/bin/sh", "-c", "touch /tmp/leaked"],
    }
    document["metadata"]["language_info"] = {"name": "bash"}


def _huge_outputs(document: dict[str, Any]) -> None:
    output = new_output("stream", name="stdout", text="x" * (210 << 20))
    document["cells"][1]["outputs"] = [output]


def _large_outputs(document: dict[str, Any]) -> None:
    output = new_output("stream", name="stdout", text="le" + "aked " * (10 << 20))
    document["cells"][1]["outputs"] = [output]


def _one_line(notebook: Notebook) -> bytes:
    return b"[" + b"0," * (25 << 20) + b"0]"


def _deep(notebook: Notebook) -> str:
    return "[" * 200_000 + "]" * 200_000


def _twice(notebook: Notebook) -> str:
    """The key of the cells twice: readers may differ in which of them counts."""
    text = nbformat.writes(notebook)
    return text.rstrip().removesuffix("}") + ', "cells": []}'


def _scripts(notebook: Notebook) -> None:
    for each in notebook.cells:
        if each.cell_type == "code":
            data = {"text/html": _SCRIPT, "application/javascript": "alert(1)"}
            each.outputs = [new_output("display_data", data=data)]
    notebook.cells.append(new_markdown_cell(_SCRIPT))
    notebook.metadata["title"] = _SCRIPT


_DISPLAYS_SCRIPTS = f"""
from IPython.display import HTML, SVG, Javascript, display

script = {_SCRIPT!r}
display(HTML(script), Javascript("alert(1)"), {{"text/plain": script}}, raw=False)
display({{"text/html": script, "image/svg+xml": script, "text/plain": script,
         "text/latex": script}}, raw=True)
print(script)
raise type(script, (Exception,), {{}})(script)
"""


_FORGED_PICTURE = """
from IPython.display import display

display({"image/png": '" onerror="alert(1)', "text/plain": "x"}, raw=True)
"""

_UNCHECKED_PICTURE = (
    """
from autograder.sandbox.inside import displays

displays.clean_display = lambda data, *_, **__: displays.Cleaned(data)
"""
    + _FORGED_PICTURE
)


def _tampered(row: int, name: str, what: str, change: Any) -> tuple[Attack, Attack]:
    """The same with a wrong answer, and with everything right: then it costs nothing."""
    return (
        Attack((row,), name, what, changed(change), _TAMPERED),
        Attack(
            (row,),
            f"{name}-right",
            f"{what}; all answers are right",
            changed(change, right=True),
            _TAMPERED,
            lost=(),
        ),
    )


def _refused(row: int, name: str, what: str, change: Any, says: str) -> Attack:
    return Attack((row,), name, what, changed(change, right=True), _REFUSED, None, says)


ATTACKS = (
    *_tampered(41, "tests-deleted", "all tests deleted", _without_tests),
    *_tampered(42, "tests-duplicated", "other tests under the name of a test", _tests_twice),
    *_tampered(43, "tests-reordered", "tests before the answers", _reordered),
    *_tampered(44, "retagged", "every cell tagged skip-execution", _skipped),
    *_tampered(45, "more-points", "1000 points for what is right", _more_points),
    *_tampered(46, "test-to-markdown", "a test turned into markdown", _as_markdown),
    *_tampered(46, "answer-to-raw", "an answer turned into a raw cell", _as_raw),
    *_tampered(46, "not-graded", "the graded flag off", _not_graded),
    _refused(47, "broken-json", "a notebook that is cut off", _cut, "not valid JSON"),
    _refused(47, "deep-json", "200,000 nested lists", _deep, "nested too deeply"),
    _refused(47, "cells-twice", "two lists of cells in one notebook", _twice, "none of its cells"),
    _refused(48, "format-99", "nbformat 99", _as_json(_format_99), "format 99"),
    Attack(
        (48,),
        "another-kernel",
        "a kernel that would run a shell",
        changed(_as_json(_another_kernel)),
        Outcome.WRONG,
    ),
    _refused(49, "huge-outputs", "210 MB of outputs", _as_json(_huge_outputs), "notebook_bytes"),
    _refused(49, "one-line", "one line of 50 MB", _one_line, "text_bytes"),
    Attack(
        (49,), "large-outputs", "50 MB of outputs", changed(_as_json(_large_outputs)), Outcome.WRONG
    ),
    Attack(
        (50,),
        "scripts-in-outputs",
        "scripts in the outputs, a text and a title",
        changed(_scripts),
        Outcome.WRONG,
    ),
    Attack(
        (50,),
        "displays-scripts",
        "a cell that displays, prints and raises scripts",
        cell(_DISPLAYS_SCRIPTS),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (50,),
        "forged-picture",
        "a picture that is markup",
        cell(_FORGED_PICTURE),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (50,),
        "unchecked-picture",
        "a picture that is markup, past the room's own check",
        cell(_UNCHECKED_PICTURE),
        Outcome.CRASH,
        lost=(),
    ),
)
