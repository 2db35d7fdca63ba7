"""What editors and services do to a notebook that is opened and saved with them.

Each habit changes a notebook's JSON, as a dict, in place; or it gives another one, or the bytes of
the file. None of them changes what the notebook does.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import jupytext
import nbformat
from nbconvert.preprocessors import ClearMetadataPreprocessor, ClearOutputPreprocessor

Document = dict[str, Any]
Habit = Callable[[Document], Document | bytes | None]

_OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]}


def _code(document: Document) -> list[Document]:
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


def _without_ids(document: Document, minor: int = 4) -> None:
    document["nbformat_minor"] = minor
    for cell in document["cells"]:
        cell.pop("id", None)


def _with_other_ids(document: Document, digits: int) -> None:
    drawn = random.Random(5)
    for cell in document["cells"]:
        cell["id"] = f"{drawn.getrandbits(4 * digits):0{digits}x}"


def _as_lists(document: Document) -> None:
    for cell in document["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


def _cell(kind: str, source: str, **metadata: Any) -> Document:
    cell = {"cell_type": kind, "source": source, "metadata": metadata, "id": f"new-{len(source)}"}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


# The classic Notebook


def notebook_without_ids(document: Document) -> None:
    _without_ids(document)
    for number, cell in enumerate(_code(document)):
        cell["metadata"] |= {"collapsed": True, "scrolled": False, "hide_input": number % 2 == 0}
        cell["outputs"] = [_OUTPUT]
    document["metadata"]["toc"] = {"base_numbering": 1, "nav_menu": {}, "sideBar": True}
    document["metadata"]["varInspector"] = {"cols": {"lenName": 16}, "window_display": False}


def notebook_pasted_cells(document: Document) -> None:
    """Paste keeps the metadata of what was copied: two cells then have one name."""
    answers = [cell for cell in document["cells"] if _flags(cell).get("solution")]
    place = document["cells"].index(answers[0]) + 1
    document["cells"].insert(place, copy.deepcopy(answers[0]))
    tests = [cell for cell in document["cells"] if _flags(cell).get("grade")]
    document["cells"].append(copy.deepcopy(tests[0]))


def notebook_slides(document: Document) -> None:
    for cell in document["cells"]:
        cell["metadata"] |= {"slideshow": {"slide_type": "slide"}, "editable": False}
    document["metadata"]["celltoolbar"] = "Slideshow"


def _flags(cell: Document) -> Document:
    flags: Document = cell["metadata"].get("nbgrader", {})
    return flags


# JupyterLab


def lab_timing(document: Document) -> None:
    for cell in document["cells"]:
        cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-05T10:00:00.000000Z"}
        cell["metadata"] |= {"tags": ["mine"], "jp-MarkdownHeadingCollapsed": True}
    document["metadata"]["toc-autonumbering"] = True


def lab_split_and_merged(document: Document) -> None:
    """A test that was merged with the scratch cell below it, and an added cell that was split."""
    tests = [cell for cell in document["cells"] if _flags(cell).get("grade")]
    test = next(cell for cell in tests if cell["cell_type"] == "code")
    test["source"] = "".join(test["source"]) + "\n\nscratch = 1"
    place = document["cells"].index(test) + 1
    document["cells"][place:place] = [_cell("code", "a = 1"), _cell("code", "b = a + 1")]


def lab_answer_typed_anew(document: Document) -> None:
    """The answer's cell deleted, and the same typed into the one that was added in its place."""
    for place, cell in enumerate(document["cells"]):
        if _flags(cell).get("solution") and cell["cell_type"] == "code":
            document["cells"][place] = _cell("code", "".join(cell["source"]))
            document["cells"][place]["id"] = f"anew-{place}"


def lab_real_time(document: Document) -> None:
    """Everything twice in the outputs, and white space at the ends of lines."""
    for cell in _code(document):
        cell["outputs"] = [_OUTPUT, _OUTPUT]
        cell["source"] = "".join(cell["source"]).replace("\n", "  \n") + "\n"


# VS Code


def vscode_stripped(document: Document) -> None:
    for cell in document["cells"]:
        cell["metadata"] = {"vscode": {"languageId": "python"}}
    document["metadata"]["interpreter"] = {"hash": "31f2aee4e71d21fbe5cf8b01ff0e069b"}


def vscode_old(document: Document) -> None:
    """Format 4.2, as it used to be written, without any name of a cell."""
    _without_ids(document, minor=2)
    for cell in document["cells"]:
        cell["metadata"] = {}
    document["metadata"] = {"orig_nbformat": 4, "language_info": {"name": "python"}}


def vscode_on_windows(document: Document) -> bytes:
    for cell in document["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return json.dumps(document, indent=1).replace("\n", "\r\n").encode("utf-8-sig")


def vscode_markdown_for_raw(document: Document) -> None:
    document["cells"].append(_cell("raw", "raw text", vscode={"languageId": "raw"}))
    document["cells"].insert(0, _cell("markdown", "# My notes"))


# Colab


def colab_names(document: Document) -> None:
    _without_ids(document, minor=0)
    for number, cell in enumerate(document["cells"]):
        cell["metadata"] |= {"id": f"aBcDeF{number}", "colab_type": cell["cell_type"]}
        if cell["cell_type"] == "code":
            cell["metadata"]["outputId"] = f"0f{number}"
    document["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU"}


def colab_stripped(document: Document) -> None:
    colab_names(document)
    for number, cell in enumerate(document["cells"]):
        cell["metadata"] = {"id": f"aBcDeF{number}"}
    badge = '<a href="https://colab.research.google.com/x"><img alt="Open In Colab"/></a>'
    document["cells"].insert(0, _cell("markdown", badge, id="view-in-github"))


def colab_drive(document: Document) -> None:
    """A cell that works in Colab alone, which is an error elsewhere."""
    colab_names(document)
    drive = "from google.colab import drive\ndrive.mount('/content/drive')"
    document["cells"].insert(0, _cell("code", drive))
    document["cells"].insert(1, _cell("code", "#@title Setup { display-mode: 'form' }\n1 + 1"))


# Kaggle


def kaggle_names(document: Document) -> None:
    _without_ids(document)
    for number, cell in enumerate(document["cells"]):
        cell["metadata"] |= {
            "_uuid": f"{number:040x}",
            "_cell_guid": f"b1076dfc-b9ad-4769-8c92-{number:012x}",
            "trusted": True,
        }
    document["metadata"]["kaggle"] = {"accelerator": "none", "isGpuEnabled": False}


def kaggle_papermill(document: Document) -> None:
    for cell in document["cells"]:
        cell["metadata"]["papermill"] = {
            "duration": 0.02,
            "exception": False,
            "status": "completed",
        }
        cell["metadata"]["tags"] = []
    document["metadata"]["papermill"] = {"parameters": {}, "version": "2.4.0"}


def kaggle_boilerplate(document: Document) -> None:
    kaggle_names(document)
    walk = "import os\nfor place, _, names in os.walk('/kaggle/input'):\n    print(place, names)"
    document["cells"].insert(0, _cell("code", walk))


# CoCalc


def cocalc_ids(document: Document) -> None:
    _with_other_ids(document, 6)
    for cell in _code(document):
        cell["metadata"]["cocalc"] = {"outputs": {}}
        cell["metadata"]["collapsed"] = False
    document["metadata"]["kernelspec"] = {
        "display_name": "Python 3 (system-wide)",
        "language": "python",
        "metadata": {"cocalc": {"priority": 100}},
        "name": "python3",
    }


def cocalc_stripped(document: Document) -> None:
    _with_other_ids(document, 6)
    for cell in document["cells"]:
        cell["metadata"] = {"collapsed": False}


# DataSpell and PyCharm


def pycharm_names(document: Document) -> None:
    for cell in document["cells"]:
        cell["metadata"]["pycharm"] = {"name": "#%%\n", "is_executing": False}
    _without_ids(document, minor=0)


def dataspell_ids(document: Document) -> None:
    _with_other_ids(document, 16)
    for cell in document["cells"]:
        cell["metadata"] = {"collapsed": False, "ExecuteTime": {"end_time": "2026-01-05T10:00:00"}}


# nbconvert


def nbconvert_cleared_metadata(document: Document) -> Document:
    notebook, _ = ClearMetadataPreprocessor().preprocess(nbformat.from_dict(document), {})
    return json.loads(nbformat.writes(notebook))


def nbconvert_cleared_outputs(document: Document) -> Document:
    notebook, _ = ClearOutputPreprocessor().preprocess(nbformat.from_dict(document), {})
    return json.loads(nbformat.writes(notebook))


def nbconvert_executed(document: Document) -> None:
    for number, cell in enumerate(_code(document), 1):
        cell["execution_count"] = number
        cell["outputs"] = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]
        cell["metadata"]["execution"] = {"shell.execute_reply": "2026-01-05T10:00:00.000000Z"}


# jupytext


def _round_trip(document: Document, form: str, *, strict: bool = False) -> Document:
    notebook = nbformat.from_dict(document)
    if strict:
        notebook.metadata["jupytext"] = {
            "cell_metadata_filter": "-all",
            "notebook_metadata_filter": "-all",
        }
    back = jupytext.reads(jupytext.writes(notebook, form), form)
    return json.loads(nbformat.writes(back))


def jupytext_percent(document: Document) -> Document:
    return _round_trip(document, "py:percent")


def jupytext_percent_bare(document: Document) -> Document:
    return _round_trip(document, "py:percent", strict=True)


def jupytext_markdown(document: Document) -> Document:
    return _round_trip(document, "md")


# Git


def git_both_kept(document: Document) -> None:
    """A merge that kept both sides of a cell: the same answer twice, under one name."""
    for place in range(len(document["cells"]) - 1, -1, -1):
        if _flags(document["cells"][place]).get("solution"):
            twin = copy.deepcopy(document["cells"][place])
            twin["id"] = f"twin-{place}"
            document["cells"].insert(place, twin)


def git_line_ends(document: Document) -> bytes:
    return json.dumps(document, indent=1).replace("\n", "\r\n").encode()


def git_nbstripout(document: Document) -> None:
    for number, cell in enumerate(document["cells"]):
        cell["id"] = str(number)
        cell.pop("execution_count", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    document["metadata"] = {}


EDITORS: dict[str, tuple[Habit, ...]] = {
    "notebook": (notebook_without_ids, notebook_pasted_cells, notebook_slides),
    "lab": (lab_timing, lab_split_and_merged, lab_answer_typed_anew, lab_real_time),
    "vscode": (vscode_stripped, vscode_old, vscode_on_windows, vscode_markdown_for_raw),
    "colab": (colab_names, colab_stripped, colab_drive),
    "kaggle": (kaggle_names, kaggle_papermill, kaggle_boilerplate),
    "cocalc": (cocalc_ids, cocalc_stripped),
    "dataspell": (pycharm_names, dataspell_ids),
    "nbconvert": (nbconvert_cleared_metadata, nbconvert_cleared_outputs, nbconvert_executed),
    "jupytext": (jupytext_percent, jupytext_percent_bare, jupytext_markdown),
    "git": (git_both_kept, git_line_ends, git_nbstripout),
}
HABITS = tuple(habit for habits in EDITORS.values() for habit in habits)


def mangled(notebook: nbformat.NotebookNode, habit: Habit) -> bytes:
    """The file that comes of a notebook when an editor has had it."""
    document = json.loads(nbformat.writes(notebook))
    for cell in document["cells"]:
        cell["source"] = "".join(cell["source"])
    changed = habit(document)
    if isinstance(changed, bytes):
        return changed
    document = document if changed is None else changed
    return json.dumps(document, indent=1, ensure_ascii=False).encode()
