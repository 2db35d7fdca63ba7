"""Which callables are watched, and that watching notices them and nothing else."""

import math
import sys
import threading
from dataclasses import dataclass

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

from autograder.sandbox.inside.watch import Watch, expand, watchable

x = np.arange(12.0).reshape(3, 4)


def reached(names, function, thoroughly=True):
    found = set()
    with Watch(names).observe(found, thoroughly=thoroughly):
        function()
    assert sys.getprofile() is None
    return found


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("numpy.convolve", lambda: np.convolve(x[0], x[1])),
        ("numpy.correlate", lambda: np.correlate(x[0], x[1])),
        ("numpy.pad", lambda: np.pad(x, 1)),
        ("numpy.einsum", lambda: np.einsum("ij->i", x)),
        ("numpy.lib.stride_tricks.*", lambda: np.lib.stride_tricks.sliding_window_view(x, (2, 2))),
        ("scipy.signal.convolve2d", lambda: scipy.signal.convolve2d(x, x)),
        ("scipy.signal.*", lambda: scipy.signal.correlate2d(x, x)),
        ("scipy.ndimage.correlate", lambda: scipy.ndimage.correlate(x, x)),
        ("scipy.ndimage.*", lambda: scipy.ndimage.gaussian_filter(x, 1)),
        ("scipy.spatial.distance.cdist", lambda: scipy.spatial.distance.cdist(x, x)),
        ("scipy.linalg.toeplitz", lambda: scipy.linalg.toeplitz(x[0])),
    ],
)
@pytest.mark.parametrize("thoroughly", [True, False])
def test_calls_are_noticed(name, call, thoroughly):
    found = reached([name], call, thoroughly)
    assert found
    assert all(entry.startswith(name.rstrip("*")) for entry in found)
    assert reached([name], lambda: x @ x.T + np.sum(x)) == set()


def test_c_functions_are_noticed_when_looking_thoroughly():
    alias = math.hypot
    assert reached(["math.hypot"], lambda: alias(3, 4)) == {"math.hypot"}
    assert reached(["math.hypot"], lambda: alias(3, 4), thoroughly=False) == set()


def test_pythons_own_functions_are_noticed_in_the_notebook_and_not_in_libraries():
    notebook = {"__name__": "__main__"}
    exec("def call(): return sum([1, 2])", notebook)
    library = {"__name__": "numpy"}
    exec("def call(): return sum([1, 2])", library)
    assert reached(["builtins.sum"], notebook["call"]) == {"builtins.sum"}
    assert reached(["builtins.sum"], library["call"]) == set()


@pytest.mark.parametrize("thoroughly", [True, False])
def test_threads_are_watched_too(thoroughly):
    def call():
        thread = threading.Thread(target=np.convolve, args=(x[0], x[1]))
        thread.start()
        thread.join()

    assert reached(["numpy.convolve", "math.hypot"], call, thoroughly) == {"numpy.convolve"}


def test_an_exception_ends_the_watch_and_keeps_what_was_seen():
    found, before = set(), sys.gettrace()
    with (
        pytest.raises(ValueError, match="cannot be empty"),
        Watch(["numpy.convolve"]).observe(found),
    ):
        np.convolve([], [])
    assert found == {"numpy.convolve"}
    assert sys.gettrace() is before


def test_names_without_an_object_are_passed_over():
    assert expand(["numpy.no_such_thing", "no_such_module.*", "no.such.thing", "numpy.pi"]) == {}
    assert watchable("numpy.no_such_thing") is False
    assert reached(["no_such_module.*"], lambda: np.pad(x, 1)) == set()


def test_a_whole_module_has_its_public_callables():
    found = expand(["scipy.signal.*"])
    assert {"scipy.signal.convolve2d", "scipy.signal.fftconvolve"} <= set(found)
    assert not any(name.split(".")[-1].startswith("_") for name in found)


@dataclass(frozen=True)
class Point:
    x: float


def test_the_constructor_of_another_dataclass_is_not_taken_for_the_watched_one():
    assert reached(["convkit.gradcheck.*"], lambda: Point(1.0)) == set()


def test_what_a_module_imports_is_not_its_own():
    assert set(expand(["convkit.gradcheck.*"])) == {
        "convkit.gradcheck.GradientCheck",
        "convkit.gradcheck.check_gradient",
        "convkit.gradcheck.numerical_gradient",
    }


@pytest.mark.parametrize("thoroughly", [True, False])
def test_what_traced_before_traces_on(thoroughly):
    set_hook, get_hook = (
        (sys.setprofile, sys.getprofile) if thoroughly else (sys.settrace, sys.gettrace)
    )
    before = get_hook()

    def hook(*_):
        return None

    set_hook(hook)
    try:
        with Watch(["math.hypot"]).observe(set(), thoroughly=thoroughly):
            math.hypot(3, 4)
        assert get_hook() is hook
    finally:
        set_hook(before)
