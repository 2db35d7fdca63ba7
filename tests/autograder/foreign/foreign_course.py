"""A course that knows nothing of ours: plain nbgrader notebooks, with their tests in them."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NAME = "hw1"
UNKNOWN_LANGUAGE = "hw2"
PAIR = "hw3"
PAIR_POINTS = {"first": 3, "second": 5}
WARNED = "a test whose code warns on stderr"
SKIPPED = "a test that the student tagged to be skipped"
FORGED = "a result that is followed by an error"
EXITED = "code that ends its own process"

# (student, cell) -> why nbgrader's own score is wrong, what it is, and ours. None: no score.
DIFFERENCES = {
    ("honest", "noisy_test"): (WARNED, 0, 1),
    ("halfway", "noisy_test"): (WARNED, 0, 1),
    ("skips", "noisy_test"): (WARNED, 0, 1),
    ("skips", "half_test"): (SKIPPED, 2, 0),
    ("skips", "half_partial"): (SKIPPED, 4, 0),
    ("forges", "noisy_test"): (WARNED, 0, 1),
    ("forges", "half_test"): (FORGED, 1, 0),
    ("forges", "half_partial"): (FORGED, 1, 0),
    ("exits", "noisy_test"): (EXITED, None, 1),
    ("exits", "half_test"): (EXITED, None, 2),
    ("exits", "half_partial"): (EXITED, None, 4),
    ("exits", "table_test"): (EXITED, None, 0),
}

HALF = "def half(x):\n    return x / 2"
ANSWERS = {
    "half": HALF,
    "table": (
        "import csv\nfrom helper import convert\n\n"
        "def total(path):\n"
        "    with open(path) as file:\n"
        "        return sum(convert(cell) for row in csv.reader(file) for cell in row)"
    ),
    "noisy": "import warnings\n\ndef noisy():\n    warnings.warn('careful')\n    return 1",
    "essay": "Because of *this* and that.",
    "sketch": (
        "from IPython.display import HTML\n"
        "HTML('<b>A sketch</b>' + '<script>' + 'alert(\\'sketch\\')</' + 'script>')"
    ),
}
STUDENTS = {
    "honest": {},
    "halfway": {"half": "def half(x):\n    return x // 2", "essay": None},
    "skips": {"half": "def half(x):\n    return 'nothing like it'"},
    "forges": {
        "half": "import sys\n\ndef half(x):\n    sys.displayhook(1.0)\n    raise ValueError(x)"
    },
    "exits": {"table": "import os\nos._exit(0)"},
}
# Stock nbgrader takes gigabytes for these two cells.
ENDLESS = {
    "table": "x = []\nwhile True:\n    x.append(1)",
    "noisy": "def noisy():\n    while True:\n        print('again ' * 20)",
}


def _cell(kind, name, source, *, points=None, solution=False, task=False):
    metadata = {
        "schema_version": 3,
        "grade_id": name,
        "grade": points is not None and not task,
        "solution": solution,
        "task": task,
        "locked": not solution,
    }
    if points is not None:
        metadata["points"] = points
    return kind(source, metadata={"nbgrader": metadata})


def _answer(name, kind=new_code_cell, points=None):
    text = ANSWERS[name]
    if kind is new_code_cell:
        head, _, body = text.rpartition(":\n")
        text = f"{head}:\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION" if head else text
    return _cell(kind, name, text, points=points, solution=True)


def _test(name, source, points):
    return _cell(new_code_cell, name, source, points=points)


def source_notebook(kernel="python3", language="python"):
    """The instructor's notebook."""
    return new_notebook(
        metadata={"kernelspec": {"name": kernel, "display_name": kernel, "language": language}},
        cells=[
            new_markdown_cell("# Halves and tables"),
            _answer("half"),
            new_code_cell("half(3)"),
            _test(
                "half_test",
                "assert half(4) == 2\n"
                "### BEGIN HIDDEN TESTS\nassert half(5) == 2.5\n### END HIDDEN TESTS",
                2,
            ),
            _test("half_partial", "sum(1.0 for n in (2, 4, 5, 7) if half(n) == n / 2)", 4),
            _answer("table"),
            _test("table_test", "assert total('data/numbers.csv') == 6", 1),
            _answer("noisy"),
            _test("noisy_test", "assert noisy() == 1", 1),
            _answer("essay", new_markdown_cell, 2),
            _cell(new_code_cell, "sketch", ANSWERS["sketch"], points=3, solution=True),
            _cell(new_markdown_cell, "task", "Measure something.", points=4, task=True),
        ],
    )


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def make_course(root: Path):
    """The instructor's side: two assignments, one in a language that has no kernel here."""
    write(root / "source" / NAME / "problems.ipynb", source_notebook())
    write(
        root / "source" / UNKNOWN_LANGUAGE / "problems.ipynb",
        source_notebook("octave", "octave"),
    )
    for name in (NAME, UNKNOWN_LANGUAGE):
        folder = root / "source" / name
        (folder / "data").mkdir()
        (folder / "data" / "numbers.csv").write_text("1,2\n3\n")
        (folder / "helper.py").write_text("def convert(text):\n    return int(text)\n")


def submit(root: Path, assignment: str, student: str, answers: dict[str, str | None]):
    """Fill the release in; what is not in `answers` is answered right."""
    released = root / "release" / assignment
    notebook = nbformat.read(released / "problems.ipynb", 4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        answer = (ANSWERS | answers).get(name)
        if answer is not None:
            cell.source = answer
        if student == "skips" and str(name).startswith("half_"):
            cell.metadata["tags"] = ["skip-execution"]
    folder = root / "submitted" / student / assignment
    write(folder / "problems.ipynb", notebook)
    for file in ("data/numbers.csv", "helper.py"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes((released / file).read_bytes())


def make_pair(root: Path):
    """An assignment of two notebooks, each with a test and an answer that a person marks."""
    for notebook, points in PAIR_POINTS.items():
        cells = [
            _cell(new_code_cell, "value", "value = 0", solution=True),
            _cell(new_code_cell, "value_test", f"min(value, {points})", points=points),
            _cell(new_markdown_cell, "why", "Why?", points=2, solution=True),
        ]
        kernel = {"name": "python3", "display_name": "python3", "language": "python"}
        write(
            root / "source" / PAIR / f"{notebook}.ipynb",
            new_notebook(metadata={"kernelspec": kernel}, cells=cells),
        )


def submit_pair(root: Path, student: str, values: dict[str, str], timestamp: str = ""):
    """Hand in the notebooks named in `values`, with that for the value."""
    folder = root / "submitted" / student / PAIR
    for name, value in values.items():
        notebook = nbformat.read(root / "release" / PAIR / f"{name}.ipynb", 4)
        answer, _, why = notebook.cells
        answer.source, why.source = f"value = {value}", "Because."
        write(folder / f"{name}.ipynb", notebook)
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)
