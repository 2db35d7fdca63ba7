"""What a room is: the plan that it is built by, and what its guard knows of it."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.sandbox.protocol.plan import Limits
from autograder.sandbox.walls.exposure import Exposure
from autograder.sandbox.walls.mechanisms import Mechanisms


@dataclass(frozen=True)
class Blueprint:
    """All that is needed to build a room.

    Attributes
    ----------
    questions : int
        How many snapshots may wait in the room.
    workshop : str
        A directory of this zygote's own: the new root is mounted on it, or the scratch space
        is made in it.
    user : int
        A user id that no other room of this machine has, for mechanisms with `own_user`.
    beside : str
        A folder of files that lie beside the notebook, in the workshop; or "".
    leavings : str
        Where to keep what the room leaves in its scratch space; or "".
    """

    mechanisms: Mechanisms
    exposure: Exposure
    limits: Limits
    questions: int
    workshop: str
    user: int
    beside: str = ""
    leavings: str = ""


@dataclass(frozen=True)
class Room:
    """What a guard knows about the room it watches.

    Attributes
    ----------
    zygote : int
        Id of the process that forked the guard.
    first : int
        Id of the room's first process, a child of the guard.
    student : int
        Descriptor that stands for the process that runs the student's cells.
    pid_namespace : bool
        Whether the first process takes all others with it when it dies.
    scratch : str or None
        Scratch directory on the machine's own file system, if the room has such a one.
    home : int or None
        Descriptor of the folder that the notebook runs in, if what is left there is kept.
    """

    zygote: int
    first: int
    student: int
    pid_namespace: bool
    scratch: str | None
    limits: Limits
    home: int | None = None
    beside: str = ""
    leavings: str = ""
