"""What a room sees of the course that it is used for: its packages, and nothing else."""

import importlib.util
from pathlib import Path

import pytest

from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Cell, Limits, Packages
from tests.course import COURSE

PACKAGES = Packages(("convkit", "convkit.check"))

# Prints what of the course can be had: a file's beginning, a folder's names, a module.
SEARCH = """
import glob, importlib, os, sys
root = {root!r}
for path in {paths!r}:
    try: print(path, open(path).read(20))
    except OSError: pass
    try: print(path, os.listdir(path))
    except OSError: pass
sys.path.insert(0, root)
for name in ("exercises", "exercises.convolution.conv2d", "sample", "autograder.judging.judge"):
    try: print(importlib.import_module(name))
    except (ImportError, OSError): pass
print(*[name for name in sys.modules if name.startswith("_course_")])
print(*[p for p in glob.glob(root + "/*/*.py") if "/convkit/" not in p])
"""
PATHS = ["exercises", "exercises/convolution", "exercises/convolution/conv2d.py", "solutions"]
PATHS += ["solutions/02_convolution.py", "sample", "sample/__init__.py", "nbgrader_config.py"]


def said(result):
    return "".join(output.get("text", "") for output in result.outputs).strip()


@pytest.mark.skipif(
    Path(importlib.util.find_spec("convkit").origin).parent.parent != COURSE.root,
    reason="convkit is not installed in place",
)
def test_a_package_beside_the_exercises_shows_none_of_them(weak_and_strong):
    walls, launcher = weak_and_strong
    paths = [str(COURSE.root / path) for path in PATHS]
    assert all(Path(path).exists() for path in paths)
    search = SEARCH.format(root=str(COURSE.root), paths=paths)
    cells = [Cell("search", search), Cell("library", "import convkit.check; print('here')")]
    hidden = [str(COURSE.root)]
    with Zygote(walls, launcher=launcher, hidden=hidden, packages=PACKAGES) as zygote:
        found, library = zygote.run(cells, Limits()).results
    assert said(found) == ""
    assert said(library) == "here"
