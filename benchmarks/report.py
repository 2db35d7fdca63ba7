"""What was measured and what was asked for, as a table or as JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import scipy
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One operation on one input.

    Parameters
    ----------
    operation, size : str
        What was measured.
    milliseconds : float
        Median time of convkit.
    peak_megabytes : float
        Memory beyond the arguments.
    rivals : dict of str to float
        How many times as long as convkit each rival took: above 1 convkit is faster.
    notes : tuple of str
        Which rivals were left out, and why.
    """

    operation: str
    size: str
    milliseconds: float
    peak_megabytes: float
    rivals: dict[str, float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Requirement:
    """A number that was asked for, and the number that was measured."""

    text: str
    measured: float
    limit: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the measured number is on the right side of the limit."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


@dataclass
class Report:
    """All rows and requirements of one run."""

    keeps_memory: bool = False
    rows: list[Row] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether every requirement is met."""
        return all(requirement.met for requirement in self.requirements)

    def as_json(self) -> str:
        """Return everything as one JSON object."""
        return json.dumps(
            {
                "machine": self._circumstances(),
                "rows": [dataclasses.asdict(row) for row in self.rows],
                "requirements": [
                    dataclasses.asdict(requirement) | {"met": requirement.met}
                    for requirement in self.requirements
                ],
                "met": self.met,
            },
            indent=2,
        )

    def show(self, console: Console) -> None:
        """Print the tables."""
        console.print(", ".join(f"{name} {value}" for name, value in self._circumstances().items()))
        console.print(self._measured())
        for row in self.rows:
            for note in row.notes:
                console.print(f"[dim]{row.operation} {row.size}: {note}[/dim]")
        console.print(self._asked_for())

    def _circumstances(self) -> dict[str, str]:
        return machine() | {"freed memory": "kept" if self.keeps_memory else "given back"}

    def _measured(self) -> Table:
        table = Table(
            title="Time of each rival, in times of convkit (above 1: convkit is faster)",
            title_justify="left",
        )
        table.add_column("operation")
        table.add_column("input")
        for heading in ("ms", "peak MB", "rivals"):
            table.add_column(heading, justify="left" if heading == "rivals" else "right")
        for row in self.rows:
            table.add_row(
                row.operation,
                row.size,
                f"{row.milliseconds:.2f}",
                f"{row.peak_megabytes:.1f}",
                "  ".join(f"{name} {ratio:.2f}" for name, ratio in row.rivals.items()),
            )
        return table

    def _asked_for(self) -> Table:
        table = Table(title="Requirements", title_justify="left")
        for heading in ("requirement", "measured", "limit", ""):
            table.add_column(heading)
        for requirement in self.requirements:
            sign = "≤" if requirement.at_most else "≥"
            table.add_row(
                requirement.text,
                f"{requirement.measured:.2f}",
                f"{sign} {requirement.limit:g}",
                "[green]met[/green]" if requirement.met else "[bold red]missed[/bold red]",
            )
        return table


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def machine() -> dict[str, str]:
    """Return what the numbers depend on."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "processors": str(os.cpu_count()),
        "scipy": scipy.__version__,
        "torch": _version("torch"),
        "threads of OpenBLAS": os.environ.get("OPENBLAS_NUM_THREADS", "all"),
        "load at the end": load,
    }
