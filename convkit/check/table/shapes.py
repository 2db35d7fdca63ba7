"""Public examples of the notebook ``01_shapes``."""

from __future__ import annotations

from typing import Any

from convkit.check.examples import FunctionExamples
from convkit.check.table.inputs import call


def _shape_or_none(*args: Any, **options: Any) -> tuple[int, int, int] | None:
    """The output shape of a layer; None where the stride does not fit."""
    import convkit

    try:
        return convkit.conv_output_shape(*args, **options, exact=True)
    except ValueError:
        return None


EXAMPLES = (
    FunctionExamples(
        "conv_output_size",
        "n, kernel, stride=1, padding=0",
        (
            call(9, 4),
            call(10, 3, stride=2),
            call(7, 3, padding=2),
            call(11, 5, stride=3, padding=1),
            call(6, 6),
        ),
    ),
    FunctionExamples(
        "conv_output_shape",
        "input_shape, kernel, filters, stride=1, padding=0",
        (
            call((8, 10, 3), 3, 5),
            call((9, 13, 2), 3, 4, stride=2, padding=1),
            call((8, 9, 3), 3, 4, stride=2),
        ),
        reference=_shape_or_none,
    ),
    FunctionExamples(
        "conv_parameters",
        "kernel, in_channels, filters, bias=True",
        (call(3, 2, 5), call(7, 4, 6), call(3, 2, 5, bias=False)),
    ),
    FunctionExamples(
        "conv_multiplications",
        "input_shape, kernel, filters, stride=1, padding=0",
        (call((6, 8, 1), 3, 1), call((7, 9, 3), 3, 4, stride=2, padding=1)),
    ),
    FunctionExamples(
        "linear_multiplications", "in_features, out_features", (call(12, 5), call(1, 7))
    ),
    FunctionExamples(
        "receptive_field",
        "layers",
        (call([(3, 1)]), call([(3, 2), (3, 1)]), call([(5, 2), (2, 2), (3, 1)])),
    ),
)
