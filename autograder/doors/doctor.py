"""``autograder doctor``: what the locked room holds on this machine."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from autograder.core.walls import Sandbox
from autograder.doors import console as show
from autograder.doors.exits import ExitCode
from autograder.sandbox.examination.examine import examine


def try_guarantees(sandbox: Sandbox, *, as_json: bool) -> None:
    """Try each guarantee behind some walls, and say what held."""
    guarantees = examine(str(sandbox))
    if as_json:
        print(json.dumps([asdict(guarantee) for guarantee in guarantees], indent=2))
    else:
        show.guarantees(guarantees)
    if not all(guarantee.held for guarantee in guarantees):
        raise typer.Exit(ExitCode.FAULT)
