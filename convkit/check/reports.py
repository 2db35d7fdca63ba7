"""Trying out an answer on the public examples, and what there is to say about it."""

from __future__ import annotations

import copy
import linecache
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any, Literal

import numpy as np

from convkit.check.comparison import Difference
from convkit.check.differences import a_type, first_difference, in_words
from convkit.check.examples import Call, FunctionExamples, ValueExample
from convkit.check.table import EXAMPLES

State = Literal["right", "complete", "undone", "wrong"]

EXAMPLE_FILE = "<example>"
"""What the code of a public example is called in a traceback."""

_MOST_ENTRIES_SHOWN = 40
_MOST_ENTRIES_IN_A_NEST = 6


@dataclass(frozen=True)
class Report:
    """What `check` found.

    Attributes
    ----------
    says : str
        The most important thing, in a line or two.
    call : tuple of str
        The call that went wrong and its arguments, one line each.
    remark : str
        Something that is worth mending although the answer is right.
    difference : Difference, optional
        What a picture can be drawn from.
    """

    name: str
    state: State
    says: str
    call: tuple[str, ...] = ()
    remark: str = ""
    difference: Difference | None = None


def report_function(examples: FunctionExamples, answer: Any) -> Report:
    """Call a student's function on the public examples until one goes wrong.

    Parameters
    ----------
    examples : FunctionExamples
        The calls.
    answer : object
        What the student has bound to the name.

    Returns
    -------
    Report
        The first thing that is wrong, or that all is right.
    """
    name = examples.name
    if answer is None or answer is Ellipsis:
        return Report(name, "undone", "not done yet.")
    if not callable(answer):
        says = f"expected a function, but {name} is now {a_type(answer)}. Was the name used twice?"
        return Report(name, "wrong", says)
    changed = ""
    for number, call in enumerate(examples.calls, start=1):
        report, changes = _try_call(examples, call, answer)
        changed = changed or changes
        if report is not None:
            head = f"Example {number} of {len(examples.calls)}: "
            lines = (head + report.call[0], *report.call[1:]) if report.call else ()
            return Report(name, report.state, report.says, lines, changed, report.difference)
    return Report(name, "right", all_right(len(examples.calls)), remark=changed)


def all_right(count: int) -> str:
    """What is said when no public example has gone wrong.

    Parameters
    ----------
    count : int
        How many were tried.

    Returns
    -------
    str
        A sentence.
    """
    if count == 1:
        return "the public example is right."
    return f"all {count} public examples are right."


def _try_call(
    examples: FunctionExamples, call: Call, function: Callable[..., Any]
) -> tuple[Report | None, str]:
    """Report on one call (None if it is right), and say which input the function changed."""
    name, shown = examples.name, describe_call(examples, call)
    args = copy.deepcopy(call.args)
    try:
        answer = function(*args, **call.options)
    except NotImplementedError as error:
        return Report(name, "undone", _undone(error, name)), ""
    except Exception as error:
        return Report(name, "wrong", _describe_error(error, examples), shown), ""
    changed = _changed_input(examples.arguments, call.args, args)
    difference = first_difference(answer, examples.expected(call))
    if difference is None:
        return None, changed
    return Report(name, "wrong", in_words(difference), shown, difference=difference), changed


def _undone(error: NotImplementedError, name: str) -> str:
    code = innermost_code(error)
    if code is None:
        return "not done yet."
    if code.co_name != name and code.co_name in EXAMPLES:
        return f"not done yet: it calls {code.co_name}, which is not done yet."
    has_variables = code.co_nlocals > code.co_argcount + code.co_kwonlyargcount
    hint = " It still ends in `raise NotImplementedError`: take that line away."
    return "not done yet." + (hint if has_variables else "")


def innermost_code(error: Exception) -> CodeType | None:
    """The code that raised an error, if that is not in this module.

    Parameters
    ----------
    error : Exception
        Raised while an example ran.

    Returns
    -------
    code or None
        The innermost code of the traceback.
    """
    code, step = None, error.__traceback__
    while step is not None:
        code, step = step.tb_frame.f_code, step.tb_next
    return None if code is None or code.co_filename == __file__ else code


def _changed_input(names: tuple[str, ...], before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    for name, old, new in zip(names, before, after, strict=False):
        if isinstance(old, np.ndarray) and not np.array_equal(old, new):
            return (
                f"Your function changes its input {name}. Whoever calls it keeps using {name}: "
                "work on a new array."
            )
    return ""


def _describe_error(error: Exception, examples: FunctionExamples) -> str:
    says, place = error_in_words(error)
    if place:
        return f"{says}\n{place}"
    if isinstance(error, TypeError):
        return f"{says}. Keep the parameters as given: {examples.name}({examples.signature})."
    return f"{says}."


def error_in_words(error: Exception) -> tuple[str, str]:
    """What an error says, and the line of the student's cell that it comes from.

    Parameters
    ----------
    error : Exception
        Raised while an example ran.

    Returns
    -------
    tuple of str
        The error, without a full stop; and the place, or "" if it lies outside the cells.
    """
    message = textwrap.shorten(str(error), 300)
    says = f"it raised {type(error).__name__}: {message}".rstrip(": ")
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if _is_students(frame.filename)
    ]
    if not frames:
        return says, ""
    frame = frames[-1]
    source = (linecache.getline(frame.filename, frame.lineno or 0) or frame.line or "").strip()
    return says, f"in line {frame.lineno} of the cell" + f": {source}" * bool(source)


def _is_students(filename: str) -> bool:
    ours = __file__.rpartition("check")[0]
    passed_over = (ours, "<__array_function__", EXAMPLE_FILE)
    return not (filename.startswith(passed_over) or "site-packages" in filename)


def report_value(example: ValueExample, answer: Any) -> Report:
    """Say whether an answer found by hand is complete, and nothing of whether it is right.

    Parameters
    ----------
    example : ValueExample
        The shape that is wanted.
    answer : object
        What the student has bound to the name.

    Returns
    -------
    Report
        What is missing, or that it is complete.
    """
    name = example.name
    if answer is None or answer is Ellipsis:
        return Report(name, "undone", "not done yet.")
    if isinstance(answer, set | frozenset):
        return Report(name, "wrong", "a set has no order; give a list, in square brackets.")
    try:
        array = np.array(answer)
    except ValueError:
        return Report(name, "wrong", f"the rows are not equally long; expected {_size(example)}.")
    missing = [] if array.dtype != object else _places_of_dots(array)
    if missing:
        return Report(name, "undone", f"not done yet: {missing[0]} is still `...`.")
    if array.size == 1 and array.ndim and example.shape == ():
        return Report(
            name, "wrong", "you gave a list of one; expected one number, without brackets."
        )
    if array.shape != example.shape:
        found = _shape_in_words(array.shape)
        return Report(name, "wrong", f"you gave {found}; expected {_size(example)}.")
    if array.dtype.kind not in "biuf":
        return Report(name, "wrong", f"expected numbers, not {a_type(_no_number(array))}.")
    if not np.isfinite(array).all():
        return Report(name, "wrong", "every entry must be a finite number.")
    return Report(
        name, "complete", f"looks complete: {_size(example)}. It is marked when you submit."
    )


def _no_number(array: np.ndarray) -> Any:
    """The first entry that is neither a whole number nor a fraction, as the student wrote it."""
    entries = array.ravel().tolist()
    return next((entry for entry in entries if type(entry) not in (int, float)), entries[0])


def _places_of_dots(array: np.ndarray) -> list[str]:
    words = {0: ("it",), 1: ("entry",), 2: ("row", "column")}.get(array.ndim, ())
    return [
        ", ".join(f"{word} {i}" for word, i in zip(words, index, strict=False)) or "a part of it"
        for index, value in np.ndenumerate(array)
        if value is Ellipsis
    ]


def _size(example: ValueExample) -> str:
    return _shape_in_words(example.shape)


def _shape_in_words(shape: tuple[int, ...]) -> str:
    if shape == ():
        return "one number"
    if len(shape) == 1:
        return f"{shape[0]} number{'s' * (shape[0] != 1)}"
    if len(shape) == 2:
        rows, columns = shape
        return f"{rows} row{'s' * (rows != 1)}, {columns} column{'s' * (columns != 1)}"
    return f"an array of shape {shape}"


def describe_call(examples: FunctionExamples, call: Call) -> tuple[str, ...]:
    """A call in words: the call itself, then a line for each array.

    Parameters
    ----------
    examples : FunctionExamples
        Where the names come from.
    call : Call
        The call.

    Returns
    -------
    tuple of str
        Lines of text.

    Examples
    --------
    >>> from convkit.check.table import find
    >>> examples = find("convolve1d")
    >>> describe_call(examples, examples.calls[0])
    ('convolve1d(x, w)', 'x = [1 2 3 4]', 'w = [1 0 0]')
    """
    words, lines = [], []
    for name, value in zip(examples.arguments, call.args, strict=False):
        if isinstance(value, np.ndarray):
            words.append(name)
            lines += _lines_of_array(name, value)
        elif isinstance(value, tuple) and _holds_arrays(value):
            words.append(name)
            lines += [f"{name} = (", *(f"    {_nest_in_words(part)}," for part in value), ")"]
        else:
            words.append(repr(value))
    words += [f"{name}={value!r}" for name, value in call.options.items()]
    return (f"{examples.name}({', '.join(words)})", *lines)


def _holds_arrays(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(_holds_arrays(part) for part in value)
    return isinstance(value, np.ndarray)


def _nest_in_words(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_nest_in_words(part) for part in value)})"
    if not isinstance(value, np.ndarray):
        return repr(value)
    few = value.size <= _MOST_ENTRIES_IN_A_NEST
    return str(value.tolist()) if few else f"array of shape {value.shape}"


def _lines_of_array(name: str, array: np.ndarray) -> list[str]:
    """The entries where they fit, and of one image or filter with one channel too."""
    summary = f"{name} = array of shape {array.shape}, {array.dtype}"
    if array.size > _MOST_ENTRIES_SHOWN:
        return [summary]
    if array.ndim <= 2:
        usual = array.dtype in (np.dtype(int), np.dtype(float))
        return [_entries(name, array) + ("" if usual else f", {array.dtype}")]
    if array.ndim == 4 and array.shape[0] == array.shape[3] == 1:
        return [summary, _entries(f"{name}[0, :, :, 0]", array[0, :, :, 0])]
    if array.ndim == 4 and array.shape[2] == array.shape[3] == 1:
        return [summary, _entries(f"{name}[:, :, 0, 0]", array[:, :, 0, 0])]
    return [summary]


def _entries(label: str, array: np.ndarray) -> str:
    return f"{label} = {np.array2string(array, separator=' ', prefix=f'{label} = ')}"
