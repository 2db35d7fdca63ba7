"""What is said of a wrong function: the exercise, what is wrong with it, and how usual that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["one mistake", "a pair", "odd"]


@dataclass(frozen=True)
class WrongFunction:
    """A function or a class as a student might hand it in.

    Attributes
    ----------
    exercise : str
        The exercise that it answers.
    implementation : callable
        It stands alone: it uses ``np`` and what it imports itself.
    tag : str
        What is wrong with it.
    kind : {"one mistake", "a pair", "odd"}
        A usual mistake, two usual ones in one function, or one that nobody foresees.
    true : frozenset of str
        The chaffs of the exercise whose sentence is true of it.
    """

    exercise: str
    implementation: Callable[..., Any]
    tag: str
    kind: Kind
    true: frozenset[str]

    @property
    def name(self) -> str:
        return self.implementation.__name__


def _tagged(kind: Kind) -> Callable[..., Callable[[Callable[..., Any]], WrongFunction]]:
    def tag(exercise: str, says: str, *true: str) -> Callable[[Callable[..., Any]], WrongFunction]:
        return lambda function: WrongFunction(exercise, function, says, kind, frozenset(true))

    return tag


wrong = _tagged("one mistake")
pair = _tagged("a pair")
odd = _tagged("odd")
