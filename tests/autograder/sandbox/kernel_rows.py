"""Small notebooks that a kernel and a room are both given, and where they differ, why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A small notebook.

    Attributes
    ----------
    what : str
        What it tries.
    cells : tuple of str
        Its cells. All rows are run one after the other in the same process.
    why : str
        Why a room does otherwise than a kernel; "" where it must not.
    kernel, room : str
        What each does then, in words.
    shows : str
        A part of what the last cell shows in the room.
    for_the_room_alone : bool
        Whether no kernel is given it, since that would end.
    """

    what: str
    cells: tuple[str, ...]
    why: str = ""
    kernel: str = ""
    room: str = ""
    shows: str = ""
    for_the_room_alone: bool = False


def same(what: str, *cells: str) -> Row:
    """A row in which a room does what a kernel does."""
    return Row(what, cells)


_ONE_LOOKS = "nobody looks on while a notebook is graded"
_NOBODY = "nobody is there to answer, and the rest of the cell counts"
_NO_NETWORK = "a room has no network"

FILES = (
    same(
        "`%%writefile`, then an import",
        "%%writefile written.py\ndef f(x): return x + 1",
        "from written import f\nf(1)",
    ),
    same(
        "a missing module is written a moment later",
        "try:\n    import late\nexcept ImportError:\n    print('not yet')",
        "%%writefile late.py\nk = 1",
        "import late\nlate.k",
    ),
    same(
        "a module is written again within the same second, and reloaded",
        "%%writefile again.py\nk = 1",
        "import again, importlib\nagain.k",
        "%%writefile again.py\nk = 20",
        "importlib.reload(again).k",
    ),
    Row(
        "the same, with as many bytes as before",
        (
            "%%writefile twice.py\nk = 10",
            "import importlib, twice",
            "%%writefile twice.py\nk = 30",
            "importlib.reload(twice).k",
        ),
        why="a room writes no compiled files, which are told apart by second and size",
        kernel="the old module, within a second",
        room="the new one",
        shows="30",
        for_the_room_alone=True,
    ),
    same("`%load_ext autoreload`, `%autoreload 2`", "%load_ext autoreload\n%autoreload 2\n4"),
    same(
        "`%run`",
        "%%writefile script.py\nimport sys\nran = 7\nprint(__name__, sys.argv)",
        "%run script.py a b\nran",
    ),
    same(
        "`%load`, `%%file`", "%%file notes.txt\none", "%load notes.txt", "open('notes.txt').read()"
    ),
    same("`%cd`, `%ls`, `%mkdir`", "%mkdir sub", "%cd -q sub", "!touch within", "%ls", "%cd -q .."),
    same("`%save`, `%history`", "%save -f saved.py 1", "len(open('saved.py').read()) > 9"),
    same(
        "files, folders and links",
        "import os, pathlib, shutil\npath = pathlib.Path('d'); path.mkdir()\n"
        "(path / 'x').write_text('1'); shutil.copy('d/x', 'd/y'); shutil.copytree('d', 'e')\n"
        "os.symlink('x', 'd/l'); sorted(os.listdir('d'))",
    ),
    same(
        "databases in files",
        "import sqlite3\nsqlite3.connect('a.db').execute('create table t(x)')\n1",
    ),
    Row(
        "a `numpy.py` beside the notebook",
        ("%%writefile numpy.py\nraise ValueError('shadows')", "import numpy\nnumpy.arange(3)"),
        why="what is loaded before the notebook cannot be replaced by it",
        kernel="it is imported in numpy's place, if it is there first",
        room="numpy",
        shows="array([0, 1, 2])",
        for_the_room_alone=True,
    ),
    Row(
        "locks on files (`fcntl.flock`)",
        ("import fcntl\nfcntl.flock(open('notes.txt'), fcntl.LOCK_EX)\n1",),
        why="locks could be seen by other rooms",
        kernel="works",
        room="`PermissionError`",
        shows="Operation not permitted",
    ),
)

MAGICS = (
    same("`%time`, `%%time` with an assignment", "%%time\nzz = 3", "zz", "%time yy = 4", "yy"),
    same("`%timeit`, `%%timeit`", "%timeit -n1 -r1 1", "%%timeit -n1 -r1\npass"),
    same("`%%capture`", "%%capture cap\nprint(3); display(4)", "cap.stdout, len(cap.outputs)"),
    same("`%%bash`, `%%sh`", "%%bash\necho out\necho err >&2", "%%sh\nexit 3"),
    same("`%%python`", "%%python\nprint(3)"),
    same(
        "`%%html`, `%%latex`, `%%markdown`", "%%html\n<b>x</b>", "%%latex\n$x$", "%%markdown\n*x*"
    ),
    same("`%%svg`", "%%svg\n<svg xmlns='http://www.w3.org/2000/svg'/>"),
    same("`%env`", "%env NAME=value", "%env NAME", "!echo $NAME"),
    same("`!command`, `x = !command`", "!echo a; echo b >&2", "x = !echo a; echo b", "x"),
    same("`!command` fails", "!exit 3", "_exit_code"),
    same("`!command &`", "!sleep 9 &"),
    same("`%who`", "%who int"),
    same(
        "`%precision`, `%xmode`",
        "%precision 3\n3.14159",
        "%precision\n%xmode Minimal",
        "%xmode Context",
    ),
    same(
        "`%config`",
        "%config InlineBackend.figure_format = 'retina'\n%config IPCompleter.use_jedi = False",
    ),
    same(
        "`%prun -q`, `%alias_magic`, `%macro`",
        "%prun -q 1",
        "%alias_magic t timeit",
        "%macro -q m 1",
    ),
    same(
        "`obj?`, `obj??`: the pager is no output",
        "def f(x): return x",
        "f?",
        "f??",
        "?f",
        "%pinfo f",
    ),
    Row(
        "`%matplotlib notebook`, `widget`, `qt`",
        ("%matplotlib widget\n1",),
        why=_ONE_LOOKS,
        kernel="figures that move, or an error where a package is missing",
        room="figures inline, with a remark",
        shows="figures are shown inline",
    ),
    same("`%matplotlib inline`", "%matplotlib inline"),
    Row(
        "`%pip install`, `%conda install`",
        ("%pip install a-package-that-there-is-not\n1",),
        why=_NO_NETWORK,
        kernel="installs, or says why it cannot",
        room="does nothing, with a remark, at once",
        shows="%pip does nothing",
        for_the_room_alone=True,
    ),
    Row(
        "`!pip install`",
        ("!pip install a-package-that-there-is-not | tail -1",),
        why=_NO_NETWORK,
        kernel="installs, or says why it cannot",
        room="says that there is no such package, at once",
        shows="No matching distribution",
        for_the_room_alone=True,
    ),
    Row(
        "`%load_ext` of what is not installed",
        ("%load_ext not_installed\n1",),
        why="the student's machine may have it, and the rest of the cell counts",
        kernel="`ModuleNotFoundError`",
        room="a remark, and the cell goes on",
        shows="the extension not_installed is not there",
    ),
    Row(
        "a line magic that is not there",
        ("%not_there 3\n1",),
        why="the student's machine may have it, and the rest of the cell counts",
        kernel="`UsageError`",
        room="a remark, and the cell goes on",
        shows="%not_there is not there",
    ),
    Row(
        "magics that talk to the browser (`%autosave`, `%connect_info`, `%man`)",
        ("%autosave 0\n1",),
        why=_ONE_LOOKS,
        kernel="they do",
        room="a remark, and the cell goes on",
        shows="%autosave is not there",
    ),
    same("a cell magic that is not there", "%%not_there\n1"),
)

ASYNC = (
    same("`await` at the top", "import asyncio\nawait asyncio.sleep(0)\n5"),
    same(
        "`create_task` in one cell, awaited in the next",
        "async def work():\n    await asyncio.sleep(0.01)\n    return 7\n"
        "task = asyncio.create_task(work())",
        "await task",
    ),
    same(
        "a task goes on between cells",
        "task = asyncio.create_task(work())",
        "import time; time.sleep(0.05)",
        "task.done()",
    ),
    same("a loop runs in every cell", "asyncio.get_running_loop() is asyncio.get_event_loop()"),
    same("`asyncio.run` in a cell", "asyncio.run(asyncio.sleep(0))"),
    same(
        "`run_until_complete` in a cell",
        "asyncio.get_event_loop().run_until_complete(asyncio.sleep(0))",
    ),
    same(
        "asynchronous generators, comprehensions, `async with`",
        "async def gen():\n    for i in range(3): yield i\n[i async for i in gen()]",
        "async with asyncio.timeout(9): print(await work())",
        "async with asyncio.TaskGroup() as group: a = group.create_task(work())\na.result()",
    ),
    same("`asyncio.to_thread`", "await asyncio.to_thread(abs, -3)"),
    same(
        "a program that is awaited",
        "p = await asyncio.create_subprocess_exec('echo', 'x', stdout=-1)\nawait p.communicate()",
    ),
    same("`%autoawait`", "%autoawait"),
    same("an error in what is awaited", "async def fails(): 1 / 0\nawait fails()"),
    same("a coroutine that nobody awaits", "type(work()).__name__"),
    same("`nest_asyncio`, which is not installed", "import nest_asyncio"),
    Row(
        "a task of an earlier cell prints",
        (
            "async def talk(): await asyncio.sleep(0.01); print('said')\n"
            "task = asyncio.create_task(talk())",
            "await task; await asyncio.sleep(0)",
        ),
        why="a room shows under each cell what came while it ran",
        kernel="shown under the cell that made the task",
        room="shown under the cell that awaits",
        shows="said",
    ),
)

WORKERS = (
    same(
        "thread pools",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n"
        "list(pool.map(abs, [-1, -2]))",
    ),
    same(
        "pools of processes, for functions of the notebook",
        "import multiprocessing\nfrom concurrent.futures import ProcessPoolExecutor\n"
        "def square(x): return x * x\nfork = multiprocessing.get_context('fork')",
        "with fork.Pool(2) as p: r = p.map(square, [1, 2, 3])\nr",
        "with ProcessPoolExecutor(2, mp_context=fork) as p: r = list(p.map(square, [1, 2]))\nr",
    ),
    same(
        "a thread prints, a thread fails",
        "import threading\ndef tell(): print('within')\n"
        "t = threading.Thread(target=tell); t.start(); t.join()",
        "t = threading.Thread(target=lambda: 1 / 0, name='T'); t.start(); t.join()",
    ),
    same(
        "programs that are run",
        "import subprocess, sys, time\nsubprocess.run(['echo', 'ran']); time.sleep(0.2)",
        "subprocess.check_output('echo x', shell=True, text=True)",
        "os.system('echo low'); time.sleep(0.2)",
    ),
    Row(
        "a program that is given `sys.stdout`",
        ("subprocess.run(['echo', 'ran'], stdout=sys.stdout).returncode",),
        why="there is no terminal behind a room, only the notebook",
        kernel="prints where the server of the notebook was started",
        room="prints in the notebook",
        shows="ran",
    ),
    same(
        "alarms",
        "import signal, time\nsignal.signal(signal.SIGALRM, lambda *a: print('rang'))\n"
        "signal.setitimer(signal.ITIMER_REAL, .01); time.sleep(.05)",
    ),
    Row(
        "`multiprocessing.Manager`",
        ("m = fork.Manager()\nm.list([1]) is None",),
        why="it listens on a socket, and a room has none",
        kernel="works",
        room="`EOFError`",
        shows="EOFError",
    ),
    Row(
        "`socket.socket()`, `urllib`, `requests`",
        ("import socket\nsocket.socket()\n1",),
        why=_NO_NETWORK,
        kernel="works",
        room="`PermissionError`, or no such host",
        shows="Permission denied",
    ),
)

PERSON = (
    same("`input()`, `getpass()`", "input('name? ')", "import getpass\ngetpass.getpass()"),
    same("`sys.stdin`", "import sys\nsys.stdin.readline()"),
    same("`breakpoint()`", "breakpoint()\n1"),
    Row(
        "`%debug`, `%pdb on`",
        ("1 / 0", "%debug\n1"),
        why=_NOBODY,
        kernel="asks what to do: `StdinNotImplementedError`",
        room="does nothing, with a remark",
        shows="%debug does nothing",
    ),
    Row(
        "`exit()`, `quit()`",
        ("exit()\n'on'",),
        why="the cells after it count",
        kernel="ends the kernel",
        room="does nothing, with a remark",
        shows="exit() does nothing",
        for_the_room_alone=True,
    ),
    same(
        "`sys.exit()`, `raise SystemExit`", "sys.exit()", "sys.exit('why')", "raise SystemExit(3)"
    ),
    same("`raise KeyboardInterrupt`", "raise KeyboardInterrupt"),
    Row(
        "`ipywidgets`",
        ("from ipywidgets import interact\n@interact(x=(0, 3))\ndef show(x=1): print(x)",),
        why=_ONE_LOOKS,
        kernel="a widget; what the function prints is within it",
        room="a text for the widget; what the function prints is shown",
        shows="1",
    ),
)

SHOWN = (
    same(
        "`plt.show()` in the middle of a cell",
        "import matplotlib.pyplot as plt\nplt.plot([1]); plt.show(); print('after')",
    ),
    same("a figure at the end of a cell, `plt.ion()`", "plt.ion()\nplt.plot([1]);"),
    same("the name of the backend", "import matplotlib\nmatplotlib.get_backend()"),
    same(
        "animations",
        "from matplotlib.animation import FuncAnimation\nfig, ax = plt.subplots()\n"
        "a = FuncAnimation(fig, lambda i: ax.plot([i]), frames=2)\n"
        "s = a.to_jshtml(); plt.close(); len(s) > 1000",
    ),
    same(
        "`clear_output`",
        "from IPython.display import clear_output\ndisplay(1); clear_output(); display(2)",
    ),
    same(
        "`tqdm`",
        "try:\n    from tqdm import tqdm\nexcept ImportError:\n    tqdm = list\nlist(tqdm([1]))",
    ),
    same("a display that is changed later", "h = display('x', display_id=True)\nh.update('y')"),
    same("a carriage return", "for k in range(3): print(f'\\r{k}', end='', flush=True)"),
    same(
        "`warnings`",
        "import warnings\nwarnings.warn('careful')",
        "warnings.warn('old', DeprecationWarning)",
    ),
    same(
        "`logging`, with a handler that keeps `sys.stderr`",
        "import logging\nlog = logging.getLogger('x')\n"
        "log.addHandler(logging.StreamHandler(sys.stderr)); log.propagate = False\n"
        "log.warning('one')",
        "log.warning('two')",
        "logging.basicConfig(level=logging.INFO); logging.info('hello')",
    ),
    same(
        "`sys.stdout`",
        "type(sys.stdout.fileno()).__name__, sys.stdout.isatty()",
        "hasattr(sys.stdout, 'buffer')",
        "print('x', file=sys.stderr)",
    ),
    same("`os.write(1, ...)`", "os.write(1, b'low\\n'); time.sleep(0.2)"),
    same("`help`", "help(abs)"),
    same(
        "errors, asserts, warnings of the compiler",
        "1 / 0",
        "assert False, 'no'",
        "def f(:",
        "x = 1 is 1",
    ),
)

PYTHON = (
    same("`_`, `__`, `Out`", "41", "_ + 1", "_, __, Out[max(Out)]"),
    same("`In`, `_i`, `_ih`, `_dh`", "_i, In[-2], _ih[-2]", "_oh is Out, _dh[0] == os.getcwd()"),
    same("`get_ipython()`", "type(get_ipython()).__name__, get_ipython().execution_count > 3"),
    same("`__name__`, no `__file__`", "__name__, '__file__' in globals()", "__file__"),
    same(
        "`pickle` of a class of the notebook",
        "import dataclasses, pickle\n@dataclasses.dataclass\nclass D:\n    x: int = 1\n"
        "pickle.loads(pickle.dumps(D(2)))",
    ),
    same(
        "`inspect.getsource`",
        "import inspect\ndef g(x):\n    return x  # said",
        "print(inspect.getsource(g))",
    ),
    same(
        "`from __future__ import annotations`, for later cells too",
        "from __future__ import annotations\nimport typing\n"
        "def g(x: int) -> D: ...\ntyping.get_type_hints(g)",
        "def h(x: Undefined): ...\nh.__annotations__",
    ),
    same(
        "`doctest`",
        "def d(x):\n    '''\n    >>> d(1)\n    2\n    '''\n    return x + 1\nimport doctest",
        "doctest.testmod()",
        "doctest.run_docstring_examples(d, globals())",
    ),
    same(
        "`unittest`",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(1, 1)\n"
        "done = unittest.main(argv=[''], exit=False)",
    ),
    same(
        "`gc`, `weakref`",
        "import gc, weakref\nclass A: ...\na = A(); w = weakref.ref(a); del a\n"
        "gc.collect(); w() is None",
    ),
    same("`sys.setrecursionlimit`", "sys.setrecursionlimit(5000); sys.getrecursionlimit()"),
    same("`os.environ`", "os.environ['LETTER'] = 'b'", "!echo $LETTER"),
    same(
        "random numbers with a seed",
        "import numpy as np, random\nnp.random.seed(1); random.seed(1)\n"
        "random.random(), float(np.random.rand())",
    ),
    same("encodings", "import locale\nlocale.getpreferredencoding(), sys.getfilesystemencoding()"),
)

GROUPS = {
    "Files and imports": FILES,
    "Magics and command lines": MAGICS,
    "`asyncio`": ASYNC,
    "Threads, processes, sockets": WORKERS,
    "A person at the keyboard": PERSON,
    "What is printed and shown": SHOWN,
    "Python and IPython": PYTHON,
}
ROWS = tuple(row for rows in GROUPS.values() for row in rows)
