"""A function as it stands at one point of a notebook, with all that it reaches by name.

Where everything that a function depends on is of a kind that cannot change in place, and it changes
nothing itself but names, it need not be called where its question stands, and no copy of the
process has to be kept until it is: what the names meant there is written down, and laid out again
before the call.
"""

from __future__ import annotations

import builtins
import sys
import warnings
from dataclasses import dataclass, field
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from autograder.sandbox.inside import libraries
from autograder.sandbox.inside.bytecode import Reach, bodies, reach

_MISSING = object()
_CONSTANT = {int, float, complex, bool, str, bytes, type(None), type(...), range}
_SETTLED = (np.ufunc, type(np.sum), np.dtype, np.number, np.bool_)
_CONTAINERS = (FunctionType, list, dict, set, bytearray, np.ndarray, np.vectorize)
_MODULES_OF_WRAPPERS = ("functools", "operator", "types", "weakref")
# Random numbers go on from the last draw; the others reach names that no instruction holds.
_OPAQUE = {"random", "eval", "exec", "globals", "vars", "get_ipython", "__globals__", "f_globals"}
# They leave something behind for whoever is called next, perhaps deep within a library.
_LEAVING = {"setattr", "delattr", "__dict__", "__setattr__", "__delattr__", "environ", "chdir"}


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
class _Name:
    """What a name meant: in the notebook, or in a module."""

    namespace: dict[str, Any]
    name: str
    value: object

    def restore(self) -> None:
        if self.namespace.get(self.name, _MISSING) is self.value:
            return
        if self.value is not _MISSING:
            self.namespace[self.name] = self.value
        elif not self._is_a_part():
            self.namespace.pop(self.name, None)

    def _is_a_part(self) -> bool:
        """Whether it is a part of a package now: it became one when anybody imported it."""
        whole_name = f"{self.namespace.get('__name__')}.{self.name}"
        return self.namespace.get(self.name) is sys.modules.get(whole_name, _MISSING)


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

    function: FunctionType
    names: tuple[_Name, ...]
    bodies: tuple[_Body, ...]
    settings: _Settings

    @staticmethod
    def of(namespace: dict[str, Any], target: str) -> Binding | None:
        """Write down what `target` is bound to; None if it or what it leaves could not be put back.

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
        walk = _Walk()
        if not walk.settled(function) or not walk.modules_are_settled():
            return None
        return Binding(
            function, tuple(walk.names.values()), tuple(walk.bodies.values()), _Settings()
        )

    def lay_out(self) -> FunctionType:
        """Put everything back as it was; return the function."""
        for name in self.names:
            name.restore()
        for body in self.bodies:
            body.restore()
        self.settings.restore()
        return self.function


class _Walk:
    """Follows names from function to function, and into modules."""

    def __init__(self) -> None:
        self.names: dict[tuple[int, str], _Name] = {}
        self.bodies: dict[int, _Body] = {}
        self._modules: dict[int, ModuleType] = {}
        self._attributes: set[str] = set()

    def settled(self, value: object) -> bool:
        """Whether nothing that belongs to `value` can change in place."""
        if isinstance(value, tuple | frozenset):
            plain = type(value) in (tuple, frozenset)
            return plain and all(map(self.settled, value))
        if type(value) is FunctionType:
            known = id(value) in self.bodies or libraries.has_function(value)
            return known or self._settled_function(value)
        if isinstance(value, ModuleType):
            self._modules[id(value)] = value
            return libraries.has_module(value)
        if isinstance(value, type):
            return libraries.has_class(value)
        if type(value) is BuiltinFunctionType:
            # A method of an object may be one, and objects change.
            return value.__self__ is None or isinstance(value.__self__, ModuleType | type)
        return value is _MISSING or type(value) in _CONSTANT or isinstance(value, _SETTLED)

    def _settled_function(self, function: FunctionType) -> bool:
        body = self.bodies[id(function)] = _Body.of(function)
        reached = reach(body.code)
        used = {name for code in bodies(body.code) for name in code.co_names}
        if reached is None or vars(function) or not _has_the_usual_builtins(function):
            return False
        if reached.sets or not used.isdisjoint(_OPAQUE | _LEAVING):
            return False
        self._attributes |= reached.attributes
        held = [*(body.defaults or ()), *(body.keyword_defaults or {}).values()]
        held += [content for _, content in body.cells]
        return (
            all(map(self.settled, held))
            and all(self._settled_name(function.__globals__, n, reached) for n in reached.names)
            and all(self._settled_import(function, name) for name in reached.imports)
        )

    def _settled_name(self, namespace: dict[str, Any], name: str, reached: Reach) -> bool:
        """Write down what a global name means; whether that is settled."""
        value = self._note(namespace, name)
        if value is _MISSING:
            value = self._note(vars(builtins), name)
        # Of a module that is no library only attributes count, if nothing else is done with it.
        only_read = isinstance(value, ModuleType) and name in reached.only_for_attributes
        return self.settled(value) or only_read

    def _note(self, namespace: dict[str, Any], name: str) -> object:
        value = namespace.get(name, _MISSING)
        self.names.setdefault((id(namespace), name), _Name(namespace, name, value))
        return value

    def _settled_import(self, function: FunctionType, name: str) -> bool:
        """Whether a module that is imported in a body is a library."""
        if name.startswith("."):
            # What belongs to no package can import nothing from it, now or later.
            return not function.__globals__.get("__package__")
        top = name.partition(".")[0]
        loaded = [sys.modules.get(each) for each in (top, name)]
        return libraries.has_name(top) and all(
            self.settled(module) for module in loaded if module is not None
        )

    def modules_are_settled(self) -> bool:
        """Write down what the attributes of modules mean that any of the bodies may read."""
        looked_at: set[tuple[int, str]] = set()
        while (
            todo := {(module, name) for module in self._modules for name in self._attributes}
            - looked_at
        ):
            looked_at |= todo
            if not all(self._settled_part(self._modules[module], name) for module, name in todo):
                return False
        return True

    def _settled_part(self, module: ModuleType, name: str) -> bool:
        """Whether an attribute of a module is settled; of a library, its own objects are."""
        value = self._note(vars(module), name)
        if self.settled(value):
            return True
        kind = type(value)
        # Wrappers of the standard library may hold anything.
        made_here = issubclass(kind, _CONTAINERS) or kind.__module__ in _MODULES_OF_WRAPPERS
        return libraries.has_module(module) and libraries.has_class(kind) and not made_here


def _has_the_usual_builtins(function: FunctionType) -> bool:
    return getattr(function, "__builtins__", None) is vars(builtins)


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return _MISSING
