"""The configuration of this course; nbgrader and autograder read the same file."""

from pathlib import Path

from autograder.settings import configure

c = get_config()  # noqa: F821  (nbgrader provides it)
configure(c, Path(__file__).parent)

# What a submission may use:
# c.LockedRoom.cell_seconds = 20
# c.LockedRoom.memory_bytes = 2 << 30

# A package of your own that students import, to be loaded once for all of them:
# c.LockedRoom.library = ["mypackage"]
