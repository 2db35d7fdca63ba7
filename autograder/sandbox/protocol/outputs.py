"""Outputs of a cell, as they come from the room: checked, cleaned and cut."""

from __future__ import annotations

from typing import Any

from autograder.sandbox.protocol.displays import (
    KINDS,
    DisplayError,
    check_data,
    check_sizes,
    clean_text,
    size_of_data,
)

Output = dict[str, Any]

_OVERHEAD = 64
_MOST_OUTPUTS = 1000
_MOST_LINES = 1000
_LONGEST_NAME = 200
_MOST_EXECUTIONS = 10**6


class OutputError(ValueError):
    """What came from the room is no output of a cell."""


def check_outputs(raw: object, *, budget: int) -> tuple[list[Output], int, bool]:
    """Rebuild a cell's outputs from what the room says they are.

    Parameters
    ----------
    raw : object
        Parsed JSON.
    budget : int
        How many bytes are taken.

    Returns
    -------
    outputs : list of dict
        In nbformat's form (version 4): ``stream``, ``display_data``, ``execute_result`` and
        ``error``. Of displays the `KINDS` of data are kept, and the sizes of pictures. They are
        as the student made them: make them harmless before they are shown.
    used : int
        Bytes taken.
    cut : bool
        Whether something was left out because the budget did not suffice.

    Raises
    ------
    OutputError
        If `raw` has another form.
    """
    if type(raw) is not list:
        raise OutputError("outputs are a list")
    outputs: list[Output] = []
    used = 0
    for item in raw:
        output = _check(item)
        size = size_of_output(output)
        if used + size > budget or len(outputs) >= _MOST_OUTPUTS:
            return outputs, used, True
        used += size
        outputs.append(output)
    return outputs, used, False


def size_of_output(output: Output) -> int:
    """Bytes that a checked output takes."""
    data = output.get("data", {})
    rest = [value for key, value in output.items() if key != "data"]
    return _OVERHEAD + size_of_data(data) + sum(map(_size, rest))


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8"))
    if isinstance(value, list):
        return sum(map(_size, value)) + len(value)
    return 0


def _check(item: object) -> Output:
    if type(item) is not dict:
        raise OutputError("an output is a dict")
    kind = item.get("output_type")
    if kind == "stream":
        if item.get("name") not in ("stdout", "stderr"):
            raise OutputError("no such stream")
        return {"output_type": kind, "name": item["name"], "text": _text(item.get("text"))}
    if kind == "error":
        lines = item.get("traceback")
        if type(lines) is not list or len(lines) > _MOST_LINES:
            raise OutputError("a traceback is a list of lines")
        return {
            "output_type": kind,
            "ename": clean_name(item.get("ename")),
            "evalue": _text(item.get("evalue")),
            "traceback": [_text(line) for line in lines],
        }
    if kind in ("display_data", "execute_result"):
        data = _data(item.get("data"))
        sizes = check_sizes(data, item.get("metadata"))
        output: Output = {"output_type": kind, "data": data, "metadata": sizes}
        if kind == "execute_result":
            output["execution_count"] = _count(item.get("execution_count"))
        return output
    raise OutputError("no such type of output")


def _data(data: object) -> dict[str, Any]:
    if type(data) is not dict:
        raise OutputError("data is a dict")
    try:
        return {kind: check_data(kind, data[kind]) for kind in KINDS if kind in data}
    except DisplayError as error:
        raise OutputError(str(error)) from None


def _count(count: object) -> int | None:
    if count is None:
        return None
    if type(count) is not int or not 0 <= count <= _MOST_EXECUTIONS:
        raise OutputError("an execution count is a small number")
    return count


def clean_name(name: object) -> str:
    """A short text that can be encoded.

    Raises
    ------
    OutputError
        If it is no text.
    """
    return _text(name)[:_LONGEST_NAME]


def _text(text: object) -> str:
    try:
        return clean_text(text)
    except DisplayError as error:
        raise OutputError(str(error)) from None
