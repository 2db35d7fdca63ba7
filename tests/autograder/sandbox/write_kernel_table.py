"""Write ``docs/as-a-kernel.md`` from the rows that `test_as_a_kernel.py` tries.

python -m tests.autograder.sandbox.write_kernel_table
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.autograder.sandbox.kernel_rows import GROUPS, Row

DOCUMENT = Path(__file__).parents[3] / "docs" / "as-a-kernel.md"
_INTRODUCTION = """\
# A room, and a kernel

What notebooks do beyond plain Python, tried in a real ipykernel and in a real room. Where nothing
stands in the columns both show the same: outputs, values, errors. Where they differ, it is because
of the walls, or because nobody looks on and the rest of the cell counts. This page is written by
`tests/autograder/sandbox/write_kernel_table.py`; `test_as_a_kernel.py` runs every line.

Some things hold for *answers*, which a fork of the process gives at the end of the notebook:

- No loop runs while a question is answered. `asyncio.run` works in a function then, though it is
  an error in a cell.
- `input()` is an `EOFError`.
- Pools of threads and processes that the notebook has made start workers of their own. A thread
  that the notebook has started by itself is not there.
- A question is about what the notebook had bound where it stands, modules and their constants
  included. Files are as the last cell left them.

"""


def _line(row: Row) -> str:
    return f"| {row.what} | {row.kernel} | {row.room} | {row.why} |"


def page() -> str:
    """The document."""

    def lines() -> Iterator[str]:
        for title, rows in GROUPS.items():
            yield f"## {title}\n"
            yield "| what is tried | a kernel | a room | why |\n|---|---|---|---|"
            yield from map(_line, rows)
            yield ""

    return _INTRODUCTION + "\n".join(lines())


if __name__ == "__main__":
    DOCUMENT.write_text(page())
