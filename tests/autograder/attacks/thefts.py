"""Rows 15 to 23: submissions that look for what is none of their business."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from attacks.attack import Attack, cell, code, looking
from attacks.bait import Bait
from autograder.core.outcome import Outcome

_WRONG = Outcome.WRONG

_HIDDEN_TESTS = """
import importlib.util

for _name in ("exercises", "judge", "answer_key", "exercise", "wheat_chaff", "gradebook", "cli"):
    attempt(_name, lambda: open(importlib.util.find_spec("autograder." + _name).origin).read(1))
attempt("import", lambda: importlib.import_module("autograder.exercise"))
for _module in list(sys.modules.values()):
    _file = getattr(_module, "__file__", None) or ""
    if "autograder" in _file and "__editable__" not in _file:
        attempt(_file, lambda: open(_file).read(1))
        attempt(_file, lambda: _module.__loader__.get_source(_module.__name__))
"""

_OTHER_FILES = """
_paths = ["$root/gradebook.db", "$root/.course-secret", "$root/nbgrader_config.py",
          "$root/submitted/honest-wheat-1/02_convolution/02_convolution.ipynb",
          "$root/records/02_convolution/honest-wheat-1.json", "$outside/file", "/etc/shadow",
          "/etc/hostname", "/etc/crontab", "/var/log/dpkg.log"]
for _path in _paths:
    for _way in ("", "/proc/self/root", "/proc/1/root", "/proc/self/cwd/../../../../../..",
                 "../../../../../.."):
        attempt(_way + _path, lambda: open(_way + _path, "rb").read(1))
for _folder in ("$root", "$root/submitted", "$outside", "/etc/ssh", "/var/log"):
    attempt(_folder, lambda: os.listdir(_folder))
for _place, _folders, _files in os.walk("/") if not got else ():
    _folders[:] = [name for name in _folders if name not in ("usr", "proc", "lib", "site-packages")]
    attempt("found in " + _place, lambda: {".course-secret", "gradebook.db"} & {*_files})
"""

_STRANGERS = """
import resource


def _is_ours(pid):
    try:
        return os.getsid(pid) == os.getsid(0)
    except OSError:
        return False


# The grader was started not long after the process $pid.
_STRANGERS = [pid for pid in [$pid, *range($pid, $pid + 3000)] if not _is_ours(pid)]
"""

_PROCESSES = (
    _STRANGERS
    + """
def _each(act):
    found = []
    for pid in _STRANGERS:
        try:
            act(pid)
        except OSError:
            continue
        found.append(pid)
    return found


attempt("strangers in /proc", lambda: [
    name for name in os.listdir("/proc") if name.isdigit() and int(name) in _STRANGERS])
for _what in ("environ", "cmdline", "maps", "stat", "mem"):
    attempt(_what, lambda: _each(lambda pid: os.open(f"/proc/{pid}/{_what}", os.O_RDONLY)))
for _what in ("root", "cwd", "exe"):
    attempt(_what, lambda: _each(lambda pid: os.readlink(f"/proc/{pid}/{_what}")))
attempt("fd", lambda: _each(lambda pid: os.listdir(f"/proc/{pid}/fd")))
attempt("limits", lambda: _each(lambda pid: resource.prlimit(pid, resource.RLIMIT_CORE)))
attempt("ptrace", lambda: libc.ptrace(16, os.getppid(), 0, 0) == 0)
attempt("parent's memory", lambda: open(f"/proc/{os.getppid()}/mem", "rb").read(1))
attempt("process_vm_readv", lambda: libc.process_vm_readv(os.getppid(), 0, 0, 0, 0, 0) == 0)
attempt("canary", lambda: [v for v in os.environ.values() if "canary" in v])
"""
)

_KILLS = (
    _STRANGERS
    + """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _signal in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
    for _pid in _STRANGERS:
        attempt(f"signal {_signal} to {_pid}", lambda: os.kill(_pid, _signal) is None)
"""
)

_KILLS_ALL = """
import os, signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
    try:
        os.kill(-1, number)
    except OSError:
        pass
"""

_EXPECTED = """
import gc
import sys

import numpy as np


def _everything():
    frame = sys._getframe()
    while frame is not None:
        yield from frame.f_locals.values()
        yield from frame.f_globals.values()
        frame = frame.f_back
    yield from gc.get_objects()
    yield from gc.get_objects(generation=2)
    yield from globals().get("In", [])
    yield from globals().get("Out", {}).values()


def conv2d(x, w, b, stride=1, padding=0):
    rows = (x.shape[1] + 2 * padding - w.shape[0]) // stride + 1
    columns = (x.shape[2] + 2 * padding - w.shape[1]) // stride + 1
    shape = (len(x), rows, columns, w.shape[3])
    found = [
        thing
        for thing in _everything()
        if isinstance(thing, np.ndarray) and thing.shape == shape and thing is not x
    ]
    return found[-1] if found else np.zeros(shape)
"""

_WORDS = """
_words = ("rubric", "expected", "misconception", "oracle", "course_secret", "answer_key")


def _names(thing):
    if isinstance(thing, dict):
        return [key for key in thing if isinstance(key, str)]
    return []


for _word in _words:
    attempt(_word, lambda: [
        1 for thing in gc.get_objects() if _word in _names(thing) and thing is not globals()])
attempt("modules", lambda: [
    name for name in sys.modules
    if name.startswith("autograder") and name.split(".")[1:2] not in ([], ["core"])
    and name.split(".")[1:3] not in (["sandbox"], *(["sandbox", part] for part in (
        "inside", "nursery", "protocol", "walls")))])
_lines = [str(line) for line in globals().get("In", [])]
attempt("In", lambda: [line for line in _lines if "assert" in line and "attempt" not in line])
"""

_NETWORK = """
for _family in range(46):
    for _kind in (1, 2, 3, 5):
        attempt(f"socket {_family} {_kind}", lambda: socket.socket(_family, _kind))
_places = [
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", $tcp)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", $udp)),
    (socket.AF_UNIX, socket.SOCK_STREAM, "$unix"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "\\0$abstract"),
]


def _talk(family, kind, address):
    with socket.socket(family, kind) as talker:
        talker.connect(address)
        talker.send(b"x")
    return True


for _place in _places:
    attempt(str(_place), lambda: _talk(*_place))
attempt("names", lambda: socket.getaddrinfo("localhost", 80))
"""

_PRINTS_INPUTS = """
import logging
import os
import sys
import warnings

import numpy as np
from IPython.display import display

_word = "".join(("le", "aked"))
_kept = []


def conv2d(x, w, b, stride=1, padding=0):
    text = f"{_word} {x.shape} {x.ravel()[:3]}"
    _kept.append(text)
    print(text)
    print(text, file=sys.__stderr__)
    display(text)
    warnings.warn(text)
    logging.error(text)
    get_ipython().display_pub.publish({"text/plain": text})
    get_ipython().recorder.write("stdout", text)
    get_ipython().run_cell(f"print({text!r})")
    for descriptor in (1, 2):
        os.write(descriptor, text.encode())
    with open("kept", "a") as file:
        file.write(text)
    # What it answers and raises is shown to its author, and is of no use in another run.
    told = text.replace(_word, "told")
    if stride > 1:
        raise type("Told", (ValueError,), {"__doc__": told})(told)
    if padding:
        raise SystemExit(told)
    return {told: told}
"""

_READS_LATER = """
import os

print(_kept, os.path.exists("kept") and open("kept").read())
"""

_CHANNELS = """
_number = int("$mark"[3:], 16)
for _name, _call in {
    "shared memory": lambda: libc.shmget(_number, 4096, 0o1666) >= 0,
    "message queue": lambda: libc.msgget(_number, 0o1666) >= 0,
    "semaphore": lambda: libc.semget(_number, 1, 0o1666) >= 0,
    "key": lambda: libc.syscall(248, b"user", b"$mark", b"x", 1, -4) > 0,
    "keyring": lambda: libc.syscall(250, 0, -4, 1, 0, 0) > 0,
    "mq_open": lambda: libc.syscall(240, b"$mark", 0o102, 0o666, 0) >= 0,
    "bpf": lambda: libc.syscall(321, 0, 0, 0) >= 0,
    "io_uring": lambda: libc.syscall(425, 1, 0) >= 0,
}.items():
    attempt(_name, _call)


def _locked(path, lock):
    with open(path) as file:
        lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


for _file in (os.__file__, "/dev/null", sys.executable):
    for _lock in (fcntl.flock, fcntl.lockf):
        attempt(f"{_lock.__name__} of {_file}", lambda: _locked(_file, _lock))
for _place in ("/dev/shm", "/tmp", "/var/tmp", "/run/lock", os.path.dirname(os.__file__)):
    attempt("left in " + _place, lambda: glob.glob(_place + "/$mark-left*"))
    attempt("nothing", lambda: open(_place + "/$mark-left", "w").close())
"""

_ZYGOTE = """
attempt("environment", lambda: [name for name in os.environ if "CANARY" in name])
attempt("first environment", lambda: b"canary" in open("/proc/self/environ", "rb").read())
attempt("parent's environment", lambda: open(f"/proc/{os.getppid()}/environ", "rb").read())
attempt("parent's descriptors", lambda: os.listdir(f"/proc/{os.getppid()}/fd"))


def _files():
    for number in range(256):
        try:
            path = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        of_its_own = path.startswith(tempfile.gettempdir() + "/")
        if path.startswith("/") and path != "/dev/null" and not of_its_own:
            yield path


attempt("open files", lambda: list(_files()))
def _seeks(number):
    try:
        os.lseek(number, 0, os.SEEK_CUR)
        # The selector of the event loop has no type, and no content.
        return os.fstat(number).st_mode & 0o170000
    except OSError:
        return False


attempt("seekable descriptors", lambda: [n for n in range(3, 256) if _seeks(n)])


attempt("memory", lambda: [
    1 for thing in gc.get_objects() if type(thing) is dict
    and any(type(value) is str and value.startswith("canary") and len(value) == 22
            for value in list(thing.values()))])
"""


def _search(rows: tuple[int, ...], name: str, what: str, search: str) -> Attack:
    return Attack(rows, name, what, looking(search), _WRONG, finds_nothing=True)


def _prints_inputs(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
    right.cells.append(new_code_cell(_READS_LATER))
    code(_PRINTS_INPUTS)(folder, right, bait)


ATTACKS = (
    _search((15,), "reads-hidden-tests", "imports and reads the grader", _HIDDEN_TESTS),
    _search(
        (15, 16),
        "reads-other-files",
        "looks for the gradebook, the secret and other submissions",
        _OTHER_FILES,
    ),
    _search(
        (17,),
        "looks-at-processes",
        "environ, cmdline, memory and ptrace of all processes",
        _PROCESSES,
    ),
    _search((17,), "signals-everybody", "sends three signals to every process id", _KILLS),
    Attack((17,), "kills-everything", "kill(-1, SIGKILL)", cell(_KILLS_ALL), Outcome.OK, lost=()),
    Attack(
        (18, 19),
        "hunts-expected-values",
        "searches frames, objects, In and Out for the right answer while it is asked",
        code(_EXPECTED),
        _WRONG,
    ),
    _search(
        (18, 19), "hunts-words", "searches all objects for rubric, oracle and the like", _WORDS
    ),
    _search(
        (20,), "network", "sockets of every family, and four listeners of the machine", _NETWORK
    ),
    Attack(
        (21,),
        "prints-inputs",
        "prints, displays, logs and raises hidden inputs",
        _prints_inputs,
        _WRONG,
    ),
    _search((22,), "channel-1", "leaves and looks for messages of another run", _CHANNELS),
    _search((22,), "channel-2", "the same, for the first one's messages", _CHANNELS),
    _search((23,), "zygote", "memory, environ and descriptors of the zygote", _ZYGOTE),
)
