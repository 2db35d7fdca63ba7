"""Public examples of the exercises: what `check` calls a student's function with.

One module a notebook. Expected values are not stored: the function of the same name in `convkit`
computes them. To add a function, add a line with its parameters and a few calls; for an answer
found by hand, add its shape. The inputs of the hidden cases stand nowhere in this package.
"""

from __future__ import annotations

import difflib

from convkit.check.examples import (
    ClassExamples,
    FunctionExamples,
    PredictionExamples,
    ValueExample,
)
from convkit.check.table import (
    batch_norm,
    blobs,
    convolution,
    distances,
    gradients,
    graphs,
    matrix_form,
    nonlinearity,
    pooling,
    shapes,
)

_NOTEBOOKS = (
    shapes,
    convolution,
    blobs,
    matrix_form,
    pooling,
    gradients,
    batch_norm,
    distances,
    graphs,
    nonlinearity,
)
Examples = FunctionExamples | ClassExamples | PredictionExamples | ValueExample

EXAMPLES: dict[str, Examples] = {
    examples.name: examples for notebook in _NOTEBOOKS for examples in notebook.EXAMPLES
}


def find(name: str) -> Examples:
    """The examples of an exercise.

    Parameters
    ----------
    name : str
        Name of the exercise.

    Returns
    -------
    FunctionExamples, ClassExamples, PredictionExamples or ValueExample
        What is public about it.

    Raises
    ------
    ValueError
        If no exercise has this name; the message lists those that exist.
    """
    if name in EXAMPLES:
        return EXAMPLES[name]
    near = difflib.get_close_matches(str(name), EXAMPLES, n=1)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(
        f"check knows no exercise called {name!r}.{guess} It knows: {', '.join(EXAMPLES)}."
    )
