"""Batch normalization, against recorded torch, finite differences and its own definition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convkit import BatchNorm, batch_norm, batch_norm_backward

RECORDS = dict(np.load(Path(__file__).parents[1] / "data" / "torch_pool.npz"))
SHAPES = [(5, 4), (3, 4, 5, 2)]
in_both_layouts = pytest.mark.parametrize("shape", SHAPES, ids=["vectors", "images"])


def draw(shape: tuple[int, ...], seed: int = 0) -> tuple[np.ndarray, ...]:
    """Return x, gamma, beta and dy, with a different mean and spread in each channel."""
    generator = np.random.default_rng(seed)
    channels = shape[-1]
    mean, spread = generator.normal(0, 5, channels), generator.uniform(0.5, 3, channels)
    x = generator.normal(mean, spread, shape)
    gamma, beta = generator.normal(size=(2, channels))
    return x, gamma, beta, generator.normal(size=shape)


def recorded(name: str) -> dict[str, np.ndarray]:
    start = f"batch_norm/{name}/"
    return {key.removeprefix(start): v for key, v in RECORDS.items() if key.startswith(start)}


@pytest.mark.parametrize("name", ["vectors", "images"])
def test_training_and_evaluation_as_in_torch(name: str) -> None:
    """Two steps of training, one of evaluation."""
    case = recorded(name)
    layer = BatchNorm(len(case["gamma"]), eps=1e-3, momentum=0.3)
    layer.gamma, layer.beta = case["gamma"], case["beta"]
    for step in range(3):
        if step == 2:
            layer.eval()
        found = {"y": layer(case[f"x{step}"])}
        found |= dict(
            zip(["dx", "dgamma", "dbeta"], layer.backward(case[f"dy{step}"]), strict=True)
        )
        found |= {"running_mean": layer.running_mean, "running_var": layer.running_var}
        for key, value in found.items():
            np.testing.assert_allclose(value, case[f"{key}{step}"], rtol=1e-11, atol=1e-12)
        if step < 2:
            y = batch_norm(case[f"x{step}"], case["gamma"], case["beta"], 1e-3)
            np.testing.assert_allclose(y, case[f"y{step}"], rtol=1e-11, atol=1e-12)


@in_both_layouts
@pytest.mark.parametrize("eps", [1e-8, 0.5])
def test_gradients_by_finite_differences(shape: tuple[int, ...], eps: float) -> None:
    x, gamma, beta, dy = draw(shape)
    arrays = [x, gamma, beta]
    for position, found in enumerate(batch_norm_backward(dy, x, gamma, eps)):
        numerical = np.empty_like(arrays[position])
        for place in np.ndindex(numerical.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = [array.copy() for array in arrays]
                moved[position][place] += step
                ends.append(np.sum(dy * batch_norm(*moved, eps)))
            numerical[place] = (ends[0] - ends[1]) / 2e-5
        np.testing.assert_allclose(found, numerical, rtol=1e-6, atol=1e-7)


@given(st.sampled_from(SHAPES), st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 1.0, 1e4]))
def test_mean_is_beta_and_variance_gamma_squared(
    shape: tuple[int, ...], seed: int, scale: float
) -> None:
    x, gamma, beta, _ = draw(shape, seed)
    y = batch_norm(x * scale, gamma, beta, eps=0)
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(y.mean(axes), beta, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(y.var(axes), gamma**2, rtol=1e-9, atol=1e-9)


@given(st.sampled_from(SHAPES), st.integers(0, 2**32 - 1))
def test_gradient_knows_that_shift_and_scale_change_nothing(
    shape: tuple[int, ...], seed: int
) -> None:
    x, gamma, _, dy = draw(shape, seed)
    dx = batch_norm_backward(dy, x, gamma, eps=0)[0]
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(dx.sum(axes), 0, atol=1e-9)
    np.testing.assert_allclose((dx * x).sum(axes), 0, atol=1e-9)


def test_images_are_vectors_of_pixels() -> None:
    x, gamma, beta, dy = draw((3, 4, 5, 2))
    flat, flat_dy = x.reshape(-1, 2), dy.reshape(-1, 2)
    np.testing.assert_array_equal(
        batch_norm(x, gamma, beta).reshape(-1, 2).round(12),
        batch_norm(flat, gamma, beta).round(12),
    )
    np.testing.assert_allclose(
        batch_norm_backward(dy, x, gamma)[0].reshape(-1, 2),
        batch_norm_backward(flat_dy, flat, gamma)[0],
        rtol=1e-10,
        atol=1e-12,
    )


def test_eps_stands_under_the_root() -> None:
    x = np.array([[1e-4], [-1e-4]])
    assert batch_norm(x, [1], [0]).ravel() == pytest.approx([0.5**0.5, -(0.5**0.5)])


@in_both_layouts
def test_float32_with_a_large_mean(shape: tuple[int, ...]) -> None:
    x, gamma, beta, dy = (array.astype(np.float32) for array in draw((*shape[:-1], 3)))
    many = np.concatenate([x] * 200) + np.float32(1000)
    upstream = np.concatenate([dy] * 200) + np.float32(100)
    exact = [array.astype(np.float64) for array in (many, gamma, beta, upstream)]
    y = batch_norm(many, gamma, beta)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, batch_norm(*exact[:3]), rtol=1e-6, atol=1e-6)
    found = batch_norm_backward(upstream, many, gamma)
    for single, double in zip(found, batch_norm_backward(exact[3], *exact[:2]), strict=True):
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, double, rtol=1e-6, atol=1e-6)
    layer = BatchNorm(3)
    assert layer(many).dtype == np.float32
    assert {gradient.dtype for gradient in layer.backward(upstream)} == {np.dtype(np.float32)}
    layer.eval()
    assert layer(many).dtype == np.float32
    assert {gradient.dtype for gradient in layer.backward(upstream)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("shape", [(9, 2), (5003, 3), (700, 64), (130, 7), (65, 5000)])
@pytest.mark.parametrize("mean", [0.0, 30.0, 1e4])
def test_float32_is_as_exact_as_sums_in_float64(shape: tuple[int, int], mean: float) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(mean, rng.uniform(0.5, 3, shape[1]), shape).astype(np.float32)
    x[shape[0] // 2] = mean + 40
    dy = rng.normal(mean / 100, 1, shape).astype(np.float32)
    gamma = rng.uniform(0.5, 2, shape[1]).astype(np.float32)
    double = [array.astype(np.float64) for array in (dy, x, gamma)]
    z = (double[1] - double[1].mean(0)) / double[1].std(0)
    np.testing.assert_allclose(
        batch_norm(x, gamma, gamma, eps=0), gamma * z + gamma, rtol=5e-7, atol=1e-6
    )
    centred = double[0] - double[0].mean(0)
    shares = centred * z
    dx = double[2] / double[1].std(0) * (centred - z * shares.mean(0))
    found = batch_norm_backward(dy, x, gamma, eps=0)
    np.testing.assert_allclose(found[0], dx, rtol=1e-6, atol=2e-6)
    off = np.abs(found[1] - shares.sum(0)) / np.abs(shares).sum(0)
    assert off.max() < 3e-7
    off = np.abs(found[2] - double[0].sum(0)) / np.abs(double[0]).sum(0)
    assert off.max() < 3e-7


@pytest.mark.parametrize("scale", [1e-30, 1e-22, 1e22, 1e30])
def test_squares_beyond_float32(scale: float) -> None:
    x, gamma, beta, dy = draw((4, 5, 6, 3))
    small = (x * scale).astype(np.float32)
    y = batch_norm(small, gamma, beta, eps=0)
    np.testing.assert_allclose(y, batch_norm(x, gamma, beta, eps=0), rtol=1e-5, atol=1e-6)
    found = batch_norm_backward(dy.astype(np.float32), small, gamma, eps=0)
    expected = batch_norm_backward(dy, x, gamma, eps=0)
    np.testing.assert_allclose(found[0] * scale, expected[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-4, atol=1e-5)


def test_a_channel_that_is_everywhere_the_same_becomes_its_shift() -> None:
    x = np.tile(np.array([0.1, 7.0, -3e4], np.float32), (1000, 1))
    beta = np.array([1, 2, 3], np.float32)
    np.testing.assert_array_equal(batch_norm(x, np.ones(3), beta), np.tile(beta, (1000, 1)))


def test_integers_become_float64() -> None:
    x = np.array([[1, 2], [3, 6]], np.uint8)
    assert batch_norm(x, [1, 1], [0, 0]).dtype == BatchNorm(2)(x).dtype == np.float64


@in_both_layouts
def test_an_empty_batch_has_an_empty_answer(shape: tuple[int, ...]) -> None:
    x, gamma, beta, dy = draw(shape)
    assert batch_norm(x[:0], gamma, beta).shape == (0, *shape[1:])
    dx, dgamma, dbeta = batch_norm_backward(dy[:0], x[:0], gamma)
    assert dx.shape == (0, *shape[1:])
    assert not dgamma.any()
    assert not dbeta.any()
    layer = BatchNorm(shape[-1])
    for mode in (layer.train, layer.eval):
        mode()
        assert layer(x[:0]).shape == (0, *shape[1:])
        assert layer.backward(dy[:0])[0].shape == (0, *shape[1:])
    assert not layer.running_mean.any()


def test_evaluation_looks_at_no_other_image() -> None:
    x = draw((3, 4, 5, 2))[0]
    layer = BatchNorm(2)
    layer(x)
    layer.eval()
    before = layer.running_mean, layer.running_var
    np.testing.assert_array_equal(layer(x)[:1], layer(x[:1]))
    layer.train()
    layer.eval()
    assert (layer.running_mean, layer.running_var) == before


def test_nan_stays_in_its_channel() -> None:
    x, gamma, beta, _ = draw((3, 4, 5, 2))
    x[1, 2, 3, 0] = np.nan
    y = batch_norm(x, gamma, beta)
    assert np.isnan(y[..., 0]).all()
    assert not np.isnan(y[..., 1]).any()


@pytest.mark.parametrize("shape", [(1, 4), (1, 1, 1, 4)])
def test_one_value_for_each_feature_is_refused_in_training(shape: tuple[int, ...]) -> None:
    x, ones = np.ones(shape), np.ones(4)
    layer = BatchNorm(4)
    for call in (
        lambda: batch_norm(x, ones, ones),
        lambda: batch_norm_backward(x, x, ones),
        lambda: layer(x),
    ):
        with pytest.raises(ValueError, match="one value for each feature"):
            call()
    layer.eval()
    np.testing.assert_allclose(layer(x), x)


@pytest.mark.parametrize(
    ("x", "gamma", "beta", "eps", "error", "message"),
    [
        (np.ones(4), np.ones(4), np.ones(4), 1e-8, ValueError, r"2 dimensions \(N, D\) or 4"),
        (np.ones((2, 3, 4)), np.ones(4), np.ones(4), 1e-8, ValueError, r"shape is \(2, 3, 4\)"),
        (np.ones((2, 4)), np.ones(3), np.ones(4), 1e-8, ValueError, r"gamma has shape \(3,\)"),
        (np.ones((2, 4)), np.ones(4), np.ones((1, 4)), 1e-8, ValueError, "beta has shape"),
        (np.ones((2, 4)), np.ones(4), np.ones(4), -1.0, ValueError, "eps must not be negative"),
        (np.ones((2, 4), complex), np.ones(4), np.ones(4), 1e-8, TypeError, "real numbers"),
    ],
)
def test_what_is_refused(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    eps: float,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        batch_norm(x, gamma, beta, eps)


def test_the_layer_refuses_what_makes_no_sense() -> None:
    layer = BatchNorm(3)
    with pytest.raises(RuntimeError, match="before you call backward"):
        layer.backward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"gamma has shape \(3,\).*\(2, 4\)"):
        layer(np.ones((2, 4)))
    for mode in (layer.train, layer.eval):
        mode()
        layer([[1, 2, 3], [4, 5, 6]])
        with pytest.raises(ValueError, match=r"dy has shape \(1, 3\)"):
            layer.backward(np.ones((1, 3)))
    with pytest.raises(ValueError, match="momentum"):
        BatchNorm(3, momentum=1.5)
    with pytest.raises(TypeError, match="channels must be an integer"):
        BatchNorm(3.0)  # type: ignore[arg-type]
