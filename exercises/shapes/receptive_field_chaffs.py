"""Known mistakes in ``receptive_field``."""

from __future__ import annotations

from typing import Final

from autograder.authoring import chaff


@chaff(
    says="You stretch a layer by its own stride. The stride of a layer spreads the outputs that it "
    "gives, so it counts for the layers after it.",
    breaks={"single", "strides", "deep"},
)
def own_stride_counted(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        field += (kernel - 1) * step
    return field


@chaff(
    says="The strides play no part in your count. After stride 2, neighbours in the map are two "
    "pixels apart in the image.",
    breaks={"strides", "deep"},
)
def strides_ignored(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers)


@chaff(
    says="You add the kernels up. Windows of neighbours overlap: each layer adds one less than its "
    "kernel, times the step.",
    breaks={"unit", "strides", "deep"},
)
def kernels_added(layers):
    return sum(kernel for kernel, _ in layers)


@chaff(
    says="You multiply the kernels. Two layers of 3 see 5 pixels, not 9: their windows overlap.",
    breaks={"unit", "strides", "deep"},
)
def kernels_multiplied(layers):
    field = 1
    for kernel, _ in layers:
        field *= kernel
    return field


@chaff(
    says="You read the stack from the wrong end. The first layer of the list is next to the input.",
    breaks={"strides", "deep"},
)
def wrong_end_first(layers):
    field, step = 1, 1
    for kernel, stride in reversed(layers):
        field += (kernel - 1) * step
        step *= stride
    return field


@chaff(
    says="You add strides up. Stride 2 on top of stride 3 makes a step of 6 pixels, not 5.",
    breaks={"unit", "strides", "deep"},
)
def strides_added(layers):
    field, step = 1, 1
    for i, (kernel, stride) in enumerate(layers):
        field += (kernel - 1) * step
        step = stride if i == 0 else step + stride
    return field


@chaff(
    says="You use the stride of the layer before and no other. All strides below a layer count, "
    "multiplied.",
    breaks={"strides", "deep"},
)
def only_the_stride_before(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step = stride
    return field


@chaff(
    says="You are one short. Begin with the one pixel that no layer at all would see.",
    breaks={"single", "unit", "strides", "deep"},
)
def begins_at_zero(layers):
    field, step = 0, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field


@chaff(
    says="You add the whole kernel of each layer. Neighbouring windows share a pixel: each layer "
    "adds one less than its kernel, times the step.",
    breaks={"single", "unit", "strides", "deep"},
)
def whole_kernels_added(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += kernel * step
        step *= stride
    return field


@chaff(
    says="Only the last layer counts in your answer: what the layers before it see is lost.",
    breaks={"unit", "strides", "deep"},
)
def last_layer_only(layers):
    field = 1
    for kernel, _stride in layers:
        field = kernel
    return field


CHAFFS: Final = (
    own_stride_counted,
    strides_ignored,
    kernels_added,
    kernels_multiplied,
    wrong_end_first,
    strides_added,
    only_the_stride_before,
    begins_at_zero,
    whole_kernels_added,
    last_layer_only,
)
