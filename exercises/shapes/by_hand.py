"""How an exercise is declared whose answer is worked out by hand."""

from __future__ import annotations

import functools
from typing import Final

from autograder.authoring import value

from .rules import TOLERANCE

WRONG: Final = {"value"}

by_hand = functools.partial(value, rtol=TOLERANCE, atol=TOLERANCE)
