"""A sample class: submissions of every kind, and what each of them deserves."""

from autograder.sample.course import make_course, sample_class, submit_class, surprises
from autograder.sample.members import Member

__all__ = ["Member", "make_course", "sample_class", "submit_class", "surprises"]
