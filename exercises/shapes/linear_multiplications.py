"""``linear_multiplications(in_features, out_features)``: on one input.

Every output is a weighted sum of all inputs. Additions and biases do not count.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, wheat

from .draw import between
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (RubricLine("features", 1, "more inputs than outputs, and fewer"),)

WRONG = {"features"}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs: one layer that narrows, one that widens."""
    narrow, wide = between(rng, 5, 90), between(rng, 100, 900)
    yield Case("features", (wide, narrow))
    yield Case("features", (narrow, wide))


EXAMPLES = (call(12, 5), call(3, 7))


@wheat
def plain_product(in_features, out_features):
    return in_features * out_features


@wheat
def size_of_the_weight_matrix(in_features, out_features):
    return np.ones((out_features, in_features)).size


@wheat
def output_by_output(in_features, out_features):
    return sum(in_features for _ in range(out_features))


@chaff(
    says="You count the biases too. A bias is added, not multiplied.",
    breaks=WRONG,
)
def biases_counted(in_features, out_features):
    return in_features * out_features + out_features


@chaff(
    says="You count a bias for each input. Biases are added and belong to the outputs; here they "
    "do not count.",
    breaks=WRONG,
)
def biases_of_the_inputs_counted(in_features, out_features):
    return in_features * out_features + in_features


@chaff(
    says="You count the additions too. Only multiplications are asked for.",
    breaks=WRONG,
)
def additions_counted(in_features, out_features):
    return 2 * in_features * out_features


@chaff(
    says="You add the two numbers. Each of the outputs has a weight for each of the inputs.",
    breaks=WRONG,
)
def inputs_plus_outputs(in_features, out_features):
    return in_features + out_features


@chaff(
    says="You count the work of one output. Every output has weights of its own.",
    breaks=WRONG,
)
def one_output(in_features, out_features):
    return in_features


EXERCISE = Exercise(
    name="linear_multiplications",
    oracle=convkit.linear_multiplications,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(plain_product, size_of_the_weight_matrix, output_by_output),
    misconceptions=(
        biases_counted,
        biases_of_the_inputs_counted,
        additions_counted,
        inputs_plus_outputs,
        one_output,
    ),
    covers=("A2",),
)
