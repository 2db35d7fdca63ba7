"""L1 distances and nearest neighbours, against scipy and against each other."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.spatial.distance import cdist

from convkit import knn_predict, l1_distances, l1_no_loops, l1_one_loop, l1_two_loops

FORMS = [l1_two_loops, l1_one_loop, l1_no_loops, l1_distances]
in_all_forms = pytest.mark.parametrize("l1", FORMS, ids=lambda form: form.__name__)
Form = Callable[..., np.ndarray]


def rows(number: int, features: int = 7, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(number, features))


@in_all_forms
@pytest.mark.parametrize(("num_test", "num_train"), [(3, 5), (5, 3), (1, 1), (0, 4), (4, 0)])
def test_agrees_with_scipy(l1: Form, num_test: int, num_train: int) -> None:
    test, train = rows(num_test), rows(num_train, seed=1)
    found = l1(test, train)
    assert found.shape == (num_test, num_train)
    np.testing.assert_allclose(found, cdist(test, train, "cityblock"), rtol=1e-14)


@in_all_forms
@pytest.mark.parametrize(
    ("test_dtype", "train_dtype", "wanted"),
    [
        (np.float32, np.float32, np.float32),
        (np.float32, np.float64, np.float64),
        (np.uint8, np.uint8, np.float64),
        (np.uint8, np.float32, np.float64),
        (np.int8, np.bool_, np.float64),
        (">f4", "<f4", np.float32),
    ],
)
def test_dtypes(l1: Form, test_dtype: str, train_dtype: str, wanted: type) -> None:
    test, train = (
        np.random.default_rng(seed).integers(0, 100, (4, 9)).astype(dtype)
        for seed, dtype in [(0, test_dtype), (1, train_dtype)]
    )
    found = l1(test, train)
    assert found.dtype == wanted
    np.testing.assert_allclose(found, cdist(test, train, "cityblock"), rtol=1e-6)


@in_all_forms
def test_bytes_do_not_wrap_around(l1: Form) -> None:
    test, train = np.array([[0, 255]], np.uint8), np.array([[255, 0]], np.uint8)
    assert l1(test, train).tolist() == [[510]]


@in_all_forms
def test_memory_layout_does_not_matter_and_inputs_stay(l1: Form) -> None:
    test, train = rows(8, 12)[::2, ::-3], np.asfortranarray(rows(6, 4, seed=1))
    before = test.copy(), train.copy()
    test.flags.writeable = train.flags.writeable = False
    np.testing.assert_allclose(l1(test, train), cdist(test, train, "cityblock"), rtol=1e-14)
    np.testing.assert_array_equal(test, before[0])
    np.testing.assert_array_equal(train, before[1])


@in_all_forms
def test_nan_stays_in_its_row(l1: Form) -> None:
    test = rows(3)
    test[1, 2] = np.nan
    assert np.isnan(l1(test, rows(4, seed=1))).all(axis=1).tolist() == [False, True, False]


@in_all_forms
@pytest.mark.parametrize(
    ("test", "train", "error", "message"),
    [
        (np.ones((2, 3)), np.ones((2, 4)), ValueError, r"3 numbers.*4.*\(2, 3\) and \(2, 4\)"),
        (np.ones(3), np.ones((2, 3)), ValueError, r"X_test must have 2 dimensions.*\(3,\)"),
        (np.ones((2, 3)), np.ones((2, 3, 1)), ValueError, r"X_train must have 2 dim.*\(2, 3, 1\)"),
        (np.ones((2, 0)), np.ones((2, 0)), ValueError, "D = 0"),
        (np.ones((2, 3)) + 1j, np.ones((2, 3)), TypeError, "X_test must hold real numbers"),
        (np.ones((2, 3)), np.ones((2, 3), object), TypeError, "X_train must hold real numbers"),
    ],
)
def test_what_is_refused(
    l1: Form, test: np.ndarray, train: np.ndarray, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        l1(test, train)


@pytest.mark.parametrize("memory", [1, 3_000, 100_000, 2**30])
@pytest.mark.parametrize("workers", [None, 1, 3])
def test_tiles_cover_the_whole_table(memory: int, workers: int | None) -> None:
    test, train = rows(23, 40), rows(61, 40, seed=1).astype(np.float32)
    found = l1_distances(test, train, memory=memory, workers=workers)
    np.testing.assert_allclose(found, cdist(test, train, "cityblock"), rtol=1e-14)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"memory": 0}, ValueError, "memory must be at least 1"),
        ({"memory": 1e6}, TypeError, "memory must be an integer"),
        ({"workers": 0}, ValueError, "workers must be at least 1"),
    ],
)
def test_settings_that_make_no_sense(
    given: dict[str, int], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        l1_distances([[1]], [[2]], **given)


@pytest.mark.parametrize(("num_test", "num_train"), [(40, 4000), (4000, 40), (700, 700)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_memory_is_bounded(num_test: int, num_train: int, dtype: type) -> None:
    """Converted whole, the larger matrix alone would take 3 to 16 MB."""
    test, train = np.zeros((num_test, 512), dtype), np.zeros((num_train, 512), dtype)
    memory = 2**20
    l1_distances(test[:2], train[:2], workers=2)  # loads what threads need
    tracemalloc.start()
    try:
        found = l1_distances(test, train, memory=memory, workers=2)
        peak = tracemalloc.get_traced_memory()[1] - found.nbytes
    finally:
        tracemalloc.stop()
    assert peak < 1.05 * memory


row_sets = st.integers(1, 6).flatmap(
    lambda features: st.tuples(
        *(
            st.integers(1, 5).flatmap(
                lambda number, features=features: arrays.arrays(
                    np.int16, (number, features), elements=st.integers(-1000, 1000)
                )
            )
            for _ in range(2)
        )
    )
)


@given(row_sets)
def test_all_forms_agree(pair: tuple[np.ndarray, np.ndarray]) -> None:
    wanted = cdist(*pair, "cityblock")
    for form in FORMS:
        np.testing.assert_array_equal(form(*pair), wanted)


@given(row_sets)
def test_it_is_a_metric(pair: tuple[np.ndarray, np.ndarray]) -> None:
    points = np.vstack(pair)
    distances = l1_distances(points, points)
    same = (points[:, None] == points).all(axis=-1)
    np.testing.assert_array_equal(distances == 0, same)
    np.testing.assert_array_equal(distances, distances.T)
    by_a_detour = distances[:, :, None] + distances[None, :, :]
    assert (distances[:, None, :] <= by_a_detour).all()


@given(
    distances=arrays.arrays(
        np.float64, st.tuples(st.integers(0, 4), st.integers(1, 8)), elements=st.integers(0, 3)
    ),
    labels=st.lists(st.integers(-2, 2), min_size=8, max_size=8),
    k=st.integers(1, 8),
)
def test_neighbours_by_counting(distances: np.ndarray, labels: list[int], k: int) -> None:
    labels = labels[: distances.shape[1]]
    k = min(k, len(labels))
    wanted = []
    for line in distances:
        nearest = sorted(range(len(labels)), key=lambda j: (line[j], j))[:k]
        votes = Counter(labels[j] for j in nearest)
        wanted.append(min(votes, key=lambda label: (-votes[label], label)))
    assert knn_predict(distances, labels, k).tolist() == wanted


def test_ties_among_many_neighbours_keep_the_order_of_the_training_rows() -> None:
    """Short rows are sorted by insertion, which is stable whatever the algorithm is called."""
    distances = np.random.default_rng(0).integers(0, 3, (50, 1000))
    nearest = distances.argmin(axis=1)  # the first of equals
    np.testing.assert_array_equal(knn_predict(distances, np.arange(1000), 1), nearest)


def test_labels_keep_their_dtype() -> None:
    distances = [[1.0, 2.0], [2.0, 1.0]]
    assert knn_predict(distances, np.array([3, 9], np.uint8), 1).dtype == np.uint8
    assert knn_predict(distances, ["b", "a"], 2).tolist() == ["a", "a"]


@pytest.mark.parametrize(
    ("distances", "labels", "k", "error", "message"),
    [
        (np.ones((2, 3)), [1, 2], 1, ValueError, r"shape \(2,\).*\(2, 3\).*3 labels"),
        (np.ones((2, 3)), [[1, 2, 3]], 1, ValueError, r"shape \(1, 3\)"),
        (np.ones(3), [1, 2, 3], 1, ValueError, "distances must have 2 dimensions"),
        (np.ones((2, 3)), [1, 2, 3], 0, ValueError, "k must be at least 1"),
        (np.ones((2, 3)), [1, 2, 3], 4, ValueError, "k = 4 neighbours of 3"),
        (np.ones((2, 3)), [1, 2, 3], 1.0, TypeError, "k must be an integer"),
        (np.full((2, 3), np.nan), [1, 2, 3], 1, ValueError, "NaN"),
    ],
)
def test_neighbours_that_cannot_be_found(
    distances: np.ndarray, labels: list, k: int, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        knn_predict(distances, labels, k)
