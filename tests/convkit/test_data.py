"""The data that ship with the package."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from convkit import knn_predict, l1_distances, load_digits
from convkit.data import scatter_digits


def test_digits_are_five_of_every_six_published_ones() -> None:
    digits = load_digits()
    assert len(digits) == 1498
    assert (digits.images.shape, digits.images.dtype) == ((1498, 8, 8), np.float64)
    assert digits.labels.dtype == np.int64
    assert np.bincount(digits.labels).tolist() == [141, 150, 144, 156, 155, 153, 156, 148, 145, 150]
    dots = digits.images * 16
    assert (dots.min(), dots.max()) == (0, 16)
    assert dots[0, :2].tolist() == [[0, 0, 5, 13, 9, 1, 0, 0], [0, 0, 13, 15, 10, 15, 5, 0]]
    whole = hashlib.sha256(
        dots.astype(np.uint8).tobytes() + digits.labels.astype(np.uint8).tobytes()
    )
    assert whole.hexdigest() == "f19822e0a368ee565615ebcd5dca6a355fafa203e94a0a72c9ebad07ceb875a9"


def test_each_call_gives_new_arrays() -> None:
    first = load_digits()
    first.images[:] = 0
    first.labels[:] = 0
    assert load_digits().images.any()
    assert load_digits().labels.any()


def test_split_is_fixed_and_loses_nothing() -> None:
    digits = load_digits()
    train, test = digits.split()
    assert (len(train), len(test)) == (1198, 300)
    np.testing.assert_array_equal(test.images, digits.images[::5])
    np.testing.assert_array_equal(test.labels, digits.labels[::5])
    np.testing.assert_array_equal(train.labels[:8], digits.labels[[1, 2, 3, 4, 6, 7, 8, 9]])
    both = np.concatenate([train.images, test.images]).sum(axis=(1, 2))
    np.testing.assert_array_equal(np.sort(both), np.sort(digits.images.sum(axis=(1, 2))))
    train.images[:] = -1
    assert digits.images.min() == 0


def test_neighbours_can_read_them() -> None:
    """Images and labels belong together: a shuffle of either would give one right in ten."""
    train, test = load_digits().split()
    distances = l1_distances(test.images.reshape(300, 64), train.images.reshape(1198, 64))
    assert np.mean(knn_predict(distances, train.labels, k=3) == test.labels) > 0.95


def test_scattered_digits_are_whole_and_reach_every_place() -> None:
    digits = load_digits()
    canvases = scatter_digits(digits.images, np.random.default_rng(0), size=11)
    assert canvases.shape == (len(digits), 11, 11, 1)
    windows = np.lib.stride_tricks.sliding_window_view(canvases[..., 0], (8, 8), axis=(1, 2))
    fits = (windows == digits.images[:, None, None]).all(axis=(3, 4))
    assert fits.any(axis=(1, 2)).all()
    assert fits.any(axis=0).all()
    np.testing.assert_allclose(canvases.sum(), digits.images.sum())


def test_noise_is_added_to_every_pixel_and_nothing_else_changes() -> None:
    digits = load_digits()
    plain, noisy = (
        scatter_digits(digits.images, np.random.default_rng(0), noise=noise) for noise in (0, 0.1)
    )
    assert abs((noisy - plain).std() - 0.1) < 0.001
    assert (noisy != plain).all()


def test_a_canvas_that_is_too_small_is_named() -> None:
    with pytest.raises(ValueError, match="8 x 8 do not fit on a canvas of 7 x 7"):
        scatter_digits(load_digits().images, np.random.default_rng(0), size=7)
