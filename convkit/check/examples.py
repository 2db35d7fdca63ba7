"""What an example of an exercise is. The examples themselves stand in `convkit.check.table`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


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
class ValueExample:
    """An answer that a student finds by hand. Only its shape is public.

    Attributes
    ----------
    shape : tuple of int
        () for one number, (n,) for a list of n numbers, (rows, columns) for a matrix.
    """

    name: str
    shape: tuple[int, ...]
