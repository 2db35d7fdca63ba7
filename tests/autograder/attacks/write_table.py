"""Grade the class of attacks behind every set of mechanisms, and write ``docs/attacks.md``.

    cd tests/autograder && PYTHONPATH=../.. python -m attacks.write_table [FOLDER]

Only root can try all sets. With a folder, results are kept there and not made again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from attacks.attack import Attack
from attacks.classroom import Graded, deserved, grade_class, release_once
from attacks.sets import SETS, MechanismSet
from attacks.table import ATTACKS, FAULTS_OF_THE_MACHINE

DOCUMENT = Path(__file__).parents[3] / "docs" / "attacks.md"
HEADER = "| # | attack | " + " | ".join(map(str, SETS)) + " |"
_INTRODUCTION = """\
# Attacks

What submissions may try, and what came of it. Each line is a submission of one class of
`02_convolution`, graded by `autograder grade`, once for each set of mechanisms: as root and as an
ordinary user, with all that the machine offers (`auto`), without bubblewrap (`no-bubblewrap`), and
without namespaces (`no-namespaces`), as in most containers. Everything else in the submission is
right, so {points:g} points say that the attack cost nothing and gained nothing. REFUSED has no
score: a person must look. Three honest submissions in the same class got exactly what they deserve,
and nothing was left on the machine.

What `no-namespaces` cannot hide is that a path or a process exists: Landlock refuses to open it,
but not to ask for its size or its time. Namespaces do hide it, and so does, for a grader that is
root, a course directory that only root may enter.

`make test-long` tries the strongest and the weakest set, and all of them with
`ATTACK_SETS=all`. This page is written by `attacks/write_table.py` from a real run.

"""
_FAULTS = """
These are faults of the machine, not submissions: `tests/autograder/grading/test_grade.py` and
`tests/autograder/sandbox` make them happen. The outcome is INFRA, never a score, or the run is
taken up again where it stopped.

| # | fault |
|---|---|
"""


def beginning(attack: Attack) -> str:
    """How the line of an attack begins."""
    rows = ", ".join(map(str, attack.rows))
    return f"| {rows} | {attack.what} | "


def _result(attack: Attack, graded: Graded) -> str:
    verdict = graded.verdicts[attack.student]
    score = verdict["score"]
    return verdict["outcome"] + (f" {score:g}" if score is not None else "")


def page(classes: Mapping[MechanismSet, Graded]) -> str:
    """The document."""

    def lines() -> Iterator[str]:
        yield HEADER
        yield "|---" * (2 + len(SETS)) + "|"
        for attack in sorted(ATTACKS, key=lambda attack: attack.rows):
            cells = " | ".join(_result(attack, classes[each]) for each in SETS)
            yield f"{beginning(attack)}{cells} |"

    introduction = _INTRODUCTION.format(points=deserved("honest-wheat-1"))
    faults = "\n".join(f"| {row} | {what} |" for row, what in FAULTS_OF_THE_MACHINE.items())
    return introduction + "\n".join(lines()) + "\n" + _FAULTS + faults + "\n"


def main(folder: Path) -> None:
    """Grade what has not been graded, and write the document."""
    released = folder / "released"
    if not released.exists():
        release_once(released)
    classes = {}
    for mechanisms in SETS:
        kept = folder / f"{mechanisms}.json"
        if not kept.exists():
            graded = grade_class(released, mechanisms)
            if reason := mechanisms.lacking() or mechanisms.not_held(graded.guarantees):
                raise SystemExit(f"{mechanisms}: {reason}")
            graded.save(kept)
        classes[mechanisms] = Graded.load(kept)
    DOCUMENT.write_text(page(classes))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
