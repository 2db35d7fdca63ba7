"""The sets of mechanisms behind which a class is graded, and who grades it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.walls import bubblewrap

ORDINARY_USER = 4242
_REVEAL = Path(__file__).parent.parent / "sandbox" / "reveal.py"


@dataclass(frozen=True)
class MechanismSet:
    """Who grades, and with which ``--sandbox``."""

    grader: str
    sandbox: str

    def __str__(self) -> str:
        return f"{self.grader}, {self.sandbox}"

    @property
    def user(self) -> int | None:
        """The user to become, None for whoever runs the tests."""
        return ORDINARY_USER if self.grader == "user" and os.geteuid() == 0 else None

    @property
    def launcher(self) -> list[str]:
        """What to put before the command, so that the grader is this user.

        Root too may have an interpreter that rooms without namespaces could not read.
        """
        if os.geteuid() != 0:
            return []
        become = ["--user", str(self.user)] if self.user is not None else []
        return [sys.executable, str(_REVEAL), *become]

    @property
    def namespaces(self) -> bool:
        """Whether its rooms have namespaces."""
        return self.sandbox in ("auto", "no-bubblewrap")

    def lacking(self) -> str:
        """Why this machine cannot have the set, as far as that is known before, or ""."""
        if self.grader == "root" and os.geteuid() != 0:
            return "the tests are not run by root"
        if self.sandbox == "auto" and bubblewrap.find() is None:
            return "this machine has no bwrap"
        return ""

    def not_held(self, guarantees: Mapping[str, str]) -> str:
        """What of the set was not in use when a room gave these guarantees, or ""."""
        named = " ".join(guarantees.values())
        if self.namespaces and "namespace" not in named:
            return "this machine allows no namespaces"
        if self.sandbox == "auto" and "bubblewrap" not in named:
            return "bwrap does not work here"
        return ""


SETS = tuple(
    MechanismSet(grader, sandbox)
    for sandbox in ("auto", "no-bubblewrap", "no-namespaces")
    for grader in ("root", "user")
)
STRONGEST = MechanismSet("root" if os.geteuid() == 0 else "user", "auto")
WEAKEST = MechanismSet("user", "no-namespaces")
NO_WALLS = MechanismSet("user", "none")


def chosen() -> tuple[MechanismSet, ...]:
    """The strongest and the weakest set, or all with ``ATTACK_SETS=all`` in the environment."""
    return SETS if os.environ.get("ATTACK_SETS") == "all" else (STRONGEST, WEAKEST)
