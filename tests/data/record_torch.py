"""Record what torch answers to convolution layers, as an oracle for the tests.

Run `python tests/data/record_torch.py` with torch installed (``pip install convkit[torch]``) to
write ``torch_conv.npz`` again. The tests compare with the file; where torch is installed they call
`values` too, and compare with a live answer on new numbers.

Images and kernels are stored in convkit's layout, channels last.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).with_name("torch_conv.npz")


def _case(x: tuple, w: tuple, bias: bool = True, **geometry: Any) -> dict[str, Any]:
    return {"x": x, "w": w, "bias": bias, "dtype": "float64", **geometry}


CONV = {
    "plain": _case((2, 5, 7, 3), (3, 2, 3, 4)),
    "no bias": _case((1, 6, 5, 2), (2, 3, 2, 3), bias=False),
    "float32": _case((2, 6, 8, 3), (3, 3, 3, 5), padding=1) | {"dtype": "float32"},
    "one pixel": _case((3, 4, 5, 2), (1, 1, 2, 6)),
    "kernel as large as the image": _case((2, 4, 6, 3), (4, 6, 3, 2)),
    "stride": _case((2, 9, 8, 2), (3, 2, 2, 3), stride=(2, 3)),
    "stride larger than the kernel": _case((2, 10, 11, 2), (2, 2, 2, 3), stride=(3, 4)),
    "padding": _case((2, 4, 6, 3), (3, 5, 3, 2), padding=(1, 2)),
    "padding larger than the kernel": _case((1, 3, 4, 1), (2, 2, 1, 2), padding=(3, 2)),
    "dilation": _case((2, 9, 10, 2), (3, 2, 2, 3), dilation=(2, 3)),
    "groups": _case((2, 6, 5, 4), (3, 2, 2, 6), groups=2),
    "depthwise": _case((2, 6, 7, 3), (3, 3, 1, 6), groups=3, padding=1),
    "all at once": _case(
        (2, 11, 9, 4), (3, 2, 2, 6), stride=(2, 1), padding=(2, 1), dilation=(2, 3), groups=2
    ),
    "same": _case((2, 6, 5, 2), (3, 5, 2, 3), padding="same"),
    "same, even kernel": _case((2, 6, 5, 2), (2, 4, 2, 3), padding="same"),
    "same, dilated": _case((2, 8, 9, 2), (2, 3, 2, 3), padding="same", dilation=(3, 2)),
    "valid": _case((2, 6, 5, 2), (3, 2, 2, 3), padding="valid", stride=2),
    **{
        f"{mode} padding": _case(
            (2, 6, 7, 2), (3, 4, 2, 3), padding=(2, 3), padding_mode=mode, stride=(2, 1)
        )
        for mode in ("zeros", "reflect", "replicate", "circular")
    },
    **{
        f"{mode} padding as wide as it can be": _case(
            (1, 4, 5, 2), (3, 3, 2, 2), padding=padding, padding_mode=mode, dilation=(1, 2)
        )
        for mode, padding in (("reflect", (3, 4)), ("replicate", (5, 6)), ("circular", (4, 5)))
    },
    **{
        f"same, {mode}": _case((2, 5, 6, 2), (2, 4, 2, 3), padding="same", padding_mode=mode)
        for mode in ("reflect", "replicate", "circular")
    },
}

TRANSPOSED = {
    "transposed": _case((2, 4, 5, 3), (3, 2, 4, 3)),
    "transposed, no bias": _case((2, 4, 5, 3), (3, 2, 4, 3), bias=False),
    "transposed, stride": _case((2, 4, 3, 3), (3, 2, 2, 3), stride=(2, 3)),
    "transposed, padding": _case((2, 4, 5, 2), (3, 4, 3, 2), stride=(2, 1), padding=(1, 2)),
    "transposed, output padding": _case(
        (2, 4, 3, 2), (3, 3, 3, 2), stride=(2, 3), padding=1, output_padding=(1, 2)
    ),
    "transposed, output padding beyond the kernel": _case(
        (1, 3, 4, 2), (2, 1, 3, 2), stride=(4, 3), output_padding=(3, 2)
    ),
    "transposed, dilation": _case(
        (2, 4, 5, 2), (3, 2, 3, 2), dilation=(2, 3), stride=(1, 2), output_padding=(1, 0)
    ),
    "transposed, groups": _case((2, 4, 5, 4), (3, 2, 3, 4), groups=2, stride=2, padding=1),
    "transposed, all at once": _case(
        (2, 4, 5, 4),
        (3, 2, 2, 4),
        stride=(3, 2),
        padding=(2, 1),
        output_padding=(1, 1),
        dilation=(2, 3),
        groups=2,
    ),
}


def arguments(case: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of a layer: the case without its arrays."""
    return {k: v for k, v in case.items() if k not in ("x", "w", "bias", "dtype")}


def draw(case: dict[str, Any], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return random arrays x, w and, if the case has a bias, b."""
    arrays = {name: rng.standard_normal(case[name]) for name in ("x", "w")}
    if case["bias"]:
        groups = case.get("groups", 1)
        channels = case["w"][2] * groups if _transposed(case) else case["w"][3]
        arrays["b"] = rng.standard_normal(channels)
    return {name: array.astype(case["dtype"]) for name, array in arrays.items()}


def _transposed(case: dict[str, Any]) -> bool:
    return case.get("transposed", False)


def values(
    case: dict[str, Any], arrays: dict[str, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return torch's output y, a random upstream gradient dy, and the gradients by autograd."""
    import torch

    # (N, H, W, C) -> (N, C, H, W); (kh, kw, C_in, C_out) -> (C_out, C_in, kh, kw)
    x = torch.tensor(np.ascontiguousarray(arrays["x"].transpose(0, 3, 1, 2)), requires_grad=True)
    w = torch.tensor(np.ascontiguousarray(arrays["w"].transpose(3, 2, 0, 1)), requires_grad=True)
    b = torch.tensor(arrays["b"], requires_grad=True) if "b" in arrays else None
    y = _layer(case, x, w, b)
    dy = torch.tensor(rng.standard_normal(y.shape).astype(case["dtype"]))
    y.backward(dy)
    answer = {
        "y": y.detach().numpy().transpose(0, 2, 3, 1),
        "dy": dy.numpy().transpose(0, 2, 3, 1),
        "dx": x.grad.numpy().transpose(0, 2, 3, 1),
        "dw": w.grad.numpy().transpose(2, 3, 1, 0),
    }
    if b is not None:
        answer["db"] = b.grad.numpy()
    return {name: np.ascontiguousarray(array) for name, array in answer.items()}


def _layer(case: dict[str, Any], x: Any, w: Any, b: Any) -> Any:
    import torch
    from torch.nn import functional

    given = arguments(case)
    given.pop("transposed", None)
    mode = given.pop("padding_mode", "zeros")
    if _transposed(case):
        return functional.conv_transpose2d(x, w, b, **given)
    if mode == "zeros":
        return functional.conv2d(x, w, b, **given)
    # torch.nn.Conv2d is the only place where torch itself pads in these modes.
    layer = torch.nn.Conv2d(
        x.shape[1], w.shape[0], tuple(w.shape[2:]), bias=b is not None, padding_mode=mode, **given
    ).to(x.dtype)
    state = {"weight": w} if b is None else {"weight": w, "bias": b}
    return torch.func.functional_call(layer, state, (x,))


def cases() -> dict[str, dict[str, Any]]:
    """Return all cases by name."""
    return CONV | {name: case | {"transposed": True} for name, case in TRANSPOSED.items()}


def main() -> None:
    """Write the file."""
    import torch

    rng = np.random.default_rng(20_240_424)
    arrays: dict[str, np.ndarray] = {"torch": np.array(torch.__version__)}
    arrays["cases"] = np.array(json.dumps(cases()))
    for name, case in cases().items():
        given = draw(case, rng)
        for key, array in (given | values(case, given, rng)).items():
            arrays[f"{name}/{key}"] = array
    np.savez_compressed(FILE, **arrays)
    sys.stdout.write(f"{len(cases())} cases of torch {torch.__version__} in {FILE.name}\n")


if __name__ == "__main__":
    main()
