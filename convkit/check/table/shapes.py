"""Public examples of the notebook ``01_shapes``."""

from __future__ import annotations

from typing import Any

from convkit.check.examples import FunctionExamples, ValueExample
from convkit.check.table.inputs import call


def _shape_or_none(*args: Any, **options: Any) -> tuple[int, int, int] | None:
    """The output shape of a layer; None where the stride does not fit."""
    import convkit

    try:
        return convkit.conv_output_shape(*args, **options, exact=True)
    except ValueError:
        return None


def _alexnet_shapes() -> tuple[tuple[int, ...], ...]:
    """The shapes of AlexNet, the input first."""
    import convkit

    rows = convkit.ledger((227, 227, 3), convkit.alexnet_layers()).rows
    return tuple(row.shape for row in rows)


EXAMPLES = (
    FunctionExamples(
        "conv_output_size",
        "n, kernel, stride=1, padding=0",
        (
            call(9, 4),
            call(6, 6),
            call(7, 3, padding=2),
            call(10, 4, stride=2),
            call(10, 3, stride=2),
            call(11, 2, stride=5),
            call(11, 5, stride=3, padding=1),
        ),
    ),
    FunctionExamples(
        "conv_output_shape",
        "input_shape, kernel, filters, stride=1, padding=0",
        (
            call((8, 10, 3), (3, 3), 5),
            call((8, 10, 3), (3, 5), 5),
            call((9, 13, 2), (3, 5), 4, stride=2, padding=1),
            call((8, 9, 3), (3, 3), 4, stride=2),
            call((9, 8, 3), (3, 3), 4, stride=2),
            call((7, 7, 1), (3, 3), 2, stride=4, padding=1),
        ),
        reference=_shape_or_none,
    ),
    FunctionExamples(
        "conv_parameters",
        "kernel, in_channels, filters, bias=True",
        (
            call((3, 5), 1, 1),
            call((3, 5), 2, 1),
            call((3, 5), 1, 4),
            call((7, 6), 4, 6),
            call((3, 3), 2, 5, bias=False),
        ),
    ),
    FunctionExamples(
        "conv_multiplications",
        "input_shape, kernel, filters, stride=1, padding=0",
        (
            call((6, 8, 1), (3, 2), 1),
            call((6, 8, 3), (3, 2), 1),
            call((6, 8, 1), (3, 2), 5),
            call((6, 8, 1), (3, 2), 1, padding=1),
            call((6, 8, 1), (3, 3), 1, stride=2),
            call((7, 9, 3), (3, 2), 4, stride=2, padding=1),
        ),
    ),
    FunctionExamples(
        "linear_multiplications", "in_features, out_features", (call(12, 5), call(3, 7))
    ),
    FunctionExamples(
        "receptive_field",
        "layers",
        (
            call(((4, 3),)),
            call(((3, 1), (3, 1))),
            call(((3, 2), (3, 1))),
            call(((5, 2), (2, 2), (3, 1))),
            call(((5, 2), (1, 2), (3, 2), (2, 1))),
        ),
    ),
    FunctionExamples("alexnet_shapes", "", (call(),), reference=_alexnet_shapes),
    ValueExample("output_sizes", (5,)),
    ValueExample("valid_and_same", (3, 2)),
    ValueExample("kept_outputs", (3,)),
    ValueExample("stride_three", (3,)),
    ValueExample("shapes_by_hand", (5, 3)),
    ValueExample("one_by_one_pixel", (2,)),
    ValueExample("pools", (2, 4)),
    ValueExample("small_kernels", (3,)),
    ValueExample("weight_sharing", (4,)),
    ValueExample("parameter_counts", (5,)),
    ValueExample("multiplications_by_hand", (3,)),
    ValueExample("alexnet_parameters", (8,)),
    ValueExample("alexnet_multiplications", (8,)),
)
