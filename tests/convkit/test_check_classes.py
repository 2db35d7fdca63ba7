"""What `check` tells a student who writes a class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convkit import Node
from convkit.check import check, waiting_for
from convkit.check.general import Exercise, Program, examine, find, try_out


class Undone(Node):
    def __mul__(self, other: Any) -> Node:
        raise NotImplementedError


class UndoneFromTheStart:
    def __init__(self, value: Any) -> None:
        raise NotImplementedError


class KeepsTheSign(Node):
    def __sub__(self, other: Any) -> Node:
        return self + other


class ReturnsAList(Node):
    def __add__(self, other: Any) -> Node:
        result = Node(self.value + other.value)
        result.value = result.value.tolist()  # type: ignore[assignment]
        return result


class LosesItsGradient(Node):
    def __add__(self, other: Any) -> Any:
        self.grad = None  # type: ignore[assignment]
        result = Node(self.value + other.value)
        return result


class Raises(Node):
    def __matmul__(self, other: Any) -> Node:
        return Node(self.value @ other.value.T[0])


class HasNoSum:
    def __init__(self, value: Any) -> None:
        self.value = np.array(value, dtype=float)

    def __add__(self, other: Any) -> HasNoSum:
        return HasNoSum(self.value + other.value)

    def __sub__(self, other: Any) -> HasNoSum:
        return HasNoSum(self.value - other.value)

    def __mul__(self, other: Any) -> HasNoSum:
        return HasNoSum(self.value * other.value)

    def __matmul__(self, other: Any) -> HasNoSum:
        return HasNoSum(self.value @ other.value)


WRONG = [
    (None, "[to do] Node: not done yet."),
    (..., "[to do] Node: not done yet."),
    (Node(1.0), "expected a class, but Node is now a Node. Was the name used twice?"),
    (abs, "expected a class, but Node is now a builtin_function_or_method"),
    (Undone, "not done yet: Undone.__mul__ still raises NotImplementedError. Right so far: 2 of"),
    (UndoneFromTheStart, "UndoneFromTheStart.__init__ still raises NotImplementedError.\n"),
    (KeepsTheSign, "f.value: first difference at [0, 0]: yours 1.5, expected 0.5."),
    (KeepsTheSign, "a = Node([[1, 2, 3], [4, 5, 6]])\n"),
    (KeepsTheSign, "Example 2 of "),
    (ReturnsAList, "f.value is a list; expected an array."),
    (LosesItsGradient, "a.grad is None.\n"),
    (Raises, "it raised ValueError: matmul"),
    (Raises, "of the cell: return Node(self.value @ other.value.T[0])"),
    (HasNoSum, "it raised AttributeError: 'HasNoSum' object has no attribute 'sum'.\n"),
]


@pytest.mark.parametrize(("answer", "words"), WRONG)
def test_what_is_wrong_is_said(answer: Any, words: str, capsys) -> None:
    assert check("Node", answer) is False
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("number", [3.0, np.float64(3), np.array(3.0)])
def test_a_number_may_be_an_array_without_axes(number: Any) -> None:
    mine = type("Mine", (), {"value": number})
    for expected in (3.0, np.array(3.0)):
        program = Program("t = Thing()", ("t.value",), (expected,))
        assert try_out(Exercise("Thing", "class", examples=(program,)), mine).state == "right"


def test_a_right_class_passes(capsys) -> None:
    class Mine(Node):
        pass

    assert check("Node", Mine) is True
    count = len(find("Node").examples)
    assert f"all {count} public examples are right" in capsys.readouterr().out


def test_a_difference_between_arrays_can_be_drawn() -> None:
    report = examine("Node", KeepsTheSign)
    assert report.difference is not None
    np.testing.assert_array_equal(report.difference.expected, [[0.5, 1, 4], [2, 5, 3]])


def test_what_a_program_shows_is_named() -> None:
    exercise = Exercise("Tally", "class", examples=(Program("t = Tally()", ("t.count",), (3,)),))
    assert try_out(exercise, type("Other", (), {"count": 3})).state == "right"
    says = try_out(exercise, type("Other", (), {"count": 4})).says
    assert says == "t.count: yours is 4, expected 3."


def test_a_picture_waits_for_a_method(capsys) -> None:
    with waiting_for("Node"):
        Undone(2.0) * Undone(3.0)
    assert capsys.readouterr().out == "This picture appears once Node is done.\n"
