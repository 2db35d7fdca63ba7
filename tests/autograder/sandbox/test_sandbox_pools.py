"""Pools that a notebook makes at its top, and that its answers use."""

import pytest

from autograder.sandbox.protocol.plan import Call, Cell, Limits, Question
from autograder.sandbox.protocol.values import decode

LIMITS = Limits(cell_seconds=10.0, question_seconds=5.0, submission_seconds=60.0)
SQUARES = "def square(n): return n * n\ndef f(x): return sum(pool.map(square, range(x)))"
POOLS = {
    "a thread pool": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(3)"
    ),
    "a class that is made of it": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "class Mine(ThreadPoolExecutor): pass\npool = Mine(3)"
    ),
    "a thread pool of multiprocessing": (
        "from multiprocessing.pool import ThreadPool\npool = ThreadPool(2)"
    ),
    "a pool of processes": (
        "import multiprocessing\n"
        "def square(n): return n * n\n"
        "pool = multiprocessing.get_context('fork').Pool(2)"
    ),
    "an executor of processes": (
        "import multiprocessing\nfrom concurrent.futures import ProcessPoolExecutor\n"
        "def square(n): return n * n\n"
        "pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context('fork'))"
    ),
}


@pytest.mark.parametrize("name", POOLS)
def test_an_answer_may_use_a_pool_from_the_top_of_the_notebook(strong, name):
    """Those of multiprocessing need semaphores, which there are in namespaces alone."""
    _use_a_pool(strong, name)


def test_the_walls_do_not_matter_for_a_thread_pool(zygote):
    _use_a_pool(zygote, "a thread pool")


def _use_a_pool(zygote, name):
    make = POOLS[name]
    steps = [
        Cell("make", make),
        Cell("define", SQUARES),
        Cell("use", "f(4)"),
        *(Question(f"q{n}", "f", (Call("1", (4,)), Call("2", (5,)))) for n in range(3)),
        Cell("use it again", "f(5)"),
        Question("last", "f", (Call("1", (4,)), Call("2", (5,)))),
    ]
    report = zygote.run(steps, LIMITS)
    assert [str(each.outcome) for each in report.results] == ["OK"] * 8
    assert report.restarts == 0
    for question in (*report.results[3:6], report.results[7]):
        assert [decode(a.value, max_bytes=99) for a in question.answers] == [14, 30]


def test_work_that_was_begun_is_done(strong):
    make = """
import time
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
def slow(n): time.sleep(0.1); return n
begun, waiting = pool.submit(slow, 1), pool.submit(slow, 2)
def f(x): return begun.result() + waiting.result() + pool.submit(slow, x).result()
"""
    report = strong.run([Cell("make", make), Question("q", "f", (Call("1", (4,)),))], LIMITS)
    assert decode(report.results[1].answers[0].value, max_bytes=99) == 7


def test_a_pool_that_was_shut_stays_shut(strong):
    make = """
import time
from concurrent.futures import ThreadPoolExecutor
pool, other = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
pool.submit(abs, 1).result(); other.submit(abs, 1).result(); pool.shutdown()
def f(x): return pool.submit(abs, x).result()
"""
    report = strong.run([Cell("make", make), Question("q", "f", (Call("1", (4,)),))], LIMITS)
    assert report.results[1].answers[0].raised == "RuntimeError"


def test_calls_in_the_threads_of_a_pool_are_noticed(strong):
    make = """
import numpy as np
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
pool.submit(abs, 1).result()
def f(x): return pool.submit(np.convolve, x, x).result()
"""
    asked = Question("q", "f", (Call("1", ([1.0],)),), ("numpy.convolve",))
    report = strong.run([Cell("make", make), asked], LIMITS)
    assert report.results[1].reached == ("numpy.convolve",)


def test_answers_may_run_a_loop_of_their_own(strong):
    """In a cell that is an error, since a loop runs there already; none runs during a question."""
    make = """
import asyncio
async def double(x):
    await asyncio.sleep(0)
    return 2 * await asyncio.to_thread(abs, x)
waiting = asyncio.create_task(double(1))
def f(x): return asyncio.run(double(x))
def g(x): return asyncio.run(double(x))
"""
    questions = [Question(name, name, (Call("1", (4,)), Call("2", (5,)))) for name in "fg"]
    look = Cell("look", "await double(3), await waiting")
    report = strong.run([Cell("make", make), *questions, look], LIMITS)
    for question in report.results[1:3]:
        assert [decode(a.value, max_bytes=99) for a in question.answers] == [8, 10]
    assert report.results[3].outputs[0]["data"]["text/plain"] == "(6, 2)"
