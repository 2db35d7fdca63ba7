"""The run of one submission: in one room after another, until every step has a result."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from autograder.core.errors import SandboxError
from autograder.core.outcome import Outcome
from autograder.sandbox.outside.endings import OutOfTime, RoomEnd, RoomLost, ZygoteDied
from autograder.sandbox.outside.replies import Budget
from autograder.sandbox.outside.session import Session
from autograder.sandbox.outside.snapshot import PendingQuestion
from autograder.sandbox.protocol.plan import (
    Cell,
    CellResult,
    Limits,
    Question,
    QuestionResult,
    RoomReport,
    Step,
)

RoomOpener = Callable[[Limits, int, float], Session]
_Key = tuple[type[Cell] | type[Question], str]

# Who has lost this many rooms may lose more, so time is kept for a last one.
_LOST_BEFORE_TIME_IS_KEPT = 2
_SECONDS_FOR_A_ROOM = 2.0
_SLOWER_NEXT_TIME = 1.5


def _key(step: Step) -> _Key:
    """A cell and a question may have the same id."""
    return type(step), step.id


class SubmissionRun:
    """The steps of a submission, their results so far, and what it may still use.

    Parameters
    ----------
    steps : tuple of Cell and Question
        In the order of the notebook.
    limits : Limits
        What the submission may use.
    open_room : callable
        Has a room made, for some limits, a number of questions and a deadline.
    """

    def __init__(
        self,
        steps: tuple[Step, ...],
        limits: Limits,
        open_room: RoomOpener,
    ) -> None:
        self._open_room = open_room
        self._steps = steps
        self._limits = limits
        self._start = time.monotonic()
        self._deadline = self._start + limits.submission_seconds
        self._results: dict[_Key, CellResult | QuestionResult] = {}
        self._skipped: set[_Key] = set()
        self._budget = limits.output_bytes
        self._answers = Budget.of(limits.answer_bytes)
        self._restarts = -1
        self._ends: list[RoomEnd] = []
        self._at: Step | None = None

    def play(self, guarantees: Mapping[str, str]) -> RoomReport:
        """Play the steps, in as many rooms as it takes.

        Raises
        ------
        ZygoteDied
            If a room was lost for a reason that is not the student's.
        """
        while self._open_steps():
            self._one_room()
        return RoomReport(
            results=tuple(self._results[_key(step)] for step in self._steps),
            guarantees=guarantees,
            restarts=max(0, self._restarts),
            seconds=time.monotonic() - self._start,
            cpu_seconds=sum(end.cpu_seconds for end in self._ends),
            peak_bytes=max((end.peak_bytes for end in self._ends), default=0),
        )

    def _one_room(self) -> None:
        """Play all that is open in one room, or as much as comes before the room is lost."""
        if self._seconds_left() <= 0:
            self._give_up()
            return
        self._restarts += 1
        session = self._open_room(self._limits, len(self._open_questions()), self._deadline)
        try:
            self._at = None
            self._play(session)
        except OutOfTime:
            self._give_up()
        except RoomLost as lost:
            end = self._end(session)
            if end.outcome or not lost.blameless:
                self._blame(end.outcome or lost.outcome, lost.result)
            return
        except BaseException:
            self._end(session)
            raise
        self._end(session)

    def _end(self, session: Session) -> RoomEnd:
        try:
            end = session.end()
        except SandboxError as error:
            raise ZygoteDied(str(error)) from None
        self._ends.append(end)
        return end

    def _play(self, session: Session) -> None:
        pending: list[PendingQuestion] = []
        session.watch(sorted({step.watch for step in self._open_questions() if step.watch}))
        # What comes after the last step that is still open need not be repeated.
        until = self._steps.index(self._open_steps()[-1]) + 1
        for step in self._steps[:until]:
            self._at = step
            if isinstance(step, Cell):
                self._play_cell(session, step)
            elif _key(step) not in self._results:
                reply = self._put(session, step)
                if isinstance(reply, PendingQuestion):
                    pending.append(reply)
                else:
                    self._results[_key(step)] = reply
        # From here on hidden inputs are in the room, and no output of a cell is taken.
        for waiting in pending:
            self._at = waiting.question
            self._results[_key(waiting.question)] = session.answer(waiting, self._answers)

    def _open_steps(self) -> list[Step]:
        return [step for step in self._steps if _key(step) not in self._results]

    def _open_questions(self) -> list[Question]:
        return [step for step in self._open_steps() if isinstance(step, Question)]

    def _put(self, session: Session, question: Question) -> PendingQuestion | QuestionResult:
        """Put a question. A value needs no hidden input, so it is read at once."""
        if question.calls is None:
            return session.read(question, self._answers)
        return session.ask(question)

    def _play_cell(self, session: Session, cell: Cell) -> None:
        before = self._results.get(_key(cell))
        if _key(cell) in self._skipped:
            return
        most = self._seconds_left() - (self._kept_seconds() if before is None else 0.0)
        if before is None and self._restarts and most <= 0:
            self._skipped.add(_key(cell))
            self._results[_key(cell)] = CellResult(cell.id, Outcome.TIMEOUT)
            return
        result, used = session.run_cell(cell, self._budget, most)
        if result.outcome is Outcome.TIMEOUT:
            self._skipped.add(_key(cell))
        if before is None:
            self._budget -= used
            self._results[_key(cell)] = result

    def _seconds_left(self) -> float:
        return self._deadline - time.monotonic()

    def _kept_seconds(self) -> float:
        """How much time a cell may not touch: what repeating the others would take."""
        if self._restarts < _LOST_BEFORE_TIME_IS_KEPT:
            return 0.0
        known = [self._results.get(_key(s)) for s in self._steps if _key(s) not in self._skipped]
        seconds = sum(result.seconds for result in known if isinstance(result, CellResult))
        return _SECONDS_FOR_A_ROOM + _SLOWER_NEXT_TIME * seconds

    def _blame(self, outcome: Outcome, result: QuestionResult | None) -> None:
        """Write down that the step at hand took the room with it."""
        step = self._at
        if step is None:
            raise ZygoteDied("a room was lost before its first step")
        key = _key(step)
        self._skipped.add(key)
        if result is not None:
            complete = result.outcome is Outcome.OK
            self._results[key] = result if complete else replace(result, outcome=outcome)
        elif isinstance(step, Question):
            self._results[key] = QuestionResult(step.id, outcome)
        else:
            before = self._results.get(key)
            outputs = before.outputs if isinstance(before, CellResult) else ()
            self._results[key] = CellResult(step.id, outcome, outputs)

    def _give_up(self) -> None:
        """Say of every step that is still open that the time was over before it."""
        for step in self._open_steps():
            kind = CellResult if isinstance(step, Cell) else QuestionResult
            self._results[_key(step)] = kind(step.id, Outcome.TIMEOUT)
