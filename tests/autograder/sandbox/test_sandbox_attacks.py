"""What an enemy in the room may try against the one who reads from it.

Nothing here can win a point: there are none in the room. The grader must end with a complete
report, in time, and the next submission must not notice.
"""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace

import pytest

from autograder.core.errors import NoRoomsError, SandboxError
from autograder.sandbox.examination.examine import Examiner, examine, examine_zygote
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Call, Cell, Limits, Question
from autograder.sandbox.protocol.values import decode
from autograder.sandbox.walls.accounting import descendants
from autograder.sandbox.walls.mechanisms import GUARANTEES, Walls

LIMITS = Limits(
    cell_seconds=0.5, question_seconds=0.5, submission_seconds=20.0, memory_bytes=512 << 20
)
HONEST = [
    Cell("define", "def f(x): return 2 * x"),
    Question("q", "f", (Call("1", (21,)),)),
]


def test_every_guarantee_holds_when_it_is_attacked(every_zygote):
    found = examine_zygote(every_zygote)
    assert [guarantee.name for guarantee in found] == list(GUARANTEES)
    assert [guarantee for guarantee in found if not guarantee.held] == []
    assert all(guarantee.mechanism != "none" and guarantee.evidence for guarantee in found)


def test_namespaces_alone_hide_files_processes_and_listeners(tmp_path):
    with Zygote(Walls(landlock="never", seccomp="never", required=False)) as zygote:
        if not zygote.mechanisms.namespaces:
            pytest.skip("this machine allows no namespaces")
        examiner = Examiner(zygote, str(tmp_path))
        network, processes = examiner.attack("network"), examiner.attack("processes")
        assert examiner.attack("reads") + examiner.attack("writes") + examiner.attack("end") == []
    assert any(breach.startswith("socket of family") for breach in network)
    assert not any(breach.startswith("talked") for breach in network)
    assert not any(breach.startswith(("signal", "read", "saw", "traced")) for breach in processes)


def test_without_walls_no_guarantee_is_claimed():
    with Zygote("none") as zygote:
        assert not any(guarantee.held for guarantee in examine_zygote(zygote))
        report = zygote.run(HONEST, LIMITS)
    assert set(report.guarantees.values()) == {"none"}
    assert decode(report.results[1].answers[0].value, max_bytes=100) == 42


def test_where_no_room_can_be_had_the_examination_says_why():
    found = examine(launcher=["/bin/false"])
    assert not any(guarantee.held for guarantee in found)
    assert "did not start" in found[0].evidence


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")
def test_an_interpreter_that_only_root_can_read_is_refused():
    from autograder.sandbox.walls.exposure import readable_by_all

    if readable_by_all(os.path.dirname(os.__file__)):
        pytest.skip("here every user can read the interpreter")
    with (
        pytest.raises(NoRoomsError, match="no such user can read the interpreter"),
        Zygote("no-namespaces"),
    ):
        pass


PRELUDE = """
import json, os, signal, socket, stat, struct, sys, threading, time
def is_socket(n):
    try: return stat.S_ISSOCK(os.fstat(n).st_mode)
    except OSError: return False
channels = [n for n in range(256) if is_socket(n)]
def send(raw):
    for n in channels:
        try: os.write(n, raw)
        except BlockingIOError: pass  # a socket of the event loop
def frame(message):
    body = json.dumps(message).encode()
    return struct.pack("!I", len(body)) + body
"""
MISCHIEF = {
    "garbage frames": "send(b'\\xff' * 1000)",
    "a frame of a huge length": "send(struct.pack('!I', 2**32 - 1))",
    "half a frame": "send(frame({'op': 'cell'})[:-1]); time.sleep(9)",
    "no frame at all": "send(struct.pack('!I', 3) + b'abc')",
    "deep nesting": "send(struct.pack('!I', 200001) + b'[' * 200001)",
    "a forged result": "send(frame({'op': 'cell', 'id': 'bad', 'outputs': []}))",
    "a forged result with forged outputs": (
        "send(frame({'op': 'cell', 'id': 'bad', 'outputs': [{'output_type': 'stream'}]}))"
    ),
    "a reply to another order": "send(frame({'op': 'dropped', 'id': 'q'}))",
    "many forged results": "send(frame({'op': 'asked', 'id': 'q'}) * 50)",
    "closed descriptors": "os.closerange(0, 256)",
    "a swapped descriptor": "[os.dup2(os.open('/dev/null', 2), n) for n in channels]",
    "a socket pair put in its place": (
        "a, b = socket.socketpair(); [os.dup2(a.fileno(), n) for n in channels]"
    ),
    "a shut channel": "[socket.socket(fileno=n).shutdown(2) for n in channels]",
    "a child that keeps the channel": "os.fork() or time.sleep(60); os._exit(0)",
    "stolen orders": "threading.Thread(target=lambda: os.read(channels[0], 99)).start()",
    "a patched shell": "get_ipython().run_cell = lambda *a, **k: None",
    "a patched recorder": "get_ipython().recorder.finish = lambda: [{'output_type': 'x'}] * 99",
    "a recorder that never ends": "get_ipython().recorder.finish = lambda: time.sleep(99)",
    "a patched json": "json.dumps = lambda *a, **k: '{' * 99",
    "a patched time": "time.monotonic = lambda: 'never'",
    "a patched os": "os.fork = lambda: 0; os.getpid = lambda: 1",
    "hooks of fork": "os.register_at_fork(before=lambda: time.sleep(99))",
    "hooks of fork in the child": "os.register_at_fork(after_in_child=lambda: os._exit(0))",
    "no standard streams": "sys.stdout = sys.stderr = None; del sys.__stdout__",
    "a tracer": "sys.settrace(lambda *a: 1 / 0); sys.setprofile(lambda *a: 1 / 0)",
    "builtins gone": "import builtins; builtins.isinstance = builtins.len = None",
    "modules gone": "sys.modules.clear()",
    "numpy replaced": "sys.modules['numpy'] = None; sys.modules['autograder.sandbox'] = None",
    "transformers": (
        "get_ipython().ast_transformers.append(None); "
        "get_ipython().input_transformers_cleanup.append(lambda lines: 1 / 0)"
    ),
    "events": "get_ipython().events.register('pre_run_cell', lambda *a: os._exit(0))",
    "a custom exception hook": (
        "get_ipython().set_custom_exc((Exception,), lambda *a: os._exit(0)); 1 / 0"
    ),
    "no memory left for the runner": "import resource; resource.setrlimit(9, (1, 1)); 'x' * 10**6",
    "no descriptors left": "import resource; resource.setrlimit(7, (0, 0))",
    "no processes left": "import resource; resource.setrlimit(6, (0, 0))",
    "a low recursion limit": "sys.setrecursionlimit(60)",
    "output at exit": "import atexit; atexit.register(print, 'late'); sys.exit()",
    "a thread that rewrites": (
        "def g():\n  while True: globals().update(f=None)\nthreading.Thread(target=g).start()"
    ),
    "an endless thread at the end": (
        "threading.Thread(target=time.sleep, args=(99,)).start(); sys.exit()"
    ),
    "garbage for the garbage collector": "import gc; [o.clear() for o in gc.get_objects() "
    "if type(o) is dict and '_channel' in o]",
}


@pytest.mark.parametrize("name", MISCHIEF)
def test_mischief_harms_only_itself(strong, name):
    steps = [Cell("bad", PRELUDE + MISCHIEF[name]), *HONEST, Cell("late", "1")]
    start = time.monotonic()
    report = strong.run(steps, LIMITS)
    assert time.monotonic() - start < LIMITS.submission_seconds + 10
    assert [result.id for result in report.results] == ["bad", "define", "q", "late"]
    assert "late\n" not in repr(report)


def test_after_all_that_mischief_honest_work_is_done(strong):
    report = strong.run(HONEST, LIMITS)
    assert decode(report.results[1].answers[0].value, max_bytes=100) == 42


SNAPSHOT_MISCHIEF = {
    "garbage": "send(b'\\xff' * 1000)",
    "a flood of answers": "send(frame({'op': 'answer', 'call': '1', 'value': {}}) * 99)",
    "an answer to another call": "send(frame({'op': 'answer', 'call': '2', 'value': {}}))",
    "no exception": "send(frame({'op': 'answer', 'call': '1', 'raised': 'x' * 10**4}))",
    "an early end": "send(frame({'op': 'done', 'outcome': 'OK', 'reached': []}))",
    "an unheard-of end": "send(frame({'op': 'done', 'outcome': 'FULL MARKS', 'reached': []}))",
    "an empty answer of many parts": (
        "send(struct.pack('!I', 3000009) + b'{\"value\":[' + b'[],' * 999999 + b'[]]}')"
    ),
    "a closed channel": "os.closerange(0, 256)",
}


@pytest.mark.parametrize("name", SNAPSHOT_MISCHIEF)
def test_mischief_in_a_snapshot_costs_its_question(strong, name):
    body = textwrap.indent(PRELUDE + SNAPSHOT_MISCHIEF[name] + "\nreturn 1", "    ")
    steps = [
        *HONEST,
        Cell("bad", f"def g(x):\n{body}"),
        Question("bad", "g", (Call("1", (1,)), Call("2", (2,)))),
        Question("after", "f", (Call("1", (21,)),)),
    ]
    report = strong.run(steps, LIMITS)
    _, q, _, bad, after = report.results
    assert [str(result.outcome) for result in (q, after)] == ["OK", "OK"]
    assert str(bad.outcome) in ("CRASH", "OUTPUT")
    assert bad.reached == ()


def test_a_lying_value_is_only_a_value(strong):
    source = """
import numpy as np
class Liar(np.ndarray):
    def __eq__(self, other): return True
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return True
    def __reduce__(self): return (exec, ("1 / 0",))
class Everything:
    def __eq__(self, other): return True
    def __float__(self): return 1.0
def f(x): return np.ones(2).view(Liar) if x else Everything()
"""
    steps = [Cell("c", source), Question("q", "f", (Call("1", (1,)), Call("0", (0,))))]
    array, other = strong.run(steps, LIMITS).results[1].answers
    assert array.value["kind"] == "array"
    assert other.value == {"kind": "other", "type": "Everything"}


GRADER = """
import os, sys, time
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Cell, Limits
source = '''
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        time.sleep(100)
print(1)
time.sleep(100)
'''
with Zygote(sys.argv[1], launcher=sys.argv[2:]) as zygote:
    if os.fork() == 0:
        # Holds copies of the grader's sockets.
        os.close(1)
        time.sleep(20)
        os._exit(0)
    print("started", flush=True)
    zygote.run([Cell("c", source)], Limits())
"""


def test_everything_dies_with_the_grader(weak_and_strong):
    words, launcher = weak_and_strong
    command = [sys.executable, "-c", GRADER, words, *launcher]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as grader:
        assert grader.stdout.readline() == b"started\n"
        deadline = time.monotonic() + 10
        # The grader's fork, the zygote, the guard, the student's process and its three children.
        while len(family := descendants(grader.pid)) < 7 and time.monotonic() < deadline:
            time.sleep(0.02)
        grader.kill()
    while any(map(is_alive, family)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(family) >= 7
    assert [pid for pid in family if is_alive(pid)] == []


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return "autograder.sandbox.nursery" in file.read()
    except OSError:
        return False


def test_a_zygote_that_dies_is_replaced_and_its_submission_run_again():
    with Zygote() as zygote:
        first = zygote.pid
        os.kill(first, signal.SIGKILL)
        report = zygote.run(HONEST, LIMITS)
        assert decode(report.results[1].answers[0].value, max_bytes=100) == 42
        assert zygote.pid != first
        killer = threading.Timer(0.2, os.kill, (zygote.pid, signal.SIGKILL))
        killer.start()
        steps = [Cell("wait", "import time; time.sleep(0.4)"), *HONEST]
        report = zygote.run(steps, replace(LIMITS, cell_seconds=5.0))
        assert decode(report.results[2].answers[0].value, max_bytes=100) == 42
        again = zygote.run(HONEST, LIMITS)
        assert decode(again.results[1].answers[0].value, max_bytes=100) == 42


def test_a_zygote_that_cannot_start_is_an_error_of_ours():
    with pytest.raises(SandboxError, match="did not start"), Zygote(launcher=["/bin/false"]):
        pass
