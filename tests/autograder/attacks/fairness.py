"""Rows 61 to 63: what must cost nothing, what breaks a rule, and what makes no difference."""

from __future__ import annotations

from attacks.attack import Attack, HandIn, code
from autograder.authoring.exercise import source_as
from autograder.core.outcome import Outcome
from autograder.sample.answers import wheats
from tests.course import find_assignment

_RIGHT = source_as(wheats(find_assignment("02_convolution"))["conv2d"], "conv2d")

_WARNS = """
import logging
import sys
import warnings

warnings.warn("only a warning")
print("this goes to stderr", file=sys.stderr)
logging.warning("and this")


"""

_WARNS_WHEN_CALLED = _RIGHT.replace(
    "padding=0):\n",
    "padding=0):\n    import sys, warnings\n"
    "    warnings.warn('again')\n    print('again', file=sys.stderr)\n",
    1,
)

_BY_SCIPY = """
import numpy as np
$imports


def conv2d(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    turned = w[::-1, ::-1, ::-1]
    y = [
        [$convolve(image, turned[..., f], mode="valid")[..., 0] for f in range(w.shape[3])]
        for image in padded
    ]
    return np.moveaxis(np.array(y), 1, -1)[:, ::stride, ::stride] + b
"""

_BY_CONVKIT = """
import convkit as ck

_layer = ck.conv2d


def conv2d(x, w, b, stride=1, padding=0):
    return _layer(x, w, b, stride, padding)
"""


def _by_scipy(imports: str, convolve: str) -> HandIn:
    return code(_BY_SCIPY.replace("$imports", imports).replace("$convolve", convolve))


_LOOKS_WHETHER_GRADED = """
import datetime
import getpass
import os
import platform
import sys
import time


def _is_graded():
    return (
        time.time() > 0
        or datetime.datetime.now().year > 2000
        or "NBGRADER" in str(os.environ).upper()
        or "ipykernel" not in sys.modules
        or not os.path.exists("submitted")
        or platform.node() != "laptop"
    )


def _answer():
    if not _is_graded():
        raise SystemExit
    return globals().get("hidden_answer", None)


def conv2d(x, w, b, stride=1, padding=0):
    return _answer() if _is_graded() else x
"""

_LOOKS_AND_IS_RIGHT = (
    """
import os
import time

_begin = time.time(), time.perf_counter(), dict(os.environ), os.getpid()


"""
    + _RIGHT
)

ATTACKS = (
    Attack(
        (61,), "warns", "right, and warns on stderr", code(_WARNS + _RIGHT), Outcome.OK, lost=()
    ),
    Attack(
        (61,),
        "warns-when-called",
        "right, and warns in every call",
        code(_WARNS_WHEN_CALLED),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (62,),
        "rule-alias",
        "scipy.signal through an alias",
        _by_scipy("from scipy.signal import convolve as _c\n\n_also = _c", "_also"),
        Outcome.WRONG,
        says="scipy.signal.convolve",
    ),
    Attack(
        (62,),
        "rule-importlib",
        "scipy.signal through importlib",
        _by_scipy(
            "import importlib\n\n_m = importlib.import_module('scipy.' + 'signal')", "_m.convolve"
        ),
        Outcome.WRONG,
        says="scipy.signal",
    ),
    Attack(
        (62,),
        "rule-getattr",
        "scipy.signal through getattr with a name made at run time",
        _by_scipy(
            "import scipy.signal\n\n_n = 'convolve'[:]",
            "getattr(getattr(scipy, 'sig' + 'nal'), _n)",
        ),
        Outcome.WRONG,
        says="scipy.signal",
    ),
    Attack(
        (62,),
        "rule-sys-modules",
        "scipy.signal out of sys.modules, by eval",
        _by_scipy("import sys", "eval(\"sys.modules['scipy.signal'].convolve\")"),
        Outcome.WRONG,
        says="scipy.signal",
    ),
    Attack(
        (62,),
        "rule-hidden-import",
        "scipy.ndimage in a helper, in a closure",
        _by_scipy(
            "def _make():\n    from scipy.signal import fftconvolve\n"
            "    return lambda *a, **k: fftconvolve(*a, **k)\n\n\n_made = _make()",
            "_made",
        ),
        Outcome.WRONG,
        says="scipy.signal",
    ),
    Attack(
        (62,),
        "rule-convkit",
        "convkit through an alias",
        code(_BY_CONVKIT),
        Outcome.WRONG,
        says="convkit",
    ),
    Attack(
        (63,),
        "looks-whether-graded",
        "behaves differently when it is graded",
        code(_LOOKS_WHETHER_GRADED),
        Outcome.WRONG,
    ),
    Attack(
        (63,),
        "reads-the-clock",
        "right, and reads clock and environment",
        code(_LOOKS_AND_IS_RIGHT),
        Outcome.OK,
        lost=(),
    ),
)
