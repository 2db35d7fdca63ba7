"""Digits that students are not given: neither the images nor the labels.

They are every sixth digit of the file from which those of `convkit.load_digits` come, so that each
writer and each class has some on both sides. `convkit/data/README.md` names the source.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from convkit.data import Digits

FILE: Final = Path(__file__).with_name("held_back.npz")


@lru_cache(maxsize=1)
def held_back() -> Digits:
    """The digits that only the grader reads, as `convkit.load_digits` gives the others."""
    with np.load(FILE) as arrays:
        return Digits(arrays["images"] / 16, arrays["labels"].astype(np.int64))
