"""What an instructor sees: how the class did, which lines are hard, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autograder.publishing.pages import render
from autograder.publishing.tally import Tally, Walls


def report_page(tallies: Sequence[Tally]) -> str:
    """The class report, as HTML."""
    walls: Counter[Walls] = Counter()
    for tally in tallies:
        walls.update(tally.walls)
    return render(
        "report.html.j2",
        tallies=tallies,
        walls=walls.most_common(),
        unwalled=sum(count for held, count in walls.items() if held.missing),
        cpu_seconds=sum(tally.cpu_seconds for tally in tallies),
        peak_bytes=max((tally.peak_bytes for tally in tallies), default=0),
        restarts=sum(tally.restarts for tally in tallies),
    )
