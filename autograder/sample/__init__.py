"""A sample class: submissions of every kind, and what each of them deserves.

The ``sample`` module of a course says who is in its class: ``members(assignment)`` yields them. A
course without one gets the students of `everyday`.
"""

from autograder.sample.course import make_course, sample_class, submit_class, surprises
from autograder.sample.members import Member, everyday, one_mistake_each, wheat_student
from autograder.sample.prose import writing_in_turn
from autograder.sample.troubles import troubled

__all__ = [
    "Member",
    "everyday",
    "make_course",
    "one_mistake_each",
    "sample_class",
    "submit_class",
    "surprises",
    "troubled",
    "wheat_student",
    "writing_in_turn",
]
