"""Known mistakes in ``conv_multiplications``."""

from __future__ import annotations

from typing import Final

from autograder.authoring import chaff


@chaff(
    says="You count pixels as places. A window makes one number of the output, so count the places "
    "where a window can stand.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def at_every_pixel_of_the_input(input_shape, kernel, filters, stride=1, padding=0):
    return input_shape[0] * input_shape[1] * input_shape[2] * kernel[0] * kernel[1] * filters


@chaff(
    says="You count pixels as places. A window makes one number of the output, so count the places "
    "where a window can stand.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def at_every_padded_pixel(input_shape, kernel, filters, stride=1, padding=0):
    height, width = input_shape[0] + 2 * padding, input_shape[1] + 2 * padding
    return height * width // stride**2 * input_shape[2] * kernel[0] * kernel[1] * filters


@chaff(
    says="Your windows have one channel. Each filter multiplies through all channels of the input.",
    breaks={"channels", "everything"},
)
def channels_forgotten(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * kernel[0] * kernel[1] * filters


@chaff(
    says="You count the work of one filter. Each filter goes over the whole image.",
    breaks={"filters", "everything"},
)
def filters_forgotten(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * kernel[0] * kernel[1] * input_shape[2]


@chaff(
    says="The stride plays no part in your count. A larger stride leaves windows out, and their "
    "work with them.",
    breaks={"stride", "everything"},
)
def stride_ignored(input_shape, kernel, filters, stride=1, padding=0):
    rows = input_shape[0] + 2 * padding - kernel[0] + 1
    columns = input_shape[1] + 2 * padding - kernel[1] + 1
    return rows * columns * kernel[0] * kernel[1] * input_shape[2] * filters


@chaff(
    says="The padding plays no part in your count. It makes room for more windows.",
    breaks={"padding", "everything"},
)
def padding_ignored(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] - kernel[0]) // stride + 1
    columns = (input_shape[1] - kernel[1]) // stride + 1
    return rows * columns * kernel[0] * kernel[1] * input_shape[2] * filters


@chaff(
    says="You leave out the products with padded zeros. The usual implementations form them, so "
    "here they count.",
    breaks={"padding", "everything"},
)
def only_pixels_of_the_image(input_shape, kernel, filters, stride=1, padding=0):
    def products(n, k):
        starts = range(-padding, n + padding - k + 1, stride)
        return sum(min(start + k, n) - max(start, 0) for start in starts)

    height, width, channels = input_shape
    return products(height, kernel[0]) * products(width, kernel[1]) * channels * filters


@chaff(
    says="This is what a fully connected layer costs: every output looks at the whole image. In a "
    "convolution it looks at one window.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def as_if_fully_connected(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * filters * input_shape[0] * input_shape[1] * input_shape[2]


@chaff(
    says="You count the biases too. A bias is added, not multiplied.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def biases_counted(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * filters * (kernel[0] * kernel[1] * input_shape[2] + 1)


@chaff(
    says="You count an addition for every product. Only multiplications are asked for.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def additions_counted(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return 2 * rows * columns * filters * kernel[0] * kernel[1] * input_shape[2]


@chaff(
    says="Where the stride does not fit you give nothing: you build on a shape, and there is none. "
    "Here such a stride is rounded down, so build on the other function.",
    breaks={"stride", "everything"},
)
def built_on_a_shape_that_may_be_none(input_shape, kernel, filters, stride=1, padding=0):
    def conv_output_shape(input_shape, kernel, filters, stride, padding):
        down = input_shape[0] + 2 * padding - kernel[0]
        across = input_shape[1] + 2 * padding - kernel[1]
        if down % stride or across % stride:
            return None
        return down // stride + 1, across // stride + 1, filters

    shape = conv_output_shape(input_shape, kernel, filters, stride, padding)
    if shape is None:
        return None
    rows, columns, maps = shape
    return rows * columns * maps * kernel[0] * kernel[1] * input_shape[2]


@chaff(
    says="This is one window's work. It is done anew at every place of the output.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def one_window_only(input_shape, kernel, filters, stride=1, padding=0):
    return kernel[0] * kernel[1] * input_shape[2] * filters


@chaff(
    says="You count the numbers of the output. Each of them takes as many products as a filter has "
    "numbers.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def numbers_of_the_output(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * filters


@chaff(
    says="You are one short along each side: a window that cannot move at all still stands in one "
    "place.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def moves_instead_of_places(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride
    return rows * columns * filters * kernel[0] * kernel[1] * input_shape[2]


@chaff(
    says="You are one short along each side: a window that cannot move at all still stands in one "
    "place.",
    breaks={"plain", "channels", "filters", "padding", "stride"},
)
def loops_end_at_the_last_place(input_shape, kernel, filters, stride=1, padding=0):
    rows = -(-(input_shape[0] + 2 * padding - kernel[0]) // stride)
    columns = -(-(input_shape[1] + 2 * padding - kernel[1]) // stride)
    return rows * columns * filters * kernel[0] * kernel[1] * input_shape[2]


@chaff(
    says="You round the number of places up. A window that sticks out of the image is left out.",
    breaks={"stride", "everything"},
)
def rounded_up(input_shape, kernel, filters, stride=1, padding=0):
    rows = -(-(input_shape[0] + 2 * padding - kernel[0]) // stride) + 1
    columns = -(-(input_shape[1] + 2 * padding - kernel[1]) // stride) + 1
    return rows * columns * filters * kernel[0] * kernel[1] * input_shape[2]


CHAFFS: Final = (
    at_every_pixel_of_the_input,
    at_every_padded_pixel,
    channels_forgotten,
    filters_forgotten,
    stride_ignored,
    padding_ignored,
    only_pixels_of_the_image,
    as_if_fully_connected,
    biases_counted,
    additions_counted,
    built_on_a_shape_that_may_be_none,
    one_window_only,
    numbers_of_the_output,
    moves_instead_of_places,
    loops_end_at_the_last_place,
    rounded_up,
)
