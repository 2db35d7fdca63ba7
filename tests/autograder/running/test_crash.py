import itertools
import time

import pytest

from autograder.core.outcome import Outcome
from autograder.records.record import Record
from autograder.running import crash
from autograder.running.crash import settled
from autograder.sandbox.protocol.plan import CellResult, QuestionResult


def record(*crashed, late="", seconds=0.0, restarts=0):
    def outcome(id_):
        return Outcome.CRASH if id_ in crashed else Outcome.TIMEOUT if id_ in late else Outcome.OK

    return Record(
        "99_tiny",
        "ada",
        "key",
        cells=tuple(CellResult(id_, outcome(id_)) for id_ in "ab"),
        questions=(QuestionResult("q", outcome("q")),),
        seconds=seconds,
        restarts=restarts,
    )


def runs(*records):
    """What runs a submission, with these records in turn, and the list of the times it got."""
    coming, given = itertools.cycle(records), []

    def execute(seconds):
        given.append(seconds)
        return next(coming)

    return execute, given


@pytest.fixture(autouse=True)
def memory_to_spare(monkeypatch):
    monkeypatch.setattr(crash, "kills_for_memory", lambda: 0)


def test_what_does_not_crash_is_run_once():
    execute, given = runs(record())
    assert settled(execute, 99.0) == record()
    assert len(given) == 1


def test_a_crash_that_does_not_come_back_is_forgotten():
    execute, given = runs(record("a", "q"), record())
    assert settled(execute, 99.0) == record()
    assert len(given) == 2


def test_a_crash_that_comes_back_is_believed():
    execute, given = runs(record("a"))
    assert settled(execute, 99.0) == record("a")
    assert len(given) == 2


def test_a_crash_in_another_place_each_time_is_the_submissions_own():
    execute, given = runs(record("a"), record("b"), record("q"), record("a", "b"))
    assert settled(execute, 99.0) == record("a", "b")
    assert len(given) == 4


def test_a_crash_in_each_run_while_memory_runs_out_is_a_fault_of_ours(monkeypatch):
    killed = itertools.count()
    monkeypatch.setattr(crash, "kills_for_memory", lambda: next(killed))
    execute, given = runs(record("a"))
    found = settled(execute, 99.0)
    assert len(given) == 4
    assert "fewer workers" in found.infra
    assert (found.student, found.key, found.cells, found.questions) == ("ada", "key", (), ())


def test_a_crash_is_not_believed_while_the_kernel_is_out_of_memory(monkeypatch):
    killed = iter([0, 3, 3, 5, 5])
    monkeypatch.setattr(crash, "kills_for_memory", lambda: next(killed))
    execute, given = runs(record("a"), record("a"), record())
    assert settled(execute, 99.0) == record()
    assert len(given) == 3


def test_the_kernel_says_how_many_it_has_killed():
    with open("/proc/vmstat") as file:
        told = "oom_kill " in file.read()
    monotonous = [crash.kills_for_memory(), crash.kills_for_memory()]
    assert monotonous == sorted(monotonous)
    assert told or monotonous == [0, 0]


def slow_runs(seconds, *records):
    """Like `runs`; each takes some time, and the list is of what it was allowed."""
    coming, allowed = iter(records), []

    def execute(most_seconds):
        allowed.append(most_seconds)
        time.sleep(seconds)
        return next(coming)

    return execute, allowed


def test_all_runs_share_one_limit_of_time():
    execute, allowed = slow_runs(0.1, record("a"), record("a"))
    assert settled(execute, 9.0) == record("a")
    assert allowed[0] == pytest.approx(9.0, abs=0.05)
    assert allowed[1] == pytest.approx(8.9, abs=0.05)


def test_there_is_no_second_run_that_could_not_come_to_its_end():
    """It takes about as long as the first, without what was repeated there."""
    first = record("a", seconds=0.2, restarts=1)
    execute, allowed = slow_runs(0.2, first)
    assert settled(execute, 0.25) == first
    assert len(allowed) == 1


def test_there_is_one_where_the_first_was_long_for_its_crash_alone():
    execute, allowed = slow_runs(0.2, record("a", seconds=0.2, restarts=1), record())
    assert settled(execute, 0.35) == record()
    assert len(allowed) == 2


def test_a_run_that_is_cut_short_says_nothing():
    for second in (record(late="bq"), record("a", late="bq"), record("b", late="q")):
        execute, allowed = slow_runs(0.0, record("a", "q"), second)
        assert settled(execute, 9.0) == record("a", "q")
        assert len(allowed) == 2


def test_what_is_late_in_both_runs_was_not_cut_short():
    execute, allowed = slow_runs(0.0, record("a", late="b"), record("a", late="b"))
    assert settled(execute, 9.0) == record("a", late="b")
    assert len(allowed) == 2


def test_memory_that_ran_out_is_a_fault_of_ours_where_no_time_is_left(monkeypatch):
    killed = itertools.count()
    monkeypatch.setattr(crash, "kills_for_memory", lambda: next(killed))
    execute, allowed = slow_runs(0.2, record("a", seconds=0.2))
    assert "fewer workers" in settled(execute, 0.25).infra
    assert len(allowed) == 1
