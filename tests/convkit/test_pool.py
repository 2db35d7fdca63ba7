"""Pooling, against recorded and live torch, plain loops, finite differences and laws."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from convkit import pool
from convkit.pool._windows import blocks

RECORDS = dict(np.load(Path(__file__).parents[1] / "data" / "torch_pool.npz"))


def recorded(family: str) -> list[Any]:
    """All records of one family, as (name of the case, its values)."""
    cases: dict[str, dict[str, np.ndarray]] = {}
    for key, value in RECORDS.items():
        start, _, rest = key.partition("/")
        if start == family:
            name, _, role = rest.rpartition("/")
            cases.setdefault(name, {})[role] = value
    assert cases
    return [pytest.param(name, case, id=f"{family}-{name}") for name, case in cases.items()]


def arguments(name: str) -> list[tuple[int, int]]:
    return [tuple(pair) for pair in RECORDS[f"arguments/{name}"].tolist()]


def assert_close(found: np.ndarray, wanted: np.ndarray) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("name", "case"), recorded("max") + recorded("max_ties"))
def test_max_as_in_torch(name: str, case: dict[str, np.ndarray]) -> None:
    size, stride, padding, dilation = arguments(name)
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    np.testing.assert_array_equal(pool.max_pool2d(case["x"], size, **settings), case["y"])
    assert_close(pool.max_pool2d_backward(case["dy"], case["x"], size, **settings), case["dx"])
    if dilation == (1, 1):
        naive = pool.max_pool2d_naive(case["x"], size, stride, padding)
        np.testing.assert_array_equal(naive, case["y"])


@pytest.mark.parametrize("include", [True, False])
@pytest.mark.parametrize("name", [case.values[0] for case in recorded("avg")])
def test_avg_as_in_torch(name: str, include: bool) -> None:
    family = "avg" if include else "avg_inside"
    case = {key: RECORDS[f"{family}/{name}/{key}"] for key in ("x", "y", "dy", "dx")}
    size, stride, padding, _ = arguments(name)
    settings: dict[str, Any] = {"count_include_pad": include}
    assert_close(pool.avg_pool2d(case["x"], size, stride, padding, **settings), case["y"])
    assert_close(
        pool.avg_pool2d_backward(case["dy"], case["x"], size, stride, padding, **settings),
        case["dx"],
    )
    if include:
        assert_close(pool.avg_pool2d_naive(case["x"], size, stride, padding), case["y"])


@pytest.mark.parametrize(("name", "case"), recorded("lp"))
def test_lp_as_in_torch_on_positive_images(name: str, case: dict[str, np.ndarray]) -> None:
    name, p = name.split("/")
    size, stride, *_ = arguments(name)
    assert_close(pool.lp_pool2d(case["x"], size, float(p), stride), case["y"])
    assert_close(pool.lp_pool2d_backward(case["dy"], case["x"], size, float(p), stride), case["dx"])


@pytest.mark.parametrize("kind", ["avg", "max"])
@pytest.mark.parametrize("name", [case.values[0] for case in recorded("adaptive_avg")])
def test_adaptive_as_in_torch(name: str, kind: str) -> None:
    case = {key: RECORDS[f"adaptive_{kind}/{name}/{key}"] for key in ("x", "y", "dy", "dx")}
    forward = getattr(pool, f"adaptive_{kind}_pool2d")
    backward = getattr(pool, f"adaptive_{kind}_pool2d_backward")
    assert_close(forward(case["x"], arguments(name)[0]), case["y"])
    assert_close(backward(case["dy"], case["x"]), case["dx"])


@pytest.mark.parametrize(("name", "case"), recorded("fractional"))
def test_fractional_as_in_torch(name: str, case: dict[str, np.ndarray]) -> None:
    size, output_size = arguments(name)
    samples = case["samples"]
    found = pool.fractional_max_pool2d(case["x"], size, output_size, samples=samples)
    np.testing.assert_array_equal(found, case["y"])
    assert_close(
        pool.fractional_max_pool2d_backward(case["dy"], case["x"], size, samples=samples),
        case["dx"],
    )


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_live_torch(dtype: type) -> None:
    import torch
    import torch.nn.functional as F

    generator = np.random.default_rng()
    x = generator.normal(size=(3, 11, 8, 4)).astype(dtype)
    tensor = torch.tensor(x.transpose(0, 3, 1, 2).copy())
    samples = generator.random((3, 4, 2)).astype(dtype)
    pairs = [
        (pool.max_pool2d(x, 3, 2, 1, dilation=2), F.max_pool2d(tensor, 3, 2, 1, 2)),
        (pool.avg_pool2d(x, 3, (2, 1), 1), F.avg_pool2d(tensor, 3, (2, 1), 1)),
        (pool.lp_pool2d(x, (3, 2), 4, 2), F.lp_pool2d(tensor, 4, (3, 2), 2)),
        (pool.adaptive_avg_pool2d(x, (4, 5)), F.adaptive_avg_pool2d(tensor, (4, 5))),
        (pool.adaptive_max_pool2d(x, (4, 5)), F.adaptive_max_pool2d(tensor, (4, 5))),
        (
            pool.fractional_max_pool2d(x, 2, (7, 6), samples=samples),
            F.fractional_max_pool2d(tensor, 2, (7, 6), _random_samples=torch.tensor(samples)),
        ),
    ]
    for ours, theirs in pairs:
        wanted = theirs.permute(0, 2, 3, 1).numpy()
        tolerance = 10 * np.finfo(dtype).eps
        np.testing.assert_allclose(ours, wanted, rtol=tolerance, atol=tolerance)


SAMPLES = np.random.default_rng(5).random((2, 3, 2))
FAMILIES: dict[str, tuple[Callable[..., np.ndarray], Callable[..., np.ndarray]]] = {
    "max": (
        lambda x: pool.max_pool2d(x, (3, 2), (2, 1), 1),
        lambda dy, x: pool.max_pool2d_backward(dy, x, (3, 2), (2, 1), 1),
    ),
    "avg": (
        lambda x: pool.avg_pool2d(x, (3, 2), (2, 1), 1, count_include_pad=False),
        lambda dy, x: pool.avg_pool2d_backward(dy, x, (3, 2), (2, 1), 1, count_include_pad=False),
    ),
    "lp1": (
        lambda x: pool.lp_pool2d(x, (3, 2), 1, (2, 1)),
        lambda dy, x: pool.lp_pool2d_backward(dy, x, (3, 2), 1, (2, 1)),
    ),
    "lp3": (
        lambda x: pool.lp_pool2d(x, (3, 2), 3, (2, 1)),
        lambda dy, x: pool.lp_pool2d_backward(dy, x, (3, 2), 3, (2, 1)),
    ),
    "lp_inf": (
        lambda x: pool.lp_pool2d(x, (3, 2), np.inf, (2, 1)),
        lambda dy, x: pool.lp_pool2d_backward(dy, x, (3, 2), np.inf, (2, 1)),
    ),
    "adaptive_avg": (
        lambda x: pool.adaptive_avg_pool2d(x, (4, 3)),
        pool.adaptive_avg_pool2d_backward,
    ),
    "adaptive_max": (
        lambda x: pool.adaptive_max_pool2d(x, (4, 3)),
        pool.adaptive_max_pool2d_backward,
    ),
    "fractional": (
        lambda x: pool.fractional_max_pool2d(x, (2, 3), (5, 3), samples=SAMPLES[: len(x)]),
        lambda dy, x: pool.fractional_max_pool2d_backward(dy, x, (2, 3), samples=SAMPLES[: len(x)]),
    ),
}
in_all_families = pytest.mark.parametrize(
    ("forward", "backward"), FAMILIES.values(), ids=FAMILIES.keys()
)


@in_all_families
def test_backward_by_finite_differences(forward: Callable, backward: Callable) -> None:
    """Absolute values far from zero and from each other, so that no step meets a jump."""
    generator = np.random.default_rng(3)
    x = (generator.permutation(2 * 7 * 5 * 3).reshape(2, 7, 5, 3) - 104.3) / 100
    dy = generator.normal(size=forward(x).shape)
    numerical = np.empty_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-5
        numerical[place] = np.sum(dy * (forward(x + step) - forward(x - step))) / 2e-5
    np.testing.assert_allclose(backward(dy, x), numerical, rtol=1e-6, atol=1e-8)


@in_all_families
def test_dtypes_layouts_and_empty_batches(forward: Callable, backward: Callable) -> None:
    generator = np.random.default_rng(4)
    x = generator.integers(-5, 5, (2, 7, 5, 3))
    y = forward(x.astype(float))
    np.testing.assert_array_equal(forward(x), y)
    single = forward(x.astype(np.float32))
    assert single.dtype == backward(single, x.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single, y, rtol=1e-6)
    awkward = np.zeros((3, 5, 14, 2)).T[:, ::-2]
    awkward[...] = x
    awkward.flags.writeable = False
    np.testing.assert_array_equal(forward(awkward), y)
    np.testing.assert_array_equal(backward(y, awkward), backward(y, x))
    none = forward(x[:0])
    assert none.shape == (0, *y.shape[1:])
    assert backward(none, x[:0]).shape == (0, 7, 5, 3)


@in_all_families
def test_nan_shows_where_it_is(forward: Callable, backward: Callable) -> None:
    x = np.random.default_rng(6).normal(size=(2, 7, 5, 3))
    x[0, 3, 2, 1] = np.nan
    y, clean = forward(x), forward(np.nan_to_num(x, nan=0.0))
    assert np.isnan(y[0, :, :, 1]).any()
    rest = ~np.isnan(y)
    assert rest[1].all()
    assert rest[0, :, :, [0, 2]].all()
    np.testing.assert_array_equal(y[rest], clean[rest])
    dx = backward(np.ones_like(y), x)
    assert not np.isnan(dx[1]).any()


@in_all_families
def test_what_is_refused_everywhere(forward: Callable, backward: Callable) -> None:
    with pytest.raises(ValueError, match=r"x must have 4 dimensions.*\(7, 5\)"):
        forward(np.ones((7, 5)))
    with pytest.raises(ValueError, match="x is empty: C = 0"):
        forward(np.ones((2, 7, 5, 0)))
    with pytest.raises(TypeError, match="x must hold real numbers"):
        forward(np.ones((2, 7, 5, 3), object))
    x = np.ones((2, 7, 5, 3))
    dy = forward(x)
    with pytest.raises(ValueError, match=r"dy has shape .* pooling x of shape \(2, 7, 5, 3\)"):
        backward(dy[..., :2], x)


@pytest.mark.parametrize(
    "function", [pool.max_pool2d, pool.avg_pool2d, pool.max_pool2d_naive, pool.avg_pool2d_naive]
)
@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"size": 8}, ValueError, "kernel of 8 is larger than the padded input of 7.*height"),
        ({"size": (2, 6)}, ValueError, "kernel of 6 is larger than the padded input of 5.*width"),
        ({"size": 0}, ValueError, "size must be at least 1"),
        ({"size": 2.0}, TypeError, "size must be an integer"),
        ({"size": (2, 2, 2)}, ValueError, "size must be an integer or a pair"),
        ({"size": 2, "stride": 0}, ValueError, "stride must be at least 1"),
        ({"size": 2, "stride": -1}, ValueError, "stride must be at least 1"),
        ({"size": 2, "stride": 1.5}, TypeError, "stride must be an integer"),
        ({"size": 2, "padding": -1}, ValueError, "padding must be at least 0"),
        ({"size": 2, "padding": (0, 2)}, ValueError, "wholly outside the image"),
    ],
)
def test_windows_that_make_no_sense(
    function: Callable, given: dict, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        function(np.ones((2, 7, 5, 3)), **given)


@pytest.mark.parametrize(
    ("p", "error"), [(0.5, ValueError), (np.nan, ValueError), ("2", TypeError), (True, TypeError)]
)
def test_exponents_that_make_no_norm(p: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="p must be"):
        pool.lp_pool2d(np.ones((1, 4, 4, 1)), 2, p)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "give either output_size or output_ratio"),
        ({"output_size": 2, "output_ratio": 0.5}, "give either"),
        ({"output_size": (7, 2)}, r"7 windows of 2 pixels do not fit along the height of 7"),
        ({"output_size": (2, 5)}, r"at most 4 of them"),
        ({"output_size": 0}, "output_size must be at least 1"),
        ({"output_ratio": 1.0}, "output_ratio must be"),
        ({"output_ratio": (0.5, 0.5, 0.5)}, "output_ratio must be"),
        ({"output_ratio": 0.15}, "leaves 1 rows and 0 columns of 7 and 5"),
        ({"output_size": 2, "samples": np.zeros((3, 2, 2))}, r"samples has shape.*\(2, 3, 2\)"),
        ({"output_size": 2, "samples": np.ones((2, 3, 2))}, "samples must lie from 0"),
    ],
)
def test_fractions_that_make_no_sense(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pool.fractional_max_pool2d(np.ones((2, 7, 5, 3)), 2, **given)


def test_fractional_windows_are_drawn_for_each_image_and_channel() -> None:
    x = np.broadcast_to(np.arange(40.0)[None, None, :, None], (2, 1, 40, 2))
    y = pool.fractional_max_pool2d(x, (1, 2), (1, 28), rng=1)
    assert y.shape == (2, 1, 28, 2)
    starts = {tuple(line) for line in y[:, 0].transpose(0, 2, 1).reshape(4, 28).tolist()}
    assert len(starts) == 4
    for line in starts:
        assert set(np.diff(line)) <= {1, 2}
        assert line[-1] == 39
    again = pool.fractional_max_pool2d(x, (1, 2), (1, 28), rng=np.random.default_rng(1))
    np.testing.assert_array_equal(y, again)
    other = pool.fractional_max_pool2d(x, (1, 2), (1, 28), rng=2)
    assert (y != other).any()


@pytest.mark.parametrize("ratio", [0.75, (0.75, 0.75)])
def test_output_ratio_is_rounded_down(ratio: Any) -> None:
    y = pool.fractional_max_pool2d(np.ones((1, 9, 6, 1)), 2, output_ratio=ratio)
    assert y.shape == (1, 6, 4, 1)


def test_the_first_of_equal_pixels_takes_all() -> None:
    x = np.zeros((1, 3, 3, 1))
    for dx in (
        pool.max_pool2d_backward(np.ones((1, 2, 2, 1)), x, 2, 1),
        pool.lp_pool2d_backward(np.ones((1, 2, 2, 1)), x + 1, 2, np.inf, 1),
        pool.adaptive_max_pool2d_backward(np.ones((1, 2, 2, 1)), x),
        pool.fractional_max_pool2d_backward(
            np.ones((1, 2, 2, 1)), x, 2, samples=np.zeros((1, 1, 2))
        ),
    ):
        assert dx[0, :, :, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_minus_infinity_and_nan_get_their_gradient() -> None:
    """A window of minus infinities must not give its gradient to the padding."""
    lowest = np.full((1, 2, 2, 1), -np.inf)
    dx = pool.max_pool2d_backward(np.ones((1, 1, 1, 1)), lowest, 3, 2, 1)
    assert dx.ravel().tolist() == [1, 0, 0, 0]
    x = np.array([5, np.nan, np.nan, 7]).reshape(1, 2, 2, 1)
    for dx in (
        pool.max_pool2d_backward(np.ones((1, 1, 1, 1)), x, 2),
        pool.adaptive_max_pool2d_backward(np.ones((1, 1, 1, 1)), x),
        pool.fractional_max_pool2d_backward(
            np.ones((1, 1, 1, 1)), x, 2, samples=np.zeros((1, 1, 2))
        ),
    ):
        assert dx.ravel().tolist() == [0, 1, 0, 0]


def test_an_infinite_upstream_gradient_stays_at_the_winner() -> None:
    x = np.arange(4.0).reshape(1, 2, 2, 1)
    dx = pool.max_pool2d_backward(np.full((1, 1, 1, 1), np.inf), x, 2)
    assert dx.ravel().tolist() == [0, 0, 0, np.inf]


def test_fractional_windows_that_rounding_lets_coincide() -> None:
    """With a sample just below 1, floor(1 + u) is 2 already."""
    samples = np.full((1, 1, 2), np.nextafter(1, 0))
    x, dy = np.arange(3.0).reshape(1, 1, 3, 1), np.array([1.0, 10, 100]).reshape(1, 1, 3, 1)
    dx = pool.fractional_max_pool2d_backward(dy, x, 1, samples=samples)
    assert dx.sum() == 111


@pytest.mark.parametrize("p", [1, 2, 50, 1000])
@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_lp_neither_overflows_nor_underflows(p: float, scale: float) -> None:
    x = np.array([3, -4, 0, 1.0]).reshape(1, 2, 2, 1)
    wanted = 4 * np.sum((np.abs(x) / 4) ** p) ** (1 / p) * scale
    np.testing.assert_allclose(pool.lp_pool2d(x * scale, 2, p).item(), wanted, rtol=1e-14)
    dx = pool.lp_pool2d_backward(np.ones((1, 1, 1, 1)), x * scale, 2, p)
    assert np.isfinite(dx).all()
    np.testing.assert_array_equal(np.sign(dx).ravel()[1:3], [-1, 0])


def test_lp_of_infinity_and_of_nothing() -> None:
    assert pool.lp_pool2d(np.array([np.inf, 1, 2, 3]).reshape(1, 2, 2, 1), 2, 3).item() == np.inf
    zeros = np.zeros((1, 2, 2, 1))
    assert pool.lp_pool2d(zeros, 2, 3).item() == 0
    assert not pool.lp_pool2d_backward(np.ones((1, 1, 1, 1)), zeros, 2, 3).any()


def test_max_against_scipy() -> None:
    x = np.random.default_rng(8).normal(size=(2, 9, 7, 3))
    filtered = ndimage.maximum_filter(x, size=(1, 3, 5, 1), mode="constant", cval=-np.inf)
    np.testing.assert_array_equal(pool.max_pool2d(x, (3, 5), 1, "same"), filtered)


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """Images, windows that fit them, and padding that leaves a pixel in each window."""
    size = draw(st.tuples(st.integers(1, 6), st.integers(1, 4)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in size)
    extent = [
        draw(st.integers(max(1, k - 2 * pads), k + 6))
        for k, pads in zip(size, padding, strict=True)
    ]
    shape = (draw(st.integers(1, 3)), *extent, draw(st.integers(1, 3)))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = generator.integers(-3, 4, shape).astype(float)
    if draw(st.booleans()):
        x += generator.normal(size=shape)
    stride = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    return {"x": x, "size": size, "stride": stride, "padding": padding}


@pytest.mark.parametrize(
    ("shape", "size", "stride", "padding"),
    [
        ((1, 8), (6, 1), 1, (3, 0)),
        ((9, 1), (1, 8), 1, (0, 4)),
        ((2, 3), 3, 2, 1),
        ((1, 1), 2, 1, 1),
    ],
)
def test_images_smaller_than_their_windows(
    shape: tuple[int, int], size: Any, stride: int, padding: Any
) -> None:
    """Some pixels of a window lie in the padding, wherever the window lies."""
    x = np.random.default_rng(9).normal(size=(2, *shape, 3))
    fast, plain = pool.max_pool2d, pool.max_pool2d_naive
    np.testing.assert_array_equal(fast(x, size, stride, padding), plain(x, size, stride, padding))
    assert_close(
        pool.avg_pool2d(x, size, stride, padding), pool.avg_pool2d_naive(x, size, stride, padding)
    )


def test_many_images_are_worked_on_in_blocks() -> None:
    x = np.random.default_rng(10).normal(size=(5, 64, 56, 30)).astype(np.float32)
    assert len(list(blocks(x))) == 3
    y = pool.max_pool2d(x, 2)
    np.testing.assert_array_equal(y, x.reshape(5, 32, 2, 28, 2, 30).max(axis=(2, 4)))
    wanted = np.where(x == y.repeat(2, 1).repeat(2, 2), y.repeat(2, 1).repeat(2, 2), 0)
    np.testing.assert_array_equal(pool.max_pool2d_backward(y, x, 2), wanted)
    norms = np.sqrt((x.astype(float) ** 2).reshape(5, 32, 2, 28, 2, 30).sum(axis=(2, 4)))
    np.testing.assert_allclose(pool.lp_pool2d(x, 2, 2), norms, rtol=1e-5)
    unit = x / norms.repeat(2, 1).repeat(2, 2)
    dx = pool.lp_pool2d_backward(np.ones_like(y), x, 2, 2)
    np.testing.assert_allclose(dx, unit, rtol=1e-5, atol=1e-6)


@given(problems())
def test_fast_and_plain_forms_agree(given: dict[str, Any]) -> None:
    np.testing.assert_array_equal(pool.max_pool2d(**given), pool.max_pool2d_naive(**given))
    assert_close(pool.avg_pool2d(**given), pool.avg_pool2d_naive(**given))


@given(problems(), st.booleans())
def test_backward_of_avg_is_the_transpose(given: dict[str, Any], include: bool) -> None:
    y = pool.avg_pool2d(**given, count_include_pad=include)
    dy = np.random.default_rng(0).normal(size=y.shape)
    dx = pool.avg_pool2d_backward(dy, **given, count_include_pad=include)
    np.testing.assert_allclose(np.sum(dy * y), np.sum(dx * given["x"]), rtol=1e-9, atol=1e-9)


@given(problems())
def test_backward_of_max_hands_each_gradient_to_one_winner(given: dict[str, Any]) -> None:
    y = pool.max_pool2d(**given)
    dy = np.random.default_rng(0).normal(size=y.shape)
    dx = pool.max_pool2d_backward(dy, **given)
    np.testing.assert_allclose(dx.sum(axis=(1, 2)), dy.sum(axis=(1, 2)), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.sum(dy * y), np.sum(dx * given["x"]), rtol=1e-9, atol=1e-9)


@given(problems())
def test_lp_lies_between_sum_and_maximum(given: dict[str, Any]) -> None:
    size, stride, (vertical, horizontal) = given["size"], given["stride"], given["padding"]
    x = np.pad(given["x"], [(0, 0), (vertical, vertical), (horizontal, horizontal), (0, 0)])
    largest = pool.max_pool2d(np.abs(x), size, stride)
    assert_close(
        pool.lp_pool2d(x, size, 1, stride),
        pool.avg_pool2d(np.abs(x), size, stride) * size[0] * size[1],
    )
    np.testing.assert_array_equal(pool.lp_pool2d(x, size, np.inf, stride), largest)
    np.testing.assert_allclose(pool.lp_pool2d(x, size, 1e4, stride), largest, rtol=1e-3)
    assert (pool.lp_pool2d(x, size, 2, stride) <= pool.lp_pool2d(x, size, 1, stride) + 1e-9).all()


@given(problems())
def test_adaptive_pooling_to_the_same_size_changes_nothing(given: dict[str, Any]) -> None:
    x = given["x"]
    for kind in ("max", "avg"):
        forward = getattr(pool, f"adaptive_{kind}_pool2d")
        np.testing.assert_array_equal(forward(x, x.shape[1:3]), x)
        backward = getattr(pool, f"adaptive_{kind}_pool2d_backward")
        np.testing.assert_array_equal(backward(x, x), x)
