"""Sizes and counts, against torch's published models, brute force and hand-made ledgers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convkit
from convkit import Conv, Linear, Pool

small = st.integers(1, 6)


@given(n=st.integers(1, 30), k=small, s=small, p=st.integers(0, 5), d=st.integers(1, 4))
def test_output_size_counts_the_places_of_a_window(n, k, s, p, d):
    starts = [r for r in range(0, n + 2 * p, s) if r + d * (k - 1) < n + 2 * p]
    if not starts:
        with pytest.raises(ValueError, match="larger than the padded input"):
            convkit.conv_output_size(n, k, s, p, d)
        return
    assert convkit.conv_output_size(n, k, s, p, d) == len(starts)
    fits = starts[-1] + d * (k - 1) == n + 2 * p - 1
    if fits:
        assert convkit.conv_output_size(n, k, s, p, d, exact=True) == len(starts)
    else:
        with pytest.raises(ValueError, match=f"stride {s} does not fit"):
            convkit.conv_output_size(n, k, s, p, d, exact=True)


@given(n=st.integers(1, 30), k=small, d=small)
def test_same_padding_keeps_the_size(n, k, d):
    assert convkit.conv_output_size(n, k, padding="same", dilation=d) == n


def test_output_shape_takes_pairs():
    shape = convkit.conv_output_shape((20, 31, 3), (3, 5), 7, (2, 3), (1, 0), (2, 1))
    assert shape == (
        convkit.conv_output_size(20, 3, 2, 1, 2),
        convkit.conv_output_size(31, 5, 3, 0, 1),
        7,
    )


def test_exact_names_the_axis():
    with pytest.raises(ValueError, match="stride 2 does not fit along the width"):
        convkit.conv_output_shape((5, 6, 3), 3, 4, stride=2, exact=True)


@pytest.mark.parametrize(("groups", "bias"), [(1, True), (1, False), (2, True), (4, False)])
def test_parameters_count_the_entries_of_the_arrays(groups, bias):
    w, b = np.empty((3, 5, 8 // groups, 12)), np.empty(12)
    assert convkit.conv_parameters((3, 5), 8, 12, bias, groups=groups) == w.size + bias * b.size
    assert convkit.linear_parameters(6, 4, bias) == 6 * 4 + bias * 4


def test_multiplications_count_the_products_of_the_matrix_form():
    x, w = np.empty((1, 9, 8, 4)), np.empty((3, 2, 4, 6))
    columns = convkit.im2col(x, (3, 2), stride=(2, 1), padding=1)
    products = columns.shape[0] * columns.shape[1] * w.shape[3]
    given = {"stride": (2, 1), "padding": 1}
    assert convkit.conv_multiplications((9, 8, 4), (3, 2), 6, **given) == products
    assert convkit.conv_multiplications((9, 8, 4), (3, 2), 6, **given, groups=2) == products // 2


def test_convolution_saves_the_ratio_of_kernel_to_image():
    conv = convkit.conv_multiplications((12, 10, 3), (3, 4), 5)
    height, width, maps = convkit.conv_output_shape((12, 10, 3), (3, 4), 5)
    full = convkit.linear_multiplications(12 * 10 * 3, height * width * maps)
    assert conv * 12 * 10 == full * 3 * 4


@given(st.lists(st.tuples(small, st.integers(1, 3), st.integers(1, 2)), max_size=4))
def test_receptive_field_is_what_one_output_depends_on(layers):
    seen = {0}
    for kernel, stride, dilation in reversed(layers):
        seen = {r * stride + dilation * i for r in seen for i in range(kernel)}
    assert convkit.receptive_field(layers) == max(seen) + 1


@pytest.mark.parametrize(
    ("columns", "size", "parameters"), [(2, 227, 60_965_224), (1, 224, 61_100_840)]
)
def test_alexnet_has_the_published_number_of_parameters(columns, size, parameters):
    ledger = convkit.ledger((size, size, 3), convkit.alexnet_layers(columns))
    assert ledger.parameters == parameters
    assert [row.shape[0] for row in ledger.rows] == [
        size, 55, 27, 27, 13, 13, 13, 13, 6, 4096, 4096, 1000,
    ]  # fmt: skip


def test_ledger_of_a_small_network():
    layers = [
        Conv("conv", 6, (3, 5), stride=(1, 2), padding="valid", dilation=(2, 1)),
        Pool("pool", 2, (2, 1)),
        Conv("grouped", 4, 1, groups=2),
        Linear("out", 10),
    ]
    ledger = convkit.ledger((12, 15, 2), layers)
    assert [(row.shape, row.parameters, row.receptive_field) for row in ledger.rows] == [
        ((12, 15, 2), 0, (1, 1)),
        ((8, 6, 6), 6 * (15 * 2 + 1), (5, 5)),
        ((4, 5, 6), 0, (6, 7)),
        ((4, 5, 4), 4 * (3 + 1), (6, 7)),
        ((10,), 10 * (4 * 5 * 4 + 1), (12, 15)),
    ]
    assert ledger.multiplications == 8 * 6 * 6 * 15 * 2 + 4 * 5 * 4 * 3 + 80 * 10
    assert "total" in str(ledger)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: convkit.conv_output_size(5, 7), ValueError, "5 .* - 7 .window. = -2"),
        (lambda: convkit.conv_output_size(5, 3, 0), ValueError, "stride must be at least 1"),
        (lambda: convkit.conv_output_size(5, 3.0), TypeError, "kernel must be an integer"),
        (lambda: convkit.conv_output_size(0, 1), ValueError, "n must be at least 1"),
        (lambda: convkit.conv_output_size(5, 3, padding=(1, 1)), TypeError, "padding"),
        (lambda: convkit.conv_output_size(5, 3, 2, "same"), ValueError, "stride 1 only"),
        (lambda: convkit.conv_output_shape((5, 5), 3, 1), ValueError, "height, width, channels"),
        (lambda: convkit.conv_output_shape(5, 3, 1), TypeError, "height, width, channels"),
        (lambda: convkit.conv_parameters(3, 4, 6, groups=4), ValueError, "groups=4 must divide"),
        (lambda: convkit.receptive_field([(3,)]), ValueError, r"layers\[0\] must be"),
        (lambda: convkit.receptive_field([3]), TypeError, r"layers\[0\] must be"),
        (lambda: convkit.receptive_field([(3, 0)]), ValueError, r"layers\[0\]: stride"),
        (
            lambda: convkit.ledger((5, 5, 1), [Conv("a", 1, 3), Conv("b", 1, 4)]),
            ValueError,
            r"layer 'b' after \(3, 3, 1\): a kernel of 4 is larger",
        ),
        (
            lambda: convkit.ledger((5, 5, 1), [Linear("a", 1), Pool("b", 2, 2)]),
            ValueError,
            "layer 'b' .* flattened",
        ),
        (lambda: convkit.ledger((5, 5, 1), ["conv"]), TypeError, "a layer is a Conv"),
        (lambda: convkit.alexnet_layers(3), ValueError, "columns must be 1 or 2"),
    ],
)
def test_bad_sizes_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
