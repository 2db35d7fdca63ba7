"""Cells and questions that take the room with them cost themselves, however many there are."""

from dataclasses import replace

import pytest

from autograder.sandbox.outside.session import Session
from autograder.sandbox.protocol.plan import Call, Cell, Limits, Question
from autograder.sandbox.protocol.values import decode

LIMITS = Limits(
    cell_seconds=5.0, question_seconds=5.0, submission_seconds=60.0, memory_bytes=512 << 20
)
DIES = "import os; os._exit(1)"
# An interrupt does not stop it, so its room has to go.
HANGS = "while True:\n  try:\n    while True: pass\n  except KeyboardInterrupt: pass"
EATS = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(b"x" * (40 << 20))
        time.sleep(30)
        os._exit(0)
time.sleep(30)
"""
CALL = (Call("1", (1,)),)


def outcomes(report):
    return [str(result.outcome) for result in report.results]


def value(question):
    return decode(question.answers[0].value, max_bytes=1 << 20)


def text(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def test_every_other_cell_runs_and_every_question_is_asked(strong):
    steps = [Cell("define", "n = 0\ndef f(x): return x + n")]
    for k in range(8):
        steps.append(Cell(f"dies-{k}", DIES))
        steps.append(Cell(f"counts-{k}", "n += 1; print(n)"))
        steps.append(Question(f"q-{k}", "f", CALL))
    report = strong.run(steps, LIMITS)
    assert outcomes(report) == ["OK", *["CRASH", "OK", "OK"] * 8]
    assert [text(cell) for cell in report.results[2::3]] == [f"{n}\n" for n in range(1, 9)]
    assert [value(question) for question in report.results[3::3]] == list(range(2, 10))
    assert report.restarts == 8


@pytest.mark.parametrize(("kills", "outcome"), [(EATS, "MEMORY"), (HANGS, "TIMEOUT")])
def test_so_it_is_for_those_that_use_too_much(strong, kills, outcome):
    steps = [Cell("define", "def f(x): return x + 1")]
    for k in range(5):
        steps += [Cell(f"kills-{k}", kills), Question(f"q-{k}", "f", CALL)]
    limits = replace(LIMITS, memory_bytes=200 << 20, cell_seconds=0.4)
    if outcome == "MEMORY":
        limits = replace(limits, cell_seconds=20.0)
    report = strong.run([*steps, Cell("last", "print('ran')")], limits)
    assert outcomes(report) == ["OK", *[outcome, "OK"] * 5, "OK"]
    assert [value(question) for question in report.results[2:-1:2]] == [2] * 5
    assert text(report.results[-1]) == "ran\n"


def test_questions_with_copies_of_their_own_may_lie_between(strong):
    """A function that reaches a list cannot wait for the end of the notebook."""
    dies = "def g(x):\n  import os; kept.append(x); os.kill(os.getppid(), 9); os._exit(1)"
    steps = [Cell("define", f"kept = [1]\ndef f(x): return sum(kept)\n{dies}")]
    for k in range(3):
        steps += [
            Cell(f"dies-{k}", DIES),
            Question(f"f-{k}", "f", CALL),
            Question(f"g-{k}", "g", CALL),
            Cell(f"grows-{k}", "kept.append(10)"),
        ]
    report = strong.run(steps, LIMITS)
    assert outcomes(report) == ["OK", *["CRASH", "OK", "CRASH", "OK"] * 3]
    assert [value(question) for question in report.results[2::4]] == [1, 11, 21]


def test_what_was_not_reached_in_time_is_not_said_to_have_crashed(strong):
    """Time is kept for the questions: each killing cell here takes more than a quarter second."""
    steps = [Cell("define", "def f(x): return x + 1"), Question("q", "f", CALL)]
    steps += [Cell(f"dies-{k}", f"import time; time.sleep(0.3); {DIES}") for k in range(40)]
    steps += [Cell("last", "k = 1"), Question("r", "f", CALL), Question("k", "k")]
    limits = replace(LIMITS, submission_seconds=6.0)
    report = strong.run(steps, limits)
    found = outcomes(report)
    died = found.count("CRASH")
    assert 3 < died < 40
    assert found == ["OK", "OK", *["CRASH"] * died, *["TIMEOUT"] * (40 - died + 1), "OK", "OK"]
    assert [value(report.results[1]), value(report.results[-2])] == [2, 2]
    assert report.results[-1].bound is False


def test_what_comes_after_the_last_open_step_is_not_repeated(strong, monkeypatch):
    ran = []

    def spy(session, cell, *rest):
        ran.append(cell.id)
        return run_cell(session, cell, *rest)

    run_cell = Session.run_cell
    monkeypatch.setattr(Session, "run_cell", spy)
    steps = [Cell("define", "def f(x): return x + 1"), Cell("dies", DIES)]
    steps += [Question("q", "f", CALL), Cell("after", "1 + 1"), Cell("dies, too", DIES)]
    report = strong.run(steps, LIMITS)
    assert outcomes(report) == ["OK", "CRASH", "OK", "OK", "CRASH"]
    assert report.restarts == 2
    assert ran == ["define", "dies", "define", "after", "dies, too", "define"]
