"""Letting an unsolved notebook run from top to bottom."""

from __future__ import annotations

from types import TracebackType


class waiting_for:
    """Run a block that needs a student's answer; say so in one line while it is missing.

    Parameters
    ----------
    *names : str
        Functions and values that the block uses.
    what : str
        What the block shows, as the subject of the line that is printed.

    Notes
    -----
    Only two things are held back: a ``NotImplementedError``, and any error while one of `names`
    is still ``...``.

    Examples
    --------
    >>> def correlate2d(x, k):
    ...     raise NotImplementedError
    >>> with waiting_for("correlate2d"):
    ...     correlate2d([[1]], [[1]])
    This picture appears once correlate2d is done.
    """

    def __init__(self, *names: str, what: str = "This picture") -> None:
        self._names = names
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None or trace is None or not isinstance(error, Exception):
            return False
        missing = self._missing(error, trace)
        if not missing:
            return False
        verb = "is" if len(missing) == 1 else "are"
        print(f"{self._what} appears once {_enumerate(missing)} {verb} done.")
        return True

    def _missing(self, error: Exception, trace: TracebackType) -> list[str]:
        """Which names the block is waiting for; none if the error has another reason."""
        frame = trace.tb_frame
        scope = {**frame.f_globals, **frame.f_locals}
        undone = {name for name in self._names if scope.get(name) is Ellipsis}
        if isinstance(error, NotImplementedError):
            step: TracebackType | None = trace
            while step is not None:
                undone.add(step.tb_frame.f_code.co_name)
                step = step.tb_next
            return [name for name in self._names if name in undone] or list(self._names)
        return [name for name in self._names if name in undone]


def _enumerate(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
