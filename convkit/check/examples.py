"""What an example of an exercise is. The examples themselves stand in `convkit.check.table`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Call:
    """One call of a student's function: arrays by position, options by name."""

    args: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FunctionExamples:
    """Calls of a function that a student writes.

    Attributes
    ----------
    signature : str
        The parameters as the notebook states them.
    calls : tuple of Call
        Tried in this order; the first that goes wrong is reported.
    reference : callable, optional
        Gives the expected answers; by default the function of that name in `convkit`.
    """

    name: str
    signature: str
    calls: tuple[Call, ...]
    reference: Callable[..., Any] | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the parameters, in their order."""
        return tuple(part.split("=")[0].strip() for part in self.signature.split(","))

    def expected(self, call: Call) -> Any:
        """The right answer to a call.

        Parameters
        ----------
        call : Call
            One of the calls.

        Returns
        -------
        object
            What the reference returns.
        """
        import convkit

        reference = self.reference or getattr(convkit, self.name)
        return reference(*call.args, **call.options)


@dataclass(frozen=True)
class Program:
    """A few lines that use a class, and what to look at when they have run.

    Attributes
    ----------
    code : str
        Lines as a student could type them into a cell; they may use ``np``.
    shown : tuple of str
        Expressions whose values are compared, in this order.
    """

    code: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class ClassExamples:
    """Programs that use a class that a student writes.

    Attributes
    ----------
    programs : tuple of Program
        Tried in this order; the first that goes wrong is reported.
    reference : type, optional
        Gives the expected values; by default the class of that name in `convkit`.
    """

    name: str
    programs: tuple[Program, ...]
    reference: type | None = None

    def expected(self, program: Program) -> dict[str, Any]:
        """The right values of what a program shows.

        Parameters
        ----------
        program : Program
            One of the programs.

        Returns
        -------
        dict
            From each expression to its value.
        """
        import convkit

        scope = {"np": np, self.name: self.reference or getattr(convkit, self.name)}
        exec(program.code, scope)
        values = {expression: eval(expression, scope) for expression in program.shown}
        return {
            expression: value[()] if isinstance(value, np.ndarray) else value
            for expression, value in values.items()
        }


@dataclass(frozen=True)
class ValueExample:
    """An answer that a student finds by hand. Only its shape is public.

    Attributes
    ----------
    shape : tuple of int
        () for one number, (n,) for a list of n numbers, (rows, columns) for a matrix.
    """

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class LabelledImages:
    """Images of which it is known what they show.

    Attributes
    ----------
    what : str
        The images in words, such as ``"digits in the middle"``.
    at_least : float
        Share of the images that must be told right.
    draw : callable
        Gives the images and their labels.
    """

    what: str
    at_least: float
    draw: Callable[[], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class PredictionExamples:
    """Images on which a student's trained classifier is tried out.

    Attributes
    ----------
    kinds : tuple of LabelledImages
        Tried in this order; the first that is told too badly is reported.
    """

    name: str
    kinds: tuple[LabelledImages, ...]
