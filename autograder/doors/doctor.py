"""``autograder doctor``: what the locked room holds on this machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.core.walls import Sandbox
from autograder.doors.exits import ExitCode
from autograder.sandbox.examination.examine import Guarantee, examine
from autograder.sandbox.walls.mechanisms import GUARANTEES


def try_guarantees(sandbox: Sandbox, *, as_json: bool) -> None:
    """Try each guarantee behind some walls, and say what held."""
    guarantees = examine(str(sandbox))
    if as_json:
        print(json.dumps([asdict(guarantee) for guarantee in guarantees], indent=2))
    else:
        _show(guarantees)
    if not all(guarantee.held for guarantee in guarantees):
        raise typer.Exit(ExitCode.FAULT)


def _show(guarantees: Sequence[Guarantee]) -> None:
    table = Table()
    for column in ("Guarantee", "Held", "Mechanism", "What was tried"):
        table.add_column(column, overflow="fold")
    for guarantee in guarantees:
        held = Text("yes", style="blue") if guarantee.held else Text("NO", style="bold red")
        meaning = f"{guarantee.name}: {GUARANTEES[guarantee.name]}"
        table.add_row(meaning, held, guarantee.mechanism, guarantee.evidence)
    Console().print(table)
