"""What was measured and what was asked for, as a table or as JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from statistics import median

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
    spread : dict of str to (float, float)
        The least and the largest of each ratio over several runs; empty for one run.
    """

    operation: str
    size: str
    milliseconds: float
    peak_megabytes: float
    rivals: dict[str, float]
    notes: tuple[str, ...] = ()
    spread: dict[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, rival: str) -> str:
        """Return the ratio of a rival, with its spread where there were several runs."""
        ratio = f"{self.rivals[rival]:.2f}"
        if rival not in self.spread:
            return ratio
        least, most = self.spread[rival]
        return f"{ratio} ({least:.2f} to {most:.2f})"


@dataclass(frozen=True)
class Requirement:
    """A number that was asked for, and the number that was measured."""

    text: str
    measured: float
    limit: float
    at_most: bool = False

    @property
    def bound(self) -> str:
        """The limit, and on which side of it is right."""
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}"

    @property
    def met(self) -> bool:
        """Whether the measured number is on the right side of the limit."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


@dataclass
class Report:
    """All rows and requirements of one run."""

    keeps_memory: bool = False
    runs: int = 1
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
                "runs": self.runs,
                "keeps_memory": self.keeps_memory,
                "rows": [dataclasses.asdict(row) for row in self.rows],
                "requirements": [
                    dataclasses.asdict(requirement) | {"met": requirement.met}
                    for requirement in self.requirements
                ],
                "met": self.met,
            },
            indent=2,
        )

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Read what `as_json` has written."""
        data = json.loads(text)
        for requirement in data["requirements"]:
            del requirement["met"]
        return cls(
            data["keeps_memory"],
            data["runs"],
            [Row(**row | {"notes": tuple(row["notes"])}) for row in data["rows"]],
            [Requirement(**requirement) for requirement in data["requirements"]],
        )

    def as_markdown(self) -> str:
        """Return everything as a page."""
        circumstances = ", ".join(
            f"{name} {value}" for name, value in self._circumstances().items()
        )
        lines = [
            "# Benchmarks of convkit",
            "",
            f"`make bench-ops` writes this page. {circumstances}.",
            "",
            f"Each figure is the median over {self.runs} runs, each in a process of its own; in"
            " brackets the least and the largest. In a run all contenders take turns, and a ratio"
            " is the median over the rounds.",
            "",
            "## Time of each rival, in times of convkit",
            "",
            "Above 1, convkit is faster. `matmul` is the bare product of windows and kernels, the"
            " floor of every im2col.",
            "",
            "| operation | input | ms | peak MB | rivals |",
            "|---|---|--:|--:|---|",
        ]
        for row in self.rows:
            rivals = ", ".join(f"{name} {row.of(name)}" for name in row.rivals)
            lines.append(
                f"| `{row.operation}` | {row.size} | {row.milliseconds:.2f}"
                f" | {row.peak_megabytes:.1f} | {rivals} |"
            )
        notes = [
            f"- `{row.operation}` {row.size}: {note}" for row in self.rows for note in row.notes
        ]
        lines += [
            "",
            *notes,
            "",
            "## Requirements",
            "",
            "| | measured | limit | |",
            "|---|--:|--:|---|",
        ]
        for each in self.requirements:
            met = "met" if each.met else "**missed**"
            lines.append(f"| {each.text} | {each.measured:.2f} | {each.bound} | {met} |")
        return "\n".join(lines) + "\n"

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
                "  ".join(f"{name} {row.of(name)}" for name in row.rivals),
            )
        return table

    def _asked_for(self) -> Table:
        table = Table(title="Requirements", title_justify="left")
        for heading in ("requirement", "measured", "limit", ""):
            table.add_column(heading)
        for requirement in self.requirements:
            table.add_row(
                requirement.text,
                f"{requirement.measured:.2f}",
                requirement.bound,
                "[green]met[/green]" if requirement.met else "[bold red]missed[/bold red]",
            )
        return table


def medians(reports: Sequence[Report]) -> Report:
    """Return the medians of several runs of the same measurements, with their spread."""
    rows = []
    for same in zip(*(report.rows for report in reports), strict=True):
        common = [name for name in same[0].rivals if all(name in row.rivals for row in same)]
        ratios = {name: [row.rivals[name] for row in same] for name in common}
        rows.append(
            dataclasses.replace(
                same[0],
                milliseconds=median(row.milliseconds for row in same),
                peak_megabytes=median(row.peak_megabytes for row in same),
                rivals={name: median(all_of_them) for name, all_of_them in ratios.items()},
                spread={name: (min(found), max(found)) for name, found in ratios.items()},
            )
        )
    requirements = [
        dataclasses.replace(same[0], measured=median(each.measured for each in same))
        for same in zip(*(report.requirements for report in reports), strict=True)
    ]
    return Report(reports[0].keeps_memory, len(reports), rows, requirements)


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
