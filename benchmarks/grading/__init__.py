"""Grading a class, beside stock nbgrader."""
