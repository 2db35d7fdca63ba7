"""nbgrader's own test suite, run with this project's preprocessors: ``make test-nbgrader``.

The suite ships in nbgrader's wheel. Our preprocessors come in through a configuration directory,
as they do in a course. What differs by intent is listed, with reasons, in
``tests/data/nbgrader/differences.toml``.

    python -m tests.nbgrader_suite            with our preprocessors
    python -m tests.nbgrader_suite --stock    with nbgrader's own
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

MODULES = (
    "test_nbgrader_autograde",
    "test_nbgrader_generate_feedback",
    "test_nbgrader_validate",
    "test_nbgrader_generate_assignment",
)
DATA = Path(__file__).parent / "data" / "nbgrader"
_WALLED = "run in the locked room"


@dataclass
class Outcomes:
    """A pytest plugin that writes down how each test ended, by ``module::Class.test``."""

    outcomes: dict[str, str] = field(default_factory=dict)
    walled: set[str] = field(default_factory=set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = f"{Path(report.location[0]).stem}::{report.location[2]}"
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[name] = report.outcome
        if (_WALLED, True) in map(tuple, report.user_properties):
            self.walled.add(name)


@pytest.fixture(autouse=True)
def _note_the_locked_room(record_property, monkeypatch):
    """Note which tests had a notebook run in the locked room."""
    from autograder.foreign import WalledExecute

    preprocess = WalledExecute.preprocess

    def noted(self, *arguments, **settings):
        record_property(_WALLED, True)
        return preprocess(self, *arguments, **settings)

    monkeypatch.setattr(WalledExecute, "preprocess", noted)


def surprises(outcomes: dict[str, str], expected_to_fail: Collection[str]) -> list[str]:
    """What does not agree with the list of differences.

    >>> surprises({"a": "failed", "b": "passed"}, {"b"})
    ['a failed and is not listed', 'b is listed as failing, but: passed']
    """
    found = [
        f"{name} failed and is not listed"
        for name, outcome in sorted(outcomes.items())
        if outcome == "failed" and name not in expected_to_fail
    ]
    for name in sorted(expected_to_fail):
        outcome = outcomes.get(name, "missing")
        if outcome != "failed":
            found.append(f"{name} is listed as failing, but: {outcome}")
    return found


def main() -> int:
    """Run the suite; return 0 if it went as listed."""
    parser = argparse.ArgumentParser(description="Run nbgrader's own test suite.")
    parser.add_argument("--stock", action="store_true", help="with nbgrader's own preprocessors")
    parser.add_argument("-n", default="2", help="number of processes")
    options = parser.parse_args()
    listed = tomllib.loads((DATA / "differences.toml").read_text())
    expected = set(listed["stock"]) | (set() if options.stock else set(listed["ours"]))

    # nbgrader starts alembic from the PATH.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    result = Outcomes()
    # Jupyter writes into the directory of its configuration.
    with tempfile.TemporaryDirectory() as folder:
        if not options.stock:
            shutil.copy(DATA / "nbgrader_config.py", folder)
        os.environ["JUPYTER_CONFIG_DIR"] = folder
        # Not the settings of this project's tests.
        settings = ["-c", os.devnull, "--rootdir", folder, "-p", "no:cacheprovider"]
        tests = [f"nbgrader.tests.apps.{module}" for module in MODULES]
        workers = ["-n", options.n, "--dist", "worksteal", "-p", __spec__.name]
        shown = ["-q", "--tb=short", "--disable-warnings", "-rs"]
        code = pytest.main([*settings, *workers, *shown, "--pyargs", *tests], plugins=[result])

    counts = Counter(result.outcomes.values())
    print(f"\nnbgrader's own suite, {'stock' if options.stock else 'with our preprocessors'}:")
    print(", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())))
    print(f"{len(result.walled)} tests had a notebook run in the locked room:")
    reached = Counter(name.split("::")[0] for name in result.walled)
    print(", ".join(f"{number} of {module}" for module, number in sorted(reached.items())))
    found = surprises(result.outcomes, expected)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        found.append(f"pytest ended with {code!r}")
    if bool(result.walled) == options.stock:
        found.append("the configuration did not reach the tests")
    for line in found:
        print(f"NOT AS LISTED: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
