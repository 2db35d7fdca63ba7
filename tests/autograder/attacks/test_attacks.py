"""Every attack of the list against the real command line, in a class with honest submissions.

A class is graded once for each set of mechanisms, and each submission is looked at by a test of its
own. Usually these are the strongest and the weakest set; with ``ATTACK_SETS=all`` in the
environment all six are tried, which only root can do.
"""

from __future__ import annotations

import fcntl
import os
import warnings
from collections import Counter
from pathlib import Path

import pytest

from attacks import write_table
from attacks.attack import Attack
from attacks.classroom import HONEST, WORKERS, Graded, deserved, grade_class, release_once
from attacks.sets import NO_WALLS, SETS, MechanismSet, chosen
from attacks.table import ALL_ROWS, ATTACKS, FAULTS_OF_THE_MACHINE
from autograder.core.outcome import Outcome
from autograder.sandbox.protocol.plan import Limits

pytestmark = pytest.mark.long

PUBLISHED = Path(__file__).parents[3] / "docs" / "attacks.md"
# Each gets what it looks for where there are no walls, and does no harm.
HARMLESS_THEFTS = (
    "reads-hidden-tests",
    "reads-other-files",
    "network",
    "zygote",
    "held-back-digits",
)


def graded_once(
    shared: Path, mechanisms: MechanismSet, attacks: tuple[Attack, ...] = ATTACKS
) -> Graded:
    """The graded class of a set: graded by the first who asks, even if several processes test."""
    kept = shared / f"{mechanisms}.json"
    with open(shared / f"{mechanisms}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with open(shared / "release.lock", "w") as release_lock:
                fcntl.flock(release_lock, fcntl.LOCK_EX)
                if not (shared / "released").exists():
                    release_once(shared / "released")
            grade_class(shared / "released", mechanisms, attacks).save(kept)
    return Graded.load(kept)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A folder for all processes of this test run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "attacks"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module", params=chosen(), ids=str)
def mechanisms(request):
    return request.param


@pytest.fixture(scope="module")
def graded(mechanisms, shared):
    """The class, graded behind a set of mechanisms; skips, loudly, where there is no such set."""
    reason = mechanisms.lacking()
    if not reason:
        found = graded_once(shared, mechanisms)
        reason = mechanisms.not_held(found.guarantees)
    if reason:
        warnings.warn(f"attacks not tried behind {mechanisms}: {reason}", stacklevel=2)
        pytest.skip(f"no {mechanisms}: {reason}")
    return found


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gets_what_it_deserves(graded, mechanisms, attack):
    if attack.for_root and os.geteuid() != 0:
        pytest.skip("only root can hand this in")
    verdict = graded.verdicts[attack.student]
    assert verdict["outcome"] in attack.outcomes(namespaces=mechanisms.namespaces), told(verdict)
    if attack.outcome is Outcome.REFUSED:
        assert verdict["score"] is None
    elif attack.lost is not None:
        scores = {each["exercise"]: each["score"] for each in verdict["exercises"]}
        full = {each["exercise"]: each["points"] for each in verdict["exercises"]}
        assert scores == full | dict.fromkeys(attack.lost, 0)
    assert attack.says in told(verdict)
    assert graded.leaks[attack.student] == []
    assert graded.gradebook[attack.student] == verdict["score"]
    if attack.finds_nothing:
        assert graded.printed[attack.student] == ["got: []"]


def told(verdict):
    """All that is said about a submission."""
    exercises = verdict["exercises"]
    words = [*verdict["remarks"], *(each["advice"] for each in exercises)]
    words += [line["message"] for each in exercises for line in each["lines"]]
    return "\n".join(filter(None, words))


@pytest.mark.parametrize("student", HONEST)
def test_the_honest_are_not_touched(graded, student):
    verdict = graded.verdicts[student]
    assert verdict["outcome"] == ("WRONG" if student == "honest-chaff" else "OK")
    assert verdict["score"] == graded.gradebook[student] == deserved(student)
    assert graded.leaks[student] == []


def test_the_machine_is_not_touched(graded):
    assert graded.harm == []
    # Without namespaces the scratch space is watched, not sized: leave the watcher some time.
    assert graded.most_scratch <= 4 * WORKERS * Limits().file_bytes


def test_the_run_ends_as_it_should(graded):
    assert graded.exit_code == 3
    assert "Traceback" not in graded.stderr
    assert Outcome.INFRA not in {verdict["outcome"] for verdict in graded.verdicts.values()}


def test_without_walls_the_same_thefts_succeed(shared):
    thefts = tuple(attack for attack in ATTACKS if attack.name in HARMLESS_THEFTS)
    graded = graded_once(shared, NO_WALLS, thefts)
    for attack in thefts:
        (line,) = graded.printed[attack.student]
        assert line != "got: []"
    assert len([harm for harm in graded.harm if harm.startswith("talked to")]) == 4


def test_every_row_of_the_list_is_covered():
    covered = {row for attack in ATTACKS for row in attack.rows}
    assert covered | set(FAULTS_OF_THE_MACHINE) == set(ALL_ROWS)
    assert covered.isdisjoint(FAULTS_OF_THE_MACHINE)
    names = Counter(attack.student for attack in ATTACKS)
    assert names.most_common(1)[0][1] == 1


def test_the_published_table_is_complete():
    lines = PUBLISHED.read_text().splitlines()
    assert write_table.HEADER in lines
    for attack in ATTACKS:
        start = write_table.beginning(attack)
        (line,) = [line for line in lines if line.startswith(start)]
        cells = line.removeprefix(start).strip("| ").split(" | ")
        assert len(cells) == len(SETS)
        for cell, each in zip(cells, SETS, strict=True):
            assert cell.split()[0] in attack.outcomes(namespaces=each.namespaces)
    for row, what in FAULTS_OF_THE_MACHINE.items():
        assert any(line.startswith(f"| {row} | {what}") for line in lines)
