"""``l1_no_loops(X_test, X_train)``: the table of L1 distances by broadcasting.

What is given and returned stands in `tables`. No line may run more often where there are more
images or features; a loop over blocks of 50 test images or more is fine.
"""

from __future__ import annotations

import numpy as np

import convkit
from autograder.authoring import Exercise, chaff, wheat

from . import breakers, tables
from .rules import FORBIDDEN, TOLERANCE, loops


@wheat
def two_new_axes(X_test, X_train):
    differences = X_test[:, np.newaxis, :].astype(float) - X_train[np.newaxis, :, :]
    return np.sum(np.abs(differences), axis=2)


@wheat
def blocks_of_test_images(X_test, X_train):
    blocks = []
    for start in range(0, len(X_test), 50):
        block = X_test[start : start + 50, None].astype(float)
        blocks.append(np.abs(block - X_train).sum(axis=-1))
    return np.concatenate(blocks)


@wheat
def repeated_and_tiled(X_test, X_train):
    shape = (len(X_test), len(X_train), X_test.shape[1])
    test = np.repeat(np.float64(X_test), shape[1], axis=0).reshape(shape)
    train = np.tile(np.float64(X_train), (shape[0], 1)).reshape(shape)
    return abs(test - train).sum(2)


@wheat
def pairs_of_indices(X_test, X_train):
    i, j = np.indices((X_test.shape[0], X_train.shape[0]))
    return np.linalg.norm(X_test[i].astype(float) - X_train[j], ord=1, axis=-1)


@wheat
def features_first(X_test, X_train):
    def columns(images):
        return np.asarray(images.T, dtype=np.float32)

    test, train = columns(X_test), columns(X_train)
    return np.abs(np.expand_dims(test, 2) - np.expand_dims(train, 1)).sum(axis=0)


@wheat
def diagonal_of_all_differences(X_test, X_train):
    every = np.subtract.outer(X_test.astype(float), X_train.astype(float))
    return np.einsum("idjd->ij", np.abs(every))


@chaff(
    says="You sum over the training images. The features must go: they are the last axis.",
    breaks=tables.EVERY_GROUP,
)
def sum_over_the_training_images(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.sum(np.abs(test[:, None] - train[None]), axis=1)


@chaff(
    says="You sum over everything, so all distances become one number. Sum over the features only.",
    breaks=tables.EVERY_GROUP,
)
def sum_without_an_axis(X_test, X_train):
    test, train = X_test.astype(float), X_train.astype(float)
    return np.sum(np.abs(test[:, None] - train[None]))


@chaff(
    says="You subtract the images row from row: the first test image meets the first training "
    "image only. New axes of length 1 let every pair meet.",
    breaks=tables.EVERY_GROUP,
)
def new_axes_forgotten(X_test, X_train):
    return np.sum(np.abs(X_test.astype(float) - X_train), axis=1)


@chaff(
    says="You reshape the training images where they must be transposed: the numbers of different "
    "images get mixed.",
    breaks=tables.EVERY_GROUP,
)
def reshaped_instead_of_transposed(X_test, X_train):
    test = X_test.astype(float)[:, :, None]
    train = X_train.astype(float).reshape(1, X_train.shape[1], X_train.shape[0])
    return np.sum(np.abs(test - train), axis=1)


EXERCISE = Exercise(
    name="l1_no_loops",
    oracle=convkit.l1_no_loops,
    cases=tables.cases,
    examples=tables.EXAMPLES,
    rubric=tables.RUBRIC,
    forbidden=FORBIDDEN,
    loops=loops(at_most=0),
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        two_new_axes,
        blocks_of_test_images,
        repeated_and_tiled,
        pairs_of_indices,
        features_first,
        diagonal_of_all_differences,
    ),
    misconceptions=(
        *tables.CHAFFS,
        sum_over_the_training_images,
        sum_without_an_axis,
        new_axes_forgotten,
        reshaped_instead_of_transposed,
    ),
    rule_breakers=(
        *breakers.ONE_LOOP,
        *breakers.TWO_LOOPS,
        *breakers.HIDDEN_LOOPS,
        *breakers.READY_MADE,
    ),
    covers=("B3",),
)
