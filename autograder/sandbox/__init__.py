"""The locked room in which student code runs.

A `Zygote` has loaded the packages once. For each submission it forks a room: a process behind
walls that runs the notebook's cells and answers questions about what they defined. What comes
out is plain data in a `RoomReport`.
"""

from autograder.sandbox.errors import SandboxError
from autograder.sandbox.examine import Guarantee, examine
from autograder.sandbox.plan import (
    Answer,
    Call,
    Cell,
    CellResult,
    Limits,
    Question,
    QuestionResult,
    RoomReport,
    Step,
)
from autograder.sandbox.values import DecodeError, Other, decode, encode
from autograder.sandbox.walls import GUARANTEES, Walls
from autograder.sandbox.zygote import Zygote

__all__ = [
    "GUARANTEES",
    "Answer",
    "Call",
    "Cell",
    "CellResult",
    "DecodeError",
    "Guarantee",
    "Limits",
    "Other",
    "Question",
    "QuestionResult",
    "RoomReport",
    "SandboxError",
    "Step",
    "Walls",
    "Zygote",
    "decode",
    "encode",
    "examine",
]
