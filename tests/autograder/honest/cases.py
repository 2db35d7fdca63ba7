"""Honest submissions of 02_convolution: one for each way in which they can look odd."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.core.outcome import Outcome
from autograder.sample.answers import with_code
from tests.autograder.honest.editors import HABITS, mangled

ASSIGNMENT = "02_convolution"
TARGET = "convolve1d"
FILE = f"{ASSIGNMENT}.ipynb"

Notebook = nbformat.NotebookNode
HandIn = Callable[[Path, Notebook], None]
Change = Callable[[Notebook], Notebook | bytes | None]


@dataclass(frozen=True)
class Member:
    """Somebody who has handed in.

    Attributes
    ----------
    row : str
        Which kind of odd it is.
    lost : tuple of str
        Exercises without points.
    remark : str
        What the report says, as a regular expression.
    found_by_nbgrader : bool
        Whether nbgrader's own command looks where the file is.
    """

    row: str
    name: str
    hand_in: HandIn
    outcome: Outcome = Outcome.OK
    lost: tuple[str, ...] = ()
    remark: str = ""
    found_by_nbgrader: bool = True

    @property
    def student(self) -> str:
        return f"{self.row.lower()}-{self.name}"


def changed(change: Change, path: str = FILE) -> HandIn:
    """Hand in the right notebook, changed, at a path below the assignment's folder."""

    def hand_in(folder: Path, right: Notebook) -> None:
        result = change(right)
        content = result if isinstance(result, bytes) else nbformat.writes(result or right).encode()
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)

    return hand_in


def cells(*sources: str, before: str = TARGET) -> HandIn:
    """With cells of one's own before another."""

    def change(notebook: Notebook) -> None:
        place = [cell.id for cell in notebook.cells].index(before)
        notebook.cells[place:place] = [new_code_cell(source) for source in sources]

    return changed(change)


def answer(source: str, *first: str, target: str = TARGET, last: str = "") -> HandIn:
    """With this for an answer, cells of one's own before it, and one at the end."""

    def change(notebook: Notebook) -> Notebook:
        notebook = with_code(notebook, target, source)
        place = [cell.id for cell in notebook.cells].index(target)
        notebook.cells[place:place] = [new_code_cell(each) for each in first]
        if last:
            notebook.cells.append(new_code_cell(last))
        return notebook

    return changed(change)


RIGHT = """\
def convolve1d(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i, value in enumerate(x):
        y[i : i + len(w)] += value * np.asarray(w)
    return y
"""
IN_WORDS = '    """Not np.convolve(x, w)."""\n    # np.convolve\n'
STUB = "def convolve1d(x, w):\n    raise NotImplementedError\n"


def _used(expression: str) -> str:
    """The right answer, which multiplies by something that is 1."""
    return RIGHT.replace("return y", f"return y * {expression}")


def _scratch(body: str) -> str:
    return "def compare(x, w):\n" + "\n".join(f"    {line}" for line in body.splitlines())


PICTURES = (
    'class P:\n    def _repr_png_(self):\n        return b"1"\nP()',
    "from PIL import Image\nImage.new('RGB', (8, 6), 'teal')",
    "from IPython.display import display\n"
    "display({'text/plain': 'x', 'application/json': {'a': float('nan')}}, raw=True)",
    "import datetime\nfrom IPython.display import display\n"
    "display({'text/plain': 'x', 'application/json': datetime.datetime.now()}, raw=True)",
    "from IPython.display import display\n"
    "display({'text/plain': 'x', 'application/json': {1, 2}}, raw=True)",
    "from IPython.display import JSON\nJSON({'n': np.float32(3), 'many': [np.int64(1)]})",
    "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>')",
)
WRITES_A_MODULE = "%%writefile mylib.py\ndef one():\n    return 1"
KILLS = "import os\nos._exit(1)"
REFUSED_BY_THE_COMPILER = {
    "parameter-twice": "def convolve1d(x, w, w):\n    pass",
    "global-late": "def convolve1d(x, w):\n    n = 1\n    global n",
    "nonlocal": "nonlocal q",
    "star-in-function": "def convolve1d(x, w):\n    from numpy import *",
    "walrus": "[j for i in (n := [1, 2]) for j in [i]]\ndef convolve1d(x, w): pass",
    "long-number": f"n = 0x{'f' * 4000}\ndef convolve1d(x, w): return n",
}
SCRATCH = {
    "numpy": _scratch("import numpy as np\nreturn np.convolve(x, w)"),
    "under-if": f"if True:\n    import numpy as np\n{_scratch('return np.convolve(x, w)')}",
    "under-try": "try:\n    import numpy as np\n    print(np.convolve([1], [2]))\n"
    "except ImportError:\n    pass",
    "in-a-method": "class T:\n    def run(self, x, w):\n        import numpy as np\n"
    "        return np.convolve(x, w)",
    "scipy-name": _scratch("from scipy.signal import convolve\nreturn convolve(x, w)"),
}


def _own_convolve(notebook: Notebook) -> Notebook:
    mine = RIGHT.replace("convolve1d", "convolve") + "\ndef convolve1d(x, w):\n"
    notebook = with_code(notebook, TARGET, mine + "    return convolve(x, w)\n")
    notebook.cells.append(new_code_cell(SCRATCH["scipy-name"]))
    return notebook


def _first_try(notebook: Notebook) -> None:
    place = [cell.id for cell in notebook.cells].index("pad2d")
    tried = 'def pad2d(x, padding, mode="zeros"):\n    return np.pad(x, padding)'
    notebook.cells.insert(place, new_code_cell(tried))


def _anew(*ids: str) -> Change:
    def change(notebook: Notebook) -> None:
        for place, cell in enumerate(notebook.cells):
            if cell.id in ids:
                notebook.cells[place] = new_code_cell(cell.source)

    return change


def _all_anew(notebook: Notebook) -> None:
    for place, cell in enumerate(notebook.cells):
        kind = cell.metadata.get("autograder", {}).get("kind")
        if kind in ("solution", "value"):
            notebook.cells[place] = new_code_cell(cell.source)


def _answered_at_the_end(notebook: Notebook) -> Notebook:
    notebook = with_code(notebook, TARGET, STUB)
    notebook.cells.append(new_code_cell(RIGHT))
    return notebook


def _deleted_and_answered_at_the_end(notebook: Notebook) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell.id != TARGET]
    notebook.cells.append(new_code_cell(RIGHT))


def _prose_below(notebook: Notebook) -> None:
    place = [cell.id for cell in notebook.cells].index("written-why_no_flip")
    notebook.cells[place].source = "YOUR ANSWER HERE"
    notebook.cells.insert(place + 1, new_markdown_cell("The kernel is learned, so no flip."))


def _pasted_picture(notebook: Notebook) -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(230_000)).decode()
    source = f"See ![my drawing](data:image/png;base64,{picture})"
    notebook.cells.append(new_markdown_cell(source))


def _nan_in_an_output(notebook: Notebook) -> bytes:
    document = json.loads(nbformat.writes(notebook))
    data = {"application/json": {"loss": float("nan")}}
    document["cells"][1]["outputs"] = [new_output("display_data", data=data)]
    return json.dumps(document).encode()


def _animation(notebook: Notebook) -> bytes:
    document = json.loads(nbformat.writes(notebook))
    data = {"text/html": "<video>" + "A" * (40 << 20)}
    document["cells"][1]["outputs"] = [new_output("display_data", data=data)]
    return json.dumps(document).encode()


def _habit(name: str) -> Change:
    habit = next(each for each in HABITS if each.__name__ == name)
    return lambda notebook: mangled(notebook, habit)


def _added_to(cell_id: str, line: str, expression: str) -> Change:
    def change(notebook: Notebook) -> Notebook:
        for cell in notebook.cells:
            if cell.id == cell_id:
                cell.source = f"{line}\n{cell.source}"
        return with_code(notebook, TARGET, _used(expression))

    return change


def _beside(notebook: Notebook) -> Notebook:
    return notebook


def _one_up(folder: Path, right: Notebook) -> None:
    folder.rmdir()
    (folder.parent / FILE).write_text(nbformat.writes(right))


SYNTAX = {
    "open-bracket": RIGHT.replace("return y", "return ("),
    "no-break-space": RIGHT.replace("    y[i", "    \N{NO-BREAK SPACE}y[i"),
}

CLASS = (
    Member("A1", "pictures", cells(*PICTURES)),
    Member("A2", "kills-five-times", cells(*[KILLS] * 5), Outcome.CRASH),
    Member(
        "A2",
        "kills-and-is-wrong-once",
        answer(STUB, *[KILLS] * 4),
        Outcome.CRASH,
        (TARGET,),
    ),
    Member("A3", "one-function-anew", changed(_anew(TARGET)), remark="a cell of its own"),
    Member("A3", "one-value-anew", changed(_anew("value-patch_value")), remark="of its own"),
    Member("A3", "all-anew", changed(_all_anew), remark="of its own"),
    Member("A3", "written-below", changed(_prose_below), remark="prose beside the prompt"),
    Member("A3", "answered-late", changed(_answered_at_the_end), remark="behind its test cell"),
    Member(
        "A3",
        "deleted-and-late",
        changed(_deleted_and_answered_at_the_end),
        remark="behind its test cell",
    ),
    *(Member("A4", f"scratch-{name}", cells(source)) for name, source in SCRATCH.items()),
    Member("A4", "own-convolve", changed(_own_convolve)),
    Member("A4", "first-try", changed(_first_try)),
    Member("A4", "scratch-redefinition", answer(RIGHT, last="def convolve1d(x, w):\n    return 0")),
    *(Member("A5", name, cells(source)) for name, source in REFUSED_BY_THE_COMPILER.items()),
    Member("A6", "byte-order-mark", changed(lambda nb: nbformat.writes(nb).encode("utf-8-sig"))),
    Member("A6", "utf-16", changed(lambda nb: nbformat.writes(nb).encode("utf-16"))),
    Member("A6", "nan-in-an-output", changed(_nan_in_an_output)),
    Member("A6", "pasted-picture", changed(_pasted_picture)),
    Member("A6", "pasted-numbers", cells(f"data = {[i / 7 for i in range(40_000)]}")),
    Member("A6", "saved-animation", changed(_animation)),
    Member("A7", "windows-line-ends", changed(_habit("vscode_on_windows"))),
    Member("A7", "stripped", changed(_habit("vscode_stripped")), remark="metadata of .* stripped"),
    Member("A8", "no-ids", changed(_habit("vscode_old")), remark="known by the text"),
    Member("A8", "downloaded-twice", changed(_beside, f"{ASSIGNMENT} (1).ipynb"), remark="taken"),
    Member("A8", "copied", changed(_beside, f"{ASSIGNMENT}-Copy1.ipynb"), remark="was taken for"),
    Member(
        "A8",
        "as-text",
        changed(_beside, f"{FILE}.txt"),
        remark="was taken for it",
        found_by_nbgrader=False,
    ),
    Member(
        "A8",
        "too-deep",
        changed(_beside, f"{ASSIGNMENT}/{FILE}"),
        remark="was taken for it",
        found_by_nbgrader=False,
    ),
    Member("A8", "too-high", _one_up, remark="was taken for it", found_by_nbgrader=False),
    Member(
        "A9",
        "import-in-set-up",
        changed(_added_to("setup", "import math", "math.cos(0)")),
        remark="the lines of the course ran first",
    ),
    Member(
        "A9",
        "import-in-a-figure",
        changed(_added_to("figure-impulse_1d", "import math", "math.cos(0)")),
        remark="what was added to",
    ),
    Member(
        "A10",
        "writefile",
        answer(_used("one()"), WRITES_A_MODULE, "from mylib import one"),
    ),
    Member(
        "A10",
        "writefile-reload",
        answer(
            _used("mylib.one()"),
            WRITES_A_MODULE.replace("1", "2"),
            "import mylib",
            WRITES_A_MODULE,
            "import importlib\nimportlib.reload(mylib)",
        ),
    ),
    Member(
        "A11",
        "from-exec",
        answer(
            f"names = {{'np': np, 'k': 1}}\nexec({_used('k')!r}, names)\n"
            f"convolve1d = names[{TARGET!r}]",
            last="names['k'] = 2",
        ),
    ),
    Member(
        "A11",
        "constant-of-a-module",
        answer(_used("types.K"), "import types\ntypes.K = 1", last="types.K = 2"),
    ),
    Member(
        "A12",
        "thread-pool",
        answer(
            _used("pool.submit(lambda: 1).result()"),
            "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n"
            "list(pool.map(abs, range(4)))",
        ),
    ),
    Member(
        "A13",
        "long-sum",
        answer(
            _used(f"(({' + '.join(['1'] * 1500)}) / 1500)"),
            "import sys\nsys.setrecursionlimit(20_000)",
        ),
    ),
    Member("A13", "long-chain", answer(_used(f"(1){'.real' * 600}"))),
    *(
        Member("A14", name, answer(source), Outcome.WRONG, (TARGET,))
        for name, source in SYNTAX.items()
    ),
    Member(
        "A15",
        "words-of-the-rule",
        answer(RIGHT.replace("    y =", f"{IN_WORDS}    y =")),
    ),
    Member("A15", "type-hints", answer(RIGHT.replace("(x, w)", "(x: 'np.convolve', w: list)"))),
    Member(
        "A15",
        "decorated",
        answer(
            f"@functools.lru_cache\ndef one():\n    return 1\n\n@wrapped\n{_used('one()')}",
            "import functools\ndef wrapped(f):\n    @functools.wraps(f)\n    def g(*a):\n"
            "        return f(*a)\n    return g",
        ),
    ),
    Member(
        "A15",
        "partial",
        answer(
            _used("scale").replace("(x, w)", "(scale, x, w)")
            + "\nimport functools\nconvolve1d = functools.partial(convolve1d, 1)"
        ),
    ),
)  # fmt: skip
