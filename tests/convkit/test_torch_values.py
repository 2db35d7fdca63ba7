"""Layers against torch: recorded values always, live ones where torch is installed."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import convkit

DATA = Path(__file__).parents[1] / "data"
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}

with np.load(DATA / "torch_conv.npz") as _file:
    RECORDED = {key: _file[key] for key in _file.files}
CASES: dict[str, dict[str, Any]] = json.loads(str(RECORDED["cases"]))


@pytest.fixture(scope="module")
def recorder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_torch", DATA / "record_torch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compare(case: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Compare output and gradients of convkit with those in `arrays`."""
    given = {k: v for k, v in case.items() if k not in ("x", "w", "bias", "dtype", "transposed")}
    x, w, b, dy = (arrays.get(name) for name in ("x", "w", "b", "dy"))
    if case.get("transposed"):
        # The gradient to x of a transposed layer is the layer itself; output_padding only adds
        # rows that no window reaches.
        y = convkit.conv_transpose2d(x, w, b, **given)
        given.pop("output_padding", None)
        dx = convkit.conv2d(dy, w, **given)[:, : x.shape[1], : x.shape[2]]
        ours = {"y": y, "dx": dx}
    else:
        y = convkit.conv2d(x, w, b, **given)
        ours = dict(
            zip(("dx", "dw", "db"), convkit.conv2d_backward(dy, x, w, **given), strict=True)
        )
        ours["y"] = y
        if b is None:
            del ours["db"]
    for name, array in ours.items():
        assert array.dtype == case["dtype"], name
        assert array.shape == arrays[name].shape, name
        assert_allclose(array, arrays[name], atol=TOLERANCE[case["dtype"]], err_msg=name)


@pytest.mark.parametrize("name", CASES)
def test_recorded_values(name):
    prefix = f"{name}/"
    arrays = {k.removeprefix(prefix): v for k, v in RECORDED.items() if k.startswith(prefix)}
    compare(CASES[name], arrays)


def test_the_record_holds_the_cases_of_the_script(recorder):
    assert json.loads(json.dumps(recorder.cases())) == CASES


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("name", CASES)
def test_live_values(name, recorder, rng):
    pytest.importorskip("torch", reason="torch is not installed; its recorded values are compared")
    arrays = recorder.draw(CASES[name], rng)
    compare(CASES[name], arrays | recorder.values(CASES[name], arrays, rng))
