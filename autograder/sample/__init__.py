"""A sample class: one submission for each thing that can happen to a grader."""

from autograder.sample.course import make_course, submit_class, surprises
from autograder.sample.members import Member, sample_class

__all__ = ["Member", "make_course", "sample_class", "submit_class", "surprises"]
