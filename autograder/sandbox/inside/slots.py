"""Places in the process table that are kept for snapshots.

A cell may leave processes behind that fork for ever and fill every place they can get. The soft
limit holds them, and the student's process may go beyond it, up to the hard one, when it forks a
snapshot.
"""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator


class KeptSlots:
    """Raises this process's own limit for the moment in which it makes a snapshot."""

    def __init__(self) -> None:
        self._soft, self._hard = resource.getrlimit(resource.RLIMIT_NPROC)

    @contextlib.contextmanager
    def one_more(self, alive: int) -> Iterator[None]:
        """Let this process fork once; after that, its limit is as before.

        The limit applies in the parent and in the fork.

        Parameters
        ----------
        alive : int
            How many snapshots there will be, so that they take no place from the student's code.
        """
        self._limit(self._hard)
        try:
            yield
        finally:
            self._limit(min(self._soft + alive, self._hard))

    def _limit(self, soft: int) -> None:
        # Student code may have lowered the hard limit, for itself and for its snapshots.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NPROC, (soft, self._hard))
