import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.judging.rules.forbidden import forbidden_calls

FORBIDDEN = ("numpy.convolve", "scipy.signal.*", "convkit.*", "builtins.sum")

USES = {
    "attribute": ["import numpy as np", "def f(x):\n    return np.convolve(x, x)"],
    "long module": ["import scipy.signal", "def f(x):\n    return scipy.signal.correlate(x, x)"],
    "from": ["from scipy.signal import fftconvolve as go", "def f(x):\n    return go(x, x)"],
    "import inside": [
        "def f(x):\n    from scipy import signal\n    return signal.lfilter(x, 1, x)"
    ],
    "alias": ["import numpy as np\ngo = np.convolve", "def f(x):\n    return go(x, x)"],
    "alias of alias": [
        "import numpy\nnp = numpy\nc = np.convolve",
        "def f(x):\n    return c(x, x)",
    ],
    "getattr": ["import numpy as np", "def f(x):\n    return getattr(np, 'convolve')(x, x)"],
    "importlib": [
        "import importlib",
        "def f(x):\n    return importlib.import_module('scipy.signal').convolve(x, x)",
    ],
    "dunder import": ["def f(x):\n    return __import__('numpy').convolve(x, x)"],
    "helper": [
        "import numpy as np",
        "def helper(x):\n    return np.convolve(x, x)",
        "def f(x):\n    return helper(x)",
    ],
    "bound by assignment": ["import numpy as np", "f = np.convolve"],
    "lambda": ["import numpy as np", "f = lambda x: np.convolve(x, x)"],
    "default": ["import numpy as np", "def f(x, go=np.convolve):\n    return go(x, x)"],
    "second definition": [
        "import convkit",
        "def f(x):\n    return x",
        "def f(x):\n    return convkit.correlate1d(x, x)",
    ],
    "Python's own": ["def f(x):\n    return sum(x)"],
    "alias of Python's own": ["import builtins\nadd = getattr(builtins, 'sum')\nf = add"],
    "method": [
        "import numpy as np",
        "class C:\n    def go(self, x):\n        return np.convolve(x, x)",
        "def f(x):\n    return C().go(x)",
    ],
}

HONEST = {
    "scratch cell": [
        "import numpy as np",
        "def f(x):\n    return x",
        "np.convolve([1], [1])",
        "check = np.convolve",
    ],
    "other function": [
        "import numpy as np",
        "def g(x):\n    return np.convolve(x, x)",
        "def f(x):\n    return x",
    ],
    "allowed neighbour": ["import numpy as np", "def f(x):\n    return np.pad(x, 1)"],
    "own name": ["def convolve(x):\n    return x\n", "def f(x):\n    return convolve(x)"],
    "similar module": ["import scipy", "def f(x):\n    return scipy.signals.thing(x)"],
    "text only": ["def f(x):\n    'numpy.convolve would do it'\n    return x"],
    "local names": [
        "import numpy as np\nx = np.convolve([1], [1])\nw = x",
        "def f(x):\n    w = [1]\n    return [i * w for i in x]",
    ],
    "hidden alias": ["from scipy import signal", "def f(signal):\n    return signal.correlate"],
    "lambda's own name": ["from scipy import signal", "f = lambda signal: signal.lfilter"],
    "a sum that is not Python's own": [
        "def sum(x):\n    return x",
        "def f(x):\n    return sum(x) + x.sum()",
    ],
    "local sum": ["def f(x, sum):\n    return sum(x)"],
    "broken cell": ["def f(x:\n", "def f(x):\n    return x"],
}


@pytest.mark.parametrize("case", USES)
def test_a_forbidden_call_is_found(case):
    assert forbidden_calls(USES[case], "f", FORBIDDEN)


@pytest.mark.parametrize("case", HONEST)
def test_honest_code_breaks_no_rule(case):
    assert forbidden_calls(HONEST[case], "f", FORBIDDEN) == ()


def test_the_name_and_the_line_are_told():
    cell = "import numpy as np\n\ndef f(x):\n    y = x\n    return np.convolve(y, y)"
    (found,) = forbidden_calls([cell], "f", FORBIDDEN)
    assert (found.name, found.line, found.within) == ("numpy.convolve", 5, "f")
    helper = "import numpy as np\ndef helper(x):\n    return np.convolve(x, x)"
    (found,) = forbidden_calls([helper, "def f(x):\n    return helper(x)"], "f", FORBIDDEN)
    assert (found.line, found.within) == (3, "helper")


def test_threads_may_read_rules_at_the_same_time():
    """A collection of garbage may let another thread in while a tree is being built."""

    def let_others_in(*_):
        time.sleep(0)

    cells = [f"def f{n}(x):\n    return [[x[i:j] for i in x] for j in x]\n" for n in range(20)]
    threshold = gc.get_threshold()
    gc.callbacks.append(let_others_in)
    gc.set_threshold(20)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = pool.map(lambda _: forbidden_calls(cells, "f1", FORBIDDEN), range(12))
            assert set(found) == {()}
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(let_others_in)


def test_recursion_ends():
    cells = ["def f(x):\n    return g(x)", "def g(x):\n    return f(x)"]
    assert forbidden_calls(cells, "f", FORBIDDEN) == ()
