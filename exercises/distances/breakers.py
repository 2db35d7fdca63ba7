"""Right tables of distances that the notebook rules out, and the words that must name them.

Sorted by how many loops they have, so that each exercise takes those that it rules out.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import rule_breaker


@rule_breaker(finds="loops over the test images, the training images and the features")
def number_by_number(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            for d in range(X_test.shape[1]):
                table[i, j] += abs(float(X_test[i, d]) - float(X_train[j, d]))
    return table


@rule_breaker(finds="loops over the test images, the training images and the features")
def exact_sum_of_a_generator(X_test, X_train):
    from math import fsum

    def distance(test, train):
        return fsum(abs(a - b) for a, b in zip(test, train, strict=True))

    test, train = X_test.astype(float), X_train.astype(float)
    return np.array([[distance(a, b) for b in train] for a in test])


@rule_breaker(finds="loops over the test images and the training images")
def nested_comprehension(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.array([[np.abs(a - b).sum() for b in train] for a in test])


@rule_breaker(finds="loops over the test images and the training images")
def one_loop_over_all_pairs(X_test, X_train):
    num_test, num_train = len(X_test), len(X_train)
    table = np.zeros(num_test * num_train)
    for pair in range(num_test * num_train):
        i, j = divmod(pair, num_train)
        table[pair] = np.sum(np.abs(X_test[i].astype(float) - X_train[j]))
    return table.reshape(num_test, num_train)


@rule_breaker(finds="loops over the test images and the training images")
def indices_of_all_pairs(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)))
    for i, j in np.ndindex(*table.shape):
        table[i, j] = np.abs(X_test[i].astype(float) - X_train[j]).sum()
    return table


@rule_breaker(finds="loops over the test images and the training images")
def inner_loop_in_a_helper(X_test, X_train):
    def row_of_distances(test):
        row = np.empty(len(X_train))
        for j in range(len(X_train)):
            row[j] = np.abs(X_train[j] - test).sum()
        return row

    return np.stack([row_of_distances(test) for test in X_test.astype(float)])


@rule_breaker(finds="loops over the test images")
def for_loop_over_rows(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        table[i] = np.sum(np.abs(X_test[i].astype(float) - X_train), axis=1)
    return table


@rule_breaker(finds="loops over the test images")
def while_loop_over_rows(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)))
    i = len(X_test)
    while i:
        i -= 1
        table[i] = np.sum(np.abs(X_test[i].astype(float) - X_train), axis=1)
    return table


@rule_breaker(finds="loops over the training images")
def comprehension_over_columns(X_test, X_train):
    return np.stack([np.abs(X_test - b).sum(axis=1) for b in X_train.astype(float)], axis=1)


@rule_breaker(finds="loops over the features")
def one_feature_at_a_time(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)))
    for a, b in zip(X_test.T.astype(float), X_train.T.astype(float), strict=True):
        table += np.abs(a[:, None] - b)
    return table


@rule_breaker(finds="loops over the test images")
def recursion_over_rows(X_test, X_train):
    def rows(test):
        if len(test) == 0:
            return np.empty((0, len(X_train)))
        first = np.abs(test[0] - X_train).sum(axis=1)
        return np.vstack([first, rows(test[1:])])

    return rows(X_test.astype(float))


@rule_breaker(finds="loops over the test images")
def halves_of_halves(X_test, X_train):
    def table(test):
        if len(test) == 1:
            return np.abs(test - X_train).sum(axis=1)[None]
        middle = len(test) // 2
        return np.concatenate([table(test[:middle]), table(test[middle:])])

    return table(X_test.astype(float))


@rule_breaker(finds="Python's own sum")
def sum_over_the_columns(X_test, X_train):
    differences = np.abs(X_test[:, None].astype(float) - X_train)
    return sum(differences.transpose(2, 0, 1))


@rule_breaker(finds="Python's own map")
def map_with_a_lambda(X_test, X_train):
    row = lambda test: np.abs(test - X_train).sum(axis=1)  # noqa: E731
    return np.array(list(map(row, X_test.astype(float))))


@rule_breaker(finds="numpy.vectorize")
def vectorized_function(X_test, X_train):
    import numpy

    distance = numpy.vectorize(lambda a, b: np.abs(a - b).sum(), signature="(d),(d)->()")
    return distance(X_test[:, None].astype(float), X_train.astype(float))


@rule_breaker(finds="numpy.frompyfunc")
def universal_function_of_indices(X_test, X_train):
    import numpy

    test, train = X_test.astype(float), X_train.astype(float)
    distance = numpy.frompyfunc(lambda i, j: np.abs(test[i] - train[j]).sum(), 2, 1)
    return distance.outer(np.arange(len(test)), np.arange(len(train))).astype(float)


@rule_breaker(finds="numpy.apply_along_axis")
def applied_along_the_rows(X_test, X_train):
    import numpy

    def row(test):
        return np.abs(test - X_train).sum(axis=1)

    return numpy.apply_along_axis(row, 1, X_test.astype(float))


@rule_breaker(finds="numpy.fromiter")
def numbers_from_an_iterator(X_test, X_train):
    import numpy

    test = X_test.astype(float)
    pairs = (np.abs(a - b).sum() for a in test for b in X_train)
    return numpy.fromiter(pairs, float).reshape(len(X_test), len(X_train))


@rule_breaker(finds="functools.reduce")
def reduced_over_the_features(X_test, X_train):
    from functools import reduce

    differences = np.abs(X_test[:, None].astype(float) - X_train)
    return reduce(np.add, differences.transpose(2, 0, 1))


@rule_breaker(finds="scipy.spatial.distance.cdist")
def scipy_cdist(X_test, X_train):
    from scipy.spatial.distance import cdist

    return cdist(X_test, X_train, "cityblock")


@rule_breaker(finds="scipy.spatial")
def cdist_under_another_name(X_test, X_train):
    import scipy.spatial as geometry

    table = geometry.distance.cdist
    return table(X_test, X_train, metric="minkowski", p=1)


@rule_breaker(finds="scipy.spatial")
def cdist_by_importlib(X_test, X_train):
    import importlib

    module = importlib.import_module("scipy.spatial.distance")
    return module.cdist(X_test, X_train, "cityblock")


@rule_breaker(finds="scipy.spatial")
def cdist_by_getattr(X_test, X_train):
    import scipy.spatial.distance

    name = "cdist"
    return getattr(scipy.spatial.distance, name)(X_test, X_train, "cityblock")


@rule_breaker(finds="scipy.spatial")
def distance_matrix_of_scipy(X_test, X_train):
    from scipy import spatial

    return spatial.distance_matrix(X_test.astype(float), X_train.astype(float), p=1)


@rule_breaker(finds="convkit")
def convkit_itself(X_test, X_train):
    import convkit

    return convkit.l1_distances(X_test, X_train)


THREE_LOOPS: Final = (number_by_number, exact_sum_of_a_generator)

TWO_LOOPS: Final = (
    nested_comprehension,
    one_loop_over_all_pairs,
    indices_of_all_pairs,
    inner_loop_in_a_helper,
)

ONE_LOOP: Final = (
    for_loop_over_rows,
    while_loop_over_rows,
    comprehension_over_columns,
    one_feature_at_a_time,
    recursion_over_rows,
    halves_of_halves,
)

HIDDEN_LOOPS: Final = (
    sum_over_the_columns,
    map_with_a_lambda,
    vectorized_function,
    universal_function_of_indices,
    applied_along_the_rows,
    numbers_from_an_iterator,
    reduced_over_the_features,
)

READY_MADE: Final = (
    scipy_cdist,
    cdist_under_another_name,
    cdist_by_importlib,
    cdist_by_getattr,
    distance_matrix_of_scipy,
    convkit_itself,
)
