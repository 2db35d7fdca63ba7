"""The public examples of an assignment as data, with what is right: what `check` reads.

The format is described where it is read, in `autograder.core.check`.
"""

from __future__ import annotations

import copy
import inspect
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.authoring.blame import blame
from autograder.authoring.examples import Call, Example, Program
from autograder.authoring.exercise import Assignment, Exercise, Wheat, source_as
from autograder.authoring.public_mistakes import with_mistakes
from autograder.core.check import FORMAT, TOLERANCE, read_exercise, try_out

_GRAIN = 1e-4
"""What is right is written this much finer than an answer may be off."""


def public_examples(assignment: Assignment) -> bytes:
    """The file that `check` reads: JSON, a line for each example, the same on every machine.

    Parameters
    ----------
    assignment : Assignment
        Without faults. What is wrong with its examples, `example_faults` tells.
    """
    entries = [
        f"{_json(exercise.name)}: {_entry(with_mistakes(exercise, exercise_data(exercise)))}"
        for exercise in assignment.exercises
    ]
    text = ",\n".join(entries)
    points = {name: _plain(each) for name, each in assignment.worth.items()}
    head = f'"format": {FORMAT}, "points": {_json(points)}'
    return f'{{{head}, "exercises": {{\n{text}\n}}}}\n'.encode()


def _plain(points: float) -> float:
    return int(points) if points == int(points) else points


def _entry(data: dict[str, Any]) -> str:
    examples = data.pop("examples", [])
    if not examples:
        return _json(data)
    lines = ",\n".join(map(_json, examples))
    return f'{_json(data)[:-1]}, "examples": [\n{lines}\n]}}'


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def exercise_data(exercise: Exercise) -> dict[str, Any]:
    """What is public about an exercise, as JSON can hold it.

    Examples
    --------
    >>> exercise_data(Exercise("eye", (), oracle=lambda: np.eye(2), cases=iter, kind="value"))
    {'kind': 'value', 'shape': [2, 2]}
    """
    if exercise.kind == "value":
        return {"kind": "value", **_shape(exercise.oracle(), hidden=exercise.open_size)}
    data: dict[str, Any] = {"kind": exercise.kind}
    if exercise.kind == "function":
        data["signature"] = signature(exercise)
    if exercise.parts:
        data["parts"] = list(exercise.parts)
    if takes_nothing(exercise):
        return {**data, "blank": write_value(_blank(exercise.oracle()))}
    for name in ("rtol", "atol"):
        if getattr(exercise, name) != TOLERANCE:
            data[name] = getattr(exercise, name)
    if accepts := exercise.accepts:
        data["accepts"] = source_as(accepts, "accepts")
    data["examples"] = [_example(exercise, example) for example in exercise.examples]
    return data


def takes_nothing(exercise: Exercise) -> bool:
    """Whether it is a function without parameters: what it gives is known once it is called."""
    return exercise.kind == "function" and not signature(exercise)


def _blank(answer: Any) -> Any:
    """An answer with nothing in it but its form: the only one of a function that takes nothing."""
    if isinstance(answer, tuple | list):
        return tuple(_blank(part) for part in answer)
    if isinstance(answer, np.ndarray):
        return np.zeros_like(answer)
    return "" if isinstance(answer, str) else 0 * answer if answer is not None else None


def _shape(answer: Any, *, hidden: bool) -> dict[str, Any]:
    """The shape of an answer found by hand, if it is one of numbers; only its length if hidden."""
    try:
        array = np.array(answer)
    except ValueError:
        return {}
    if array.dtype.kind not in "biuf":
        return {}
    return {"shape": [None] * array.ndim if hidden else list(array.shape)}


def signature(exercise: Exercise) -> str:
    """The parameters of a function, as its first wheat has them, or else its oracle.

    Examples
    --------
    >>> def norm(x, eps: float = 1e-8, mode="same") -> float: ...
    >>> signature(Exercise("norm", (), oracle=norm, cases=iter))
    "x, eps=1e-8, mode='same'"
    """
    wheats = [each.implementation for each in exercise.wheats if isinstance(each, Wheat)]
    whole = inspect.signature(wheats[0] if wheats else exercise.oracle)
    bare = [each.replace(annotation=each.empty) for each in whole.parameters.values()]
    text = str(whole.replace(parameters=bare, return_annotation=whole.empty))
    return re.sub(r"(?<=\de[-+])0+", "", text[1:-1])


def _example(exercise: Exercise, example: Example) -> dict[str, Any]:
    expected = _settled(_solved(exercise, example), exercise)
    if isinstance(example, Call):
        options = {name: write_value(value) for name, value in example.options.items()}
        named = {"options": options} if options else {}
        args = write_value(list(example.args))
        return {"args": args, **named, "expected": write_value(expected)}
    program = {"code": example.code, "shown": list(example.shown)}
    share = {"what": example.what, "of": example.of, "at_least": example.at_least}
    in_part = share if example.at_least < 1 else {}
    return {**program, **in_part, "expected": write_value(list(expected))}


def _solved(exercise: Exercise, example: Example) -> Any:
    """What the oracle makes of an example; of a program, a tuple."""
    with np.errstate(all="ignore"):
        if isinstance(example, Call):
            args, options = copy.deepcopy((example.args, dict(example.options)))
            return exercise.oracle(*args, **options)
        scope = {"np": np, exercise.name: exercise.oracle}
        exec(example.code, scope)
        return tuple(eval(each, scope) for each in example.right or example.shown)


def _settled(value: Any, exercise: Exercise) -> Any:
    """A right answer without its last bits: these differ from machine to machine."""
    if isinstance(value, tuple | list):
        parts = [_settled(part, exercise) for part in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        entries = [_rounded(entry, exercise) for entry in value.ravel().tolist()]
        return np.array(entries, value.dtype).reshape(value.shape)[()]
    if isinstance(value, np.ndarray):
        return value[()]
    return _rounded(value, exercise) if isinstance(value, float | complex) else value


def _rounded(number: Any, exercise: Exercise) -> Any:
    if isinstance(number, complex):
        return complex(_rounded(number.real, exercise), _rounded(number.imag, exercise))
    grain = _GRAIN * (exercise.atol + exercise.rtol * abs(number))
    if not math.isfinite(grain) or grain == 0:
        return number
    return round(float(number), max(0, math.ceil(-math.log10(grain)))) + 0.0


def write_value(value: Any) -> Any:
    """Write a value so that JSON can hold it, and `read_value` gives it back, bit by bit.

    Raises
    ------
    TypeError
        If it is, or holds, something else than arrays, numbers, texts, bools and None.

    Examples
    --------
    >>> write_value((1, np.array([[3, 4]], dtype=np.uint8)))
    {'tuple': [1, {'dtype': 'uint8', 'shape': [1, 2], 'values': [3, 4]}]}
    """
    if isinstance(value, tuple):
        return {"tuple": [write_value(part) for part in value]}
    if isinstance(value, list):
        return [write_value(part) for part in value]
    if isinstance(value, np.ndarray) and _is_plain(value.dtype):
        plain = value.ravel()
        if value.dtype.kind == "c":
            plain = np.stack([plain.real, plain.imag], axis=1).ravel()
        return {"dtype": str(value.dtype), "shape": list(value.shape), "values": plain.tolist()}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise TypeError(f"a value of type {type(value).__name__} cannot be written as data")


def _is_plain(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "biufcU" and dtype.char not in "gG"


def example_faults(exercise: Exercise) -> Iterator[str]:
    """What is wrong with the public examples of an exercise, a line for each fault."""
    if exercise.kind == "value":
        if exercise.examples:
            yield "a value is not tried out, so it can have no public examples"
        return
    try:
        without_inputs = takes_nothing(exercise)
    except (TypeError, ValueError) as error:
        yield f"its public examples cannot be written: {error}"
        return
    if without_inputs:
        if exercise.examples:
            yield "it takes nothing, so it has one answer, and can have no public examples"
        return
    if isinstance(exercise.examples, Call | Program):
        yield "its public examples are one, not a tuple of them: a comma is missing behind it"
        return
    if not exercise.examples:
        yield "check has no examples of it"
        return
    first: dict[str, int] = {}
    for number, example in enumerate(exercise.examples, start=1):
        for fault in _faults(exercise, example):
            first.setdefault(fault, number)
    for fault, number in first.items():
        yield f"its public example {number} {fault}"
    if not first:
        yield from _faults_of_the_parts(exercise)
        yield from _faults_of_the_whole(exercise)


def _faults_of_the_parts(exercise: Exercise) -> Iterator[str]:
    """Whether the parts of an answer that is a tuple have as many names as there are."""
    names = len(exercise.parts)
    for example in exercise.examples if names else ():
        solved = _solved(exercise, example) if isinstance(example, Call) else None
        if isinstance(solved, tuple) and len(solved) != names:
            yield f"its parts have {names} names, and its oracle gives {len(solved)} parts"
            return


def _faults(exercise: Exercise, example: Example) -> Iterator[str]:
    if malformed := tuple(_malformed(exercise, example)):
        yield from malformed
        return
    try:
        expected = _solved(exercise, example)
    except Exception as error:
        suspect = exercise.oracle if isinstance(example, Call) else None
        yield f"makes its oracle raise {blame(error, suspect)}"
        return
    inputs = [*example.args, *example.options.values()] if isinstance(example, Call) else []
    try:
        write_value([expected, *inputs])
    except TypeError as error:
        yield f"holds {error}"


def _malformed(exercise: Exercise, example: Example) -> Iterator[str]:
    if not isinstance(example, Call | Program):
        yield f"is of type {type(example).__name__}; write call(...) or program(...)"
    elif isinstance(example, Call):
        if exercise.kind == "class":
            yield "is a call; a class is tried out by programs"
        if exercise.use and exercise.accepts:
            yield "is a call, but accepts looks at what use returns: make it a program"
    elif example.right and len(example.right) != len(example.shown):
        yield f"shows {len(example.shown)} values and has {len(example.right)} right ones"
    elif example.at_least < 1 and (len(example.shown) > 1 or not example.what):
        yield "may be right in part: it needs a what, and shows one expression"


def _faults_of_the_whole(exercise: Exercise) -> Iterator[str]:
    """Whether `check` can read the examples, and takes the exercise's own oracle."""
    try:
        data = json.loads(_json(exercise_data(exercise)))
    except (ValueError, TypeError) as error:
        yield f"its public examples cannot be written: {error}"
        return
    with np.errstate(all="ignore"):
        report = try_out(read_exercise(exercise.name, data), exercise.oracle)
    if not report.is_good:
        yield f"check refuses its own oracle: {' '.join(report.says.split())}"
