"""How large is the output, how many parameters, how many multiplications, how far can it see.

A window of `kernel` pixels slides over `n + 2 * padding` pixels in steps of `stride`. It starts
at one place, and may take as many further steps as fit: ``(n + 2p - k) // s + 1`` places [1]_.

References
----------
.. [1] V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning",
   arXiv:1603.07285, 2016, relationships 5, 6 and 15.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, SupportsIndex

from convkit._arguments import (
    ImageShape,
    IntOrPair,
    Padding,
    Pair,
    Sides,
    as_image_shape,
    as_integer,
    as_padding,
    as_pair,
)


def conv_output_size(
    n: SupportsIndex,
    kernel: SupportsIndex,
    stride: SupportsIndex = 1,
    padding: SupportsIndex | Literal["valid", "same"] = 0,
    dilation: SupportsIndex = 1,
    *,
    exact: bool = False,
) -> int:
    """Return the number of places that a sliding window takes along one axis.

    Parameters
    ----------
    n : int
        Length of the input along this axis.
    kernel : int
        Length of the window.
    stride : int, default 1
        Pixels from one place to the next.
    padding : int, "valid" or "same", default 0
        Pixels added at *each* end.
    dilation : int, default 1
        Distance between two taps of the kernel.
    exact : bool, default False
        Demand that the last window ends at the last pixel. By default the pixels that are left
        over at the end are skipped, as in torch.

    Returns
    -------
    int
        ``(n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1``.

    Raises
    ------
    ValueError
        If the window is longer than the padded input, or if `exact` and the stride does not fit.

    Examples
    --------
    >>> conv_output_size(227, kernel=11, stride=4)
    55
    >>> conv_output_size(5, kernel=2, stride=2)
    2
    >>> conv_output_size(5, kernel=2, stride=2, exact=True)
    Traceback (most recent call last):
    ValueError: stride 2 does not fit: 5 + 0 + 0 (padding) - 2 (window) = 3 is no multiple of 2
    """
    n = as_integer(n, "n", minimum=1)
    kernel = as_integer(kernel, "kernel", minimum=1)
    stride = as_integer(stride, "stride", minimum=1)
    dilation = as_integer(dilation, "dilation", minimum=1)
    if not isinstance(padding, str):
        padding = as_integer(padding, "padding", minimum=0)
    pads = as_padding(padding, (kernel, 1), (stride, stride), (dilation, 1))[0]
    return _places(n, kernel, stride, pads, dilation, exact)


def _places(
    n: int, kernel: int, stride: int, pads: Pair, dilation: int, exact: bool, along: str = ""
) -> int:
    before, after = pads
    window = dilation * (kernel - 1) + 1
    room = n + before + after - window
    sizes = f"{n} + {before} + {after} (padding) - {window} (window) = {room}"
    if room < 0:
        dilated = f", dilated by {dilation} to {window}," if dilation > 1 else ""
        raise ValueError(
            f"a kernel of {kernel}{dilated} is larger than the padded input of "
            f"{n + before + after}{along}: {sizes}"
        )
    if exact and room % stride:
        raise ValueError(f"stride {stride} does not fit{along}: {sizes} is no multiple of {stride}")
    return room // stride + 1


def output_extent(
    size: Pair,
    kernel: Pair,
    stride: Pair = (1, 1),
    sides: Sides = ((0, 0), (0, 0)),
    dilation: Pair = (1, 1),
    *,
    exact: bool = False,
) -> Pair:
    """Return output height and width for arguments that have been checked and made pairs.

    Parameters
    ----------
    size, kernel, stride, dilation : tuple of (int, int)
        Vertical and horizontal.
    sides : tuple of ((int, int), (int, int))
        Padding as ((top, bottom), (left, right)).
    exact : bool, default False
        Demand that the stride fits.

    Returns
    -------
    tuple of (int, int)
        Output height and width.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded input, or if `exact` and a stride does not fit.
    """
    height, width = (
        _places(n, k, s, pads, d, exact, along)
        for n, k, s, pads, d, along in zip(
            size,
            kernel,
            stride,
            sides,
            dilation,
            (" along the height", " along the width"),
            strict=True,
        )
    )
    return height, width


def conv_output_shape(
    input_shape: Sequence[SupportsIndex],
    kernel: IntOrPair,
    filters: SupportsIndex,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    *,
    exact: bool = False,
) -> ImageShape:
    """Return the shape of a convolution layer's feature maps.

    Parameters
    ----------
    input_shape : tuple of (int, int, int)
        Height, width and channels of one image.
    kernel : int or pair of int
        Height and width of the kernel.
    filters : int
        Number of filters. Each one gives one feature map.
    stride : int or pair of int, default 1
        Pixels from one window to the next.
    padding : int, pair of int, "valid" or "same", default 0
        Pixels added on each side.
    dilation : int or pair of int, default 1
        Distance between two taps of the kernel.
    exact : bool, default False
        Demand that the strides fit.

    Returns
    -------
    tuple of (int, int, int)
        Height, width and channels of the output. The channels of the input do not appear in it:
        every filter sums over all of them.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded image, or if `exact` and a stride does not fit.

    See Also
    --------
    conv_output_size : The same along one axis.

    Examples
    --------
    The first layer of AlexNet:

    >>> conv_output_shape((227, 227, 3), kernel=11, filters=96, stride=4)
    (55, 55, 96)
    """
    height, width, _ = as_image_shape(input_shape)
    kernel, stride = as_pair(kernel, "kernel", 1), as_pair(stride, "stride", 1)
    dilation = as_pair(dilation, "dilation", 1)
    sides = as_padding(padding, kernel, stride, dilation)
    rows, columns = output_extent((height, width), kernel, stride, sides, dilation, exact=exact)
    return rows, columns, as_integer(filters, "filters", 1)


def _channels_per_group(in_channels: int, filters: int, groups: SupportsIndex) -> int:
    groups = as_integer(groups, "groups", 1)
    if in_channels % groups or filters % groups:
        raise ValueError(
            f"groups={groups} must divide the {in_channels} input channels "
            f"and the {filters} filters"
        )
    return in_channels // groups


def conv_parameters(
    kernel: IntOrPair,
    in_channels: SupportsIndex,
    filters: SupportsIndex,
    bias: bool = True,
    *,
    groups: SupportsIndex = 1,
) -> int:
    """Return the number of trainable parameters of a convolution layer.

    Parameters
    ----------
    kernel : int or pair of int
        Height and width of the kernel.
    in_channels : int
        Channels of the input.
    filters : int
        Number of filters.
    bias : bool, default True
        Whether each filter has a bias.
    groups : int, default 1
        Into how many independent parts the channels are split.

    Returns
    -------
    int
        ``filters * (kh * kw * in_channels / groups + 1)``, without the 1 if there is no bias.

    Raises
    ------
    ValueError
        If a number is below 1, or `groups` does not divide channels and filters.

    Examples
    --------
    >>> conv_parameters(kernel=3, in_channels=3, filters=4)
    112
    >>> conv_parameters(kernel=5, in_channels=3, filters=10, bias=False)
    750
    """
    height, width = as_pair(kernel, "kernel", 1)
    in_channels, filters = (
        as_integer(in_channels, "in_channels", 1),
        as_integer(filters, "filters", 1),
    )
    depth = _channels_per_group(in_channels, filters, groups)
    return filters * (height * width * depth + bool(bias))


def conv_multiplications(
    input_shape: Sequence[SupportsIndex],
    kernel: IntOrPair,
    filters: SupportsIndex,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    *,
    groups: SupportsIndex = 1,
) -> int:
    """Return the number of multiplications of a convolution layer on one image.

    Products with padded zeros count: the usual implementations compute them.

    Parameters
    ----------
    input_shape : tuple of (int, int, int)
        Height, width and channels of one image.
    kernel : int or pair of int
        Height and width of the kernel.
    filters : int
        Number of filters.
    stride : int or pair of int, default 1
        Pixels from one window to the next.
    padding : int, pair of int, "valid" or "same", default 0
        Pixels added on each side.
    dilation : int or pair of int, default 1
        Distance between two taps of the kernel.
    groups : int, default 1
        Into how many independent parts the channels are split.

    Returns
    -------
    int
        ``filters * H_out * W_out * kh * kw * C / groups``.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded image, or `groups` does not divide the channels.

    Examples
    --------
    A fully connected layer with as many outputs needs H W / (kh kw) times as many:

    >>> conv_multiplications((32, 32, 3), kernel=5, filters=10)
    588000
    >>> linear_multiplications(32 * 32 * 3, 28 * 28 * 10)
    24084480
    """
    rows, columns, maps = conv_output_shape(input_shape, kernel, filters, stride, padding, dilation)
    depth = _channels_per_group(as_image_shape(input_shape)[2], maps, groups)
    height, width = as_pair(kernel, "kernel", 1)
    return maps * rows * columns * height * width * depth


def linear_parameters(
    in_features: SupportsIndex, out_features: SupportsIndex, bias: bool = True
) -> int:
    """Return the number of trainable parameters of a fully connected layer.

    Parameters
    ----------
    in_features, out_features : int
        Numbers of inputs and outputs.
    bias : bool, default True
        Whether each output has a bias.

    Returns
    -------
    int
        ``out_features * (in_features + 1)``, without the 1 if there is no bias.

    Examples
    --------
    >>> linear_parameters(9216, 4096)
    37752832
    """
    inputs = as_integer(in_features, "in_features", 1)
    return as_integer(out_features, "out_features", 1) * (inputs + bool(bias))


def linear_multiplications(in_features: SupportsIndex, out_features: SupportsIndex) -> int:
    """Return the number of multiplications of a fully connected layer on one input.

    Parameters
    ----------
    in_features, out_features : int
        Numbers of inputs and outputs.

    Returns
    -------
    int
        ``in_features * out_features``.

    Examples
    --------
    >>> linear_multiplications(9216, 4096)
    37748736
    """
    return as_integer(in_features, "in_features", 1) * as_integer(out_features, "out_features", 1)


def receptive_field(layers: Iterable[Sequence[SupportsIndex]]) -> int:
    """Return how many input pixels, along one axis, one output of a stack of layers depends on.

    Parameters
    ----------
    layers : iterable of (kernel, stride) or (kernel, stride, dilation)
        Convolution and pooling layers from the input to the output.

    Returns
    -------
    int
        ``1 + sum_l d_l * (k_l - 1) * s_1 * ... * s_{l-1}``; 1 for no layers at all.

    Raises
    ------
    ValueError
        If a layer has not two or three numbers, or one is below 1.

    Notes
    -----
    Each layer adds (kernel - 1) steps, and a step is as long as all strides before it make it [1]_.

    References
    ----------
    .. [1] A. Araujo, W. Norris, J. Sim, "Computing Receptive Fields of Convolutional Neural
       Networks", Distill, 2019, equation 2.

    Examples
    --------
    Two 3 x 3 layers see as far as one 5 x 5 layer:

    >>> receptive_field([(3, 1), (3, 1)])
    5
    >>> receptive_field([(11, 4), (3, 2)])
    19
    """
    field, step = 1, 1
    for i, layer in enumerate(layers):
        try:
            numbers = tuple(layer)
        except TypeError:
            raise TypeError(f"layers[{i}] must be (kernel, stride), not {layer!r}") from None
        if len(numbers) not in (2, 3):
            raise ValueError(
                f"layers[{i}] must be (kernel, stride) or (kernel, stride, dilation), not {layer!r}"
            )
        kernel = as_integer(numbers[0], f"layers[{i}]: kernel", 1)
        stride = as_integer(numbers[1], f"layers[{i}]: stride", 1)
        dilation = as_integer(numbers[2], f"layers[{i}]: dilation", 1) if len(numbers) == 3 else 1
        field += dilation * (kernel - 1) * step
        step *= stride
    return field
