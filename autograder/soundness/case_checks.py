"""Are the hidden cases of an exercise sound? Its author's code is run: cases, oracle, checker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from autograder.authoring.answer_key import (
    CasesError,
    answer_key,
    called,
    described,
    hidden_cases,
    put_to_use,
)
from autograder.authoring.blame import blame, kind_of
from autograder.authoring.exercise import Case, Exercise, LoopRule
from autograder.authoring.loop_probes import probes
from autograder.core.check import compare
from autograder.sandbox.protocol.values import encode
from autograder.soundness.checker_checks import checker_faults


def case_faults(exercise: Exercise, assignment: str, secret: bytes) -> Iterator[str]:
    """What is wrong with the hidden cases of an exercise and with what is right on them.

    Parameters
    ----------
    assignment : str
        The name of its assignment.
    secret : bytes
        What the cases are drawn from.
    """
    if exercise.loops and exercise.kind != "value":
        yield from _probe_faults(exercise, exercise.loops)
    try:
        cases = hidden_cases(secret, assignment, exercise)
    except CasesError as fault:
        yield str(fault)
        return
    yield from _group_faults(exercise, cases)
    yield from _first(map(_input_faults, cases))
    if exercise.kind == "value" and (wrong := list(_value_faults(cases))):
        yield from wrong
        return
    try:
        right = answer_key(secret, assignment, exercise).right
    except CasesError as fault:
        yield str(fault)
        return
    yield from _first(_answer_faults(exercise, *each) for each in zip(cases, right, strict=True))


def _first(faults: Iterable[Iterator[str]]) -> Iterator[str]:
    """The faults of the first case that has any: those of the others are most often the same."""
    for found in map(list, faults):
        if found:
            yield from found
            return


def _group_faults(exercise: Exercise, cases: Iterable[Case]) -> Iterator[str]:
    used = dict.fromkeys(case.group for case in cases)
    lines = dict.fromkeys(line.group for line in exercise.rubric)
    for group in lines:
        if group not in used:
            yield f"no case belongs to the line {group!r}, so everybody would earn it"
    for group in used:
        if group not in lines:
            yield f"its cases of the group {group!r} earn no line of the rubric"


def _value_faults(cases: tuple[Case, ...]) -> Iterator[str]:
    if any(case.args or case.kwargs for case in cases):
        yield "a value is read, not called, so its case can have no inputs"
    if len(cases) != 1:
        yield f"a value has one case, not {len(cases)}"


def _input_faults(case: Case) -> Iterator[str]:
    if not 0 < case.at_least <= 1:
        yield f"at_least is {case.at_least} in {described(case)}; a share lies above 0 and up to 1"
    if kept := _kept_back((*case.args, *case.kwargs.values())):
        yield (
            f"{described(case)} has an input of type {kept}, which cannot enter the locked room; "
            f"{_GIVE_DATA}"
        )


def _answer_faults(exercise: Exercise, case: Case, right: Any) -> Iterator[str]:
    """Whether the oracle's own answer would be taken."""
    if exercise.kind == "class" and exercise.use is None:
        return
    if kept := _kept_back(right):
        yield (
            f"what is right for {described(case)} has the type {kept}, which cannot leave the "
            f"locked room; {_GIVE_DATA}"
        )
    elif exercise.accepts:
        yield from checker_faults(exercise.accepts, case, right)
    elif compare(right, right, rtol=0, atol=0, lists=exercise.kind == "value"):
        yield (
            f"what is right for {described(case)} is {kind_of(right)}, which equals no answer; "
            "give arrays, numbers, texts, bools, None, or tuples of these, or bring a checker"
        )


_GIVE_DATA = "give arrays, numbers, texts, bools, None, or nests of these"


def _kept_back(value: object) -> str:
    """The type of what cannot be written down as plain data in a value, or ""."""
    return _other(encode(value))


def _other(encoded: dict[str, Any]) -> str:
    match encoded:
        case {"kind": "other", "type": str(name)}:
            return name
        case {"kind": "tuple" | "list", "items": items}:
            return next(filter(None, map(_other, items)), "")
        case {"kind": "dict", "items": pairs}:
            return next(filter(None, (_other(item) for _, item in pairs)), "")
    return ""


def _probe_faults(exercise: Exercise, rule: LoopRule) -> Iterator[str]:
    what = "its rule about loops"
    names, sizes = len(rule.dimensions), len(rule.sizes)
    if names != sizes or not names:
        yield f"{what} names {names} dimensions and has {sizes} sizes"
        return
    try:
        calls = probes(rule)
    except Exception as error:
        yield f"the probe of {what} raises {blame(error, rule.probe)}"
        return
    for args in calls:
        if not isinstance(args, tuple):
            yield f"the probe of {what} gives {kind_of(args)}; a tuple of arguments is wanted"
            return
        try:
            called(put_to_use(exercise, exercise.oracle), Case("probe", args))
        except Exception as error:
            said = blame(error, exercise.oracle, exercise.use)
            yield f"its oracle raises {said} on what the probe of {what} gives"
            return
