"""The exercises of the notebook ``01_linear``, a module each."""

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment("01_linear", written=(Written("how_many", points=2),))
