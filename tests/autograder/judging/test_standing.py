"""What an answer refers to, as it stands at its question: certainly, maybe, or not at all."""

import pytest

from autograder.judging.code.definitions import Definitions, Standing
from autograder.judging.rules.forbidden import forbidden_calls

FORBIDDEN = ("numpy.convolve", "numpy.pad", "scipy.signal.*", "builtins.sum")
NP = "import numpy as np"
OWN = "def f(x):\n    return x"
USES = "def f(x):\n    return np.convolve(x, x)"


def told(cells, asked=None, stopped=()):
    """Whether a forbidden call is found in `f` after so many cells, and how surely."""
    notebook = Definitions(cells, frozenset(stopped))
    found = forbidden_calls(Standing(lambda: notebook, asked), "f", FORBIDDEN)
    if not found:
        return "nothing"
    return "certain" if any(call.certain for call in found) else "maybe"


SCRATCH = {
    "an import inside a scratch function": [
        NP,
        "def f(x):\n    return np.abs(x)",
        "def compare(x):\n    import numpy as np\n    return np.convolve(x, x)",
    ],
    "the same under if": [
        "def f(x):\n    return np.abs(x)",
        "if True:\n    import numpy as np\n    def compare(x):\n        return np.convolve(x, x)",
    ],
    "the same under try": [
        "def f(x):\n    return np.abs(x)",
        "try:\n    import numpy as np\n    np.convolve([1], [1])\nfinally:\n    pass",
    ],
    "the same in a method": [
        "def f(x):\n    return np.abs(x)",
        "class Check:\n    def run(self):\n        import numpy as np\n        return np.convolve",
    ],
    "an own convolve, scipy's in a scratch function": [
        "def convolve(x):\n    return x",
        "def compare(x):\n    from scipy.signal import convolve\n    return convolve(x, x)",
        "def f(x):\n    return convolve(x)",
    ],
    "a first try": [NP, "def f(x):\n    return np.pad(x, 1)", OWN],
    "a first try of a helper": [
        NP,
        "def helper(x):\n    return np.pad(x, 1)",
        "def helper(x):\n    return x",
        "def f(x):\n    return helper(x)",
    ],
    "a first try in the same cell": [NP, USES + "\n\n" + OWN],
    "an own import of what another function may use": [
        "def other(x):\n    import numpy as np\n    return np.pad(x, 1)",
        "def f(x):\n    import numpy as np\n    return np.abs(x)",
    ],
    "a name that is local in a neighbour": [
        "from numpy import convolve as w",
        "def f(x):\n    w = x\n    return [w for w in x]",
    ],
    "a name that an inner function hides": [
        NP,
        "def f(x):\n    def inner(np):\n        return np.convolve\n    return inner(x)",
    ],
    "a name that a comprehension hides": [
        "from numpy import convolve",
        "def f(x):\n    return [convolve(i) for convolve, i in x]",
    ],
    "a name that a match hides": [
        "from numpy import pad",
        "def f(x):\n    match x:\n        case [pad, *_]:\n            return pad(x)",
    ],
    "a name that an exception hides": [
        "from numpy import pad",
        "def f(x):\n    try:\n        x()\n    except ValueError as pad:\n        return pad(x)",
    ],
    "a parameter named np": [NP, "def f(np):\n    return np.convolve(np, np)"],
    "a local max": ["def f(x):\n    sum = max(x)\n    return sum(x)"],
    "an own sum after Python's own was used": [
        "total = sum([1, 2])",
        "def sum(x):\n    return x",
        "def f(x):\n    return sum(x)",
    ],
    "a name that is gone": ["from numpy import pad", "del pad", "def f(x):\n    return pad(x)"],
    "class variables are no names of methods": [
        "def pad(x):\n    return x",
        "class C:\n    from numpy import abs as pad\n    def run(self, x):\n        return pad(x)",
        "def f(x):\n    return C().run(x)",
    ],
    "its name in a docstring and a comment": [
        NP,
        "def f(x):\n    'np.convolve would do'\n    # np.convolve(x, x)\n    return x",
    ],
    "annotations": [
        NP,
        "def f(x: np.convolve, y: 'np.convolve' = None) -> np.convolve:\n"
        "    z: np.convolve = x\n    return z",
    ],
    "a result with the name of a local": [
        NP + "\nwant = np.convolve([1], [1])",
        "def f(x):\n    want = x\n    return want",
    ],
    "an attribute of the same name": ["def f(x):\n    return x.sum() + x.np.convolve(x)"],
    "a broken cell": ["def f(x):\n    return np.convolve(", OWN],
    "a cell that the compiler refuses": [NP, OWN, "def f(x, w, w):\n    return np.convolve(x, w)"],
    "what follows a refused statement": [NP, OWN, "def g(x, x): pass\n" + USES],
    "a method of a class with an own convolve": [
        "class np:\n    convolve = staticmethod(lambda x: x)",
        "def f(x):\n    return np.convolve(x)",
    ],
    "getattr of its own making": [
        NP,
        "def getattr(a, b):\n    return len",
        "def f(x):\n    return getattr(np, 'convolve')(x)",
    ],
    "star imports of other modules": ["from math import *", "def f(x):\n    return convolve(x)"],
    "functools.partial of an own function": [
        NP + "\nimport functools",
        "def g(k, x):\n    return k * x",
        "f = functools.partial(g, np.abs(-2))",
    ],
    "an own object that is called": [
        NP,
        "class C:\n    def __call__(self, x):\n        return np.abs(x)",
        "f = C()",
    ],
    "a method that is bound": [
        NP,
        "class C:\n    convolve = 1\n    def run(self, x):\n        return np.abs(x)",
        "f = C().run",
    ],
    "np.vectorize of an own function": [NP, "def g(x):\n    return x", "f = np.vectorize(g)"],
    "an own decorator": [
        NP,
        "def pad(g):\n    return lambda x: g(np.abs(x))",
        "@pad\ndef f(x):\n    return x",
    ],
    "a lambda beside one that is forbidden": [
        NP,
        "g, f = lambda x: np.pad(x, 1), lambda np: np.pad(np, 1)",
    ],
    "constant texts that are no names": [
        "import importlib",
        "def f(x):\n    return importlib.import_module('math').pi * len('np.pad')",
    ],
    "an own function that takes a text": [
        "def load(name):\n    return len",
        "def f(x):\n    return load('numpy').convolve(x)",
    ],
    "a class between a function and its closure": [
        "def make():\n    go = len\n    class C:\n        from numpy import pad as go\n"
        "        def run(self, x):\n            return go(x)\n    return C().run",
        "f = make()",
    ],
    "an attribute that is only given another value": [
        NP,
        "def f(x):\n    np.convolve = x\n    return x",
    ],
    "a doubt that no rule is about": ["import os", "def f(x):\n    return getattr(os, x)"],
}

CERTAIN = {
    "as it is written": [NP, USES],
    "a first try, and then worse": [NP, OWN, USES],
    "a decorator": [
        "from scipy.signal import lfilter",
        "def wraps(g):\n    return lambda x: lfilter(x, 1, x)",
        "@wraps\ndef f(x):\n    return x",
    ],
    "a closure": [
        NP,
        "def make():\n    go = np.pad\n    def inner(x):\n        return go(x)\n    return inner",
        "f = make()",
    ],
    "a closure over an import": [
        "def make():\n    from numpy import pad\n    def inner(x):\n        return pad(x, 1)\n"
        "    return inner",
        "f = make()",
    ],
    "a default of a keyword": [NP, "def f(x, *, go=np.convolve):\n    return go(x, x)"],
    "a default that was named before": [
        "from numpy import convolve as go",
        "def f(x, go=go):\n    return go(x, x)",
    ],
    "a default, and the name changed after": [
        "from numpy import convolve as go",
        "def f(x, c=go):\n    return c(x, x)",
        "def go(x):\n    return x",
    ],
    "a class attribute": [
        NP,
        "class C:\n    go = np.convolve",
        "def f(x):\n    return C.go(x, x)",
    ],
    "a base class": [
        NP,
        "class A:\n    def go(self, x):\n        return np.convolve(x, x)",
        "class B(A):\n    pass",
        "def f(x):\n    return B().go(x)",
    ],
    "an instance that is called": [
        NP,
        "class C:\n    def __call__(self, x):\n        return np.convolve(x, x)",
        "f = C()",
    ],
    "a bound method": [
        NP,
        "class C:\n    def run(self, x):\n        return np.convolve(x, x)",
        "f = C().run",
    ],
    "a dict": [NP, "table = {'go': np.convolve}", "def f(x):\n    return table['go'](x, x)"],
    "functools.partial": [NP + "\nimport functools", "f = functools.partial(np.convolve, [1])"],
    "np.vectorize": [NP, "def g(x):\n    return np.convolve(x, x)", "f = np.vectorize(g)"],
    "two aliases at once": [NP, "a, b = np.abs, np.convolve", "def f(x):\n    return b(x, x)"],
    "importlib under another name": [
        "from importlib import import_module as fetch",
        "def f(x):\n    return fetch('numpy').convolve(x, x)",
    ],
    "importlib and getattr": [
        "import importlib",
        "def f(x):\n    return getattr(importlib.import_module('numpy'), 'convolve')(x, x)",
    ],
    "getattr under another name": [
        NP + "\nfetch = getattr",
        "def f(x):\n    return fetch(np, 'convolve')(x, x)",
    ],
    "the dictionary of a module": [NP, "def f(x):\n    return np.__dict__['convolve'](x, x)"],
    "a global that a function binds": [
        NP,
        "def prepare():\n    global go\n    go = np.convolve",
        "prepare()",
        "def f(x):\n    return go(x, x)",
    ],
    "a local alias": [NP, "def f(x):\n    go = np.convolve\n    return go(x, x)"],
    "a local alias of a module": [NP, "def f(x):\n    m = np\n    return m.convolve(x, x)"],
    "an assignment expression": [NP, "print(go := np.convolve)", "def f(x):\n    return go(x, x)"],
    "a global in an inner scope": [
        "def f(x):\n    import numpy as np\n    return [np.convolve(i, x) for i in x]"
    ],
    "one branch, and no other definition": [NP, "if True:\n    " + USES.replace("\n", "\n    ")],
    "both branches": [
        "if 1:\n    from scipy import signal\nelse:\n    import scipy.signal as signal",
        "def f(x):\n    return signal.lfilter(x, 1, x)",
    ],
    "Python's own": ["def f(x):\n    return sum(x)"],
    "a cell with a magic": ["%matplotlib inline\nimport numpy as np\n!ls", USES],
    "a cell that is timed": [NP, "%%time\n" + USES],
    "a prompt of a command line": [NP, "names = !ls\n" + USES],
    "await at the top level": [NP, "import asyncio\nawait asyncio.sleep(0)\n" + USES],
    "line ends of Windows": [NP, USES.replace("\n", "\r\n")],
    "two statements in a line": [NP, "y = 1; f = lambda x: np.convolve(x, x); z = 2"],
    "two lambdas in a line": [NP, "f, g = lambda x: np.convolve(x, x), lambda np: np.convolve"],
    "a recursive alias": [NP, "f = np.convolve\nf = f"],
    "what is never reached": [
        NP,
        "def f(x):\n    if False:\n        np.convolve(x, x)\n    return x",
    ],
    "a long way": [
        NP,
        *(f"def f{n}(x):\n    return f{n + 1}(x)" for n in range(1200)),
        "def f1200(x):\n    return np.convolve(x, x)",
        "f = f0",
    ],
    "what stands before a refused statement": [NP, OWN, USES + "\ndef g(x, x): pass"],
}

MAYBE = {
    "one branch of two": [
        NP,
        "if np.ones(1)[0]:\n    go = np.abs\nelse:\n    go = np.convolve",
        "def f(x):\n    return go(x)",
    ],
    "a name that is bound again under a condition": [
        "from numpy import convolve as go",
        "if 1:\n    def go(x):\n        return x",
        "def f(x):\n    return go(x)",
    ],
    "a star import": ["from scipy.signal import *", "def f(x):\n    return lfilter(x, 1, x)"],
    "getattr with a name that is made": [NP, "def f(x, how):\n    return getattr(np, how)(x, x)"],
    "importlib with a name that is made": [
        "import importlib",
        "def f(x, how):\n    return importlib.import_module(how).convolve(x, x)",
    ],
    "eval": ["def f(x):\n    return eval('x')"],
    "exec in a helper": [
        "def g(x):\n    exec('y = x')",
        "def f(x):\n    return g(x)",
    ],
    "a local function over an import": [
        "def f(x):\n    from numpy import pad\n    def pad(y):\n        return y\n    return pad(x)"
    ],
    "a local name with two meanings": [
        NP,
        "def f(x):\n    from numpy import convolve as go\n    go = x\n    return go(x)",
    ],
    "an attribute that was given another value": [
        NP,
        "np.convolve = lambda x, w: x",
        USES,
    ],
    "an item that was stored": [
        NP,
        "table = {}\ntable['go'] = np.convolve",
        "def f(x):\n    return table['go'](x, x)",
    ],
}


@pytest.mark.parametrize("case", SCRATCH)
def test_honest_code_is_left_alone(case):
    assert told(SCRATCH[case]) == "nothing"


@pytest.mark.parametrize("case", CERTAIN)
def test_what_an_answer_refers_to_is_certain(case):
    assert told(CERTAIN[case]) == "certain"


@pytest.mark.parametrize("case", MAYBE)
def test_what_only_may_be_is_told_as_such(case):
    assert told(MAYBE[case]) == "maybe"


@pytest.mark.parametrize(
    ("cells", "asked", "expected"),
    [
        pytest.param([NP, OWN, USES], 2, "nothing", id="redefined behind the question"),
        pytest.param([NP, OWN, USES], 3, "certain", id="redefined before the question"),
        pytest.param(
            [NP, "def f(x):\n    return g(x)", "def g(x):\n    return x", "g = np.convolve"],
            3,
            "nothing",
            id="a helper redefined behind the question",
        ),
        pytest.param(
            ["def f(x):\n    return np.convolve(x, x)", NP], 1, "nothing", id="imported behind it"
        ),
    ],
)
def test_what_stands_behind_a_question_is_not_looked_at(cells, asked, expected):
    assert told(cells, asked) == expected


def test_of_a_cell_that_was_stopped_nobody_knows_what_has_run():
    assert told([NP, USES, "1 / 0\n" + OWN]) == "nothing"
    assert told([NP, USES, "1 / 0\n" + OWN], stopped={2}) == "maybe"
    assert told([NP, USES + "\n1 / 0"], stopped={1}) == "certain"
    refused = "def f(x, w, w): pass"
    assert told([NP, USES, refused], stopped={2}) == "certain"
    assert told([NP, USES + "\nreturn 5\n" + OWN], stopped={1}) == "certain"
    assert told([NP, "await g()\n" + USES + "\n1 / 0"], stopped={1}) == "certain"
    old_mac = (NP + "\n" + USES + "\n" + refused).replace("\n", "\r")
    assert told([old_mac], stopped={0}) == "certain"
