"""What is written below Python's streams: by programs that a cell starts, and by compiled code."""

from __future__ import annotations

import contextlib
import os
import tempfile

STDOUT, STDERR = 1, 2
_NAMES = {STDOUT: "stdout", STDERR: "stderr"}


class LowOutput:
    """Stands behind descriptors 1 and 2: files without a name, which the room's limits bound."""

    def __init__(self) -> None:
        for descriptor in _NAMES:
            with tempfile.TemporaryFile() as file:
                os.dup2(file.fileno(), descriptor)

    def take(self, most_bytes: int) -> dict[str, str]:
        """The text written since the last time, by the name of its stream.

        Parameters
        ----------
        most_bytes : int
            What is beyond it is lost.
        """
        taken = {}
        for descriptor, name in _NAMES.items():
            # Student code may have closed the descriptor, or put another file behind it.
            with contextlib.suppress(OSError):
                if os.fstat(descriptor).st_size:
                    raw = os.pread(descriptor, most_bytes, 0)
                    taken[name] = raw.decode("utf-8", "replace")
                    os.ftruncate(descriptor, 0)
                    os.lseek(descriptor, 0, os.SEEK_SET)
        return taken

    @staticmethod
    def silence() -> None:
        """Have nothing more come here from this process."""
        with open(os.devnull, "wb") as null:
            for descriptor in _NAMES:
                os.dup2(null.fileno(), descriptor)
