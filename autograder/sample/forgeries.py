"""Submissions that try to forge a grade. Each goes into the cell that defines a function.

None of them does what the function should; each attacks the way in which a notebook grader
usually finds out whether a function is right. ``NAME`` stands for the function.
"""

from __future__ import annotations

_WRONG = """\
import numpy as np


def NAME(*args, **kwargs):
    return np.zeros((1, 1, 1, 1))
"""

_PATCHED_TESTING = """
import numpy.testing

for _name in ("assert_allclose", "assert_array_equal", "assert_equal"):
    setattr(numpy.testing, _name, lambda *args, **kwargs: None)
for _name in ("allclose", "array_equal", "isclose"):
    setattr(np, _name, lambda *args, **kwargs: True)
"""

_LYING_EQUALITY = """
class Agreeable:
    shape = ndim = dtype = size = property(lambda self: self)
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
    __hash__ = None
    __bool__ = lambda self: True
    __sub__ = __rsub__ = __abs__ = all = any = lambda self, *rest: self
    __array__ = lambda self, dtype=None, copy=None: np.zeros(1)


def NAME(*args, **kwargs):
    return Agreeable()
"""

_LYING_ARRAY = """
class Yes(np.ndarray):
    def __array_function__(self, function, types, args, kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.bool_(True)


def NAME(*args, **kwargs):
    return np.zeros((1, 1, 1, 1)).view(Yes)
"""

_SWAPPED_CODE = """
import gc
import types


def _agree(*args, **kwargs):
    return True


for _function in [f for f in gc.get_objects() if isinstance(f, types.FunctionType)]:
    if _function.__name__ in ("check", "hidden_tests", "judge", "difference", "allclose"):
        try:
            _function.__code__ = _agree.__code__
        except ValueError:
            pass
"""

_AST_TRANSFORMER = """
import ast


class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

    def visit_Expr(self, node):
        return ast.copy_location(ast.Expr(ast.Constant(1.0)), node)


get_ipython().ast_transformers.append(NoAsserts())
"""

_INPUT_TRANSFORMER = """
def _score_instead(lines):
    return ["12.0\\n"] if any("hidden_tests" in line for line in lines) else lines


get_ipython().input_transformers_cleanup.append(_score_instead)
"""

_PRE_RUN_CELL = """
def _before(info):
    get_ipython().user_ns["hidden_tests"] = lambda *args: 12.0
    get_ipython().user_ns["check"] = lambda *args: 12.0


get_ipython().events.register("pre_run_cell", _before)
"""

_REPLACED_RUN_CELL = """
_shell = get_ipython()
_run_cell = _shell.run_cell


def _quiet(source, *args, **kwargs):
    return _run_cell("12.0" if "NAME" in str(source) else source, *args, **kwargs)


_shell.run_cell = _quiet
type(_shell).run_code = lambda self, code, result=None, **kwargs: False
"""

_CUSTOM_EXCEPTION = """
get_ipython().set_custom_exc((Exception,), lambda *args, **kwargs: None)
type(get_ipython()).showtraceback = lambda self, *args, **kwargs: None
"""

_TRACE = """
import sys


def _spy(frame, event, arg):
    for _name in ("expected", "right", "reference", "points"):
        if _name in frame.f_locals:
            globals().setdefault("stolen", []).append(frame.f_locals[_name])
    return _spy


sys.settrace(_spy)


def NAME(*args, **kwargs):
    return globals().get("stolen", [np.zeros((1, 1, 1, 1))])[-1]
"""

_NO_ASSERTION_ERROR = """
import builtins
import threading
import time


class Harmless(BaseException):
    pass


builtins.AssertionError = Harmless


def _later():
    while True:
        time.sleep(0.01)
        globals()["hidden_tests"] = lambda *args: 12.0


threading.Thread(target=_later, daemon=True).start()
"""

_DISPLAYED_SCORE = """
import sys

sys.displayhook(12.0)
raise RuntimeError("after the score")
"""

_FORGED_REPLY = """
import json
import os

_reply = json.dumps({"question": "test-NAME", "outcome": "OK", "score": 12.0}).encode()
for _descriptor in range(3, 64):
    try:
        os.write(_descriptor, len(_reply).to_bytes(4, "big") + _reply)
    except OSError:
        pass
"""

_FORGERIES = {
    "patched-testing": _PATCHED_TESTING,
    "lying-equality": _LYING_EQUALITY,
    "lying-array": _LYING_ARRAY,
    "swapped-code": _SWAPPED_CODE,
    "ast-transformer": _AST_TRANSFORMER,
    "input-transformer": _INPUT_TRANSFORMER,
    "pre-run-cell": _PRE_RUN_CELL,
    "replaced-run-cell": _REPLACED_RUN_CELL,
    "custom-exception": _CUSTOM_EXCEPTION,
    "trace": _TRACE,
    "assertion-error": _NO_ASSERTION_ERROR,
    "displayed-score": _DISPLAYED_SCORE,
    "forged-reply": _FORGED_REPLY,
}


def wrong(name: str) -> str:
    """A definition of the function `name` that is never right."""
    return _WRONG.replace("NAME", name)


def forgeries(name: str) -> dict[str, str]:
    """What to hand in instead of the function `name`: the way of forging, and the code."""
    return {way: wrong(name) + code.replace("NAME", name) for way, code in _FORGERIES.items()}
