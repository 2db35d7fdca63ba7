"""What one run may want to tell the next, and one question another: rows 64 to 71."""

from __future__ import annotations

import zlib
from pathlib import Path

import nbformat
import numpy as np

from attacks.attack import ASSIGNMENT, TARGET, Attack, HandIn, cell, code, looking, written
from attacks.bait import Bait
from autograder.authoring.answer_key import answer_key, new_draw
from autograder.authoring.exercise import source_as
from autograder.core.course import Course, course_secret
from autograder.core.outcome import Outcome
from autograder.sample.answers import wheats, with_code
from exercises.nonlinearity.held_back import held_back
from tests.course import find_assignment

_ASSIGNMENT = find_assignment(ASSIGNMENT)
_EARLIER_RUNS = 3

_TELLS = """
import numpy as np

_numbers = []


def conv2d(x, w, b, stride=1, padding=0):
    told = int.from_bytes(np.round(64 * x.ravel()[:7]).astype(np.int8).tobytes(), "little")
    _numbers.append(told)
    if len(_numbers) % 3 == 0:
        raise ValueError(f"{x.tolist()} {w.tolist()}")
    if len(_numbers) % 3 == 1:
        exec(compile("\\n" * (told % 900_000) + "raise KeyError", "<cell 1>", "exec"))
    return np.zeros(1000 + told % 9000)
"""

_PAGE_CACHE = """
import mmap

numbers = dict(
    zip(
        ("mincore", "fadvise64", "readahead", "preadv2", "cachestat"),
        (27, 221, 187, 327, 451) if os.uname().machine == "x86_64" else (232, 223, 213, 286, 451),
    )
)
with open(os.__file__, "rb") as shared:
    kept = mmap.mmap(shared.fileno(), 4096, prot=mmap.PROT_READ)
    for name, number in numbers.items():
        attempt(name, lambda: libc.syscall(number, shared.fileno(), 0, 0, 0, 0, 0) != -1)
        attempt(name, lambda: ctypes.get_errno() not in (1, 38))
    attempt("posix_fadvise", lambda: os.posix_fadvise(shared.fileno(), 0, 0, 4) is None)
    attempt("preadv", lambda: os.preadv(shared.fileno(), [bytearray(9)], 0, os.RWF_NOWAIT))
"""

_HELD_BACK_DIGITS = """
import numpy as np

_known = np.array($known)
_folders = {os.path.dirname(np.__path__[0]), *sys.path}
_places = ["$root/exercises/*/*.np[yz]", "/usr/share/*digit*"]
for _folder in _folders:
    _places += [_folder + "/*/data/*.np[yz]", _folder + "/*/*/data/*.np[yz]",
                _folder + "/*/datasets/data/*", _folder + "/*/*.np[yz]"]


def _has_one(path):
    found = np.load(path, allow_pickle=False)
    arrays = found.values() if hasattr(found, "values") else [found]
    return any(
        len(each) and (each.reshape(len(each), -1)[:, None] == _known).all(-1).any()
        for each in arrays
        if each.ndim and each[0].size == _known.shape[1]
    )


for _place in _places:
    for _path in glob.glob(_place):
        attempt(_path, lambda: "digits" in os.path.basename(_path) and ".csv" in _path)
        attempt(_path, lambda: _has_one(_path))
attempt("sklearn", lambda: __import__("sklearn.datasets").datasets.load_digits())
"""

_TABLE = """
import zlib

import numpy as np

_earlier = $earlier


def conv2d(x, w, b, stride=1, padding=0):
    asked = zlib.crc32(x.tobytes() + w.tobytes() + bytes([stride, padding]))
    shape = [(n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[1:3], w.shape[:2])]
    like = [each for each in _earlier.values() if each.shape[1:3] == tuple(shape)]
    return _earlier.get(asked, (like or list(_earlier.values()))[0])
"""


def _asked(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> int:
    return zlib.crc32(x.tobytes() + w.tobytes() + bytes([stride, padding]))


def _table(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
    """Hand in all that runs of one's own and of neighbours can have shown."""
    exercise, secret = _ASSIGNMENT.exercise(TARGET), course_secret(Course(Path(bait.root)))
    keys = [answer_key(secret, ASSIGNMENT, exercise, new_draw()) for _ in range(_EARLIER_RUNS)]
    earlier = {
        _asked(*case.args, **case.kwargs): answer.tolist()
        for key in keys
        for case, answer in zip(key.cases, key.right, strict=True)
    }
    listed = ", ".join(f"{asked}: np.array({answer})" for asked, answer in earlier.items())
    source = _TABLE.replace("$earlier", f"{{{listed}}}")
    written(folder, with_code(right, TARGET, source))


def _held_back_digits() -> str:
    """A search for the held-back digits by some that the attacker has from where all are public."""
    known = (held_back().images[:20] * 16).astype(int).reshape(20, -1)
    return _HELD_BACK_DIGITS.replace("$known", str(known.tolist()))


def _leaving(rest: str) -> HandIn:
    """Have correlate1d, which is asked first, leave something; everything is right."""
    answer = source_as(wheats(_ASSIGNMENT)["correlate1d"], "answer")
    source = f"import numpy as np\n\n\n{answer}\n\n\ndef correlate1d(x, w, stride=1, padding=0):\n"
    source += f"    y = answer(x, w, stride, padding)\n    {rest}\n    return y\n"

    def hand_in(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
        written(folder, with_code(right, "correlate1d", source))

    return hand_in


_DEEP = "\n".join(
    [
        "deep = " + 60 * "[" + 60 * "]",
        "text = '''" + 5000 * "(" + "'''",
        *(f"f{i} = lambda: f{i + 1}" for i in range(2000)),
    ]
)
_REFUSED_BY_THE_COMPILER = "x = " + 5000 * "-" + "1\ny = " + 300 * "(" + 300 * ")"

ATTACKS = (
    Attack(
        (64,),
        "tells-inputs",
        "tells its inputs by sizes, by line numbers and by what it raises",
        code(_TELLS),
        Outcome.WRONG,
    ),
    Attack(
        (65,),
        "page-cache",
        "reads and fills the page cache, for the second run of a crash",
        looking(_PAGE_CACHE),
        Outcome.WRONG,
        finds_nothing=True,
    ),
    Attack(
        (66,),
        "table",
        "a table of right answers from earlier hand-ins, its own and its neighbours'",
        _table,
        Outcome.WRONG,
    ),
    Attack(
        (67,),
        "held-back-digits",
        "looks for the digits that are held back, in what the room can read",
        looking(_held_back_digits()),
        Outcome.WRONG,
        finds_nothing=True,
    ),
    Attack(
        (68,),
        "leaves-attributes",
        "one question spoils numpy for those that are asked next",
        _leaving("np.pad = np.sum = np.einsum = np.lib.stride_tricks.sliding_window_view = None"),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (68,),
        "leaves-by-name",
        "the same, by setattr, in the parts of numpy that nobody imports",
        _leaving("[setattr(np.lib._arraypad_impl, name, None) for name in ('np', '_pad_simple')]"),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (71,),
        "deep-code",
        "a cell that is hard to read: nested, and a chain of 2,000 functions",
        cell(_DEEP),
        Outcome.OK,
        lost=(),
    ),
    Attack(
        (71,),
        "endless-code",
        "a cell that the compiler gives up on",
        cell(_REFUSED_BY_THE_COMPILER),
        Outcome.OK,
        lost=(),
    ),
)
