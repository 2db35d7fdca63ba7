"""Immediate feedback in a notebook: `check` tries an answer out, `example` gives what it was tried
on, `progress` tries all of them, and `waiting_for` waits for one.

This file needs numpy and nothing else. A course has it beside its notebooks or in its library,
together with its public examples as data: ``NAME.examples.json``, one file a notebook. All of them
that lie beside this file are read. The points of a submission come from other, hidden inputs, of
which nothing stands here; but `compare` is the grader's own, so that the two agree.

Where ``NBGRADER_EXECUTION`` is ``validate``, what is not done or not right goes to standard error,
too: nbgrader's Validate looks at nothing else of a cell that earns points, unless it raises.

From top to bottom: what is called, the data, trying an answer out, known mistakes, what was found
in words, the comparison, showing, the progress, waiting.

The data are ``{"format": 1, "points": {"conv2d": 12, "why": 2}, "exercises": {"conv2d": EXERCISE,
...}}``. Points stand in the order of the notebook. What has points and is no exercise is a question
that is answered in prose. Keys that are not named here are passed over.

EXERCISE
    An answer found by hand, ``{"kind": "value", "shape": [3, 3]}``; without a shape, if it is none
    of numbers, and with null for each size that is part of the question. Or something that is
    tried out, ``{"kind": "function", "signature": "x, stride=1", "examples": [EXAMPLE, ...]}``; a
    ``"class"`` has no signature. Where many answers to a call are right, ``"accepts"`` is the
    source of ``def accepts(answer, case)``, which gives True, or False or a sentence on what is
    wrong; `case` has `args`, `kwargs` and `right`, which is one of the right answers. ``"rtol"``
    and ``"atol"`` stand where they are not `TOLERANCE`. ``"parts": ["dx", "dw"]`` names the parts
    of a tuple. ``"mistakes": [SENTENCE, ...]`` says what known wrong answers do. A function that
    takes nothing has one answer, which is not public: it has no examples, but ``"blank": VALUE``, a
    right answer with zeros for its numbers.
EXAMPLE
    A call, ``{"args": [VALUE, ...], "options": {"stride": VALUE}, "expected": VALUE}``. Or a
    program, ``{"code": "f = Node(2) * Node(3)", "shown": ["f.value"], "expected": [VALUE]}``: lines
    that use np and the answer, and expressions that are then looked at. Of predictions a share may
    be enough: ``"what": "digits anywhere", "of": "image", "at_least": 0.9``. What known mistakes
    give, by their number, stands in ``"mistaken": {"0": PRINT}`` where it is not right, for each on
    one example at least; and ``"raising": [1]`` lists those that give nothing.
PRINT
    What is left of a value, enough to know it again: of numbers their shape and two sums, as
    `fingerprint` makes them, ``[[2, 3], 1.578, 0.444]``; of a tuple the prints of its parts,
    ``{"parts": [PRINT, ...]}``; ``{"is": null}``, or a text.
VALUE
    Numbers, texts, true, false, null and lists, as JSON has them; ``{"tuple": [VALUE, ...]}``;
    ``{"complex": [real, imaginary]}``; an array, ``{"dtype": "float64", "shape": [2, 3], "values":
    [six numbers]}``, where complex entries take two numbers each.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import difflib
import functools
import html
import io
import json
import linecache
import math
import os
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType, SimpleNamespace, TracebackType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-5
"""Relative and absolute, where an exercise says nothing else; wide enough for float32."""

FORMAT = 1
"""Of the data. A file in another format is refused."""

State = Literal["right", "complete", "undone", "wrong"]
Stage = Literal["type", "shape", "dtype", "values"]


@dataclass(frozen=True)
class Report:
    """What `check` found.

    Attributes
    ----------
    says : str
        The most important thing, in a line or two.
    mistake : str
        What the one known mistake does that explains the answers.
    call : tuple of str
        The call that went wrong and its arguments, one line each.
    again : tuple of str
        Lines that make this call once more, to be pasted into a cell.
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
    mistake: str = ""
    again: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong or missing, as far as the public examples tell."""
        return self.state in ("right", "complete")


def check(name: str, answer: Any) -> bool:
    """Check an answer on public examples, and show the first thing that is not right.

    Parameters
    ----------
    name : str
        Name of the exercise.
    answer : object
        The function, class or value that the exercise asks for.

    Returns
    -------
    bool
        Whether nothing is wrong or missing, as far as the public examples tell.

    Raises
    ------
    ValueError
        If no exercise has this name.
    """
    report = examine(name, answer)
    show(report)
    return report.is_good


def examine(name: str, answer: Any) -> Report:
    """Find out what `check` shows.

    Parameters
    ----------
    name, answer
        As `check` takes them.

    Returns
    -------
    Report
        The first thing that is wrong or missing, or that there is none.

    Raises
    ------
    ValueError
        If no exercise has this name.
    """
    exercise = find(name)
    if not is_validating():
        report = try_out(exercise, answer)
    else:
        # A warning on standard error would count as a failure.
        with contextlib.redirect_stderr(sys.stdout):
            report = try_out(exercise, answer)
    if report.state != "wrong":
        return report
    return replace(report, mistake=known_mistake(exercise, answer))


def example(name: str, number: int) -> tuple[Any, ...]:
    """Give the inputs of a public example by position, to call an answer on them again.

    Parameters
    ----------
    name : str
        Name of the exercise.
    number : int
        Which of its examples, from 1, as `check` counts them.

    Returns
    -------
    tuple
        New inputs in each call, without those that are given by name.

    Raises
    ------
    ValueError
        If there is no such exercise or no such example, or if it is no call but lines of code; the
        message then has the lines.

    Examples
    --------
    >>> x, k = example("correlate2d", 1)  # doctest: +SKIP
    >>> correlate2d(*example("correlate2d", 4), stride=2)  # doctest: +SKIP
    """
    exercise = find(name)
    count = len(exercise.examples)
    if number not in range(1, count + 1):
        raise ValueError(f"{name} has {count} public examples; there is no example {number}.")
    found = exercise.examples[number - 1]
    if isinstance(found, Program):
        raise ValueError(f"Example {number} of {name} is no call. Its lines are:\n{found.code}")
    return found.args


@dataclass(frozen=True)
class Call:
    """One call of a student's function: arrays by position, options by name.

    Attributes
    ----------
    mistaken : mapping of int to object
        A print of what each known mistake gives, by its number, where that is not right.
    raising : frozenset of int
        The known mistakes that give nothing to compare.
    """

    args: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    expected: Any = None
    mistaken: Mapping[int, Any] = field(default_factory=dict)
    raising: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Program:
    """A few lines that use an answer, and what to look at when they have run.

    Attributes
    ----------
    code : str
        Lines as a student could type them into a cell; they may use ``np``.
    shown : tuple of str
        Expressions whose values are compared, in this order.
    expected : tuple
        What is right for each of them.
    what, of : str
        What is predicted, in words: ``"digits anywhere"``, for each ``"image"``.
    at_least : float
        Share of the predictions that must be right. If it is less than 1, one expression is shown,
        and what is right are whole numbers.
    mistaken, raising
        As a `Call` has them.
    """

    code: str
    shown: tuple[str, ...]
    expected: tuple[Any, ...]
    what: str = ""
    of: str = "item"
    at_least: float = 1.0
    mistaken: Mapping[int, Any] = field(default_factory=dict)
    raising: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Exercise:
    """What is public about an exercise; the data say more of each field."""

    name: str
    kind: str
    shape: tuple[int | None, ...] | None = None
    signature: str = ""
    examples: tuple[Call | Program, ...] = ()
    accepts: str = ""
    rtol: float = TOLERANCE
    atol: float = TOLERANCE
    parts: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    blank: Any = None

    def named(self, args: Sequence[Any]) -> dict[str, Any]:
        """Arguments of a call by the names of the parameters."""
        function = ast.parse(f"lambda {self.signature}: 0", mode="eval").body
        assert isinstance(function, ast.Lambda)
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        names += [f"arg{number}" for number in range(len(names) + 1, len(args) + 1)]
        return dict(zip(names, args, strict=False))


def find(name: str) -> Exercise:
    """What is public about the exercise of that name.

    Raises
    ------
    ValueError
        If no exercise has this name; the message lists those that exist.
    """
    written = read_all()
    if name in written:
        return read_exercise(name, written[name])
    near = difflib.get_close_matches(str(name), written, n=1)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    knows = f"It knows: {', '.join(written)}." if written else "No *.examples.json lies beside it."
    raise ValueError(f"check knows no exercise called {name!r}.{guess} {knows}")


_SUFFIX = ".examples.json"
_FIELDS = ("kind", "signature", "accepts", "rtol", "atol")
_WORDS_FOR_PREDICTIONS = ("what", "of", "at_least")


@functools.cache
def read_files() -> dict[str, Any]:
    """The files beside this one by the names of their notebooks, as they are written; read once."""
    found: dict[str, Any] = {}
    for path in sorted(Path(__file__).parent.glob(f"*{_SUFFIX}")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"{path.name} and {__file__} belong to different versions.")
        found[path.name.removesuffix(_SUFFIX)] = data
    return found


def read_all() -> dict[str, Any]:
    """All exercises of these files."""
    return {
        name: each for data in read_files().values() for name, each in data["exercises"].items()
    }


def read_exercise(name: str, written: Mapping[str, Any]) -> Exercise:
    """Make sense of an exercise as JSON has it."""
    plain = {key: written[key] for key in _FIELDS if key in written}
    shape = tuple(written["shape"]) if "shape" in written else None
    return Exercise(
        name,
        shape=shape,
        examples=tuple(_example(each) for each in written.get("examples", ())),
        parts=tuple(written.get("parts", ())),
        mistakes=tuple(written.get("mistakes", ())),
        blank=read_value(written.get("blank")),
        **plain,
    )


def _example(written: Mapping[str, Any]) -> Call | Program:
    expected = read_value(written["expected"])
    mistaken = {int(number): each for number, each in written.get("mistaken", {}).items()}
    raising = frozenset(written.get("raising", ()))
    if "code" not in written:
        options = {name: read_value(each) for name, each in written.get("options", {}).items()}
        return Call(tuple(read_value(written["args"])), options, expected, mistaken, raising)
    words = {key: written[key] for key in _WORDS_FOR_PREDICTIONS if key in written}
    return Program(
        written["code"],
        tuple(written["shown"]),
        tuple(expected),
        **words,
        mistaken=mistaken,
        raising=raising,
    )


def read_value(written: Any) -> Any:
    """Make sense of a value as JSON has it.

    Examples
    --------
    >>> read_value({"tuple": [1, {"dtype": "uint8", "shape": [1, 2], "values": [3, 4]}]})
    (1, array([[3, 4]], dtype=uint8))
    """
    if isinstance(written, list):
        return [read_value(part) for part in written]
    if not isinstance(written, dict):
        return written
    if "tuple" in written:
        return tuple(read_value(part) for part in written["tuple"])
    if "complex" in written:
        return complex(*written["complex"])
    dtype = np.dtype(written["dtype"])
    plain = f"f{dtype.itemsize // 2}" if dtype.kind == "c" else dtype
    return np.array(written["values"], plain).view(dtype).reshape(written["shape"])


_EXAMPLE = "<example>"
_NOT_ACCEPTED = "This is not a right answer."
_COMPLETE = "looks complete. It is marked when you submit."


def try_out(exercise: Exercise, answer: Any) -> Report:
    """Try an answer on the examples of an exercise until one goes wrong.

    Parameters
    ----------
    exercise : Exercise
        What is public about it.
    answer : object
        What the student has bound to the name.

    Returns
    -------
    Report
        The first thing that is wrong or missing, or that there is none.
    """
    name, kind = exercise.name, exercise.kind
    if answer is None or answer is Ellipsis:
        return Report(name, "undone", "not done yet.")
    if kind == "value":
        return Report(name, *_about_value(answer, exercise.shape))
    if not (isinstance(answer, type) if kind == "class" else callable(answer)):
        says = f"expected a {kind}, but {name} is now {a_type(answer)}. Was the name used twice?"
        return Report(name, "wrong", says)
    if exercise.blank is not None:
        return _try_form(exercise, answer)
    count, remark, shares = len(exercise.examples), "", []
    for number in range(1, count + 1):
        report = _try_example(exercise, number, answer)
        remark = remark or report.remark
        if report.state != "right":
            tells = kind == "class" and report.state == "undone" and number > 1
            so_far = f" Right so far: {number - 1} of {count} public examples." * tells
            return replace(report, says=report.says + so_far, remark=remark)
        shares += [report.says] * bool(report.says)
    return Report(name, "right", _about_success(exercise, shares), remark=remark)


def _try_form(exercise: Exercise, answer: Any) -> Report:
    """Report on a function that takes nothing: whether its answer is complete, never if right."""
    name, call = exercise.name, Call(())
    try:
        (result,) = _run(exercise, call, answer, {})
    except NotImplementedError as error:
        return Report(name, "undone", _about_undone(error, exercise, answer))
    except Exception as error:
        return Report(name, "wrong", _about_error(error, exercise, call))
    found = compare(result.value, exercise.blank, atol=math.inf, booleans=False)
    if found is None or found.stage == "values":
        return Report(name, "complete", _COMPLETE)
    return Report(name, "wrong", in_words(found, exercise.parts))


def _try_example(exercise: Exercise, number: int, answer: Any) -> Report:
    """Report on one of the examples. What is said of a right one is a share."""
    name, example = exercise.name, exercise.examples[number - 1]
    scope: dict[str, Any] = {}
    try:
        results = _run(exercise, example, answer, scope)
    except NotImplementedError as error:
        return Report(name, "undone", _about_undone(error, exercise, answer))
    except Exception as error:
        says = _about_error(error, exercise, example)
        lines, again = _lines(exercise, number, scope), call_again(exercise, number)
        return Report(name, "wrong", says, lines, again=again)
    lines = _lines(exercise, number, scope)
    if isinstance(example, Program) and example.at_least < 1:
        return _report_predictions(name, example, results[0], lines)
    remark = _changed_input(exercise, example, scope)
    for result in results:
        says, found = _judge(exercise, example, result)
        if says:
            again = call_again(exercise, number)
            return Report(name, "wrong", says, lines, remark, found, again=again)
    return Report(name, "right", "", remark=remark)


@dataclass(frozen=True)
class _Result:
    """What an example gave, and what is right; of a program, for one of its expressions."""

    value: Any
    right: Any
    shown: str = ""


def _run(
    exercise: Exercise, example: Call | Program, answer: Any, scope: dict[str, Any]
) -> list[_Result]:
    """What an example gives. Afterwards `scope` has what it was made of."""
    if isinstance(example, Call):
        args = copy.deepcopy(example.args)
        scope.update(exercise.named(args))
        return [_Result(answer(*args, **example.options), example.expected)]
    scope.update({"np": np, exercise.name: answer})
    exec(compile(example.code, _EXAMPLE, "exec"), scope)
    return [
        _Result(eval(compile(shown, _EXAMPLE, "eval"), scope), right, shown)
        for shown, right in zip(example.shown, example.expected, strict=True)
    ]


def _judge(
    exercise: Exercise, example: Call | Program, result: _Result
) -> tuple[str, Difference | None]:
    """What is wrong with a result, in words and as data; "" and None if nothing is."""
    if exercise.accepts and isinstance(example, Call):
        return _objection(exercise.accepts, example, result.value), None
    # True and False are no numbers here: whoever returns them seldom means to.
    found = compare(
        result.value, result.right, rtol=exercise.rtol, atol=exercise.atol, booleans=False
    )
    if found is None:
        return "", None
    if result.shown:
        return _about_expression(result.shown, found), found
    return in_words(found, exercise.parts), found


def _objection(accepts: str, call: Call, answer: Any) -> str:
    """What the exercise's own checker has against an answer; "" if nothing."""
    case = SimpleNamespace(args=call.args, kwargs=dict(call.options), right=call.expected)
    scope: dict[str, Any] = {"np": np}
    try:
        exec(compile(accepts, _EXAMPLE, "exec"), scope)
        with np.errstate(all="ignore"):
            said = scope["accepts"](*copy.deepcopy((answer, case)))
    except Exception:
        found = compare(answer, call.expected, booleans=False)
        return in_words(found) if found and found.stage != "values" else _NOT_ACCEPTED
    if isinstance(said, str) and said.strip():
        return said if said.rstrip()[-1] in ".?!" else f"{said.rstrip()}."
    return "" if isinstance(said, bool | np.bool_) and said else _NOT_ACCEPTED


def _changed_input(exercise: Exercise, example: Call | Program, scope: Mapping[str, Any]) -> str:
    if isinstance(example, Call):
        for name, before in exercise.named(example.args).items():
            if isinstance(before, np.ndarray) and not _are_equal(before, scope[name]):
                return (
                    f"Your function changes its input {name}. Whoever calls it keeps using {name}: "
                    "work on a new array."
                )
    return ""


def _are_equal(before: NDArray[Any], after: NDArray[Any]) -> bool:
    return np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")


def _report_predictions(
    name: str, program: Program, result: _Result, lines: tuple[str, ...]
) -> Report:
    """Report on predictions: their form, then how many are right and what goes wrong."""
    found = compare(result.value, result.right, booleans=False, at_least=program.at_least)
    wanted = f"{100 * program.at_least:g} %"
    if found is None:
        share = percent(float(close(result.value, result.right).mean()))
        return Report(name, "right", f"{program.what}: {share} right ({wanted} wanted)")
    answer = found.answer
    if found.stage == "values":
        says = f"{program.what}: {percent(found.right)} of {found.size} {program.of}s are right; "
        commonest = _commonest_mistake(answer, found.expected)
        return Report(name, "wrong", f"{says}{wanted} are wanted. {commonest}")
    if answer is None:
        says = in_words(found)
    elif found.stage == "type":
        says = f"It returned {a_type(answer)}; expected an array of whole numbers."
    elif found.stage == "shape":
        of_each = f"expected {found.expected.shape}: one whole number for each {program.of}"
        says = f"The shape is {answer.shape}; {of_each}."
    else:
        says = f"The dtype is {answer.dtype}; expected whole numbers."
    return Report(name, "wrong", says, lines)


def _commonest_mistake(answer: NDArray[Any], labels: NDArray[Any]) -> str:
    if (answer == answer[0]).all():
        return f"The answer is always {answer[0]:g}."
    wrong = ~close(answer, labels)
    pairs = np.stack([labels[wrong], answer[wrong]], axis=1)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    label, taken = kinds[counts.argmax()]
    return f"Most often {label:g} is taken for {taken:g} ({counts.max()} times)."


def _about_success(exercise: Exercise, shares: list[str]) -> str:
    if shares:
        of = next(each.of for each in exercise.examples if isinstance(each, Program))
        return "\n".join([f"good enough on the public {of}s.", *shares])
    if len(exercise.examples) == 1:
        return "the public example is right."
    return f"all {len(exercise.examples)} public examples are right."


def _about_undone(error: NotImplementedError, exercise: Exercise, answer: Any) -> str:
    """Why it is not done yet: an answer's own stub, or that of something that it calls."""
    code = _innermost_code(error)
    if code is None:
        return "not done yet."
    where = code.co_qualname.rpartition("<locals>.")[2]
    if exercise.kind == "class":
        return f"not done yet: {where} still raises NotImplementedError."
    if where != exercise.name and code is not getattr(answer, "__code__", None):
        return f"not done yet: it calls {where}, which is not done yet."
    has_variables = code.co_nlocals > code.co_argcount + code.co_kwonlyargcount
    hint = " It still ends in `raise NotImplementedError`: take that line away."
    return "not done yet." + (hint if has_variables else "")


def _innermost_code(error: Exception) -> CodeType | None:
    """The code that raised an error, if it is the student's."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_code if _is_the_students(frame.f_code.co_filename) else None


def _about_error(error: Exception, exercise: Exercise, example: Call | Program) -> str:
    """What an error says, and the line of the student's cell that it comes from."""
    message = textwrap.shorten(str(error), 300)
    says = f"it raised {type(error).__name__}: {message}".rstrip(": ")
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if _is_the_students(frame.filename)]
    if theirs:
        frame = theirs[-1]
        source = (linecache.getline(frame.filename, frame.lineno or 0) or frame.line or "").strip()
        return f"{says}\nin line {frame.lineno} of the cell" + f": {source}" * bool(source)
    if isinstance(error, TypeError) and isinstance(example, Call):
        return f"{says}. Keep the parameters as given: {exercise.name}({exercise.signature})."
    return f"{says}."


_DEPTH = __name__.count(".")
_NOT_THE_STUDENTS = (
    str(Path(__file__).parents[_DEPTH - 1]) + os.sep if _DEPTH else __file__,
    os.path.dirname(os.__file__) + os.sep,
    "<__array_function__",
    "<frozen ",
    _EXAMPLE,
)


def _is_the_students(filename: str) -> bool:
    """Whether code is none of ours, of Python's own or of an installed package."""
    return not (filename.startswith(_NOT_THE_STUDENTS) or "site-packages" in filename)


def known_mistake(exercise: Exercise, answer: Any) -> str:
    """Say which known mistake an answer makes, by what it gives on all the examples.

    Parameters
    ----------
    exercise : Exercise
        What is public about it.
    answer : object
        What the student has bound to the name.

    Returns
    -------
    str
        What the mistake does, if exactly one explains a wrong value and contradicts none of the
        answers; else "". An exception explains nothing.
    """
    fitting = list(range(len(exercise.mistakes)))
    for example in exercise.examples if fitting else ():
        given = given_on(exercise, example, answer)
        fitting = [number for number in fitting if _fits(exercise, example, number, given)]
    says = {exercise.mistakes[number] for number in fitting}
    return says.pop() if len(says) == 1 else ""


def _fits(exercise: Exercise, example: Call | Program, number: int, given: Given | None) -> bool:
    """Whether a known mistake may have given this on an example."""
    if given is None or number in example.raising:
        return given is None and number in example.raising
    if number not in example.mistaken:
        return given.is_right
    return is_printed(given.value, example.mistaken[number], exercise.rtol, exercise.atol)


@dataclass(frozen=True)
class Given:
    """What an answer gave on an example, of a program a tuple, and whether all of it is right."""

    value: Any
    is_right: bool


def given_on(exercise: Exercise, example: Call | Program, answer: Any) -> Given | None:
    """Find out what an answer gives on an example; None if it raises. What it prints is lost."""
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        try:
            results = _run(exercise, example, answer, {})
        except Exception:
            return None
    is_right = not any(_judge(exercise, example, result)[0] for result in results)
    values = tuple(result.value for result in results)
    return Given(values[0] if isinstance(example, Call) else values, is_right)


_ANGLES = (1.0, 2.0**0.5)
_NOT_FINITE = {"nan": 1234.5, "posinf": 23456.7, "neginf": -34567.8}


def fingerprint(value: Any) -> Any:
    """What is left of a value, enough to know it again.

    Of numbers that is their shape and two weighted sums. Sums of arrays that are close are close.

    Parameters
    ----------
    value : object
        Numbers, arrays of numbers, None, texts, and tuples and lists of these.

    Returns
    -------
    object
        As JSON can hold it.

    Raises
    ------
    TypeError
        If it is, or holds, something else.

    Examples
    --------
    >>> shape, first, second = fingerprint(np.arange(6.0).reshape(2, 3))
    >>> shape, round(first, 3), round(second, 3)
    ([2, 3], 1.578, 0.444)
    >>> fingerprint((None, "same"))
    {'parts': [{'is': None}, {'is': 'same'}]}
    """
    if isinstance(value, tuple | list):
        return {"parts": [fingerprint(part) for part in value]}
    if value is None or isinstance(value, str):
        return {"is": value}
    shape, weights, numbers = _weighed(value)
    return [shape, *(float(each @ numbers) for each in weights)]


def _weighed(value: Any) -> tuple[list[int], list[NDArray[Any]], NDArray[Any]]:
    """The shape of numbers, the weights of their sums, and the numbers in a row."""
    array = np.asarray(_in_64_bits(value))
    if array.dtype.kind not in "iufc":
        raise TypeError(f"{a_type(value)} has no print")
    plain = array.astype(complex if array.dtype.kind == "c" else float).ravel()
    numbers = np.nan_to_num(plain.view(float), copy=True, **_NOT_FINITE)
    places = np.arange(1, numbers.size + 1)
    return list(array.shape), [np.cos(angle * places) for angle in _ANGLES], numbers


def is_printed(value: Any, written: Any, rtol: float, atol: float) -> bool:
    """Whether a value has this print, as near as `compare` would want it of each entry.

    Examples
    --------
    >>> written = fingerprint(np.array([1.0, 2.0]))
    >>> is_printed(np.array([1.0, 2.0 + 1e-7]), written, 1e-5, 1e-5)
    True
    >>> is_printed(np.array([1.0, 2.1]), written, 1e-5, 1e-5)
    False
    """
    if isinstance(written, dict):
        if "parts" not in written:
            return (value is None or isinstance(value, str)) and bool(value == written["is"])
        parts = written["parts"]
        alike = isinstance(value, tuple | list) and len(parts) == len(value)
        return alike and all(
            is_printed(mine, theirs, rtol, atol) for mine, theirs in zip(value, parts, strict=True)
        )
    if not isinstance(value, _NUMERIC):
        return False
    try:
        shape, weights, numbers = _weighed(value)
    except (TypeError, ValueError, OverflowError):
        return False
    if shape != written[0]:
        return False
    room = atol + rtol * np.abs(numbers)
    return all(
        abs(each @ numbers - theirs) <= np.abs(each) @ room + atol
        for each, theirs in zip(weights, written[1:], strict=True)
    )


def _about_value(answer: Any, shape: tuple[int | None, ...] | None) -> tuple[State, str]:
    """Whether an answer found by hand is complete, and nothing of whether it is right."""
    if shape is None:
        return "complete", _COMPLETE
    wanted = _shape_in_words(shape)
    if isinstance(answer, set | frozenset):
        return "wrong", "a set has no order; give a list, in square brackets."
    try:
        array = np.array(answer)
    except ValueError:
        return "wrong", f"the rows are not equally long; expected {wanted}."
    missing = [] if array.dtype != object else _places_of_dots(array)
    if missing:
        return "undone", f"not done yet: {missing[0]} is still `...`."
    if array.size == 1 and array.ndim and shape == ():
        return "wrong", "you gave a list of one; expected one number, without brackets."
    if not _has_form(array, shape):
        return "wrong", f"you gave {_shape_in_words(array.shape)}; expected {wanted}."
    if array.dtype.kind not in "biuf":
        entries = array.ravel().tolist()
        odd = next((each for each in entries if type(each) not in (int, float)), entries[0])
        return "wrong", f"expected numbers, not {a_type(odd)}."
    if not np.isfinite(array).all():
        return "wrong", "every entry must be a finite number."
    given = _shape_in_words(array.shape)
    return "complete", f"looks complete: {given}. It is marked when you submit."


def _has_form(array: NDArray[Any], shape: tuple[int | None, ...]) -> bool:
    """Whether an array has a shape, of which some sizes may be any but 0."""
    return array.ndim == len(shape) and all(
        mine > 0 if size is None else mine == size
        for mine, size in zip(array.shape, shape, strict=True)
    )


def _places_of_dots(array: NDArray[Any]) -> list[str]:
    words = {0: ("it",), 1: ("entry",), 2: ("row", "column")}.get(array.ndim, ())
    return [
        ", ".join(f"{word} {i}" for word, i in zip(words, index, strict=False)) or "a part of it"
        for index, value in np.ndenumerate(array)
        if value is Ellipsis
    ]


def _shape_in_words(shape: tuple[int | None, ...]) -> str:
    """A shape in words.

    Examples
    --------
    >>> [_shape_in_words(shape) for shape in ((), (2,), (None,), (2, 1), (None, None))]
    ['one number', '2 numbers', 'a list of numbers', '2 rows, 1 column', 'a list of rows']
    """
    if shape == ():
        return "one number"
    if None in shape:
        return {1: "a list of numbers", 2: "a list of rows"}.get(len(shape), "a nested list")
    if len(shape) == 1:
        return f"{shape[0]} number{'s' * (shape[0] != 1)}"
    if len(shape) == 2:
        rows, columns = shape
        return f"{rows} row{'s' * (rows != 1)}, {columns} column{'s' * (columns != 1)}"
    return f"an array of shape {shape}"


def _lines(exercise: Exercise, number: int, scope: Mapping[str, Any]) -> tuple[str, ...]:
    """An example as the student reads it."""
    example, count = exercise.examples[number - 1], len(exercise.examples)
    head = f"Example {number} of {count}:"
    if isinstance(example, Call):
        first, *rest = describe_call(exercise, example)
        return (f"{head} {first}", *rest)
    if example.at_least == 1:
        return (head, *example.code.split("\n"), *example.shown)
    names = compile(example.shown[0], _EXAMPLE, "eval").co_names
    arrays = {name: scope[name] for name in names if isinstance(scope.get(name), np.ndarray)}
    shapes = [f"{name} = array of shape {array.shape}" for name, array in arrays.items()]
    return (f"{example.shown[0]}, {example.what}", *shapes)


_MOST_ENTRIES_SHOWN = 40
_MOST_ENTRIES_IN_A_NEST = 6


def describe_call(exercise: Exercise, call: Call) -> tuple[str, ...]:
    """A call in words: the call itself, then its arrays.

    Examples
    --------
    >>> exercise = Exercise("convolve1d", "function", signature="x, w")
    >>> describe_call(exercise, Call((np.array([1, 2, 3]), np.array([1, 0]))))
    ('convolve1d(x, w)', 'x = [1 2 3]', 'w = [1 0]')
    """
    words, lines = [], []
    for name, value in exercise.named(call.args).items():
        if isinstance(value, np.ndarray):
            words.append(name)
            lines += _lines_of_array(name, value)
        elif isinstance(value, tuple) and _holds_arrays(value):
            words.append(name)
            lines += [f"{name} = (", *(f"    {_nest_in_words(part)}," for part in value), ")"]
        else:
            words.append(repr(value))
    words += [f"{name}={value!r}" for name, value in call.options.items()]
    return (f"{exercise.name}({', '.join(words)})", *lines)


def call_again(exercise: Exercise, number: int) -> tuple[str, ...]:
    """Lines that call an answer on an example again, where that is more than is shown anyway.

    Examples
    --------
    >>> call = Call((np.ones((2, 2)), (1, 2)), {"stride": 2})
    >>> exercise = Exercise("im2col", "function", signature="x, kernel", examples=(call,))
    >>> call_again(exercise, 1)[-1]
    'im2col(*example("im2col", 1), stride=2)'
    """
    call = exercise.examples[number - 1]
    if not isinstance(call, Call) or not any(map(_holds_arrays, call.args)):
        return ()
    given = "".join(f", {name}={value!r}" for name, value in call.options.items())
    name = exercise.name
    known = getattr(sys.modules["__main__"], "example", None) is example
    brings = () if known else (f"from {_home()} import example",)
    return (*brings, f'{name}(*example("{name}", {number}){given})')


def _home() -> str:
    """Where students have `example` from: this file, or the package that carries it on."""
    package = __name__.rpartition(".")[0]
    passes_on = getattr(sys.modules.get(package), "example", None) is example
    return package if passes_on else __name__


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


def _lines_of_array(name: str, array: NDArray[Any]) -> list[str]:
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


def _entries(label: str, array: NDArray[Any]) -> str:
    return f"{label} = {np.array2string(array, separator=' ', prefix=f'{label} = ')}"


def in_words(found: Difference, names: Sequence[str] = ()) -> str:
    """A difference in one or two sentences, which show both values.

    `names` are those of the parts of the whole.

    Examples
    --------
    >>> in_words(compare(np.array([1.0, 2.5]), np.array([1.0, 2.0])))
    'First difference at [1]: yours 2.5, expected 2. 1 of 2 entries differs.'
    >>> in_words(compare(None, np.array([1.0])))
    'It returned None. Is a return missing?'
    >>> in_words(compare((1, 3), (1, 2)), ("mean", "var"))
    'In var: Yours is 3, expected 2.'
    """
    return "".join(f"In {name}: " for name in part_names(found, names)) + _says(found)


def part_names(found: Difference, names: Sequence[str] = ()) -> list[str]:
    """What the parts are called that lead to a difference, the outermost first.

    Examples
    --------
    >>> found = compare((1.0, (2.0, 3.0)), (1.0, (2.0, 4.0)))
    >>> part_names(found), part_names(found, ("loss", "gradients"))
    (['result 2', 'result 2'], ['gradients', 'result 2'])
    """
    called = [f"result {number}" for number, _ in found.parts]
    if called and len(names) == found.parts[0][1]:
        called[0] = names[found.parts[0][0] - 1]
    return called


def _about_expression(shown: str, found: Difference) -> str:
    """A difference as a sentence on an expression, and not on what a function returned."""
    if found.answer is None and not found.parts:
        return f"{shown} is None."
    says = in_words(found)
    if says.startswith("It returned "):
        return f"{shown} is {says.removeprefix('It returned ')}"
    return f"{shown}: {says[0].lower()}{says[1:]}"


def _says(found: Difference) -> str:
    answer, expected = found.answer, found.expected
    if answer is None:
        return "It returned None. Is a return missing?"
    if answer is Ellipsis:
        return "It returned `...`, the placeholder."
    if isinstance(expected, tuple) and found.stage == "shape":
        return f"It returned {len(answer)} things in a tuple; expected {len(expected)}."
    if found.stage == "values":
        return _about_values(found)
    if found.stage == "type" or not found.wants_array:
        by_list = found.wants_array and isinstance(answer, list | tuple)
        hint = " Return a NumPy array." if by_list else ""
        return f"It returned {a_type(answer)}; expected {_wanted(found)}.{hint}"
    if found.stage == "shape":
        hint = _shape_hint(answer.shape, expected.shape)
        return f"The shape is {answer.shape}; expected {expected.shape}.{hint}"
    if answer.dtype.kind == "b":
        return "The entries are True and False (dtype bool); expected numbers."
    if answer.dtype.kind == "c":
        return f"The entries are complex numbers (dtype {answer.dtype}); expected real ones."
    return f"The dtype is {answer.dtype}, so the entries are no plain numbers; expected float64."


def _wanted(found: Difference) -> str:
    match found.expected:
        case tuple():
            return f"a tuple of {len(found.expected)}"
        case None:
            return "None"
        case str() | bool():
            return a_type(found.expected)
        case _:
            return "an array" if found.wants_array else "a number"


def _shape_hint(yours: tuple[int, ...], expected: tuple[int, ...]) -> str:
    if len(yours) != len(expected):
        return f" It has {len(yours)} dimension{'s' * (len(yours) != 1)}, expected {len(expected)}."
    if sorted(yours) == sorted(expected):
        swapped = len(yours) == 2 and yours == expected[::-1]
        return " Height and width are swapped." if swapped else " The axes are in another order."
    return ""


def _about_values(found: Difference) -> str:
    answer, expected = found.answer, found.expected
    if not found.wants_array:
        yours, right = _in_pair(answer, expected)
        return f"Yours is {yours}, expected {right}."
    if _cut_off(answer, expected):
        return (
            f"Your array can only hold whole numbers (dtype {answer.dtype}), and the answer has "
            "fractions: they are cut off. Which dtype had the array that you filled?"
        )
    yours, right = _in_pair(answer[found.first], expected[found.first])
    where = ", ".join(map(str, found.first))
    says = f"First difference at [{where}]: yours {yours}, expected {right}."
    if found.size > 1:
        says += f" {found.wrong} of {found.size} entries differ{'s' * (found.wrong == 1)}."
    return says


def _cut_off(answer: NDArray[Any], expected: NDArray[Any]) -> bool:
    if answer.dtype.kind not in "iu" or expected.dtype.kind != "f":
        return False
    with np.errstate(invalid="ignore"):
        return bool((expected % 1 != 0).any())


def _in_pair(yours: Any, expected: Any) -> tuple[str, str]:
    """Two different values, numbers written short but not alike."""
    if isinstance(expected, str | bool):
        return repr(yours), repr(expected)
    mine, right = np.asarray(yours)[()], np.asarray(expected)[()]
    for digits in (6, 9, 17):
        pair = (f"{mine:.{digits}g}", f"{right:.{digits}g}")
        if pair[0] != pair[1]:
            break
    return pair


def a_type(value: Any) -> str:
    """The type of a value with its article, as a student would call it.

    Examples
    --------
    >>> a_type([1]), a_type(np.ones(2)), a_type(1)
    ('a list', 'an array', 'an int')
    """
    name = "array" if isinstance(value, np.ndarray) else type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


_NUMERIC = (np.ndarray, bool, int, float, complex, np.number, np.bool_)
_MOST_BY_HAND = 100_000
_LARGEST = int(np.finfo(float).max)


@dataclass(frozen=True)
class Difference:
    """The first way in which an answer is not the expected one.

    Attributes
    ----------
    stage : {"type", "shape", "dtype", "values"}
        What differs, in the order in which it is looked at. Tuples differ in type and shape only.
    answer, expected : object
        What was compared: the whole, or one part of a tuple.
    parts : tuple of (int, int)
        Number of the part, from 1, and how many there are; then those of the part of that part.
    first : tuple of int
        Index of the first wrong entry.
    wrong : int
        How many entries are wrong, if it is the values that differ.
    at_least : float
        Share of the entries that was asked for.
    """

    stage: Stage
    answer: Any
    expected: Any
    parts: tuple[tuple[int, int], ...] = ()
    first: tuple[int, ...] = ()
    wrong: int = 0
    at_least: float = 1.0

    @property
    def right(self) -> float:
        """Share of the entries that are right."""
        return (self.size - self.wrong) / self.size

    @property
    def size(self) -> int:
        """How many entries were expected."""
        return np.size(self.expected)

    @property
    def wants_array(self) -> bool:
        """Whether an array with axes was expected."""
        return _has_axes(self.expected)


def _has_axes(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0


def compare(
    answer: Any,
    expected: Any,
    *,
    rtol: float = TOLERANCE,
    atol: float = TOLERANCE,
    lists: bool = False,
    booleans: bool = True,
    at_least: float = 1.0,
) -> Difference | None:
    """Find the first difference between an answer and the expected one.

    Parameters
    ----------
    answer : object
        Whatever it is.
    expected : ndarray, number, bool, str, None or tuple of these
        What the reference gives. A number may be answered by an array without axes, and a tuple
        by a list.
    rtol, atol : float
        ``|answer - expected| <= atol + rtol * |expected|`` must hold everywhere; NaN equals NaN.
    lists : bool, default False
        Whether nested lists of numbers count as an array.
    booleans : bool, default True
        Whether True and False count as the numbers 1 and 0.
    at_least : float, default 1
        Share of an array's entries that must agree.

    Returns
    -------
    Difference or None
        None if the answer is right.

    Examples
    --------
    >>> found = compare(np.array([1.0, 2.5]), np.array([1.0, 2.0]))
    >>> found.stage, found.first, found.wrong, found.size
    ('values', (1,), 1, 2)
    >>> compare((1, np.ones(3)), (1, np.ones((3, 1)))).parts
    ((2, 2),)
    """
    if isinstance(expected, tuple):
        return _compare_parts(answer, expected, rtol, atol, booleans)
    if expected is None or isinstance(expected, str | bool):
        mine = bool(answer) if isinstance(answer, np.bool_) else answer
        if type(mine) is not type(expected):
            return Difference("type", answer, expected)
        return None if mine == expected else Difference("values", mine, expected, wrong=1)
    if lists and isinstance(answer, list | tuple):
        answer = _as_array(answer)
    answer, expected = _in_64_bits(answer), _in_64_bits(expected)
    if not isinstance(answer, np.ndarray if _has_axes(expected) else _NUMERIC):
        return Difference("type", answer, expected, at_least=at_least)
    mine, right = np.asarray(answer), np.asarray(expected)
    if mine.shape != right.shape:
        return Difference("shape", answer, expected, at_least=at_least)
    if mine.dtype.kind not in _kinds(right.dtype.kind, booleans):
        return Difference("dtype", answer, expected, at_least=at_least)
    good = close(mine, right, rtol, atol)
    wrong = good.size - int(np.count_nonzero(good))
    if good.size - wrong >= at_least * good.size:
        return None
    first = tuple(map(int, np.unravel_index(good.argmin(), good.shape)))
    return Difference("values", answer, expected, first=first, wrong=wrong, at_least=at_least)


def close(
    answer: NDArray[Any], expected: NDArray[Any], rtol: float = TOLERANCE, atol: float = TOLERANCE
) -> NDArray[np.bool_]:
    """Say of each entry whether it is near enough, as ``np.isclose`` does, in less time.

    Examples
    --------
    >>> close(np.array([1.0, np.nan, np.inf, 1.0]), np.array([1.1, np.nan, np.inf, np.inf]))
    array([False,  True,  True, False])
    """
    with np.errstate(all="ignore"):
        right = expected.astype(np.result_type(expected, 1.0), copy=False)
        near = np.abs(answer - right) <= atol + rtol * np.abs(right)
        finite = np.isfinite(right)
        if not finite.all():
            both_nan = np.isnan(answer) & np.isnan(right)
            near = near & finite | (answer == right) | both_nan
    return np.asarray(near)


def percent(share: float) -> str:
    """Write a share, rounded down, so that one that is just too small does not read as enough.

    Examples
    --------
    >>> percent(0.94999)
    '94.9 %'
    """
    return f"{math.floor(1000 * share) / 10:.1f} %"


def _compare_parts(
    answer: Any, expected: tuple[Any, ...], rtol: float, atol: float, booleans: bool
) -> Difference | None:
    if not isinstance(answer, tuple | list):
        return Difference("type", answer, expected)
    count = len(expected)
    if len(answer) != count:
        return Difference("shape", answer, expected)
    for number, (mine, right) in enumerate(zip(answer, expected, strict=True), 1):
        found = compare(mine, right, rtol=rtol, atol=atol, booleans=booleans)
        if found:
            return replace(found, parts=((number, count), *found.parts))
    return None


def _kinds(expected: str, booleans: bool) -> str:
    """Kinds of dtype that an answer may have where one of kind `expected` is right."""
    return "iuf" + "c" * (expected == "c") + "b" * (booleans or expected == "b")


def _in_64_bits(value: Any) -> Any:
    """An integer that is too large for an array as a float, if that can hold it."""
    large = isinstance(value, int) and not -(2**63) <= value < 2**64
    return float(value) if large and abs(value) < _LARGEST else value


def _as_array(answer: Any) -> Any:
    """Nested lists of numbers as an array; anything else as it is.

    An array of texts has room for the longest of them in every place, so none is made.
    """
    if _count(answer) > _MOST_BY_HAND:
        return answer
    try:
        array = np.array(answer)
    except (ValueError, OverflowError):
        return answer
    return array if array.dtype.kind in "biufc" else answer


def _count(value: Any) -> float:
    """How many numbers nested lists hold; infinitely many if they hold anything else."""
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    return np.size(value) if isinstance(value, _NUMERIC) else math.inf


_LOOKS = {
    "right": ("[right]", "✓", "#00635a", "#e3f4f1"),
    "complete": ("[complete]", "●", "#00598c", "#e4eff7"),
    "wrong": ("[not right yet]", "✗", "#a84300", "#fdeee0"),
    "undone": ("[to do]", "…", "#4d5761", "#f0f2f4"),
    "prose": ("[in words]", "¶", "#4d5761", "#f0f2f4"),
}


def show(report: Report, picture: Callable[[Difference], bytes | None] | None = None) -> None:
    """Show a report where the student looks: a block in a notebook, plain text elsewhere.

    Parameters
    ----------
    report : Report
        What `examine` found.
    picture : callable, optional
        Makes a PNG file of a difference; None where there is nothing to draw.
    """
    _display(as_text(report), as_html(report))
    if is_validating() and not report.is_good:
        print(_narrow(as_text(report)), file=sys.stderr)
    if not in_notebook():
        return
    from IPython.display import display

    drawn = picture(report.difference) if picture and report.difference else None
    if drawn is not None:
        words = f"{report.name}: yours, expected and the difference"
        display({"image/png": drawn, "text/plain": words}, raw=True)


def _display(text: str, block: str) -> None:
    """Show HTML in a notebook, and text elsewhere."""
    if not in_notebook():
        print(text)
        return
    from IPython.display import display

    display({"text/html": block, "text/plain": text}, raw=True)


def is_validating() -> bool:
    """Whether this code runs for ``nbgrader validate``, or for the button in JupyterLab."""
    return os.environ.get("NBGRADER_EXECUTION") == "validate"


_WIDTH = 80
"""Validate cuts longer lines off."""


def _narrow(text: str) -> str:
    return "\n".join(
        line if len(line) <= _WIDTH else textwrap.fill(line, _WIDTH, subsequent_indent="    ")
        for line in text.split("\n")
    )


def in_notebook() -> bool:
    """Whether this code runs in a Jupyter kernel, which can show HTML and pictures."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def as_text(report: Report) -> str:
    """A report as plain text.

    Examples
    --------
    >>> print(as_text(Report("conv2d", "undone", "not done yet.")))
    [to do] conv2d: not done yet.
    """
    lines = [f"{_LOOKS[report.state][0]} {report.name}: {report.says}"]
    lines += [f"{_KNOWN} {report.mistake}"] * bool(report.mistake)
    lines += report.call
    lines += [_AGAIN, *(f"    {line}" for line in report.again)] if report.again else []
    if report.remark:
        lines.append(f"Note: {report.remark}")
    return "\n    ".join("\n".join(lines).split("\n"))


_KNOWN = "A known mistake gives just these answers:"
_AGAIN = "To try it in a cell:"


def as_html(report: Report) -> str:
    """A report as a block of HTML. Its own colours keep it readable in a dark theme."""
    _, sign, strong, light = _LOOKS[report.state]
    says = html.escape(report.says).replace("\n", "<br>")
    parts = [
        f'<b style="color:{strong};font-size:17px">{sign}</b> '
        f"<b>{html.escape(report.name)}</b>: {says}"
    ]
    if report.mistake:
        said = html.escape(report.mistake)
        parts.append(f'<div style="margin-top:4px">{_KNOWN} <b>{said}</b></div>')
    if report.call:
        parts.append(_code(report.call, "white-space:pre;overflow-x:auto"))
    if report.again:
        # One click marks all of it.
        once = "white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;-webkit-user-select:all"
        parts.append(f'<div style="margin-top:4px">{_AGAIN}</div>{_code(report.again, once)}')
    if report.remark:
        parts.append(f'<div style="margin-top:4px"><b>Note:</b> {html.escape(report.remark)}</div>')
    return _box("".join(parts), strong, light)


def _code(lines: Sequence[str], style: str) -> str:
    written = html.escape("\n".join(lines))
    own = (
        "background:transparent;color:#1b1f24;margin:6px 0 0 0;padding:0;font-family:monospace;"
        f"font-size:13px;line-height:1.35;{style}"
    )
    return f'<pre style="{own}">{written}</pre>'


def _box(content: str, strong: str, light: str) -> str:
    style = (
        f"border-left:5px solid {strong};background:{light};color:#1b1f24;"
        "padding:8px 14px;margin:2px 0;font-family:sans-serif;font-size:14px;line-height:1.45;"
        "max-width:52em"
    )
    return f'<div style="{style}">{content}</div>'


def progress(notebook: str, names: Mapping[str, Any] | None = None) -> None:
    """Show how far each exercise of a notebook is, what it is worth, and how to hand in.

    Answers are tried anew, as their names stand now: what an earlier `check` has said may not hold
    any more. What is written in prose cannot be seen from here.

    Parameters
    ----------
    notebook : str
        Name of the notebook, which is that of its file.
    names : mapping, optional
        Where the answers are; if it is not given, in the running notebook.

    Raises
    ------
    ValueError
        If nothing is known of such a notebook.
    NotFinished
        For ``nbgrader validate``, and nowhere else, if an exercise is not done or not right.

    Examples
    --------
    >>> progress("01_shapse")
    Traceback (most recent call last):
    ValueError: progress knows no notebook called '01_shapse'. ...
    """
    standing = stand(notebook, vars(sys.modules["__main__"]) if names is None else names)
    _display(standing_as_text(standing), standing_as_html(standing))
    if is_validating() and standing.open:
        lines = [
            f"{_LOOKS[each.state][0]} {each.name}: {_STANDS[each.state]}" for each in standing.open
        ]
        raise NotFinished("\n".join([_tally(standing), *lines]))


class NotFinished(Exception):
    """Exercises that are not done or not right; shown without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


@dataclass(frozen=True)
class Entry:
    """An exercise, its points, and how far it is; of a question in prose that is not known."""

    name: str
    points: float
    state: State | Literal["prose"]


@dataclass(frozen=True)
class Standing:
    """How far the exercises of a notebook are."""

    notebook: str
    entries: tuple[Entry, ...]

    @property
    def points(self) -> float:
        """What all exercises are worth."""
        return sum(each.points for each in self.entries)

    @property
    def open(self) -> tuple[Entry, ...]:
        """What is not done or not right, as far as the public examples tell."""
        return tuple(each for each in self.entries if each.state in ("undone", "wrong"))


def stand(notebook: str, names: Mapping[str, Any]) -> Standing:
    """Find out what `progress` shows.

    Raises
    ------
    ValueError
        If nothing is known of such a notebook.
    """
    files = {name: data for name, data in read_files().items() if "points" in data}
    if notebook not in files:
        knows = f"It knows: {', '.join(files)}." if files else f"No *{_SUFFIX} lies beside it."
        raise ValueError(f"progress knows no notebook called {notebook!r}. {knows}")
    points, exercises = files[notebook]["points"], files[notebook]["exercises"]
    entries = [
        Entry(name, worth, _state(name, names) if name in exercises else "prose")
        for name, worth in points.items()
    ]
    return Standing(notebook, tuple(entries))


def _state(name: str, names: Mapping[str, Any]) -> State:
    # What answers print belongs to their own cells.
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        return try_out(find(name), names.get(name)).state


_STANDS = {
    "right": "right by the public examples",
    "complete": "complete",
    "wrong": "not right yet",
    "undone": "not done yet",
    "prose": "in your own words, for a person to read",
}
_OTHER_INPUTS = (
    "Points are given when your work is graded: for functions and classes by other inputs, for "
    "values by what is right."
)


def _tally(standing: Standing) -> str:
    """How many exercises are how far.

    Examples
    --------
    >>> _tally(Standing("01_a", (Entry("f", 2, "right"), Entry("g", 1, "undone"))))
    '1 right by the public examples, 1 not done yet.'
    """
    states = [_STANDS[each.state] for each in standing.entries]
    counts = {says: states.count(says) for says in _STANDS.values()}
    return ", ".join(f"{count} {says}" for says, count in counts.items() if count) + "."


def _to_hand_in(standing: Standing) -> str:
    return (
        "To hand in: choose Restart Kernel and Run All Cells, look at this list again, save, and "
        f"hand in {standing.notebook}.ipynb under this name, as your course says (with nbgrader: "
        "Submit, in the Assignment List). An exercise that is not done costs the others nothing."
    )


def in_points(points: float) -> str:
    """Points in words.

    Examples
    --------
    >>> in_points(1), in_points(2.5)
    ('1 point', '2.5 points')
    """
    return f"{points:g} point{'s' * (points != 1)}"


def standing_as_text(standing: Standing) -> str:
    """What `progress` shows, as plain text."""
    wide = max((len(each.name) for each in standing.entries), default=0)
    rows = [
        f"    {_LOOKS[each.state][0]:15} {each.name:{wide}}  {in_points(each.points)}"
        for each in standing.entries
    ]
    head = f"{standing.notebook}, {in_points(standing.points)}: {_tally(standing)}"
    return "\n".join(map(_narrow, [head, *rows, _OTHER_INPUTS, _to_hand_in(standing)]))


def standing_as_html(standing: Standing) -> str:
    """What `progress` shows, as a block of HTML like that of `check`."""
    line = "border-top:1px solid #ccd2d8;padding:3px 0"
    rows = [_row(each, f"display:flex;gap:10px;{line}") for each in standing.entries]
    name, points = html.escape(standing.notebook), in_points(standing.points)
    parts = [
        f'<div style="margin-bottom:6px"><b>{name}, {points}</b>: {_tally(standing)}</div>',
        *rows,
        f'<div style="{line};padding-top:8px">{_OTHER_INPUTS}</div>',
        f'<div style="margin-top:6px">{html.escape(_to_hand_in(standing))}</div>',
    ]
    _, _, strong, light = _LOOKS["undone" if standing.open else "right"]
    return _box("".join(parts), strong, light)


def _row(entry: Entry, style: str) -> str:
    _, sign, strong, _ = _LOOKS[entry.state]
    return (
        f'<div style="{style}"><b style="color:{strong};width:1.2em">{sign}</b> '
        '<span style="flex:1;min-width:0;overflow-wrap:anywhere">'
        f"<b>{html.escape(entry.name)}</b>: {_STANDS[entry.state]}</span> "
        f'<span style="white-space:nowrap">{in_points(entry.points)}</span></div>'
    )


class waiting_for:
    """Run a block that needs a student's answer; say so in one line while it is missing or wrong.

    Parameters
    ----------
    *names : str
        Functions and values that the block uses.
    what : str
        What the block shows, as the subject of the line that is printed.

    Notes
    -----
    An answer that is not right by its public examples, or not complete, would make a block that
    looks right and shows wrong things. So what the block shows is held back, and its errors too.
    Otherwise two things are held back: a ``NotImplementedError``, and any error while one of
    `names` is still ``...``.

    Examples
    --------
    >>> def correlate2d(x, k):
    ...     raise NotImplementedError
    >>> with waiting_for("correlate2d"):
    ...     correlate2d([[1]], [[1]])
    This picture appears once correlate2d is done.
    """

    def __init__(self, *names: str, what: str = "This picture") -> None:
        self._names = names
        self._what = what
        self._wrong: list[str] = []
        self._held_back = contextlib.ExitStack()

    def __enter__(self) -> None:
        caller = sys._getframe(1)
        scope = {**caller.f_globals, **caller.f_locals}
        known = [name for name in self._names if name in scope and name in read_all()]
        self._wrong = [name for name in known if _state(name, scope) == "wrong"]
        if self._wrong:
            self._held_back.enter_context(_unseen())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self._held_back.close()
        if self._wrong and (error is None or isinstance(error, Exception)):
            print(
                f"{self._what} waits: your {_enumerate(self._wrong)} {_are(self._wrong)} not "
                f"right yet, as check says."
            )
            return True
        if error is None or trace is None or not isinstance(error, Exception):
            return False
        missing = self._missing(error, trace)
        if not missing:
            return False
        print(f"{self._what} appears once {_enumerate(missing)} {_are(missing)} done.")
        return True

    def _missing(self, error: Exception, trace: TracebackType) -> list[str]:
        """Which names the block is waiting for; none if the error has another reason."""
        frame = trace.tb_frame
        scope = {**frame.f_globals, **frame.f_locals}
        undone = {name for name in self._names if scope.get(name) is Ellipsis}
        if isinstance(error, NotImplementedError):
            step: TracebackType | None = trace
            while step is not None:
                undone.add(step.tb_frame.f_code.co_name)
                step = step.tb_next
            return [name for name in self._names if name in undone] or list(self._names)
        return [name for name in self._names if name in undone]


@contextlib.contextmanager
def _unseen() -> Iterator[None]:
    """Show nothing of what is printed or displayed."""
    with contextlib.ExitStack() as held:
        held.enter_context(contextlib.redirect_stdout(io.StringIO()))
        held.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if in_notebook():
            from IPython.utils.capture import capture_output

            held.enter_context(capture_output())
        yield


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _enumerate(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
