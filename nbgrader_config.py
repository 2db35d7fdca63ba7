"""The configuration of this course; nbgrader and autograder read the same file."""

from pathlib import Path

from autograder.settings import configure

c = get_config()  # noqa: F821  (nbgrader provides it)
configure(c, Path(__file__).parent)
c.LockedRoom.library = ["convkit", "convkit.check", "convkit.viz"]
c.PublicExamples.folder = "convkit/check"
