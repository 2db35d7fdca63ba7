"""Which code of the grader's own is in the student's process, where student code can change it."""

from __future__ import annotations

from autograder.sandbox.protocol.plan import Cell, Limits

LIST_MODULES = "import sys\nprint(*(name for name in sys.modules if name.startswith('autograder')))"
TRUSTED_NO_FURTHER = {"inside", "nursery", "protocol", "walls"}


def test_a_room_holds_no_code_of_the_graders_side(zygote):
    (cell,) = zygote.run([Cell("list", LIST_MODULES)], Limits(cell_seconds=5.0)).results
    parts = [name.split(".") for name in cell.outputs[0]["text"].split()]
    assert {name[1] for name in parts if len(name) > 1} == {"core", "sandbox"}
    in_sandbox = {name[2] for name in parts if name[1:2] == ["sandbox"] and len(name) > 2}
    assert in_sandbox == TRUSTED_NO_FURTHER
