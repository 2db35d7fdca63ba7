"""A class of the tiny course that hands in while it is watched."""

import threading

import pytest

from autograder.core.sizes import Sizes
from autograder.settings import Watch
from autograder.watching.watcher import Watcher
from tests.autograder.grading.conftest import classroom, graded, hand_in, warm_zygotes

__all__ = ["classroom", "graded", "hand_in", "warm_zygotes"]


@pytest.fixture
def watched(released, classroom):
    """Watch the tiny course; `then` is called after the first result."""

    def run(until, then=lambda: None, **settings):
        settings = Watch(**{"between_seconds": 0, **settings})
        watcher = Watcher(released, [classroom], settings, Sizes(), workers=1)
        stop, found = threading.Event(), []
        for served in watcher.run(stop):
            verdict = served.result.verdict
            found.append((verdict.student, str(verdict.outcome), verdict.earned))
            if len(found) == 1:
                then()
            if len(found) == until:
                stop.set()
        return found, watcher

    return run
