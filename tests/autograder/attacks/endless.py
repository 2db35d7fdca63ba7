"""Rows 1 to 14: submissions that use too much, or end the process that they run in."""

from __future__ import annotations

from attacks.attack import Attack, cell, code, instead
from autograder.core.outcome import Outcome
from autograder.sample.forgeries import wrong

_TIMEOUT, _MEMORY, _OUTPUT = Outcome.TIMEOUT, Outcome.MEMORY, Outcome.OUTPUT

_SWALLOWS = """
import time

while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
"""

_BLOCKS = """
import os

reader, writer = os.pipe()
os.read(reader, 1)
"""

_FORK_BOMB = """
import os, time

while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.05)
"""

_DAEMON = """
import ctypes, os, signal, time

if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, b"$mark", 0, 0, 0)
        time.sleep(600)
    os._exit(0)
"""

_MANY = """
import os, time

for _ in range(4):
    if os.fork() == 0:
        mine = b"x" * (80 << 20)
        time.sleep(60)
time.sleep(60)
"""

_HOARDS = """
hoard = []
while True:
    hoard.append(bytearray(16 << 20))
"""

_DISPLAYS = """
from IPython.display import HTML, display

for _ in range(200):
    display(HTML("x" * 10**5))
"""

_FILLS_DISK = """
import os, tempfile

for number in range(2000):
    for place in (os.getcwd(), tempfile.gettempdir(), "/dev/shm", "$outside"):
        try:
            with open(f"{place}/$mark-{number}", "wb") as file:
                file.write(bytes(1 << 20))
        except OSError:
            pass
"""

_FILLS_INODES = """
import os, time

for number in range(6000):
    try:
        os.mkdir(f"{number}")
    except OSError:
        break
else:
    time.sleep(60)
"""

_DUMPS = """
import os, resource

for size in (resource.RLIM_INFINITY, 0):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (size, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        pass
os.abort()
"""

_SLOW_REPR = """
class Slow:
    def __repr__(self):
        while True:
            pass


Slow()
"""

_REGEX_BOMB = """
import re


class Bomb:
    def _repr_html_(self):
        return str(re.match("(a+)+c", "a" * 40 + "b"))


Bomb()
"""

ATTACKS = (
    Attack(
        (1,),
        "endless-loop",
        "an endless loop in the function",
        instead("while True: pass"),
        _TIMEOUT,
    ),
    Attack(
        (1,),
        "endless-cell",
        "an endless loop in a cell",
        cell("while True: pass"),
        _TIMEOUT,
        lost=(),
    ),
    Attack(
        (2,), "sleeps", "sleeps in the function", instead("import time; time.sleep(999)"), _TIMEOUT
    ),
    Attack((2,), "blocks", "waits for a pipe that nobody writes to", instead(_BLOCKS), _TIMEOUT),
    Attack(
        (2,),
        "waits-for-input",
        "asks for input, which nobody gives: an error at once",
        instead("return input()"),
        Outcome.WRONG,
        says="raised EOFError",
    ),
    Attack(
        (3,),
        "swallows-interrupts",
        "a cell that survives every KeyboardInterrupt",
        cell(_SWALLOWS),
        _TIMEOUT,
        lost=(),
    ),
    Attack((4,), "fork-bomb", "a fork bomb in the function", instead(_FORK_BOMB), _TIMEOUT),
    Attack(
        (4,), "fork-bomb-in-a-cell", "a fork bomb in a cell", cell(_FORK_BOMB), _TIMEOUT, lost=None
    ),
    Attack(
        (5,),
        "daemon",
        "leaves a daemon in a session of its own",
        cell(_DAEMON),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (5,),
        "daemon-in-a-question",
        "leaves one while it answers",
        code(wrong("conv2d") + _DAEMON),
        Outcome.WRONG,
    ),
    Attack(
        (6,),
        "huge-allocation",
        "one huge allocation",
        instead("return bytearray(1 << 40)"),
        _MEMORY,
    ),
    Attack((6,), "hoards", "takes more and more memory", instead(_HOARDS), _MEMORY),
    Attack((7,), "many-processes", "many processes, each below the limit", instead(_MANY), _MEMORY),
    Attack(
        (8,),
        "print-flood",
        "prints 50 MB",
        cell("for _ in range(500): print('x' * 10**5)"),
        _OUTPUT,
        lost=(),
    ),
    Attack((9,), "display-flood", "displays 20 MB", cell(_DISPLAYS), _OUTPUT, lost=()),
    Attack(
        (10, 12),
        "fills-disk",
        "writes 8 GB into every place it knows, /dev/shm too",
        cell(_FILLS_DISK),
        Outcome.OK,
        lost=(),
        without_namespaces=(_OUTPUT, _TIMEOUT),
    ),
    Attack(
        (11,),
        "fills-inodes",
        "makes 6,000 inodes",
        cell(_FILLS_INODES),
        Outcome.OK,
        lost=(),
        without_namespaces=(_OUTPUT, _TIMEOUT),
    ),
    Attack(
        (12, 13), "dumps-core", "asks for a core dump and aborts", instead(_DUMPS), Outcome.CRASH
    ),
    Attack((13,), "exits", "ends its process", instead("import os; os._exit(0)"), Outcome.CRASH),
    Attack(
        (13,),
        "exits-in-a-cell",
        "ends its process in a cell",
        cell("import os; os._exit(0)"),
        Outcome.CRASH,
        lost=(),
    ),
    Attack(
        (13,),
        "segfault",
        "reads address 0",
        instead("import ctypes; ctypes.string_at(0)"),
        Outcome.CRASH,
    ),
    Attack(
        (14,), "slow-repr", "a result whose repr never ends", cell(_SLOW_REPR), _TIMEOUT, lost=()
    ),
    Attack(
        (14,),
        "regex-bomb",
        "a regular expression without end in a display",
        cell(_REGEX_BOMB),
        _TIMEOUT,
        lost=(),
    ),
)
