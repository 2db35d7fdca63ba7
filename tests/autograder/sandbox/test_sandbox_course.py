"""What a room sees of the course that it is used for: its packages, and nothing else."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import convkit
from autograder.core.outcome import Outcome
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Cell, Limits, Packages
from exercises.nonlinearity.held_back import FILE, held_back
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


# Prints what holds one of some digits: files of arrays below the course and where packages lie, and
# arrays that are about already. Then names.
DIGITS = """
import convkit, gc, hashlib, os, sys
import numpy as np
convkit.load_digits()
def holds(array):
    if array.size == 0 or array.size % 64 or array.dtype.kind not in "uif": return False
    rows = (16 * array if array.dtype.kind == "f" and array.max() <= 1 else array).reshape(-1, 64)
    return any(hashlib.sha256(np.uint8(row).tobytes()).hexdigest() in {digests!r} for row in rows)
print(*[type(a).__name__ for a in gc.get_objects() if isinstance(a, np.ndarray) and holds(a)])
found = set()
for top in {{{root!r}, os.path.dirname(convkit.__file__), os.getcwd(), *sys.path}}:
    for folder, _, names in os.walk(top):
        for path in (os.path.join(folder, name) for name in names):
            if "held_back" in path: found.add(path)
            if not path.endswith((".npz", ".npy")) or "/tests/" in path: continue
            try: arrays = np.load(path)
            except (OSError, ValueError): continue
            if any(holds(a) for a in (arrays.values() if path.endswith("z") else [arrays])):
                found.add(os.path.basename(path))
print(*found)
for name in ("exercises.nonlinearity.held_back", "exercises.nonlinearity.predict"):
    try: print(__import__(name))
    except (ImportError, OSError): pass
try: print(len(open({file!r}, "rb").read()))
except OSError: pass
"""


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


def test_a_room_can_read_public_digits_and_none_that_is_held_back(weak_and_strong):
    walls, launcher = weak_and_strong
    cells = []
    for name, digits in (("public", convkit.load_digits()), ("held back", held_back())):
        rows = np.uint8(16 * digits.images)
        digests = {hashlib.sha256(row.tobytes()).hexdigest() for row in rows}
        search = DIGITS.format(root=str(COURSE.root), digests=digests, file=str(FILE))
        cells.append(Cell(name, search))
    hidden = [str(COURSE.root)]
    with Zygote(walls, launcher=launcher, hidden=hidden, packages=PACKAGES) as zygote:
        results = zygote.run(cells, Limits()).results
    assert [result.outcome for result in results] == [Outcome.OK, Outcome.OK], said(results[0])
    assert [said(result) for result in results] == ["digits.npz", ""]
