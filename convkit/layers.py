"""A ledger of a network: what each layer gives out, what it costs, how far it sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal, SupportsIndex, TypeAlias

from convkit._arguments import ImageShape, IntOrPair, Padding, Pair, as_image_shape, as_pair
from convkit.shapes import (
    conv_multiplications,
    conv_output_shape,
    conv_parameters,
    linear_multiplications,
    linear_parameters,
    receptive_field,
)


@dataclass(frozen=True)
class Conv:
    """A convolution layer with a bias.

    Parameters
    ----------
    name : str
        What the ledger calls it.
    filters : int
        Number of filters.
    kernel, stride : int or pair of int
        Vertical and horizontal.
    padding : int, pair of int, "valid" or "same"
        Pixels added on each side.
    dilation : int or pair of int
        Pixels from one tap of the kernel to the next.
    groups : int
        Into how many independent parts the channels are split.

    Examples
    --------
    >>> from convkit import ledger
    >>> ledger((32, 32, 3), [Conv("conv", 10, 5, padding=2)]).parameters
    760
    """

    name: str
    filters: int
    kernel: IntOrPair
    stride: IntOrPair = 1
    padding: Padding = 0
    dilation: IntOrPair = 1
    groups: int = 1


@dataclass(frozen=True)
class Pool:
    """A pooling layer: channel by channel, and with nothing to train.

    Parameters
    ----------
    name : str
        What the ledger calls it.
    kernel, stride : int or pair of int
        Vertical and horizontal.
    padding : int, pair of int, "valid" or "same"
        Pixels added on each side.

    Examples
    --------
    >>> from convkit import ledger
    >>> ledger((55, 55, 96), [Pool("pool", 3, 2)]).rows[-1].shape
    (27, 27, 96)
    """

    name: str
    kernel: IntOrPair
    stride: IntOrPair
    padding: Padding = 0


@dataclass(frozen=True)
class Linear:
    """A fully connected layer with a bias; it flattens what comes in.

    Parameters
    ----------
    name : str
        What the ledger calls it.
    features : int
        Number of outputs.

    Examples
    --------
    >>> from convkit import ledger
    >>> ledger((8, 8, 1), [Linear("scores", 10)]).multiplications
    640
    """

    name: str
    features: int


Layer: TypeAlias = Conv | Pool | Linear


@dataclass(frozen=True)
class LedgerRow:
    """One line of a ledger.

    Parameters
    ----------
    name : str
        Name of the layer.
    shape : tuple of int
        Shape of its output for one image: (H, W, C), or (features,).
    parameters : int
        Trainable parameters.
    multiplications : int
        Multiplications for one image.
    receptive_field : tuple of (int, int)
        Height and width of the patch of the input that one output depends on, borders aside.

    Examples
    --------
    >>> from convkit import Conv, ledger
    >>> ledger((32, 32, 3), [Conv("conv", 4, 3)]).rows[-1]
    LedgerRow(name='conv', shape=(30, 30, 4), parameters=112, multiplications=97200,
              receptive_field=(3, 3))
    """

    name: str
    shape: tuple[int, ...]
    parameters: int
    multiplications: int
    receptive_field: tuple[int, int]


@dataclass(frozen=True)
class Ledger:
    """All lines of a ledger, with their sums; ``print`` shows a table.

    Parameters
    ----------
    rows : tuple of LedgerRow
        The lines, the input first.

    Examples
    --------
    >>> from convkit import alexnet_layers, ledger
    >>> [row.shape for row in ledger((227, 227, 3), alexnet_layers()).rows[:2]]
    [(227, 227, 3), (55, 55, 96)]
    """

    rows: tuple[LedgerRow, ...]

    @property
    def parameters(self) -> int:
        """Trainable parameters of the whole network."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiplications(self) -> int:
        """Multiplications of the whole network for one image."""
        return sum(row.multiplications for row in self.rows)

    def __str__(self) -> str:
        head = ("layer", "output", "parameters", "multiplications", "sees")
        lines = [
            (
                row.name,
                " × ".join(map(str, row.shape)),
                f"{row.parameters:,}",
                f"{row.multiplications:,}",
                "{} × {}".format(*row.receptive_field),
            )
            for row in self.rows
        ]
        total = ("total", "", f"{self.parameters:,}", f"{self.multiplications:,}", "")
        table = [head, *lines, total]
        widths = [max(len(line[i]) for line in table) for i in range(len(head))]
        return "\n".join(
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
            for line in table
        )


def ledger(input_shape: Sequence[SupportsIndex], layers: Iterable[Layer]) -> Ledger:
    """Follow one image through a network, and write down shapes and costs.

    Parameters
    ----------
    input_shape : tuple of (int, int, int)
        Height, width and channels of the image.
    layers : iterable of Conv, Pool or Linear
        From the input to the output.

    Returns
    -------
    Ledger
        One row for the input and one for each layer.

    Raises
    ------
    ValueError
        If a layer does not fit what the layer before gives; the message names the layer.
    TypeError
        If something in `layers` is no layer.

    Examples
    --------
    >>> from convkit.layers import Conv, Linear, Pool
    >>> print(ledger((28, 28, 1), [Conv("conv", 6, 5), Pool("pool", 2, 2), Linear("out", 10)]))
    layer       output  parameters  multiplications     sees
    input  28 × 28 × 1           0                0    1 × 1
    conv   24 × 24 × 6         156           86,400    5 × 5
    pool   12 × 12 × 6           0                0    6 × 6
    out             10       8,650            8,640  28 × 28
    total                    8,806           95,040
    """
    image = as_image_shape(input_shape)
    rows = [LedgerRow("input", image, 0, 0, (1, 1))]
    windows: list[_Window] = []
    for layer in layers:
        if not isinstance(layer, Conv | Pool | Linear):
            raise TypeError(f"a layer is a Conv, a Pool or a Linear, not {layer!r}")
        try:
            shape, parameters, multiplications = _costs(layer, rows[-1].shape)
        except ValueError as error:
            raise ValueError(f"layer {layer.name!r} after {rows[-1].shape}: {error}") from None
        sees = image[:2]
        if not isinstance(layer, Linear):
            windows.append(_window(layer))
            sees = _sees(windows, image)
        rows.append(LedgerRow(layer.name, shape, parameters, multiplications, sees))
    return Ledger(tuple(rows))


_Window: TypeAlias = tuple[Pair, Pair, Pair]


def _window(layer: Conv | Pool) -> _Window:
    dilation = layer.dilation if isinstance(layer, Conv) else 1
    return (
        as_pair(layer.kernel, "kernel", 1),
        as_pair(layer.stride, "stride", 1),
        as_pair(dilation, "dilation", 1),
    )


def _sees(windows: Sequence[_Window], image: ImageShape) -> Pair:
    vertical, horizontal = (
        min(image[axis], receptive_field([(k[axis], s[axis], d[axis]) for k, s, d in windows]))
        for axis in (0, 1)
    )
    return vertical, horizontal


def _costs(layer: Layer, shape: tuple[int, ...]) -> tuple[tuple[int, ...], int, int]:
    """Return output shape, parameters and multiplications of one layer after `shape`."""
    if isinstance(layer, Linear):
        sizes = prod(shape), layer.features
        return (layer.features,), linear_parameters(*sizes), linear_multiplications(*sizes)
    if len(shape) != 3:
        raise ValueError("a flattened input has no height and width")
    if isinstance(layer, Pool):
        output = conv_output_shape(shape, layer.kernel, shape[2], layer.stride, layer.padding)
        return output, 0, 0
    place = (layer.kernel, layer.filters, layer.stride, layer.padding, layer.dilation)
    return (
        conv_output_shape(shape, *place),
        conv_parameters(layer.kernel, shape[2], layer.filters, groups=layer.groups),
        conv_multiplications(shape, *place, groups=layer.groups),
    )


def alexnet_layers(columns: Literal[1, 2] = 2) -> tuple[Layer, ...]:
    """Return the layers of AlexNet, ready for `ledger`.

    Parameters
    ----------
    columns : 1 or 2, default 2
        2 is the network of 2012 [1]_: conv2, conv4 and conv5 are split over two graphics cards
        (``groups=2``). It takes 227 x 227 x 3 images and has 60,965,224 parameters.
        1 is the later form on one card [2]_, with fewer filters and no groups, which torchvision
        ships. It takes 224 x 224 x 3 images with a padding of 2, and has 61,100,840 parameters.

    Returns
    -------
    tuple of Layer
        Convolutions, pools and fully connected layers.

    Raises
    ------
    ValueError
        If `columns` is neither 1 nor 2.

    Notes
    -----
    The paper of 2012 says 224 x 224, but (224 - 11) / 4 + 1 is not the 55 that it goes on with;
    227 gives 55 without padding, 224 with a padding of 2 on each side (and one column left over).

    References
    ----------
    .. [1] A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet Classification with Deep
       Convolutional Neural Networks", NeurIPS 2012, section 3.5.
    .. [2] A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks",
       arXiv:1404.5997, 2014.

    Examples
    --------
    >>> ledger((227, 227, 3), alexnet_layers()).parameters
    60965224
    >>> ledger((224, 224, 3), alexnet_layers(columns=1)).parameters
    61100840
    """
    if columns not in (1, 2):
        raise ValueError(f"columns must be 1 or 2, not {columns!r}")
    first, second, fourth = (96, 256, 384) if columns == 2 else (64, 192, 256)
    padding = 0 if columns == 2 else 2
    return (
        Conv("conv1", first, kernel=11, stride=4, padding=padding),
        Pool("pool1", kernel=3, stride=2),
        Conv("conv2", second, kernel=5, padding=2, groups=columns),
        Pool("pool2", kernel=3, stride=2),
        Conv("conv3", 384, kernel=3, padding=1),
        Conv("conv4", fourth, kernel=3, padding=1, groups=columns),
        Conv("conv5", 256, kernel=3, padding=1, groups=columns),
        Pool("pool5", kernel=3, stride=2),
        Linear("fc6", 4096),
        Linear("fc7", 4096),
        Linear("fc8", 1000),
    )
