"""Trying out a class on its public programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from convkit.check.comparison import Difference
from convkit.check.differences import a_type, first_difference, in_words
from convkit.check.examples import ClassExamples, Program
from convkit.check.reports import (
    EXAMPLE_FILE,
    Report,
    all_right,
    error_in_words,
    innermost_code,
)


def report_class(examples: ClassExamples, answer: Any) -> Report:
    """Run the public programs with a student's class until one goes wrong.

    Parameters
    ----------
    examples : ClassExamples
        The programs.
    answer : object
        What the student has bound to the name.

    Returns
    -------
    Report
        The first thing that is wrong, or that all is right.
    """
    name, count = examples.name, len(examples.programs)
    if answer is None or answer is Ellipsis:
        return Report(name, "undone", "not done yet.")
    if not isinstance(answer, type):
        says = f"expected a class, but {name} is now {a_type(answer)}. Was the name used twice?"
        return Report(name, "wrong", says)
    for number, program in enumerate(examples.programs, start=1):
        report = _try_program(examples, program, answer)
        if report is not None and report.state == "undone":
            so_far = f" Right so far: {number - 1} of {count} public examples."
            return Report(name, "undone", report.says + so_far * (number > 1))
        if report is not None:
            lines = (f"Example {number} of {count}:", *report.call)
            return Report(name, "wrong", report.says, lines, difference=report.difference)
    return Report(name, "right", all_right(count))


def _try_program(examples: ClassExamples, program: Program, answer: type) -> Report | None:
    """Report on one program; None if it is right."""
    name = examples.name
    lines = program.code.split("\n")
    scope: dict[str, Any] = {"np": np, name: answer}
    try:
        exec(compile(program.code, EXAMPLE_FILE, "exec"), scope)
        values = {
            expression: eval(compile(expression, EXAMPLE_FILE, "eval"), scope)
            for expression in program.shown
        }
    except NotImplementedError as error:
        return Report(name, "undone", _undone(error))
    except Exception as error:
        return Report(name, "wrong", _error(error), tuple(lines))
    for expression, right in examples.expected(program).items():
        difference = first_difference(values[expression], right)
        if difference is not None:
            says = _about(expression, difference)
            return Report(name, "wrong", says, tuple(lines), difference=difference)
    return None


def _undone(error: NotImplementedError) -> str:
    code = innermost_code(error)
    if code is None or code.co_filename == EXAMPLE_FILE:
        return "not done yet."
    return f"not done yet: {code.co_qualname} still raises NotImplementedError."


def _error(error: Exception) -> str:
    says, place = error_in_words(error)
    return f"{says}\n{place}" if place else f"{says}."


def _about(expression: str, difference: Difference) -> str:
    """The difference as a sentence on an expression, and not on what a function returned."""
    if difference.answer is None and not difference.parts:
        return f"{expression} is None."
    says = in_words(difference)
    if says.startswith("It returned "):
        return f"{expression} is {says.removeprefix('It returned ')}"
    return f"{expression}: {says[0].lower()}{says[1:]}"
