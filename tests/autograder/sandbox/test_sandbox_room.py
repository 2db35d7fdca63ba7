"""Cells and questions of real submissions, in real rooms."""

import importlib.util
import os
import threading
from dataclasses import replace

import numpy as np
import pytest

from autograder.core.outcome import Outcome
from autograder.sandbox.protocol.plan import Call, Cell, Limits, Question
from autograder.sandbox.protocol.values import Other, decode

LIMITS = Limits(
    cell_seconds=5.0, question_seconds=5.0, submission_seconds=30.0, memory_bytes=512 << 20
)
QUICK = replace(LIMITS, cell_seconds=0.4, question_seconds=0.4)
DEFINE = Cell("define", "import numpy as np\ndef f(x): return 2 * x")


def value(answer):
    return decode(answer.value, max_bytes=1 << 20)


def texts(result):
    """Everything that a cell showed, in one text."""
    return "".join(
        output.get("text", "") + output.get("evalue", "") + str(output.get("data", ""))
        for output in result.outputs
    )


def outcomes(report):
    return [str(result.outcome) for result in report.results]


def test_a_notebook_runs_and_its_functions_answer(zygote):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    steps = [
        DEFINE,
        Cell("show", "print('shown'); f(21)"),
        Question("q", "f", (Call("one", (x,)), Call("two", kwargs={"x": (1, "a")}))),
        Cell("later", "def f(x): return 3 * x"),
        Question("again", "f", (Call("one", (x,)),)),
        Question("missing", "g", (Call("one", (x,)),)),
        Question("constant", "np", None),
    ]
    report = zygote.run(steps, LIMITS)
    assert outcomes(report) == ["OK"] * 7
    _, show, q, _, again, missing, constant = report.results
    assert texts(show) == "shown\n{'text/plain': '42'}"
    np.testing.assert_array_equal(value(q.answers[0]), 2 * x, strict=True)
    assert value(q.answers[1]) == (1, "a", 1, "a")
    np.testing.assert_array_equal(value(again.answers[0]), 3 * x, strict=True)
    assert (missing.bound, missing.answers) == (False, ())
    assert (constant.answers[0].call, value(constant.answers[0])) == ("value", Other("module"))
    assert report.restarts == 0
    assert report.cpu_seconds > 0
    assert report.peak_bytes > 1 << 20
    assert "none" not in report.guarantees.values()


def test_the_processor_time_of_cells_and_questions_is_counted(zygote):
    busy = "import time\ndef work(s):\n    e = time.process_time() + s\n" + (
        "    while time.process_time() < e: pass\n"
    )
    # The kernel counts whole hundredths of a second for each process, so a little more is worked.
    steps = [Cell("busy", busy + "work(0.33)"), Question("q", "work", (Call("one", (0.23,)),))]
    report = zygote.run(steps, LIMITS)
    assert outcomes(report) == ["OK", "OK"]
    assert report.cpu_seconds >= 0.5


def test_a_question_says_how_an_answer_is_used_and_what_is_measured(zygote):
    define = Cell(
        "define",
        "class Doubler:\n"
        "    def __init__(self, x): self.x = x\n"
        "    def twice(self): return [2 * item for item in self.x]\n",
    )
    use = "def use(answer, x, plus=0):\n    return np.array(answer(x).twice()) + plus"
    short, long = np.arange(3.0), np.arange(8.0)
    probes = (Call("probe", (short,)), Call("probe", (long,)), Call("probe", (short,)))
    calls = (Call("one", (long,), {"plus": 1}),)
    steps = [
        define,
        Question("q", "Doubler", calls, use=use, probes=probes),
        Question("unused", "Doubler", (Call("one", ((1, 2),)),)),
        Question("fails", "Doubler", calls, use=use, probes=(Call("probe", (3,)),) * 2),
    ]
    _, q, unused, fails = zygote.run(steps, LIMITS).results
    np.testing.assert_array_equal(value(q.answers[0]), 2 * long + 1)
    assert q.growth == (5, 0)
    assert value(unused.answers[0]) == Other("Doubler")
    assert unused.growth is None
    np.testing.assert_array_equal(value(fails.answers[0]), 2 * long + 1)
    assert fails.growth is None


CELLS = {
    "an exception is an output": ("1 / 0", "division by zero", "OK"),
    "so is a syntax error": ("def f(:", "invalid syntax", "OK"),
    "SystemExit is shown": ("import sys; sys.exit(3)", "3", "OK"),
    "input has nobody to ask": ("input()", "does not support input", "OK"),
    "top-level await": ("import asyncio\nawait asyncio.sleep(0)\n'slept'", "slept", "OK"),
    "magics": ("%matplotlib inline\n%time 1 + 1", "Wall time", "OK"),
    "a figure is shown at the end": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "image/png",
        "OK",
    ),
    "HTML": ("from IPython.display import HTML; HTML('<b>bold</b>')", "<b>bold</b>", "OK"),
    "warnings": ("import warnings; warnings.warn('careful')", "careful", "OK"),
    "command lines": ("!echo from the shell", "from the shell", "OK"),
    "files of one's own": (
        "open('a.txt', 'w').write('kept'); open('a.txt').read()",
        "kept",
        "OK",
    ),
    "temporary files": ("import tempfile; tempfile.TemporaryFile().write(b'x')", "1", "OK"),
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor as E\nlist(E(2).map(abs, [-7]))",
        "[7]",
        "OK",
    ),
    "processes": (
        "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p: "
        "print(p.map(abs, [-7]))",
        "[7]",
        "OK",
    ),
    "subprocesses": (
        "import subprocess; subprocess.run(['echo', 'sub'], capture_output=True).stdout",
        "sub",
        "OK",
    ),
    "it is the main program": ("__name__", "__main__", "OK"),
    "a huge allocation fails": ("bytearray(10**12)", "", "OK"),
    "a killed cell": ("import os; os._exit(0)", "", "CRASH"),
    "a segmentation fault": ("import ctypes; ctypes.string_at(0)", "", "CRASH"),
    "a signal to itself": ("import os; os.kill(os.getpid(), 9)", "", "CRASH"),
    "an abort": ("import os; os.abort()", "", "CRASH"),
    "an exec": ("import os, sys; os.execv(sys.executable, ['python', '-c', '1'])", "", "CRASH"),
}


@pytest.mark.parametrize("name", CELLS)
def test_one_cell(strong, name):
    source, shown, outcome = CELLS[name]
    report = strong.run([DEFINE, Cell("c", source), Question("q", "f", (Call("1", (1,)),))], LIMITS)
    assert outcomes(report) == ["OK", outcome, "OK"]
    assert shown in texts(report.results[1])
    assert value(report.results[2].answers[0]) == 2


HANGS = {
    "an endless loop": ("while True: pass", 0),
    "a sleep": ("import time; time.sleep(1000)", 0),
    "a slow repr": ("class R:\n  def __repr__(self):\n    while True: pass\nR()", 0),
    "a slow match": ("import re; re.match('(a+)+$', 'a' * 40 + 'b')", None),
    "a swallowed interrupt": (
        "import time\nwhile True:\n  try: time.sleep(1)\n  except KeyboardInterrupt: pass",
        1,
    ),
    "a handler of its own": (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        1,
    ),
    "a stopped process": ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", 1),
}


@pytest.mark.parametrize("name", HANGS)
def test_a_cell_that_hangs_costs_that_cell_alone(strong, name):
    source, restarts = HANGS[name]
    steps = [
        DEFINE,
        Cell("before", "print('kept'); n = 1"),
        Cell("hang", source),
        Cell("after", "n += 1; n"),
        Question("q", "f", (Call("1", (1,)),)),
    ]
    report = strong.run(steps, QUICK)
    assert outcomes(report) == ["OK", "OK", "TIMEOUT", "OK", "OK"]
    assert texts(report.results[1]) == "kept\n"
    assert "'2'" in texts(report.results[3])
    assert restarts is None or report.restarts == restarts


def test_the_walls_do_not_matter_for_a_swallowed_interrupt(zygote):
    source, restarts = HANGS["a swallowed interrupt"]
    report = zygote.run([Cell("a", source), Cell("b", "print(1)")], QUICK)
    assert outcomes(report) == ["TIMEOUT", "OK"]
    assert report.restarts == restarts


QUESTIONS = {
    "hangs": ("while True: pass", "TIMEOUT", 0),
    "swallows everything": (
        "while True:\n      try: np.random.rand(9)\n      except BaseException: pass",
        "TIMEOUT",
        0,
    ),
    "dies": ("import os; os._exit(0)", "CRASH", 0),
    "crashes": ("import ctypes; ctypes.string_at(0)", "CRASH", 0),
    "takes all memory at once": ("return bytearray(10**12)", "MEMORY", 0),
    "raises MemoryError": ("raise MemoryError", "MEMORY", 0),
    "answers too much": ("return np.zeros(10**7)", "OUTPUT", 0),
    "answers too much without having it": (
        "return np.broadcast_to(1., (10**6, 10**6))",
        "OUTPUT",
        0,
    ),
    # The first time an earlier question could be to blame.
    "kills its parent": ("import os, time; os.kill(os.getppid(), 9); time.sleep(9)", "CRASH", 2),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_bad_question_costs_that_question_alone(strong, name):
    body, outcome, restarts = QUESTIONS[name]
    cell = Cell("bad", f"def bad(x):\n  if x == 2:\n    {body}\n  return x")
    calls = tuple(Call(str(n), (n,)) for n in range(4))
    steps = [
        DEFINE,
        cell,
        Question("before", "f", calls),
        Question("bad", "bad", calls),
        Question("after", "f", calls),
    ]
    report = strong.run(steps, replace(QUICK, answer_bytes=1 << 20))
    assert outcomes(report) == ["OK", "OK", "OK", outcome, "OK"]
    before, bad, after = report.results[2:]
    assert [value(a) for a in bad.answers] == [0, 1]
    assert [value(a) for a in before.answers] == [value(a) for a in after.answers] == [0, 2, 4, 6]
    assert report.restarts == restarts


RAISES = {
    "ValueError": ("raise ValueError(f'got {x} \\x1b[31m' + 999 * 'n' + '\\nmore')", 3),
    "SystemExit": ("raise SystemExit", 3),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", 3),
    "EOFError": ("return input()", 3),
    "KeyError": ("class Mine(KeyError): pass\n  raise Mine(x)", 4),
    "RecursionError": ("return f(x)", 3),
    "ZeroDivisionError": ("return np.array([1 / (x - x)])", 3),
    "TypeError": ("class Bad(TypeError):\n    def __str__(self): raise TypeError\n  raise Bad", 5),
}
SAYS = {
    "ValueError": tuple(f"got {x} \\x1b[31m{289 * 'n'}" for x in (1, 2)),
    "SystemExit": ("", ""),
    "KeyError": ("1", "2"),
    "ZeroDivisionError": ("division by zero", "division by zero"),
    "TypeError": ("", ""),
}


@pytest.mark.parametrize("name", RAISES)
def test_an_exception_is_an_answer_with_the_first_line_of_what_it_says(strong, name):
    body, line = RAISES[name]
    cell = Cell("define", f"import numpy as np\ndef f(x):\n  {body}")
    report = strong.run([cell, Question("q", "f", (Call("1", (1,)), Call("2", (2,))))], LIMITS)
    (first, second) = report.results[1].answers
    assert (first.raised, first.line, first.value) == (name, line, None)
    assert second.raised == name
    assert name not in SAYS or (first.message, second.message) == SAYS[name]


@pytest.mark.parametrize("leave", ["exit()", "quit()", "import sys; sys.exit(3)"])
def test_a_cell_that_leaves_ends_nothing(strong, leave):
    steps = [DEFINE, Cell("leave", leave), Question("q", "f", (Call("1", (1,)),))]
    report = strong.run(steps, LIMITS)
    assert outcomes(report) == ["OK"] * 3
    assert report.restarts == 0
    assert report.results[1].error in ("", "SystemExit")
    assert value(report.results[2].answers[0]) == 2


def test_no_path_of_the_grader_stands_in_the_arguments(strong):
    report = strong.run([Cell("show", "import sys; print(sys.argv)")], LIMITS)
    assert texts(report.results[0]) == "['']\n"


def test_hidden_inputs_never_reach_an_output(zygote):
    secret = "the hidden input"
    spy = """
import os, sys, threading, IPython.display
def f(x):
    print(x); sys.stdout.write(x); sys.__stdout__ and sys.__stdout__.write(x)
    os.write(1, x.encode()); os.write(2, x.encode())
    IPython.display.display(x); get_ipython().recorder.write("stdout", x)
    globals()["seen"] = x
    try: open("seen.txt", "w").write(x)
    except OSError: pass
    return len(x)
"""
    look = """
import time; time.sleep(0.05)
print(globals().get("seen"), __import__("os").listdir())
"""
    steps = [
        Cell("spy", spy),
        Question("q", "f", (Call("1", (secret,)),)),
        Cell("look", look),
        Cell(
            "die", "import os\ndef g(x): [os.kill(pid, 9) for pid in (os.getppid(), os.getpid())]"
        ),
        Question("r", "g", (Call("1", (secret,)),)),
        Question("s", "f", (Call("1", (secret,)),)),
    ]
    report = zygote.run(steps, LIMITS)
    assert value(report.results[1].answers[0]) == len(secret)
    assert value(report.results[5].answers[0]) == len(secret)
    assert report.restarts == 2
    assert secret not in repr(report)


def test_each_call_gets_a_fresh_copy_of_its_inputs(strong):
    source = "def f(x, y=None):\n  x[:] = -1\n  y.append(1)\n  return len(y), x.sum()"
    x = np.ones(3)
    calls = tuple(Call(str(n), (x,), {"y": [1, 2]}) for n in range(2))
    report = strong.run([Cell("c", source), Question("q", "f", calls)], LIMITS)
    assert [value(a) for a in report.results[1].answers] == [(3, -3.0), (3, -3.0)]
    assert x.sum() == 3


def test_random_numbers_repeat_from_run_to_run(strong):
    source = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    runs = [texts(strong.run([Cell("c", source)], LIMITS).results[0]) for _ in range(2)]
    assert runs[0] == runs[1]


def test_floods_are_cut_and_later_cells_still_speak(strong):
    steps = [
        Cell("print", "for _ in range(10**5): print('x' * 1000)"),
        Cell("display", "for _ in range(2000): display('x' * 100)"),
        Cell("result", "'x' * 10**6"),
        Cell("many", "import sys\nfor _ in range(3 * 10**5): sys.stdout.write('x')"),
        Cell("quiet", "print('still heard')"),
    ]
    limits = replace(LIMITS, output_bytes=200_000, cell_seconds=2.0)
    report = strong.run(steps, limits)
    assert outcomes(report) == ["OUTPUT", "OUTPUT", "OUTPUT", "OUTPUT", "OK"]
    assert all("cut" in texts(result) for result in report.results[:-1])
    assert texts(report.results[-1]) == "still heard\n"
    assert sum(len(texts(result)) for result in report.results) < limits.output_bytes


def test_what_programs_write_is_shown_and_bounded(zygote):
    """It reaches descriptors 1 and 2, not Python's streams."""
    steps = [
        Cell("both", "import os; os.system('echo out; echo err >&2'); os.write(1, b'low\\n')"),
        Cell("nothing", "1"),
        Cell("flood", "os.system('head -c 3000000 /dev/zero | tr \\\\0 x'); 1"),
        Cell("closed", "os.close(1); os.system('echo gone')"),
        Cell("quiet", "print('still heard'); os.write(2, b'\\xff')"),
    ]
    report = zygote.run(steps, replace(LIMITS, output_bytes=100_000))
    assert outcomes(report) == ["OK", "OK", "OUTPUT", "OK", "OK"]
    both, nothing, flood, closed, quiet = report.results
    assert [(o.get("name"), o.get("text")) for o in both.outputs[-2:]] == [
        ("stdout", "out\nlow\n"),
        ("stderr", "err\n"),
    ]
    assert texts(nothing) == "{'text/plain': '1'}"
    assert "cut" in texts(flood)
    assert len(texts(flood)) < 100_000
    assert "gone" not in texts(closed)
    assert "still heard" in texts(quiet)
    assert texts(quiet).endswith("\N{REPLACEMENT CHARACTER}")


def test_an_error_after_a_flood_is_still_shown(strong):
    steps = [Cell("c", "for _ in range(1000): print('x' * 1000)\nraise ValueError('at the end')")]
    result = strong.run(steps, replace(LIMITS, output_bytes=100_000)).results[0]
    assert result.outcome is Outcome.OUTPUT
    assert "at the end" in texts(result)


MEMORY = {
    "in many processes": """
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(b"x" * (40 << 20))
        time.sleep(30)
        os._exit(0)
time.sleep(30)
""",
    "shared between processes": """
import mmap, os, time
for _ in range(4):
    if os.fork() == 0:
        block = mmap.mmap(-1, 80 << 20)
        block.write(b"x" * (80 << 20))
        time.sleep(30)
        os._exit(0)
time.sleep(30)
""",
}


@pytest.mark.parametrize("name", MEMORY)
def test_memory_is_counted_over_all_processes(zygote, name):
    limits = replace(LIMITS, memory_bytes=200 << 20, cell_seconds=20.0)
    steps = [DEFINE, Cell("greedy", MEMORY[name]), Question("q", "f", (Call("1", (1,)),))]
    report = zygote.run(steps, limits)
    assert outcomes(report) == ["OK", "MEMORY", "OK"]


def test_memory_that_is_shared_with_the_snapshots_counts_once(strong):
    steps = [Cell("big", "import numpy as np\na = np.ones(10**7)\ndef f(x): return a[0]")]
    steps += [Question(f"q{n}", "f", (Call("1", (1,)),)) for n in range(6)]
    report = strong.run(steps, replace(LIMITS, memory_bytes=300 << 20))
    assert set(outcomes(report)) == {"OK"}


def test_a_fork_bomb_is_bounded(zygote):
    bomb = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"
    steps = [DEFINE, Cell("bomb", bomb), Question("q", "f", (Call("1", (1,)),))]
    # Twenty processes that spin are beside the question, so it gets the usual time.
    report = zygote.run(steps, replace(LIMITS, cell_seconds=0.4, processes=20))
    assert outcomes(report) == ["OK", "TIMEOUT", "OK"]


def test_processes_that_a_cell_leaves_behind_take_no_place_from_a_snapshot(zygote):
    fill = """
import os, signal, time
left = []
while True:
    try: pid = os.fork()
    except OSError: break
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    left.append(pid)
"""
    # It changes what it closes over, so it needs a snapshot at its place.
    counter = "n = [0]\ndef g(x):\n    n[0] += 1\n    return x + n[0]"
    count = Cell("count", "print(len(left) >= 20)")
    steps = [
        DEFINE,
        Cell("g", counter),
        Cell("fill", fill),
        Question("here", "g", (Call("1", (1,)),)),
    ]
    steps += [count, Question("q", "f", (Call("1", (1,)),))]
    report = zygote.run(steps, replace(LIMITS, processes=20))
    assert outcomes(report) == ["OK", "OK", "OK", "OK", "OK", "OK"]
    assert texts(report.results[4]) == "True\n"


def test_a_process_that_falls_through_does_not_answer_for_the_room(strong):
    steps = [Cell("fork", "import os\npid = os.fork()"), Cell("b", "print(pid > 0)")]
    report = strong.run(steps, LIMITS)
    assert outcomes(report) == ["OK", "OK"]
    assert texts(report.results[1]) == "True\n"


def test_files_are_bounded(zygote):
    fill = """
import os, tempfile, time
for n in range(10**5):
    try: open(f"{n}", "wb").write(b"x" * 10**6)
    except OSError: break
time.sleep(1)
"""
    report = zygote.run([Cell("fill", fill), Cell("b", "1")], replace(LIMITS, file_bytes=8 << 20))
    assert outcomes(report)[0] in ("OK", "OUTPUT")
    assert outcomes(report)[1] == "OK"


def test_many_empty_files_are_bounded(zygote):
    fill = """
made = 0
try:
    for n in range(10**6): open(f"{n}", "w").close(); made += 1
except OSError:
    pass
print(made < 10**4)
"""
    report = zygote.run([Cell("fill", fill)], LIMITS)
    result = report.results[0]
    assert result.outcome is Outcome.OUTPUT or texts(result) == "True\n"


def test_the_time_of_a_submission_is_bounded(strong):
    steps = [DEFINE, *(Cell(f"c{n}", "import time; time.sleep(0.5)") for n in range(5))]
    steps.append(Question("q", "f", (Call("1", (1,)),)))
    report = strong.run(steps, replace(LIMITS, submission_seconds=1.2))
    assert outcomes(report)[:2] == ["OK", "OK"]
    assert outcomes(report)[-3:] == ["TIMEOUT"] * 3


WATCHED = ("numpy.convolve", "scipy.signal.*", "math.hypot", "convkit.*")
REACH = {
    "np.convolve(x, x)": {"numpy.convolve"},
    "alias(x, x)": {"numpy.convolve"},
    "getattr(np, 'con' + 'volve')(x, x)": {"numpy.convolve"},
    "list(map(lambda a: functools.partial(np.convolve, a)(x), [x]))": {"numpy.convolve"},
    "importlib.import_module('scipy.' + 'signal').convolve(x, x)": {"scipy.signal.convolve"},
    "hypot(3, 4)": {"math.hypot"},
    "in_a_thread(np.convolve, x, x)": {"numpy.convolve"},
    "copy(x, x)": {"numpy.convolve"},
    "np.sum(x * x[::-1])": set(),
    "np.pad(x, 1)": set(),
    "[np.convolve, scipy.signal.convolve] and x": set(),
}


@pytest.mark.parametrize("expression", REACH)
def test_watched_calls_are_noticed_under_any_name(strong, expression):
    cell = f"""
import functools, importlib, threading, types, scipy.signal, numpy as np
from math import hypot
alias = np.convolve
plain = np.convolve.__wrapped__
copy = types.FunctionType(
    plain.__code__.replace(co_stacksize=99), plain.__globals__, argdefs=plain.__defaults__
)
def in_a_thread(f, *args):
    t = threading.Thread(target=f, args=args); t.start(); t.join()
def f(x):
    {expression}
    return 1
np.convolve = lambda *a: None if a is None else alias(*a)
"""
    steps = [Cell("c", cell), Question("q", "f", (Call("1", (np.ones(3),)),), WATCHED)]
    result = strong.run(steps, LIMITS).results[1]
    assert [a.raised for a in result.answers] == [None]
    named = {name for name in result.reached if not name.startswith("scipy.signal._")}
    assert named >= REACH[expression]
    assert bool(named) == bool(REACH[expression])


@pytest.mark.skipif(not importlib.util.find_spec("convkit"), reason="needs convkit")
def test_convkit_can_be_imported_and_the_autograder_cannot(zygote):
    source = """
import convkit, importlib
for name in ("exercises.convolution", "autograder.judging.judge", "autograder.core.course"):
    try: importlib.import_module(name); print("got", name)
    except (ImportError, OSError): pass
"""
    assert texts(zygote.run([Cell("c", source)], LIMITS).results[0]) == ""


def test_nothing_of_the_grader_is_in_the_environment(zygote, monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "rosebud")
    source = """
import gc, os, sys
print(dict(os.environ), sys.argv)
try: print(open("/proc/self/environ").read())
except OSError: pass
for pid in ("self", 1):
    try: print(os.listdir(f"/proc/{pid}/fd"))
    except OSError: pass
"""
    shown = texts(zygote.run([Cell("c", source)], LIMITS).results[0])
    assert "HOME" in shown
    assert "rosebud" not in shown


def test_runs_leave_nothing_for_each_other(zygote):
    leave = """
import builtins, os, tempfile, numpy
open("left", "w").write("x"); open(tempfile.gettempdir() + "/left", "w").write("x")
builtins.left = numpy.left = 1
os.environ["LEFT"] = "1"
"""
    look = """
import builtins, os, tempfile, numpy
print(os.listdir(), os.listdir(tempfile.gettempdir()), hasattr(builtins, "left"))
print(hasattr(numpy, "left"), "LEFT" in os.environ)
"""
    before = texts(zygote.run([Cell("look", look)], LIMITS).results[0])
    assert before.split()[-3:] == ["False"] * 3
    zygote.run([Cell("leave", leave)], LIMITS)
    assert texts(zygote.run([Cell("look", look)], LIMITS).results[0]) == before


def test_bad_requests_are_refused_by_name(strong):
    with pytest.raises(ValueError, match="two cells have the same id"):
        strong.run([DEFINE, DEFINE], LIMITS)
    strange = Question("q", "f", (Call("the call", (object(),)),))
    with pytest.raises(ValueError, match=r"'the call'.*object"):
        strong.run([DEFINE, strange], LIMITS)
    with pytest.raises(ValueError, match="cell_seconds must be positive"):
        strong.run([DEFINE], replace(LIMITS, cell_seconds=0))
    assert outcomes(strong.run([DEFINE], LIMITS)) == ["OK"]


def test_zygotes_work_side_by_side(zygotes):
    results = {}

    def work(n, zygote):
        cell = Cell("c", f"def f(x): return {n} * x")
        steps = [cell, Question("q", "f", (Call("1", (10,)),))]
        results[n] = [value(zygote.run(steps, LIMITS).results[1].answers[0]) for _ in range(4)]

    names = ["root, namespaces", "root, landlock"] if os.geteuid() == 0 else ["user, namespaces"]
    threads = [
        threading.Thread(target=work, args=(n, zygotes(name))) for n, name in enumerate(names)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: [10 * n] * 4 for n in range(len(names))}
