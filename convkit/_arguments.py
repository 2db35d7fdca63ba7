"""Checks and conversions that every public function makes of its arguments.

One place decides what counts as an integer, which arrays are taken and which dtype comes out, so
that a mistake reads the same wherever it is made.

Dtypes: booleans and integers become float64 before any arithmetic, so nothing wraps around or is
cut off. Floating arrays keep their dtype; where two meet, `numpy.result_type` decides.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, Literal, SupportsIndex, TypeAlias

import numpy as np
from numpy.typing import NDArray

IntOrPair: TypeAlias = SupportsIndex | Sequence[SupportsIndex]
Padding: TypeAlias = IntOrPair | Literal["valid", "same"]
PaddingMode: TypeAlias = Literal["zeros", "reflect", "replicate", "circular"]

FloatArray: TypeAlias = NDArray[np.floating[Any]]
"""What is computed with: float64, or the floating dtype that was given."""

IntArray: TypeAlias = NDArray[np.integer[Any]]
"""Places and counts."""

Pair: TypeAlias = tuple[int, int]
ImageShape: TypeAlias = tuple[int, int, int]
"""Height, width, channels."""

Sides: TypeAlias = tuple[Pair, Pair]
"""Padding of each side: ((top, bottom), (left, right))."""

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
MAY_BE_EMPTY = "N"
"""The only axis that may have length 0: an empty batch has an answer, an empty image has none."""


def as_integer(value: SupportsIndex, name: str, minimum: int | None = None) -> int:
    """Return `value` as an int.

    Python and numpy integers are taken. Booleans and floats, even 2.0, are not: a size that was
    computed with `/` is nearly always a mistake.

    Raises
    ------
    TypeError
        If `value` is no integer.
    ValueError
        If it is smaller than `minimum`.
    """
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be an integer, not the boolean {value}")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} must be an integer, not {value!r} of type {type(value).__name__}"
        ) from None
    if minimum is not None and number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, not {number}")
    return number


def as_pair(value: IntOrPair, name: str, minimum: int | None = None) -> Pair:
    """Return an int as (int, int), and a pair (vertical, horizontal) as a tuple of ints.

    Raises
    ------
    TypeError
        If `value` is neither an integer nor a sequence of integers.
    ValueError
        If the sequence has not two entries, or one of them is smaller than `minimum`.
    """
    if isinstance(value, str | bytes):
        raise TypeError(f"{name} must be an integer or a pair of integers, not {value!r}")
    if isinstance(value, Sequence) or (isinstance(value, np.ndarray) and value.ndim > 0):
        if len(value) != 2:
            raise ValueError(
                f"{name} must be an integer or a pair (vertical, horizontal), not {value!r}"
            )
        vertical, horizontal = value
        return (
            as_integer(vertical, f"{name}[0]", minimum),
            as_integer(horizontal, f"{name}[1]", minimum),
        )
    number = as_integer(value, name, minimum)
    return number, number


def as_image_shape(value: Sequence[SupportsIndex], name: str = "input_shape") -> ImageShape:
    """Return (height, width, channels) as a tuple of three positive ints.

    Raises
    ------
    TypeError
        If `value` is no sequence of integers.
    ValueError
        If it has not three entries, or one of them is below 1.
    """
    try:
        numbers = tuple(value)
    except TypeError:
        raise TypeError(f"{name} must be (height, width, channels), not {value!r}") from None
    if len(numbers) != 3:
        raise ValueError(f"{name} must be (height, width, channels), not {value!r}")
    height, width, channels = (as_integer(n, f"{name}[{i}]", 1) for i, n in enumerate(numbers))
    return height, width, channels


def as_padding(
    padding: Padding, kernel: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)
) -> Sides:
    """Return `padding` as ((top, bottom), (left, right)).

    "valid" is no padding. "same" keeps the size at stride 1; where the total is odd (an even
    kernel) the extra row or column goes to the end, as in torch.
    """
    if isinstance(padding, str):
        if padding == "valid":
            return (0, 0), (0, 0)
        if padding == "same":
            if stride != (1, 1):
                raise ValueError(
                    f'padding="same" is defined for stride 1 only, not for stride {stride}; '
                    "give the padding as numbers"
                )
            height, width = (d * (k - 1) for k, d in zip(kernel, dilation, strict=True))
            top, left = height // 2, width // 2
            return (top, height - top), (left, width - left)
        raise ValueError(
            f'padding must be an integer, a pair of integers, "valid" or "same", not {padding!r}'
        )
    vertical, horizontal = as_pair(padding, "padding", minimum=0)
    return (vertical, vertical), (horizontal, horizontal)


def check_padding_mode(mode: str, sides: Sides, size: Pair, name: str = "padding_mode") -> None:
    """Raise ValueError if `mode` is unknown, or if an image of `size` is too small for it.

    "reflect" mirrors without repeating the border, so it has size - 1 pixels to offer on each
    side; "circular" has size.
    """
    if not isinstance(mode, str) or mode not in PADDING_MODES:
        raise ValueError(f"{name} must be one of {', '.join(PADDING_MODES)}, not {mode!r}")
    spare = {"reflect": 1, "circular": 0}.get(mode)
    if spare is None:
        return
    for axis, pads, length in zip(("height", "width"), sides, size, strict=True):
        if max(pads) > length - spare:
            raise ValueError(
                f'{name}="{mode}" can pad a {axis} of {length} by at most {length - spare} '
                f"on each side, not by {max(pads)}"
            )


def as_float_array(value: Any, name: str, *layouts: str) -> FloatArray:
    """Return `value` as a real floating array, without a copy where it already is one.

    Parameters
    ----------
    value : array_like
        Any memory layout, read-only or not.
    name : str
        What messages call it.
    *layouts : str
        The shapes that are taken, such as ``"N H W C"``. None given: any shape. An axis called N
        may have length 0, no other.

    Returns
    -------
    ndarray
        float64 for booleans and integers, otherwise the dtype of `value` in native byte order.

    Raises
    ------
    TypeError
        For dtypes that are not real numbers: complex, object, strings, dates; for masked arrays.
    ValueError
        For another number of dimensions, an axis of length 0, or rows of different lengths.
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array; fill its gaps first, for example {name}.filled(0)"
        )
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} cannot be read as an array: {error}") from None
    array = array.astype(_float_dtype(array.dtype, name), copy=False)
    if layouts:
        _check_layout(array.shape, name, layouts)
    return array


def _float_dtype(dtype: np.dtype, name: str) -> np.dtype:
    if dtype.kind in "biu":
        return np.dtype(np.float64)
    if dtype.kind == "f":
        return dtype.newbyteorder("=")
    hint = "; treat its real and imaginary parts separately" if dtype.kind == "c" else ""
    raise TypeError(f"{name} must hold real numbers, not dtype {dtype}{hint}")


def _check_layout(shape: tuple[int, ...], name: str, layouts: Sequence[str]) -> None:
    for layout in layouts:
        axes = layout.split()
        if len(axes) == len(shape):
            break
    else:
        wanted = " or ".join(
            f"{len(layout.split())} dimensions ({', '.join(layout.split())})" for layout in layouts
        )
        raise ValueError(f"{name} must have {wanted}; its shape is {shape}")
    for axis, length in zip(axes, shape, strict=True):
        if length == 0 and axis != MAY_BE_EMPTY:
            raise ValueError(f"{name} is empty: {axis} = 0 in its shape ({named(axes, shape)})")


def named(axes: Sequence[str], shape: Sequence[int]) -> str:
    """Return a shape with the names of its axes, for messages.

    Examples
    --------
    >>> named(["H", "W"], (5, 4))
    'H=5, W=4'
    """
    return ", ".join(f"{axis}={length}" for axis, length in zip(axes, shape, strict=True))


def to_common_dtype(*arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Return floating `arrays` in the dtype that `numpy.result_type` gives for all of them."""
    dtype = np.result_type(*(array.dtype for array in arrays))
    return tuple(array.astype(dtype, copy=False) for array in arrays)


def check_shape(array: FloatArray, name: str, wanted: tuple[int, ...], reason: str) -> None:
    """Raise ValueError if `array` has not the `wanted` shape, and say whence that shape comes."""
    if array.shape != wanted:
        raise ValueError(f"{name} has shape {array.shape}, but {reason} asks for {wanted}")
