"""What belongs to libraries, and so stays as it is, and what the notebook made itself.

Student code can write into its scratch space alone, so a module from there is its own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType


def has_module(module: ModuleType) -> bool:
    """Whether a module is a library's.

    Examples
    --------
    >>> import os
    >>> has_module(os), has_module(type(os)("made_by_hand"))
    (True, False)
    """
    if id(module) in _LOADED:
        return True
    spec = getattr(module, "__spec__", None)
    return isinstance(spec, ModuleSpec) and _is_library(spec)


def _is_library(spec: ModuleSpec) -> bool:
    places = [spec.origin or "", *(spec.submodule_search_locations or ())]
    return spec.loader is not None and not any(map(_in_scratch_space, places))


def has_name(top: str) -> bool:
    """Whether what is imported by the name of a package is a library's."""
    module = sys.modules.get(top)
    if module is None:
        with contextlib.suppress(ImportError, ValueError):
            spec = importlib.util.find_spec(top)
            return spec is not None and _is_library(spec)
        return False
    return has_module(module)


def has_function(function: FunctionType) -> bool:
    """Whether the global names of a function are those of a library's module."""
    module = sys.modules.get(function.__globals__.get("__name__", ""))
    if module is None or vars(module) is not function.__globals__:
        return False
    return has_module(module)


def has_class(kind: type) -> bool:
    """Whether a class is the one of that name in a library's module."""
    found: object = sys.modules.get(kind.__module__)
    if not isinstance(found, ModuleType) or not has_module(found):
        return False
    for part in kind.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is kind


def _in_scratch_space(path: str) -> bool:
    return path.startswith(tuple(_SCRATCH_SPACE)) and not path.startswith(tuple(_ON_THE_PATH))


def student_code_can_write_to(*folders: str) -> None:
    """Say where modules are the notebook's own, before it runs.

    What is loaded already is no notebook's, nor what lies where libraries are looked for: an
    interpreter may stand below the scratch space, where a room shows it read-only.
    """
    _LOADED.update({id(module): module for module in sys.modules.values()})
    _LOADED.pop(id(sys.modules["__main__"]), None)
    _SCRATCH_SPACE[:] = [os.path.join(os.path.realpath(folder), "") for folder in folders]
    _ON_THE_PATH[:] = [os.path.join(place, "") for place in sys.path if os.path.isabs(place)]


_LOADED: dict[int, ModuleType] = {}
_SCRATCH_SPACE: list[str] = []
_ON_THE_PATH: list[str] = []
