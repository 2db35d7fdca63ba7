"""What is said of code that the room has stopped: by which setting, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.core.outcome import Outcome


@dataclass(frozen=True)
class Stop:
    """One way in which code is stopped.

    Attributes
    ----------
    how : str
        What is said of the cell, or of the answer, after its name.
    cell, question : str
        The settings that say when that happens to a cell, and to the cases of one exercise.
    remedy : str
        What whoever wrote the code can do.
    """

    how: str
    cell: str = ""
    question: str = ""
    remedy: str = ""

    @property
    def of_cell(self) -> str:
        """What is said of a cell, with setting and remedy."""
        return self.how + (f" ({self.cell}); {self.remedy}" if self.cell else "")

    @property
    def of_question(self) -> str:
        """What is advised for an answer that was stopped."""
        if not self.question:
            return ""
        remedy = self.remedy[0].upper() + self.remedy[1:]
        return f"{remedy}. What all its cases together may take: the course's {self.question}."


STOPS = {
    Outcome.TIMEOUT: Stop(
        "took too long and was stopped",
        "c.LockedRoom.cell_seconds, and submission_seconds for the whole notebook",
        "c.LockedRoom.question_seconds",
        "look for a loop that does not end, or try it on less",
    ),
    Outcome.MEMORY: Stop(
        "used more memory than there is",
        "c.LockedRoom.memory_bytes",
        "c.LockedRoom.memory_bytes",
        "keep fewer large arrays at a time",
    ),
    Outcome.OUTPUT: Stop(
        "gave more than can be taken",
        "c.LockedRoom.output_bytes",
        remedy="print less, or only the first lines",
    ),
    Outcome.CRASH: Stop("ended the process that it ran in"),
}
