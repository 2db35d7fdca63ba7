"""nbgrader's preprocessors, where they differ from the command line or have to agree with it."""

from dataclasses import replace

import pytest

from autograder.doors.stages.preprocessors import ExecuteAndJudge
from autograder.soundness.checks import UnsoundError


def test_nobody_is_graded_by_an_unsound_assignment(released, tiny, monkeypatch):
    first, *others = tiny.exercises
    worthless = replace(first, rubric=(replace(first.rubric[0], points=0), *first.rubric[1:]))
    unsound = replace(tiny, exercises=(worthless, *others))
    monkeypatch.setattr(
        "autograder.doors.stages.preprocessors.find_assignment",
        lambda course, name: unsound,
    )

    def no_room(*_):
        raise AssertionError("a room was asked for")

    stage = ExecuteAndJudge(zygotes=no_room)
    with pytest.raises(UnsoundError, match="double: 0 points for 'plain'"):
        stage.run(released, tiny.name, "one", {})
