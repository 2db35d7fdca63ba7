import itertools

import pytest

from autograder.core.outcome import Outcome
from autograder.records.record import Record
from autograder.running import crash
from autograder.running.crash import settled
from autograder.sandbox.protocol.plan import CellResult, QuestionResult


def record(*crashed):
    cells = [CellResult(id_, Outcome.CRASH if id_ in crashed else Outcome.OK) for id_ in "ab"]
    questions = [
        QuestionResult(id_, Outcome.CRASH if id_ in crashed else Outcome.OK) for id_ in "q"
    ]
    return Record("99_tiny", "ada", "key", cells=tuple(cells), questions=tuple(questions))


def runs(*records):
    """What runs a submission, with these records in turn, and the list of what it was given."""
    coming, given = itertools.cycle(records), []

    def execute(known):
        given.append(known)
        return known or next(coming)

    return execute, given


@pytest.fixture(autouse=True)
def memory_to_spare(monkeypatch):
    monkeypatch.setattr(crash, "kills_for_memory", lambda: 0)


def test_what_does_not_crash_is_run_once():
    execute, given = runs(record())
    assert settled(execute) == record()
    assert len(given) == 1


def test_a_crash_that_does_not_come_back_is_forgotten():
    execute, given = runs(record("a", "q"), record())
    assert settled(execute) == record()
    assert len(given) == 2


def test_a_crash_that_comes_back_is_believed():
    execute, given = runs(record("a"))
    assert settled(execute) == record("a")
    assert len(given) == 2


def test_a_crash_in_another_place_each_time_is_the_submissions_own():
    execute, given = runs(record("a"), record("b"), record("q"), record("a", "b"))
    assert settled(execute) == record("a", "b")
    assert len(given) == 4


def test_a_crash_in_each_run_while_memory_runs_out_is_a_fault_of_ours(monkeypatch):
    killed = itertools.count()
    monkeypatch.setattr(crash, "kills_for_memory", lambda: next(killed))
    execute, given = runs(record("a"))
    found = settled(execute)
    assert len(given) == 4
    assert "fewer workers" in found.infra
    assert (found.student, found.key, found.cells, found.questions) == ("ada", "key", (), ())


def test_a_crash_is_not_believed_while_the_kernel_is_out_of_memory(monkeypatch):
    killed = iter([0, 3, 3, 5, 5])
    monkeypatch.setattr(crash, "kills_for_memory", lambda: next(killed))
    execute, given = runs(record("a"), record("a"), record())
    assert settled(execute) == record()
    assert len(given) == 3


def test_a_known_record_is_believed():
    execute, given = runs(record())
    known = record("a")
    assert settled(execute, known) is known
    assert given == [known]


def test_a_known_record_is_offered_once():
    coming = [record("a"), record()]
    given = []

    def execute(known):
        given.append(known)
        return coming[len(given) - 1]

    assert settled(execute, record("b")) == record()
    assert given == [record("b"), None]


def test_the_kernel_says_how_many_it_has_killed():
    with open("/proc/vmstat") as file:
        told = "oom_kill " in file.read()
    monotonous = [crash.kills_for_memory(), crash.kills_for_memory()]
    assert monotonous == sorted(monotonous)
    assert told or monotonous == [0, 0]
