"""What goes into the locked room and what comes out: plain data, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.core.outcome import Outcome


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Times in seconds of wall clock, sizes in bytes.

    Attributes
    ----------
    cell_seconds, question_seconds
        For one cell, and for all the calls of one question together.
    submission_seconds
        For everything: repeats after a killed cell, and further runs after a crash, included.
    memory_bytes
        For all processes of the submission together.
    output_bytes
        For what all cells together print and display.
    answer_bytes
        For the answers of one question. Those of all questions together may take four times
        as much.
    file_bytes
        For all files in the scratch space together.
    data_bytes
        For all files that lie beside the notebook together.
    """

    cell_seconds: float = 20.0
    question_seconds: float = 10.0
    submission_seconds: float = 180.0
    memory_bytes: int = 2 << 30
    output_bytes: int = 1 << 20
    answer_bytes: int = 16 << 20
    file_bytes: int = 64 << 20
    processes: int = 64
    data_bytes: int = 256 << 20


COMMON_MODULES = (
    "numpy",
    "scipy.signal",
    "scipy.ndimage",
    "scipy.spatial.distance",
    "matplotlib.pyplot",
    "matplotlib.font_manager",
    "matplotlib_inline.backend_inline",
)


@dataclass(frozen=True)
class Packages:
    """What rooms have loaded before a submission comes.

    Attributes
    ----------
    library : tuple of str
        Modules of the course's own packages. They have to be there, and rooms can read those
        packages wherever they are installed.
    common : tuple of str
        Modules that are loaded where they are installed, to save each room the time.
    """

    library: tuple[str, ...] = ()
    common: tuple[str, ...] = COMMON_MODULES

    @property
    def own(self) -> tuple[str, ...]:
        """The course's own packages.

        Examples
        --------
        >>> Packages(("plots", "plots.lines")).own
        ('plots',)
        """
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.library))


@dataclass(frozen=True)
class Cell:
    """A code cell to run for its effect and its output."""

    id: str
    source: str


@dataclass(frozen=True)
class Call:
    """One call of the student's function: arguments in, answer out."""

    id: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Question:
    """Calls of the function that the notebook has bound to `target` at this point.

    Questions are told apart by identity: one object may be asked of many submissions.

    Attributes
    ----------
    calls : tuple of Call or None
        With None the value of `target` itself is the answer, under the id ``"value"``.
    watch : tuple of str
        Dotted names of library callables (``"scipy.signal.*"`` for a whole module); those that
        the student's function reaches are reported.
    use : str
        Source of a function ``use(answer, *args, **kwargs)`` that is called instead of `target`.
    probes : tuple of Call
        Calls whose answers are dropped: how much more often a line runs in each of them than in
        the first is reported.
    """

    id: str
    target: str
    calls: tuple[Call, ...] | None = None
    watch: tuple[str, ...] = ()
    use: str = ""
    probes: tuple[Call, ...] = ()


Step = Cell | Question

LONGEST_MESSAGE = 300
"""Characters of what an exception says that are kept."""


@dataclass(frozen=True)
class CellResult:
    """How a cell ended, and its outputs in nbformat's form (v4, as plain dicts).

    A cell that raised has outcome OK here: its error is one of its outputs.

    Attributes
    ----------
    error : str
        Name of the exception that ended the cell, whether it was shown or not; or "".
    """

    id: str
    outcome: Outcome
    outputs: tuple[dict[str, Any], ...] = ()
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True)
class Answer:
    """What one call gave: an encoded value (see `protocol.values`), or an exception.

    Attributes
    ----------
    call : str
        Id of the call.
    value : dict or None
        Encoded value; None if the call raised.
    raised : str or None
        Name of a built-in exception class; the class of the student's own making is reported
        as the nearest built-in one.
    line : int or None
        Line of the student's cell that raised.
    message : str
        The first line of what the exception says, cut.  It may tell of the inputs, which are no
        other run's.
    """

    call: str
    value: dict[str, Any] | None = None
    raised: str | None = None
    line: int | None = None
    message: str = ""


@dataclass(frozen=True)
class QuestionResult:
    """How a question ended. Calls that were not reached have no answer.

    Attributes
    ----------
    bound : bool
        Whether the notebook had bound the target at all.
    reached : tuple of str
        Watched library callables that were called.
    growth : tuple of int or None
        One for each probe but the first; None where it could not be measured.
    """

    id: str
    outcome: Outcome
    bound: bool = True
    answers: tuple[Answer, ...] = ()
    reached: tuple[str, ...] = ()
    growth: tuple[int, ...] | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class RoomReport:
    """All that came out of the locked room for one submission.

    Attributes
    ----------
    guarantees : dict
        Guarantee -> mechanism that gave it, for this very run.
    restarts : int
        How often the room was started again because a cell had to be killed.
    cpu_seconds, peak_bytes
        As the kernel accounted for the room's processes.
    lost : tuple of str
        A line on each file that the notebook wrote and that was not kept.
    """

    results: tuple[CellResult | QuestionResult, ...]
    guarantees: Mapping[str, str]
    restarts: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    lost: tuple[str, ...] = ()
