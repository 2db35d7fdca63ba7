"""nbgrader's configuration, for the plain ``nbgrader`` command line in this folder."""

from pathlib import Path

from autograder.settings import configure

c = get_config()  # noqa: F821  (nbgrader provides it)
configure(c, Path(__file__).parent)
