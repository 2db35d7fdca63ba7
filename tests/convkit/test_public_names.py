"""What `import convkit` offers, and what it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import convkit

PUBLIC = [
    "conv_output_size",
    "conv_output_shape",
    "conv_parameters",
    "conv_multiplications",
    "linear_parameters",
    "linear_multiplications",
    "receptive_field",
    "ledger",
    "alexnet_layers",
    "correlate1d",
    "convolve1d",
    "correlate1d_backward",
    "correlate2d",
    "convolve2d",
    "conv2d",
    "conv2d_naive",
    "conv2d_backward",
    "conv_transpose2d",
    "pad2d",
    "toeplitz_matrix",
    "conv_matrix2d",
    "im2col",
    "col2im",
    "max_pool2d",
    "avg_pool2d",
    "lp_pool2d",
    "adaptive_max_pool2d",
    "adaptive_avg_pool2d",
    "fractional_max_pool2d",
    "max_pool2d_backward",
    "avg_pool2d_backward",
    "lp_pool2d_backward",
    "adaptive_max_pool2d_backward",
    "adaptive_avg_pool2d_backward",
    "fractional_max_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "BatchNorm",
    "l1_two_loops",
    "l1_one_loop",
    "l1_no_loops",
    "l1_distances",
    "knn_predict",
    "gaussian_kernel",
    "impulses",
    "blobs",
    "numerical_gradient",
    "check_gradient",
    "Node",
    "load_digits",
    "check",
    "viz",
]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_resolves(name):
    assert name in convkit.__all__
    assert name in dir(convkit)
    value = getattr(convkit, name)
    assert value.__doc__
    assert getattr(convkit, name) is value


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'conv3d'"):
        _ = convkit.conv3d


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(convkit.__file__).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.asname for node in block.body for alias in node.names}
    assert seen == set(convkit.__all__)


def run(code: str) -> list[str]:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return result.stdout.split()


def test_heavy_libraries_are_loaded_when_needed():
    code = """
import sys, convkit, numpy as np
convkit.conv2d(np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1)))
convkit.toeplitz_matrix([1, 2], 3)
print(*[name for name in ("scipy", "matplotlib") if name in sys.modules])
"""
    assert run(code) == []


def test_a_bare_import_loads_no_module_of_convkit():
    code = "import sys, convkit; print(*[n for n in sys.modules if n.startswith('convkit')])"
    assert run(code) == ["convkit"]
