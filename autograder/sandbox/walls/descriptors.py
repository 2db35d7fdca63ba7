"""Open files that a process inherits: a way around every other wall."""

from __future__ import annotations

import os


def keep_only(descriptors: set[int]) -> None:
    """Close everything but the standard streams and `descriptors`."""
    low = 3
    for descriptor in sorted(descriptors):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))
