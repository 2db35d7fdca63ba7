"""All attacks, and where the rows of the list are tested that need a fault of the machine."""

from __future__ import annotations

from attacks import between_runs, endless, fairness, files, forgeries, tampering, thefts

ATTACKS = (
    *endless.ATTACKS,
    *thefts.ATTACKS,
    *forgeries.ATTACKS,
    *tampering.ATTACKS,
    *files.ATTACKS,
    *fairness.ATTACKS,
    *between_runs.ATTACKS,
)

FAULTS_OF_THE_MACHINE = {
    56: "the worker is killed",
    57: "the gradebook is locked",
    58: "the disk is full",
    59: "a power cut half-way",
    60: "no sandbox can be had",
}
"""These are no submissions; ``test_grade.py`` and ``test_sandbox_attacks.py`` make the faults."""

ALL_ROWS = (*range(1, 69), 71)
