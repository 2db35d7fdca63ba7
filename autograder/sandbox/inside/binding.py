"""A function as it stands at one point of a notebook, with all that it reaches by name.

Where everything that a function depends on is of a kind that cannot change in place, it need not be
called where its question stands, and no copy of the process has to be kept until it is: what the
names meant there is written down, and laid out again before the call.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass, field
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from autograder.sandbox.inside.bytecode import bodies, global_names

_MISSING = object()
_CONSTANT = {int, float, complex, bool, str, bytes, type(None), type(...), range}
_SETTLED = (BuiltinFunctionType, np.ufunc, type(np.sum), np.dtype, np.number, np.bool_)
# Random numbers go on from the last draw; the others reach names that no instruction holds.
_OPAQUE = {"random", "eval", "exec", "globals", "vars", "get_ipython", "__globals__", "f_globals"}


@dataclass(frozen=True)
class _Body:
    """What a function consists of."""

    function: FunctionType
    code: CodeType
    defaults: tuple[Any, ...] | None
    keyword_defaults: dict[str, Any] | None
    cells: tuple[tuple[CellType, object], ...]

    @staticmethod
    def of(function: FunctionType) -> _Body:
        return _Body(
            function,
            function.__code__,
            function.__defaults__,
            dict(function.__kwdefaults__) if function.__kwdefaults__ else None,
            tuple((cell, _content(cell)) for cell in function.__closure__ or ()),
        )

    def restore(self) -> None:
        self.function.__code__ = self.code
        self.function.__defaults__ = self.defaults
        self.function.__kwdefaults__ = self.keyword_defaults
        for cell, content in self.cells:
            if content is not _MISSING:
                cell.cell_contents = content


@dataclass(frozen=True)
class _Settings:
    """What libraries and Python were told, for the whole process."""

    floating_point: Any = field(default_factory=np.geterr)
    warnings: tuple[Any, ...] = field(default_factory=lambda: tuple(warnings.filters))
    recursion: int = field(default_factory=sys.getrecursionlimit)

    def restore(self) -> None:
        if self == _Settings():
            return
        np.seterr(**self.floating_point)
        warnings.resetwarnings()
        warnings.filters[:] = self.warnings  # type: ignore[index]
        sys.setrecursionlimit(self.recursion)


@dataclass(frozen=True)
class Binding:
    """A function, and what it depends on, as they stood when this was made.

    Examples
    --------
    >>> namespace = {}
    >>> exec("k = 2\\ndef scale(x): return k * x", namespace)
    >>> binding = Binding.of(namespace, "scale")
    >>> namespace["k"] = 3
    >>> binding.lay_out()(10)
    20
    """

    namespace: dict[str, Any]
    function: FunctionType
    names: dict[str, Any]
    bodies: tuple[_Body, ...]
    settings: _Settings

    @staticmethod
    def of(namespace: dict[str, Any], target: str) -> Binding | None:
        """Write down what `target` is bound to; None if that could change without a trace.

        Parameters
        ----------
        namespace : dict
            The global names of the notebook.
        target : str
            One of them.
        """
        function = namespace[target]
        if type(function) is not FunctionType:
            return None
        walk = _Walk(namespace)
        if not walk.settled(function):
            return None
        return Binding(namespace, function, walk.names, tuple(walk.bodies.values()), _Settings())

    def lay_out(self) -> FunctionType:
        """Put everything back as it was; return the function."""
        for name, value in self.names.items():
            if value is _MISSING:
                self.namespace.pop(name, None)
            else:
                self.namespace[name] = value
        for body in self.bodies:
            body.restore()
        self.settings.restore()
        return self.function


class _Walk:
    """Follows names from function to function."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self.names: dict[str, Any] = {}
        self.bodies: dict[int, _Body] = {}

    def settled(self, value: object) -> bool:
        """Whether nothing that belongs to `value` can change in place."""
        if isinstance(value, tuple | frozenset):
            return type(value) in (tuple, frozenset) and all(map(self.settled, value))
        if type(value) is FunctionType:
            own = value.__globals__ is self._namespace
            return id(value) in self.bodies or (
                self._settled_function(value) if own else _imported(value)
            )
        if isinstance(value, ModuleType):
            return value.__spec__ is not None
        if isinstance(value, type):
            return value.__module__ != "__main__"
        return value is _MISSING or type(value) in _CONSTANT or isinstance(value, _SETTLED)

    def _settled_function(self, function: FunctionType) -> bool:
        body = self.bodies[id(function)] = _Body.of(function)
        names = global_names(body.code)
        opaque = any(not _OPAQUE.isdisjoint(code.co_names) for code in bodies(body.code))
        if names is None or opaque or vars(function):
            return False
        fresh = {name: self._namespace.get(name, _MISSING) for name in names - self.names.keys()}
        self.names |= fresh
        held = [*(body.defaults or ()), *(body.keyword_defaults or {}).values()]
        held += [*(content for _, content in body.cells), *fresh.values()]
        return all(map(self.settled, held))


def _imported(function: FunctionType) -> bool:
    """Whether a function's global names are those of a module, not of a dict made by hand."""
    module = sys.modules.get(function.__globals__.get("__name__", ""))
    return module is not None and vars(module) is function.__globals__


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return _MISSING
