"""Cells that await, and what is left of their loop when one has to be stopped."""

import asyncio
import contextlib
import signal
from dataclasses import replace

import pytest

from autograder.sandbox.inside.loop import CellLoop
from autograder.sandbox.protocol.plan import Call, Cell, Limits, Question
from autograder.sandbox.protocol.values import decode

LIMITS = Limits(cell_seconds=0.5, question_seconds=2.0, submission_seconds=30.0)
BEFORE = """
import asyncio, time
async def count():
    global n
    while True:
        n += 1
        await asyncio.sleep(0.001)
n, counting = 0, asyncio.create_task(count())
"""
AFTER = "seen = n\nawait asyncio.sleep(0.05)\nn > seen, counting.done()"
HANGS = {
    "it waits for what never comes": "await asyncio.Future()",
    "it sleeps": "await asyncio.sleep(1000)",
    "it loops after it has awaited": "await asyncio.sleep(0)\nwhile True: pass",
    "it loops and awaits": "while True: await asyncio.sleep(0)",
    "it does not await": "while True: pass",
    "it catches its cancellation once": (
        "try: await asyncio.sleep(1000)\nexcept BaseException: await asyncio.sleep(0.01)"
    ),
    "it waits for a thread": "await asyncio.to_thread(time.sleep, 1.2)",
    "a task of it loops": (
        "async def loops():\n  while True: pass\n"
        "looping = asyncio.create_task(loops())\nawait asyncio.sleep(1000)"
    ),
    "it waits for all its tasks": "await asyncio.gather(*(asyncio.sleep(1000) for _ in range(9)))",
}


def texts(result):
    return "".join(str(output.get("data", "")) for output in result.outputs)


@pytest.mark.parametrize("name", HANGS)
def test_after_a_cell_was_stopped_tasks_and_loop_go_on(strong, name):
    steps = [
        Cell("before", BEFORE),
        Cell("hangs", HANGS[name]),
        Cell("after", AFTER),
        Cell("new", "await asyncio.create_task(asyncio.sleep(0, 'new'))"),
    ]
    report = strong.run(steps, LIMITS)
    assert [str(each.outcome) for each in report.results] == ["OK", "TIMEOUT", "OK", "OK"]
    assert report.restarts == 0
    assert "(True, False)" in texts(report.results[2])
    assert "new" in texts(report.results[3])


def test_a_cell_that_swallows_its_cancellation_costs_itself(strong):
    swallows = "while True:\n  try: await asyncio.sleep(1000)\n  except BaseException: pass"
    steps = [Cell("before", BEFORE), Cell("swallows", swallows), Cell("after", AFTER)]
    report = strong.run(steps, LIMITS)
    assert [str(each.outcome) for each in report.results] == ["OK", "TIMEOUT", "OK"]
    assert "(True, False)" in texts(report.results[2])


@pytest.mark.parametrize(
    "stops",
    [
        "asyncio.get_event_loop().stop()",
        "asyncio.get_event_loop().stop(); await asyncio.sleep(1000)",
        "asyncio.get_event_loop().close()",
        "asyncio.set_event_loop(None)",
        "asyncio.set_event_loop(asyncio.new_event_loop())",
        "for task in asyncio.all_tasks(): task.cancel()",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)",
    ],
)
def test_what_a_cell_does_to_the_loop_harms_no_later_cell(strong, stops):
    steps = [
        Cell("before", "import asyncio\ndef f(x): return asyncio.run(asyncio.sleep(0, x))"),
        Cell("stops", stops),
        Cell("after", "await asyncio.sleep(0.01, 'slept')"),
        Question("q", "f", (Call("1", (7,)),)),
    ]
    report = strong.run(steps, replace(LIMITS, cell_seconds=5.0))
    assert [str(each.outcome) for each in report.results] == ["OK"] * 4
    assert "slept" in texts(report.results[2])
    assert decode(report.results[3].answers[0].value, max_bytes=99) == 7


def test_a_fork_within_a_cell_leaves_the_loop_to_its_parent(strong):
    forks = "import os\npid = os.fork()\nawait asyncio.sleep(0.01)\nif pid == 0: os._exit(0)"
    fall_through = "pid = os.fork()\nawait asyncio.sleep(0.01)"
    steps = [Cell("before", BEFORE), Cell("forks", forks), Cell("falls", fall_through)]
    report = strong.run([*steps, Cell("after", AFTER)], replace(LIMITS, cell_seconds=5.0))
    assert [str(each.outcome) for each in report.results] == ["OK"] * 4
    assert "(True, False)" in texts(report.results[3])


def test_what_was_ready_goes_on_after_a_cell():
    done = []

    async def later():
        await asyncio.sleep(0)
        done.append(1)

    async def cell():
        asyncio.get_running_loop().create_task(later())

    loop = CellLoop()
    loop.run(cell())
    assert done == [1]
    loop.close()


@pytest.fixture
def interruptible():
    """A loop that interrupts stop as in a room."""
    loop = CellLoop()
    before = signal.signal(signal.SIGINT, loop.interrupt)
    yield loop
    signal.signal(signal.SIGINT, before)
    loop.close()


@pytest.mark.parametrize("caught", [0, 1])
def test_an_interrupt_stops_the_cell_and_not_the_task_that_it_hits(interruptible, caught):
    tasks = []

    async def hit():
        for _ in range(1 + caught):
            await asyncio.sleep(0.01)
            signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0.01)
        return "went on"

    async def cell():
        tasks.append(asyncio.get_running_loop().create_task(hit()))
        for _ in range(caught):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(1000)
        await asyncio.sleep(1000)

    async def next_cell():
        return await tasks[0]

    with pytest.raises(KeyboardInterrupt):
        interruptible.run(cell())
    assert interruptible.run(next_cell()) == "went on"
