"""Assignments built as those of public nbgrader courses are: the structure, in words of our own.

Each is graded by nbgrader itself and by us. `DIFFERENCES` says where the two may differ, and why.
"""

import base64
import json
from pathlib import Path

import nbformat
from foreign_course import _cell, write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"name": "python3", "display_name": "python3", "language": "python"}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LARGE = 40 << 20
HEADER, FOOTER = "header.ipynb", "footer.ipynb"
MINE = "def mean(x):\n    return 0\n"


def notebook(*cells):
    return new_notebook(metadata={"kernelspec": KERNEL}, cells=list(cells))


def answer(name, text, **settings):
    text = f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"
    return _cell(new_code_cell, name, text, solution=True, **settings)


def test(name, text, points):
    return _cell(new_code_cell, name, text, points=points)


def prose(name, points):
    return _cell(new_markdown_cell, name, "YOUR ANSWER HERE", points=points, solution=True)


DATA = {
    # Several notebooks that pass files on, tables, images, data larger than any notebook.
    "data-science": {
        "1-load": notebook(
            new_markdown_cell("# Load\n![pixel](images/pixel.png)"),
            answer("load", "def load(path):\n    return [float(x) for x in open(path)]"),
            test("load_test", "assert load('data/table.csv') == [1, 2, 3]", 2),
            answer("save", "total = sum(load('data/table.csv'))"),
            new_code_cell("open('summary.txt', 'w').write(str(total))"),
            test("size_test", f"import os\nassert os.path.getsize('data/large.bin') == {LARGE}", 1),
        ),
        "2-plot": notebook(
            new_code_cell(
                "%matplotlib inline\nimport matplotlib.pyplot as plt\n"
                "from IPython.display import Image\nImage('images/pixel.png')"
            ),
            answer("summary", "summary = float(open('summary.txt').read())"),
            test("summary_test", "assert summary == 6", 2),
            answer("plot", "figure, axes = plt.subplots()\naxes.plot([1, 2, 3])"),
            test("plot_test", "assert len(axes.lines) == 1\nassert axes.get_xlim()", 1),
            test(
                "style_test",
                "import json\n"
                "cells = json.load(open('1-load.ipynb'))['cells']\n"
                "assert any('def load' in ''.join(cell['source']) for cell in cells)",
                1,
            ),
        ),
    },
    # Points for a part: the last value of a test; a test that only informs.
    "partial-credit": {
        "problems": notebook(
            answer("roots", "def root(x):\n    return x ** 0.5"),
            test("roots_part", "sum(root(n * n) == n for n in (1, 2, 3, 4))", 4),
            test("roots_share", "round(2.5 * sum(root(n * n) == n for n in range(4)) / 4, 2)", 2.5),
            test("no_points", "assert root(9) == 3", 0),
            test("nothing", "None", 1),
            answer("by_hand", "picture = 'drawn'", points=3),
        )
    },
    # Prose, tasks, mark schemes, code that a person marks.
    "essays": {
        "thoughts": notebook(
            prose("why", 5),
            prose("how", 2),
            _cell(
                new_markdown_cell,
                "report",
                "Measure something.\n### BEGIN MARK SCHEME\nOne point each.\n### END MARK SCHEME",
                points=4,
                task=True,
            ),
            new_markdown_cell("Write here."),
            _cell(new_code_cell, "sketch", "# YOUR CODE HERE", points=3, solution=True),
            _cell(new_markdown_cell, "rules", "Do not change this."),
        )
    },
    # Helpers in a folder, hidden tests, a seed, a header and a footer.
    "helpers": {
        "tools": notebook(
            _cell(new_code_cell, "setup", "from utils.helpers import mean\nimport random"),
            answer("centre", "def centre(x):\n    m = mean(x)\n    return [v - m for v in x]"),
            test(
                "centre_test",
                "assert centre([1, 3]) == [-1, 1]\n"
                "### BEGIN HIDDEN TESTS\nassert centre([2, 2, 5]) == [-1, -1, 2]\n"
                "### END HIDDEN TESTS",
                2,
            ),
            test("seed_test", "random.seed(1)\nassert round(random.random(), 3) == 0.134", 1),
        )
    },
    # Metadata of nbgrader's first form and of its second, brought up to date before the release.
    "old-1": {"old": notebook(answer("two", "two = 2"), test("two_test", "assert two == 2", 1))},
    "old-2": {"old": notebook(answer("two", "two = 2"), test("two_test", "assert two == 2", 1))},
}
FILES = {
    "data-science": {
        "data/table.csv": b"1\n2\n3\n",
        "images/pixel.png": PIXEL,
        "data/large.bin": bytes(LARGE),
    },
    "helpers": {
        "utils/helpers.py": b"def mean(x):\n    return sum(x) / len(x)\n",
        "utils/__init__.py": b"",
    },
}
RIGHT = {
    "load": "def load(path):\n    return [float(x) for x in open(path)]",
    "save": "total = sum(load('data/table.csv'))",
    "summary": "summary = float(open('summary.txt').read())",
    "plot": "figure, axes = plt.subplots()\naxes.plot([1, 2, 3])",
    "roots": "def root(x):\n    return x ** 0.5",
    "by_hand": "picture = 'drawn'",
    "why": "Because.",
    "how": "Like this.",
    "sketch": "'a sketch'",
    "centre": "def centre(x):\n    m = mean(x)\n    return [v - m for v in x]",
    "two": "two = 2",
}
# What a student answers instead; None: nothing.
STUDENTS = {
    "ann": {},
    "ben": {
        "save": "total = 5",
        "plot": "figure, axes = plt.subplots()",
        "roots": "def root(x):\n    return 1 if x == 1 else 0",
        "how": None,
        "sketch": None,
        "centre": "def centre(x):\n    return [-1, 1]",
        "two": None,
    },
}
LEFT_OUT = {"ben": ("data-science", "2-plot")}
# Rows of the table in docs/foreign-courses.md.
OLD_FORM = "a submission with metadata of an earlier form of nbgrader's"
COPIED = "a cell that was copied"
STRANGER = "a cell of another assignment"
NO_TEST = "a test cell that is missing"
NO_ANSWER = "an answer that is missing"
LOST = "metadata that was lost"
WINDOWS = "line ends of Windows"
LINKS = "a link in place of a file"
ENDLESS = "what an endless cell prints"
NO_SCORE = "a result that is no score"
# (student, assignment) -> why the scores differ, nbgrader's and ours. None: not graded.
DIFFERENCES = {
    ("cyd", "old-1"): (OLD_FORM, None, {"two_test": 1}),
    ("cyd", "old-2"): (OLD_FORM, None, {"two_test": 1}),
}


def of_form(version, source):
    """Metadata as nbgrader once wrote them."""
    for cell in source.cells:
        if "nbgrader" in cell.metadata:
            said = cell.metadata.nbgrader
            said["schema_version"] = version
            said.pop("task", None)
            if version == 1:
                said.pop("cell_type", None)
    return source


def make(root: Path):
    """The instructor's side, before ``nbgrader update``."""
    for name, text in ((HEADER, "# A course"), (FOOTER, "The end.")):
        write(root / "source" / name, new_notebook(cells=[new_markdown_cell(text)]))
    for assignment, notebooks in DATA.items():
        for name, source in notebooks.items():
            if assignment.startswith("old"):
                source = of_form(int(assignment[-1]), nbformat.from_dict(source))
            path = root / "source" / assignment / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(source))
        for name, content in FILES.get(assignment, {}).items():
            path = root / "source" / assignment / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def hand_in(root: Path):
    """The students' side: all that is released comes back with it."""
    for student, answers in STUDENTS.items():
        for assignment, notebooks in DATA.items():
            folder = root / "submitted" / student / assignment
            for name in notebooks:
                if LEFT_OUT.get(student) != (assignment, name):
                    write(folder / f"{name}.ipynb", _filled(root, assignment, name, answers))
            for name, content in FILES.get(assignment, {}).items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            (folder / "timestamp.txt").write_text("2024-03-03 12:00:00.000000 UTC")
    # Who changes a helper is graded with the released one.
    (root / "submitted" / "ben" / "helpers" / "utils" / "helpers.py").write_text(MINE)
    for version in (1, 2):
        old = of_form(version, _filled(root, f"old-{version}", "old", {}))
        path = root / "submitted" / "cyd" / f"old-{version}" / "old.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(old))


def _filled(root, assignment, name, answers):
    filled = nbformat.read(root / "release" / assignment / f"{name}.ipynb", 4)
    for cell in filled.cells:
        text = (RIGHT | answers).get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if text is not None:
            cell.source = text
    return filled
