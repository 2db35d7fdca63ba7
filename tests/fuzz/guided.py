"""The same targets under a fuzzer that is guided by coverage.

atheris is no dependency of the project. In an environment that has it beside the autograder::

    python tests/fuzz/guided.py values CORPUS -max_total_time=600

CORPUS is a directory that the fuzzer reads and adds to; the rest are options of libFuzzer. Whatever
breaks a target is written to ``crash-*``; it belongs into the table of ``test_fuzz_crashers.py``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris

_READERS = ["sandbox", "running", "records", "judging"]

with atheris.instrument_imports(include=[f"autograder.{name}" for name in _READERS]):
    import targets
    from test_fuzz import CELL_REPLY, OUTPUTS, SNAPSHOT_REPLIES, VALUE_REPLY, good_record

    from autograder.sandbox.protocol.values import encode
    from autograder.sandbox.protocol.wire import pack


def _of_json(target: Callable[[Any], object]) -> Callable[[bytes], object]:
    """A target for the JSON that some bytes are, if they are any."""

    def run(data: bytes) -> object:
        try:
            parsed = json.loads(data)
        except (ValueError, RecursionError):
            return None
        return target(parsed)

    return run


TARGETS: dict[str, Callable[[bytes], object]] = {
    "values": _of_json(targets.value),
    "outputs": _of_json(targets.outputs),
    "frames": targets.frames,
    "cells": targets.cell_reply,
    "replies": targets.value_reply,
    "snapshots": targets.snapshot_reply,
    "submissions": targets.submission,
    "records": targets.record,
}
SEEDS: dict[str, Callable[[], bytes]] = {
    "values": lambda: json.dumps(encode(([1, "a"], {"b": 1.5}, 1j))).encode(),
    "outputs": lambda: json.dumps(OUTPUTS).encode(),
    "frames": lambda: pack({"op": "a", "list": [1, 2, {}]}),
    "cells": lambda: pack(CELL_REPLY),
    "replies": lambda: pack(VALUE_REPLY),
    "snapshots": lambda: b"".join(map(pack, SNAPSHOT_REPLIES)),
    "submissions": targets.released,
    "records": lambda: json.dumps(good_record()).encode(),
}


def main() -> None:
    name, corpus, *options = sys.argv[1:]
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seed").write_bytes(SEEDS[name]())
    atheris.Setup([sys.argv[0], corpus, *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
