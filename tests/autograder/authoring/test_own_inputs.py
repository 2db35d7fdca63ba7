"""Whoever is called on a case gets inputs of its own, and may change them."""

import copy

import numpy as np
import pytest

from autograder.authoring.answer_key import called
from autograder.authoring.exercise import Case, own


class Counter:
    def __init__(self):
        self.seen = []


def spoil(value):
    if isinstance(value, np.ndarray):
        value[...] = 0
    elif isinstance(value, list):
        for each in value:
            spoil(each)
        value.clear()
    elif isinstance(value, tuple):
        for each in value:
            spoil(each)
    elif isinstance(value, dict):
        for each in value.values():
            spoil(each)
        value.clear()
    elif isinstance(value, Counter):
        value.seen.append(1)


ARRAY = np.arange(6.0).reshape(2, 3)
MIXED = np.empty(2, object)
MIXED[:] = [[1], [2]]


@pytest.mark.parametrize(
    "value",
    [ARRAY, ARRAY.T, (ARRAY, (ARRAY, 2)), [ARRAY], {"x": [ARRAY]}, ([1, [2]],), MIXED],
    ids=["array", "transposed", "nest", "list", "dict", "tuple of lists", "objects"],
)
def test_changes_of_a_copy_reach_nobody_else(value):
    before, mine = copy.deepcopy(value), own(value)
    spoil(mine[0] if value is MIXED else mine)
    assert repr(value) == repr(before)


def test_a_copy_is_laid_out_as_the_original():
    assert own(ARRAY.T).flags.f_contiguous
    assert own(ARRAY).flags.c_contiguous


def test_an_object_is_copied_too():
    counter = Counter()
    spoil(own((counter,))[0])
    assert counter.seen == []


def test_a_copy_of_a_case_has_all_that_it_has():
    case = Case("any", (ARRAY, 1), {"w": ARRAY}, right=ARRAY, at_least=0.5)
    mine = case.copy()
    assert repr(mine) == repr(case)
    for each in (*mine.args, *mine.kwargs.values(), mine.right):
        spoil(each)
    assert ARRAY.any()


def test_who_is_called_gets_options_of_its_own_as_well():
    case = Case("any", (ARRAY,), {"w": [ARRAY]})
    called(lambda x, w: spoil([x, w]), case)
    assert ARRAY.any()
    assert len(case.kwargs["w"]) == 1
