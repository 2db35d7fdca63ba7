"""``l1_two_loops(X_test, X_train)``: the table of L1 distances, one pair at a time.

What is given and returned stands in `tables`. At most two loops: over two of test images, training
images and features.
"""

from __future__ import annotations

import numpy as np

import convkit
from autograder.authoring import Exercise, chaff, wheat

from . import breakers, tables
from .rules import FORBIDDEN, TOLERANCE, loops


@wheat
def one_number_for_each_pair(X_test, X_train):
    num_test, num_train = X_test.shape[0], X_train.shape[0]
    table = np.zeros((num_test, num_train))
    for i in range(num_test):
        for j in range(num_train):
            table[i, j] = np.sum(np.abs(X_test[i].astype(float) - X_train[j]))
    return table


@wheat
def while_loops(X_test, X_train):
    X_test, X_train = np.float64(X_test), np.float64(X_train)
    table = np.empty((len(X_test), len(X_train)))
    i = 0
    while i < len(X_test):
        j = 0
        while j < len(X_train):
            table[i, j] = abs(X_test[i] - X_train[j]).sum()
            j += 1
        i += 1
    return table


@wheat
def nested_comprehension(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.array([[np.abs(a - b).sum() for b in train] for a in test])


@wheat
def helper_function_and_enumerate(X_test, X_train):
    def distance(one, other):
        return np.linalg.norm(one - other, ord=1)

    table = np.zeros((len(X_test), len(X_train)))
    for i, test in enumerate(X_test.astype(float)):
        for j, train in enumerate(X_train.astype(float)):
            table[i, j] = distance(test, train)
    return table


@wheat
def larger_minus_smaller(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)))
    for i, j in np.ndindex(*table.shape):
        larger, smaller = np.maximum(X_test[i], X_train[j]), np.minimum(X_test[i], X_train[j])
        table[i, j] = np.sum(larger - smaller)
    return table


@wheat
def adds_up_feature_by_feature(X_test, X_train):
    table = np.zeros((len(X_train), len(X_test)))
    for j, train in enumerate(X_train):
        for column, value in zip(X_test.T, train, strict=True):
            table[j] += np.abs(column.astype(np.float64) - value)
    return table.T


@chaff(
    says="Both your loops run over the test images. The columns of the table belong to the "
    "training images.",
    breaks=tables.EVERY_GROUP,
)
def both_loops_over_the_test_images(X_test, X_train):
    num_test = X_test.shape[0]
    table = np.zeros((num_test, X_train.shape[0]))
    for i in range(num_test):
        for j in range(num_test):
            table[i, j] = np.sum(np.abs(X_test[i].astype(float) - X_train[j]))
    return table


@chaff(
    says="Your loops end one image too early: the last row and the last column stay 0.",
    breaks=tables.EVERY_GROUP,
)
def last_image_left_out(X_test, X_train):
    table = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test) - 1):
        for j in range(len(X_train) - 1):
            table[i, j] = np.sum(np.abs(X_test[i].astype(float) - X_train[j]))
    return table


@chaff(
    says="The second loop sets each entry anew for every feature, so the last feature alone is "
    "left. The table adds the features up.",
    breaks=tables.EVERY_GROUP,
)
def last_feature_only(X_test, X_train):
    table = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        for d in range(X_test.shape[1]):
            table[i] = np.abs(X_test[i, d] * 1.0 - X_train[:, d])
    return table


@chaff(
    says="Only the first row is filled: your return stands inside the outer loop.",
    breaks=tables.EVERY_GROUP,
)
def returns_inside_the_loop(X_test, X_train):
    table = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        for j in range(X_train.shape[0]):
            table[i, j] = np.sum(np.abs(X_test[i].astype(float) - X_train[j]))
        return table


EXERCISE = Exercise(
    name="l1_two_loops",
    oracle=convkit.l1_two_loops,
    cases=tables.cases,
    examples=tables.EXAMPLES,
    rubric=tables.RUBRIC,
    forbidden=FORBIDDEN,
    loops=loops(at_most=2),
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        one_number_for_each_pair,
        while_loops,
        nested_comprehension,
        helper_function_and_enumerate,
        larger_minus_smaller,
        adds_up_feature_by_feature,
    ),
    misconceptions=(
        *tables.CHAFFS,
        both_loops_over_the_test_images,
        last_image_left_out,
        last_feature_only,
        returns_inside_the_loop,
    ),
    rule_breakers=(*breakers.THREE_LOOPS, *breakers.HIDDEN_LOOPS, *breakers.READY_MADE),
    covers=("B3",),
)
