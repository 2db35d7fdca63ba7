"""``l1_one_loop(X_test, X_train)``: the table of L1 distances, one row at a time.

What is given and returned stands in `tables`. At most one loop: over test images, training images
or features.
"""

from __future__ import annotations

import numpy as np

import convkit
from autograder.authoring import Exercise, chaff, wheat

from . import breakers, tables
from .rules import FORBIDDEN, TOLERANCE, loops


@wheat
def one_test_image_against_all(X_test, X_train):
    table = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        table[i, :] = np.sum(np.abs(X_train.astype(float) - X_test[i]), axis=1)
    return table


@wheat
def one_training_image_against_all(X_test, X_train):
    table = np.empty((len(X_train), len(X_test)))
    for j, train in enumerate(X_train.astype(float)):
        table[j] = abs(X_test - train).sum(axis=1)
    return table.T


@wheat
def one_feature_at_a_time(X_test, X_train):
    table = 0.0
    for d in range(X_test.shape[1]):
        a, b = X_test[:, d].astype(float), X_train[:, d].astype(float)
        table = table + np.abs(a[:, np.newaxis] - b)
    return table


@wheat
def comprehension_over_rows(X_test, X_train):
    test, train = X_test.astype(np.float32), X_train.astype(np.float32)
    return np.stack([np.abs(row - train).sum(axis=-1) for row in test])


@wheat
def while_loop_and_norm(X_test, X_train):
    table = np.empty((len(X_test), len(X_train)))
    i = 0
    while i < len(X_test):
        table[i] = np.linalg.norm(X_train - X_test[i].astype(float), ord=1, axis=1)
        i += 1
    return table


@wheat
def helper_and_zip(X_test, X_train):
    def fill(row, test):
        larger, smaller = np.maximum(test, X_train), np.minimum(test, X_train)
        row[:] = (larger - smaller) @ np.ones(len(test))

    table = np.empty((len(X_test), len(X_train)))
    for row, test in zip(table, X_test, strict=True):
        fill(row, test)
    return table


@chaff(
    says="You sum over everything, so a whole row of the table holds one number. Sum over the "
    "features only.",
    breaks=tables.EVERY_GROUP,
)
def sum_without_an_axis(X_test, X_train):
    table = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        table[i] = np.sum(np.abs(X_test[i].astype(float) - X_train))
    return table


@chaff(
    says="You sum over the training images. The features must go: they are the last axis.",
    breaks=tables.EVERY_GROUP,
)
def sum_over_the_training_images(X_test, X_train):
    table = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        table[i] = np.sum(np.abs(X_test[i].astype(float) - X_train), axis=0)
    return table


@chaff(
    says="Only the first row is filled: your return stands inside the loop.",
    breaks=tables.EVERY_GROUP,
)
def returns_inside_the_loop(X_test, X_train):
    table = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        table[i] = np.sum(np.abs(X_test[i].astype(float) - X_train), axis=1)
        return table


@chaff(
    says="The norm of a matrix is not the norm of each of its rows: without an axis it is the "
    "largest sum of a column.",
    breaks=tables.EVERY_GROUP,
)
def norm_of_the_whole_matrix(X_test, X_train):
    table = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        table[i] = np.linalg.norm(X_test[i].astype(float) - X_train, 1)
    return table


EXERCISE = Exercise(
    name="l1_one_loop",
    oracle=convkit.l1_one_loop,
    cases=tables.cases,
    examples=tables.EXAMPLES,
    rubric=tables.RUBRIC,
    forbidden=FORBIDDEN,
    loops=loops(at_most=1),
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        one_test_image_against_all,
        one_training_image_against_all,
        one_feature_at_a_time,
        comprehension_over_rows,
        while_loop_and_norm,
        helper_and_zip,
    ),
    misconceptions=(
        *tables.CHAFFS,
        sum_without_an_axis,
        sum_over_the_training_images,
        returns_inside_the_loop,
        norm_of_the_whole_matrix,
    ),
    rule_breakers=(*breakers.TWO_LOOPS, *breakers.HIDDEN_LOOPS, *breakers.READY_MADE),
    covers=("B3",),
)
