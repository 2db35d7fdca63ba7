"""What a course is written with: ``from autograder.authoring import Case, Exercise, ...``."""

from autograder.authoring.declare import chaff, rule_breaker, value, wheat
from autograder.authoring.examples import Call, call, fractions, program, whole
from autograder.authoring.exercise import (
    Assignment,
    Case,
    Exercise,
    LoopRule,
    Misconception,
    RubricLine,
    Written,
)
from autograder.authoring.inputs import distinct, generic, whole_numbers

__all__ = [
    "Assignment",
    "Call",
    "Case",
    "Exercise",
    "LoopRule",
    "Misconception",
    "RubricLine",
    "Written",
    "call",
    "chaff",
    "distinct",
    "fractions",
    "generic",
    "program",
    "rule_breaker",
    "value",
    "wheat",
    "whole",
    "whole_numbers",
]
