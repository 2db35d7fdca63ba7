"""What a question asks about stands as it was at the question, whatever later cells do."""

from __future__ import annotations

import builtins
import colorsys
import dis
import sys
from types import FunctionType, ModuleType

import pytest

from autograder.authoring.exercise import source_as
from autograder.sandbox.inside import bytecode
from autograder.sandbox.inside.binding import Binding
from autograder.sandbox.outside.session import Session
from autograder.sandbox.protocol.plan import Call, Cell, Limits, Question
from autograder.sandbox.protocol.values import decode
from tests.course import ASSIGNMENTS

LIMITS = Limits(cell_seconds=5.0, question_seconds=5.0, submission_seconds=30.0)
IMPORTS = "import colorsys, functools, math, sys, warnings\nimport numpy as np"
MAKE_M = "import types\nm = sys.modules['m'] = types.ModuleType('m')\nm.k = 1"

# name: (whether the question can wait for the end, its cell, a later cell)
LATER = {
    "the function is defined again": (True, "def f(x): return x + 1", "def f(x): return x - 1"),
    "it is deleted": (True, "def f(x): return x + 1", "del f"),
    "a helper is defined again": (
        True,
        "def g(x): return x + 1\ndef f(x): return g(x)",
        "def g(x): return 0",
    ),
    "the helper of a helper": (
        True,
        "def h(x): return x + 1\ndef g(x): return h(x)\ndef f(x): return g(x)",
        "def h(x): return 0",
    ),
    "a name within a comprehension": (
        True,
        "k = 1\ndef f(x): return sum(k + x for _ in range(3))",
        "k = 100",
    ),
    "a constant changes": (True, "k = (1, 2.5)\ndef f(x): return x + k[0]", "k = (9, 9)"),
    "a missing name comes": (True, "def f(x): return late + x", "late = 1"),
    "a name of Python's is taken": (True, "def f(x): return abs(x)", "def abs(x): return 7"),
    "an imported name changes": (
        True,
        "from math import floor\ndef f(x): return floor(x + 0.5)",
        "floor = math.ceil",
    ),
    "the body is changed in place": (
        True,
        "def f(x, y=1): return x + y",
        "f.__code__ = (lambda x, y=0: -5).__code__",
    ),
    "the defaults are changed": (True, "def f(x, y=1): return x + y", "f.__defaults__ = (8,)"),
    "a keyword's default is changed": (
        True,
        "def f(x, *, y=1): return x + y",
        "f.__kwdefaults__['y'] = 8",
    ),
    "a closure changes": (
        True,
        "def make():\n  k = 1\n  def f(x): return x + k\n  def change():\n    nonlocal k\n"
        "    k = 8\n  return f, change\nf, change = make()",
        "change()",
    ),
    "floating point errors raise": (
        True,
        "def f(x): return float(np.float64(x) / 0)",
        "np.seterr(all='raise')",
    ),
    "warnings raise": (
        True,
        "def f(x):\n  warnings.warn('so')\n  return x",
        "warnings.simplefilter('error')",
    ),
    "recursion is bounded": (
        True,
        "def f(x): return 0 if x > 300 else 1 + f(x + 1)",
        "sys.setrecursionlimit(200)",
    ),
    "a list grows": (False, "kept = []\ndef f(x): return len(kept)", "kept.append(1)"),
    "an array changes": (
        False,
        "k = np.ones(3)\ndef f(x): return float(k.sum() + x)",
        "k[:] = 7",
    ),
    "a list in a tuple grows": (False, "k = ([],)\ndef f(x): return len(k[0])", "k[0].append(1)"),
    "a default grows": (
        False,
        "def f(x, kept=[]): return len(kept)",
        "f.__defaults__[0].append(1)",
    ),
    "the content of a closure grows": (
        False,
        "def make(kept):\n  return lambda x: len(kept)\nkept = []\nf = make(kept)",
        "kept.append(1)",
    ),
    "an attribute of the function": (
        False,
        "def f(x): return f.k + x\nf.k = 1",
        "f.k = 5",
    ),
    "a class": (False, "class A:\n  k = 1\ndef f(x): return A.k", "A.k = 5"),
    "an object": (
        False,
        "class A:\n  def __call__(self, x): return self.k\nf = A()\nf.k = 1",
        "f.k = 5",
    ),
    "a cache": (
        False,
        "k = 1\n@functools.lru_cache\ndef f(x): return k",
        "k = 5",
    ),
    "a name that is made up": (
        False,
        "k = 1\ndef f(x): return globals()['k']",
        "k = 5",
    ),
    "the names of a function are asked for": (
        False,
        "k = 1\ndef f(x): return f.__globals__['k']",
        "k = 5",
    ),
    "the main program is imported": (
        True,
        "import __main__\nk = 1\ndef f(x): return __main__.k",
        "k = 5",
    ),
    "a namespace of its own": (
        True,
        "names = {'k': 1}\nexec('def f(x): return k', names)\nf = names['f']",
        "names['k'] = 5",
    ),
    "a module that is made": (
        True,
        "import types\nm = types.ModuleType('m')\nm.k = 1\ndef f(x): return m.k",
        "m.k = 5",
    ),
    "a namespace that begins as the notebook's": (
        True,
        "names = dict(globals(), k=1)\nexec('def f(x): return k', names)\nf = names['f']",
        "names['k'] = 5",
    ),
    "a class in a namespace of its own": (
        False,
        "names = {}\nexec('class A: k = 1', names)\nA = names['A']\ndef f(x): return A.k",
        "A.k = 5",
    ),
    "a function of a module that is made": (
        True,
        f"{MAKE_M}\nexec('def g(x): return k', vars(m))\ng = m.g\ndef f(x): return g(x)",
        "m.k = 5",
    ),
    "the question is about such a function": (
        True,
        f"{MAKE_M}\nexec('def g(x): return k', vars(m))\nf = m.g",
        "m.k = 5",
    ),
    "a module is imported in the function": (
        False,
        f"{MAKE_M}\ndef f(x):\n  import m\n  return m.k",
        "m.k = 5",
    ),
    "a module is handed on": (
        False,
        f"{MAKE_M}\ndef g(m): return vars(m)['k']\ndef f(x): return g(m)",
        "m.k = 5",
    ),
    "a list in a module that is made": (
        False,
        f"{MAKE_M}\nm.kept = []\ndef f(x): return len(m.kept)",
        "m.kept.append(1)",
    ),
    "a class in a module that is made": (
        False,
        f"{MAKE_M}\nexec('class A: k = 1', vars(m))\ndef f(x): return m.A.k",
        "m.A.k = 5",
    ),
    "a constant is set in a library": (
        True,
        "colorsys.k = 1\ndef f(x): return colorsys.k + x",
        "colorsys.k = 5",
    ),
    "a constant comes into a library": (
        True,
        "def f(x): return colorsys.late + x",
        "colorsys.late = 5",
    ),
    "a list in a library": (
        False,
        "colorsys.kept = []\ndef f(x): return len(colorsys.kept)",
        "colorsys.kept.append(1)",
    ),
    "an array in a library": (
        False,
        "colorsys.kept = np.ones(3)\ndef f(x): return colorsys.kept.sum()",
        "colorsys.kept[:] = 7",
    ),
    "a wrapper of a list in a library": (
        False,
        "colorsys.kept = functools.partial(len, [1])\ndef f(x): return colorsys.kept()",
        "colorsys.kept.args[0].append(1)",
    ),
    "an object of a library": (
        True,
        "from scipy.stats import norm\ndef f(x):\n  from scipy.stats import norm\n"
        "  return float(norm.pdf(x))",
        "import scipy.stats; scipy.stats.norm = scipy.stats.uniform",
    ),
    "a function of a library is replaced": (
        True,
        "def f(x): return colorsys.rgb_to_hsv(x, x, x)",
        "colorsys.rgb_to_hsv = max",
    ),
    "a function in a part of a library": (
        True,
        "def f(x): return float(np.linalg.norm([x, x]))",
        "np.linalg.norm = max",
    ),
    "a library is imported in the function": (
        True,
        "def f(x):\n  from colorsys import hsv_to_rgb as g\n  return g(x, x, x)",
        "colorsys.hsv_to_rgb = max",
    ),
    "a name of Python's own module": (
        True,
        "import builtins\nbuiltins.kkk = 1\ndef f(x): return kkk + x",
        "builtins.kkk = 5",
    ),
    "a method of a list": (
        False,
        "kept = [1, 2, 3]\ntake = kept.pop\ndef f(x): return take()",
        "take()",
    ),
    "random numbers": (
        False,
        "np.random.seed(0)\ndef f(x): return float(np.random.random())",
        "np.random.random(5)",
    ),
}


if sys.version_info >= (3, 12):
    LATER["a name within a class's type alias"] = (
        True,
        "k = 1\ndef f(x):\n  class A:\n    type Q = k\n  return A.Q.__value__ + x",
        "k = 5",
    )


@pytest.mark.parametrize("name", LATER)
def test_a_later_cell_changes_no_answer(strong, name):
    _, define, later = LATER[name]
    asked = Question("q", "f", (Call("1", (1,)), Call("2", (2,))))
    cells = [Cell("imports", IMPORTS), Cell("define", define)]
    alone = strong.run([*cells, asked], LIMITS)
    followed = strong.run([*cells, asked, Cell("later", later)], LIMITS)
    assert followed.results[3].error == ""
    assert followed.restarts == 0
    assert [(a.value, a.raised) for a in followed.results[2].answers] == [
        (a.value, a.raised) for a in alone.results[2].answers
    ]
    assert len(alone.results[2].answers) == 2


@pytest.mark.parametrize("name", LATER)
def test_what_can_wait(monkeypatch, name):
    waits, define, _ = LATER[name]
    monkeypatch.setitem(sys.modules, "__main__", main := ModuleType("__main__"))
    monkeypatch.setitem(sys.modules, "m", ModuleType("m"))
    for library, of_the_notebook in ((colorsys, "k late kept"), (builtins, "kkk")):
        for each in of_the_notebook.split():
            monkeypatch.delattr(library, each, raising=False)
    namespace = vars(main)
    exec(f"{IMPORTS}\n{define}", namespace)
    assert (Binding.of(namespace, "f") is not None) == waits


COUNTERS = {
    "of the notebook": "seen = 0\ndef f(x):\n  global seen\n  seen += 1\n  return seen",
    "of a library": "import math\nmath.n = 0\ndef f(x):\n  math.n += 1\n  return math.n",
}


@pytest.mark.parametrize("source", COUNTERS.values(), ids=COUNTERS)
def test_questions_that_wait_do_not_see_what_earlier_ones_did(strong, source):
    steps = [
        Cell("define", source),
        *(Question(name, "f", (Call("1", (1,)), Call("2", (1,)))) for name in "ab"),
    ]
    report = strong.run(steps, LIMITS)
    for result in report.results[1:]:
        assert [decode(answer.value, max_bytes=99) for answer in result.answers] == [1, 2]


LEAVES = {
    "an attribute that a library reads": "np.lib._arraypad_impl.np = None",
    "the same, by a function": "setattr(np.lib._arraypad_impl, 'np', None)",
    "the same, by its dictionary": "np.lib._arraypad_impl.__dict__['np'] = None",
    "a variable of the environment": "import os\n  os.environ['LEFT'] = '1'",
}


@pytest.mark.parametrize("first", ["leaves", "asks"])
@pytest.mark.parametrize("left", LEAVES.values(), ids=LEAVES)
def test_a_question_leaves_nothing_to_the_others(strong, left, first):
    asks = "def asks(x):\n  import os\n  return [np.pad([x], 1).tolist(), os.getenv('LEFT')]"
    steps = [
        Cell("imports", IMPORTS),
        Cell("define", f"def leaves(x):\n  {left}\n  return x\n{asks}"),
        *(
            Question(name, name, (Call("1", (1,)),))
            for name in sorted(["leaves", "asks"], key=first.__ne__)
        ),
    ]
    answers = {each.id: each.answers for each in strong.run(steps, LIMITS).results[2:]}
    assert decode(answers["leaves"][0].value, max_bytes=99) == 1
    assert decode(answers["asks"][0].value, max_bytes=999) == [[0, 1, 0], None]


def test_what_rooms_have_loaded_are_libraries_wherever_they_lie(zygote, monkeypatch):
    """Below the scratch space, too, where an interpreter may stand."""
    copies = {}

    def spy(session, question):
        pending = ask(session, question)
        copies[question.id] = pending.snapshot is not None
        return pending

    ask = Session.ask
    monkeypatch.setattr(Session, "ask", spy)
    define = """
import numpy as np
from scipy.signal import convolve
import convkit
kept = []
def a(x): return np.sum(x) + float(np.linalg.norm([1, 2]))
def b(x):
    import statistics
    return statistics.mean([x, convkit.conv2d is None])
def c(x): return float(convolve([x], [x])[0])
def d(x): return kept
"""
    asked = [Question(name, name, (Call("1", (1,)),)) for name in "abcd"]
    report = zygote.run([Cell("define", define), *asked], LIMITS)
    assert [answer.raised for q in report.results[1:] for answer in q.answers] == [None] * 4
    assert copies == {"a": False, "b": False, "c": False, "d": True}


FILE_OF_ONES_OWN = {
    "a constant of it": (
        "k = 1",
        "import own\ndef f(x): return own.k + x",
        "own.k = 5",
    ),
    "it is written again and reloaded": (
        "k = 1\ndef g(x): return k + x",
        "import own\ndef f(x): return own.g(x)",
        "import importlib\nopen('own.py', 'w').write('def g(x): return 0')\nimportlib.reload(own)",
    ),
    "the question is about its function": (
        "k = 1\ndef f(x): return k + x",
        "from own import f",
        "import importlib, own\nopen('own.py', 'w').write('k = 7')\nimportlib.reload(own)",
    ),
    "a class of it": (
        "class A: k = 1",
        "from own import A\ndef f(x): return A.k",
        "A.k = 5",
    ),
    "it is a folder": (
        "k = 0",
        "import os\nos.mkdir('pack')\nopen('pack/__init__.py', 'w').write('k = 1')\n"
        "import pack\ndef f(x): return pack.k",
        "pack.k = 5",
    ),
}


@pytest.mark.parametrize("name", FILE_OF_ONES_OWN)
def test_a_file_that_the_notebook_wrote_is_no_library(zygote, name):
    content, define, later = FILE_OF_ONES_OWN[name]
    cells = [Cell("write", f"%%writefile own.py\n{content}"), Cell("define", define)]
    asked = Question("q", "f", (Call("1", (1,)), Call("2", (2,))))
    alone = zygote.run([*cells, asked], LIMITS).results[2]
    followed = zygote.run([*cells, asked, Cell("later", later)], LIMITS).results
    assert [each.error for each in followed if hasattr(each, "error")] == ["", "", ""]
    assert [answer.raised for answer in alone.answers] == [None, None]
    assert followed[2].answers == alone.answers


# Modules and the interpreter itself hold them, or they stand for others while code runs.
NEVER_IN_A_FUNCTION = {
    "CACHE",
    "ENTER_EXECUTOR",
    "EXIT_INIT_CHECK",
    "IMPORT_STAR",
    "INTERPRETER_EXIT",
    "PRINT_EXPR",
    "RESERVED",
}


def test_every_instruction_of_this_python_is_known():
    """Otherwise functions that hold it cannot wait, and grading is slower than it need be."""
    instructions = {
        name
        for name, number in dis.opmap.items()
        if number < 256 and not name.startswith("INSTRUMENTED_")
    }
    assert instructions - bytecode.KNOWN <= NEVER_IN_A_FUNCTION


@pytest.mark.parametrize("instruction", ["LOAD_GLOBAL", "RETURN_VALUE"])
def test_a_function_with_an_unknown_instruction_cannot_wait(monkeypatch, instruction):
    namespace = {"__name__": "__main__"}
    exec("def g(x): return x\ndef f(x):\n  y = g(x)\n  return y", namespace)
    assert Binding.of(namespace, "f") is not None
    monkeypatch.setattr(bytecode, "KNOWN", bytecode.KNOWN - {instruction})
    assert bytecode.reach(namespace["f"].__code__) is None
    assert Binding.of(namespace, "f") is None


def test_right_answers_of_the_course_can_wait():
    """Each function that could not would cost a copy of the process for every submission."""
    waits = {}
    for assignment in ASSIGNMENTS:
        for exercise in assignment.exercises:
            for wheat in exercise.wheats:
                namespace = {"__name__": "__main__"}
                exec("import numpy as np", namespace)
                exec(source_as(wheat.implementation, exercise.name), namespace)
                if type(namespace[exercise.name]) is FunctionType:
                    binding = Binding.of(namespace, exercise.name)
                    waits[exercise.name, wheat.name] = binding is not None
    assert len(waits) > 300
    assert [name for name, can_wait in waits.items() if not can_wait] == []
