"""`close` says what ``np.isclose`` says, of every kind of number."""

import itertools

import numpy as np
import pytest

from autograder.core.check import close

SPECIAL = [0.0, -0.0, 1.0, 1.000009, 1.00002, -1.0, 1e-5, 2e-5, 1e300, np.inf, -np.inf, np.nan]
OF_KIND = {
    "float64": np.array(SPECIAL),
    "float32": np.array(SPECIAL).clip(-1e38, 1e38).astype(np.float32),
    "float16": np.array([0, 1, 1.001, 60000, np.inf, np.nan], np.float16),
    "complex128": np.array([0, 1j, 1 + 1e-7j, complex(np.nan, 1), complex(1, np.inf), 1e300j]),
    "int64": np.array([0, 1, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]),
    "uint8": np.array([0, 1, 255], np.uint8),
    "uint64": np.array([0, 1, 2**64 - 1], np.uint64),
    "bool": np.array([False, True]),
}
TOLERANCES = ((1e-5, 1e-5), (0, 0), (0, np.inf))


@pytest.mark.parametrize("kind", OF_KIND)
def test_every_pair_of_numbers_is_judged_as_numpy_does(kind):
    for other, (rtol, atol) in itertools.product(OF_KIND.values(), TOLERANCES):
        answer = np.repeat(OF_KIND[kind], len(other))
        expected = np.tile(other, len(OF_KIND[kind]))
        with np.errstate(all="ignore"):
            wanted = np.isclose(answer, expected, rtol=rtol, atol=atol, equal_nan=True)
        assert np.array_equal(close(answer, expected, rtol, atol), wanted)
        finite = np.isfinite(expected)
        some = close(answer[finite], expected[finite], rtol, atol)
        assert np.array_equal(some, wanted[finite])


def test_a_number_without_axes_is_judged_as_an_array_without_axes():
    found = close(np.asarray(1.0), np.asarray(1.5))
    assert isinstance(found, np.ndarray)
    assert found.shape == ()
    assert not found
