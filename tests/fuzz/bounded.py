"""Read the worst of its kind with little memory; print the cases that need more.

Usage: ``python bounded.py CASE=MEGABYTES ...``
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograder.core.errors import RefusedError
from autograder.core.sizes import Sizes
from autograder.judging.compare import difference
from autograder.records.record import RecordError, load_record
from autograder.running.read import SubmittedFile, parse_submission
from autograder.sandbox.outside.replies import MOST_PARTS
from autograder.sandbox.protocol.outputs import OutputError, check_outputs
from autograder.sandbox.protocol.values import MOST_ITEMS, DecodeError, decode, encode
from autograder.sandbox.protocol.wire import WireError, parse

REFUSALS = (DecodeError, OutputError, RecordError, RefusedError, WireError)
MEGABYTE = 1 << 20
MOST_TEXT = Sizes().text_bytes


def _decoded(encoded: object) -> Any:
    return decode(encoded, max_bytes=16 * MEGABYTE)


def _filled(piece: bytes, size: int) -> bytes:
    head = b'{"nbformat":4,"cells":[{"cell_type":"code","more":['
    return head + piece * ((size - 100) // len(piece)) + b"0]}]}"


def _submitted(content: bytes) -> object:
    return parse_submission(SubmittedFile.of([content]))


def _outputs() -> bytes:
    """The brackets of outputs, which nothing is kept of."""
    head = b'{"nbformat":4,"cells":[{"cell_type":"code","outputs":['
    return head + b"[]," * 999_000 + b"0]}]}"


def _picture(text: str) -> list[dict[str, Any]]:
    return [{"output_type": "display_data", "data": {"image/png": text}}]


def _record(content: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        path.write_bytes(content)
        return load_record(path)


def _by_hand(answer: object) -> str | None:
    return difference(answer, np.ones(3), rtol=0, atol=0, accepts_lists=True)


CASES: dict[str, tuple[Callable[[Any], object], Callable[[], Any]]] = {
    "array": (_decoded, lambda: encode(np.zeros(16 * MEGABYTE, "u1"))),
    "list of nothing": (_decoded, lambda: {"kind": "list", "items": [encode(None)] * MOST_ITEMS}),
    "picture": (
        lambda raw: check_outputs(raw, budget=MEGABYTE),
        lambda: _picture("ab " * 2 * MEGABYTE),
    ),
    "message of lists": (
        lambda body: parse(body, most_parts=MOST_PARTS),
        lambda: _filled(b"[],", 22 * MEGABYTE),
    ),
    "notebook of lists": (_submitted, lambda: _filled(b"[],", MOST_TEXT)),
    "notebook of dicts": (_submitted, lambda: _filled(b'{"":0},', 6 * MEGABYTE)),
    "deep notebook": (_submitted, lambda: _filled(b"[" * 900 + b"]" * 900, MOST_TEXT)),
    "notebook of outputs": (_submitted, _outputs),
    "texts by hand": (_by_hand, lambda: ["x" * MEGABYTE] + [""] * 500),
    "damaged record": (
        _record,
        lambda: b'{"assignment":"a","student":"b","key":"c","cells":[' + b"1," * 10**6 + b"1]}",
    ),
}


def _bounded(name: str, megabytes: int) -> None:
    """Read one case, with so much memory besides its data."""
    read, make = CASES[name]
    data = make()
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    allowed = pages * os.sysconf("SC_PAGE_SIZE") + megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    with contextlib.suppress(*REFUSALS):
        read(data)


def main() -> None:
    for argument in sys.argv[1:]:
        name, megabytes = argument.split("=")
        child = os.fork()
        if not child:
            _bounded(name, int(megabytes))
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            print(name)


if __name__ == "__main__":
    main()
