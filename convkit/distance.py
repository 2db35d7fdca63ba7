"""L1 distances between rows with two, one and no loops, in bounded memory, and nearest neighbours.

The L1 distance of two rows is the sum of the absolute differences of their entries. It is also
called city-block or Manhattan distance.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convkit._arguments import FloatArray, as_float_array, as_integer, to_common_dtype

MEBIBYTE = 2**20
_CACHE_BYTES = MEBIBYTE // 2
_WORTH_A_THREAD = 10**7
"""Differences below which starting threads costs more than it saves (some milliseconds)."""


def l1_two_loops(X_test: ArrayLike, X_train: ArrayLike) -> FloatArray:
    """Return the L1 distance of each test row to each training row, one pair at a time.

    Parameters
    ----------
    X_test : array_like of shape (num_test, D)
        Rows to measure from. Integers, uint8 too, are taken as float64, so that a difference
        cannot wrap around.
    X_train : array_like of shape (num_train, D)
        Rows to measure to.

    Returns
    -------
    ndarray of shape (num_test, num_train)
        Distances; float32 if both inputs are.

    Raises
    ------
    ValueError
        If an input is not two-dimensional, or if the rows differ in length.

    Examples
    --------
    >>> l1_two_loops([[0, 0], [1, 5]], [[3, 4], [1, 1], [0, 0]])
    array([[7., 2., 0.],
           [3., 4., 6.]])
    """
    X_test, X_train = _both(X_test, X_train)
    distances = np.empty((len(X_test), len(X_train)), X_test.dtype)
    for i, test in enumerate(X_test):
        for j, train in enumerate(X_train):
            distances[i, j] = np.sum(np.abs(test - train))
    return distances


def l1_one_loop(X_test: ArrayLike, X_train: ArrayLike) -> FloatArray:
    """Return the L1 distance of each test row to each training row, one test row at a time.

    Parameters
    ----------
    X_test : array_like of shape (num_test, D)
        Rows to measure from.
    X_train : array_like of shape (num_train, D)
        Rows to measure to.

    Returns
    -------
    ndarray of shape (num_test, num_train)
        Distances; float32 if both inputs are.

    Raises
    ------
    ValueError
        If an input is not two-dimensional, or if the rows differ in length.

    Notes
    -----
    Extra memory: one array of shape (num_train, D).

    Examples
    --------
    >>> l1_one_loop([[0, 0], [1, 5]], [[3, 4], [1, 1], [0, 0]])
    array([[7., 2., 0.],
           [3., 4., 6.]])
    """
    X_test, X_train = _both(X_test, X_train)
    distances = np.empty((len(X_test), len(X_train)), X_test.dtype)
    for i, test in enumerate(X_test):
        distances[i] = np.sum(np.abs(test - X_train), axis=1)
    return distances


def l1_no_loops(X_test: ArrayLike, X_train: ArrayLike) -> FloatArray:
    """Return the L1 distance of each test row to each training row by one broadcast.

    Parameters
    ----------
    X_test : array_like of shape (num_test, D)
        Rows to measure from.
    X_train : array_like of shape (num_train, D)
        Rows to measure to.

    Returns
    -------
    ndarray of shape (num_test, num_train)
        Distances; float32 if both inputs are.

    Raises
    ------
    ValueError
        If an input is not two-dimensional, or if the rows differ in length.

    See Also
    --------
    l1_distances : The same in bounded memory.

    Notes
    -----
    The L2 distance can be written with one matrix product, since a square can be multiplied out.
    An absolute value cannot, so all differences stand in memory at once: 57 GiB in float64 for
    500 test and 5000 training rows of 3072 numbers.

    Examples
    --------
    >>> l1_no_loops([[0, 0], [1, 5]], [[3, 4], [1, 1], [0, 0]])
    array([[7., 2., 0.],
           [3., 4., 6.]])
    """
    X_test, X_train = _both(X_test, X_train)
    # (num_test, 1, D) - (1, num_train, D) -> (num_test, num_train, D)
    differences = X_test[:, None, :] - X_train[None, :, :]
    distances: FloatArray = np.sum(np.abs(differences, out=differences), axis=2)
    return distances


def l1_distances(
    X_test: ArrayLike,
    X_train: ArrayLike,
    *,
    memory: SupportsIndex = 128 * MEBIBYTE,
    workers: SupportsIndex | None = None,
) -> FloatArray:
    """Return the L1 distance of each test row to each training row, fast and in bounded memory.

    Parameters
    ----------
    X_test : array_like of shape (num_test, D)
        Rows to measure from.
    X_train : array_like of shape (num_train, D)
        Rows to measure to.
    memory : int, default 128 MiB
        Bytes that may be used beside inputs and result. At least one pair of rows is always held.
    workers : int, optional
        Threads. By default one for each core that this process may use, and one in all for small
        inputs.

    Returns
    -------
    ndarray of shape (num_test, num_train)
        Distances; float32 if both inputs are, summed in float64.

    Raises
    ------
    ValueError
        If an input is not two-dimensional, if the rows differ in length, or if `memory` or
        `workers` is not positive.

    Notes
    -----
    The table of distances is filled tile by tile with `scipy.spatial.distance.cdist`. Two things
    make that faster than one call for the whole table: the training rows of a tile stay in the
    cache while all test rows pass by, and `cdist` lets go of the interpreter lock, so that tiles
    run in threads. `cdist` converts to float64, but only the rows of a tile.

    Examples
    --------
    >>> l1_distances([[0, 0], [1, 5]], [[3, 4], [1, 1], [0, 0]])
    array([[7., 2., 0.],
           [3., 4., 6.]])
    """
    # It takes longer to import than all of this package, and no other function wants it.
    from scipy.spatial.distance import cdist

    memory = as_integer(memory, "memory", minimum=1)
    test, test_dtype = _unconverted(X_test, "X_test")
    train, train_dtype = _unconverted(X_train, "X_train")
    _check_features(test, train)
    num_test, num_train, features = len(test), len(train), test.shape[1]
    threads = _threads(workers, num_test * num_train * features)

    dtype = np.result_type(test_dtype, train_dtype)
    distances = np.empty((num_test, num_train), dtype)
    tile_test, tile_train = _tile(num_test, features, memory // threads)

    def fill(first: int) -> None:
        corners = product(range(0, num_test, tile_test), range(0, num_train, tile_train))
        for top, left in islice(corners, first, None, threads):
            rows, columns = slice(top, top + tile_test), slice(left, left + tile_train)
            distances[rows, columns] = cdist(test[rows], train[columns], metric="cityblock")

    if threads == 1:
        fill(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(fill, range(threads)))
    return distances


def knn_predict(distances: ArrayLike, y_train: ArrayLike, k: SupportsIndex) -> NDArray[Any]:
    """Return for each test row the label that most of its `k` nearest training rows carry.

    Parameters
    ----------
    distances : array_like of shape (num_test, num_train)
        Distance of each test row to each training row.
    y_train : array_like of shape (num_train,)
        Labels: integers, strings, anything that can be sorted.
    k : int
        Number of neighbours, from 1 to num_train.

    Returns
    -------
    ndarray of shape (num_test,)
        Labels, in the dtype of `y_train`.

    Raises
    ------
    ValueError
        If the shapes do not fit, if `k` is not between 1 and num_train, or if a distance is NaN.

    Notes
    -----
    Two rules make the answer unique. Of two training rows at the same distance, the earlier one
    is the nearer. Of two labels with equally many votes, the smaller one wins.

    Examples
    --------
    >>> distances = [[0.5, 0.1, 0.9, 0.2], [0.3, 0.8, 0.1, 0.9]]
    >>> knn_predict(distances, [7, 3, 7, 3], k=3)
    array([3, 7])
    >>> knn_predict(distances, ["ox", "hen", "ox", "hen"], k=2)
    array(['hen', 'ox'], dtype='<U3')
    """
    distances = as_float_array(distances, "distances", "N M")
    labels = np.asarray(y_train)
    num_test, num_train = distances.shape
    if labels.shape != (num_train,):
        raise ValueError(
            f"y_train has shape {labels.shape}, but distances of shape {distances.shape} "
            f"ask for {num_train} labels, one a column"
        )
    k = as_integer(k, "k", minimum=1)
    if k > num_train:
        raise ValueError(f"k = {k} neighbours of {num_train} training rows cannot be found")
    if np.isnan(distances).any():
        raise ValueError("distances holds NaN, which is neither near nor far")
    classes, code = np.unique(labels, return_inverse=True)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    # One row of counts a test row: cell (i, c) of the table is number i * len(classes) + c.
    cells = np.arange(num_test)[:, None] * len(classes) + code[nearest]
    votes = np.bincount(cells.ravel(), minlength=num_test * len(classes))
    # argmax takes the first of equals, and the classes are sorted.
    winners: NDArray[Any] = classes[votes.reshape(num_test, len(classes)).argmax(axis=1)]
    return winners


def _both(X_test: ArrayLike, X_train: ArrayLike) -> tuple[FloatArray, ...]:
    test, train = as_float_array(X_test, "X_test", "N D"), as_float_array(X_train, "X_train", "N D")
    _check_features(test, train)
    return to_common_dtype(test, train)


def _unconverted(value: ArrayLike, name: str) -> tuple[NDArray[Any], np.dtype]:
    """Check a matrix without converting it; return it and the floating dtype that it stands for."""
    matrix = value if isinstance(value, np.ndarray) else np.asarray(value)
    sample = matrix[:1] if matrix.ndim == 2 else matrix
    return matrix, as_float_array(sample, name, "N D").dtype


def _check_features(test: NDArray[Any], train: NDArray[Any]) -> None:
    if test.shape[1] != train.shape[1]:
        raise ValueError(
            f"rows of X_test hold {test.shape[1]} numbers and rows of X_train {train.shape[1]}: "
            f"their shapes are {test.shape} and {train.shape}"
        )


def _threads(workers: SupportsIndex | None, differences: int) -> int:
    if workers is not None:
        return as_integer(workers, "workers", minimum=1)
    if differences < _WORTH_A_THREAD:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _tile(num_test: int, features: int, budget: int) -> tuple[int, int]:
    """Return how many test and how many training rows one thread handles at a time."""
    itemsize = np.dtype(np.float64).itemsize
    row = features * itemsize
    train = max(1, min(_CACHE_BYTES, budget // 4) // row)
    # Each test row costs itself, and one distance to each training row of the tile.
    test = max(1, min(num_test, (budget - train * row) // (row + train * itemsize)))
    return test, train
