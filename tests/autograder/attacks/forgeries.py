"""Rows 24 to 40 and 55: submissions that attack whoever runs, compares or reads their answers."""

from __future__ import annotations

from attacks.attack import Attack, cell, code, instead
from autograder.core.outcome import Outcome
from autograder.sample.forgeries import forgeries, wrong

_WRONG, _CRASH = Outcome.WRONG, Outcome.CRASH

_FAKE_NUMPY = """
import sys
import types


class Fake(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: True


for name in ("numpy", "numpy.testing", "convkit", "convkit.check"):
    sys.modules[name] = Fake(name)
"""

_LYING_CLASS = """
class Right(np.ndarray):
    __class__ = property(lambda self: np.ndarray)
    shape = property(lambda self: (1, 5, 5, 1))
    tobytes = tolist = __reduce__ = lambda self, *args: b"right"
    __array_priority__ = 1e9
    __array_finalize__ = None
    __eq__ = lambda self, other: True


def conv2d(x, w, b, stride=1, padding=0):
    return np.zeros((1, 1, 1, 1)).view(Right)
"""

_PATCHED_ENCODER = """
import sys

for _module in list(sys.modules.values()):
    if getattr(_module, "__name__", "").startswith("autograder"):
        for _name, _thing in list(vars(_module).items()):
            if callable(_thing) and _name in ("encode", "pack", "check_outputs", "decode"):
                setattr(_module, _name, lambda *args, **kwargs: {"kind": "right", "value": "yes"})
"""

_ATEXIT = """
import atexit
import sys

atexit.register(print, "".join(("le", "aked")))
sys.exit(0)
"""

_PICKLE = """
import os, pickle


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch $outside/pickled",))


def conv2d(x, w, b, stride=1, padding=0):
    return [pickle.dumps(Bomb()), Bomb(), np.array([Bomb()], dtype=object)][x.shape[0] % 3]
"""

_HUGE_SHAPE = "import numpy as np\nreturn np.broadcast_to(np.float64(0), (10**6, 10**6, 10, 1))"

_NESTED = """
deep = []
for _ in range(5000):
    deep = [deep]
return deep
"""

_ODD_VALUES = """
import numpy as np

circle = []
circle.append(circle)
odd = [circle, {1: circle}, 10 ** 20000, float("inf"), complex("nan"), "x" * 10**6,
       np.array("2020", dtype="M8"), np.zeros(0), np.rec.array([(1, 2.0)]), None, Ellipsis]
return odd[x.size % len(odd)]
"""

_HARD_CODED = """
from convkit.check.general import read_all

_known = {repr(each["args"]): each["expected"] for each in read_all()["conv2d"]["examples"]}


def conv2d(x, w, b, stride=1, padding=0):
    seven = {(1, 5, 7, 1): 7.0, (1, 5, 6, 3): 3.0}
    return np.full((len(x), x.shape[1] - 2, x.shape[2] - 2, w.shape[3]), seven.get(x.shape, 0.0))
"""

_SWAPPED_DESCRIPTORS = """
import os, socket, stat

_ours, _theirs = socket.socketpair()
for _number in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(_number).st_mode) and _number > 2:
            os.dup2(os.open("/dev/null", os.O_RDWR), _number)
    except OSError:
        pass
"""

_SWAPPED_IN_A_QUESTION = """
import json, os, socket, stat, struct

forged = json.dumps({"op": "done", "outcome": "OK", "reached": [], "growth": None}).encode()
for number in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            os.write(number, struct.pack("!I", len(forged)) + forged)
            os.close(number)
    except OSError:
        pass
"""

_ROWS_OF_THE_SAMPLE = {
    "patched-testing": ((24,), "patches np.testing and np.allclose"),
    "lying-equality": ((25,), "returns an object that is equal to everything"),
    "lying-array": ((26,), "returns an array with its own __array_function__ and __array_ufunc__"),
    "swapped-code": ((27,), "swaps __code__ of whatever may check"),
    "ast-transformer": ((28,), "removes asserts by ast_transformers"),
    "input-transformer": ((29,), "rewrites cells by input_transformers_cleanup"),
    "pre-run-cell": ((30,), "replaces checks in pre_run_cell"),
    "replaced-run-cell": ((31,), "replaces run_cell and run_code"),
    "custom-exception": ((32,), "silences errors by set_custom_exc and showtraceback"),
    "trace": ((33,), "spies by sys.settrace"),
    "assertion-error": ((34, 35), "replaces AssertionError; a thread that rewrites globals later"),
    "displayed-score": ((36,), "displayhook(12.0), then an error"),
    "forged-reply": ((37,), "writes a forged reply to every descriptor"),
}

ATTACKS = (
    *(
        Attack(
            rows,
            f"forger-{name}",
            what,
            code(forgeries("conv2d")[name]),
            _CRASH if name == "forged-reply" else _WRONG,
        )
        for name, (rows, what) in _ROWS_OF_THE_SAMPLE.items()
    ),
    Attack(
        (25, 26),
        "forger-lying-class",
        "returns an array that lies about class and shape",
        code(wrong("conv2d") + _LYING_CLASS),
        _WRONG,
    ),
    Attack(
        (34,),
        "forger-fake-numpy",
        "replaces sys.modules['numpy']",
        code(wrong("conv2d") + _FAKE_NUMPY),
        _WRONG,
    ),
    Attack(
        (37, 39),
        "forger-encoder",
        "patches the encoder of answers",
        code(wrong("conv2d") + _PATCHED_ENCODER),
        _CRASH,
    ),
    Attack(
        (37, 55),
        "forger-early-end",
        "forges the end of its question and closes the channel",
        instead(_SWAPPED_IN_A_QUESTION),
        _CRASH,
    ),
    Attack(
        (38,),
        "exits-politely",
        "raises SystemExit in the function",
        instead("raise SystemExit(0)"),
        _WRONG,
    ),
    Attack(
        (38,),
        "prints-at-exit",
        "sys.exit() in a cell, with output at exit",
        cell(_ATEXIT),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (39,),
        "payload-nan",
        "returns NaN everywhere",
        instead("import numpy as np\nreturn np.full((1, 3, 5, 1), np.nan)"),
        _WRONG,
    ),
    Attack(
        (39,),
        "payload-pickle",
        "returns pickles and objects that run code when unpickled",
        code("import numpy as np\n" + _PICKLE),
        _WRONG,
    ),
    Attack(
        (39,),
        "payload-huge-shape",
        "returns an array of 80 TB without memory of its own",
        instead(_HUGE_SHAPE),
        Outcome.OUTPUT,
    ),
    Attack((39,), "payload-nested", "returns a list 5,000 deep", instead(_NESTED), _WRONG),
    Attack(
        (39,),
        "payload-odd",
        "returns circles, huge numbers, dates and records",
        instead(_ODD_VALUES),
        _WRONG,
    ),
    Attack(
        (40,),
        "hard-coded",
        "answers the public examples by heart",
        code(wrong("conv2d") + _HARD_CODED),
        _WRONG,
    ),
    Attack(
        (55,),
        "swaps-descriptors",
        "puts other files in the place of the runner's sockets",
        cell(_SWAPPED_DESCRIPTORS),
        _CRASH,
        lost=(),
    ),
)
