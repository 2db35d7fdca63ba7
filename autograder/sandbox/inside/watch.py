"""Notice which library callables a call reaches, whatever name the student has for them.

A callable of Python is known by its code, one of C by the object itself, so no alias hides it.
(A C function that is called by C code, as by ``map``, goes unseen.) Python's trace hook sees
every call of a Python function, and slows student code down by less than two. Only the profile
hook sees calls of C functions, but it slows loops over built-ins down by more than four; so it
is kept for the first call of a question.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType, CodeType, FrameType, ModuleType
from typing import Any

_WHOLE_MODULE = ".*"
_PYTHONS_OWN = "builtins."
_CODE_KEY = tuple[str, str, int]


def _load(name: str) -> object:
    """The object with a dotted name, None if there is no such thing."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for attribute in parts[count:]:
            found = _attribute(found, attribute)
        return found
    return None


def _attribute(target: object, name: str) -> object:
    """An attribute, None if there is none; a lazy module may fail to load it."""
    try:
        return getattr(target, name, None)
    except ImportError:
        return None


def expand(names: Iterable[str]) -> dict[str, object]:
    """Find the callables that some names stand for.

    Parameters
    ----------
    names : iterable of str
        Dotted names; ``"package.module.*"`` stands for every public callable of a module.

    Returns
    -------
    dict
        From dotted name to callable; names without an object are left out.

    Examples
    --------
    >>> sorted(expand(["math.hypot", "colorsys.*"]))[:3]
    ['colorsys.hls_to_rgb', 'colorsys.hsv_to_rgb', 'colorsys.rgb_to_hls']
    """
    found: dict[str, object] = {}
    for name in names:
        target = _load(name.removesuffix(_WHOLE_MODULE))
        if not name.endswith(_WHOLE_MODULE):
            members = {name: target}
        elif isinstance(target, ModuleType):
            public = getattr(target, "__all__", None) or _defined_in(target)
            prefix = name.removesuffix("*")
            members = {
                prefix + member: _attribute(target, member)
                for member in public
                if not member.startswith("_")
            }
        else:
            members = {}
        found |= {full: member for full, member in members.items() if callable(member)}
    return found


def _defined_in(module: ModuleType) -> list[str]:
    """Names of a module without those that it imports from elsewhere."""
    return [
        name
        for name, member in vars(module).items()
        if getattr(member, "__module__", None) == module.__name__
    ]


def _code_of(target: object) -> CodeType | None:
    """The code that runs when `target` is called, below all its decorators.

    None for code that was made at run time, such as a dataclass's constructor: others look alike.
    """
    if inspect.isclass(target):
        target = target.__init__
    innermost = inspect.unwrap(target) if callable(target) else target
    implementation = getattr(innermost, "_implementation", innermost)
    code = getattr(implementation, "__code__", None)
    if not isinstance(code, CodeType) or code.co_filename.startswith("<"):
        return None
    return code


def watchable(name: str) -> bool:
    """Whether calls of the callable with this dotted name can be noticed.

    Examples
    --------
    >>> watchable("numpy.convolve"), watchable("numpy.add")
    (True, False)
    """
    targets = expand([name]).values()
    return bool(targets) and all(
        _code_of(target) is not None or isinstance(target, BuiltinFunctionType)
        for target in targets
    )


class Watch:
    """Knows some library callables, and which of them have been called.

    Parameters
    ----------
    names : iterable of str
        What to watch; see `expand`.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._codes: dict[_CODE_KEY, str] = {}
        self._builtins: dict[int, str] = {}
        self._kept: list[object] = []
        for name, target in expand(names).items():
            code = _code_of(target)
            if code is not None:
                self._codes.setdefault(_key(code), name)
            elif isinstance(target, BuiltinFunctionType):
                self._builtins.setdefault(id(target), name)
                self._kept.append(target)

    @contextmanager
    def observe(self, reached: set[str], *, thoroughly: bool = True) -> Iterator[None]:
        """Add the names of watched callables to `reached` as they are called.

        Parameters
        ----------
        reached : set of str
            Is added to.
        thoroughly : bool
            Whether to see calls of C functions too.
        """
        if not self._codes and not self._builtins:
            yield
            return
        profile = thoroughly and bool(self._builtins)
        setters: tuple[Any, Any, Any] = (
            (sys.setprofile, threading.setprofile, sys.getprofile())
            if profile
            else (sys.settrace, threading.settrace, sys.gettrace())
        )
        start, start_in_threads, before = setters
        hook = self._hook(reached)
        start_in_threads(hook)
        start(hook)
        try:
            yield
        finally:
            start(before)
            start_in_threads(before)

    def _hook(self, reached: set[str]) -> Any:
        codes, builtins = self._codes, self._builtins
        # Code objects are kept here, so their ids stay theirs.
        known: dict[int, tuple[CodeType, str | None]] = {}

        def hook(frame: FrameType, event: str, argument: object) -> None:
            if event == "call":
                code = frame.f_code
                entry = known.get(id(code))
                if entry is None:
                    entry = known[id(code)] = (code, codes.get(_key(code)))
                if entry[1] is not None:
                    reached.add(entry[1])
            elif event == "c_call":
                name = builtins.get(id(argument))
                if name is not None and (_by_student(frame) or not name.startswith(_PYTHONS_OWN)):
                    reached.add(name)

        return hook


def _by_student(frame: FrameType) -> bool:
    """Whether this is code of the notebook. Libraries call Python's own functions all the time."""
    return frame.f_globals.get("__name__") == "__main__"


def _key(code: CodeType) -> _CODE_KEY:
    """Where the code was written; a copy of a function, or of its code, has the same."""
    return (code.co_filename, code.co_name, code.co_firstlineno)
