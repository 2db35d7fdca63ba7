"""What lies beside a notebook, for the room in which it runs."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from autograder.core.errors import RefusedError


def files_beside(folder: Path, most_bytes: int) -> dict[str, bytes]:
    """Plain files in the folder of a notebook, for the room.

    Links, pipes and devices are passed over, and so is what lies behind a linked folder.

    Raises
    ------
    RefusedError
        If they are too large together.
    """
    found: dict[str, bytes] = {}
    total = 0
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(root, name)
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or path.suffix == ".ipynb":
                continue
            total += status.st_size
            if total > most_bytes:
                raise RefusedError(
                    f"the files beside the notebook are larger than {most_bytes} bytes together"
                )
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found
