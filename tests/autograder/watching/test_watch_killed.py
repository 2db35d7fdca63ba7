"""A watcher that is killed and started again leaves what an undisturbed `grade` leaves.

``KILLS=200 pytest -m long tests/autograder/watching/test_watch_killed.py`` tries more moments.
"""

import random
import shutil
import signal
import time

import pytest

from tests.autograder.grading.test_killed import (
    KILLS,
    SOURCES,
    course,
    start,
    undisturbed,
)
from tests.autograder.killed import POINTS
from tests.autograder.leftovers import shown_but_not_entered, state

__all__ = ["course", "undisturbed"]

pytestmark = pytest.mark.long


@pytest.mark.parametrize("number", range(max(1, KILLS // 2)))
def test_killed_at_a_point(undisturbed, tmp_path, number):
    """Twice in a row; then another watcher does what is left."""
    chance = random.Random(1000 + number)
    root = tmp_path / "course"
    point = list(POINTS)[number % len(POINTS)]
    beginning, expected = undisturbed[0]["new" if number % 2 else "changed"]
    shutil.copytree(beginning, root)
    for _ in range(2):
        run = start(root, point, str(chance.randint(1, POINTS[point] * len(SOURCES))), "watch")
        run.communicate()
        assert run.returncode in (-signal.SIGKILL, 0)
        assert shown_but_not_entered(root) == []
    end_with_a_watcher(root, expected)


@pytest.mark.parametrize("number", range(max(1, KILLS // 4)))
def test_killed_at_any_time(undisturbed, tmp_path, number):
    courses, seconds = undisturbed
    beginning, expected = courses["new" if number % 2 else "changed"]
    root = tmp_path / "course"
    shutil.copytree(beginning, root)
    run = start(root, "", "0", "watch")
    run.stdout.readline()
    time.sleep(random.Random(number).uniform(0, seconds))
    run.kill()
    run.communicate()
    assert shown_but_not_entered(root) == []
    end_with_a_watcher(root, expected)


def end_with_a_watcher(root, expected):
    run = start(root, "", "0", "watch")
    run.communicate()
    assert run.returncode == 0
    assert state(root) == expected
