"""Layers as products of single taps, which only wide layers take, against the other ways."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_strategies import layers
from numpy.testing import assert_allclose

import convkit
from convkit import _taps


@contextmanager
def taps_for_all():
    """Take the taps for narrow layers and narrow images, too; count how often they are taken."""
    taken = []

    def noted(function):
        def run(*arguments):
            taken.append(function.__name__)
            return function(*arguments)

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_taps, "FEWEST", 1)
        patch.setattr(_taps, "MOST_DROPPED", 1.0)
        for name in ("correlate", "input_gradient", "kernel_gradient"):
            patch.setattr(_taps, name, noted(getattr(_taps, name)))
        yield taken


def with_stride_1(layer):
    return replace(layer, geometry=layer.geometry | {"stride": 1})


@given(layers().map(with_stride_1), st.sampled_from([np.float32, np.float64]))
def test_forward_is_the_naive_form(layer, dtype):
    x, w = (array.astype(dtype) for array in layer.draw())
    with taps_for_all() as taken:
        found = convkit.conv2d(x, w, **layer.geometry)
    assert taken == ["correlate"] * layer.geometry["groups"]
    assert found.dtype == dtype
    atol = 1e-4 if dtype == np.float32 else 1e-11
    assert_allclose(found, convkit.conv2d_naive(x, w, **layer.geometry), atol=atol)


@given(layers().map(with_stride_1), st.sampled_from([None, np.nan, np.inf]), st.data())
@settings(max_examples=150)
def test_backward_is_that_of_strips_whatever_is_in_the_arrays(layer, bad, data):
    shape = convkit.conv2d(*layer.draw(), **layer.geometry).shape
    x, w, dy = layer.draw(shape)
    if bad is not None:
        spoilt = data.draw(st.sampled_from([x, w, dy]))
        spoilt[data.draw(st.tuples(*(st.integers(0, n - 1) for n in spoilt.shape)))] = bad
    with np.errstate(invalid="ignore"):
        expected = convkit.conv2d_backward(dy, x, w, **layer.geometry)
        with taps_for_all() as taken:
            found = convkit.conv2d_backward(dy, x, w, **layer.geometry)
    assert {"input_gradient", "kernel_gradient"} == set(taken)
    for mine, theirs in zip(found, expected, strict=True):
        assert_allclose(mine, theirs, atol=1e-10)


@given(layers(modes=("zeros",)).map(with_stride_1), st.sampled_from([None, np.nan]), st.data())
def test_transposed_is_that_of_strips(layer, bad, data):
    shape = convkit.conv2d(*layer.draw(), **layer.geometry).shape
    _, w, x = layer.draw(shape)
    if bad is not None:
        spoilt = data.draw(st.sampled_from([x, w]))
        spoilt[data.draw(st.tuples(*(st.integers(0, n - 1) for n in spoilt.shape)))] = bad
    geometry = {name: layer.geometry[name] for name in ("dilation", "groups")}
    with np.errstate(invalid="ignore"):
        expected = convkit.conv_transpose2d(x, w, **geometry)
        with taps_for_all() as taken:
            found = convkit.conv_transpose2d(x, w, **geometry)
    assert set(taken) == {"input_gradient"}
    assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize(
    ("shape", "kernel", "taken"),
    [
        ((2, 20, 31, 32), (3, 2, 32, 40), True),
        ((2, 31, 20, 32), (3, 4, 32, 40), False),
        ((2, 20, 31, 31), (3, 2, 31, 40), False),
        ((2, 20, 31, 32), (3, 2, 32, 31), False),
    ],
    ids=["wide", "many dropped", "few channels", "few filters"],
)
def test_a_layer_takes_the_way_that_suits_it(shape, kernel, taken, monkeypatch, rng):
    x = rng.standard_normal(shape).astype(np.float32)
    w = rng.standard_normal(kernel).astype(np.float32)
    asked = []
    original = _taps.correlate
    monkeypatch.setattr(_taps, "correlate", lambda *some: asked.append(1) or original(*some))
    y = convkit.conv2d(x, w)
    assert bool(asked) == taken
    windows = convkit.im2col(x.astype(float), kernel[:2])
    expected = (windows @ w.reshape(-1, kernel[3]).astype(float)).reshape(y.shape)
    assert_allclose(y, expected, rtol=1e-5, atol=1e-4)
    with_stride = convkit.conv2d(x, w, stride=(2, 1))
    assert len(asked) == taken
    assert_allclose(with_stride, expected[:, ::2], rtol=1e-5, atol=1e-4)
